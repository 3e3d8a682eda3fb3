/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals and tests against what is known of plain samples. */
#include "config.h"

#include "eval/sample.h"

#include <math.h>

#include "base/pool.h"
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

/* Columns side by side, on several threads, are what each is alone. */
static void many(void **state)
{
	enum { COLUMNS = 19 };
	static double value[COLUMNS][N], cases[N], zero[N];
	double low[COLUMNS], high[COLUMNS], p[COLUMNS], a, b;
	SCOPED(pool) pool = pool_create(3);
	struct draws draws = {333, 7, pool};
	struct samples s;
	struct err err;
	struct rng r;

	rng_init(&r, 5, 5);
	for (unsigned i = 0; i < N; i++)
		cases[i] = (double)rng_below(&r, 4);
	assert_true(samples_init(&s, cases, N, COLUMNS, &err));
	for (unsigned c = 0; c < COLUMNS; c++) {
		for (unsigned i = 0; i < N; i++)
			value[c][i] = rng_real(&r) - .5 + c * .01;
		samples_set(&s, c, value[c]);
	}
	samples_intervals(&s, draws, low, high);
	samples_p(&s, draws, p);
	for (unsigned c = 0; c < COLUMNS; c++) {
		sample_interval(&(struct sample){value[c], cases, N}, 333, 7, &a, &b);
		assert_true(fabs(a - low[c]) < 1e-12 && fabs(b - high[c]) < 1e-12);
		assert_true(a < b);
		assert_true(sample_p(value[c], zero, N, 333, 7) == p[c]);
	}
	assert_true(p[0] > .05 && p[COLUMNS - 1] < .02);
	samples_finish(&s);
}

/* The bootstrap of a handful of groups is what all draws of them are: of two groups a mean
 * is a's, b's or between, one, one and two times of four. */
static void of_two(void **state)
{
	double value[] = {0, 1}, cases[] = {1, 1}, low, high;
	struct sample s = {value, cases, 2};

	sample_interval(&s, 1000, 1, &low, &high);
	assert_true(low == 0 && high == 1);
	assert_true(sample_p_floor(1999, 3) == .0015 && sample_p_floor(1, 9) == 1);
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
		cmocka_unit_test(many),
		cmocka_unit_test(of_two),
		cmocka_unit_test(holm),
		cmocka_unit_test(nothing),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
