/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sample: how sure an average over sessions or users is. */
#ifndef EVAL_SAMPLE_H
#define EVAL_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

/* Sums over one group (a session, or all of a user's): the average over cases is
 * sum of value / sum of cases over the groups. */
struct sample {
	const double *value;	/* (n) */
	const double *cases;	/* (n) */
	size_t n;
};
double sample_mean(const struct sample *s);	/* NAN without cases */

/* Percentile interval of the mean, 95%, by bootstrap over groups (Efron 1979):
 * `rounds` times n groups are drawn with replacement. */
void sample_interval(const struct sample *s, unsigned rounds, uint64_t seed, double *low,
		     double *high);

/* Two-sided p of "the mean of a - b is 0" by random changes of sign per group (Fisher's
 * randomisation test, paired): a and b are values of the same groups and cases.
 * (1 + how often as far from 0) / (1 + rounds). */
double sample_p(const double *a, const double *b, size_t n, unsigned rounds, uint64_t seed);

/* Holm's correction (1979) of m p values in place. */
void sample_holm(double *p, size_t m);

#endif
