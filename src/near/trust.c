/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far a map can be trusted: trustworthiness (Venna and Kaski 2001, "Neighborhood
 * preservation in nonlinear projection methods"), with the formula in umap.h, and the share of
 * neighbours that have a point's own label. Both are of a sample, its neighbours exact.
 */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/rng.h"
#include "base/scope.h"
#include "base/sort.h"
#include "math/topk.h"
#include "near/exact.h"
#include "near/umap.h"

struct trust {
	const struct space *s;
	const float *place;
	unsigned parts, k;
	const uint32_t *asked;	/* (m) rows */
	float *scores;		/* per thread (n) */
	float *query;		/* per thread (dim) */
	double *sum;		/* (m) */
	const uint32_t *label;	/* (n), of agreement */
	double *other;		/* (m) the same among the rows */
	struct job *job;
};

static bool is_point(const struct trust *t, size_t i)
{
	return space_has(t->s, i) && !isnan(t->place[i * t->parts]) &&
	       (!t->label || t->label[i] != NEAR_NONE);
}

/* The k points nearest to i on the map. */
static size_t near_on_map(const struct trust *t, size_t i, struct hit *hits)
{
	struct topk best;

	topk_init(&best, hits, t->k);
	for (size_t j = 0; j < t->s->v.n; j++) {
		float d = 0;

		if (j == i || !is_point(t, j))
			continue;
		for (unsigned p = 0; p < t->parts; p++) {
			float x = t->place[i * t->parts + p] - t->place[j * t->parts + p];

			d += x * x;
		}
		topk_push(&best, (uint32_t)j, -d);
	}
	return best.n;
}

static void ask(void *ctx, size_t task, unsigned worker)
{
	struct trust *t = ctx;
	size_t i = t->asked[task], found, n = t->s->v.n;
	float *scores = t->scores + (size_t)worker * n;
	float *query = t->query + (size_t)worker * t->s->v.dim;
	struct hit *hits;

	if (job_cancelled(t->job))
		return;
	hits = mem_alloc(t->k * sizeof *hits);
	found = near_on_map(t, i, hits);
	space_query(t->s, vectors_row(&t->s->v, i), query);
	space_scores(t->s, query, 0, n, scores);
	for (size_t h = 0; h < found; h++) {
		float score = scores[hits[h].id];
		uint32_t rank = 1;

		for (size_t j = 0; j < n; j++)
			rank += j != i && is_point(t, j) &&
				(scores[j] > score || (scores[j] == score && j < hits[h].id));
		t->sum[task] += rank > t->k ? rank - t->k : 0;
	}
	free(hits);
}

static size_t draw(const struct trust *t, size_t points, const struct umap_judged *j,
		   uint32_t *asked)
{
	size_t left = j->sample < points ? j->sample : points, n = 0;
	struct rng rng;

	rng_init(&rng, j->seed, 0x7472);
	for (size_t i = 0; i < t->s->v.n && left; i++) {
		if (!is_point(t, i))
			continue;
		if (rng_below(&rng, points--) < left) {
			asked[n++] = (uint32_t)i;
			left--;
		}
	}
	return n;
}

bool umap_trust(const struct umap_judged *j, double *trust, struct work work, struct err *err)
{
	struct trust t = {
		.s = j->s, .place = j->place, .parts = j->parts, .k = j->k, .job = work.job};
	unsigned threads = pool_threads(work.pool);
	SCOPED_FREE uint32_t *asked = mem_big(j->s->v.n, sizeof *asked, "trust", err);
	SCOPED_FREE float *scores = mem_big(threads * j->s->v.n, sizeof *scores, "trust", err);
	SCOPED_FREE float *query = mem_zalloc(threads * j->s->v.dim * sizeof *query);
	SCOPED_FREE double *sum = NULL;
	size_t points = 0, m;
	double all = 0, n;

	assert(j->parts > 0 && j->k > 0);
	if (!asked || !scores)
		return false;
	for (size_t i = 0; i < j->s->v.n; i++)
		points += is_point(&t, i);
	n = (double)points;
	if (2 * n - 3.0 * j->k - 1 <= 0)
		return err_fail(err, ERR_NO, "%zu points are too few to look at %u neighbours",
				points, j->k);
	m = draw(&t, points, j, asked);
	sum = mem_zalloc(m * sizeof *sum);
	t.asked = asked;
	t.scores = scores;
	t.query = query;
	t.sum = sum;
	pool_run(work.pool, m, ask, &t);
	if (!job_check(work.job, err))
		return false;
	for (size_t i = 0; i < m; i++)
		all += sum[i];
	*trust = 1 - 2 * all / ((double)m * j->k * (2 * n - 3.0 * j->k - 1));
	return true;
}

/* --- labels */

static double same_label(const struct trust *t, size_t i, const struct hit *hits, size_t n)
{
	size_t same = 0;

	for (size_t h = 0; h < n; h++)
		same += t->label[hits[h].id] == t->label[i];
	return n ? (double)same / (double)n : 0;
}

static void compare(void *ctx, size_t task, unsigned worker)
{
	struct trust *t = ctx;
	size_t i = t->asked[task];
	float *query = t->query + (size_t)worker * t->s->v.dim;
	float *scores = t->scores + (size_t)worker * t->s->v.n;
	struct hit *hits;
	struct topk best;

	if (job_cancelled(t->job))
		return;
	hits = mem_alloc(t->k * sizeof *hits);
	t->sum[task] = same_label(t, i, hits, near_on_map(t, i, hits));
	space_query(t->s, vectors_row(&t->s->v, i), query);
	space_scores(t->s, query, 0, t->s->v.n, scores);
	topk_init(&best, hits, t->k);
	for (size_t j = 0; j < t->s->v.n; j++)
		if (j != i && is_point(t, j))
			topk_push(&best, (uint32_t)j, scores[j]);
	t->other[task] = same_label(t, i, hits, best.n);
	free(hits);
}

/* That two points have the same label. */
static double chance(uint32_t *labels, size_t n)
{
	double same = 0;

	sort_u32(labels, n);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i; end < n && labels[end] == labels[i]; end++)
			;
		same += (double)(end - i) * (double)(end - i - 1);
	}
	return same / ((double)n * (double)(n - 1));
}

bool umap_agreement(const struct umap_judged *j, struct agreement *a, struct work work,
		    struct err *err)
{
	struct trust t = {.s = j->s,
			  .place = j->place,
			  .parts = j->parts,
			  .k = j->k,
			  .label = j->label,
			  .job = work.job};
	unsigned threads = pool_threads(work.pool);
	SCOPED_FREE uint32_t *asked = mem_big(j->s->v.n, sizeof *asked, "labels", err);
	SCOPED_FREE uint32_t *labels = mem_big(j->s->v.n, sizeof *labels, "labels", err);
	SCOPED_FREE float *scores = mem_big(threads * j->s->v.n, sizeof *scores, "labels", err);
	SCOPED_FREE float *query = mem_zalloc(threads * j->s->v.dim * sizeof *query);
	SCOPED_FREE double *sums = NULL;
	size_t points = 0, m;

	assert(j->parts > 0 && j->k > 0 && j->label);
	if (!asked || !labels || !scores)
		return false;
	for (size_t i = 0; i < j->s->v.n; i++)
		if (is_point(&t, i))
			labels[points++] = j->label[i];
	if (points < 2)
		return err_fail(err, ERR_NO, "fewer than two points have a label");
	m = draw(&t, points, j, asked);
	sums = mem_zalloc(2 * m * sizeof *sums);
	t.asked = asked;
	t.scores = scores;
	t.query = query;
	t.sum = sums;
	t.other = sums + m;
	pool_run(work.pool, m, compare, &t);
	if (!job_check(work.job, err))
		return false;
	*a = (struct agreement){.k = j->k, .chance = chance(labels, points)};
	for (size_t i = 0; i < m; i++) {
		a->map += t.sum[i] / (double)m;
		a->rows += t.other[i] / (double)m;
	}
	return true;
}
