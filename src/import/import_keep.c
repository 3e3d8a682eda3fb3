/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a later append needs beside the catalog: the arrays of resume.def. Everything
 * is by sorted texts, so it doesn't depend on how the import was cut into pieces, nor
 * on whether it was one or several.
 */
#include "config.h"

#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"
#include "base/utf8.h"
#include "import/steps.h"
#include "store/build.h"

static struct fact fact_of(const struct made *m, uint64_t number, unsigned fact)
{
	return numbers_fact(&m->number, &m->seen, number, fact);
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
static bool keep_texts(const struct made *m, enum id_kind kind, const char *name,
		       struct err *err)
{
	const struct ids *ids = &m->seen.id[kind];
	bool same = true;

	for (uint32_t i = 0; same && i < ids->n; i++)
		same = is_clean(ids_text(ids, i));
	return same ||
	       build_text(m->build, name, &(struct text_source){ids->n, rank_text, ids}, err);
}

static struct str fact_text(const struct made *m, uint64_t product, unsigned fact,
			    enum id_kind kind)
{
	uint32_t value = fact_of(m, product, fact).value;

	return value == MAP_NONE ? STR("") : ids_text(&m->seen.id[kind], value);
}

static struct str name_text(const void *ctx, uint64_t i)
{
	return fact_text(ctx, i, FACT_NAME, ID_NAME);
}

static struct str description_text(const void *ctx, uint64_t i)
{
	return fact_text(ctx, i, FACT_DESCRIPTION, ID_DESCRIPTION);
}

static bool keep_words(const struct made *m, struct build *b, struct err *err)
{
	uint32_t n = m->seen.id[ID_PRODUCT].n;
	bool names = true, descriptions = true;

	for (uint32_t i = 0; names && m->seen.id[ID_NAME].n && i < n; i++)
		names = is_clean(name_text(m, i));
	for (uint32_t i = 0; descriptions && m->seen.id[ID_DESCRIPTION].n && i < n; i++)
		descriptions = utf8_valid(description_text(m, i));
	return (names ||
		build_text(b, "resume/name", &(struct text_source){n, name_text, m}, err)) &&
	       (descriptions ||
		build_text(b, "resume/description",
			   &(struct text_source){n, description_text, m}, err)) &&
	       keep_texts(m, ID_BRAND, "resume/brand", err) &&
	       keep_texts(m, ID_VALUE, "resume/value", err) &&
	       keep_texts(m, ID_PROPERTY, "resume/property", err) &&
	       keep_texts(m, ID_TRAIT + TRAIT_COUNTRY, "resume/country", err) &&
	       keep_texts(m, ID_TRAIT + TRAIT_CHANNEL, "resume/channel", err);
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

static bool keep_groups(const struct made *m, struct build *b, struct err *err)
{
	uint32_t n = m->seen.id[ID_PRODUCT].n;
	struct chosen c;
	void *data;
	bool ok;

	if (m->seen.id[ID_GROUP].n == 0)
		return true;
	ok = choose_start(&c, &m->seen.id[ID_GROUP], err);
	for (uint32_t i = 0; ok && i < n; i++)
		choose(&c, fact_of(m, i, FACT_GROUP).value);
	if (ok)
		choose_end(&c);
	ok = ok &&
	     build_text(b, "resume/group", &(struct text_source){c.n, chosen_text, &c}, err) &&
	     build_reserve(b, "resume/product-group", ARRAY_U32, n, 1, &data, err);
	for (uint32_t i = 0; ok && i < n; i++)
		((uint32_t *)data)[i] =
			chosen_number(&c, fact_of(m, i, FACT_GROUP).value);
	choose_finish(&c);
	return ok;
}

/* In the order of product/property: by the product's number, then the name. */
static bool keep_properties(const struct made *m, struct build *b, struct err *err)
{
	uint32_t n = m->seen.id[ID_PRODUCT].n;
	SCOPED_FREE uint64_t *next = NULL;
	SCOPED_FREE size_t *at = NULL;
	void *data;

	if (m->seen.n_property == 0)
		return true;
	next = mem_big((size_t)n + 1, sizeof *next, "properties", err);
	at = next ? mem_big(m->seen.n_property, sizeof *at, "properties", err) : NULL;
	if (!at)
		return false;
	for (size_t i = 0; i < m->seen.n_property; i++)
		next[m->number.product_number[m->seen.property[i].product] + 1]++;
	for (uint32_t i = 0; i < n; i++)
		next[i + 1] += next[i];
	for (size_t i = 0; i < m->seen.n_property; i++)
		at[next[m->number.product_number[m->seen.property[i].product]]++] = i;
	if (!build_reserve(b, "resume/property-time", ARRAY_I64, m->seen.n_property, 1, &data,
			   err))
		return false;
	for (size_t i = 0; i < m->seen.n_property; i++)
		((int64_t *)data)[i] = m->seen.property[at[i]].value.at.time;
	if (!build_reserve(b, "resume/property-conflict", ARRAY_U8, m->seen.n_property, 1,
			   &data, err))
		return false;
	for (size_t i = 0; i < m->seen.n_property; i++)
		((uint8_t *)data)[i] = m->seen.property[at[i]].value.conflict;
	return true;
}

/* ---- categories */

static uint32_t category_value(const struct chosen *paths, const struct category_seen *c,
			       unsigned fact)
{
	uint32_t value = c->fact[fact].value;

	return fact == CATEGORY_PARENT ? value : chosen_number(paths, value);
}

static bool write_categories(const struct made *m, struct build *b,
			     const struct chosen *paths, struct err *err)
{
	uint32_t n = m->seen.id[ID_CATEGORY].n;
	void *data;

	if (!build_text(b, "resume/category",
			&(struct text_source){n, rank_text, &m->seen.id[ID_CATEGORY]}, err) ||
	    !build_text(b, "resume/path", &(struct text_source){paths->n, chosen_text, paths},
			err) ||
	    !build_reserve(b, "resume/category-time", ARRAY_I64, n, CATEGORY_FACTS, &data, err))
		return false;
	for (uint32_t i = 0; i < n; i++)
		for (unsigned f = 0; f < CATEGORY_FACTS; f++)
			((int64_t *)data)[i * CATEGORY_FACTS + f] =
				fact_time(m->seen.category[i].fact[f]);
	if (!build_reserve(b, "resume/category-fact", ARRAY_U32, n, CATEGORY_FACTS, &data,
			   err))
		return false;
	for (uint32_t i = 0; i < n; i++)
		for (unsigned f = 0; f < CATEGORY_FACTS; f++)
			((uint32_t *)data)[i * CATEGORY_FACTS + f] =
				category_value(paths, &m->seen.category[i], f);
	if (!build_reserve(b, "resume/category-flags", ARRAY_U8, n, 1, &data, err))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		unsigned flags = m->seen.category[i].own ? RESUME_OWN : 0;

		for (unsigned f = 0; f < CATEGORY_FACTS; f++)
			flags |= (unsigned)m->seen.category[i].fact[f].conflict << f;
		((uint8_t *)data)[i] = (uint8_t)flags;
	}
	return true;
}

static bool keep_categories(const struct made *m, struct build *b, struct err *err)
{
	struct chosen paths;
	bool ok = choose_start(&paths, &m->seen.id[ID_PATH], err);

	for (uint32_t i = 0; ok && i < m->seen.id[ID_CATEGORY].n; i++) {
		choose(&paths, m->seen.category[i].fact[CATEGORY_PATH].value);
		choose(&paths, m->seen.category[i].fact[CATEGORY_NAME].value);
	}
	if (ok)
		choose_end(&paths);
	ok = ok && write_categories(m, b, &paths, err);
	choose_finish(&paths);
	return ok;
}

bool import_keep(const struct import *im, const struct made *m, struct build *b,
		 struct err *err)
{
	uint32_t n = m->seen.id[ID_PRODUCT].n;

	return keep_groups(m, b, err) && placed_keep(m, b, err) &&
		keep_properties(m, b, err) &&
		keep_words(m, b, err) && keep_categories(m, b, err) &&
		(!m->kept_events ||
		 build_array(b, "resume/product", ARRAY_U32, n, 1, m->number.product_number,
			     err));
}

/* ---- events before they are settled */

/* Events by session (ranks), then time, then the order of the files: an order that
 * doesn't change when they come from the catalog instead of files. */
static bool order_events(const struct unsettled *u, struct sort_item *item,
			 struct pool *pool, struct err *err)
{
	const struct columns *c = u->events;

	for (size_t i = 0; i < c->n; i++)
		item[i] = (struct sort_item){(uint64_t)c->time[i] ^ UINT64_C(1) << 63, i};
	if (!sort_items(item, c->n, pool, err))
		return false;
	for (size_t i = 0; i < c->n; i++)
		item[i].key = u->session[item[i].value];
	return sort_items(item, c->n, pool, err);
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

static bool write_columns(const struct unsettled *u, const struct sort_item *item,
			  struct build *b, struct err *err)
{
	const struct columns *c = u->events;
	void *data;

	if (!build_reserve(b, "resume/event-product", ARRAY_U32, c->n, 1, &data, err))
		return false;
	GATHER(uint32_t, u->product);
	if (!build_reserve(b, "resume/event-kind", ARRAY_U8, c->n, 1, &data, err))
		return false;
	GATHER(uint8_t, c->kind);
	if (any_time(c)) {
		if (!build_reserve(b, "resume/event-time", ARRAY_I64, c->n, 1, &data, err))
			return false;
		GATHER(int64_t, c->time);
	}
	if (u->caps & CAP_PRICES) {
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

static bool write_offsets(const struct seen *s, const struct unsettled *u, struct build *b,
			  struct err *err)
{
	uint32_t n = s->id[ID_SESSION].n;
	uint64_t *offsets;
	void *data;

	if (!build_reserve(b, "resume/session-offsets", ARRAY_U64, (uint64_t)n + 1, 1,
			   &data, err))
		return false;
	offsets = data;
	for (size_t i = 0; i < u->events->n; i++)
		offsets[u->session[i] + 1]++;
	for (uint32_t i = 0; i < n; i++)
		offsets[i + 1] += offsets[i];
	return true;
}

static bool keep_columns(const struct seen *s, const struct unsettled *u, struct build *b,
			 struct pool *pool, struct err *err)
{
	SCOPED_FREE struct sort_item *item = mem_big(u->events->n, sizeof *item, "events",
						     err);

	return item && order_events(u, item, pool, err) && write_offsets(s, u, b, err) &&
		write_columns(u, item, b, err);
}

/* Where no record has a time, the order of the files is the order of sessions. */
static bool keep_order(const struct seen *s, const struct unsettled *u, struct build *b,
		       struct err *err)
{
	const struct ids *ids = &s->id[ID_SESSION];
	SCOPED_FREE bool *met = NULL;
	uint32_t n = 0;
	void *data;

	if (!(u->caps & CAP_UNDATED) || seen_has_told(s) || ids->n == 0 ||
	    ids_text(ids, ids->n - 1).ptr[0] == SESSION_NUMBERED)
		return true;
	met = mem_big(ids->n, sizeof *met, "sessions", err);
	if (!met || !build_reserve(b, "resume/session-order", ARRAY_U32, ids->n, 1, &data, err))
		return false;
	for (size_t i = 0; i < u->events->n; i++) {
		uint32_t session = u->session[i];

		if (!met[session])
			((uint32_t *)data)[n++] = session;
		met[session] = true;
	}
	return true;
}

/* The text of a session that is known by its place would say how the files were cut
 * into pieces; those come first and in the order of the files. */
static struct str session_text(const void *ctx, uint64_t i)
{
	struct str text = ids_text(ctx, (uint32_t)i);

	return text.len && text.ptr[0] == SESSION_NUMBERED ? STR("") : text;
}

static bool write_sessions(const struct seen *s, struct build *b,
			   const struct session_told *told, const struct chosen *users,
			   struct err *err)
{
	const struct ids *ids = &s->id[ID_SESSION];
	void *data;

	if (!build_text(b, "resume/session", &(struct text_source){ids->n, session_text, ids},
			err) ||
	    !build_text(b, "resume/user", &(struct text_source){users->n, chosen_text, users},
			err) ||
	    !build_reserve(b, "resume/session-user", ARRAY_U32, ids->n, 1, &data, err))
		return false;
	for (uint32_t i = 0; i < ids->n; i++)
		((uint32_t *)data)[i] = chosen_number(users, s->session[i].user);
	if (!seen_has_told(s))
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

static bool keep_trait(const struct seen *s, struct build *b, enum trait t, const char *of,
		       const char *texts, struct err *err)
{
	uint32_t n = s->id[ID_SESSION].n;
	struct chosen c;
	void *data;
	bool ok;

	if (!s->trait || s->id[ID_TRAIT + t].n == 0)
		return true;
	ok = choose_start(&c, &s->id[ID_TRAIT + t], err);
	for (uint32_t i = 0; ok && i < n; i++)
		choose(&c, s->trait[(size_t)i * TRAITS + t]);
	if (ok)
		choose_end(&c);
	ok = ok && build_text(b, texts, &(struct text_source){c.n, chosen_text, &c}, err) &&
	     build_reserve(b, of, ARRAY_U32, n, 1, &data, err);
	for (uint32_t i = 0; ok && i < n; i++)
		((uint32_t *)data)[i] =
			chosen_number(&c, s->trait[(size_t)i * TRAITS + t]);
	choose_finish(&c);
	return ok;
}

static bool keep_sessions(const struct seen *s, struct build *b, struct err *err)
{
	SCOPED_FREE struct session_told *told = seen_told(s, err);
	struct chosen users = {0};
	bool ok = told && choose_start(&users, &s->id[ID_USER], err);

	for (uint32_t i = 0; ok && i < s->id[ID_SESSION].n; i++) {
		choose(&users, s->session[i].user);
		choose(&users, told[i].user);
	}
	if (ok)
		choose_end(&users);
	ok = ok && write_sessions(s, b, told, &users, err);
	choose_finish(&users);
	return ok;
}

bool import_keep_events(const struct import *im, const struct seen *s,
			const struct unsettled *u, struct build *b, struct err *err)
{
	return keep_columns(s, u, b, im->pool, err) && keep_order(s, u, b, err) &&
		keep_sessions(s, b, err) &&
		keep_trait(s, b, TRAIT_COUNTRY, "resume/session-country",
			   "resume/open-country", err) &&
		keep_trait(s, b, TRAIT_CHANNEL, "resume/session-channel",
			   "resume/open-channel", err);
}
