/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was counted (stats/transit) becomes a matrix per level with both directions of every
 * pair, and tests of each over the level's family: in arrays of a build or in memory.
 */
#include "config.h"

#include "stats/transition.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/sort.h"
#include "stats/assoc.h"
#include "stats/given.h"
#include "stats/transit.h"
#include "store/build.h"

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
static bool both_ways(const struct transit_level *l, const struct transit_cells *t,
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

		if (key == TRANSIT_FREE)
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

static bool level_csr(struct csr_level *l, const struct transit_level *level,
		      const struct transit_cells *t, size_t rows, struct pool *pool,
		      struct err *err)
{
	SCOPED_FREE struct sort_item *item = NULL;
	size_t n;

	if (!both_ways(level, t, &item, &n, pool, err) || !csr_level_init(l, rows, n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct transit_cell *c = &t->cell[item[i].value];

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

static bool put_level(struct writer *w, unsigned d, const struct transit_level *level,
		      const struct transit_cells *cells, const struct transition_counts *t)
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

static bool put_all(struct writer *w, const struct transit *g)
{
	const struct transit_sums *all = &g->sums;
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

bool transition_count(struct build *b, enum basket_kind kind, struct work work,
		      struct err *err)
{
	struct writer w = {b, kind, 0, work.pool, err};
	const struct catalog *c;
	struct transit t;
	bool ok;

	if (!build_catalog(b, &c, err))
		return false;
	if (c->n_categories == 0)
		return true;
	job_step(work.job, "counting transitions", c->n_sessions);
	w.rows = c->n_categories;
	ok = transit_count(&t, &(struct transition_baskets){c, kind, NULL}, work, err) &&
	     put_all(&w, &t);
	transit_finish(&t);
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

struct tabling {
	const struct catalog *c;
	struct transit counted;
	struct pool *pool;
};

static bool table_level(struct transition_table *t, const struct tabling *g, unsigned d,
			struct err *err)
{
	const struct catalog *c = g->c;
	struct csr_level l = {0};
	void **own = &t->memory[4 + 6 * d];
	double *q[2];

	if (!level_csr(&l, &g->counted.level[d], &g->counted.sums.level[d], c->n_categories,
		       g->pool, err)) {
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
static void table_marginals(struct transition_table *t, struct transit_sums *all)
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
	struct tabling g = {.c = of->c, .pool = work.pool};
	struct transition_table t = {0};
	bool ok;

	if (of->c->n_categories == 0) {
		*out = t;
		return true;
	}
	ok = transit_count(&g.counted, of, work, err);
	if (ok)
		table_marginals(&t, &g.counted.sums);
	for (unsigned d = 0; ok && d < g.counted.levels; d++)
		ok = table_level(&t, &g, d, err);
	if (ok) {
		t.counts.levels = g.counted.levels;
		*out = t;
	} else {
		transition_table_finish(&t);
	}
	transit_finish(&g.counted);
	return ok;
}

void transition_table_finish(struct transition_table *t)
{
	for (size_t i = 0; i < sizeof t->memory / sizeof *t->memory; i++)
		free(t->memory[i]);
	*t = (struct transition_table){0};
}
