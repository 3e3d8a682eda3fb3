/* SPDX-License-Identifier: GPL-3.0-or-later */
/* als: factors of implicit feedback by alternating least squares. */
#ifndef LEARN_ALS_H
#define LEARN_ALS_H

#include "base/work.h"
#include "learn/ratings.h"

struct als_options {
	unsigned dim;
	double lambda;		/* regularisation */
	double confidence;	/* of an entry: 1 + confidence x value; of others: 1 */
	unsigned steps;		/* of conjugate gradients per row; 0: solve by Cholesky */
	unsigned epochs;
	uint64_t seed;
};

/*
 * Hu, Koren and Volinsky 2008, "Collaborative filtering for implicit feedback datasets":
 * the least sum over all pairs of c (p - x.y)^2, p = 1 where there is an entry, plus
 * lambda times the squares of all factors. Rows are solved by conjugate gradients that
 * start where the row was (Takács, Pilászy and Tikk 2011), a block of them at a time.
 *
 * x (rows, dim), y (columns, dim): filled with small random numbers first. loss (epochs)
 * or NULL: the sum above over the number of pairs, after each. The same for any number
 * of threads. ERR_NOMEM, ERR_CANCELLED, ERR_IO without OpenBLAS.
 */
bool als_train(const struct ratings *r, const struct als_options *o, float *x, float *y,
	       double *loss, struct work work, struct err *err);

/* Entries of one row. */
struct als_row {
	const uint32_t *column;	/* (n) */
	const float *value;	/* (n) NULL: all 1 */
	unsigned n;
};
/* What a new row's factors are solved from. */
struct als_known {
	unsigned dim;
	const float *y;		/* (columns, dim) */
	const float *gram;	/* (dim, dim) of als_gram */
	double confidence;
};
/* The lower triangle of Y'Y + lambda. Load BLAS first, also for als_fold. */
void als_gram(const float *y, uint32_t columns, unsigned dim, double lambda,
	      float *gram /* (dim, dim) */);
/* The factors x (dim) of one more row, as a half step of training would give it: value (n) of
 * its columns (n). ERR_FORMAT where the matrix isn't positive definite. */
bool als_fold(const struct als_known *k, const struct als_row *row, float *x,
	      struct err *err);

#endif
