/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assoc: association of two events from their four counts. Pure arithmetic. */
#ifndef STATS_ASSOC_H
#define STATS_ASSOC_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/catalog.h"

/* n: baskets with both, n_a, n_b: with a, with b, n_all: all of them.
 * n <= min(n_a, n_b). n_a + n_b - n <= n_all where n counts all that have both; in
 * ordered relations it may not, and then tests take the least n for which it holds. */
struct assoc_counts {
	uint64_t n, n_a, n_b, n_all;
};

/* NAN where a measure is not defined (no baskets, the diagonal). */
struct assoc {
	double support;			/* n / N */
	double confidence;		/* n / n_a */
	double confidence_low, confidence_high;	/* Wilson 95% */
	double lift;			/* n N / (n_a n_b) */
	double lift_low, lift_high;	/* 95%, see stats/lift.h */
	double pmi;			/* log2 lift, bits */
	double leverage;		/* n/N - n_a n_b / N^2 */
	double conviction;		/* (1 - n_b/N) / (1 - confidence) */
	double g2;			/* Dunning 1993, signed: < 0 when rarer than chance */
	double p;			/* two-sided: chi-squared of |g2|, or mid-p of the
					   hypergeometric tails doubled where an expected
					   count is below 5 */
};

void assoc_compute(const struct assoc_counts *c, struct assoc *a);
/* p alone, the same value (for the many pairs of a whole family). */
double assoc_p(const struct assoc_counts *c);

/* Wilson score interval of k of n at 95%. n = 0 gives [0, 1]. */
void assoc_wilson(uint64_t k, uint64_t n, double *low, double *high);

/*
 * Benjamini-Hochberg over a family of `family` tests of which n were computed
 * (the unseen ones have p = 1): p (n) in, q (n) out, any order, may alias.
 */
bool assoc_bh(const double *p, double *q, size_t n, double family);

/*
 * The same for families too large to keep: a histogram of p on a log scale and
 * the q at each step's upper end, so q is rounded up, by less than 1.2%. Values
 * below 1e-300 share a step. Q_STEPS is the store's.
 */
unsigned assoc_q_step(double p);
/*
 * How many pairs have the step of their assoc_p. Nine in ten are together once: they are counted
 * by the baskets of the one that has fewer and of the other, and each kind of them is tested once,
 * at the end. Most others have few of many baskets: of these p comes from tables of logarithms and
 * a few terms of the tail, several side by side, and is computed anew where it is too close to a
 * step's end to be sure. One n_all per tally, which starts zeroed; not for two threads.
 */
#define ASSOC_ONCE 256		/* baskets of the one */
#define ASSOC_ONCE_MORE 1024	/* and of the other */
#define ASSOC_FEW 8192
#define ASSOC_WAITING 64
/* A pair that waits: the next term of its tail is the one before times
 * p q / ((r + 1) (s + 1)). */
struct assoc_tail {
	double p, q, r, s, ln;		/* ln of the first term */
	struct assoc_counts counts;
	uint64_t pairs;			/* that are like it */
};
struct assoc_tally {
	uint64_t histogram[Q_STEPS];
	uint64_t n_all;			/* that the tables are of */
	uint64_t most;			/* baskets of one of those together once */
	uint32_t once[ASSOC_ONCE_MORE * ASSOC_ONCE];	/* pairs by the more and the fewer */
	double factorial[ASSOC_FEW];	/* ln i! */
	double fall[2 * ASSOC_FEW];	/* ln n_all! - ln (n_all - i)! */
	double own[ASSOC_FEW];		/* factorial - fall */
	struct assoc_tail waiting[ASSOC_WAITING];
	unsigned waits;
};
/* As many pairs with these counts. */
void assoc_tally_alike(struct assoc_tally *t, const struct assoc_counts *c, uint64_t pairs);
/* One pair. */
static inline void assoc_tally_add(struct assoc_tally *t, const struct assoc_counts *c)
{
	uint64_t few = c->n_a < c->n_b ? c->n_a : c->n_b, more = c->n_a + c->n_b - few;

	t->n_all = c->n_all;
	if (c->n != 1 || few >= ASSOC_ONCE || more >= ASSOC_ONCE_MORE) {
		assoc_tally_alike(t, c, 1);
		return;
	}
	t->most = more > t->most ? more : t->most;
	if (++t->once[more * ASSOC_ONCE + few] == 0)
		assoc_tally_alike(t, c, UINT64_C(1) << 32);
}
/* Those of n tallies that still wait; then the first one's histogram is that of all. */
void assoc_tally_end(struct assoc_tally *t, unsigned n);
void assoc_q_table(const uint64_t *histogram, double family, double *q /* (Q_STEPS) */);
/* NAN without a table or a p. */
static inline double assoc_q(const double *q, double p)
{
	return q && !isnan(p) ? q[assoc_q_step(p)] : NAN;
}

#endif
