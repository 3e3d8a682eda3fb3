/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both losses of companion against differences, in double precision. */
#include "config.h"

#define NN_DOUBLE
#include "model/companion.h"

#include <math.h>

#include "base/rng.h"

#include "unit.h"

#include "../../src/learn/nn_activation.c"
#include "../../src/learn/nn_attention.c"
#include "../../src/learn/nn_linear.c"
#include "../../src/learn/nn_loss.c"
#include "../../src/learn/nn_rows.c"
#define product companion_product
#include "../../src/model/companion.c"

enum { PRODUCTS = 8, TYPES = 4, UNITS = 3, NEGATIVE = 2, PER = 2 + NEGATIVE, DIM = 3,
       MOST = 256 };

/* Products 0 and 1 of category 0, 2 to 4 of 1, 5 and 6 of 2, 7 without. */
static const uint32_t category[PRODUCTS] = {0, 0, 1, 1, 1, 2, 2, CATALOG_NONE};
static const uint32_t first[] = {0, 2, 5, 7};
static const struct catalog catalog = {
	.n_products = PRODUCTS, .n_categories = TYPES - 1, .product_category = category,
	.category_product = first,
};
static uint32_t row[UNITS * PER] = {0, 2, 3, 6, 1, 5, 6, 4, 7, 3, 2, 0};
static uint32_t unit[UNITS] = {0, 1, 2};

static double y[UNITS * PER * DIM], extra[MOST];

/* Product 0 is linked with 2 and 5. */
static uint64_t offsets[] = {0, 2, 2, 3, 3, 3, 4, 4, 4};
static uint32_t column[] = {2, 5, 0, 0};
static const struct links links = {.offsets = offsets, .column = column, .n = 4};

bool links_has(const struct links *l, uint32_t a, uint32_t b)
{
	for (uint64_t k = l->offsets[a]; k < l->offsets[a + 1]; k++)
		if (l->column[k] == b)
			return true;
	return false;
}

static double loss(struct companion *k, double *dy, double *d)
{
	struct rng rng;
	const struct fit_units u = {.unit = unit, .n = UNITS, .row = row, .y = y,
				    .extra = extra, .rng = &rng, .learning = true};

	rng_init(&rng, 5, 0);
	memset(d, 0, MOST * sizeof *d);
	return companion_loss(k, &u, dy, d);
}

static void slopes_are(struct companion *k, double *x, const double *slope, size_t n)
{
	static double dy[UNITS * PER * DIM], d[MOST];
	const double h = 1e-6;

	for (size_t i = 0; i < n; i++) {
		double was = x[i], up, down;

		x[i] = was + h;
		up = loss(k, dy, d);
		x[i] = was - h;
		down = loss(k, dy, d);
		x[i] = was;
		if (fabs(slope[i] - (up - down) / (2 * h)) > 1e-6)
			fail_msg("%zu: %.10g, but by differences %.10g", i, slope[i],
				 (up - down) / (2 * h));
	}
}

static void slopes_of(enum companion_loss which, bool by_product)
{
	struct companion k = {
		.catalog = &catalog, .links = &links, .types = TYPES, .dim = DIM, .type_dim = 4,
		.negative = NEGATIVE, .loss = which, .alpha = .8, .dropout = .3,
		.temperature = .5, .by_product = by_product, .hinge = {1, 1},
	};
	static double dy[UNITS * PER * DIM], d[MOST];
	struct rng rng;
	struct err err = {0};
	unsigned all = 0;

	assert_true(companion_extra(&k) <= MOST && companion_room(&k, 1, &err));
	companion_begin(&k, 6, extra);
	rng_init(&rng, 7, 0);
	for (unsigned i = 0; i < UNITS * PER * DIM; i++)
		y[i] = rng_real(&rng) - .5;
	assert_true(loss(&k, dy, d) > 0);
	for (unsigned i = 0; i < companion_extra(&k); i++)
		all += fabs(d[i]) > 1e-9;
	assert_true(all > 10);
	slopes_are(&k, y, dy, UNITS * PER * DIM);
	slopes_are(&k, extra, d, companion_extra(&k));
	companion_room_finish(&k);
}

static void hinge(void **state)
{
	slopes_of(COMPANION_HINGE, false);
	slopes_of(COMPANION_HINGE, true);
}

static void contrast(void **state)
{
	slopes_of(COMPANION_CONTRAST, false);
	slopes_of(COMPANION_CONTRAST, true);
}

UNIT_TESTS(companion_loss, UNIT(hinge), UNIT(contrast))
