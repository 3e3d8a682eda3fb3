/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pairs of a relation that others counted: its arrays and the q of its family. */
#include "config.h"

#include "stats/given.h"

#include <assert.h>
#include <stdio.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/scope.h"
#include "stats/assoc.h"
#include "stats/relation.h"
#include "store/build.h"

#define ROWS 4096	/* of one task */

struct giving {
	struct build *b;
	enum relation relation;
	const struct relation_given *g;
	uint32_t n;		/* products */
	struct pool *pool;
	struct job *job;
	struct err *err;
	uint64_t *histogram;	/* (threads, Q_STEPS) */
	struct assoc_memo *memo;	/* (threads) */
	uint32_t *column, *value;	/* what is being filled */
	char name[64];
};

static uint32_t task_end(const struct giving *v, size_t task)
{
	uint64_t end = ((uint64_t)task + 1) * ROWS;

	return end < v->n ? (uint32_t)end : v->n;
}

static void test_rows(void *ctx, size_t task, unsigned worker)
{
	struct giving *v = ctx;
	const struct relation_given *g = v->g;
	uint64_t *h = v->histogram + (size_t)worker * Q_STEPS;
	bool directed = relation_directed(v->relation);

	for (uint32_t a = (uint32_t)task * ROWS; a < task_end(v, task); a++)
		for (uint64_t i = g->offsets[a]; i < g->offsets[a + 1]; i++) {
			uint32_t b = (uint32_t)(g->entry[i] >> 32);
			struct assoc_counts c = {(uint32_t)g->entry[i], g->from[a], g->to[b],
						 g->total};

			if (directed || a < b)
				h[assoc_memo_step(&v->memo[worker], &c)]++;
		}
}

static bool make_q(struct giving *v, double *q)
{
	unsigned threads = pool_threads(v->pool);
	SCOPED_FREE uint64_t *h = mem_big((size_t)threads * Q_STEPS, sizeof *h, "p-values",
					  v->err);
	SCOPED_FREE struct assoc_memo *memo = mem_big(threads, sizeof *memo, "p-values",
						      v->err);

	if (!h || !memo)
		return false;
	v->histogram = h;
	v->memo = memo;
	pool_run(v->pool, ((size_t)v->n + ROWS - 1) / ROWS, test_rows, v);
	for (size_t i = Q_STEPS; i < (size_t)threads * Q_STEPS; i++)
		h[i % Q_STEPS] += h[i];
	assoc_q_table(h, relation_family(v->relation, v->n, v->g->from, v->g->to), q);
	return true;
}

static const char *array_name(struct giving *v, const char *part)
{
	snprintf(v->name, sizeof v->name, "pairs/%s/%s", relation_name(v->relation), part);
	return v->name;
}

static void copy_rows(void *ctx, size_t task, unsigned worker)
{
	struct giving *v = ctx;
	uint32_t end = task_end(v, task);

	for (uint64_t i = v->g->offsets[task * ROWS]; i < v->g->offsets[end]; i++) {
		v->column[i] = (uint32_t)(v->g->entry[i] >> 32);
		v->value[i] = (uint32_t)v->g->entry[i];
	}
}

/* Room for two arrays that are filled side by side. */
static bool reserve(struct giving *v, const char *column, const char *value)
{
	uint64_t n = v->g->offsets[v->n];
	void *to[2];

	build_hold(v->b);
	if (!build_reserve(v->b, array_name(v, column), ARRAY_U32, n, 1, &to[0], v->err) ||
	    !build_reserve(v->b, array_name(v, value), ARRAY_U32, n, 1, &to[1], v->err))
		return false;
	v->column = to[0];
	v->value = to[1];
	return true;
}

static bool write_out(struct giving *v)
{
	if (!reserve(v, "column", "value"))
		return false;
	pool_run(v->pool, ((size_t)v->n + ROWS - 1) / ROWS, copy_rows, v);
	build_seal(v->b, v->pool);
	/* Last: the relation exists where its offsets do. */
	return build_array(v->b, array_name(v, "offsets"), ARRAY_U64, (uint64_t)v->n + 1, 1,
			   v->g->offsets, v->err);
}

/* b's row holds the a that go to it, ascending since rows are walked in order. */
static bool write_in(struct giving *v)
{
	const struct relation_given *g = v->g;
	SCOPED_FREE uint64_t *at = mem_big((size_t)v->n + 2, sizeof *at, "pairs", v->err);

	if (!at || !reserve(v, "in-column", "in-value"))
		return false;
	for (uint64_t i = 0; i < g->offsets[v->n]; i++)
		at[(g->entry[i] >> 32) + 2]++;
	for (uint32_t b = 0; b < v->n; b++)
		at[b + 2] += at[b + 1];
	for (uint32_t a = 0; a < v->n; a++)
		for (uint64_t i = g->offsets[a]; i < g->offsets[a + 1]; i++) {
			uint64_t to = at[(g->entry[i] >> 32) + 1]++;

			v->column[to] = a;
			v->value[to] = (uint32_t)g->entry[i];
		}
	build_seal(v->b, v->pool);
	return build_array(v->b, array_name(v, "in-offsets"), ARRAY_U64,
			   (uint64_t)v->n + 1, 1, at, v->err);
}

static bool write_margins(struct giving *v, const double *q)
{
	const struct relation_given *g = v->g;
	uint64_t totals[3] = {g->total, g->pairs, g->instances};

	return build_array(v->b, array_name(v, "from"), ARRAY_U32, v->n, 1, g->from,
			   v->err) &&
	       build_array(v->b, array_name(v, "to"), ARRAY_U32, v->n, 1, g->to, v->err) &&
	       build_array(v->b, array_name(v, "totals"), ARRAY_U64, 3, 1, totals, v->err) &&
	       build_array(v->b, array_name(v, "q"), ARRAY_F64, Q_STEPS, 1, q, v->err);
}

bool given_relation(struct build *b, enum relation r, const struct relation_given *g,
		    struct work work, struct err *err)
{
	SCOPED_FREE double *q = mem_big(Q_STEPS, sizeof *q, "q-values", err);
	struct giving v = {.b = b,
			   .relation = r,
			   .g = g,
			   .pool = work.pool,
			   .job = work.job,
			   .err = err};
	const struct catalog *c;

	assert((unsigned)r < RELATIONS);
	if (!q || !build_catalog(b, &c, err))
		return false;
	v.n = c->n_products;
	return make_q(&v, q) && job_check(work.job, err) && write_margins(&v, q) &&
	       (!relation_directed(r) || write_in(&v)) && job_check(work.job, err) &&
	       write_out(&v);
}
