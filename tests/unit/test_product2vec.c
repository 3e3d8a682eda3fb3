/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loss of product2vec against differences, in double precision. */
#include "config.h"

#define NN_DOUBLE
#include "model/product2vec.h"

#include <math.h>

#include "base/rng.h"

#include "unit.h"

#include "../../src/learn/nn_attention.c"
#include "../../src/learn/nn_linear.c"
#include "../../src/learn/nn_loss.c"
#include "../../src/model/product2vec.c"

enum { PRODUCTS = 4, UNITS = 2, EACH = 3, DIM = 3, MOST = UNITS * (1 + 3 * EACH) * DIM };

/* 0 - 1 and 0 - 2 are alike, 0 - 3 is bought along. */
static uint64_t similar[] = {0, 2, 3, 4, 4}, along[] = {0, 1, 1, 1, 2};
static uint32_t likes[] = {1, 2, 0, 0}, goes[] = {3, 0};
static const uint32_t products[UNITS] = {0, 1};
static const struct link_sets sets = {
	.similar = {.offsets = similar, .column = likes, .n = 4},
	.complement = {.offsets = along, .column = goes, .n = 2},
};

static double y[MOST], room[4 * DIM + EACH];
static uint32_t row[MOST];

static double loss(struct product2vec *k, double *dy)
{
	const struct fit_units u = {.n = UNITS, .row = row, .y = y, .learning = true};

	return product2vec_loss(k, &u, dy, NULL);
}

static void slopes_of(enum product2vec_against against, bool attend)
{
	struct product2vec k = {
		.links = &sets, .n_products = PRODUCTS, .product = products, .dim = DIM,
		.each = EACH, .against = against, .attend = attend, .hinge = {1, 1},
		.room = room,
	};
	size_t n = UNITS * product2vec_per(&k) * DIM;
	double dy[MOST], other[MOST];
	const double h = 1e-6;
	struct rng rng;

	rng_init(&rng, 8, 0);
	for (size_t i = 0; i < n; i++)
		y[i] = rng_real(&rng) - .5;
	assert_true(loss(&k, dy) > 0);
	for (size_t i = 0; i < n; i++) {
		double was = y[i], up, down;

		y[i] = was + h;
		up = loss(&k, other);
		y[i] = was - h;
		down = loss(&k, other);
		y[i] = was;
		assert_true(fabs(dy[i] - (up - down) / (2 * h)) < 1e-6);
	}
}

static void slopes(void **state)
{
	slopes_of(AGAINST_COMPLEMENTS, true);
	slopes_of(AGAINST_BOTH, true);
	slopes_of(AGAINST_BOTH, false);
}

/* Lists hold what they are drawn from, and others where a product has no link. */
static void draws(void **state)
{
	struct product2vec k = {.links = &sets, .n_products = PRODUCTS, .product = products,
				.each = EACH, .against = AGAINST_BOTH};
	struct rng rng;
	uint32_t of[1 + 3 * EACH];

	rng_init(&rng, 9, 0);
	assert_int_equal(product2vec_per(&k), 1 + 3 * EACH);
	for (unsigned t = 0; t < 50; t++) {
		product2vec_draw(&k, 0, &rng, of);
		assert_int_equal(of[0], 0);
		for (unsigned i = 0; i < EACH; i++) {
			assert_in_range(of[1 + i], 1, 2);
			assert_int_equal(of[1 + EACH + i], 3);
			assert_true(of[1 + 2 * EACH + i] < PRODUCTS);
		}
		product2vec_draw(&k, 1, &rng, of);
		assert_int_equal(of[1], 0);
		assert_true(of[1 + EACH] < PRODUCTS);
	}
}

UNIT_TESTS(product2vec, UNIT(slopes), UNIT(draws))
