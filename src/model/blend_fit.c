/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A case's rows are the product that came and what the parts put first instead, as they say. */
#include "config.h"

#include "model/blend_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
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

struct gathering {
	const struct blend_parts *p;
	float *say;		/* (parts, products) */
	uint8_t *row;		/* (products) is one of the case's, or can't be */
	struct hit *best;	/* (BEST) */
	uint64_t *offsets;	/* (CASES + 1) */
	float *x;
	size_t cases, cap;
	struct job *job;
};

static void add_row(struct gathering *g, uint32_t product)
{
	size_t n = g->p->n, at = g->offsets[g->cases + 1]++;

	MEM_GROW(g->x, g->cap, (at + 1) * n);
	for (size_t i = 0; i < n; i++) {
		float y = g->say[i * g->p->products + product];

		g->x[at * n + i] = y == -INFINITY ? 0 : y * (float)g->p->scale;
	}
	g->row[product] = 1;
}

static void add_best(struct gathering *g, size_t part)
{
	const float *say = g->say + part * g->p->products;
	struct topk best;

	topk_init(&best, g->best, BEST);
	for (uint32_t b = 0; b < g->p->products; b++)
		if (say[b] != -INFINITY && !g->row[b])
			topk_push(&best, b, say[b]);
	topk_sort(&best);
	for (size_t i = 0; i < best.n; i++)
		add_row(g, (uint32_t)best.hits[i].id);
}

/* Those that no part says anything of teach nothing. */
static bool add_case(struct gathering *g, const struct history *h, uint32_t target,
		     struct err *err)
{
	uint32_t products = g->p->products;
	bool any = false;

	for (size_t i = 0; i < g->p->n; i++) {
		float *say = g->say + i * products;

		if (!g->p->say(g->p->ctx, i, h, (struct scoring){say, g->job}, err))
			return false;
		any = any || say[target] != -INFINITY;
	}
	if (!any)
		return true;
	memset(g->row, 0, products);
	for (unsigned i = 0; i < h->n; i++)
		g->row[h->product[i]] = 1;
	g->offsets[g->cases + 1] = g->offsets[g->cases];
	add_row(g, target);
	for (size_t i = 0; i < g->p->n; i++)
		add_best(g, i);
	g->cases++;
	return true;
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
static bool ask_sequence(struct gathering *g, const struct sequences *q, uint32_t s,
			 struct err *err)
{
	const uint32_t *product = q->product + q->offsets[s];
	uint64_t length = q->offsets[s + 1] - q->offsets[s];
	size_t n = length < 2 ? 0 : 1 + s * UINT32_C(2654435761) % (length - 1);
	size_t from = g->p->pairs ? n - 1 : n > HISTORY ? n - HISTORY : 0;

	if (n == 0)
		return true;
	if (had(product, n, product[n]))
		return true;
	return add_case(g, &(struct history){.product = product + from,
					     .n = (unsigned)(n - from)}, product[n], err);
}

static bool ask_held(struct gathering *g, const struct blend_cases *k, struct err *err)
{
	uint32_t all = 0, seen = 0;

	for (uint32_t s = 0; s < k->q->n; s++)
		all += k->held[k->q->session[s]];
	job_step(g->job, "fitting", all);
	for (uint32_t s = 0; s < k->q->n && g->cases < CASES; s++) {
		if (!k->held[k->q->session[s]])
			continue;
		/* as many as may be, evenly */
		if ((uint64_t)seen++ * CASES % all < (all < CASES ? all : CASES) &&
		    !ask_sequence(g, k->q, s, err))
			return false;
		job_advance(g->job, 1);
		if (!job_check(g->job, err))
			return false;
	}
	return g->cases || err_fail(err, ERR_NO, "the latest sessions hold nothing to fit a "
				    "blend by: give weights");
}

/* Mean of 1 / log2(1 + rank) of what came: NDCG. Ties count half. */
static double worth(const struct gathering *g, const double *weight)
{
	size_t n = g->p->n;
	double sum = 0;

	for (size_t c = 0; c < g->cases; c++) {
		double target = 0, rank = 1;

		for (uint64_t r = g->offsets[c]; r < g->offsets[c + 1]; r++) {
			double score = 0;

			for (size_t i = 0; i < n; i++)
				score += weight[i] * g->x[r * n + i];
			if (r == g->offsets[c])
				target = score;
			else
				rank += score > target ? 1 : score == target ? 0.5 : 0;
		}
		sum += 1 / log2(1 + rank);
	}
	return sum / (double)g->cases;
}

/* Each weight in turn takes the best of some multiples of it, until none is better. */
static void climb(const struct gathering *g, double *weight)
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

bool blend_fit(const struct blend_parts *p, const struct blend_cases *cases, double *weight,
	       struct job *job, struct err *err)
{
	struct gathering g = {.p = p, .job = job};
	bool ok;

	g.say = mem_big(p->n * (size_t)p->products, sizeof *g.say, "a blend", err);
	g.row = mem_big(p->products, 1, "a blend", err);
	g.best = mem_zalloc(BEST * sizeof *g.best);
	g.offsets = mem_zalloc((CASES + 1) * sizeof *g.offsets);
	ok = g.say && g.row && ask_held(&g, cases, err);
	if (ok) {
		climb(&g, weight);
		scale(weight, p->n);
	}
	free(g.say);
	free(g.row);
	free(g.best);
	free(g.offsets);
	free(g.x);
	return ok;
}
