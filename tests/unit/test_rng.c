/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/rng.h"

#include "unit.h"

/* The reference generator's first outputs for a state of 1, 2, 3, 4 (Vigna's
 * xoshiro256starstar.c). */
static void reference(void **state)
{
	static const uint64_t want[] = {
		11520, 0, 1509978240, 1215971899390074240,
		1216172134540287360, 607988272756665600,
	};
	struct rng r = {{1, 2, 3, 4}};

	for (size_t i = 0; i < sizeof want / sizeof *want; i++)
		assert_true(rng_next(&r) == want[i]);
}

/* Generated data and models are promised to be the same on every machine. */
static void streams_are_fixed(void **state)
{
	struct rng a, b, c;

	rng_init(&a, 1, 0);
	rng_init(&b, 1, 0);
	rng_init(&c, 1, 1);
	assert_true(rng_next(&a) == UINT64_C(6954377618861975509));
	assert_true(rng_next(&c) == UINT64_C(18210742990652214));
	rng_next(&b);
	for (int i = 0; i < 100; i++) {
		uint64_t x = rng_next(&a);

		assert_true(x == rng_next(&b));
		assert_false(x == rng_next(&c));
	}
	rng_init(&a, 2, 1);
	rng_init(&b, 1, 2);
	assert_false(rng_next(&a) == rng_next(&b));
}

static void below_is_uniform(void **state)
{
	static const uint64_t bounds[] = {1, 2, 7, 10, 1000};
	struct rng r;

	rng_init(&r, 5, 0);
	for (size_t k = 0; k < sizeof bounds / sizeof *bounds; k++) {
		uint64_t n = bounds[k], counts[1000] = {0};
		double expected = 200000.0 / (double)n, chi2 = 0;

		for (int i = 0; i < 200000; i++) {
			uint64_t x = rng_below(&r, n);

			assert_true(x < n);
			counts[x]++;
		}
		for (uint64_t i = 0; i < n; i++)
			chi2 += ((double)counts[i] - expected) *
				((double)counts[i] - expected) / expected;
		/* mean n - 1, deviation sqrt(2 n): six of them */
		assert_true((chi2 - (double)(n - 1)) * (chi2 - (double)(n - 1)) <
			    36 * 2 * (double)n);
	}
	/* a bound for which a multiply alone would be visibly biased */
	uint64_t n = UINT64_C(3) << 62, low = 0;

	for (int i = 0; i < 30000; i++)
		low += rng_below(&r, n) < n / 3;
	assert_in_range(low, 9500, 10500);
}

static void reals(void **state)
{
	struct rng r;
	double sum = 0;

	rng_init(&r, 6, 0);
	for (int i = 0; i < 100000; i++) {
		double x = rng_real(&r);

		assert_true(x >= 0 && x < 1);
		sum += x;
	}
	assert_true(sum > 49400 && sum < 50600);
}

UNIT_TESTS(rng, UNIT(reference), UNIT(streams_are_fixed), UNIT(below_is_uniform),
	   UNIT(reals))
