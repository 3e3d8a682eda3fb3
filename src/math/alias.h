/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * alias: draws from a fixed discrete distribution in constant time (Walker 1977; built
 * in linear time, Vose 1991): every cell holds a share of its own number and gives
 * the rest to one other.
 */
#ifndef MATH_ALIAS_H
#define MATH_ALIAS_H

#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"

struct alias {
	uint32_t keep;		/* its own number below this share of 2^32 ... */
	uint32_t other;		/* ... else this one */
};

/* cells (n), n > 0, from weights (n) >= 0 and finite; when all are 0 every number is
 * as likely. */
void alias_make(struct alias *cells, const double *weights, size_t n);

static inline uint32_t alias_draw(const struct alias *cells, size_t n, struct rng *r)
{
	uint64_t x = rng_next(r);
	uint32_t cell = (uint32_t)((x >> 32) * n >> 32);
	return (uint32_t)x < cells[cell].keep ? cell : cells[cell].other;
}

#endif
