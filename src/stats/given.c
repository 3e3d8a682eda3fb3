/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pairs of a relation that others counted: its arrays and the q of its family. Ranges of
 * rows are tested and put into place by all threads, in one pass where their lengths are
 * known; else a pass counts them first. Where products keep their most frequent pairs alone,
 * a pass before that finds the least that each of them keeps.
 */
#include "config.h"

#include "stats/given.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/scope.h"
#include "base/sort.h"
#include "stats/assoc.h"
#include "stats/relation.h"
#include "store/build.h"

#define ROWS 4096	/* of a range in memory */

/* What one thread adds up. */
struct tally {
	struct assoc_tally *tests;
	uint64_t pairs, instances;	/* that are kept */
	struct given_cut cut;
	uint64_t *rank;		/* of a row, while it is sorted */
	size_t cap_rank;
};

/* What a pass does with a row's entries. */
enum pass {
	PASS_LEAST = 1,		/* find the least that it keeps */
	PASS_TEST = 2,
	PASS_COUNT = 4,		/* how many it keeps */
	PASS_FILL = 8,
	PASS_PLACE = 16,	/* fill, where all is kept and lengths are known */
};

struct giving {
	struct build *b;
	enum relation relation;
	struct relation_given *g;
	uint32_t n;		/* products */
	struct pool *pool;
	struct job *job;
	struct err *err;
	struct tally *tally;	/* (threads) */
	uint64_t *least[2];	/* (P) by [in], or NULL: all are kept */
	unsigned passes;	/* enum pass */
	bool in, directed;
	uint64_t *offsets;	/* (P + 1) of the side that is being written */
	uint64_t *base;		/* (ranges) its first entries */
	uint32_t *column, *value;	/* what is being filled */
	atomic_bool failed;
	pthread_mutex_t lock;	/* of *err */
	char name[64];
};

/* Pairs of a product by count, equal ones by the other's number. */
static uint64_t rank_of(uint64_t entry)
{
	return entry << 32 | (uint32_t)~(uint32_t)(entry >> 32);
}

/* Does the row's product, or the other one, keep it? */
static bool kept(const struct giving *v, uint32_t row, uint64_t entry)
{
	uint32_t column = (uint32_t)(entry >> 32);
	bool in = v->in && v->directed, other = !v->in && v->directed;

	return !v->least[0] || rank_of(entry) >= v->least[in][row] ||
	       rank_of(GIVEN_ENTRY(row, (uint32_t)entry)) >= v->least[other][column];
}

static void find_least(struct giving *v, struct tally *t, uint32_t row,
		       const uint64_t *entry, size_t n)
{
	if (n <= v->g->top) {
		v->least[v->in][row] = 0;
		return;
	}
	MEM_GROW(t->rank, t->cap_rank, n);
	for (size_t i = 0; i < n; i++)
		t->rank[i] = rank_of(entry[i]);
	sort_u64(t->rank, n);
	v->least[v->in][row] = t->rank[n - v->g->top];
}

static void test_row(const struct giving *v, struct tally *t, uint32_t row,
		     const uint64_t *entry, size_t n)
{
	const struct relation_given *g = v->g;

	for (size_t i = 0; i < n; i++) {
		uint32_t b = (uint32_t)(entry[i] >> 32);
		struct assoc_counts c = {(uint32_t)entry[i], g->from[row], g->to[b], g->total};

		if (v->directed || row < b)
			assoc_tally_add(t->tests, &c);
	}
}

/* Of the rows by a: what is kept and what isn't. */
static void count_pair(struct giving *v, struct tally *t, uint64_t entry, bool keep)
{
	uint32_t n = (uint32_t)entry;

	(void)v;
	if (keep) {
		t->pairs++;
		t->instances += n;
		return;
	}
	t->cut.pairs++;
	t->cut.instances += n;
	t->cut.most = n > t->cut.most ? n : t->cut.most;
}

static void count_row(struct giving *v, struct tally *t, uint32_t row,
		      const uint64_t *entry, size_t n)
{
	uint64_t stays = 0;

	for (size_t i = 0; i < n; i++) {
		bool keep = kept(v, row, entry[i]);

		stays += keep;
		if (!v->in && (v->directed || row < entry[i] >> 32))
			count_pair(v, t, entry[i], keep);
	}
	t->cut.products += !v->in && stays < n;
	v->offsets[row + 1] = stays;
}

static void fill_row(struct giving *v, uint32_t row, const uint64_t *entry, size_t n)
{
	uint64_t at = v->offsets[row];

	for (size_t i = 0; i < n; i++)
		if (kept(v, row, entry[i])) {
			v->column[at] = (uint32_t)(entry[i] >> 32);
			v->value[at++] = (uint32_t)entry[i];
		}
}

static void place_row(struct giving *v, struct tally *t, uint64_t at, const uint64_t *entry,
		      size_t n)
{
	for (size_t i = 0; i < n; i++) {
		v->column[at + i] = (uint32_t)(entry[i] >> 32);
		v->value[at + i] = (uint32_t)entry[i];
		t->instances += v->in ? 0 : (uint32_t)entry[i];
	}
	t->pairs += v->in ? 0 : n;
}

static void take_row(struct giving *v, struct tally *t, uint32_t row, const uint64_t *entry,
		     size_t n)
{
	if (v->passes & PASS_LEAST)
		find_least(v, t, row, entry, n);
	if (v->passes & PASS_TEST)
		test_row(v, t, row, entry, n);
	if (v->passes & PASS_COUNT)
		count_row(v, t, row, entry, n);
	if (v->passes & PASS_FILL)
		fill_row(v, row, entry, n);
}

static bool load(struct giving *v, struct given_ask ask, struct given_rows *rows)
{
	struct err err = {0};

	if (v->failed || job_cancelled(v->job))
		return false;
	if (v->g->rows.load(v->g->rows.ctx, ask, rows, &err))
		return true;
	pthread_mutex_lock(&v->lock);
	if (!v->failed && v->err)
		*v->err = err;
	v->failed = true;
	pthread_mutex_unlock(&v->lock);
	return false;
}

static void take_range(void *ctx, size_t task, unsigned worker)
{
	struct giving *v = ctx;
	const uint32_t *first = v->g->rows.first + task;
	struct tally *t = &v->tally[worker];
	struct given_rows r;

	if (!load(v, (struct given_ask){v->in, (uint32_t)task, worker}, &r))
		return;
	for (uint32_t a = first[0]; a < first[1]; a++) {
		uint64_t from = r.offsets[a - first[0]], end = r.offsets[a - first[0] + 1];
		/* A range without pairs has no entries to point into. */
		const uint64_t *row = end > from ? r.entry + from : NULL;

		take_row(v, t, a, row, (size_t)(end - from));
		if (v->passes & PASS_PLACE) {
			uint64_t at = v->base[task] + from - r.offsets[0];

			v->offsets[a] = at;
			place_row(v, t, at, row, (size_t)(end - from));
		}
	}
	job_advance(v->job, 1);
}

static bool run(struct giving *v, unsigned passes)
{
	v->passes = passes;
	pool_run(v->pool, v->g->rows.ranges, take_range, v);
	return !v->failed && job_check(v->job, v->err);
}

static const char *array_name(struct giving *v, const char *part)
{
	snprintf(v->name, sizeof v->name, "pairs/%s/%s%s", relation_name(v->relation),
		 v->in ? "in-" : "", part);
	return v->name;
}

/* Room for two arrays that are filled side by side. */
static bool reserve(struct giving *v, uint64_t n)
{
	void *to[2];

	build_hold(v->b);
	if (!build_reserve(v->b, array_name(v, "column"), ARRAY_U32, n, 1, &to[0], v->err) ||
	    !build_reserve(v->b, array_name(v, "value"), ARRAY_U32, n, 1, &to[1], v->err))
		return false;
	v->column = to[0];
	v->value = to[1];
	return true;
}

/* Lengths are known: one pass. */
static bool place_side(struct giving *v)
{
	const uint64_t *entries = v->g->rows.entries[v->in];
	uint32_t ranges = v->g->rows.ranges;
	SCOPED_FREE uint64_t *base = mem_big((size_t)ranges + 1, sizeof *base, "pairs", v->err);

	if (!base)
		return false;
	for (uint32_t i = 0; i < ranges; i++)
		base[i + 1] = base[i] + entries[i];
	v->base = base;
	v->offsets[v->n] = base[ranges];
	return reserve(v, base[ranges]) && run(v, PASS_PLACE | (v->in ? 0 : PASS_TEST));
}

static bool fill_side(struct giving *v)
{
	bool tested = v->least[0] != NULL;	/* with the least */

	v->offsets[0] = 0;
	if (!run(v, PASS_COUNT | (v->in || tested ? 0 : PASS_TEST)))
		return false;
	for (uint32_t a = 0; a < v->n; a++)
		v->offsets[a + 1] += v->offsets[a];
	return reserve(v, v->offsets[v->n]) && run(v, PASS_FILL);
}

static bool write_side(struct giving *v, bool in)
{
	bool ok;

	v->in = in;
	ok = !v->least[0] && v->g->rows.entries[in] ? place_side(v) : fill_side(v);
	if (ok)
		build_seal(v->b, v->pool);
	return ok;
}

static bool find_leasts(struct giving *v)
{
	if (!v->g->top)
		return true;
	for (unsigned side = 0; side < (v->directed ? 2 : 1); side++) {
		v->least[side] = mem_big(v->n, sizeof *v->least[side], "pairs", v->err);
		if (!v->least[side])
			return false;
		v->in = side == 1;
		if (!run(v, PASS_LEAST | (v->in ? 0 : PASS_TEST)))
			return false;
	}
	return true;
}

static void add_up(struct giving *v)
{
	struct relation_given *g = v->g;

	g->pairs = g->instances = 0;
	g->cut = (struct given_cut){0};
	for (unsigned i = 0; i < pool_threads(v->pool); i++) {
		const struct tally *t = &v->tally[i];

		g->pairs += t->pairs;
		g->instances += t->instances;
		g->cut.pairs += t->cut.pairs;
		g->cut.instances += t->cut.instances;
		g->cut.products += t->cut.products;
		g->cut.most = t->cut.most > g->cut.most ? t->cut.most : g->cut.most;
	}
	assoc_tally_end(v->tally->tests, pool_threads(v->pool));
	/* Placed rows were counted both ways. */
	if (!v->least[0] && !v->directed && g->rows.entries[0]) {
		g->pairs /= 2;
		g->instances /= 2;
	}
}

static bool write_margins(struct giving *v, const uint64_t *histogram)
{
	const struct relation_given *g = v->g;
	SCOPED_FREE double *q = mem_big(Q_STEPS, sizeof *q, "q-values", v->err);
	uint64_t totals[3] = {g->total, g->pairs, g->instances};

	if (!q)
		return false;
	assoc_q_table(histogram, relation_family(v->relation, v->n, g->from, g->to), q);
	return build_array(v->b, array_name(v, "from"), ARRAY_U32, v->n, 1, g->from,
			   v->err) &&
	       build_array(v->b, array_name(v, "to"), ARRAY_U32, v->n, 1, g->to, v->err) &&
	       build_array(v->b, array_name(v, "totals"), ARRAY_U64, 3, 1, totals, v->err) &&
	       build_array(v->b, array_name(v, "q"), ARRAY_F64, Q_STEPS, 1, q, v->err);
}

static bool write_offsets(struct giving *v, const uint64_t *offsets, bool in)
{
	v->in = in;
	return build_array(v->b, array_name(v, "offsets"), ARRAY_U64, (uint64_t)v->n + 1, 1,
			   offsets, v->err);
}

static bool write_all(struct giving *v)
{
	SCOPED_FREE uint64_t *out = mem_big((size_t)v->n + 1, sizeof *out, "pairs", v->err);
	SCOPED_FREE uint64_t *in = NULL;

	if (!out || !find_leasts(v))
		return false;
	if (v->directed) {
		in = v->offsets = mem_big((size_t)v->n + 1, sizeof *in, "pairs", v->err);
		if (!in || !write_side(v, true))
			return false;
	}
	v->offsets = out;
	if (!write_side(v, false))
		return false;
	add_up(v);
	/* Last: the relation exists where its offsets do. */
	return write_margins(v, v->tally->tests->histogram) &&
	       (!in || write_offsets(v, in, true)) && write_offsets(v, out, false);
}

bool given_relation(struct build *b, enum relation r, struct relation_given *g,
		    struct work work, struct err *err)
{
	unsigned threads = pool_threads(work.pool);
	SCOPED_FREE struct assoc_tally *tests = mem_big(threads, sizeof *tests, "p-values", err);
	SCOPED_FREE struct tally *tally = mem_zalloc(threads * sizeof *tally);
	struct giving v = {.b = b,
			   .relation = r,
			   .g = g,
			   .pool = work.pool,
			   .job = work.job,
			   .err = err,
			   .tally = tally,
			   .directed = relation_directed(r)};
	const struct catalog *c;
	bool ok;

	assert((unsigned)r < RELATIONS);
	if (!tests || !build_catalog(b, &c, err))
		return false;
	v.n = c->n_products;
	for (unsigned i = 0; i < threads; i++)
		tally[i] = (struct tally){.tests = tests + i};
	pthread_mutex_init(&v.lock, NULL);
	ok = write_all(&v);
	pthread_mutex_destroy(&v.lock);
	for (unsigned i = 0; i < threads; i++)
		free(tally[i].rank);
	free(v.least[0]);
	free(v.least[1]);
	return ok;
}

/* ---- rows in memory */

/* b's row holds the a that go to it, ascending since rows are walked in order. */
static bool turn_round(struct given_memory *m, struct err *err)
{
	const uint64_t *offsets = m->offsets[0], *entry = m->entry[0];
	uint64_t *at = mem_big((size_t)m->n + 2, sizeof *at, "pairs", err);
	uint64_t *to = at ? mem_big(offsets[m->n], sizeof *to, "pairs", err) : NULL;

	m->offsets[1] = m->made[0] = at;
	m->entry[1] = m->made[1] = to;
	if (!to)
		return false;
	for (uint64_t i = 0; i < offsets[m->n]; i++)
		at[(entry[i] >> 32) + 2]++;
	for (uint32_t b = 0; b < m->n; b++)
		at[b + 2] += at[b + 1];
	for (uint32_t a = 0; a < m->n; a++)
		for (uint64_t i = offsets[a]; i < offsets[a + 1]; i++)
			to[at[(entry[i] >> 32) + 1]++] = GIVEN_ENTRY(a, (uint32_t)entry[i]);
	return true;
}

bool given_memory_start(struct given_memory *m, uint32_t n, struct given_rows rows,
			bool directed, struct err *err)
{
	uint32_t ranges = (uint32_t)(((uint64_t)n + ROWS - 1) / ROWS);

	*m = (struct given_memory){.n = n, .offsets = {rows.offsets}, .entry = {rows.entry}};
	if (directed && !turn_round(m, err)) {
		given_memory_finish(m);
		return false;
	}
	m->first = mem_alloc(((size_t)ranges + 1) * sizeof *m->first);
	for (uint32_t i = 0; i <= ranges; i++)
		m->first[i] = i < ranges ? i * ROWS : n;
	for (unsigned side = 0; side < (directed ? 2 : 1); side++) {
		m->entries[side] = mem_alloc(((size_t)ranges + 1) * sizeof *m->entries[side]);
		for (uint32_t i = 0; i < ranges; i++)
			m->entries[side][i] = m->offsets[side][m->first[i + 1]] -
					      m->offsets[side][m->first[i]];
	}
	return true;
}

static bool memory_load(void *ctx, struct given_ask ask, struct given_rows *rows,
			struct err *err)
{
	const struct given_memory *m = ctx;

	(void)err;
	*rows = (struct given_rows){m->offsets[ask.in] + m->first[ask.range], m->entry[ask.in]};
	return true;
}

struct given_source given_memory_source(struct given_memory *m)
{
	return (struct given_source){
		.ranges = (uint32_t)(((uint64_t)m->n + ROWS - 1) / ROWS),
		.first = m->first,
		.entries = {m->entries[0], m->entries[1]},
		.load = memory_load,
		.ctx = m,
	};
}

void given_memory_finish(struct given_memory *m)
{
	for (unsigned i = 0; i < 2; i++) {
		free(m->made[i]);
		free(m->entries[i]);
	}
	free(m->first);
	*m = (struct given_memory){0};
}
