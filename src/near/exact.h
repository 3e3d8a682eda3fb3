/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact: the k nearest rows by looking at all of them. */
#ifndef NEAR_EXACT_H
#define NEAR_EXACT_H

#include "base/work.h"
#include "math/topk.h"
#include "near/space.h"

struct err;

/* What is looked for, and among which. */
struct near_query {
	const float *q;		/* (n, dim), rows `stride` floats apart */
	size_t n, stride;
	const uint32_t *skip;	/* (n) a row that is left out of each answer, or NULL */
	const uint64_t *allow;	/* bits of the rows that may be answers, or NULL: all */
	size_t k;
};
#define NEAR_NONE UINT32_MAX	/* as skip: nothing */

/*
 * hits (n, k): the best of each query, best first, ties by smaller row; found (n): how
 * many there are, less than k only where no more are allowed and present. Rows that are
 * not allowed cost nothing. A few queries are a scan at the speed of memory, many are
 * products of matrices by blocks: there candidates are chosen by sums in another order
 * (relative error of about 1e-6; k + 8 are kept) and then scored and ordered as the scan
 * does. ERR_NOMEM, ERR_CANCELLED, ERR_IO when OpenBLAS isn't there.
 */
bool exact_search(const struct space *s, const struct near_query *q, struct hit *hits,
		  uint32_t *found, struct work work, struct err *err);

#endif
