/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vectors: a view of rows of floats that lie somewhere else. */
#ifndef MATH_VECTORS_H
#define MATH_VECTORS_H

#include <stddef.h>

/* (n, dim), row-major; rows begin `stride` floats apart, stride >= dim. Rows on 64-byte
 * boundaries are fastest, none is needed. */
struct vectors {
	const float *data;
	size_t n;
	unsigned dim, stride;
};

static inline const float *vectors_row(const struct vectors *v, size_t i)
{
	return v->data + i * v->stride;
}

#endif
