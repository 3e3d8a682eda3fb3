/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lanes: a row of a sparse matrix times several numbers at once, added to as many sums. */
#ifndef MATH_LANES_H
#define MATH_LANES_H

#include <stddef.h>
#include <stdint.h>

#define LANES 8

/* Entries of a row. */
struct lanes_row {
	const uint32_t *column;		/* (n) those of `columns` or more are passed over */
	const float *value;		/* (n) */
	size_t n;
	const uint32_t *place;		/* (columns) where in out a column stands */
	uint32_t columns;
};

/* out[place[column[i]]][lane] += w[lane] * value[i] for all entries in their order, out (places,
 * LANES). Each lane is rounded as if it was alone, on any processor (configured
 * with --enable-native the compiler may fuse a product and a sum). */
void lanes_add(const struct lanes_row *row, const double *w, double *out);

#endif
