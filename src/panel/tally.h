/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tally: sums over products, of which few are above 0. */
#ifndef PANEL_TALLY_H
#define PANEL_TALLY_H

#include <stdint.h>

#include "base/err.h"

struct tally {
	double *sum;		/* (n) */
	uint64_t *met;		/* (n bits) where sum may be above 0 */
	uint32_t n;
};

/* All sums 0; cheap when it is that already. ERR_NOMEM. */
bool tally_clear(struct tally *t, uint32_t n, struct err *err);
void tally_finish(struct tally *t);
/* The first product >= b that was met; n: none. */
uint32_t tally_next(const struct tally *t, uint32_t b);

static inline void tally_add(struct tally *t, uint32_t b, double x)
{
	t->sum[b] += x;
	t->met[b / 64] |= UINT64_C(1) << b % 64;
}

#endif
