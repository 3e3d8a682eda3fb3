/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each source marks its best products up to a cap; what is marked becomes a row of features.
 * Sums know which products they have, so that neither looking for the best of them nor clearing
 * them for the next past goes through all products.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sort.h"
#include "math/kernel.h"
#include "math/topk.h"
#include "model/knowledge.h"

#define RECENT 30	/* products of a past that are asked about */
#define ALIKE 100	/* users */

#define CAP_MOST 200	/* the greatest cap below */

static const unsigned caps[RANK_SOURCES] = {
	[FROM_REPEAT] = RECENT, [FROM_VARIANT] = 60, [FROM_TOGETHER] = 150, [FROM_ALIKE] = 200,
	[FROM_TEXT] = 60, [FROM_CATEGORY] = 100, [FROM_POPULAR] = 150,
	[FROM_PAGE] = 150,
};

/* Of one past; what is (P) is cleared for the next. */
struct asking {
	const struct knowledge *k;
	const struct past *past;
	unsigned first;		/* of the past: the last RECENT are asked about */
	struct sums cf, alike, page;		/* page: of the page alone */
	float *cf_max, *cf_count, *page_count;	/* (P) */
	uint16_t *from;		/* (P) */
	uint8_t *wanted;	/* (categories + 1) the past has it */
	uint32_t *touched;	/* (n_touched) products with a bit in from */
	uint32_t n_touched;
	const struct hit *users;	/* (n_users) the nearest */
	unsigned n_users;
	float (*dot)(const float *a, const float *b, size_t n);
	struct hit hits[CAP_MOST];
};

static const float *number_of(const struct knowledge *k, uint32_t p)
{
	return k->number + (size_t)p * KNOW_NUMBERS;
}

/* A product that nobody met before the moment isn't known then. */
static void mark(struct asking *g, uint32_t p, enum rank_source from)
{
	if (p >= g->k->n_products || !(number_of(g->k, p)[KNOW_POPULAR] > 0))
		return;
	if (!g->from[p])
		g->touched[g->n_touched++] = p;
	g->from[p] |= (uint16_t)(1u << from);
}

static void mark_best(struct asking *g, const struct sums *s, enum rank_source from)
{
	struct topk best;

	topk_init(&best, g->hits, caps[from]);
	for (uint32_t i = 0; i < s->n; i++)
		topk_push(&best, s->at[i], s->sum[s->at[i]]);
	for (size_t i = 0; i < best.n; i++)
		mark(g, g->hits[i].id, from);
}

/* --- sources */

static void from_past(struct asking *g)
{
	const struct knowledge *k = g->k;
	unsigned variants = 0;

	for (unsigned i = g->first; i < g->past->n; i++)
		mark(g, g->past->product[i], FROM_REPEAT);
	for (unsigned i = g->past->n; i-- > g->first;) {
		uint32_t group = k->group[g->past->product[i]];

		for (uint32_t e = group < k->n_groups ? k->group_of[group] : 0;
		     group < k->n_groups && e < k->group_of[group + 1] &&
		     variants < caps[FROM_VARIANT]; e++, variants++)
			if (k->group_at[e] != g->past->product[i])
				mark(g, k->group_at[e], FROM_VARIANT);
	}
}

/* What goes with the page: its neighbours are in g->cf too. */
static void from_page(struct asking *g)
{
	const struct knowledge *k = g->k;

	for (unsigned i = g->past->n - g->past->page; i < g->past->n; i++) {
		uint32_t a = g->past->product[i];

		for (uint64_t e = k->cf_offsets[a]; e < k->cf_offsets[a + 1]; e++) {
			if (!(k->cf_score[e] > 0))
				continue;
			sums_add(&g->page, k->cf_column[e], k->cf_score[e]);
			g->page_count[k->cf_column[e]] += k->cf_count[e];
		}
	}
	mark_best(g, &g->page, FROM_PAGE);
}

static void from_together(struct asking *g)
{
	const struct knowledge *k = g->k;

	for (unsigned i = g->first; i < g->past->n; i++) {
		uint32_t a = g->past->product[i];

		for (uint64_t e = k->cf_offsets[a]; e < k->cf_offsets[a + 1]; e++) {
			uint32_t b = k->cf_column[e];

			if (!(k->cf_score[e] > 0))
				continue;
			sums_add(&g->cf, b, k->cf_score[e]);
			g->cf_count[b] += k->cf_count[e];
			if (k->cf_score[e] > g->cf_max[b])
				g->cf_max[b] = k->cf_score[e];
		}
	}
	mark_best(g, &g->cf, FROM_TOGETHER);
}

/* The nearest texts of the latest products: as many of each as fit under the cap. */
static void from_text(struct asking *g)
{
	const struct knowledge *k = g->k;
	unsigned n = g->past->n - g->first, each = n ? caps[FROM_TEXT] / n : 0;

	if (!k->near || !n)
		return;
	each = each < 3 ? 3 : each > KNOW_NEAR ? KNOW_NEAR : each;
	for (unsigned i = g->first; i < g->past->n; i++)
		for (unsigned j = 0; j < each; j++) {
			uint32_t b = k->near[(size_t)g->past->product[i] * KNOW_NEAR + j];

			if (b != CATALOG_NONE)
				mark(g, b, FROM_TEXT);
		}
}

/* Its category, or the number after the last: none. */
static uint32_t category_of(const struct knowledge *k, uint32_t p)
{
	return k->category[p] < k->n_categories ? k->category[p] : k->n_categories;
}

/* The most popular of the categories that the past has. */
static void from_category(struct asking *g)
{
	const struct knowledge *k = g->k;
	unsigned taken = 0;

	for (unsigned i = g->first; i < g->past->n; i++)
		g->wanted[category_of(k, g->past->product[i])] = 1;
	for (uint32_t i = 0; i < k->n_popular && taken < caps[FROM_CATEGORY]; i++) {
		if (!g->wanted[category_of(k, k->by_popular[i])])
			continue;
		mark(g, k->by_popular[i], FROM_CATEGORY);
		taken++;
	}
	for (unsigned i = g->first; i < g->past->n; i++)
		g->wanted[category_of(k, g->past->product[i])] = 0;
}

static void gather(struct asking *g)
{
	from_past(g);
	from_together(g);
	from_page(g);
	alike_add(&g->k->alike, g->users, g->n_users, &g->alike);
	mark_best(g, &g->alike, FROM_ALIKE);
	from_text(g);
	from_category(g);
	for (uint32_t i = 0; i < g->k->n_popular && i < caps[FROM_POPULAR]; i++)
		mark(g, g->k->by_popular[i], FROM_POPULAR);
}

/* --- features */

static void of_itself(const struct asking *g, uint32_t p, float *x)
{
	const struct past *past = g->past;
	const struct knowledge *k = g->k;
	uint32_t group = k->group[p];

	for (unsigned i = 0; i < past->n; i++) {
		if (past->product[i] == p) {
			bool had = past->kind[i] == k->had;

			x[had ? RANK_AGAIN_TIMES : RANK_SEEN_TIMES] = past->times[i];
			x[had ? RANK_AGAIN_AGE : RANK_SEEN_AGE] = past->age[i];
		} else if (group != CATALOG_NONE && k->group[past->product[i]] == group) {
			x[RANK_VARIANT_N]++;
			x[RANK_VARIANT_AGE] = past->age[i];
		}
	}
}

static float equal_attributes(const struct knowledge *k, uint32_t a, uint32_t b)
{
	const uint32_t *x = k->attribute + (size_t)a * k->n_attributes;
	const uint32_t *y = k->attribute + (size_t)b * k->n_attributes;
	unsigned n = 0;

	for (unsigned i = 0; i < k->n_attributes; i++)
		n += x[i] != CATALOG_NONE && x[i] == y[i];
	return (float)n;
}

/* Cosine of two texts; NAN: there are none. */
static float nearness(const struct asking *g, uint32_t a, uint32_t b)
{
	const struct alike *of = &g->k->alike;

	return of->text ? g->dot(of->text + (size_t)a * of->dim, of->text + (size_t)b * of->dim,
				 of->dim) : NAN;
}

static void beside_past(const struct asking *g, uint32_t p, float *x)
{
	const struct knowledge *k = g->k;
	float n = (float)(g->past->n - g->first), text = 0, most = -2, attributes = 0, equal = 0;
	float category = 0;

	if (n <= 0)
		return;
	for (unsigned i = g->first; i < g->past->n; i++) {
		uint32_t a = g->past->product[i];
		float e = equal_attributes(k, a, p);

		category += k->category[a] == k->category[p];
		attributes += e;
		equal = a != p && e > equal ? e : equal;
		if (k->alike.text) {
			float c = nearness(g, a, p);

			text += c;
			most = a != p && c > most ? c : most;
		}
	}
	x[RANK_CATEGORY_SHARE] = category / n;
	x[RANK_ATTRIBUTES_MEAN] = attributes / n;
	x[RANK_ATTRIBUTES_MAX] = equal;
	if (k->alike.text) {
		x[RANK_TEXT_MEAN] = text / n;
		x[RANK_TEXT_MAX] = most > -2 ? most : NAN;
	}
}

static void beside_page(const struct asking *g, uint32_t p, float *x)
{
	const struct knowledge *k = g->k;
	unsigned page = g->past->page, variants = 0;
	float equal = 0, text = -2, category = 0;

	for (unsigned i = g->past->n - page; i < g->past->n; i++) {
		uint32_t a = g->past->product[i];
		float e = equal_attributes(k, a, p), near = nearness(g, a, p);

		variants += k->group[a] != CATALOG_NONE && k->group[a] == k->group[p];
		category += k->category[a] == k->category[p];
		equal = e > equal ? e : equal;
		text = near > text ? near : text;
	}
	x[RANK_PAGE_N] = (float)page;
	if (!page)
		return;
	x[RANK_PAGE_CF] = g->page.sum[p];
	x[RANK_PAGE_COUNT] = g->page_count[p];
	x[RANK_PAGE_TEXT] = text > -2 ? text : NAN;
	x[RANK_PAGE_ATTRIBUTES] = equal;
	x[RANK_PAGE_CATEGORY] = category / (float)page;
	x[RANK_PAGE_VARIANTS] = (float)variants;
}

static void of_product(const struct knowledge *k, uint32_t p, float *x)
{
	const float *n = number_of(k, p);
	uint32_t c = category_of(k, p);

	x[RANK_POPULAR] = n[KNOW_POPULAR];
	x[RANK_DAY_1] = n[KNOW_DAY_1];
	x[RANK_DAY_3] = n[KNOW_DAY_3];
	x[RANK_DAY_7] = n[KNOW_DAY_7];
	x[RANK_RISE] = logf((n[KNOW_DAY_1] + 1) / (n[KNOW_DAY_BEFORE] + 1));
	x[RANK_BUYERS] = n[KNOW_BUYERS];
	x[RANK_AGAIN_SHARE] = n[KNOW_BUYERS] > 0 ? n[KNOW_AGAIN] / n[KNOW_BUYERS] : 0;
	x[RANK_FIRST_AGE] = n[KNOW_FIRST];
	x[RANK_CATEGORY_PART] = k->category_popular[c] > 0 ?
		n[KNOW_POPULAR] / k->category_popular[c] : 0;
	x[RANK_PRICE] = k->price[p];
}

static float mean_price(const struct asking *g)
{
	float sum = 0;
	unsigned n = 0;

	for (unsigned i = g->first; i < g->past->n; i++) {
		float price = g->k->price[g->past->product[i]];

		if (!isnan(price)) {
			sum += price;
			n++;
		}
	}
	return n ? sum / (float)n : NAN;
}

static void features(const struct asking *g, uint32_t p, float price, float *x)
{
	static const enum rank_feature missing[] = {
		RANK_AGAIN_AGE, RANK_SEEN_AGE, RANK_VARIANT_AGE, RANK_TEXT_MAX, RANK_TEXT_MEAN,
		RANK_PAGE_CF, RANK_PAGE_COUNT, RANK_PAGE_TEXT, RANK_PAGE_ATTRIBUTES,
		RANK_PAGE_CATEGORY, RANK_PAGE_VARIANTS,
	};

	memset(x, 0, RANK_FEATURES * sizeof *x);
	for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
		x[missing[i]] = NAN;
	of_itself(g, p, x);
	beside_past(g, p, x);
	beside_page(g, p, x);
	of_product(g->k, p, x);
	x[RANK_CF_SUM] = g->cf.sum[p];
	x[RANK_CF_MAX] = g->cf_max[p];
	x[RANK_CF_COUNT] = g->cf_count[p];
	x[RANK_LIKE] = g->alike.sum[p];
	x[RANK_PRICE_RATIO] = x[RANK_PRICE] / price;
	x[RANK_PAST_N] = (float)g->past->n;
	x[RANK_PAST_AGE] = g->past->n ? g->past->age[g->past->n - 1] : NAN;
}

static bool make_rows(struct asking *g, struct candidates_of *out, struct err *err)
{
	struct candidates_of c = {.n = g->n_touched};
	float price = mean_price(g);

	sort_u32(g->touched, c.n);
	c.product = mem_alloc((c.n + 1) * sizeof *c.product);
	c.from = mem_alloc((c.n + 1) * sizeof *c.from);
	c.x = mem_big((size_t)c.n * RANK_FEATURES, sizeof *c.x, "features", err);
	for (uint32_t i = 0; c.x && i < c.n; i++) {
		c.product[i] = g->touched[i];
		c.from[i] = g->from[g->touched[i]];
		features(g, g->touched[i], price, c.x + (size_t)i * RANK_FEATURES);
	}
	if (!c.x) {
		candidates_of_finish(&c);
		return false;
	}
	*out = c;
	return true;
}

/* Arrays (P) of one asking. */
struct rooms {
	float *sum;
	uint32_t *at;
	uint16_t *from;
	uint8_t *wanted;
};

static void rooms_finish(struct rooms *r)
{
	free(r->sum);
	free(r->at);
	free(r->from);
	free(r->wanted);
}

static bool make_rooms(struct asking *g, struct rooms *r, struct err *err)
{
	size_t n = g->k->n_products;

	r->sum = mem_big(6 * n, sizeof *r->sum, "scores", err);
	r->at = mem_big(4 * n, sizeof *r->at, "scores", err);
	r->from = mem_big(n, sizeof *r->from, "scores", err);
	r->wanted = mem_zalloc((size_t)g->k->n_categories + 1);
	if (!r->sum || !r->at || !r->from)
		return false;
	g->cf = (struct sums){r->sum, r->at, 0};
	g->alike = (struct sums){r->sum + n, r->at + n, 0};
	g->page = (struct sums){r->sum + 2 * n, r->at + 2 * n, 0};
	g->touched = r->at + 3 * n;
	g->cf_max = r->sum + 3 * n;
	g->cf_count = r->sum + 4 * n;
	g->page_count = r->sum + 5 * n;
	g->from = r->from;
	g->wanted = r->wanted;
	return true;
}

static void clear(struct asking *g)
{
	for (uint32_t i = 0; i < g->cf.n; i++) {
		uint32_t p = g->cf.at[i];

		g->cf.sum[p] = g->cf_max[p] = g->cf_count[p] = 0;
	}
	for (uint32_t i = 0; i < g->alike.n; i++)
		g->alike.sum[g->alike.at[i]] = 0;
	for (uint32_t i = 0; i < g->page.n; i++)
		g->page.sum[g->page.at[i]] = g->page_count[g->page.at[i]] = 0;
	for (uint32_t i = 0; i < g->n_touched; i++)
		g->from[g->touched[i]] = 0;
	g->cf.n = g->alike.n = g->page.n = g->n_touched = 0;
}

static bool ask_all(struct asking *g, const struct alike_pasts *of, struct candidates_of *out,
		    struct err *err)
{
	for (unsigned i = 0; i < of->n; i++) {
		g->past = &of->past[i];
		g->first = g->past->n > RECENT ? g->past->n - RECENT : 0;
		g->users = of->hits + (size_t)i * (2 * ALIKE + 1);
		g->n_users = of->found[i];
		gather(g);
		if (!make_rows(g, &out[i], err)) {
			while (i-- > 0)
				candidates_of_finish(&out[i]);
			return false;
		}
		clear(g);
	}
	return true;
}

bool knowledge_candidates_many(const struct knowledge *k, const struct past *past, unsigned n,
			       struct candidates_of *out, struct err *err)
{
	const struct alike_ask ask = {.nearest = ALIKE, .except = CATALOG_NONE, .news = true};
	SCOPED_FREE struct hit *hits = mem_alloc(n * (2 * ALIKE + 1) * sizeof *hits);
	SCOPED_FREE unsigned *found = mem_alloc(n * sizeof *found);
	const struct alike_pasts of = {past, n, hits, found};
	struct asking g = {.k = k, .dot = kernels_best()->dot};
	struct rooms r = {0};
	bool ok = alike_users_many(&k->alike, &ask, &of, err) && make_rooms(&g, &r, err) &&
		  ask_all(&g, &of, out, err);

	rooms_finish(&r);
	return ok;
}

bool knowledge_candidates(const struct knowledge *k, const struct past *past,
			  struct candidates_of *out, struct err *err)
{
	return knowledge_candidates_many(k, past, 1, out, err);
}

void candidates_of_finish(struct candidates_of *c)
{
	free(c->product);
	free(c->from);
	free(c->x);
	*c = (struct candidates_of){0};
}
