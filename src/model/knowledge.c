/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Products of users are gathered once per moment; pairs, numbers and means are counted from
 * them, so that nothing after the moment shows.
 */
#include "config.h"

#include "model/knowledge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/time.h"
#include "model/pairs.h"
#include "near/exact.h"

#define NEIGHBOURS 150	/* per product */
#define SHRINK 5.0	/* users */

const struct rank_feature_text rank_feature_table[RANK_FEATURES] = {
#define RANK_FEATURE(ident, name, help) [RANK_##ident] = {name, help},
#include "math/topk.h"
#include "model/rank_features.def"
#undef RANK_FEATURE
};

/* --- facts */

static bool put_groups(struct sink *s, const struct catalog *c, struct err *err)
{
	uint32_t n = c->n_products, groups = 0;
	SCOPED_FREE uint32_t *own = mem_big(n, sizeof *own, "variants", err);
	SCOPED_FREE uint32_t *of = NULL, *at = NULL;

	if (!own)
		return false;
	for (uint32_t p = 0; p < n; p++) {
		own[p] = c->product_group ? c->product_group[p] : CATALOG_NONE;
		if (own[p] != CATALOG_NONE && own[p] >= groups)
			groups = own[p] + 1;
	}
	of = mem_big((size_t)groups + 2, sizeof *of, "variants", err);
	at = of ? mem_big((size_t)n + 1, sizeof *at, "variants", err) : NULL;
	if (!at)
		return false;
	for (uint32_t p = 0; p < n; p++)
		if (own[p] != CATALOG_NONE)
			of[own[p] + 2]++;
	for (uint32_t g = 2; g < groups + 2; g++)
		of[g] += of[g - 1];
	for (uint32_t p = 0; p < n; p++)
		if (own[p] != CATALOG_NONE)
			at[of[own[p] + 1]++] = p;
	return sink_array(s, "facts/group", ARRAY_U32, n, 1, own, err) &&
	       sink_array(s, "facts/group-of", ARRAY_U32, (uint64_t)groups + 1, 1, of, err) &&
	       sink_array(s, "facts/group-at", ARRAY_U32, (uint64_t)n + 1, 1, at, err);
}

static bool put_attributes(struct sink *s, const struct catalog *c, struct err *err)
{
	unsigned n = (c->product_attribute ? c->n_attributes : 0) + 1;
	void *room;
	uint32_t *to;

	if (!sink_reserve(s, "facts/attribute", ARRAY_U32, c->n_products, n, &room, err))
		return false;
	to = room;
	for (uint32_t p = 0; p < c->n_products; p++) {
		for (unsigned a = 0; a + 1 < n; a++)
			to[(size_t)p * n + a] =
				c->product_attribute[(size_t)p * c->n_attributes + a];
		to[(size_t)p * n + n - 1] = c->product_brand ? c->product_brand[p]
							     : CATALOG_NONE;
	}
	return true;
}

static bool put_prices(struct sink *s, const struct catalog *c, struct err *err)
{
	void *room;

	if (!sink_reserve(s, "facts/price", ARRAY_F32, c->n_products, 1, &room, err))
		return false;
	for (uint32_t p = 0; p < c->n_products; p++)
		((float *)room)[p] = c->product_price && c->product_price[p] != PRICE_NONE ?
			(float)((double)c->product_price[p] / pow(10, c->price_scale)) : NAN;
	return true;
}

/* Of every product that someone met the nearest that someone met. */
static bool put_near(const struct lesson *l, struct err *err)
{
	struct array text;
	void *room;
	uint32_t n = l->catalog->n_products, met = 0, *near;
	SCOPED_FREE uint32_t *which = mem_big(n, sizeof *which, "texts", err);
	SCOPED_FREE float *q = NULL;
	SCOPED_FREE struct hit *hits = NULL;
	SCOPED_FREE uint32_t *found = NULL, *skip = NULL;
	struct near_query ask;
	struct space space;
	bool ok;

	if (!which || !sink_find(l->sink, "facts/text", &text) ||
	    !sink_reserve(l->sink, "facts/near", ARRAY_U32, n, KNOW_NEAR, &room, err))
		return false;
	near = room;
	memset(near, 0xff, (size_t)n * KNOW_NEAR * sizeof *near);
	for (uint32_t p = 0; p < n; p++)
		if (l->catalog->product_session_offsets
			    ? l->catalog->product_session_offsets[p + 1] >
				      l->catalog->product_session_offsets[p]
			    : true)
			which[met++] = p;
	q = mem_big((size_t)met * text.columns, sizeof *q, "texts", err);
	hits = mem_big((size_t)met * KNOW_NEAR, sizeof *hits, "texts", err);
	found = mem_big(met, sizeof *found, "texts", err);
	skip = mem_big(met, sizeof *skip, "texts", err);
	if (!q || !hits || !found || !skip)
		return false;
	for (uint32_t i = 0; i < met; i++) {
		memcpy(q + (size_t)i * text.columns,
		       (const float *)text.data + (size_t)which[i] * text.columns,
		       text.columns * sizeof *q);
		skip[i] = i;
	}
	if (!space_init(&space, (struct vectors){q, met, text.columns, text.columns},
			METRIC_COSINE, l->work.pool, err))
		return false;
	job_step(l->work.job, "comparing texts", 0);
	ask = (struct near_query){.q = q, .n = met, .stride = text.columns, .skip = skip,
				  .k = KNOW_NEAR};
	ok = exact_search(&space, &ask, hits, found, l->work, err);
	space_finish(&space);
	for (uint32_t i = 0; ok && i < met; i++)
		for (uint32_t j = 0; j < found[i]; j++)
			near[(size_t)which[i] * KNOW_NEAR + j] =
				which[hits[(size_t)i * KNOW_NEAR + j].id];
	return ok;
}

bool knowledge_facts(const struct lesson *l, const struct vectors *texts, struct err *err)
{
	const uint8_t had = past_had(l->catalog);

	return put_groups(l->sink, l->catalog, err) &&
	       put_attributes(l->sink, l->catalog, err) &&
	       put_prices(l->sink, l->catalog, err) &&
	       sink_array(l->sink, "facts/category", ARRAY_U32, l->catalog->n_products, 1,
			  l->catalog->product_category, err) &&
	       sink_array(l->sink, "facts/had", ARRAY_U8, 1, 1, &had, err) &&
	       (!texts ||
		(alike_texts(&(struct lesson){NULL, NULL, l->sink, l->work}, texts, err) &&
		 put_near(&(struct lesson){l->catalog, NULL, l->sink, l->work}, err)));
}

static bool damaged(struct err *err)
{
	return err_fail(err, ERR_STORE, "the model is damaged: its arrays don't fit together");
}

bool knowledge_bind_facts(struct knowledge *k, const struct model *m, struct err *err)
{
	struct array group, of, at, category, price, attribute, had, near;

	if (!model_array(m, "facts/group", ARRAY_U32, &group, err) ||
	    !model_array(m, "facts/group-of", ARRAY_U32, &of, err) ||
	    !model_array(m, "facts/group-at", ARRAY_U32, &at, err) ||
	    !model_array(m, "facts/category", ARRAY_U32, &category, err) ||
	    !model_array(m, "facts/price", ARRAY_F32, &price, err) ||
	    !model_array(m, "facts/attribute", ARRAY_U32, &attribute, err) ||
	    !model_array(m, "facts/had", ARRAY_U8, &had, err))
		return false;
	k->n_products = m->n_products;
	if (group.rows != k->n_products || category.rows != k->n_products ||
	    price.rows != k->n_products || attribute.rows != k->n_products || !of.rows ||
	    at.rows != (uint64_t)k->n_products + 1 || had.rows != 1)
		return damaged(err);
	k->group = group.data;
	k->group_of = of.data;
	k->group_at = at.data;
	k->n_groups = (uint32_t)of.rows - 1;
	k->category = category.data;
	k->price = price.data;
	k->attribute = attribute.data;
	k->n_attributes = attribute.columns;
	k->had = *(const uint8_t *)had.data;
	if (!alike_bind_texts(&k->alike, m, err))
		return false;
	if (!k->alike.text)
		return true;
	if (!model_array(m, "facts/near", ARRAY_U32, &near, err))
		return false;
	if (near.rows != k->n_products || near.columns != KNOW_NEAR)
		return damaged(err);
	k->near = near.data;
	return true;
}

/* --- what was done before a moment */

struct learning {
	const struct knowledge *k;
	const struct catalog *c;
	int64_t moment;
	struct sink *s;
	float *number;		/* (P, KNOW_NUMBERS) */
};

static void count_event(struct learning *g, uint64_t e)
{
	const struct catalog *c = g->c;
	float *x = g->number + (size_t)c->event_product[e] * KNOW_NUMBERS;
	float w = (float)past_strength(c->event_kind[e]);
	float age = (float)((double)(g->moment - c->event_time[e]) / TIME_DAY);

	x[KNOW_POPULAR] += w / (1 + age);
	x[KNOW_DAY_1] += age <= 1 ? w : 0;
	x[KNOW_DAY_3] += age <= 3 ? w : 0;
	x[KNOW_DAY_7] += age <= 7 ? w : 0;
	x[KNOW_DAY_BEFORE] += age > 1 && age <= 2 ? w : 0;
	if (age > x[KNOW_FIRST])
		x[KNOW_FIRST] = age;
}

static int64_t day_of(int64_t ms)
{
	return ms / TIME_DAY;
}

/* Users who had it, and those who had it on several days. seen (P): user + 1; day (P). */
static void count_buyer(struct learning *g, uint32_t user, uint64_t e, uint32_t *seen,
			int64_t *day)
{
	const struct catalog *c = g->c;
	uint32_t p = c->event_product[e];
	float *x = g->number + (size_t)p * KNOW_NUMBERS;

	if (c->event_kind[e] != g->k->had)
		return;
	if (seen[p] != user + 1) {
		seen[p] = user + 1;
		day[p] = day_of(c->event_time[e]);
		x[KNOW_BUYERS]++;
	} else if (day[p] != INT64_MIN && day[p] != day_of(c->event_time[e])) {
		day[p] = INT64_MIN;
		x[KNOW_AGAIN]++;
	}
}

static bool count_events(struct learning *g, struct job *job, struct err *err)
{
	const struct catalog *c = g->c;
	SCOPED_FREE uint32_t *seen = mem_big(c->n_products, sizeof *seen, "users", err);
	SCOPED_FREE int64_t *day = mem_big(c->n_products, sizeof *day, "users", err);

	if (!seen || !day)
		return false;
	for (uint32_t u = 0; u < c->n_users; u++) {
		for (uint64_t i = c->user_offsets[u + 1]; i-- > c->user_offsets[u];) {
			uint32_t s = c->user_session[i];

			for (uint64_t e = c->session_offsets[s + 1];
			     e-- > c->session_offsets[s];)
				if (c->event_time[e] < g->moment &&
				    past_strength(c->event_kind[e])) {
					count_event(g, e);
					count_buyer(g, u, e, seen, day);
				}
		}
		if (u % 4096 == 0 && !job_check(job, err))
			return false;
	}
	return true;
}

static int by_id(const void *x, const void *y)
{
	uint32_t a = ((const struct hit *)x)->id, b = ((const struct hit *)y)->id;

	return a < b ? -1 : a > b;
}

/* The best neighbours of every product, ascending. */
static bool keep_neighbours(struct learning *g, const struct pairs *x, struct err *err)
{
	uint32_t n = g->c->n_products;
	SCOPED_FREE struct hit *hits = mem_alloc(NEIGHBOURS * sizeof *hits);
	void *offsets, *column, *score, *count;
	uint64_t *at, sum = 0;

	for (uint32_t a = 0; a < n; a++) {
		uint64_t m = x->offsets[a + 1] - x->offsets[a];

		sum += m < NEIGHBOURS ? m : NEIGHBOURS;
	}
	if (!sink_reserve(g->s, "learnt/cf-offsets", ARRAY_U64, (uint64_t)n + 1, 1, &offsets,
			  err) ||
	    !sink_reserve(g->s, "learnt/cf-column", ARRAY_U32, sum, 1, &column, err) ||
	    !sink_reserve(g->s, "learnt/cf-score", ARRAY_F32, sum, 1, &score, err) ||
	    !sink_reserve(g->s, "learnt/cf-count", ARRAY_F32, sum, 1, &count, err))
		return false;
	at = offsets;
	for (uint32_t a = 0; a < n; a++) {
		struct topk best;

		topk_init(&best, hits, NEIGHBOURS);
		for (uint64_t i = x->offsets[a]; i < x->offsets[a + 1]; i++) {
			uint32_t b = x->column[i];

			topk_push(&best, b, (float)(x->value[i] /
				  (sqrt((double)x->from[a] * x->from[b]) + SHRINK)));
		}
		qsort(hits, best.n, sizeof *hits, by_id);
		for (size_t i = 0; i < best.n; i++) {
			((uint32_t *)column)[at[a] + i] = hits[i].id;
			((float *)score)[at[a] + i] = hits[i].score;
			((float *)count)[at[a] + i] = pairs_value(x, a, hits[i].id);
		}
		at[a + 1] = at[a] + best.n;
	}
	return true;
}

static bool count_pairs(struct learning *g, struct work work, struct err *err)
{
	const struct pairs_ask ask = {.way = PAIRS_SET, .symmetric = true};
	struct sequences q = {.n = g->c->n_users, .n_products = g->c->n_products};
	SCOPED(sink) counts = sink_create();
	struct model m = {.n_products = g->c->n_products, .find = sink_find, .ctx = counts};
	struct array offsets, product;
	struct pairs x;

	if (!sink_find(g->s, "learnt/user-offsets", &offsets) ||
	    !sink_find(g->s, "learnt/user-product", &product))
		return false;
	q.offsets = (uint64_t *)(uintptr_t)offsets.data;
	q.product = (uint32_t *)(uintptr_t)product.data;
	return pairs_count(counts, &q, &ask, work, err) && pairs_bind(&x, &m, err) &&
	       keep_neighbours(g, &x, err);
}

static bool put_popular(struct learning *g, struct err *err)
{
	const struct catalog *c = g->c;
	SCOPED_FREE struct hit *key = mem_big(c->n_products, sizeof *key, "popularity", err);
	void *order, *category;
	uint32_t n = 0;

	if (!key || !sink_reserve(g->s, "learnt/category", ARRAY_F32,
				  (uint64_t)c->n_categories + 1, 1, &category, err))
		return false;
	for (uint32_t p = 0; p < c->n_products; p++) {
		float popular = g->number[(size_t)p * KNOW_NUMBERS + KNOW_POPULAR];
		uint32_t own = c->product_category[p];

		((float *)category)[own < c->n_categories ? own : c->n_categories] += popular;
		if (popular > 0)
			key[n++] = (struct hit){p, popular};
	}
	qsort(key, n, sizeof *key, hit_compare);
	if (!sink_reserve(g->s, "learnt/by-popular", ARRAY_U32, n, 1, &order, err))
		return false;
	for (uint32_t i = 0; i < n; i++)
		((uint32_t *)order)[i] = key[i].id;
	return true;
}

bool knowledge_learn(const struct lesson *l, const struct knowledge *k, int64_t moment,
		     struct err *err)
{
	struct learning g = {.k = k, .c = l->catalog, .moment = moment, .s = l->sink};
	void *number;

	if (!sink_reserve(l->sink, "learnt/number", ARRAY_F32, l->catalog->n_products,
			  KNOW_NUMBERS, &number, err))
		return false;
	g.number = number;
	return alike_learn(l, &k->alike, moment, err) && count_events(&g, l->work.job, err) &&
	       count_pairs(&g, l->work, err) && put_popular(&g, err);
}

bool knowledge_bind_learnt(struct knowledge *k, const struct model *m, struct err *err)
{
	struct array offsets, column, score, count, number, category, order;
	uint64_t n = k->n_products;

	if (!model_array(m, "learnt/cf-offsets", ARRAY_U64, &offsets, err) ||
	    !model_array(m, "learnt/cf-column", ARRAY_U32, &column, err) ||
	    !model_array(m, "learnt/cf-score", ARRAY_F32, &score, err) ||
	    !model_array(m, "learnt/cf-count", ARRAY_F32, &count, err) ||
	    !model_array(m, "learnt/number", ARRAY_F32, &number, err) ||
	    !model_array(m, "learnt/category", ARRAY_F32, &category, err) ||
	    !model_array(m, "learnt/by-popular", ARRAY_U32, &order, err))
		return false;
	if (offsets.rows != n + 1 || column.rows != score.rows || column.rows != count.rows ||
	    ((const uint64_t *)offsets.data)[n] > column.rows || number.rows != n ||
	    number.columns != KNOW_NUMBERS || !category.rows)
		return damaged(err);
	k->cf_offsets = offsets.data;
	k->cf_column = column.data;
	k->cf_score = score.data;
	k->cf_count = count.data;
	k->number = number.data;
	k->category_popular = category.data;
	k->n_categories = (uint32_t)category.rows - 1;
	k->by_popular = order.data;
	k->n_popular = (uint32_t)order.rows;
	return alike_bind_users(&k->alike, m, err);
}
