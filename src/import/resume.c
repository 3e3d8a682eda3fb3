/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Binds what a store keeps for a later append to its fields. */
#include "config.h"

#include "import/resume.h"

#include "store/catalog.h"
#include "store/store.h"

static const void *bind(const struct store *s, const char *name, enum array_type type,
			struct array *a)
{
	*a = (struct array){0};
	return store_array(s, name, type, a, NULL) ? a->data : NULL;
}

static struct text bind_text(const struct store *s, const char *offsets, const char *bytes)
{
	struct array o, b;

	if (!bind(s, offsets, ARRAY_U64, &o) || !bind(s, bytes, ARRAY_U8, &b) || !o.rows)
		return (struct text){0};
	return (struct text){o.data, b.data, o.rows - 1};
}

/* The rows of further categories end where what they point into does. */
static bool check_places(const struct resume *r, const struct store *s)
{
	uint32_t n = store_catalog(s)->n_products;
	struct array offsets, place;
	uint64_t last = 0;
	bool ok = true;

	if (!r->place_offsets)
		return true;
	if (!bind(s, "resume/place-offsets", ARRAY_U64, &offsets) ||
	    !bind(s, "resume/place", ARRAY_U32, &place) || offsets.rows != (uint64_t)n + 1)
		return false;
	for (uint32_t i = 0; ok && i <= n; i++) {
		ok = r->place_offsets[i] >= last;
		last = r->place_offsets[i];
	}
	return ok && last == place.rows;
}

bool resume_bind(struct resume *r, const struct store *s, unsigned facts, struct err *err)
{
	struct array a, times;

	*r = (struct resume){0};
#define RESUME_ARRAY(field, name, type)						\
	r->field = bind(s, "resume/" name, ARRAY_##type, &a);
#define RESUME_TEXT(field, name)						\
	r->field = bind_text(s, "resume/" name "/offsets", "resume/" name "/bytes");
#include "import/resume.def"
#undef RESUME_ARRAY
#undef RESUME_TEXT
	if (!bind(s, "resume/fact-time", ARRAY_I64, &times))
		return err_fail(err, ERR_STORE, "%s keeps nothing that files could be added "
				"to: import all of them again, without --append",
				store_path(s));
	if (!check_places(r, s))
		return err_fail(err, ERR_STORE, "%s is damaged: resume/place", store_path(s));
	if (times.rows != store_catalog(s)->n_products || times.columns != facts + 1)
		return err_fail(err, ERR_STORE, "%s was imported with other columns: import "
				"all files again, without --append", store_path(s));
	return true;
}
