/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals and tests against what is known of plain samples. */
#include "config.h"

#include "eval/sample.h"

#include <math.h>

#include "base/rng.h"

#include "unit.h"

#define N 400

/* A share of .3 of N single cases: the interval is about 1.96 standard errors wide, and
 * over many samples it holds the truth about 95 times in 100. */
static void intervals(void **state)
{
	double value[N], cases[N], low, high, error = sqrt(.3 * .7 / N);
	struct sample s = {value, cases, N};
	unsigned held = 0;
	struct rng r;

	for (unsigned round = 0; round < 200; round++) {
		rng_init(&r, round, 0);
		for (unsigned i = 0; i < N; i++) {
			value[i] = rng_real(&r) < .3;
			cases[i] = 1;
		}
		sample_interval(&s, 400, round, &low, &high);
		held += low <= .3 && high >= .3;
		assert_true(low <= sample_mean(&s) && high >= sample_mean(&s));
		assert_true((high - low) / (2 * 1.96 * error) > .7 &&
			    (high - low) / (2 * 1.96 * error) < 1.3);
	}
	assert_true(held >= 180 && held <= 199);
}

/* Without a difference p is even; a clear difference has the least p there is. */
static void tests(void **state)
{
	double a[N], b[N], p;
	unsigned small = 0;
	struct rng r;

	for (unsigned round = 0; round < 200; round++) {
		rng_init(&r, round, 1);
		for (unsigned i = 0; i < N; i++) {
			a[i] = rng_real(&r);
			b[i] = rng_real(&r);
		}
		p = sample_p(a, b, N, 200, round);
		assert_true(p > 0 && p <= 1);
		small += p < .1;
	}
	assert_true(small >= 8 && small <= 34);
	for (unsigned i = 0; i < N; i++)
		b[i] = a[i] + .1;
	assert_true(sample_p(a, b, N, 199, 1) == 1 / 200.0);
	assert_true(sample_p(a, a, N, 199, 1) == 1);
}

static void holm(void **state)
{
	double p[] = {.01, .04, .03, .9};

	sample_holm(p, 4);
	assert_true(fabs(p[0] - .04) < 1e-12);
	assert_true(fabs(p[2] - .09) < 1e-12);
	assert_true(fabs(p[1] - .09) < 1e-12);	/* .08, but not below that of .03 */
	assert_true(fabs(p[3] - .9) < 1e-12);
}

static void nothing(void **state)
{
	struct sample s = {NULL, NULL, 0};

	assert_true(isnan(sample_mean(&s)));
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(intervals),
		cmocka_unit_test(tests),
		cmocka_unit_test(holm),
		cmocka_unit_test(nothing),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
