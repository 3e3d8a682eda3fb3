/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "math/alias.h"

#include <math.h>

#include "unit.h"

/* What the cells say that number i is drawn with, exactly. */
static void shares(const struct alias *cells, size_t n, double *share)
{
	memset(share, 0, n * sizeof *share);
	for (size_t i = 0; i < n; i++) {
		double keep = cells[i].keep / 0x1p32;
		share[i] += keep / (double)n;
		share[cells[i].other] += (1 - keep) / (double)n;
	}
}

static void check(const double *weights, size_t n)
{
	struct alias cells[500];
	double share[500], total = 0;
	alias_make(cells, weights, n);
	shares(cells, n, share);
	for (size_t i = 0; i < n; i++)
		total += weights[i];
	for (size_t i = 0; i < n; i++) {
		double want = total > 0 ? weights[i] / total : 1 / (double)n;
		assert_true(fabs(share[i] - want) < 1e-8);
		assert_true(cells[i].other < n);
	}
}

static void exact_shares(void **state)
{
	check((double[]){3}, 1);
	check((double[]){0, 0, 0}, 3);
	check((double[]){1, 1, 1, 1}, 4);
	check((double[]){0, 1, 0, 0}, 4);
	check((double[]){1e-300, 1e300}, 2);
	check((double[]){5, 0.1, 0.1, 0.1, 2, 0, 7}, 7);
	struct rng r;
	rng_init(&r, 1, 0);
	for (size_t n = 2; n <= 500; n += 83) {
		double weights[500];
		for (size_t i = 0; i < n; i++)
			weights[i] = pow(rng_real(&r), 6);
		check(weights, n);
	}
}

static void draws(void **state)
{
	const double weights[] = {1, 0, 5, 2};
	struct alias cells[4];
	unsigned seen[4] = {0};
	struct rng r;
	rng_init(&r, 2, 0);
	alias_make(cells, weights, 4);
	for (int i = 0; i < 80000; i++)
		seen[alias_draw(cells, 4, &r)]++;
	assert_int_equal(seen[1], 0);
	for (int i = 0; i < 4; i++)
		assert_true(fabs(seen[i] - weights[i] * 10000) < 500);
}

UNIT_TESTS(alias, UNIT(exact_shares), UNIT(draws))
