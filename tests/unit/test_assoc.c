/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "stats/assoc.h"

#include <math.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/scope.h"

#include "unit.h"

static void near_to(double x, double expected, double relative)
{
	if (!(fabs(x - expected) <= relative * fabs(expected) + 1e-300))
		fail_msg("%.17g is not %.17g", x, expected);
}

/* Made once in exact rational arithmetic (p) and 60-digit decimals (g2). */
static const struct {
	struct assoc_counts c;
	double g2, p;
} reference[] = {
	{{3, 10, 12, 1000}, 15.2599222430732, 0.000153905028249269},
	{{0, 40, 30, 500}, -5.16627454718727, 0.0757470078438155},
	{{1, 1, 1, 70933}, 24.3389679991678, 1.40978106100123e-05},
	{{5, 6, 5, 20}, 17.0866712783567, 0.000386996904024768},
	{{19, 20, 20, 40}, 39.5705549771258, 3.16418358785812e-10},
	{{2, 300, 400, 100000}, 0.447058643759471, 0.457526121155105},
	{{12, 4000, 900, 2000000}, 25.273248284571, 4.91887221279347e-07},
	{{995, 997, 998, 1000}, -0.0120300882859924, 0.994006006006006},
	{{7, 3000, 3500, 2500000}, 1.55642297996003, 0.195961746261623},
	{{60, 300, 400, 3000}, 11.538047111046, 0.00068186227405617},
	{{10, 300, 400, 3000}, -38.4292837607615, 5.67740567543933e-10},
};

static void test_reference(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof reference / sizeof *reference; i++) {
		struct assoc a;

		assoc_compute(&reference[i].c, &a);
		near_to(a.g2, reference[i].g2, 1e-11);
		near_to(a.p, reference[i].p, 1e-11);
		assert_true(a.p == assoc_p(&reference[i].c));
	}
}

static double choose_log(double n, double k)
{
	return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* The definition, term by term. */
static double slow_p(const struct assoc_counts *c)
{
	double a = (double)c->n_a, b = (double)c->n_b, all = (double)c->n_all;
	double up = 0, down = 0, equal = 0;

	for (uint64_t x = 0; x <= c->n_a && x <= c->n_b; x++) {
		double t;

		if (c->n_a + c->n_b - x > c->n_all)
			continue;
		t = exp(choose_log(a, (double)x) + choose_log(all - a, b - (double)x) -
			choose_log(all, b));
		*(x > c->n ? &up : x < c->n ? &down : &equal) += t;
	}
	return fmin(1, 2 * fmin(up + equal / 2, down + equal / 2));
}

static void test_small_tables(void **state)
{
	uint64_t checked = 0;

	(void)state;
	for (uint64_t all = 1; all <= 18; all++)
		for (uint64_t a = 1; a < all; a++)
			for (uint64_t b = 1; b < all; b++)
				for (uint64_t n = 0; n <= a && n <= b; n++) {
					struct assoc_counts c = {n, a, b, all};

					if (a + b - n > all)
						continue;
					near_to(assoc_p(&c), slow_p(&c), 1e-9);
					checked++;
				}
	assert_true(checked > 5000);
}

static void test_measures(void **state)
{
	struct assoc_counts c = {30, 100, 60, 1000};
	struct assoc a;
	double low, high;

	(void)state;
	assoc_compute(&c, &a);
	near_to(a.support, 0.03, 1e-15);
	near_to(a.confidence, 0.3, 1e-15);
	near_to(a.lift, 5, 1e-15);
	near_to(a.pmi, log2(5), 1e-15);
	near_to(a.leverage, 0.03 - 0.1 * 0.06, 1e-12);
	near_to(a.conviction, 0.94 / 0.7, 1e-12);
	/* Wilson, worked by hand: p 0.3, n 100, z 1.96. */
	near_to(a.confidence_low, 0.218947, 1e-5);
	near_to(a.confidence_high, 0.395851, 1e-5);
	assert_true(a.lift_low < 5 * 0.76 && a.lift_low > 3 && a.lift_high > 6.2);
	assoc_wilson(0, 0, &low, &high);
	assert_true(low == 0 && high == 1);
	assoc_wilson(0, 10, &low, &high);
	assert_true(low == 0 && high > 0.2 && high < 0.4);
}

static void test_undefined(void **state)
{
	struct assoc a;

	(void)state;
	assoc_compute(&(struct assoc_counts){0, 0, 0, 0}, &a);
	assert_true(isnan(a.support) && isnan(a.lift) && isnan(a.p));
	assoc_compute(&(struct assoc_counts){0, 0, 5, 10}, &a);
	assert_true(a.support == 0 && isnan(a.confidence) && isnan(a.p));
	assoc_compute(&(struct assoc_counts){0, 4, 5, 10}, &a);
	assert_true(a.lift == 0 && isnan(a.pmi) && a.g2 < 0 && a.lift_low == 0);
	/* Everyone has a: nothing to be learnt. */
	assoc_compute(&(struct assoc_counts){5, 10, 5, 10}, &a);
	assert_true(a.p == 1 && a.g2 == 0 && a.lift == 1);
	assoc_compute(&(struct assoc_counts){5, 5, 6, 10}, &a);
	assert_true(isinf(a.conviction));
}

/* Fewer in order than any table without order has. */
static void test_ordered(void **state)
{
	for (uint64_t all = 4; all < 400; all += 9)
		for (uint64_t n = 0; n < 3; n++) {
			const uint64_t n_a = all * 3 / 4, n_b = all / 2;
			const struct assoc_counts least = {n_a + n_b - all, n_a, n_b, all};
			const struct assoc_counts c = {n, n_a, n_b, all};
			struct assoc a, b;

			if (n > least.n || n_a == all)
				continue;
			assoc_compute(&c, &a);
			assoc_compute(&least, &b);
			assert_true(a.p == b.p && a.p > 0 && a.p <= 1 && a.g2 == b.g2);
			assert_true(a.lift <= b.lift);
		}
	(void)state;
}

static void test_bh(void **state)
{
	/* Benjamini and Hochberg's own example (1995, section 3.2), m = 15. */
	static const double p[15] = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298,
				     0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590,
				     1.0};
	double q[15], few[3] = {0.02, 0.01, 0.9};

	(void)state;
	assert_true(assoc_bh(p, q, 15, 15));
	near_to(q[0], 0.0015, 1e-12);
	near_to(q[3], 0.0095 * 15 / 4, 1e-12);
	near_to(q[5], 0.0298 * 15 / 7, 1e-12);	/* the step up */
	assert_true(q[3] < 0.05 && q[4] > 0.05);
	/* Alias; a family larger than what was computed. */
	assert_true(assoc_bh(few, few, 3, 10));
	near_to(few[0], 0.1, 1e-12);
	near_to(few[1], 0.1, 1e-12);
	assert_true(few[2] == 1);
}

/* Of tables with so many baskets in all. */
static void check_tally(uint64_t n_all)
{
	SCOPED_FREE struct assoc_tally *tally = mem_zalloc(2 * sizeof *tally);
	SCOPED_FREE uint64_t *histogram = mem_zalloc(Q_STEPS * sizeof *histogram);
	struct rng r;

	rng_init(&r, 3, 0);
	for (size_t i = 0; i < 400000; i++) {
		/* Few and many, and more than the tally can tell apart. */
		uint64_t most = (uint64_t)1 << (3 + rng_below(&r, 19));
		struct assoc_counts c = {.n_all = n_all};
		uint64_t least;

		most = most < n_all ? most : n_all;
		c.n_a = 1 + rng_below(&r, most);
		c.n_b = 1 + rng_below(&r, most);
		least = c.n_a < c.n_b ? c.n_a : c.n_b;
		c.n = i % 2 ? 1 : rng_below(&r, least < 400 ? least + 1 : 400);
		for (unsigned twice = 0; twice < 2; twice++)
			assoc_tally_add(&tally[i / 2 % 2], &c);
		histogram[assoc_q_step(assoc_p(&c))] += 2;
	}
	assoc_tally_end(tally, 2);
	assert_memory_equal(tally->histogram, histogram, Q_STEPS * sizeof *histogram);
}

static void test_tally(void **state)
{
	(void)state;
	check_tally((uint64_t)1 << 24);
	check_tally(40000);
	check_tally(900);
}

static void test_q_table(void **state)
{
	enum { N = 5000 };
	static double p[N], exact[N], table[Q_STEPS];
	static uint64_t histogram[Q_STEPS];
	struct rng r;

	(void)state;
	rng_init(&r, 7, 0);
	for (size_t i = 0; i < N; i++) {
		p[i] = pow(rng_real(&r), i % 3 ? 1 : 60);
		histogram[assoc_q_step(p[i])]++;
	}
	assert_true(assoc_bh(p, exact, N, 4 * N));
	assoc_q_table(histogram, 4 * N, table);
	for (size_t i = 0; i < N; i++) {
		double q = assoc_q(table, p[i]);

		assert_true(q >= exact[i] * (1 - 1e-9) || p[i] < 1e-300);
		assert_true(q <= exact[i] * 1.012 || q < 1e-290);
	}
	assert_int_equal(assoc_q_step(1), Q_STEPS - 1);
	assert_int_equal(assoc_q_step(NAN), Q_STEPS - 1);
	assert_int_equal(assoc_q_step(0), 0);
	for (unsigned s = 1; s < Q_STEPS; s++)
		assert_true(table[s] >= table[s - 1]);
	assert_true(isnan(assoc_q(NULL, 0.5)) && isnan(assoc_q(table, NAN)));
}

UNIT_TESTS(assoc, UNIT(test_reference), UNIT(test_small_tables), UNIT(test_measures),
	   UNIT(test_undefined), UNIT(test_ordered), UNIT(test_bh), UNIT(test_tally),
	   UNIT(test_q_table))
