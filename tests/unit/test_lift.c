/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "stats/lift.h"

#include <math.h>

#include "base/rng.h"
#include "stats/assoc.h"

#include "unit.h"

/* Found by bisection on the score with shares of greatest likelihood, which were looked for
 * by ternary search on the likelihood itself (tests/oracle/lift.py does so for a whole shop). */
static const struct {
	struct assoc_counts c;
	double low, high;
} reference[] = {
	{{1, 1, 205, 77143}, 77.7144121, 431.259097},
	{{1, 205, 1, 77143}, 66.4675666, 2091.28243},
	{{1, 1, 1, 77143}, 7400.00606, 437009.324},
	{{0, 1, 1, 77143}, 0, 61209.1662},
	{{3, 10, 12, 1000}, 8.98260562, 50.2684877},
	{{0, 40, 30, 500}, 0, 1.46036002},
	{{19, 20, 20, 40}, 1.41882699, 2.59734932},
	{{5, 5, 60, 300}, 2.82758768, 6.2577858},
	{{5, 60, 5, 300}, 2.1672274, 10.8413652},
	{{153, 775, 526, 77143}, 25.066598, 33.2780799},
	{{2, 300, 400, 100000}, 0.457537089, 5.99439581},
	{{995, 997, 998, 1000}, 0.994704839, 1.00168469},
};

static void test_reference(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof reference / sizeof *reference; i++) {
		double low, high;

		lift_interval(&reference[i].c, &low, &high);
		if (fabs(low - reference[i].low) > 1e-6 * reference[i].low ||
		    fabs(high - reference[i].high) > 1e-6 * reference[i].high)
			fail_msg("%zu: %.9g to %.9g", i, low, high);
	}
}

/* What holds of every table: all of up to 14 baskets. */
static void check_table(const struct assoc_counts *c)
{
	double low, high, from, to;
	double base = (double)c->n_b / (double)c->n_all;
	double lift = (double)c->n / (double)c->n_a / base;

	lift_interval(c, &low, &high);
	assert_true(low >= 0 && low <= lift && lift <= high && isfinite(high));
	assoc_wilson(c->n, c->n_a, &from, &to);
	assert_true(low <= from / base * (1 + 1e-12) && high >= to / base * (1 - 1e-12));
	assert_int_equal(lift_credible(c), low > 1);
}

static void test_every_small_table(void **state)
{
	(void)state;
	for (uint64_t all = 1; all <= 14; all++)
		for (uint64_t a = 1; a <= all; a++)
			for (uint64_t b = 1; b <= all; b++)
				for (uint64_t n = 0; n <= a && n <= b; n++)
					check_table(&(struct assoc_counts){n, a, b, all});
}

/* The only basket of a rare product: 1 of 1 isn't certain. */
static void test_once(void **state)
{
	struct assoc_counts c = {1, 1, 205, 77143};
	double low, high;

	(void)state;
	lift_interval(&c, &low, &high);
	assert_true(low <= 78 && high >= 376);
	c = (struct assoc_counts){1, 1, 1, 77143};
	lift_interval(&c, &low, &high);
	assert_true(low < 0.21 * 77143 && high >= 77143);
	c.n = 0;
	lift_interval(&c, &low, &high);
	assert_true(low == 0 && isfinite(high) && high > 1000);
	/* Many agree with the normal interval of ln lift. */
	c = (struct assoc_counts){3000, 10000, 12000, 100000};
	lift_interval(&c, &low, &high);
	assert_true(fabs(low / (2.5 / exp(1.96 * sqrt(1.573e-4))) - 1) < 0.01);
	assert_true(fabs(high / (2.5 * exp(1.96 * sqrt(1.573e-4))) - 1) < 0.01);
}

#define DRAWS 4000

/* Of DRAWS shops of `all` baskets with these chances of a, b and both, the share whose
 * interval holds the lift. Shops without a or without b have no lift and are drawn anew. */
static double coverage(struct rng *r, unsigned all, double a, double b, double both)
{
	unsigned held = 0, made = 0;
	double lift = both / (a * b);

	while (made < DRAWS) {
		struct assoc_counts c = {0, 0, 0, all};
		double low, high;

		for (unsigned i = 0; i < all; i++) {
			double x = rng_real(r);

			c.n += x < both;
			c.n_a += x < a;
			c.n_b += x < both || (x >= a && x < a + b - both);
		}
		if (!c.n_a || !c.n_b)
			continue;
		made++;
		lift_interval(&c, &low, &high);
		held += low <= lift && lift <= high;
	}
	return (double)held / DRAWS;
}

/* Small counts, n = 0 among them: in the mean 96.5%; where each product is in one basket or
 * more, by expectation, 87% at least. */
static void test_coverage(void **state)
{
	static const double shares[] = {0.005, 0.02, 0.05, 0.2, 0.5};
	static const double lifts[] = {0.2, 0.5, 1, 2, 5, 20, 100};
	static const unsigned sizes[] = {50, 200, 1000};
	double sum = 0, least = 1;
	unsigned cases = 0;
	struct rng r;

	(void)state;
	rng_init(&r, 11, 0);
	for (size_t n = 0; n < 3; n++)
		for (size_t i = 0; i < 5; i++)
			for (size_t j = 0; j <= i; j++)
				for (size_t k = 0; k < 7; k++) {
					double a = shares[i], b = shares[j];
					double both = lifts[k] * a * b, x;

					if (both > fmin(a, b) || a + b - both > 1)
						continue;
					x = coverage(&r, sizes[n], a, b, both);
					sum += x;
					if (b * sizes[n] >= 1)
						least = fmin(least, x);
					cases++;
				}
	print_message("# %u cases: %.4f in the mean, %.4f at least\n", cases, sum / cases, least);
	assert_true(sum / cases >= 0.945 && least >= 0.86);
}

UNIT_TESTS(lift, UNIT(test_reference), UNIT(test_every_small_table), UNIT(test_once),
	   UNIT(test_coverage))
