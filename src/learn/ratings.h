/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ratings: who had to do with which products, and how much. */
#ifndef LEARN_RATINGS_H
#define LEARN_RATINGS_H

#include <stdint.h>

#include "base/err.h"

/*
 * A row per user, or per session where the log has no users; columns are products,
 * ascending. value: the sum over their events of 1 (view), 2 (cart), 3 (purchase).
 */
struct ratings {
	uint32_t rows, columns;
	uint64_t *offsets;	/* (rows + 1) */
	uint32_t *column;	/* (entries) */
	float *value;
	uint64_t entries;
};

/* The same with rows and columns changed places; entries of a row ascend. */
bool ratings_transpose(struct ratings *t, const struct ratings *r, struct err *err);
/* Zero the rows of y (columns, dim) that have no entry: products that nobody met. */
void ratings_forget_unmet(const struct ratings *r, unsigned dim, float *y);
void ratings_finish(struct ratings *r);

#endif
