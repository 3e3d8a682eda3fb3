/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BPR (Rendle, Freudenthaler, Gantner and Schmidt-Thieme 2009). With d = x_u.y_i + b_i -
 * x_u.y_j - b_j, g = 1 - s(d) and the rate r, a step up ln s(d) - lambda / 2 |touched|^2 is
 *
 *	x_u += r (g (y_i - y_j) - lambda x_u)	b_i += r (g - lambda b_i)
 *	y_i += r (g x_u - lambda y_i)		b_j += r (-g - lambda b_j)
 *	y_j += r (-g x_u - lambda y_j)
 *
 * Users come in a new order in every epoch, a block of them to a task. j is drawn evenly
 * until it is none of the user's, TRIES times at most: who had nearly everything is skipped.
 */
#include "config.h"

#include "learn/bpr.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/csr.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/rng.h"
#include "base/scope.h"
#include "math/kernel.h"

enum {
	BLOCK = 512,	/* users of one task */
	TRIES = 16,	/* to draw a product that the user hadn't */
};

struct bpr {
	const struct ratings *r;
	const struct bpr_options *o;
	const struct kernels *k;
	float *x, *y, *bias;
	uint32_t *order;	/* (rows) */
	double *loss;		/* (tasks) */
	uint64_t *seen;		/* (tasks) entries with a negative */
	unsigned epoch;
	struct job *job;
};

static bool had(const struct ratings *r, uint32_t user, uint32_t product)
{
	return csr_find(r->offsets, r->column, user, product) != CSR_NONE;
}

static bool draw(const struct bpr *b, uint32_t user, struct rng *rng, uint32_t *negative)
{
	for (unsigned t = 0; t < TRIES; t++) {
		*negative = (uint32_t)rng_below(rng, b->r->columns);
		if (!had(b->r, user, *negative))
			return true;
	}
	return false;	/* the user had nearly everything */
}

/* Returns -ln s. */
static double learn(const struct bpr *b, uint32_t user, uint32_t i, uint32_t j)
{
	unsigned dim = b->o->dim;
	float *x = b->x + (size_t)user * dim, *yi = b->y + (size_t)i * dim,
	      *yj = b->y + (size_t)j * dim;
	float score = b->k->dot(x, yi, dim) - b->k->dot(x, yj, dim) + b->bias[i] -
		      b->bias[j];
	float s = 1 / (1 + expf(score));	/* 1 - s(score) */
	float rate = (float)b->o->rate, keep = 1 - rate * (float)b->o->lambda;

	for (unsigned d = 0; d < dim; d++) {
		float u = x[d], p = yi[d], n = yj[d];

		x[d] = keep * u + rate * s * (p - n);
		yi[d] = keep * p + rate * s * u;
		yj[d] = keep * n - rate * s * u;
	}
	b->bias[i] = keep * b->bias[i] + rate * s;
	b->bias[j] = keep * b->bias[j] - rate * s;
	return score > 30 ? 0 : score < -30 ? -score : log1p(exp(-score));
}

static void learn_block(void *ctx, size_t task, unsigned worker)
{
	struct bpr *b = ctx;
	size_t end = (task + 1) * BLOCK < b->r->rows ? (task + 1) * BLOCK : b->r->rows;
	struct rng rng;

	(void)worker;
	rng_init(&rng, b->o->seed, (uint64_t)b->epoch << 32 | task);
	b->loss[task] = 0;
	b->seen[task] = 0;
	for (size_t n = task * BLOCK; n < end && !job_cancelled(b->job); n++) {
		uint32_t user = b->order[n], negative;

		for (uint64_t i = b->r->offsets[user]; i < b->r->offsets[user + 1]; i++) {
			if (!draw(b, user, &rng, &negative))
				continue;
			b->loss[task] += learn(b, user, b->r->column[i], negative);
			b->seen[task]++;
		}
	}
}

static void shuffle(uint32_t *order, uint32_t n, uint64_t seed, unsigned epoch)
{
	struct rng rng;

	rng_init(&rng, seed, UINT64_C(0x5a) << 56 | epoch);
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	for (uint32_t i = n; i > 1; i--) {
		uint32_t j = (uint32_t)rng_below(&rng, i), x = order[i - 1];

		order[i - 1] = order[j];
		order[j] = x;
	}
}

static void begin(float *x, size_t n, unsigned dim, uint64_t seed, uint64_t stream)
{
	struct rng rng;

	rng_init(&rng, seed, stream);
	for (size_t i = 0; i < n; i++)
		x[i] = (float)((rng_real(&rng) - .5) / dim);
}

bool bpr_train(const struct ratings *r, const struct bpr_options *o, float *x, float *y,
	       float *bias, double *loss, struct work work, struct err *err)
{
	struct bpr b = {.r = r,
			.o = o,
			.k = kernels_best(),
			.x = x,
			.y = y,
			.bias = bias,
			.job = work.job};
	size_t tasks = ((size_t)r->rows + BLOCK - 1) / BLOCK;
	SCOPED_FREE uint32_t *order = mem_big(r->rows, sizeof *order, "factors", err);
	SCOPED_FREE double *sums = mem_big(tasks, sizeof *sums, "factors", err);
	SCOPED_FREE uint64_t *seen = mem_big(tasks, sizeof *seen, "factors", err);

	assert(o->dim > 0);
	if (!order || !sums || !seen)
		return false;
	b.order = order;
	b.loss = sums;
	b.seen = seen;
	begin(x, (size_t)r->rows * o->dim, o->dim, o->seed, 1);
	begin(y, (size_t)r->columns * o->dim, o->dim, o->seed, 2);
	for (uint32_t i = 0; i < r->columns; i++)
		bias[i] = 0;
	job_step(work.job, "training", o->epochs);
	for (b.epoch = 0; b.epoch < o->epochs; b.epoch++) {
		double sum = 0, n = 0;

		shuffle(order, r->rows, o->seed, b.epoch);
		pool_run(work.pool, tasks, learn_block, &b);
		if (!job_check(work.job, err))
			return false;
		for (size_t t = 0; t < tasks; t++) {
			sum += sums[t];
			n += (double)seen[t];
		}
		if (loss)
			loss[b.epoch] = n > 0 ? sum / n : 0;
		job_advance(work.job, 1);
	}
	return true;
}
