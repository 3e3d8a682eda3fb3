/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inverse lengths and presence in one pass; scores by the kernels of math. */
#include "config.h"

#include "near/space.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/pool.h"

static const char *const names[METRICS] = {
	[METRIC_COSINE] = "cosine",
	[METRIC_DOT] = "dot",
	[METRIC_L2] = "l2",
};

const char *metric_name(enum metric m)
{
	return names[m];
}

bool metric_parse(struct str s, enum metric *m)
{
	for (int i = 0; i < METRICS; i++)
		if (str_is(s, names[i])) {
			*m = (enum metric)i;
			return true;
		}
	return false;
}

static float length_of(const struct vectors *v, size_t row, const struct kernels *kernel)
{
	const float *x = vectors_row(v, row);

	return sqrtf(kernel->dot(x, x, v->dim));
}

static bool is_length(float length)
{
	return length > 0 && isfinite(length);
}

bool space_holds(const struct vectors *v, size_t row)
{
	return is_length(length_of(v, row, kernels_best()));
}

enum { ROWS = 4096 };	/* of a task: a multiple of 64, so that no two share a word */

struct look {
	struct space *s;
	atomic_size_t present;
};

static void look_at(void *ctx, size_t task, unsigned worker)
{
	struct look *l = ctx;
	struct space *s = l->s;
	size_t present = 0, end = (task + 1) * ROWS < s->v.n ? (task + 1) * ROWS : s->v.n;
	for (size_t i = task * ROWS; i < end; i++) {
		float length = length_of(&s->v, i, s->kernel);
		bool there = is_length(length);
		present += there;
		if (s->inverse)
			s->inverse[i] = there ? 1 / length : 0;
		if (there)
			s->present[i / 64] |= UINT64_C(1) << i % 64;
	}
	atomic_fetch_add(&l->present, present);
}

bool space_init(struct space *s, struct vectors v, enum metric metric, struct pool *pool,
		struct err *err)
{
	struct space made = {.v = v, .metric = metric, .kernel = kernels_best()};
	assert(v.dim > 0 && v.stride >= v.dim && metric < METRICS);
	made.present = mem_big((v.n + 63) / 64, sizeof *made.present, "rows present", err);
	if (metric == METRIC_COSINE)
		made.inverse = mem_big(v.n, sizeof *made.inverse, "lengths of vectors", err);
	if (!made.present || (metric == METRIC_COSINE && !made.inverse)) {
		space_finish(&made);
		return false;
	}
	struct look l = {.s = &made};
	pool_run(pool, (v.n + ROWS - 1) / ROWS, look_at, &l);
	made.n_present = l.present;
	if (made.n_present == v.n) {
		free(made.present);
		made.present = NULL;
	}
	*s = made;
	return true;
}

void space_finish(struct space *s)
{
	free(s->inverse);
	free(s->present);
	*s = (struct space){0};
}

size_t space_count(const struct space *s, const uint64_t *allow)
{
	if (!allow)
		return s->n_present;
	size_t count = 0, words = s->v.n / 64;
	for (size_t w = 0; w < words; w++)
		count += (size_t)__builtin_popcountll(allow[w] &
						      (s->present ? s->present[w] : ~UINT64_C(0)));
	for (size_t i = words * 64; i < s->v.n; i++)
		count += bits_has(allow, i) && space_has(s, i);
	return count;
}

void space_query(const struct space *s, const float *q, float *out)
{
	float scale = 1;
	if (s->metric == METRIC_COSINE) {
		float length = sqrtf(s->kernel->dot(q, q, s->v.dim));
		scale = length > 0 ? 1 / length : 0;
	}
	for (size_t i = 0; i < s->v.dim; i++)
		out[i] = scale * q[i];
}

void space_scores(const struct space *s, const float *query, size_t first, size_t n,
		  float *out)
{
	const float *rows = vectors_row(&s->v, first);
	assert(first + n <= s->v.n);
	(s->metric == METRIC_L2 ? s->kernel->l2s : s->kernel->dots)(query, rows, n, s->v.stride,
								    s->v.dim, out);
	if (s->metric == METRIC_COSINE)
		for (size_t i = 0; i < n; i++)
			out[i] *= s->inverse[first + i];
	else if (s->metric == METRIC_L2)
		for (size_t i = 0; i < n; i++)
			out[i] = -out[i];
}

void space_scores_at(const struct space *s, const float *query, const uint32_t *at, size_t n,
		     float *out)
{
	(s->metric == METRIC_L2 ? s->kernel->l2s_at : s->kernel->dots_at)(
		query, s->v.data, at, n, s->v.stride, s->v.dim, out);
	if (s->metric == METRIC_COSINE)
		for (size_t i = 0; i < n; i++)
			out[i] *= s->inverse[at[i]];
	else if (s->metric == METRIC_L2)
		for (size_t i = 0; i < n; i++)
			out[i] = -out[i];
}
