/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A case's rows are the product that came and what the parts put first instead, as they say.
 * Cases are gathered and weighed side by side, and summed in their order whoever weighed them.
 */
#include "config.h"

#include "model/blend_fit.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/scope.h"

#define HELD 10		/* one session of so many */
#define CASES 3000	/* at most */
#define BEST 50		/* of each part */
#define HISTORY 50
#define ROUNDS 5

static int ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

bool blend_hold(const struct catalog *c, uint8_t *held, uint8_t *in, struct err *err)
{
	SCOPED_FREE int64_t *start = mem_big(c->n_sessions, sizeof *start, "sessions", err);
	uint32_t n = 0;
	int64_t from;

	if (!start)
		return false;
	for (uint32_t s = 0; c->event_time && s < c->n_sessions; s++)
		if (c->session_offsets[s] < c->session_offsets[s + 1])
			start[n++] = c->event_time[c->session_offsets[s]];
	qsort(start, n, sizeof *start, ascending);
	from = n ? start[n - n / HELD - (n > 0)] : 0;
	for (uint32_t s = 0; s < c->n_sessions; s++) {
		uint64_t first = c->session_offsets[s], end = c->session_offsets[s + 1];

		held[s] = first < end && (n && start[0] < from ? c->event_time[first] >= from :
					  s % HELD == 0);
		memset(in + first, !held[s], end - first);
	}
	return true;
}

/* A held sequence that is asked, and its rows: what came, then what the parts put first. */
struct one_case {
	struct history history;
	uint32_t target;
	float *x;	/* (rows, parts) */
	size_t rows, cap;	/* cap: numbers */
};

/* Of one thread. */
struct gatherer {
	float *say;		/* (parts, products) */
	uint8_t *row;		/* (products) is one of the case's, or can't be */
	struct hit *best;	/* (BEST) */
	struct err err;
};

struct gathering {
	const struct blend_parts *p;
	struct gatherer *by;	/* (threads) */
	struct one_case *at;	/* (cases) */
	size_t cases;
	const double *weight;	/* (parts) what is tried */
	double *worth;		/* (cases) */
	struct work work;
	atomic_bool failed;
};

static void add_row(const struct gathering *g, const struct gatherer *w, struct one_case *c,
		    uint32_t product)
{
	size_t n = g->p->n, at = c->rows++;

	MEM_GROW(c->x, c->cap, (at + 1) * n);
	for (size_t i = 0; i < n; i++) {
		float y = w->say[i * g->p->products + product];

		c->x[at * n + i] = y == -INFINITY ? 0 : y * (float)g->p->scale;
	}
	w->row[product] = 1;
}

static void add_best(const struct gathering *g, const struct gatherer *w, struct one_case *c,
		     size_t part)
{
	const float *say = w->say + part * g->p->products;
	struct topk best;

	topk_init(&best, w->best, BEST);
	for (uint32_t b = 0; b < g->p->products; b++)
		if (say[b] != -INFINITY && !w->row[b])
			topk_push(&best, b, say[b]);
	topk_sort(&best);
	for (size_t i = 0; i < best.n; i++)
		add_row(g, w, c, (uint32_t)best.hits[i].id);
}

/* Those that no part says anything of teach nothing: they get no rows. */
static bool gather_case(const struct gathering *g, struct gatherer *w, struct one_case *c)
{
	uint32_t products = g->p->products;
	bool any = false;

	for (size_t i = 0; i < g->p->n; i++) {
		float *say = w->say + i * products;

		if (!g->p->say(g->p->ctx, i, &c->history, (struct scoring){say, g->work.job},
			       &w->err))
			return false;
		any = any || say[c->target] != -INFINITY;
	}
	if (!any)
		return true;
	memset(w->row, 0, products);
	for (unsigned i = 0; i < c->history.n; i++)
		w->row[c->history.product[i]] = 1;
	add_row(g, w, c, c->target);
	for (size_t i = 0; i < g->p->n; i++)
		add_best(g, w, c, i);
	return true;
}

static void gather_task(void *ctx, size_t task, unsigned worker)
{
	struct gathering *g = ctx;

	if (atomic_load(&g->failed) || job_cancelled(g->work.job))
		return;
	if (!gather_case(g, &g->by[worker], &g->at[task]))
		atomic_store(&g->failed, true);
	job_advance(g->work.job, 1);
}

static bool had(const uint32_t *product, size_t n, uint32_t target)
{
	for (size_t i = 0; i < n; i++)
		if (product[i] == target)
			return true;
	return false;
}

/* One place of the sequence, any but the first, by a hash of its number: what comes early and
 * what comes late is asked as often as it happens. */
static void take_sequence(struct gathering *g, const struct sequences *q, uint32_t s)
{
	const uint32_t *product = q->product + q->offsets[s];
	uint64_t length = q->offsets[s + 1] - q->offsets[s];
	size_t n = length < 2 ? 0 : 1 + s * UINT32_C(2654435761) % (length - 1);
	size_t from = g->p->pairs ? n - 1 : n > HISTORY ? n - HISTORY : 0;

	if (n > 0 && !had(product, n, product[n]))
		g->at[g->cases++] = (struct one_case){
			.history = {.product = product + from, .n = (unsigned)(n - from)},
			.target = product[n],
		};
}

/* As many held sequences as may be, evenly. */
static void take_held(struct gathering *g, const struct blend_cases *k)
{
	uint32_t all = 0, seen = 0;

	for (uint32_t s = 0; s < k->q->n; s++)
		all += k->held[k->q->session[s]];
	for (uint32_t s = 0; s < k->q->n && g->cases < CASES; s++)
		if (k->held[k->q->session[s]] &&
		    (uint64_t)seen++ * CASES % all < (all < CASES ? all : CASES))
			take_sequence(g, k->q, s);
}

static bool ask_held(struct gathering *g, const struct blend_cases *k, struct err *err)
{
	size_t kept = 0;

	take_held(g, k);
	job_step(g->work.job, "fitting", g->cases);
	pool_run(g->work.pool, g->cases, gather_task, g);
	for (unsigned t = 0; atomic_load(&g->failed) && t < pool_threads(g->work.pool); t++)
		if (g->by[t].err.code) {
			if (err)
				*err = g->by[t].err;
			return false;
		}
	if (!job_check(g->work.job, err))
		return false;
	for (size_t i = 0; i < g->cases; i++)
		if (g->at[i].rows) {
			struct one_case c = g->at[i];

			g->at[i] = g->at[kept];
			g->at[kept++] = c;
		}
	for (size_t i = kept; i < g->cases; i++)
		free(g->at[i].x);
	g->cases = kept;
	return kept || err_fail(err, ERR_NO, "the latest sessions hold nothing to fit a blend by: "
				"give weights");
}

/* 1 / log2(1 + rank) of what came: NDCG. Ties count half. */
static void weigh_case(void *ctx, size_t task, unsigned worker)
{
	const struct gathering *g = ctx;
	const struct one_case *c = &g->at[task];
	size_t n = g->p->n;
	double target = 0, rank = 1;

	for (size_t r = 0; r < c->rows; r++) {
		double score = 0;

		for (size_t i = 0; i < n; i++)
			score += g->weight[i] * c->x[r * n + i];
		if (r == 0)
			target = score;
		else
			rank += score > target ? 1 : score == target ? 0.5 : 0;
	}
	g->worth[task] = 1 / log2(1 + rank);
}

/* The mean over cases. */
static double worth(struct gathering *g, const double *weight)
{
	double sum = 0;

	g->weight = weight;
	pool_run(g->work.pool, g->cases, weigh_case, g);
	for (size_t c = 0; c < g->cases; c++)
		sum += g->worth[c];
	return sum / (double)g->cases;
}

/* Each weight in turn takes the best of some multiples of it, until none is better. */
static void climb(struct gathering *g, double *weight)
{
	static const double times[] = {0, 0.1, 0.25, 0.5, 0.7, 1.4, 2, 4};
	double best = worth(g, weight), before = -1;

	for (unsigned round = 0; round < ROUNDS && best > before; round++) {
		before = best;
		for (size_t i = 0; i < g->p->n; i++) {
			double from = weight[i], kept = from;

			for (size_t k = 0; k < sizeof times / sizeof *times; k++) {
				double now;

				weight[i] = from * times[k];
				now = worth(g, weight);
				if (now > best) {
					best = now;
					kept = weight[i];
				}
			}
			weight[i] = kept;
		}
	}
}

static void scale(double *weight, size_t n)
{
	double most = 0;

	for (size_t i = 0; i < n; i++)
		most = weight[i] > most ? weight[i] : most;
	for (size_t i = 0; i < n; i++)
		weight[i] /= most;
}

static bool gatherer_init(struct gatherer *w, const struct blend_parts *p, struct err *err)
{
	w->say = mem_big(p->n * (size_t)p->products, sizeof *w->say, "a blend", err);
	w->row = w->say ? mem_big(p->products, 1, "a blend", err) : NULL;
	w->best = mem_zalloc(BEST * sizeof *w->best);
	return w->row;
}

static void gathering_finish(struct gathering *g)
{
	for (unsigned t = 0; t < pool_threads(g->work.pool); t++) {
		free(g->by[t].say);
		free(g->by[t].row);
		free(g->by[t].best);
	}
	for (size_t i = 0; i < g->cases; i++)
		free(g->at[i].x);
	free(g->by);
	free(g->at);
	free(g->worth);
}

bool blend_fit(const struct blend_parts *p, const struct blend_cases *cases, double *weight,
	       struct work work, struct err *err)
{
	struct gathering g = {.p = p, .work = work};
	bool ok = true;

	g.by = mem_zalloc(pool_threads(work.pool) * sizeof *g.by);
	g.at = mem_zalloc(CASES * sizeof *g.at);
	g.worth = mem_zalloc(CASES * sizeof *g.worth);
	for (unsigned t = 0; ok && t < pool_threads(work.pool); t++)
		ok = gatherer_init(&g.by[t], p, err);
	ok = ok && ask_held(&g, cases, err);
	if (ok) {
		climb(&g, weight);
		scale(weight, p->n);
	}
	gathering_finish(&g);
	return ok;
}
