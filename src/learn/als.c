/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Alternating least squares (Hu, Koren and Volinsky 2008). With Y fixed, each row's x solves
 *
 *	(Y'Y + lambda I + sum of (c - 1) y y') x = sum of c y,	sums over the row's entries
 *
 * by Cholesky or a few steps of conjugate gradients (Takács, Pilászy and Tikk 2011), then
 * the sides change. What all rows have in common, Y'Y times their directions, is one product
 * of matrices for a block of rows; the rest is a few dot products and additions per entry.
 */
#include "config.h"

#include "learn/als.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/rng.h"
#include "base/scope.h"
#include "math/blas.h"
#include "math/kernel.h"

enum {
	BLOCK = 128,	/* rows solved together at most, ... */
	ENTRIES = 1024,	/* and so many entries in the mean: what they lead to stays near
			   from step to step */
	AHEAD = 12,	/* entries whose factors are fetched early */
	PARTS = 16,	/* of sums over rows, whatever the threads */
};

struct als {
	const struct als_options *o;
	const struct kernels *k;
	unsigned dim;
	float *gram;		/* (dim, dim) of the side that stays, + lambda */
	float *grams;		/* (PARTS, dim, dim) */
	float *scratch;		/* per thread: 4 blocks (BLOCK, dim), or (dim, dim) */
	size_t scratch_size;
	struct job *job;
};

struct half {
	struct als *a;
	const struct ratings *r;
	size_t block;		/* rows solved together */
	float *x;		/* (rows, dim) what is solved for */
	const float *y;		/* (columns, dim) what stays */
};

struct gram {
	struct als *a;
	const float *y;
	size_t n;
};

static void gram_part(void *ctx, size_t part, unsigned worker)
{
	const struct gram *g = ctx;
	size_t from = g->n * part / PARTS, end = g->n * (part + 1) / PARTS;
	unsigned dim = g->a->dim;

	(void)worker;
	blas_ssyrk(dim, end - from, 1, g->y + from * dim, dim, 0,
		   g->a->grams + part * dim * dim, dim);
}

/* Both triangles of Y'Y + lambda. */
static void make_gram(struct als *a, const float *y, size_t n, double lambda,
		      struct pool *pool)
{
	struct gram g = {a, y, n};
	unsigned dim = a->dim;

	pool_run(pool, PARTS, gram_part, &g);
	for (unsigned i = 0; i < dim; i++)
		for (unsigned j = 0; j <= i; j++) {
			double sum = i == j ? lambda : 0;

			for (size_t part = 0; part < PARTS; part++)
				sum += a->grams[(part * dim + i) * dim + j];
			a->gram[i * dim + j] = a->gram[j * dim + i] = (float)sum;
		}
}

/* What an entry adds to a sum over y, by its c - 1 and by y.direction. */
enum sum {
	SUM_RIGHT,	/* c: the right side */
	SUM_IMAGE,	/* (c - 1) y.direction: the left side */
	SUM_MISS,	/* the one without the other */
};

/* The rows of y lie anywhere: a few are fetched ahead. */
static inline void fetch(const struct half *h, uint64_t i, uint64_t end)
{
	const char *y;

	if (i >= end)
		return;
	y = (const char *)(h->y + (size_t)h->r->column[i] * h->a->dim);
	for (size_t at = 0; at < h->a->dim * sizeof(float); at += 64)
		__builtin_prefetch(y + at);
}

/* out += the sum over the row's entries. */
static void add_entries(const struct half *h, size_t row, enum sum what,
			const float *direction, float *out)
{
	const struct als *a = h->a;
	uint64_t end = h->r->offsets[row + 1];

	for (uint64_t i = h->r->offsets[row]; i < end; i++) {
		const float *y = h->y + (size_t)h->r->column[i] * a->dim;
		float c = (float)a->o->confidence * h->r->value[i];
		float w = what == SUM_IMAGE ? 0 : 1 + c;

		fetch(h, i + AHEAD, end);
		if (what != SUM_RIGHT) {
			float image = c * a->k->dot(y, direction, a->dim);

			w = what == SUM_IMAGE ? image : w - image;
		}
		a->k->axpy(w, y, out, a->dim);
	}
}

/* --- conjugate gradients */

struct descent {
	float *residual, *direction, *image;	/* (BLOCK, dim) */
	float squares[BLOCK];
};

static void first_residual(const struct half *h, struct descent *d, size_t first, size_t n)
{
	unsigned dim = h->a->dim;

	blas_sgemm(false, false, n, dim, dim, 1, h->x + first * dim, dim, h->a->gram, dim, 0,
		   d->image, dim);
	for (size_t i = 0; i < n; i++) {
		float *r = d->residual + i * dim;

		for (unsigned j = 0; j < dim; j++)
			r[j] = -d->image[i * dim + j];
		add_entries(h, first + i, SUM_MISS, h->x + (first + i) * dim, r);
		d->squares[i] = h->a->k->dot(r, r, dim);
	}
	memcpy(d->direction, d->residual, n * dim * sizeof *d->direction);
}

static void step(const struct half *h, struct descent *d, size_t first, size_t n)
{
	const struct kernels *k = h->a->k;
	unsigned dim = h->a->dim;

	blas_sgemm(false, false, n, dim, dim, 1, d->direction, dim, h->a->gram, dim, 0,
		   d->image, dim);
	for (size_t i = 0; i < n; i++) {
		float *p = d->direction + i * dim, *r = d->residual + i * dim, length, next;
		float *image = d->image + i * dim;

		if (d->squares[i] < 1e-20f)
			continue;
		add_entries(h, first + i, SUM_IMAGE, p, image);
		length = d->squares[i] / k->dot(p, image, dim);
		k->axpy(length, p, h->x + (first + i) * dim, dim);
		k->axpy(-length, image, r, dim);
		next = k->dot(r, r, dim);
		for (unsigned j = 0; j < dim; j++)
			p[j] = r[j] + next / d->squares[i] * p[j];
		d->squares[i] = next;
	}
}

static void descend_block(void *ctx, size_t task, unsigned worker)
{
	const struct half *h = ctx;
	size_t first = task * h->block, n = h->r->rows - first, cells = BLOCK * h->a->dim;
	float *room = h->a->scratch + worker * h->a->scratch_size;
	struct descent d = {.residual = room, .direction = room + cells,
			    .image = room + 2 * cells};

	n = n < h->block ? n : h->block;
	if (job_cancelled(h->a->job))
		return;
	first_residual(h, &d, first, n);
	for (unsigned s = 0; s < h->a->o->steps; s++)
		step(h, &d, first, n);
}

/* --- Cholesky */

static void solve_block(void *ctx, size_t task, unsigned worker)
{
	const struct half *h = ctx;
	unsigned dim = h->a->dim;
	size_t first = task * h->block, end = first + h->block;
	float *m = h->a->scratch + worker * h->a->scratch_size;

	for (size_t u = first; u < end && u < h->r->rows && !job_cancelled(h->a->job); u++) {
		float *x = h->x + u * dim;

		memcpy(m, h->a->gram, (size_t)dim * dim * sizeof *m);
		memset(x, 0, dim * sizeof *x);
		for (uint64_t i = h->r->offsets[u]; i < h->r->offsets[u + 1]; i++) {
			const float *y = h->y + (size_t)h->r->column[i] * dim;
			float c = (float)h->a->o->confidence * h->r->value[i];

			for (unsigned j = 0; j < dim; j++)
				h->a->k->axpy(c * y[j], y, m + (size_t)j * dim, j + 1);
		}
		add_entries(h, u, SUM_RIGHT, NULL, x);
		if (blas_spotrf(dim, m, dim, NULL))
			blas_spotrs(dim, 1, m, dim, x, dim);
	}
}

/* --- epochs */

static bool solve(struct half *h, struct pool *pool, struct err *err)
{
	uint64_t mean = h->r->entries / (h->r->rows + 1) + 1;
	size_t tasks;

	h->block = ENTRIES / mean < 1 ? 1 : ENTRIES / mean < BLOCK ? ENTRIES / mean : BLOCK;
	tasks = ((size_t)h->r->rows + h->block - 1) / h->block;
	make_gram(h->a, h->y, h->r->columns, h->a->o->lambda, pool);
	pool_run(pool, tasks, h->a->o->steps ? descend_block : solve_block, h);
	return job_check(h->a->job, err);
}

struct factors {
	const float *x, *y;
};

/* All pairs as if nothing were there is the trace of X'X Y'Y; entries differ. */
static double loss_of(struct als *a, const struct ratings *r, struct factors f,
		      struct pool *pool)
{
	unsigned dim = a->dim;
	float *xx = mem_alloc((size_t)dim * dim * sizeof *xx);
	double sum = 0, squares = 0;

	make_gram(a, f.x, r->rows, 0, pool);
	memcpy(xx, a->gram, (size_t)dim * dim * sizeof *xx);
	make_gram(a, f.y, r->columns, 0, pool);
	for (size_t i = 0; i < (size_t)dim * dim; i++)
		sum += (double)xx[i] * a->gram[i];
	for (unsigned i = 0; i < dim; i++)
		squares += (double)xx[i * dim + i] + a->gram[i * dim + i];
	for (uint32_t u = 0; u < r->rows; u++)
		for (uint64_t i = r->offsets[u]; i < r->offsets[u + 1]; i++) {
			double c = 1 + a->o->confidence * r->value[i];
			double s = a->k->dot(f.x + (size_t)u * dim,
					     f.y + (size_t)r->column[i] * dim, dim);

			sum += c * (1 - s) * (1 - s) - s * s;
		}
	free(xx);
	return (sum + a->o->lambda * squares) / ((double)r->rows * r->columns);
}

static void begin(float *x, size_t n, uint64_t seed, uint64_t stream)
{
	struct rng rng;

	rng_init(&rng, seed, stream);
	for (size_t i = 0; i < n; i++)
		x[i] = (float)(0.02 * (rng_real(&rng) - .5));
}

static bool run(struct als *a, const struct ratings *r, const struct ratings *t, float *x,
		float *y, double *loss, struct pool *pool, struct err *err)
{
	struct half users = {.a = a, .r = r, .x = x, .y = y},
		    items = {.a = a, .r = t, .x = y, .y = x};

	job_step(a->job, "training", a->o->epochs);
	for (unsigned epoch = 0; epoch < a->o->epochs; epoch++) {
		if (!solve(&users, pool, err) || !solve(&items, pool, err))
			return false;
		if (loss)
			loss[epoch] = loss_of(a, r, (struct factors){x, y}, pool);
		job_advance(a->job, 1);
	}
	return true;
}

bool als_train(const struct ratings *r, const struct als_options *o, float *x, float *y,
	       double *loss, struct work work, struct err *err)
{
	struct als a = {.o = o, .k = kernels_best(), .dim = o->dim, .job = work.job};
	size_t square = (size_t)o->dim * o->dim, blocks = 3 * (size_t)BLOCK * o->dim;
	struct ratings t = {0};
	bool ok;

	assert(o->dim > 0 && o->epochs > 0);
	a.scratch_size = square > blocks ? square : blocks;
	a.gram = mem_big(square, sizeof *a.gram, "factors", err);
	a.grams = mem_big(PARTS * square, sizeof *a.grams, "factors", err);
	a.scratch = mem_big(a.scratch_size * pool_threads(work.pool), sizeof *a.scratch,
			    "factors", err);
	begin(x, (size_t)r->rows * o->dim, o->seed, 1);
	begin(y, (size_t)r->columns * o->dim, o->seed, 2);
	ok = a.gram && a.grams && a.scratch && blas_load(err) &&
	     ratings_transpose(&t, r, err) && run(&a, r, &t, x, y, loss, work.pool, err);
	ratings_finish(&t);
	free(a.gram);
	free(a.grams);
	free(a.scratch);
	return ok;
}

/* --- one more row */

void als_gram(const float *y, uint32_t columns, unsigned dim, double lambda, float *gram)
{
	assert(dim > 0);
	blas_ssyrk(dim, columns, 1, y, dim, 0, gram, dim);
	for (unsigned i = 0; i < dim; i++)
		gram[(size_t)i * dim + i] += (float)lambda;
}

bool als_fold(const struct als_known *k, const struct als_row *row, float *x, struct err *err)
{
	const struct kernels *kernel = kernels_best();
	size_t cells = (size_t)k->dim * k->dim;
	SCOPED_FREE float *m = mem_alloc(cells * sizeof *m);

	memcpy(m, k->gram, cells * sizeof *m);
	memset(x, 0, k->dim * sizeof *x);
	for (unsigned i = 0; i < row->n; i++) {
		const float *y = k->y + (size_t)row->column[i] * k->dim;
		float c = (float)k->confidence * (row->value ? row->value[i] : 1);

		for (unsigned j = 0; j < k->dim; j++)
			kernel->axpy(c * y[j], y, m + (size_t)j * k->dim, j + 1);
		kernel->axpy(1 + c, y, x, k->dim);
	}
	if (!blas_spotrf(k->dim, m, k->dim, err))
		return false;
	blas_spotrs(k->dim, 1, m, k->dim, x, k->dim);
	return true;
}
