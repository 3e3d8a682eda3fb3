/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lloyd's rounds as a plain double loop does them, from the same start. */
#include "config.h"

#include "near/kmeans.h"

#include <math.h>

#include "base/pool.h"
#include "base/rng.h"

#include "unit.h"

enum { N = 3000, DIM = 7, K = 9 };

static float rows[N * DIM];
static const struct vectors all = {rows, N, DIM, DIM};

/* Heaps that overlap a little. */
static void draw(uint64_t seed)
{
	struct rng r;

	rng_init(&r, seed, 0);
	for (size_t i = 0; i < N; i++)
		for (unsigned d = 0; d < DIM; d++) {
			double sum = 0;

			for (int j = 0; j < 6; j++)
				sum += rng_real(&r) - .5;
			rows[i * DIM + d] = (float)(sum + 2.5 * ((i % 12) >> (d % 4) & 1));
		}
}

static double square(const float *a, const double *b)
{
	double sum = 0;

	for (unsigned d = 0; d < DIM; d++)
		sum += (a[d] - b[d]) * (a[d] - b[d]);
	return sum;
}

/* Inertia after so many rounds. */
static double plain(const float *start, unsigned rounds, uint32_t *cluster)
{
	double centre[K * DIM], inertia = 0;

	for (size_t i = 0; i < K * DIM; i++)
		centre[i] = start[i];
	for (unsigned round = 0; round <= rounds; round++) {
		double sum[K * DIM] = {0};
		unsigned size[K] = {0};

		inertia = 0;
		for (size_t i = 0; i < N; i++) {
			double best = INFINITY;

			for (uint32_t c = 0; c < K; c++) {
				double d = square(rows + i * DIM, centre + c * DIM);

				if (d < best) {
					best = d;
					cluster[i] = c;
				}
			}
			inertia += best;
			size[cluster[i]]++;
			for (unsigned d = 0; d < DIM; d++)
				sum[cluster[i] * DIM + d] += rows[i * DIM + d];
		}
		for (size_t i = 0; round < rounds && i < K * DIM; i++)
			centre[i] = sum[i] / size[i / DIM];
	}
	return inertia;
}

static void as_lloyd(void **state)
{
	static uint32_t cluster[N];
	SCOPED(pool) pool = pool_create(3);

	for (uint64_t seed = 0; seed < 4; seed++)
		for (unsigned rounds = 0; rounds <= 40; rounds += rounds < 4 ? 1 : 12) {
			struct kmeans_options o = {.k = K, .rounds = rounds, .seed = 1};
			struct kmeans m;
			struct err err = {0};
			double inertia;
			size_t same = 0;

			draw(seed);
			o.start = rows + 100 * DIM;
			inertia = plain(o.start, rounds, cluster);
			assert_true(kmeans_make(&m, &all, &o, (struct work){pool, NULL},
						&err));
			assert_true(fabs(m.inertia / inertia - 1) < 1e-4);
			for (size_t i = 0; i < N; i++)
				same += m.cluster[i] == cluster[i];
			assert_true(same > N - N / 500);
			kmeans_finish(&m);
		}
}

/* Any number of threads, and what the members say of themselves. */
static void whole(void **state)
{
	SCOPED(pool) pool = pool_create(3);
	struct kmeans_options o = {.k = K, .rounds = 50, .seed = 5};
	struct kmeans a, b;
	struct err err = {0};
	unsigned sizes = 0;
	double inertia = 0;

	draw(9);
	assert_true(kmeans_make(&a, &all, &o, (struct work){0}, &err));
	assert_true(kmeans_make(&b, &all, &o, (struct work){pool, NULL}, &err));
	assert_memory_equal(a.centre, b.centre, K * DIM * sizeof(float));
	assert_memory_equal(a.cluster, b.cluster, N * sizeof(uint32_t));
	assert_true(a.inertia == b.inertia && a.rounds == b.rounds && a.rounds < 50);
	for (unsigned c = 0; c < K; c++) {
		assert_true(a.size[c] > 0);
		sizes += a.size[c];
	}
	assert_int_equal(sizes, N);
	for (size_t i = 0; i < N; i++)
		inertia += (double)a.distance[i] * a.distance[i];
	assert_true(fabs(inertia / a.inertia - 1) < 1e-5);
	kmeans_finish(&a);
	kmeans_finish(&b);
}

/* Two places, three clusters: one must be given a row, none is empty. */
static void empty_cluster(void **state)
{
	float few[8] = {0, 0, 0, 0, 9, 9, 10, 10};
	struct vectors v = {few, 8, 1, 1};
	struct kmeans_options o = {.k = 3, .rounds = 10, .start = (float[]){0, 50, 60}};
	struct kmeans m;
	struct err err = {0};

	assert_true(kmeans_make(&m, &v, &o, (struct work){0}, &err));
	for (unsigned c = 0; c < 3; c++)
		assert_true(m.size[c] > 0);
	assert_true(m.inertia < 1e-6);	/* 0, 9 and 10 */
	kmeans_finish(&m);
}

static void batches(void **state)
{
	struct kmeans_options full = {.k = K, .rounds = 50, .seed = 2},
			      mini = {.k = K, .rounds = 60, .seed = 2, .batch = 500};
	struct kmeans a, b;
	struct err err = {0};

	draw(3);
	assert_true(kmeans_make(&a, &all, &full, (struct work){0}, &err));
	assert_true(kmeans_make(&b, &all, &mini, (struct work){0}, &err));
	assert_true(b.inertia < 1.1 * a.inertia);
	kmeans_finish(&a);
	kmeans_finish(&b);
}

static void refused(void **state)
{
	struct kmeans_options o = {.k = N + 1, .rounds = 1};
	struct kmeans m;
	struct err err = {0};

	assert_false(kmeans_make(&m, &all, &o, (struct work){0}, &err));
	assert_int_equal(err.code, ERR_USAGE);
}

UNIT_TESTS(kmeans, UNIT(as_lloyd), UNIT(whole), UNIT(empty_cluster), UNIT(batches),
	   UNIT(refused))
