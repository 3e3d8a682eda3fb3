/* SPDX-License-Identifier: GPL-3.0-or-later */
/* logit: logistic regression on standardised features. */
#ifndef LEARN_LOGIT_H
#define LEARN_LOGIT_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct job;

/* score(x) = sum of weight (x - mean) / deviation; a missing x (NAN) is the mean. */
struct logit {
	unsigned columns;
	float *weight;		/* (columns, 3): weight, mean, deviation (0: constant) */
};

/* What it learns from. */
struct logit_task {
	const float *x, *y; /* (rows, columns), (rows) 1 or 0 */
	size_t rows;
	double ridge;
};

/*
 * The maximum of the likelihood with half of ridge x rows times the sum of squares taken off,
 * by Newton's method (Bishop 2006, section 4.3.3); the constant isn't kept: it orders
 * nothing. Before, x is brought to sign(x) log(1 + |x|), since counts have
 * long tails. ERR_IO without LAPACK, ERR_NOMEM, ERR_CANCELLED.
 */
bool logit_fit(struct logit *m, const struct logit_task *task, struct job *job,
	       struct err *err);
void logit_score(const struct logit *m, const float *x, size_t rows, float *score);

/* share (columns + 1): what each column of a row x (columns) adds to its score, and 0. */
void logit_shares(const struct logit *m, const float *x, float *share);

#endif
