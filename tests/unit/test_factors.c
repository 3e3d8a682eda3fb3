/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Least squares against dense sums over all pairs; gradients against differences. */
#include "config.h"

#include "learn/als.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "base/rng.h"
#include "learn/bpr.h"
#include "model/ratings_read.h"
#include "store/store.h"

#include "fixture.h"
#include "unit.h"

enum { ROWS = 40, COLUMNS = 25, DIM = 6 };

/* A random matrix, column 3 empty, and its dense form. */
static void draw(struct ratings *r, double dense[ROWS][COLUMNS], uint64_t seed)
{
	struct rng rng;

	rng_init(&rng, seed, 0);
	*r = (struct ratings){.rows = ROWS, .columns = COLUMNS};
	r->offsets = calloc(ROWS + 1, sizeof *r->offsets);
	r->column = calloc(ROWS * COLUMNS, sizeof *r->column);
	r->value = calloc(ROWS * COLUMNS, sizeof *r->value);
	for (uint32_t u = 0; u < ROWS; u++) {
		for (uint32_t i = 0; i < COLUMNS; i++) {
			dense[u][i] = 0;
			if (i == 3 || rng_below(&rng, 5))
				continue;
			dense[u][i] = 1 + (double)rng_below(&rng, 4);
			r->column[r->entries] = i;
			r->value[r->entries++] = (float)dense[u][i];
		}
		r->offsets[u + 1] = r->entries;
	}
}

static double dense_loss(double dense[ROWS][COLUMNS], const float *x, const float *y,
			 const struct als_options *o)
{
	double sum = 0;

	for (unsigned u = 0; u < ROWS; u++)
		for (unsigned i = 0; i < COLUMNS; i++) {
			double c = 1 + o->confidence * dense[u][i], s = 0;

			for (unsigned d = 0; d < DIM; d++)
				s += (double)x[u * DIM + d] * y[i * DIM + d];
			sum += c * pow((dense[u][i] > 0) - s, 2);
		}
	for (unsigned i = 0; i < ROWS * DIM; i++)
		sum += o->lambda * x[i] * x[i];
	for (unsigned i = 0; i < COLUMNS * DIM; i++)
		sum += o->lambda * y[i] * y[i];
	return sum / (ROWS * COLUMNS);
}

static void least_squares(void **state)
{
	static double dense[ROWS][COLUMNS];
	float x[ROWS * DIM], y[COLUMNS * DIM], x2[ROWS * DIM], y2[COLUMNS * DIM];
	double loss[12], exact[12];
	SCOPED(pool) pool = pool_create(3);
	struct err err = {0};

	for (uint64_t seed = 0; seed < 5; seed++) {
		struct als_options o = {.dim = DIM, .lambda = .3, .confidence = 2, .steps = 3,
					.epochs = 12, .seed = seed};
		struct ratings r;

		draw(&r, dense, seed);
		assert_true(
			als_train(&r, &o, x, y, loss, (struct work){pool, NULL}, &err));
		assert_true(fabs(loss[11] / dense_loss(dense, x, y, &o) - 1) < 1e-4);
		assert_true(als_train(&r, &o, x2, y2, NULL, (struct work){0}, &err));
		assert_memory_equal(x, x2, sizeof x);
		assert_memory_equal(y, y2, sizeof y);
		o.steps = 0;
		assert_true(als_train(&r, &o, x, y, exact, (struct work){0}, &err));
		assert_true(fabs(exact[11] / dense_loss(dense, x, y, &o) - 1) < 1e-4);
		for (unsigned e = 1; e < 12; e++)
			assert_true(exact[e] <= exact[e - 1] * (1 + 1e-5) &&
				    loss[e] <= loss[e - 1] * (1 + 1e-4));
		assert_true(loss[11] < exact[11] * 1.1);
		ratings_finish(&r);
	}
}

/* With as many steps as there are factors conjugate gradients solve a row exactly. */
static void both_solvers(void **state)
{
	static double dense[ROWS][COLUMNS];
	float x[ROWS * DIM], y[COLUMNS * DIM], x2[ROWS * DIM], y2[COLUMNS * DIM];
	struct als_options o = {.dim = DIM, .lambda = 1, .confidence = 3, .steps = 3 * DIM,
				.epochs = 1, .seed = 4};
	struct ratings r;
	struct err err = {0};

	draw(&r, dense, 9);
	assert_true(als_train(&r, &o, x, y, NULL, (struct work){0}, &err));
	o.steps = 0;
	assert_true(als_train(&r, &o, x2, y2, NULL, (struct work){0}, &err));
	for (unsigned i = 0; i < COLUMNS * DIM; i++)
		assert_true(fabsf(y[i] - y2[i]) < 1e-3f * (1 + fabsf(y2[i])));
	ratings_finish(&r);
}

/* A row that is folded in solves its equation, and lowers the loss of no other x. */
static void folded(void **state)
{
	static double dense[ROWS][COLUMNS];
	struct als_options o = {.dim = DIM, .lambda = .5, .confidence = 2, .epochs = 6, .seed = 4};
	float x[ROWS * DIM], y[COLUMNS * DIM], gram[DIM * DIM], own[DIM];
	struct als_known known = {DIM, y, gram, o.confidence};
	struct ratings r;
	struct err err = {0};

	draw(&r, dense, 9);
	assert_true(als_train(&r, &o, x, y, NULL, (struct work){0}, &err));
	als_gram(y, COLUMNS, DIM, o.lambda, gram);
	for (unsigned u = 0; u < ROWS; u++) {
		struct als_row row = {r.column + r.offsets[u], r.value + r.offsets[u],
				      (unsigned)(r.offsets[u + 1] - r.offsets[u])};
		double left[DIM] = {0};

		assert_true(als_fold(&known, &row, own, &err));
		for (unsigned i = 0; i < COLUMNS; i++) {
			double c = 1 + o.confidence * dense[u][i], s = 0;

			for (unsigned d = 0; d < DIM; d++)
				s += (double)own[d] * y[i * DIM + d];
			for (unsigned d = 0; d < DIM; d++)
				left[d] += c * (s - (dense[u][i] > 0)) * y[i * DIM + d];
		}
		for (unsigned d = 0; d < DIM; d++)
			assert_true(fabs(left[d] + o.lambda * own[d]) < 1e-3);
	}
	ratings_finish(&r);
}

/* Users of two kinds, each with products of its own: they must come apart. */
static void personal(void **state)
{
	struct bpr_options o = {.dim = DIM, .lambda = .001, .rate = .1, .epochs = 200,
				.seed = 3};
	float x[ROWS * DIM], y[COLUMNS * DIM], bias[COLUMNS], again[COLUMNS * DIM];
	double loss[200];
	struct ratings r = {.rows = ROWS, .columns = COLUMNS};
	struct err err = {0};
	unsigned right = 0, all = 0;

	r.offsets = calloc(ROWS + 1, sizeof *r.offsets);
	r.column = calloc(ROWS * COLUMNS, sizeof *r.column);
	r.value = calloc(ROWS * COLUMNS, sizeof *r.value);
	for (uint32_t u = 0; u < ROWS; u++) {
		for (uint32_t i = 0; i < COLUMNS; i++)
			if (i % 2 == u % 2 && (i + u) % 3) {
				r.column[r.entries] = i;
				r.value[r.entries++] = 1;
			}
		r.offsets[u + 1] = r.entries;
	}
	assert_true(bpr_train(&r, &o, x, y, bias, loss, (struct work){0}, &err));
	assert_true(loss[199] < loss[0] / 3);
	for (uint32_t u = 0; u < ROWS; u++)	/* what it didn't see: its own kind wins */
		for (uint32_t i = 0; i < COLUMNS; i++)
			for (uint32_t j = 0; j < COLUMNS; j++) {
				float s = bias[i] - bias[j];

				if (i % 2 != u % 2 || (i + u) % 3 || j % 2 == u % 2)
					continue;
				for (unsigned d = 0; d < DIM; d++)
					s += x[u * DIM + d] * (y[i * DIM + d] - y[j * DIM + d]);
				right += s > 0;
				all++;
			}
	assert_true(right > .95 * all);
	assert_true(bpr_train(&r, &o, x, again, bias, NULL, (struct work){0}, &err));
	assert_memory_equal(y, again, sizeof y);
	ratings_finish(&r);
}

/* One epoch of one entry without regularisation is a step up the gradient of ln s. */
static void bpr_gradient(void **state)
{
	uint64_t offsets[] = {0, 1};
	uint32_t column[] = {0};
	float value[] = {1};
	struct ratings r = {1, 2, offsets, column, value, 1};
	struct bpr_options o = {.dim = DIM, .rate = 1e-2, .epochs = 0, .seed = 6};
	float x[DIM], y[2 * DIM], bias[2], x1[DIM], y1[2 * DIM], bias1[2];
	struct err err = {0};

	assert_true(bpr_train(&r, &o, x, y, bias, NULL, (struct work){0}, &err));
	o.epochs = 1;	/* the only negative is product 1 */
	assert_true(bpr_train(&r, &o, x1, y1, bias1, NULL, (struct work){0}, &err));
	for (unsigned at = 0; at < DIM; at++) {
		double up[2];

		for (int way = 0; way < 2; way++) {
			double s = bias[0] - bias[1], h = way ? 1e-4 : -1e-4;

			for (unsigned d = 0; d < DIM; d++)
				s += (x[d] + (d == at ? h : 0)) * ((double)y[d] - y[DIM + d]);
			up[way] = -log1p(exp(-s));
		}
		assert_true(fabs((x1[at] - x[at]) / o.rate - (up[1] - up[0]) / 2e-4) < 1e-3);
		for (int way = 0; way < 2; way++) {
			double s = bias[0] - bias[1], h = way ? 1e-4 : -1e-4;

			for (unsigned d = 0; d < DIM; d++)
				s += x[d] * (y[d] + (d == at ? h : 0) - (double)y[DIM + d]);
			up[way] = -log1p(exp(-s));
		}
		assert_true(fabs((y1[at] - y[at]) / o.rate - (up[1] - up[0]) / 2e-4) < 1e-3);
	}
	assert_true(bias1[0] > 0 && bias1[0] == -bias1[1]);
}

/* What the small shop's users had to do with. */
static void read_log(void **state)
{
	char *folder = fixture_folder(), *path = fixture_path(folder, "shop");
	SCOPED(store) s = NULL;
	struct ratings r, t;
	struct err err = {0};
	const struct catalog *c;

	fixture_publish(path, 1);
	assert_true(store_open(&s, path, &err));
	c = store_catalog(s);
	assert_true(ratings_read(&r, &(struct lesson){c, NULL, NULL, {NULL, NULL}},
				 1u << EVENT_VIEW | 1u << EVENT_CART | 1u << EVENT_PURCHASE,
				 &err));
	assert_int_equal(r.rows, 3);	/* two users and the session of nobody */
	/* u1: product 0 viewed; 1 viewed, carted, bought; 3 and 4 the same */
	assert_int_equal(r.offsets[1], 4);
	assert_memory_equal(r.column, ((uint32_t[]){0, 1, 3, 4}), 16);
	assert_memory_equal(r.value, ((float[]){1, 6, 6, 6}), 16);
	assert_int_equal(r.column[r.offsets[2]], 5);
	assert_true(ratings_transpose(&t, &r, &err));
	assert_int_equal(t.rows, FIXTURE_PRODUCTS);
	assert_int_equal(t.offsets[6], r.entries);
	assert_memory_equal(t.column, ((uint32_t[]){0, 1}), 8);	/* product 0: both users */
	ratings_finish(&t);
	ratings_finish(&r);
	store_destroy(s);
	s = NULL;
	fixture_remove(folder);
	free(path);
}

UNIT_TESTS(factors, UNIT(least_squares), UNIT(both_solvers), UNIT(folded), UNIT(personal),
	   UNIT(bpr_gradient), UNIT(read_log))
