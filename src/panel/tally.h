/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tally: sums over products, of which few are above 0. */
#ifndef PANEL_TALLY_H
#define PANEL_TALLY_H

#include <stdint.h>

#include "base/err.h"
#include "base/sort.h"

/* In the order in which products were met, ascending once settled. */
struct tally {
	struct sort_item *at;	/* (n) key: product; value: the bits of its sum */
	size_t n, cap;
	uint32_t *slot;		/* (1 << bits) places in at, from 1; 0: free */
	unsigned bits;
};

/* No sums; its memory stays. */
void tally_clear(struct tally *t);
void tally_finish(struct tally *t);
void tally_add(struct tally *t, uint32_t product, double x);
/* The product's sum, 0 where it wasn't met. */
double tally_of(const struct tally *t, uint32_t product);
/* Ascending by product; what is added or asked by product needs a tally_clear then.
 * ERR_NOMEM. */
bool tally_settle(struct tally *t, struct err *err);
/* The i-th product and its sum. */
static inline uint32_t tally_product(const struct tally *t, size_t i)
{
	return (uint32_t)t->at[i].key;
}
double tally_sum(const struct tally *t, size_t i);

#endif
