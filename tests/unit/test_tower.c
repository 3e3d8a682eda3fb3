/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tower's way back against differences, in double precision. */
#include "config.h"

#define NN_DOUBLE
#include "learn/tower.h"

#include <math.h>

#include "base/rng.h"

#include "unit.h"

#include "../../src/learn/nn_activation.c"
#include "../../src/learn/nn_bag.c"
#include "../../src/learn/nn_linear.c"
#include "../../src/learn/nn_norm.c"
#include "../../src/learn/tower.c"

enum { FEATURES = 5, HIDDEN = 4, DIM = 3, ROWS = 6, MOST = 128 };

static const uint64_t offsets[] = {0, 2, 4, 5, 5, 8};
static const uint32_t column[] = {0, 3, 1, 2, 4, 0, 1, 4};
static const float value[] = {1, .5f, -1, 2, 1, .25f, -.5f, 1};
static const struct nn_bags bags = {offsets, column, value};
static const uint32_t row[ROWS] = {0, 1, 2, 3, 4, 1};
static const struct tower tower = {FEATURES, HIDDEN, DIM};
static const struct tower_input input = {&bags, row, ROWS};

static double theta[MOST], table[FEATURES * HIDDEN], weight[ROWS * DIM];
static double h1[MOST], h2[MOST], raw[MOST], y[MOST], d1[MOST], d2[MOST], draw_[MOST];
static double mean[DIM], inverse[DIM];
static const struct tower_room room = {h1, h2, raw, y, d1, d2, draw_, mean, inverse};

static double loss(void)
{
	double sum = 0;

	tower_forward(&tower, (struct tower_weights){theta, table}, &input, &room);
	for (unsigned i = 0; i < ROWS * DIM; i++)
		sum += weight[i] * y[i];
	return sum;
}

static void slopes_are(double *x, const double *slope, size_t n)
{
	const double h = 1e-5;

	for (size_t i = 0; i < n; i++) {
		double was = x[i], up, down;

		x[i] = was + h;
		up = loss();
		x[i] = was - h;
		down = loss();
		x[i] = was;
		if (fabs(slope[i] - (up - down) / (2 * h)) > 1e-6)
			fail_msg("%zu: %.12g, but by differences %.12g", i, slope[i],
				 (up - down) / (2 * h));
	}
}

static void back(void **state)
{
	double d[MOST] = {0}, dtable[FEATURES * HIDDEN] = {0}, again[ROWS * DIM];
	uint32_t place[FEATURES] = {0}, of[FEATURES], at[ROWS * FEATURES];
	uint64_t begin[FEATURES + 1];
	float by[ROWS * FEATURES];
	struct nn_turned turned = {.place = place, .row = of, .offsets = begin,
				   .column = at, .value = by};
	struct nn_bags back;
	struct rng rng;

	assert_true(tower_size(&tower) <= MOST);
	tower_begin(&tower, 3, theta, table);
	rng_init(&rng, 4, 0);
	for (size_t i = 0; i < tower_size(&tower); i++)
		theta[i] += .2 * (rng_real(&rng) - .5);
	for (unsigned i = 0; i < ROWS * DIM; i++)
		weight[i] = rng_real(&rng) - .5;
	loss();
	memcpy(again, y, sizeof again);
	tower_fixed(&tower, theta, ROWS, &room);
	assert_memory_equal(again, y, sizeof again);
	tower_back(&tower, theta, ROWS, weight, &room, d);
	nn_turn(&bags, (struct nn_ids){row, ROWS}, &turned);
	back = nn_turned_bags(&turned);
	for (uint32_t i = 0; i < turned.n; i++)
		nn_bag(&back, (struct nn_ids){&i, 1}, (struct nn_table){d1, HIDDEN},
		       dtable + of[i] * HIDDEN);
	slopes_are(theta, d, tower_size(&tower));
	slopes_are(table, dtable, FEATURES * HIDDEN);
}

UNIT_TESTS(tower, UNIT(back))
