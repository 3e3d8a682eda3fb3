/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a later append needs beside the catalog: the arrays of resume.def. Everything
 * is by sorted texts, so it doesn't depend on how the import was cut into pieces, nor
 * on whether it was one or several.
 */
#include "config.h"

#include "import/import_impl.h"

#include "base/job.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/utf8.h"
#include "store/build.h"

static const struct fact *facts_of(const struct import *im, uint64_t number)
{
	return im->fact + (size_t)im->product_rank[number] * im->n_facts;
}

static struct str rank_text(const void *ctx, uint64_t i)
{
	return ids_text(ctx, (uint32_t)i);
}

/* ---- texts that the catalog holds in another form */

static bool is_clean(struct str text)
{
	STRBUF(clean);

	sanitize(&clean, text, SANITIZE_LINE);
	return str_eq(strbuf_str(&clean), text);
}

/* All texts of a kind, unless the catalog's array is the same. */
static bool keep_texts(struct import *im, struct build *b, enum id_kind kind,
		       const char *name, struct err *err)
{
	const struct ids *ids = &im->id[kind];
	bool same = true;

	for (uint32_t i = 0; same && i < ids->n; i++)
		same = is_clean(ids_text(ids, i));
	return same || build_text(b, name, ids->n, rank_text, ids, err);
}

static struct str fact_text(const struct import *im, uint64_t product, unsigned fact,
			    enum id_kind kind)
{
	uint32_t value = facts_of(im, product)[fact].value;

	return value == MAP_NONE ? STR("") : ids_text(&im->id[kind], value);
}

static struct str name_text(const void *ctx, uint64_t i)
{
	return fact_text(ctx, i, FACT_NAME, ID_NAME);
}

static struct str description_text(const void *ctx, uint64_t i)
{
	return fact_text(ctx, i, FACT_DESCRIPTION, ID_DESCRIPTION);
}

static bool keep_words(struct import *im, struct build *b, struct err *err)
{
	uint32_t n = im->id[ID_PRODUCT].n;
	bool names = true, descriptions = true;

	for (uint32_t i = 0; names && i < n; i++)
		names = is_clean(name_text(im, i));
	for (uint32_t i = 0; descriptions && i < n; i++)
		descriptions = utf8_valid(description_text(im, i));
	return (names || build_text(b, "resume/name", n, name_text, im, err)) &&
		(descriptions ||
		 build_text(b, "resume/description", n, description_text, im, err)) &&
		keep_texts(im, b, ID_BRAND, "resume/brand", err) &&
		keep_texts(im, b, ID_VALUE, "resume/value", err) &&
		keep_texts(im, b, ID_PROPERTY, "resume/property", err) &&
		keep_texts(im, b, ID_TRAIT + TRAIT_COUNTRY, "resume/country", err) &&
		keep_texts(im, b, ID_TRAIT + TRAIT_CHANNEL, "resume/channel", err);
}

/* ---- texts of which only those are kept that hold */

struct chosen {
	const struct ids *ids;
	uint32_t *number;	/* (ids->n): 1 and on, 0: not chosen */
	uint32_t *rank;		/* (n) */
	uint32_t n;
};

static bool choose_start(struct chosen *c, const struct ids *ids, struct err *err)
{
	*c = (struct chosen){.ids = ids};
	c->number = mem_big(ids->n, sizeof *c->number, "texts", err);
	c->rank = c->number ? mem_big(ids->n, sizeof *c->rank, "texts", err) : NULL;
	return c->rank != NULL;
}

static void choose(struct chosen *c, uint32_t rank)
{
	if (rank != MAP_NONE)
		c->number[rank] = 1;
}

static void choose_end(struct chosen *c)
{
	for (uint32_t i = 0; i < c->ids->n; i++)
		if (c->number[i]) {
			c->rank[c->n] = i;
			c->number[i] = ++c->n;
		}
}

static uint32_t chosen_number(const struct chosen *c, uint32_t rank)
{
	return rank == MAP_NONE ? MAP_NONE : c->number[rank] - 1;
}

static struct str chosen_text(const void *ctx, uint64_t i)
{
	const struct chosen *c = ctx;

	return ids_text(c->ids, c->rank[i]);
}

static void choose_finish(struct chosen *c)
{
	free(c->number);
	free(c->rank);
}

/* ---- products */

static bool keep_groups(struct import *im, struct build *b, struct err *err)
{
	uint32_t n = im->id[ID_PRODUCT].n;
	struct chosen c;
	void *data;
	bool ok;

	if (im->id[ID_GROUP].n == 0)
		return true;
	ok = choose_start(&c, &im->id[ID_GROUP], err);
	for (uint32_t i = 0; ok && i < n; i++)
		choose(&c, facts_of(im, i)[FACT_GROUP].value);
	if (ok)
		choose_end(&c);
	ok = ok && build_text(b, "resume/group", c.n, chosen_text, &c, err) &&
		build_reserve(b, "resume/product-group", ARRAY_U32, n, 1, &data, err);
	for (uint32_t i = 0; ok && i < n; i++)
		((uint32_t *)data)[i] =
			chosen_number(&c, facts_of(im, i)[FACT_GROUP].value);
	choose_finish(&c);
	return ok;
}

static int64_t fact_time(const struct fact *f)
{
	return f->value == MAP_NONE ? TIME_NONE : f->at.time;
}

static bool keep_times(struct import *im, struct build *b, struct err *err)
{
	uint32_t n = im->id[ID_PRODUCT].n;
	void *data;
	int64_t *to;

	if (!build_reserve(b, "resume/fact-time", ARRAY_I64, n, im->n_facts + 1, &data,
			   err))
		return false;
	to = data;
	for (uint32_t i = 0; i < n; i++) {
		const struct product_seen *p = &im->product[im->product_rank[i]];

		for (unsigned f = 0; f < im->n_facts; f++)
			*to++ = fact_time(&facts_of(im, i)[f]);
		*to++ = p->has_price ? p->price_at.time : TIME_NONE;
	}
	return true;
}

static bool keep_products(struct import *im, struct build *b, struct err *err)
{
	uint32_t n = im->id[ID_PRODUCT].n, *conflict;
	void *data;

	if (!keep_times(im, b, err) || !keep_groups(im, b, err) ||
	    !build_reserve(b, "resume/product-category", ARRAY_U32, n, 1, &data, err))
		return false;
	for (uint32_t i = 0; i < n; i++)
		((uint32_t *)data)[i] = facts_of(im, i)[FACT_CATEGORY].value;
	if (!build_reserve(b, "resume/conflict", ARRAY_U32, n, 1, &data, err))
		return false;
	conflict = data;
	for (uint32_t i = 0; i < n; i++)
		for (unsigned f = 0; f < im->n_facts; f++)
			conflict[i] |= (uint32_t)facts_of(im, i)[f].conflict << f;
	return true;
}

/* In the order of product/property: by the product's number, then the name. */
static bool keep_properties(struct import *im, struct build *b, struct err *err)
{
	uint32_t n = im->id[ID_PRODUCT].n;
	SCOPED_FREE uint64_t *next = NULL;
	SCOPED_FREE size_t *at = NULL;
	void *data;

	if (im->n_property == 0)
		return true;
	next = mem_big((size_t)n + 1, sizeof *next, "properties", err);
	at = next ? mem_big(im->n_property, sizeof *at, "properties", err) : NULL;
	if (!at)
		return false;
	for (size_t i = 0; i < im->n_property; i++)
		next[im->product_number[im->property[i].product] + 1]++;
	for (uint32_t i = 0; i < n; i++)
		next[i + 1] += next[i];
	for (size_t i = 0; i < im->n_property; i++)
		at[next[im->product_number[im->property[i].product]]++] = i;
	if (!build_reserve(b, "resume/property-time", ARRAY_I64, im->n_property, 1, &data,
			   err))
		return false;
	for (size_t i = 0; i < im->n_property; i++)
		((int64_t *)data)[i] = im->property[at[i]].value.at.time;
	if (!build_reserve(b, "resume/property-conflict", ARRAY_U8, im->n_property, 1,
			   &data, err))
		return false;
	for (size_t i = 0; i < im->n_property; i++)
		((uint8_t *)data)[i] = im->property[at[i]].value.conflict;
	return true;
}

/* ---- categories */

static uint32_t category_value(const struct chosen *paths, const struct category_seen *c,
			       unsigned fact)
{
	uint32_t value = c->fact[fact].value;

	return fact == CATEGORY_PARENT ? value : chosen_number(paths, value);
}

static bool write_categories(struct import *im, struct build *b,
			     const struct chosen *paths, struct err *err)
{
	uint32_t n = im->id[ID_CATEGORY].n;
	void *data;

	if (!build_text(b, "resume/category", n, rank_text, &im->id[ID_CATEGORY], err) ||
	    !build_text(b, "resume/path", paths->n, chosen_text, paths, err) ||
	    !build_reserve(b, "resume/category-time", ARRAY_I64, n, CATEGORY_FACTS, &data,
			   err))
		return false;
	for (uint32_t i = 0; i < n; i++)
		for (unsigned f = 0; f < CATEGORY_FACTS; f++)
			((int64_t *)data)[i * CATEGORY_FACTS + f] =
				fact_time(&im->category[i].fact[f]);
	if (!build_reserve(b, "resume/category-fact", ARRAY_U32, n, CATEGORY_FACTS, &data,
			   err))
		return false;
	for (uint32_t i = 0; i < n; i++)
		for (unsigned f = 0; f < CATEGORY_FACTS; f++)
			((uint32_t *)data)[i * CATEGORY_FACTS + f] =
				category_value(paths, &im->category[i], f);
	if (!build_reserve(b, "resume/category-flags", ARRAY_U8, n, 1, &data, err))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		unsigned flags = im->category[i].own ? RESUME_OWN : 0;

		for (unsigned f = 0; f < CATEGORY_FACTS; f++)
			flags |= (unsigned)im->category[i].fact[f].conflict << f;
		((uint8_t *)data)[i] = (uint8_t)flags;
	}
	return true;
}

static bool keep_categories(struct import *im, struct build *b, struct err *err)
{
	struct chosen paths;
	bool ok = choose_start(&paths, &im->id[ID_PATH], err);

	for (uint32_t i = 0; ok && i < im->id[ID_CATEGORY].n; i++) {
		choose(&paths, im->category[i].fact[CATEGORY_PATH].value);
		choose(&paths, im->category[i].fact[CATEGORY_NAME].value);
	}
	if (ok)
		choose_end(&paths);
	ok = ok && write_categories(im, b, &paths, err);
	choose_finish(&paths);
	return ok;
}

bool import_keep(struct import *im, struct build *b, struct err *err)
{
	uint32_t n = im->id[ID_PRODUCT].n;

	return keep_products(im, b, err) && keep_properties(im, b, err) &&
		keep_words(im, b, err) && keep_categories(im, b, err) &&
		(!im->kept_events ||
		 build_array(b, "resume/product", ARRAY_U32, n, 1, im->product_number,
			     err));
}

/* ---- events before they are settled */

/* Events by session (ranks), then time, then the order of the files: an order that
 * doesn't change when they come from the catalog instead of files. */
static bool order_events(const struct import *im, const struct columns *c,
			 const uint32_t *session, struct sort_item *item, struct err *err)
{
	for (size_t i = 0; i < c->n; i++)
		item[i] = (struct sort_item){(uint64_t)c->time[i] ^ UINT64_C(1) << 63, i};
	if (!sort_items(item, c->n, im->pool, err))
		return false;
	for (size_t i = 0; i < c->n; i++)
		item[i].key = session[item[i].value];
	return sort_items(item, c->n, im->pool, err);
}

#define GATHER(type, column)							\
	for (size_t i = 0; i < c->n; i++)					\
		((type *)data)[i] = (column)[item[i].value]

static bool any_time(const struct columns *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->time[i] != TIME_NONE)
			return true;
	return false;
}

static bool write_columns(struct import *im, struct build *b, const struct columns *c,
			  const uint32_t *product, const struct sort_item *item,
			  struct err *err)
{
	void *data;

	if (!build_reserve(b, "resume/event-product", ARRAY_U32, c->n, 1, &data, err))
		return false;
	GATHER(uint32_t, product);
	if (!build_reserve(b, "resume/event-kind", ARRAY_U8, c->n, 1, &data, err))
		return false;
	GATHER(uint8_t, c->kind);
	if (any_time(c)) {
		if (!build_reserve(b, "resume/event-time", ARRAY_I64, c->n, 1, &data, err))
			return false;
		GATHER(int64_t, c->time);
	}
	if (im->caps & CAP_PRICES) {
		if (!build_reserve(b, "resume/event-price", ARRAY_I64, c->n, 1, &data, err))
			return false;
		GATHER(int64_t, c->price);
	}
	if (c->quantity) {
		if (!build_reserve(b, "resume/event-quantity", ARRAY_U32, c->n, 1, &data,
				   err))
			return false;
		GATHER(uint32_t, c->quantity);
	}
	if (c->rating) {
		if (!build_reserve(b, "resume/event-rating", ARRAY_F32, c->n, 1, &data, err))
			return false;
		GATHER(uint32_t, c->rating);
	}
	return true;
}

static bool write_offsets(struct import *im, struct build *b, const uint32_t *session,
			  size_t events, struct err *err)
{
	uint32_t n = im->id[ID_SESSION].n;
	uint64_t *offsets;
	void *data;

	if (!build_reserve(b, "resume/session-offsets", ARRAY_U64, (uint64_t)n + 1, 1,
			   &data, err))
		return false;
	offsets = data;
	for (size_t i = 0; i < events; i++)
		offsets[session[i] + 1]++;
	for (uint32_t i = 0; i < n; i++)
		offsets[i + 1] += offsets[i];
	return true;
}

static bool keep_columns(struct import *im, struct build *b, const struct columns *c,
			 const uint32_t *session, const uint32_t *product, struct err *err)
{
	SCOPED_FREE struct sort_item *item = mem_big(c->n, sizeof *item, "events", err);

	return item && order_events(im, c, session, item, err) &&
		write_offsets(im, b, session, c->n, err) &&
		write_columns(im, b, c, product, item, err);
}

/* The text of a session that is known by its place would say how the files were cut
 * into pieces; those come first and in the order of the files. */
static struct str session_text(const void *ctx, uint64_t i)
{
	struct str text = ids_text(ctx, (uint32_t)i);

	return text.len && text.ptr[0] == SESSION_NUMBERED ? STR("") : text;
}

static bool write_sessions(struct import *im, struct build *b,
			   const struct session_told *told, const struct chosen *users,
			   struct err *err)
{
	const struct ids *ids = &im->id[ID_SESSION];
	void *data;

	if (!build_text(b, "resume/session", ids->n, session_text, ids, err) ||
	    !build_text(b, "resume/user", users->n, chosen_text, users, err) ||
	    !build_reserve(b, "resume/session-user", ARRAY_U32, ids->n, 1, &data, err))
		return false;
	for (uint32_t i = 0; i < ids->n; i++)
		((uint32_t *)data)[i] = chosen_number(users, im->session[i].user);
	if (!import_has_told(im))
		return true;
	if (!build_reserve(b, "resume/told-time", ARRAY_I64, ids->n, 1, &data, err))
		return false;
	for (uint32_t i = 0; i < ids->n; i++)
		((int64_t *)data)[i] = told[i].time;
	if (!build_reserve(b, "resume/told-user", ARRAY_U32, ids->n, 1, &data, err))
		return false;
	for (uint32_t i = 0; i < ids->n; i++)
		((uint32_t *)data)[i] = chosen_number(users, told[i].user);
	return true;
}

static bool keep_trait(struct import *im, struct build *b, enum trait t, const char *of,
		       const char *texts, struct err *err)
{
	uint32_t n = im->id[ID_SESSION].n;
	struct chosen c;
	void *data;
	bool ok;

	if (!im->trait || im->id[ID_TRAIT + t].n == 0)
		return true;
	ok = choose_start(&c, &im->id[ID_TRAIT + t], err);
	for (uint32_t i = 0; ok && i < n; i++)
		choose(&c, im->trait[(size_t)i * TRAITS + t]);
	if (ok)
		choose_end(&c);
	ok = ok && build_text(b, texts, c.n, chosen_text, &c, err) &&
		build_reserve(b, of, ARRAY_U32, n, 1, &data, err);
	for (uint32_t i = 0; ok && i < n; i++)
		((uint32_t *)data)[i] =
			chosen_number(&c, im->trait[(size_t)i * TRAITS + t]);
	choose_finish(&c);
	return ok;
}

static bool keep_sessions(struct import *im, struct build *b, struct err *err)
{
	SCOPED_FREE struct session_told *told = import_told(im, err);
	struct chosen users = {0};
	bool ok = told && choose_start(&users, &im->id[ID_USER], err);

	for (uint32_t i = 0; ok && i < im->id[ID_SESSION].n; i++) {
		choose(&users, im->session[i].user);
		choose(&users, told[i].user);
	}
	if (ok)
		choose_end(&users);
	ok = ok && write_sessions(im, b, told, &users, err);
	choose_finish(&users);
	return ok;
}

bool import_keep_events(struct import *im, struct build *b, const struct columns *c,
			const uint32_t *session, const uint32_t *product, struct err *err)
{
	return keep_columns(im, b, c, session, product, err) && keep_sessions(im, b, err) &&
		keep_trait(im, b, TRAIT_COUNTRY, "resume/session-country",
			   "resume/open-country", err) &&
		keep_trait(im, b, TRAIT_CHANNEL, "resume/session-channel",
			   "resume/open-channel", err);
}
