/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Layers of networks (learn/nn_linear) beside OpenBLAS's own products of the same shapes, in
 * turns on one thread: GFLOP per second of processor time, what bias and slopes cost included.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/err.h"
#include "learn/nn.h"
#include "math/blas.h"

#define ROUNDS 9

/* A layer of so many rows, as companion, product2vec, neumf and scratch have them. */
static const struct shape {
	size_t rows, from, to;
	const char *what;
} shapes[] = {
	{256, 128, 128, "tower of companion, a share"},
	{64, 64, 32, "category to half"},
	{64, 32, 64, "half to gamma"},
	{192, 64, 128, "projections of 192 categories"},
	{26, 64, 128, "projections of 26 categories"},
	{256, 16, 80, "first of neumf"},
	{512, 128, 512, "transformer, 512 pieces"},
};

static float *draw(size_t n)
{
	float *x = malloc(n * sizeof *x);

	for (size_t i = 0; x && i < n; i++)
		x[i] = (float)((i * 2654435761u) % 2001) / 1000 - 1;
	if (!x)
		exit(1);
	return x;
}

static double processor(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct room {
	float *x, *y, *w, *bias, *dw, *dbias, *dx;
};

/* Forward and back of a layer: three products. */
static void layer(const struct shape *s, const struct room *r)
{
	const struct nn_linear l = {s->from, s->to, r->w, r->bias};
	const struct nn_linear_slope d = {r->dw, r->dbias, r->dx};

	nn_linear(&l, r->x, s->rows, r->y);
	nn_linear_back(&l, (struct nn_back){r->x, r->y, s->rows}, &d);
}

static void products(const struct shape *s, const struct room *r)
{
	blas_sgemm(false, false, s->rows, s->to, s->from, 1, r->x, s->from, r->w, s->to, 0, r->y,
		   s->to);
	blas_sgemm(true, false, s->from, s->to, s->rows, 1, r->x, s->from, r->y, s->to, 0, r->dw,
		   s->to);
	blas_sgemm(false, true, s->rows, s->from, s->to, 1, r->y, s->to, r->w, s->to, 0, r->dx,
		   s->from);
}

static double seconds(void (*run)(const struct shape *s, const struct room *r),
		      const struct shape *s, const struct room *r)
{
	size_t times = (size_t)3e8 / (6 * s->rows * s->from * s->to) + 1;
	double since = processor();

	for (size_t i = 0; i < times; i++)
		run(s, r);
	return (processor() - since) / (double)times;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(void)
{
	struct err err = {0};

	blas_prepare();
	if (!blas_load(&err)) {
		fprintf(stderr, "products: %s\n", err.text);
		return 1;
	}
	printf("| rows x from x to | | OpenBLAS, GFLOP/s | layer, GFLOP/s | share |\n");
	for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
		const struct shape *s = &shapes[k];
		const struct room r = {
			draw(s->rows * s->from), draw(s->rows * s->to), draw(s->from * s->to),
			draw(s->to), draw(s->from * s->to), draw(s->to), draw(s->rows * s->from)};
		double own[ROUNDS], its[ROUNDS], share[ROUNDS];
		double flop = 6e-9 * (double)(s->rows * s->from * s->to);

		for (unsigned i = 0; i < ROUNDS; i++) {
			its[i] = flop / seconds(products, s, &r);
			own[i] = flop / seconds(layer, s, &r);
			share[i] = own[i] / its[i];
		}
		qsort(own, ROUNDS, sizeof *own, ascending);
		qsort(its, ROUNDS, sizeof *its, ascending);
		qsort(share, ROUNDS, sizeof *share, ascending);
		printf("| %zu x %zu x %zu | %s | %.1f | %.1f | %.2f (%.2f..%.2f) |\n", s->rows,
		       s->from, s->to, s->what, its[ROUNDS / 2], own[ROUNDS / 2],
		       share[ROUNDS / 2], share[0], share[ROUNDS - 1]);
	}
	return 0;
}
