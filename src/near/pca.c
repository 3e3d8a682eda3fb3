/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With m the mean of the rows x, C = sum (x - m)(x - m)' (Pearson 1901, Hotelling 1933): its
 * eigenvectors of greatest eigenvalue are the axes a, by LAPACK's ssyevr; a row's place is
 * (x - m).a, an axis's share its eigenvalue over the trace of C. Rows are dealt with in
 * PARTS parts whose number doesn't depend on the threads, so sums are added in one order.
 */
#include "config.h"

#include "near/pca.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/scope.h"
#include "math/blas.h"

enum {
	PARTS = 16,	/* of the rows, whatever the threads: sums come in one order */
	BLOCK = 1024,	/* rows centred at a time */
};

struct pca {
	const struct vectors *v;
	unsigned dim;
	double *mean;		/* (dim) */
	double *sums;		/* (PARTS, dim) */
	float *moment;		/* (PARTS, dim, dim) lower triangles */
	float *block;		/* (threads, BLOCK, dim) */
	const float *axes;	/* (parts, dim) */
	unsigned parts;
	float *out;
	struct job *job;
};

static size_t part_end(const struct pca *p, size_t part)
{
	return p->v->n * part / PARTS;
}

static void sum_part(void *ctx, size_t part, unsigned worker)
{
	struct pca *p = ctx;
	double *sum = p->sums + part * p->dim;

	(void)worker;
	for (size_t i = part_end(p, part); i < part_end(p, part + 1); i++)
		for (unsigned d = 0; d < p->dim; d++)
			sum[d] += vectors_row(p->v, i)[d];
}

static void centre(const struct pca *p, size_t first, size_t n, float *to)
{
	for (size_t i = 0; i < n; i++)
		for (unsigned d = 0; d < p->dim; d++)
			to[i * p->dim + d] =
				(float)(vectors_row(p->v, first + i)[d] - p->mean[d]);
}

static void moment_part(void *ctx, size_t part, unsigned worker)
{
	struct pca *p = ctx;
	float *block = p->block + (size_t)worker * BLOCK * p->dim;
	size_t end = part_end(p, part + 1);

	for (size_t i = part_end(p, part); i < end && !job_cancelled(p->job); i += BLOCK) {
		size_t n = end - i < BLOCK ? end - i : BLOCK;

		centre(p, i, n, block);
		blas_ssyrk(p->dim, n, 1, block, p->dim, 1,
			   p->moment + part * p->dim * p->dim, p->dim);
	}
}

static void place_part(void *ctx, size_t part, unsigned worker)
{
	struct pca *p = ctx;
	float *block = p->block + (size_t)worker * BLOCK * p->dim;
	size_t end = part_end(p, part + 1);

	for (size_t i = part_end(p, part); i < end && !job_cancelled(p->job); i += BLOCK) {
		size_t n = end - i < BLOCK ? end - i : BLOCK;

		centre(p, i, n, block);
		blas_sgemm(false, true, n, p->parts, p->dim, 1, block, p->dim, p->axes,
			   p->dim, 0, p->out + i * p->parts, p->parts);
	}
}

struct found_axes {
	float *share, *axes;
};

static bool find_axes(struct pca *p, struct found_axes to, struct pool *pool, struct err *err)
{
	size_t cells = (size_t)p->dim * p->dim;
	SCOPED_FREE float *values = mem_alloc(p->parts * sizeof *values);
	double trace = 0;

	pool_run(pool, PARTS, sum_part, p);
	for (unsigned d = 0; d < p->dim; d++) {
		for (size_t part = 0; part < PARTS; part++)
			p->mean[d] += p->sums[part * p->dim + d];
		p->mean[d] /= (double)p->v->n;
	}
	pool_run(pool, PARTS, moment_part, p);
	if (!job_check(p->job, err))
		return false;
	for (size_t part = 1; part < PARTS; part++)
		for (size_t i = 0; i < cells; i++)
			p->moment[i] += p->moment[part * cells + i];
	for (unsigned d = 0; d < p->dim; d++)
		trace += p->moment[(size_t)d * p->dim + d];
	if (!blas_ssyevr(p->dim, p->parts, p->moment, p->dim, values, to.axes, err))
		return false;
	for (unsigned i = 0; i < p->parts; i++)
		to.share[i] = trace > 0 ? (float)(values[i] / trace) : 0;
	return true;
}

bool pca_project(const struct vectors *v, struct pca_places to, struct work work,
		 struct err *err)
{
	struct pca p = {
		.v = v, .dim = v->dim, .parts = to.parts, .out = to.out, .job = work.job};
	size_t cells = (size_t)v->dim * v->dim;
	SCOPED_FREE double *mean = mem_big(v->dim, sizeof *mean, "PCA", err);
	SCOPED_FREE double *sums = mem_big(PARTS * (size_t)v->dim, sizeof *sums, "PCA", err);
	SCOPED_FREE float *moment = mem_big(PARTS * cells, sizeof *moment, "PCA", err);
	SCOPED_FREE float *axes = mem_big((size_t)to.parts * v->dim, sizeof *axes, "PCA", err);
	SCOPED_FREE float *block =
		mem_big((size_t)pool_threads(work.pool) * BLOCK * v->dim, sizeof *block,
			"PCA", err);

	assert(to.parts > 0 && to.parts <= v->dim);
	if (!mean || !sums || !moment || !axes || !block || !blas_load(err))
		return false;
	p.mean = mean;
	p.sums = sums;
	p.moment = moment;
	p.block = block;
	p.axes = axes;
	if (!find_axes(&p, (struct found_axes){to.share, axes}, work.pool, err))
		return false;
	pool_run(work.pool, PARTS, place_part, &p);
	return job_check(work.job, err);
}
