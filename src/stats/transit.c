/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every worker counts in tables of its own, one per level. Categories are numbered
 * depth-first and products by category: the ascending products of a basket give
 * ascending ancestors at every level, and runs of equal ones are the
 * multiplicities. So a <= b, and where a level has few categories its table is a
 * triangle of counts, small enough for a near cache; a level of many has a hash
 * table. Baskets are counted, so the sums are the same in any order.
 *
 * A basket with a product of several categories is a list of memberships (category,
 * product), sorted and each once: at every level the products of a category are a run of
 * it, ascending. Two categories are together where two distinct products are, one of
 * each, and their pairs are |A| |B| - |A and B|: a product makes no pair with itself.
 */
#include "config.h"

#include "stats/transit.h"

#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "stats/scan.h"

#define BLOCK 16384u	/* sessions per task */
#define TRIANGLE_MAX 1024u	/* categories of a level */

static bool cells_grow(struct transit_cells *t)
{
	struct transit_cells big = {.size = t->size ? t->size * 2 : 1024, .used = t->used};

	big.cell = mem_big(big.size, sizeof *big.cell, "transitions", NULL);
	if (!big.cell)
		return false;
	for (size_t i = 0; i < big.size; i++)
		big.cell[i].key = TRANSIT_FREE;
	for (size_t i = 0; i < t->size; i++) {
		size_t at = t->cell[i].key * UINT64_C(0x9e3779b97f4a7c15) >> 20;

		if (t->cell[i].key == TRANSIT_FREE)
			continue;
		while (big.cell[at & (big.size - 1)].key != TRANSIT_FREE)
			at++;
		big.cell[at & (big.size - 1)] = t->cell[i];
	}
	free(t->cell);
	*t = big;
	return true;
}

static bool cells_add(struct transit_cells *t, uint32_t a, uint32_t b, uint32_t n, uint64_t pairs)
{
	uint64_t key = (uint64_t)a << 32 | b;
	size_t at = key * UINT64_C(0x9e3779b97f4a7c15) >> 20;
	struct transit_cell *c;

	if (t->used * 2 >= t->size && !cells_grow(t))
		return false;
	for (;; at++) {
		c = &t->cell[at & (t->size - 1)];
		if (c->key == key)
			break;
		if (c->key == TRANSIT_FREE) {
			c->key = key;
			t->used++;
			break;
		}
	}
	c->n += n;
	c->pairs += pairs;
	return true;
}

/* Counts of pairs of places a <= b at b (b + 1) / 2 + a. Most products of
 * multiplicities are 1: only what goes beyond is kept beside the baskets. */
struct triangle {
	uint32_t *n;
	uint64_t *more;
};

struct worker {
	struct marks products, categories;
	struct transit_sums sums;
	struct triangle triangle[CATALOG_LEVELS];	/* or the sums' cells */
	uint32_t *basket;	/* the distinct products */
	uint32_t *category, *times;	/* their runs by category, then by place */
	size_t cap;
	uint64_t *member;	/* of baskets with products of several categories */
	size_t cap_member;
	uint32_t weight;	/* how often the basket counts */
	bool failed;
};

struct counting {
	const struct transition_baskets *of;
	struct transit *t;
	unsigned kinds;
	struct worker *w;	/* (threads) */
	struct job *job;
};

/* Runs of the basket's k products by category to w->category and w->times. */
static uint32_t runs(const struct catalog *c, struct worker *w, uint32_t k)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < k; i++) {
		uint32_t at = c->product_category[w->basket[i]];

		if (n > 0 && w->category[n - 1] == at) {
			w->times[n - 1]++;
			continue;
		}
		w->category[n] = at;
		w->times[n++] = 1;
	}
	return n;
}

static void add_marginals(const struct catalog *c, struct worker *w, uint32_t n,
			  bool multi)
{
	uint32_t of_multi = multi ? w->weight : 0;

	w->sums.baskets += w->weight;
	w->sums.multi_baskets += of_multi;
	marks_next(&w->categories);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = w->category[i];

		w->sums.own[at] += w->weight;
		w->sums.own_multi[at] += of_multi;
		for (; at != CATALOG_NONE && marks_add(&w->categories, at);
		     at = c->category_parent[at]) {
			w->sums.from[at] += w->weight;
			w->sums.multi[at] += of_multi;
		}
	}
}

struct run_heads {
	uint32_t *place, *times;
};

/* Runs of the level above from n runs by category: to the free half of them. */
static uint32_t merge_runs(const struct transit_level *l, const struct worker *w, uint32_t n,
			   struct run_heads to)
{
	uint32_t k = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = l->place[w->category[i]];

		if (k > 0 && to.place[k - 1] == at) {
			to.times[k - 1] += w->times[i];
			continue;
		}
		to.place[k] = at;
		to.times[k++] = w->times[i];
	}
	return k;
}

/* A basket that counts so often has so many pairs at a cell. */
static inline void triangle_add(struct triangle *t, size_t at, uint64_t pairs, uint32_t weight)
{
	t->n[at] += weight;
	if (pairs > 1)
		t->more[at] += (pairs - 1) * weight;
}

static void add_near(struct worker *w, unsigned d, struct run_heads of, uint32_t n)
{
	struct triangle *t = &w->triangle[d];

	for (uint32_t j = 0; j < n; j++) {
		size_t row = (size_t)of.place[j] * (of.place[j] + 1) / 2;
		uint64_t m = of.times[j];

		for (uint32_t i = 0; i < j; i++)
			triangle_add(t, row + of.place[i], m * of.times[i], w->weight);
		if (m > 1)
			triangle_add(t, row + of.place[j], m * (m - 1) / 2, w->weight);
	}
}

static bool add_far(struct worker *w, unsigned d, struct run_heads of, uint32_t n)
{
	struct transit_cells *t = &w->sums.level[d];
	const uint32_t *place = of.place;

	for (uint32_t i = 0; i < n; i++) {
		uint64_t m = (uint64_t)of.times[i] * w->weight;

		if (of.times[i] > 1 &&
		    !cells_add(t, place[i], place[i], w->weight, m * (of.times[i] - 1) / 2))
			return false;
		for (uint32_t j = i + 1; j < n; j++)
			if (!cells_add(t, place[i], place[j], w->weight, m * of.times[j]))
				return false;
	}
	return true;
}

static bool add_pairs(const struct transit *t, struct worker *w, uint32_t n)
{
	struct run_heads above = {w->category + n, w->times + n};

	for (unsigned d = 0; d < t->levels; d++) {
		uint32_t k = merge_runs(&t->level[d], w, n, above);

		if (w->triangle[d].n)
			add_near(w, d, above, k);
		else if (!add_far(w, d, above, k))
			return false;
	}
	return true;
}

/* --- baskets with products of several categories */

static int by_key(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Sorted, each once; how many are left. */
static uint32_t once(uint64_t *key, uint32_t n)
{
	uint32_t k = 0;

	qsort(key, n, sizeof *key, by_key);
	for (uint32_t i = 0; i < n; i++)
		if (k == 0 || key[i] != key[k - 1])
			key[k++] = key[i];
	return k;
}

static bool is_several(const struct catalog *c, const struct worker *w, uint32_t k)
{
	const uint64_t *row = c->product_place_offsets;
	uint32_t i = 0;

	while (row && i < k && row[w->basket[i]] == row[w->basket[i] + 1])
		i++;
	return row && i < k;
}

/* category << 32 | product, of all categories of the basket's k products, to w->member. */
static uint32_t memberships(const struct catalog *c, struct worker *w, uint32_t k)
{
	uint32_t n = 0, places;

	for (uint32_t i = 0; i < k; i++) {
		uint32_t p = w->basket[i];
		const uint32_t *place = catalog_places(c, p, &places);

		/* Twice, since a level's come behind them. */
		MEM_GROW(w->member, w->cap_member, 2 * ((size_t)n + places + 1));
		w->member[n++] = (uint64_t)c->product_category[p] << 32 | p;
		for (uint32_t j = 0; j < places; j++)
			w->member[n++] = (uint64_t)place[j] << 32 | p;
	}
	return once(w->member, n);
}

/* A run of memberships: the products of one place. */
struct run {
	const uint64_t *at;
	uint32_t n, place;
};

static uint32_t run_length(const uint64_t *key, uint32_t n)
{
	uint32_t k = 1;

	while (k < n && key[k] >> 32 == key[0] >> 32)
		k++;
	return k;
}

/* Pairs of distinct products, one of each; of one place: of two of its products. */
static uint64_t run_pairs(const struct run *a, const struct run *b)
{
	uint64_t both = 0;
	uint32_t i = 0, j = 0;

	if (a->place == b->place)
		return (uint64_t)a->n * (a->n - 1) / 2;
	while (i < a->n && j < b->n) {
		uint32_t x = (uint32_t)a->at[i], y = (uint32_t)b->at[j];

		both += x == y;
		i += x <= y;
		j += y <= x;
	}
	return (uint64_t)a->n * b->n - both;
}

static bool add_cell(struct worker *w, unsigned d,
		     const struct run *a, const struct run *b)
{
	uint64_t pairs = run_pairs(a, b);

	if (pairs && w->triangle[d].n)
		triangle_add(&w->triangle[d],
			     (size_t)b->place * (b->place + 1) / 2 + a->place, pairs, w->weight);
	return !pairs || w->triangle[d].n ||
	       cells_add(&w->sums.level[d], a->place, b->place, w->weight, pairs * w->weight);
}

/* The pairs of one level of n memberships. */
static bool add_members(const struct transit *t, struct worker *w, unsigned d, uint32_t n)
{
	uint64_t *key = w->member + n;
	struct run a, b;

	for (uint32_t i = 0; i < n; i++)
		key[i] = (uint64_t)t->level[d].place[w->member[i] >> 32] << 32 |
			 (uint32_t)w->member[i];
	n = once(key, n);
	for (uint32_t i = 0; i < n; i += a.n) {
		a = (struct run){key + i, run_length(key + i, n - i), (uint32_t)(key[i] >> 32)};
		for (uint32_t j = i; j < n; j += b.n) {
			b = (struct run){key + j, run_length(key + j, n - j),
					 (uint32_t)(key[j] >> 32)};
			if (!add_cell(w, d, &a, &b))
				return false;
		}
	}
	return true;
}

static bool add_several(const struct counting *g, struct worker *w, uint32_t k)
{
	uint32_t n = memberships(g->of->c, w, k), categories = 0;

	if (n > w->cap) {
		w->cap = 2 * (size_t)n;
		w->basket = mem_resize(w->basket, w->cap, sizeof *w->basket);
		w->category = mem_resize(w->category, w->cap * 2, sizeof *w->category);
		w->times = mem_resize(w->times, w->cap * 2, sizeof *w->times);
	}
	for (uint32_t i = 0; i < n; i++)
		if (i == 0 || w->member[i] >> 32 != w->member[i - 1] >> 32)
			w->category[categories++] = (uint32_t)(w->member[i] >> 32);
	add_marginals(g->of->c, w, categories, k > 1);
	for (unsigned d = 0; k > 1 && d < g->t->levels; d++)
		if (!add_members(g->t, w, d, n))
			return false;
	return true;
}

static bool add_basket(const struct counting *g, struct worker *w, uint32_t s)
{
	const struct catalog *c = g->of->c;
	uint64_t events = c->session_offsets[s + 1] - c->session_offsets[s];
	uint32_t k, n;

	if (events > w->cap) {
		w->cap = events * 2;
		w->basket = mem_resize(w->basket, w->cap, sizeof *w->basket);
		w->category = mem_resize(w->category, w->cap * 2, sizeof *w->category);
		w->times = mem_resize(w->times, w->cap * 2, sizeof *w->times);
	}
	k = scan_distinct(c, s, g->kinds, &w->products, w->basket);
	/* Products of unknown category have the highest numbers. */
	while (k > 0 && c->product_category[w->basket[k - 1]] == CATALOG_NONE)
		k--;
	if (k == 0)
		return true;
	if (is_several(c, w, k))
		return add_several(g, w, k);
	n = runs(c, w, k);
	add_marginals(c, w, n, k > 1);
	return k == 1 || add_pairs(g->t, w, n);
}

static void transit_block(void *ctx, size_t task, unsigned worker)
{
	struct counting *g = ctx;
	const struct catalog *c = g->of->c;
	struct worker *w = &g->w[worker];
	uint64_t end = ((uint64_t)task + 1) * BLOCK;

	if (job_cancelled(g->job) || w->failed)
		return;
	end = end < c->n_sessions ? end : c->n_sessions;
	for (uint32_t s = (uint32_t)task * BLOCK; s < end; s++) {
		if (!scan_counted(c, s, &w->products))
			continue;
		w->weight = g->of->weight ? g->of->weight[s] : 1;
		if (!add_basket(g, w, s)) {
			w->failed = true;
			return;
		}
	}
	job_advance(g->job, end - (uint64_t)task * BLOCK);
}

static bool triangle_init(struct triangle *t, size_t n, struct err *err)
{
	size_t cells = n * (n + 1) / 2;

	t->n = mem_big(cells, sizeof *t->n, "transitions", err);
	t->more = mem_big(cells, sizeof *t->more, "transitions", err);
	return t->n && t->more;
}

static bool worker_init(struct worker *w, const struct counting *g, struct err *err)
{
	const struct catalog *c = g->of->c;
	struct transit_sums *s = &w->sums;
	size_t n = c->n_categories;
	const char *what = "transitions";

	for (unsigned d = 0; d < g->t->levels; d++)
		if (g->t->level[d].n <= TRIANGLE_MAX &&
		    !triangle_init(&w->triangle[d], g->t->level[d].n, err))
			return false;
	s->from = mem_big(n, sizeof *s->from, what, err);
	s->multi = mem_big(n, sizeof *s->multi, what, err);
	s->own = mem_big(n, sizeof *s->own, what, err);
	s->own_multi = mem_big(n, sizeof *s->own_multi, what, err);
	return s->from && s->multi && s->own && s->own_multi &&
	       marks_init(&w->products, c->n_products, err) &&
	       marks_init(&w->categories, n, err);
}

static void sums_finish(struct transit_sums *s)
{
	for (unsigned d = 0; d < CATALOG_LEVELS; d++)
		free(s->level[d].cell);
	free(s->from);
	free(s->multi);
	free(s->own);
	free(s->own_multi);
}

static void worker_finish(struct worker *w)
{
	sums_finish(&w->sums);
	marks_finish(&w->products);
	marks_finish(&w->categories);
	for (unsigned d = 0; d < CATALOG_LEVELS; d++) {
		free(w->triangle[d].n);
		free(w->triangle[d].more);
	}
	free(w->basket);
	free(w->category);
	free(w->times);
	free(w->member);
}

static bool merge_cells(struct transit_cells *all, const struct transit_cells *one)
{
	for (size_t i = 0; i < one->size; i++) {
		const struct transit_cell *c = &one->cell[i];

		if (c->key != TRANSIT_FREE &&
		    !cells_add(all, (uint32_t)(c->key >> 32), (uint32_t)c->key, c->n,
			       c->pairs))
			return false;
	}
	return true;
}

static bool merge_triangle(struct transit_cells *all, const struct triangle *one, uint32_t n)
{
	size_t at = 0;

	for (uint32_t b = 0; b < n; b++)
		for (uint32_t a = 0; a <= b; a++, at++)
			if (one->n[at] && !cells_add(all, a, b, one->n[at],
						     one->n[at] + one->more[at]))
				return false;
	return true;
}

static void add_sums(struct transit_sums *all, const struct transit_sums *one, uint32_t categories)
{
	all->baskets += one->baskets;
	all->multi_baskets += one->multi_baskets;
	for (uint32_t i = 0; i < categories; i++) {
		all->from[i] += one->from[i];
		all->multi[i] += one->multi[i];
		all->own[i] += one->own[i];
		all->own_multi[i] += one->own_multi[i];
	}
}

/* Everything to the first worker's sums. */
static bool merge(struct counting *g, unsigned threads)
{
	struct transit_sums *all = &g->w[0].sums;
	bool ok = true;

	for (unsigned t = 0; t < threads && ok; t++) {
		struct worker *w = &g->w[t];

		ok = !w->failed;
		for (unsigned d = 0; ok && d < g->t->levels; d++)
			ok = w->triangle[d].n ?
			     merge_triangle(&all->level[d], &w->triangle[d],
					    g->t->level[d].n) :
			     t == 0 || merge_cells(&all->level[d], &w->sums.level[d]);
		if (t)
			add_sums(all, &w->sums, g->of->c->n_categories);
	}
	return ok;
}

static unsigned count_levels(const struct catalog *c)
{
	unsigned deepest = 0;

	for (uint32_t i = 0; i < c->n_categories; i++)
		if (c->category_depth[i] > deepest)
			deepest = c->category_depth[i];
	return deepest + 1 < CATALOG_LEVELS ? deepest + 1 : CATALOG_LEVELS;
}

static bool level_init(struct transit_level *l, const struct catalog *c, unsigned depth,
		       struct err *err)
{
	l->place = mem_big(c->n_categories, sizeof *l->place, "transitions", err);
	l->category = mem_big(c->n_categories, sizeof *l->category, "transitions", err);
	if (!l->place || !l->category)
		return false;
	/* Depth-first: ancestors come in ascending order, equal ones together. */
	for (uint32_t i = 0; i < c->n_categories; i++) {
		uint32_t at = catalog_ancestor(c, i, depth);

		if (l->n == 0 || l->category[l->n - 1] != at)
			l->category[l->n++] = at;
		l->place[i] = l->n - 1;
	}
	return true;
}

static bool count_all(struct counting *g, struct pool *pool, struct err *err)
{
	unsigned threads = pool_threads(pool);

	for (unsigned t = 0; t < threads; t++)
		if (!worker_init(&g->w[t], g, err))
			return false;
	pool_run(pool, ((size_t)g->of->c->n_sessions + BLOCK - 1) / BLOCK, transit_block, g);
	if (!job_check(g->job, err))
		return false;
	if (!merge(g, threads))
		return err_fail(err, ERR_NOMEM, "out of memory while counting transitions");
	g->t->sums = g->w[0].sums;
	g->w[0].sums = (struct transit_sums){0};
	return true;
}

bool transit_count(struct transit *t, const struct transition_baskets *of, struct work work,
		   struct err *err)
{
	unsigned threads = pool_threads(work.pool);
	struct counting g = {
		.of = of, .t = t, .kinds = KIND_BIT(basket_event(of->kind)), .job = work.job,
	};
	bool ok;

	*t = (struct transit){.levels = count_levels(of->c)};
	for (unsigned d = 0; d < t->levels; d++)
		if (!level_init(&t->level[d], of->c, d, err))
			return false;
	g.w = mem_zalloc(threads * sizeof *g.w);
	ok = count_all(&g, work.pool, err);
	for (unsigned i = 0; i < threads; i++)
		worker_finish(&g.w[i]);
	free(g.w);
	return ok;
}

void transit_finish(struct transit *t)
{
	sums_finish(&t->sums);
	for (unsigned d = 0; d < CATALOG_LEVELS; d++) {
		free(t->level[d].place);
		free(t->level[d].category);
	}
}
