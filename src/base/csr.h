/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csr: finding a place in compressed sparse rows whose columns ascend. */
#ifndef BASE_CSR_H
#define BASE_CSR_H

#include <stddef.h>
#include <stdint.h>

#define CSR_NONE UINT64_MAX

/* The first of n ascending numbers that is not below x; n when all are. */
static inline size_t csr_lower(const uint32_t *v, size_t n, uint64_t x)
{
	size_t low = 0;

	while (n > 0) {
		size_t half = n / 2;

		if (v[low + half] < x) {
			low += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return low;
}

/* The place in column of row's entry b, or CSR_NONE: entries of a row are
 * column[offsets[row] .. offsets[row + 1]), ascending. */
static inline uint64_t csr_find(const uint64_t *offsets, const uint32_t *column, uint64_t row,
				uint32_t b)
{
	uint64_t first = offsets[row], end = offsets[row + 1], at;

	if (first >= end)	/* a damaged file's offsets may descend */
		return CSR_NONE;
	at = first + csr_lower(column + first, end - first, b);
	return at < end && column[at] == b ? at : CSR_NONE;
}

#endif
