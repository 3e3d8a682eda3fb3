/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tower is trained: the same bytes on any number of threads, and the loss falls. */
#include "config.h"

#include "learn/fit.h"

#include "base/pool.h"
#include "base/rng.h"
#include "math/blas.h"

#include "unit.h"

enum { PRODUCTS = 60, PER = 3, UNITS = 400, EPOCHS = 6, DIM = 8, HIDDEN = 20 };

static uint64_t offsets[PRODUCTS + 1];
static uint32_t column[2 * PRODUCTS];
static float value[2 * PRODUCTS];
static const struct nn_bags bags = {offsets, column, value};

/* A product has its group, of six, and itself as features. */
static void make(void)
{
	for (uint32_t p = 0; p < PRODUCTS; p++) {
		offsets[p + 1] = 2 * p + 2;
		column[2 * p] = p % 6;
		column[2 * p + 1] = 6 + p;
		value[2 * p] = value[2 * p + 1] = 1;
	}
}

/* Two of a group, and one of another. */
static void draw(void *ctx, size_t unit, struct rng *rng, uint32_t *row)
{
	row[0] = (uint32_t)(unit % PRODUCTS);
	row[1] = (row[0] + 6 * (uint32_t)rng_below(rng, 10)) % PRODUCTS;
	row[2] = (row[0] + 1 + (uint32_t)rng_below(rng, 5)) % PRODUCTS;
}

static double loss(void *ctx, const struct fit_units *u, nn_real *dy, nn_real *d)
{
	static const struct nn_hinge hinge = {1, 1};
	float own[DIM], other[DIM];
	double sum = 0;

	for (size_t i = 0; i < u->n; i++) {
		const nn_real *y = u->y + i * PER * DIM;
		nn_real *to = dy + i * PER * DIM;

		sum += nn_hinge(&hinge, true, DIM, y, y + DIM, own, to + DIM);
		sum += nn_hinge(&hinge, false, DIM, y, y + 2 * DIM, other, to + 2 * DIM);
		for (unsigned j = 0; j < DIM; j++)
			to[j] = own[j] + other[j];
	}
	d[0] = 1;	/* an extra parameter that is pulled down */
	return sum;
}

static void train(struct fit_net *n, struct fit_result *r, float *vectors, unsigned threads)
{
	const struct tower t = {6 + PRODUCTS, HIDDEN, DIM};
	const struct fit_options o = {.batch = 150, .epochs = EPOCHS, .rate = .01,
				      .decay = .01, .seed = 9};
	const struct fit_task task = {.units = UNITS, .per = PER, .products = PRODUCTS,
				      .extra = 1, .draw = draw,
				      .loss = loss};
	SCOPED(pool) pool = pool_create(threads);
	struct err err = {0};

	make();
	if (!blas_load(&err) || !fit_net_make(n, &t, 1, 9, &err) ||
	    !fit_run(n, &bags, &task, &o, r, (struct work){pool, NULL}, &err) ||
	    !fit_vectors(n, &bags, NULL, PRODUCTS, vectors, pool, &err))
		fail_msg("%s", err.text);
}

static void same_bytes(void **state)
{
	static const unsigned threads[] = {1, 2, 5};
	float vectors[3][PRODUCTS * DIM];
	double losses[3][EPOCHS], held[3][EPOCHS];

	for (unsigned i = 0; i < 3; i++) {
		struct fit_result r = {.loss = losses[i], .held = held[i]};
		struct fit_net n;

		train(&n, &r, vectors[i], threads[i]);
		assert_int_equal(r.epochs, EPOCHS);
		assert_true(n.theta[tower_size(&n.tower)] < 0);
		fit_net_finish(&n);
	}
	for (unsigned i = 1; i < 3; i++) {
		assert_memory_equal(vectors[0], vectors[i], sizeof vectors[0]);
		assert_memory_equal(losses[0], losses[i], sizeof losses[0]);
		assert_memory_equal(held[0], held[i], sizeof held[0]);
	}
	assert_true(losses[0][EPOCHS - 1] < .5 * losses[0][0]);
	assert_true(held[0][EPOCHS - 1] < held[0][0]);
}

UNIT_TESTS(fit, UNIT(same_bytes))
