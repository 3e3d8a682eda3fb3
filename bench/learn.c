/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One piece of learning on raw arrays, for bench/learn.py; prints seconds and what it was
 * worth.
 *
 *	learn kmeans VECTORS N DIM K ROUNDS THREADS	from the first K rows; inertia
 *	learn umap VECTORS N DIM EPOCHS THREADS OUT	places to OUT, raw floats
 *	learn als RATINGS DIM EPOCHS THREADS OUT	factors to OUT
 *	learn bpr RATINGS DIM EPOCHS THREADS OUT	the same and biases; loss
 *
 * VECTORS: 32-bit floats. RATINGS: u32 rows, u32 columns, u64 entries, u64 offsets
 * (rows + 1), u32 columns of the entries, f32 values.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/pool.h"
#include "base/time.h"
#include "learn/als.h"
#include "learn/bpr.h"
#include "math/blas.h"
#include "near/kmeans.h"
#include "near/umap.h"

static void stop(const char *what)
{
	fprintf(stderr, "learn: %s\n", what);
	exit(1);
}

static void check(bool ok, const struct err *err)
{
	if (!ok)
		stop(err->text);
}

static uint64_t number(const char *text)
{
	uint64_t n;

	if (!num_u64(str_from(text), &n))
		stop("a number is wrong");
	return n;
}

static void read_all(FILE *f, void *to, size_t n, size_t size)
{
	if (!f || fread(to, size, n, f) != n)
		stop("the file can't be read");
}

static void *room(size_t n, size_t size)
{
	void *p = calloc(n + 1, size);

	if (!p)
		stop("out of memory");
	return p;
}

static struct vectors read_vectors(char **arg)
{
	size_t n = number(arg[1]);
	unsigned dim = (unsigned)number(arg[2]);
	float *x = room(n * dim, sizeof *x);
	FILE *f = fopen(arg[0], "rb");

	read_all(f, x, n * dim, sizeof *x);
	fclose(f);
	return (struct vectors){x, n, dim, dim};
}

static void run_kmeans(char **arg)
{
	struct vectors v = read_vectors(arg);
	struct kmeans_options o = {.k = (unsigned)number(arg[3]),
				   .rounds = (unsigned)number(arg[4]), .start = v.data};
	SCOPED(pool) pool = pool_create((unsigned)number(arg[5]));
	struct kmeans m;
	struct err err = {0};
	double since = time_now_monotonic();

	check(kmeans_make(&m, &v, &o, (struct work){pool, NULL}, &err), &err);
	printf("%.4f %.9g\n", time_now_monotonic() - since, m.inertia);
	kmeans_finish(&m);
}

static void run_umap(char **arg)
{
	struct vectors v = read_vectors(arg);
	struct umap_options o = umap_defaults;
	SCOPED(pool) pool = pool_create((unsigned)number(arg[4]));
	float *place = room(v.n * 2, sizeof *place);
	struct space s;
	struct err err = {0};
	double since = time_now_monotonic();
	FILE *f;

	o.epochs = (unsigned)number(arg[3]);
	check(space_init(&s, v, METRIC_L2, pool, &err), &err);
	check(umap_make(&s, &o, place, (struct work){pool, NULL}, &err), &err);
	printf("%.4f 0\n", time_now_monotonic() - since);
	f = fopen(arg[5], "wb");
	if (!f || fwrite(place, sizeof *place, v.n * 2, f) != v.n * 2 || fclose(f))
		stop("the places can't be written");
}

static void read_ratings(const char *path, struct ratings *r)
{
	FILE *f = fopen(path, "rb");

	read_all(f, &r->rows, 1, sizeof r->rows);
	read_all(f, &r->columns, 1, sizeof r->columns);
	read_all(f, &r->entries, 1, sizeof r->entries);
	r->offsets = room((size_t)r->rows + 1, sizeof *r->offsets);
	r->column = room(r->entries, sizeof *r->column);
	r->value = room(r->entries, sizeof *r->value);
	read_all(f, r->offsets, (size_t)r->rows + 1, sizeof *r->offsets);
	read_all(f, r->column, r->entries, sizeof *r->column);
	read_all(f, r->value, r->entries, sizeof *r->value);
	fclose(f);
}

static void run_factors(char **arg, bool als)
{
	unsigned dim = (unsigned)number(arg[1]), epochs = (unsigned)number(arg[2]);
	SCOPED(pool) pool = pool_create((unsigned)number(arg[3]));
	struct ratings r;
	struct err err = {0};
	double *loss = room(epochs, sizeof *loss), since;
	float *x, *y, *bias;

	read_ratings(arg[0], &r);
	x = room((size_t)r.rows * dim, sizeof *x);
	y = room((size_t)r.columns * dim, sizeof *y);
	bias = room(r.columns, sizeof *bias);
	since = time_now_monotonic();
	if (als) {
		struct als_options o = {.dim = dim, .lambda = 0.01, .confidence = 1,
					.steps = 3, .epochs = epochs, .seed = 1};

		check(als_train(&r, &o, x, y, NULL, (struct work){pool, NULL}, &err),
		      &err);
	} else {
		struct bpr_options o = {.dim = dim, .lambda = 0.01, .rate = 0.01,
					.epochs = epochs, .seed = 1};

		check(bpr_train(&r, &o, x, y, bias, loss, (struct work){pool, NULL},
				&err),
		      &err);
	}
	printf("%.4f %.9g\n", time_now_monotonic() - since, loss[epochs - 1]);
	FILE *f = fopen(arg[4], "wb");
	if (!f || fwrite(x, sizeof *x, (size_t)r.rows * dim, f) != (size_t)r.rows * dim ||
	    fwrite(y, sizeof *y, (size_t)r.columns * dim, f) != (size_t)r.columns * dim ||
	    fwrite(bias, sizeof *bias, r.columns, f) != r.columns || fclose(f))
		stop("the factors can't be written");
	ratings_finish(&r);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	blas_prepare();
	if (!strcmp(what, "kmeans") && argc == 8)
		run_kmeans(argv + 2);
	else if (!strcmp(what, "umap") && argc == 8)
		run_umap(argv + 2);
	else if ((!strcmp(what, "als") || !strcmp(what, "bpr")) && argc == 7)
		run_factors(argv + 2, !strcmp(what, "als"));
	else
		stop("see the head of bench/learn.c");
	return 0;
}
