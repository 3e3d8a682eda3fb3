/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sample: how sure an average over sessions or users is. */
#ifndef EVAL_SAMPLE_H
#define EVAL_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/pool.h"

/* Sums over one group (a session, or all of a user's): the average over cases is
 * sum of value / sum of cases over the groups. */
struct sample {
	const double *value;	/* (n) */
	const double *cases;	/* (n) */
	size_t n;
};
double sample_mean(const struct sample *s);	/* NAN without cases */

/* How often is drawn, from which stream, and who works (pool NULL: the caller alone). */
struct draws {
	unsigned rounds;
	uint64_t seed;
	struct pool *pool;
};

/* Sums of many things over the same groups and cases, which every round draws for all. */
struct samples {
	double *at;	/* (blocks, groups, SAMPLE_BLOCK); the first column are the cases */
	size_t n, groups;	/* columns without that */
};
#define SAMPLE_BLOCK 8

/* Room for n columns; ERR_NOMEM. */
bool samples_init(struct samples *s, const double *cases, size_t groups, size_t n,
		  struct err *err);
void samples_finish(struct samples *s);
/* Column i of n is value (groups). */
void samples_set(struct samples *s, size_t i, const double *value);

/* Percentile intervals of the means, 95%, by bootstrap over groups (Efron 1979): in each round
 * n groups are drawn with replacement. low, high (n): NAN without cases. */
void samples_intervals(const struct samples *s, struct draws draws, double *low, double *high);

/* Two-sided p (n) of "the mean is 0" by random changes of sign per group (Fisher's
 * randomisation test, paired where columns are differences):
 * (1 + how often as far from 0) / (1 + rounds). */
void samples_p(const struct samples *s, struct draws draws, double *p);

/* The same of one: a - b are its values. */
void sample_interval(const struct sample *s, unsigned rounds, uint64_t seed, double *low,
		     double *high);
double sample_p(const double *a, const double *b, size_t n, unsigned rounds, uint64_t seed);

/* Holm's correction (1979) of m p values in place. */
void sample_holm(double *p, size_t m);
/* The least that any of m such p by so many rounds can be. */
double sample_p_floor(unsigned rounds, size_t m);

#endif
