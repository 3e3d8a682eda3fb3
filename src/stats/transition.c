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

#include "stats/transition.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"
#include "stats/assoc.h"
#include "stats/given.h"
#include "stats/scan.h"
#include "store/build.h"

#define CELL_FREE UINT64_MAX
#define BLOCK 16384u	/* sessions per task */
#define TRIANGLE_MAX 1024u	/* categories of a level */

struct cell {
	uint64_t key;		/* a << 32 | b, a <= b */
	uint64_t pairs;
	uint32_t n;
};

/* Open addressing, a power of two of cells, at most half full. */
struct cells {
	struct cell *cell;
	size_t size, used;
};

static bool cells_grow(struct cells *t)
{
	struct cells big = {.size = t->size ? t->size * 2 : 1024, .used = t->used};

	big.cell = mem_big(big.size, sizeof *big.cell, "transitions", NULL);
	if (!big.cell)
		return false;
	for (size_t i = 0; i < big.size; i++)
		big.cell[i].key = CELL_FREE;
	for (size_t i = 0; i < t->size; i++) {
		size_t at = t->cell[i].key * UINT64_C(0x9e3779b97f4a7c15) >> 20;

		if (t->cell[i].key == CELL_FREE)
			continue;
		while (big.cell[at & (big.size - 1)].key != CELL_FREE)
			at++;
		big.cell[at & (big.size - 1)] = t->cell[i];
	}
	free(t->cell);
	*t = big;
	return true;
}

static bool cells_add(struct cells *t, uint32_t a, uint32_t b, uint32_t n, uint64_t pairs)
{
	uint64_t key = (uint64_t)a << 32 | b;
	size_t at = key * UINT64_C(0x9e3779b97f4a7c15) >> 20;
	struct cell *c;

	if (t->used * 2 >= t->size && !cells_grow(t))
		return false;
	for (;; at++) {
		c = &t->cell[at & (t->size - 1)];
		if (c->key == key)
			break;
		if (c->key == CELL_FREE) {
			c->key = key;
			t->used++;
			break;
		}
	}
	c->n += n;
	c->pairs += pairs;
	return true;
}

/* The categories that products have at a level. */
struct level {
	uint32_t *place;	/* (C) a category's, or its ancestor's, among them */
	uint32_t *category;	/* (n) ascending */
	uint32_t n;
};

/* Counts of pairs of places a <= b at b (b + 1) / 2 + a. Most products of
 * multiplicities are 1: only what goes beyond is kept beside the baskets. */
struct triangle {
	uint32_t *n;
	uint64_t *more;
};

struct worker {
	struct marks products, categories;
	struct cells level[CATALOG_LEVELS];
	struct triangle triangle[CATALOG_LEVELS];	/* or the cells */
	uint32_t *from, *multi, *own, *own_multi;	/* (C) */
	uint64_t baskets, multi_baskets;
	uint32_t *basket;	/* the distinct products */
	uint32_t *category, *times;	/* their runs by category, then by place */
	size_t cap;
	uint64_t *member;	/* of baskets with products of several categories */
	size_t cap_member;
	uint32_t weight;	/* how often the basket counts */
	bool failed;
};

struct transiting {
	const struct catalog *c;
	const uint32_t *weight;	/* (n_sessions) how often each counts; NULL: once */
	unsigned kinds, levels;
	struct level level[CATALOG_LEVELS];
	struct worker *w;	/* (threads); the first is the sum afterwards */
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

	w->baskets += w->weight;
	w->multi_baskets += of_multi;
	marks_next(&w->categories);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = w->category[i];

		w->own[at] += w->weight;
		w->own_multi[at] += of_multi;
		for (; at != CATALOG_NONE && marks_add(&w->categories, at);
		     at = c->category_parent[at]) {
			w->from[at] += w->weight;
			w->multi[at] += of_multi;
		}
	}
}

struct run_heads {
	uint32_t *place, *times;
};

/* Runs of the level above from n runs by category: to the free half of them. */
static uint32_t merge_runs(const struct level *l, const struct worker *w, uint32_t n,
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
	struct cells *t = &w->level[d];
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

static bool add_pairs(const struct transiting *g, struct worker *w, uint32_t n)
{
	struct run_heads above = {w->category + n, w->times + n};

	for (unsigned d = 0; d < g->levels; d++) {
		uint32_t k = merge_runs(&g->level[d], w, n, above);

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
	       cells_add(&w->level[d], a->place, b->place, w->weight, pairs * w->weight);
}

/* The pairs of one level of n memberships. */
static bool add_members(const struct transiting *g, struct worker *w, unsigned d, uint32_t n)
{
	uint64_t *key = w->member + n;
	struct run a, b;

	for (uint32_t i = 0; i < n; i++)
		key[i] = (uint64_t)g->level[d].place[w->member[i] >> 32] << 32 |
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

static bool add_several(const struct transiting *g, struct worker *w, uint32_t k)
{
	uint32_t n = memberships(g->c, w, k), categories = 0;

	if (n > w->cap) {
		w->cap = 2 * (size_t)n;
		w->basket = mem_resize(w->basket, w->cap, sizeof *w->basket);
		w->category = mem_resize(w->category, w->cap * 2, sizeof *w->category);
		w->times = mem_resize(w->times, w->cap * 2, sizeof *w->times);
	}
	for (uint32_t i = 0; i < n; i++)
		if (i == 0 || w->member[i] >> 32 != w->member[i - 1] >> 32)
			w->category[categories++] = (uint32_t)(w->member[i] >> 32);
	add_marginals(g->c, w, categories, k > 1);
	for (unsigned d = 0; k > 1 && d < g->levels; d++)
		if (!add_members(g, w, d, n))
			return false;
	return true;
}

static bool add_basket(const struct transiting *g, struct worker *w, uint32_t s)
{
	const struct catalog *c = g->c;
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
	return k == 1 || add_pairs(g, w, n);
}

static void transit_block(void *ctx, size_t task, unsigned worker)
{
	struct transiting *g = ctx;
	struct worker *w = &g->w[worker];
	uint64_t end = ((uint64_t)task + 1) * BLOCK;

	if (job_cancelled(g->job) || w->failed)
		return;
	end = end < g->c->n_sessions ? end : g->c->n_sessions;
	for (uint32_t s = (uint32_t)task * BLOCK; s < end; s++) {
		if (!scan_counted(g->c, s, &w->products))
			continue;
		w->weight = g->weight ? g->weight[s] : 1;
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

static bool worker_init(struct worker *w, const struct transiting *g, struct err *err)
{
	const struct catalog *c = g->c;
	size_t n = c->n_categories;
	const char *what = "transitions";

	for (unsigned d = 0; d < g->levels; d++)
		if (g->level[d].n <= TRIANGLE_MAX &&
		    !triangle_init(&w->triangle[d], g->level[d].n, err))
			return false;
	w->from = mem_big(n, sizeof *w->from, what, err);
	w->multi = mem_big(n, sizeof *w->multi, what, err);
	w->own = mem_big(n, sizeof *w->own, what, err);
	w->own_multi = mem_big(n, sizeof *w->own_multi, what, err);
	return w->from && w->multi && w->own && w->own_multi &&
	       marks_init(&w->products, c->n_products, err) &&
	       marks_init(&w->categories, n, err);
}

static void worker_finish(struct worker *w)
{
	marks_finish(&w->products);
	marks_finish(&w->categories);
	for (unsigned d = 0; d < CATALOG_LEVELS; d++) {
		free(w->level[d].cell);
		free(w->triangle[d].n);
		free(w->triangle[d].more);
	}
	free(w->from);
	free(w->multi);
	free(w->own);
	free(w->own_multi);
	free(w->basket);
	free(w->category);
	free(w->times);
	free(w->member);
}

static bool merge_cells(struct cells *all, const struct cells *one)
{
	for (size_t i = 0; i < one->size; i++) {
		const struct cell *c = &one->cell[i];

		if (c->key != CELL_FREE &&
		    !cells_add(all, (uint32_t)(c->key >> 32), (uint32_t)c->key, c->n,
			       c->pairs))
			return false;
	}
	return true;
}

static bool merge_triangle(struct cells *all, const struct triangle *one, uint32_t n)
{
	size_t at = 0;

	for (uint32_t b = 0; b < n; b++)
		for (uint32_t a = 0; a <= b; a++, at++)
			if (one->n[at] && !cells_add(all, a, b, one->n[at],
						     one->n[at] + one->more[at]))
				return false;
	return true;
}

/* Everything to the first worker's marginals and cells. */
static bool merge(struct transiting *g, unsigned threads)
{
	struct worker *all = &g->w[0];
	bool ok = !all->failed;

	for (unsigned t = 0; t < threads && ok; t++) {
		struct worker *w = &g->w[t];

		ok = !w->failed;
		for (unsigned d = 0; ok && d < g->levels; d++)
			ok = w->triangle[d].n ?
			     merge_triangle(&all->level[d], &w->triangle[d],
					    g->level[d].n) :
			     t == 0 || merge_cells(&all->level[d], &w->level[d]);
		if (t == 0)
			continue;
		all->baskets += w->baskets;
		all->multi_baskets += w->multi_baskets;
		for (uint32_t i = 0; i < g->c->n_categories; i++) {
			all->from[i] += w->from[i];
			all->multi[i] += w->multi[i];
			all->own[i] += w->own[i];
			all->own_multi[i] += w->own_multi[i];
		}
	}
	return ok;
}

/* One level as a CSR with both directions. */
struct csr_level {
	uint64_t *offsets, *pairs;
	uint32_t *column, *value;
	uint64_t entries;
};

static void csr_level_finish(struct csr_level *l)
{
	free(l->offsets);
	free(l->pairs);
	free(l->column);
	free(l->value);
}

static bool csr_level_init(struct csr_level *l, size_t rows, uint64_t entries,
			   struct err *err)
{
	const char *what = "transitions";

	l->entries = entries;
	l->offsets = mem_big(rows + 1, sizeof *l->offsets, what, err);
	l->pairs = mem_big(entries, sizeof *l->pairs, what, err);
	l->column = mem_big(entries, sizeof *l->column, what, err);
	l->value = mem_big(entries, sizeof *l->value, what, err);
	return l->offsets && l->pairs && l->column && l->value;
}

uint64_t transition_marginal(struct transition_level of, uint32_t category)
{
	bool whole = of.c->category_depth[category] == of.level;

	if (of.multi)
		return whole ? of.t->multi[category] : of.t->own_multi[category];
	return whole ? of.t->from[category] : of.t->own[category];
}

double transition_family(const struct catalog *c, const struct transition_counts *t,
			 unsigned level, bool multi)
{
	double n = 0;

	for (uint32_t i = 0; i < c->n_categories; i++)
		n += c->category_depth[i] <= level &&
		     transition_marginal((struct transition_level){c, t, level, multi}, i) > 0;
	return n * (n - 1) / 2;
}

/* (a, b) and (b, a) of every cell as categories, sorted by key. */
static bool both_ways(const struct level *l, const struct cells *t,
		      struct sort_item **items, size_t *n, struct pool *pool,
		      struct err *err)
{
	SCOPED_FREE struct sort_item *item = mem_big(t->used * 2, sizeof *item,
						     "transitions", err);
	size_t k = 0;

	if (!item)
		return false;
	for (size_t i = 0; i < t->size; i++) {
		uint64_t key = t->cell[i].key, a, b;

		if (key == CELL_FREE)
			continue;
		a = l->category[key >> 32];
		b = l->category[key & UINT32_MAX];
		item[k++] = (struct sort_item){a << 32 | b, i};
		if (a != b)
			item[k++] = (struct sort_item){b << 32 | a, i};
	}
	if (!sort_items(item, k, pool, err))
		return false;
	*n = k;
	*items = item;
	item = NULL;
	return true;
}

static bool level_csr(struct csr_level *l, const struct level *level,
		      const struct cells *t, size_t rows, struct pool *pool,
		      struct err *err)
{
	SCOPED_FREE struct sort_item *item = NULL;
	size_t n;

	if (!both_ways(level, t, &item, &n, pool, err) || !csr_level_init(l, rows, n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct cell *c = &t->cell[item[i].value];

		l->offsets[(item[i].key >> 32) + 1]++;
		l->column[i] = (uint32_t)item[i].key;
		l->value[i] = c->n;
		l->pairs[i] = c->pairs;
	}
	for (size_t i = 0; i < rows; i++)
		l->offsets[i + 1] += l->offsets[i];
	return true;
}

/* q values of the pairs a < b, and of all. */
struct both_sides {
	double *upper, *q;
};

/* The q of the entries where column > row, and of their mirror images: walking
 * the rows in order meets both sides of a column in the same order. */
static void spread(const struct csr_level *l, uint64_t *next, size_t rows, struct both_sides to)
{
	size_t k = 0;

	memcpy(next, l->offsets, rows * sizeof *next);
	for (size_t a = 0; a < rows; a++)
		for (uint64_t i = l->offsets[a]; i < l->offsets[a + 1]; i++) {
			uint32_t b = l->column[i];

			if (b == a)
				to.q[i] = NAN;
			if (b > a)
				to.q[i] = to.q[next[b]++] = to.upper[k++];
		}
}

/* q (entries): Benjamini-Hochberg over the level. */
static bool test_level(struct transition_level of, const struct csr_level *l, double *q,
		       struct err *err)
{
	uint32_t n = of.c->n_categories;
	SCOPED_FREE double *p = mem_big(l->entries, sizeof *p, "p-values", err);
	SCOPED_FREE uint64_t *next = mem_big(n, sizeof *next, "p-values", err);
	size_t k = 0;

	if (!p || !next)
		return false;
	for (uint32_t a = 0; a < n; a++)
		for (uint64_t i = l->offsets[a]; i < l->offsets[a + 1]; i++) {
			struct assoc_counts x = {l->value[i], transition_marginal(of, a),
						 transition_marginal(of, l->column[i]),
						 of.multi ? of.t->multi_baskets
							  : of.t->baskets};

			if (l->column[i] > a)
				p[k++] = assoc_p(&x);
		}
	if (!assoc_bh(p, p, k, transition_family(of.c, of.t, of.level, of.multi)))
		return err_fail(err, ERR_NOMEM, "out of memory for %zu q-values", k);
	spread(l, next, n, (struct both_sides){p, q});
	return true;
}

struct writer {
	struct build *b;
	enum basket_kind kind;
	uint64_t rows;
	struct pool *pool;
	struct err *err;
};

struct part_data {
	enum array_type type;
	uint64_t n;
	const void *data;
};

static bool put(struct writer *w, const char *part, struct part_data d)
{
	char name[96];

	snprintf(name, sizeof name, "transition/%s/%s", basket_kind_name(w->kind), part);
	return build_array(w->b, name, d.type, d.n, 1, d.data, w->err);
}

static bool put_part(struct writer *w, unsigned d, const char *name, struct part_data x)
{
	char part[24];

	snprintf(part, sizeof part, "%u/%s", d % CATALOG_LEVELS, name);
	return put(w, part, x);
}

static bool put_tests(struct writer *w, unsigned d, const struct csr_level *l,
		      const struct transition_counts *t)
{
	static const char *const names[2] = {"q", "q-multi"};
	SCOPED_FREE double *q = mem_big(l->entries, sizeof *q, "q-values", w->err);

	for (unsigned multi = 0; q && multi < 2; multi++) {
		const struct catalog *c;

		/* It is bound anew after each array. */
		if (!build_catalog(w->b, &c, w->err) ||
		    !test_level((struct transition_level){c, t, d, multi}, l, q, w->err) ||
		    !put_part(w, d, names[multi], (struct part_data){ARRAY_F64, l->entries, q}))
			return false;
	}
	return q;
}

static bool put_level(struct writer *w, unsigned d, const struct level *level,
		      const struct cells *cells, const struct transition_counts *t)
{
	struct csr_level l = {0};
	bool ok;

	ok = level_csr(&l, level, cells, w->rows, w->pool, w->err) &&
	     put_part(w, d, "column", (struct part_data){ARRAY_U32, l.entries, l.column}) &&
	     put_part(w, d, "value", (struct part_data){ARRAY_U32, l.entries, l.value}) &&
	     put_part(w, d, "pairs", (struct part_data){ARRAY_U64, l.entries, l.pairs}) &&
	     put_tests(w, d, &l, t) &&
	     put_part(w, d, "offsets", (struct part_data){ARRAY_U64, w->rows + 1, l.offsets});
	csr_level_finish(&l);
	return ok;
}

static bool put_all(struct writer *w, const struct transiting *g)
{
	const struct worker *all = &g->w[0];
	uint64_t baskets[2] = {all->baskets, all->multi_baskets};
	const struct transition_counts t = {
		.from = all->from, .multi = all->multi, .own = all->own,
		.own_multi = all->own_multi, .baskets = all->baskets,
		.multi_baskets = all->multi_baskets,
	};

	for (unsigned d = 0; d < g->levels; d++)
		if (!put_level(w, d, &g->level[d], &all->level[d], &t))
			return false;
	return put(w, "from", (struct part_data){ARRAY_U32, w->rows, all->from}) &&
	       put(w, "multi", (struct part_data){ARRAY_U32, w->rows, all->multi}) &&
	       put(w, "own", (struct part_data){ARRAY_U32, w->rows, all->own}) &&
	       put(w, "own-multi", (struct part_data){ARRAY_U32, w->rows, all->own_multi}) &&
	       put(w, "baskets", (struct part_data){ARRAY_U64, 2, baskets});
}

static unsigned count_levels(const struct catalog *c)
{
	unsigned deepest = 0;

	for (uint32_t i = 0; i < c->n_categories; i++)
		if (c->category_depth[i] > deepest)
			deepest = c->category_depth[i];
	return deepest + 1 < CATALOG_LEVELS ? deepest + 1 : CATALOG_LEVELS;
}

static bool level_init(struct level *l, const struct catalog *c, unsigned depth,
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

/* Counts everything; the first worker has the sum. */
static bool transit(struct transiting *g, enum basket_kind kind, struct pool *pool,
		    struct err *err)
{
	unsigned threads = pool_threads(pool);

	g->kinds = KIND_BIT(basket_event(kind));
	g->levels = count_levels(g->c);
	g->w = mem_zalloc(threads * sizeof *g->w);
	for (unsigned d = 0; d < g->levels; d++)
		if (!level_init(&g->level[d], g->c, d, err))
			return false;
	for (unsigned t = 0; t < threads; t++)
		if (!worker_init(&g->w[t], g, err))
			return false;
	pool_run(pool, ((size_t)g->c->n_sessions + BLOCK - 1) / BLOCK, transit_block, g);
	if (!job_check(g->job, err))
		return false;
	return merge(g, threads) ||
	       err_fail(err, ERR_NOMEM, "out of memory while counting transitions");
}

static void transit_finish(struct transiting *g, struct pool *pool)
{
	for (unsigned t = 0; g->w && t < pool_threads(pool); t++)
		worker_finish(&g->w[t]);
	for (unsigned d = 0; d < CATALOG_LEVELS; d++) {
		free(g->level[d].place);
		free(g->level[d].category);
	}
	free(g->w);
}

bool transition_count(struct build *b, enum basket_kind kind, struct work work,
		      struct err *err)
{
	struct transiting g = {.job = work.job};
	struct writer w = {b, kind, 0, work.pool, err};
	bool ok;

	if (!build_catalog(b, &g.c, err))
		return false;
	if (g.c->n_categories == 0)
		return true;
	job_step(work.job, "counting transitions", g.c->n_sessions);
	w.rows = g.c->n_categories;
	ok = transit(&g, kind, work.pool, err) && put_all(&w, &g);
	transit_finish(&g, work.pool);
	return ok;
}

/* A level whose counts are there. */
static bool put_given(struct writer *w, unsigned d, const struct transition_counts *t)
{
	const struct csr *m = &t->level[d];
	/* Read alone. */
	struct csr_level l = {(uint64_t *)m->offsets, (uint64_t *)t->pairs[d],
			      (uint32_t *)m->column, (uint32_t *)m->value, m->entries};

	return put_part(w, d, "column", (struct part_data){ARRAY_U32, l.entries, l.column}) &&
	       put_part(w, d, "value", (struct part_data){ARRAY_U32, l.entries, l.value}) &&
	       put_part(w, d, "pairs", (struct part_data){ARRAY_U64, l.entries, l.pairs}) &&
	       put_tests(w, d, &l, t) &&
	       put_part(w, d, "offsets", (struct part_data){ARRAY_U64, w->rows + 1, l.offsets});
}

bool given_transitions(struct build *b, enum basket_kind kind,
		       const struct transition_counts *t, struct err *err)
{
	struct writer w = {.b = b, .kind = kind, .err = err};
	uint64_t baskets[2] = {t->baskets, t->multi_baskets};
	const struct catalog *c;

	if (!build_catalog(b, &c, err))
		return false;
	w.rows = c->n_categories;
	for (unsigned d = 0; d < t->levels; d++)
		if (!put_given(&w, d, t))
			return false;
	return put(&w, "from", (struct part_data){ARRAY_U32, w.rows, t->from}) &&
	       put(&w, "multi", (struct part_data){ARRAY_U32, w.rows, t->multi}) &&
	       put(&w, "own", (struct part_data){ARRAY_U32, w.rows, t->own}) &&
	       put(&w, "own-multi", (struct part_data){ARRAY_U32, w.rows, t->own_multi}) &&
	       put(&w, "baskets", (struct part_data){ARRAY_U64, 2, baskets});
}

static bool table_level(struct transition_table *t, const struct transiting *g,
			unsigned d, struct pool *pool, struct err *err)
{
	const struct catalog *c = g->c;
	struct csr_level l = {0};
	void **own = &t->memory[4 + 6 * d];
	double *q[2];

	if (!level_csr(&l, &g->level[d], &g->w[0].level[d], c->n_categories, pool,
		       err)) {
		csr_level_finish(&l);
		return false;
	}
	own[0] = l.offsets;
	own[1] = l.column;
	own[2] = l.value;
	own[3] = l.pairs;
	for (unsigned multi = 0; multi < 2; multi++) {
		own[4 + multi] = q[multi] = mem_big(l.entries, sizeof **q, "q-values", err);
		if (!q[multi] || !test_level((struct transition_level){c, &t->counts, d, multi},
					     &l, q[multi], err))
			return false;
	}
	t->counts.level[d] = (struct csr){l.offsets, l.column, l.value, c->n_categories,
					  l.entries};
	t->counts.pairs[d] = l.pairs;
	t->counts.q[d] = q[0];
	t->counts.q_multi[d] = q[1];
	return true;
}

/* The marginals are given away. */
static void table_marginals(struct transition_table *t, struct worker *all)
{
	t->memory[0] = all->from;
	t->memory[1] = all->multi;
	t->memory[2] = all->own;
	t->memory[3] = all->own_multi;
	t->counts.from = all->from;
	t->counts.multi = all->multi;
	t->counts.own = all->own;
	t->counts.own_multi = all->own_multi;
	t->counts.baskets = all->baskets;
	t->counts.multi_baskets = all->multi_baskets;
	all->from = all->multi = all->own = all->own_multi = NULL;
}

bool transition_table_make(struct transition_table *out, const struct transition_baskets *of,
			   struct work work, struct err *err)
{
	struct transiting g = {.c = of->c, .weight = of->weight, .job = work.job};
	struct transition_table t = {0};
	bool ok;

	if (g.c->n_categories == 0) {
		*out = t;
		return true;
	}
	ok = transit(&g, of->kind, work.pool, err);
	if (ok)
		table_marginals(&t, &g.w[0]);
	for (unsigned d = 0; ok && d < g.levels; d++)
		ok = table_level(&t, &g, d, work.pool, err);
	if (ok) {
		t.counts.levels = g.levels;
		*out = t;
	} else {
		transition_table_finish(&t);
	}
	transit_finish(&g, work.pool);
	return ok;
}

void transition_table_finish(struct transition_table *t)
{
	for (size_t i = 0; i < sizeof t->memory / sizeof *t->memory; i++)
		free(t->memory[i]);
	*t = (struct transition_table){0};
}
