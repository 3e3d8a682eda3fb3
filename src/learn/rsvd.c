/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Y = A Omega spans nearly what the largest singular vectors span; each round puts A A' between.
 * An orthonormal basis Q of Y is Y W L^-1/2 with W, L the eigenvectors and -values of Y'Y, taken
 * twice since squares lose half of the digits. Then with B = A'Q (columns, k): B'B = W L W',
 * S = L^1/2, V = B W / S, U = Q W.
 */
#include "config.h"

#include "learn/rsvd.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/rng.h"
#include "base/scope.h"
#include "math/blas.h"
#include "math/kernel.h"

#define CHUNK 512		/* rows of a task */
#define NOTHING 1e-6F		/* of the largest eigenvalue: such axes are noise */

struct product {
	const struct ratings *a;
	size_t k;
	const float *x;		/* (columns, k) */
	float *y;		/* (rows, k) */
	struct job *job;
};

static void multiply_chunk(void *ctx, size_t task, unsigned worker)
{
	const struct product *p = ctx;
	const struct kernels *kernel = kernels_best();
	size_t end = (task + 1) * CHUNK < p->a->rows ? (task + 1) * CHUNK : p->a->rows;

	(void)worker;
	for (size_t r = task * CHUNK; r < end && !job_cancelled(p->job); r++) {
		float *y = p->y + r * p->k;

		memset(y, 0, p->k * sizeof *y);
		for (uint64_t i = p->a->offsets[r]; i < p->a->offsets[r + 1]; i++)
			kernel->axpy(p->a->value[i], p->x + (size_t)p->a->column[i] * p->k, y,
				     p->k);
	}
}

/* y (rows, k) = a x */
static bool multiply(struct product p, struct work work, struct err *err)
{
	p.job = work.job;
	pool_run(work.pool, (p.a->rows + CHUNK - 1) / CHUNK, multiply_chunk, &p);
	return job_check(work.job, err);
}

static float normal(struct rng *rng)
{
	double u = 1 - rng_real(rng), v = rng_real(rng);

	return (float)(sqrt(-2 * log(u)) * cos(2 * M_PI * v));
}

/* Eigenvalues (k) and vectors (k, k), rows, of x'x for x (n, k). */
struct gram {
	float *matrix, *values, *vectors;
};

static bool gram_of(const struct gram *g, const float *x, size_t n, size_t k, struct err *err)
{
	blas_ssyrk(k, n, 1, x, k, 0, g->matrix, k);
	return blas_ssyevr(k, k, g->matrix, k, g->values, g->vectors, err);
}

/* x (n, k) gets orthonormal columns that span the same; room (n, k). Columns that nothing is
 * left for are 0. */
static bool straighten(const struct gram *g, float *x, float *room, size_t n, size_t k,
		       struct err *err)
{
	for (int twice = 0; twice < 2; twice++) {
		if (!gram_of(g, x, n, k, err))
			return false;
		for (size_t i = 0; i < k; i++) {
			float value = g->values[i];
			float w = value > NOTHING * g->values[0] && value > 0 ? 1 / sqrtf(value) :
				  0;

			for (size_t j = 0; j < k; j++)
				g->vectors[i * k + j] *= w;
		}
		blas_sgemm(false, true, n, k, k, 1, x, k, g->vectors, k, 0, room, k);
		memcpy(x, room, n * k * sizeof *x);
	}
	return true;
}

struct looking {
	const struct ratings *a, *t;
	const struct rsvd_options *o;
	size_t k;
	float *y, *x, *room;	/* (rows, k), (columns, k), (the larger, k) */
	struct gram g;
};

static bool find_basis(struct looking *l, struct work work, struct err *err)
{
	size_t n = (size_t)l->a->columns * l->k;
	struct rng rng;

	rng_init(&rng, l->o->seed, 0x5d5d);
	for (size_t i = 0; i < n; i++)
		l->x[i] = normal(&rng);
	job_step(work.job, "singular values", 2 * (uint64_t)l->o->rounds + 2);
	for (unsigned round = 0;; round++) {
		if (!multiply((struct product){l->a, l->k, l->x, l->y, NULL}, work, err) ||
		    !straighten(&l->g, l->y, l->room, l->a->rows, l->k, err))
			return false;
		job_advance(work.job, 1);
		if (!multiply((struct product){l->t, l->k, l->y, l->x, NULL}, work, err))
			return false;
		job_advance(work.job, 1);
		if (round == l->o->rounds)
			return true;
		if (!straighten(&l->g, l->x, l->room, l->a->columns, l->k, err))
			return false;
	}
}

static void turn_sign(const struct looking *l, struct rsvd_parts to, unsigned axis)
{
	unsigned dim = l->o->dim;
	float most = 0;

	for (size_t c = 0; c < l->a->columns; c++) {
		float v = to.v[c * dim + axis];

		most = fabsf(v) > fabsf(most) ? v : most;
	}
	if (most >= 0)
		return;
	for (size_t c = 0; c < l->a->columns; c++)
		to.v[c * dim + axis] = -to.v[c * dim + axis];
	for (size_t r = 0; to.u && r < l->a->rows; r++)
		to.u[r * dim + axis] = -to.u[r * dim + axis];
}

/* x holds B, y holds Q. */
static bool finish(struct looking *l, struct rsvd_parts to, struct err *err)
{
	size_t k = l->k;
	unsigned dim = l->o->dim;
	float *w = l->g.vectors;

	if (!gram_of(&l->g, l->x, l->a->columns, k, err))
		return false;
	for (unsigned i = 0; i < dim; i++) {
		float value = l->g.values[i];
		bool there = value > NOTHING * l->g.values[0] && value > 0;

		to.s[i] = there ? sqrtf(value) : 0;
		for (size_t j = 0; !there && j < k; j++)
			w[i * k + j] = 0;
	}
	if (to.u)
		blas_sgemm(false, true, l->a->rows, dim, k, 1, l->y, k, w, k, 0, to.u, dim);
	for (unsigned i = 0; i < dim; i++)
		for (size_t j = 0; to.s[i] > 0 && j < k; j++)
			w[i * k + j] /= to.s[i];
	blas_sgemm(false, true, l->a->columns, dim, k, 1, l->x, k, w, k, 0, to.v, dim);
	for (unsigned i = 0; i < dim; i++)
		turn_sign(l, to, i);
	return true;
}

bool rsvd(const struct ratings *a, const struct ratings *t, const struct rsvd_options *o,
	  struct rsvd_parts to, struct work work, struct err *err)
{
	uint32_t least = a->rows < a->columns ? a->rows : a->columns;
	uint32_t most = a->rows > a->columns ? a->rows : a->columns;
	size_t k = o->dim + o->extra;
	SCOPED_FREE float *x = mem_big(a->columns * k, sizeof *x, "singular vectors", err);
	SCOPED_FREE float *y = mem_big(a->rows * k, sizeof *y, "singular vectors", err);
	SCOPED_FREE float *room = mem_big(most * k, sizeof *room, "singular vectors", err);
	SCOPED_FREE float *gram = mem_big(2 * k * k + k, sizeof *gram, "singular vectors", err);
	struct looking l = {.a = a, .t = t, .o = o, .k = k, .y = y, .x = x, .room = room};

	assert(o->dim && least && t->rows == a->columns && t->columns == a->rows);
	if (!x || !y || !room || !gram || !blas_load(err))
		return false;
	l.g = (struct gram){gram, gram + 2 * k * k, gram + k * k};
	return find_basis(&l, work, err) && finish(&l, to, err);
}
