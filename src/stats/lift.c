/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Let a be the rarer one. With q = n_a / N and r = P(b|a) / P(b|not a), lift = r / (q r + 1 - q),
 * which grows with r. A value of r is in the score interval while
 *
 *	s(r) = (x1/n1 - r x2/n2) / sqrt(p1 (1 - p1) / n1 + r^2 p2 (1 - p2) / n2)
 *
 * is within +-1.96, x1 of n1 being n of n_a and x2 of n2 the others, p2 and p1 = r p2 the
 * shares of greatest likelihood for that r: the smaller root of a quadratic. s falls with r;
 * its crossings are looked for on ln r by regula falsi (Illinois).
 */
#include "config.h"

#include "stats/lift.h"

#include <assert.h>
#include <math.h>

#include "stats/assoc.h"

#define Z95 1.959963984540054
#define STEPS 200
#define NEAR_ENOUGH 1e-12	/* of ln r */

/* x1 of n1 and x2 of n2. */
struct two_shares {
	double x1, n1, x2, n2;
};

static double score_at(const struct two_shares *t, double log_r)
{
	double r = exp(log_r), a = (t->n1 + t->n2) * r;
	double b = t->n1 * r + t->x1 + t->n2 + t->x2 * r, c = t->x1 + t->x2;
	double p2 = 2 * c / (b + sqrt(fmax(b * b - 4 * a * c, 0)));
	double p1 = fmin(r * p2, 1);
	double var = p1 * (1 - p1) / t->n1 + r * r * p2 * (1 - p2) / t->n2;

	return (t->x1 / t->n1 - r * t->x2 / t->n2) / sqrt(fmax(var, 1e-300));
}

/* ln r where the score is `at`, from a bracket around it: above it at low, below at high. */
static double crossing(const struct two_shares *t, double at, double low, double high)
{
	double f_low = score_at(t, low) - at, f_high = score_at(t, high) - at;
	int side = 0;

	for (int i = 0; i < STEPS && high - low > NEAR_ENOUGH; i++) {
		double x = low + (high - low) * f_low / (f_low - f_high), f;

		if (!(x > low && x < high))
			x = (low + high) / 2;
		f = score_at(t, x) - at;
		if (f > 0) {
			low = x;
			f_low = f;
			f_high /= side > 0 ? 2 : 1;
			side = 1;
		} else {
			high = x;
			f_high = f;
			f_low /= side < 0 ? 2 : 1;
			side = -1;
		}
		if (f == 0)
			break;
	}
	return (low + high) / 2;
}

/* ln r of the estimate; where a count is 0, that of half of one: a place to begin. */
static double middle(const struct two_shares *t)
{
	return log(fmax(t->x1, 0.5) / t->n1) - log(fmax(t->x2, 0.5) / t->n2);
}

static double ratio_low(const struct two_shares *t)
{
	double high = middle(t), low = high, step = 1;

	if (t->x1 == 0)
		return 0;
	while (score_at(t, low) < Z95 && step < 1e3)
		low -= step *= 2;
	while (score_at(t, high) > Z95 && step < 1e3)
		high += step *= 2;
	return exp(crossing(t, Z95, low, high));
}

static double ratio_high(const struct two_shares *t)
{
	double low = middle(t), high = low, step = 1;

	if (t->x2 == 0)
		return INFINITY;
	while (score_at(t, high) > -Z95 && step < 1e3)
		high += step *= 2;
	while (score_at(t, low) < -Z95 && step < 1e3)
		low -= step *= 2;
	return exp(crossing(t, -Z95, low, high));
}

/* How the commoner one of a and b goes with and without the rarer: of the two the rate that
 * is known better is compared with. False: it is in every basket, nothing can be compared. */
static bool two_shares(const struct assoc_counts *c, struct two_shares *t)
{
	uint64_t rare = c->n_a < c->n_b ? c->n_a : c->n_b;
	uint64_t common = c->n_a < c->n_b ? c->n_b : c->n_a;

	*t = (struct two_shares){(double)c->n, (double)rare, (double)(common - c->n),
				 (double)c->n_all - (double)rare};
	t->x2 = fmin(t->x2, t->n2);
	return t->n2 > 0;
}

static double lift_of(double r, double q)
{
	return isinf(r) ? 1 / q : r / (q * r + 1 - q);
}

/* The share of the rarer one was counted too. Its error and that of r are independent: their
 * distances from ln lift add up in squares (MOVER: Zou and Donner, "Construction of confidence
 * limits about effect measures", 2008). */
static double end_of(const struct two_shares *t, double r, bool up)
{
	double n = t->n1 + t->n2, q = t->n1 / n, from, to, lift, by_r, by_q;
	double best = t->x2 == 0 ? INFINITY : t->x1 / t->n1 * t->n2 / t->x2;

	if (r == 0 || best == 0)
		return lift_of(r, q);
	assoc_wilson((uint64_t)t->n1, (uint64_t)n, &from, &to);
	lift = lift_of(best, q);
	by_r = log(lift_of(r, q) / lift);
	by_q = log(lift_of(best, up == (best > 1) ? from : to) / lift);
	return lift * exp((up ? 1 : -1) * hypot(by_r, by_q));
}

static double lower(const struct assoc_counts *c)
{
	double low, high;
	struct two_shares t;

	assoc_wilson(c->n, c->n_a, &low, &high);
	low *= (double)c->n_all / (double)c->n_b;
	return two_shares(c, &t) ? fmin(low, end_of(&t, ratio_low(&t), false)) : low;
}

static double upper(const struct assoc_counts *c)
{
	double low, high;
	struct two_shares t;

	assoc_wilson(c->n, c->n_a, &low, &high);
	high *= (double)c->n_all / (double)c->n_b;
	return two_shares(c, &t) ? fmax(high, end_of(&t, ratio_high(&t), true)) : high;
}

void lift_interval(const struct assoc_counts *c, double *low, double *high)
{
	double lift = (double)c->n / (double)c->n_a * ((double)c->n_all / (double)c->n_b);

	assert(low && high);
	*low = fmin(lift, lower(c));
	*high = fmax(lift, upper(c));
}

bool lift_credible(const struct assoc_counts *c)
{
	struct two_shares t;

	/* The score at r = 1, where lift is 1 too, is quickly looked at. */
	return c->n > 0 && two_shares(c, &t) && score_at(&t, 0) > Z95 && lower(c) > 1;
}
