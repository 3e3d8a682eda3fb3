/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rsvd: the largest singular values of a sparse matrix, and their vectors. */
#ifndef LEARN_RSVD_H
#define LEARN_RSVD_H

#include "base/work.h"
#include "learn/ratings.h"

struct rsvd_options {
	unsigned dim;		/* singular values wanted */
	unsigned extra;		/* axes beside them while looking, about 10 */
	unsigned rounds;	/* of A A', 0 and more: the more the nearer */
	uint64_t seed;
};

/*
 * A = U S V' (rows, columns) by random projection and subspace iteration (Halko, Martinsson and
 * Tropp 2011, "Finding structure with randomness", algorithms 4.4 and 5.1). s (dim), the largest
 * first; v (columns, dim); u (rows, dim) or NULL. The sign of a vector is such that the
 * largest part of v's is positive. Where the matrix has a smaller rank the last values and their
 * vectors are 0. t: a, rows and columns changed places. The same for any number of threads.
 * ERR_NOMEM, ERR_CANCELLED, ERR_IO without OpenBLAS.
 */
struct rsvd_parts {
	float *u, *s, *v;
};
bool rsvd(const struct ratings *a, const struct ratings *t, const struct rsvd_options *o,
	  struct rsvd_parts to, struct work work, struct err *err);

#endif
