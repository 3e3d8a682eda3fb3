/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Principal axes against plain sums; maps against what they are made of. */
#include "config.h"

#include "near/umap.h"

#include <math.h>
#include <string.h>

#include "base/pool.h"
#include "base/rng.h"
#include "near/pca.h"

#include "unit.h"

enum { N = 600, DIM = 12, HEAPS = 6 };

static float rows[N * DIM];
static const struct vectors all = {rows, N, DIM, DIM};

/* HEAPS heaps, row i in heap i % HEAPS. */
static void draw(void)
{
	struct rng r;
	float middle[HEAPS][DIM];

	rng_init(&r, 8, 0);
	for (unsigned h = 0; h < HEAPS; h++)
		for (unsigned d = 0; d < DIM; d++)
			middle[h][d] = (float)(6 * rng_real(&r));
	for (size_t i = 0; i < N; i++)
		for (unsigned d = 0; d < DIM; d++)
			rows[i * DIM + d] = middle[i % HEAPS][d] + (float)rng_real(&r);
}

static double variance(const float *x, unsigned columns, unsigned at)
{
	double sum = 0, squares = 0;

	for (size_t i = 0; i < N; i++) {
		sum += x[i * columns + at];
		squares += (double)x[i * columns + at] * x[i * columns + at];
	}
	return squares / N - sum / N * sum / N;
}

static void axes(void **state)
{
	static float out[N * DIM], two[N * 2];
	float share[DIM], other[2];
	double before = 0, after = 0, mixed = 0;
	SCOPED(pool) pool = pool_create(3);
	struct err err = {0};

	draw();
	assert_true(pca_project(&all, (struct pca_places){DIM, out, share},
				(struct work){pool, NULL}, &err));
	assert_true(
		pca_project(&all, (struct pca_places){2, two, other}, (struct work){0}, &err));
	for (unsigned d = 0; d < DIM; d++) {
		before += variance(rows, DIM, d);
		after += variance(out, DIM, d);
		assert_true(d == 0 || share[d] <= share[d - 1]);
	}
	assert_true(fabs(after / before - 1) < 1e-4);	/* turned, not stretched */
	for (unsigned d = 0; d < DIM; d++)
		assert_true(fabs(variance(out, DIM, d) / before - share[d]) < 1e-4);
	for (size_t i = 0; i < N; i++) {
		mixed += out[i * DIM] * out[i * DIM + 1];
		assert_true(fabsf(out[i * DIM] - two[2 * i]) < 1e-3f);
	}
	assert_true(fabs(mixed / N) < 1e-3 * before);	/* axes are not correlated */
}

/* What the reference implementation's fit gives for these. */
static void curve(void **state)
{
	double a, b;

	umap_curve(0.1, &a, &b);
	assert_true(fabs(a - 1.5769) < 1e-3 && fabs(b - 0.8951) < 1e-3);
	umap_curve(0.5, &a, &b);
	assert_true(fabs(a - 0.5830) < 1e-3 && fabs(b - 1.3342) < 1e-3);
	umap_curve(0, &a, &b);
	assert_true(isfinite(a) && isfinite(b) && a > 0 && b > 0);
}

/* Share of the five nearest on the map that are of the point's own heap. */
static double agreement(const float *place, unsigned parts)
{
	double same = 0;

	for (size_t i = 0; i < N; i++) {
		size_t near[5];
		float d[5];

		for (unsigned k = 0; k < 5; k++)
			d[k] = INFINITY;
		for (size_t j = 0; j < N; j++) {
			float sum = 0;
			unsigned k = 5;

			for (unsigned p = 0; p < parts; p++)
				sum += (place[i * parts + p] - place[j * parts + p]) *
				       (place[i * parts + p] - place[j * parts + p]);
			if (i == j || !(sum < d[4]))
				continue;
			for (k = 4; k > 0 && d[k - 1] > sum; k--) {
				d[k] = d[k - 1];
				near[k] = near[k - 1];
			}
			d[k] = sum;
			near[k] = j;
		}
		for (unsigned k = 0; k < 5; k++)
			same += near[k] % HEAPS == i % HEAPS;
	}
	return same / (5.0 * N);
}

static void heaps(void **state)
{
	static float place[N * 3], again[N * 3];
	SCOPED(pool) pool = pool_create(3);

	draw();
	for (unsigned parts = 2; parts <= 3; parts++) {
		struct umap_options o = umap_defaults;
		struct space s;
		struct err err = {0};
		double trust;

		o.parts = parts;
		o.epochs = 100;
		assert_true(space_init(&s, all, parts == 2 ? METRIC_L2 : METRIC_COSINE, NULL,
				       &err));
		assert_true(umap_make(&s, &o, place, (struct work){pool, NULL}, &err));
		assert_true(umap_make(&s, &o, again, (struct work){0}, &err));
		assert_memory_equal(place, again, N * parts * sizeof(float));
		assert_true(agreement(place, parts) > .99);
		assert_true(umap_trust(&(struct umap_judged){&s, place, parts, 10, NULL, N, 1},
				       &trust, (struct work){pool, NULL}, &err));
		assert_true(trust > .85 && trust <= 1);
		space_finish(&s);
	}
}

/* A map that is the data itself is wholly trusted; one that is drawn by lot is not. */
static void trust(void **state)
{
	static float flat[N * 2], lot[N * 2];
	struct vectors v = {flat, N, 2, 2};
	struct space s;
	struct rng r;
	struct err err = {0};
	double t;

	rng_init(&r, 2, 0);
	for (size_t i = 0; i < N * 2; i++) {
		flat[i] = (float)rng_real(&r) + 1;
		lot[i] = (float)rng_real(&r);
	}
	assert_true(space_init(&s, v, METRIC_L2, NULL, &err));
	assert_true(umap_trust(&(struct umap_judged){&s, flat, 2, 8, NULL, 100, 1}, &t,
			       (struct work){0}, &err));
	assert_true(t > 1 - 1e-6);
	assert_true(umap_trust(&(struct umap_judged){&s, lot, 2, 8, NULL, N, 1}, &t,
			       (struct work){0}, &err));
	assert_true(t > .45 && t < .55);
	space_finish(&s);
}

/* Rows of zeros have no place; too few rows have no map; equal rows have one. */
static void edges(void **state)
{
	static float place[N * 2];
	struct umap_options o = umap_defaults;
	struct space s;
	struct err err = {0};

	draw();
	o.epochs = 20;
	memset(rows + 7 * DIM, 0, DIM * sizeof *rows);
	assert_true(space_init(&s, all, METRIC_COSINE, NULL, &err));
	assert_true(umap_make(&s, &o, place, (struct work){0}, &err));
	for (size_t i = 0; i < N; i++)
		assert_true(isnan(place[2 * i]) == (i == 7) &&
			    isnan(place[2 * i + 1]) == (i == 7));
	space_finish(&s);
	memset(rows, 0, sizeof rows);
	rows[5] = 1;
	assert_true(space_init(&s, all, METRIC_COSINE, NULL, &err));
	assert_false(umap_make(&s, &o, place, (struct work){0}, &err));
	assert_int_equal(err.code, ERR_NO);
	space_finish(&s);
	for (size_t i = 0; i < N * DIM; i++)
		rows[i] = 1;
	assert_true(space_init(&s, all, METRIC_L2, NULL, &err));
	assert_true(umap_make(&s, &o, place, (struct work){0}, &err));
	for (size_t i = 0; i < N * 2; i++)
		assert_true(isfinite(place[i]));
	space_finish(&s);
}

UNIT_TESTS(umap, UNIT(axes), UNIT(curve), UNIT(heaps), UNIT(trust), UNIT(edges))
