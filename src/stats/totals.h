/* SPDX-License-Identifier: GPL-3.0-or-later */
/* totals: what every product and category was viewed, carted, bought for. */
#ifndef STATS_TOTALS_H
#define STATS_TOTALS_H

#include <stdint.h>

#include "base/err.h"
#include "base/work.h"

struct build;
struct pool;

/* Writes product/views, carts, purchases (pieces), revenue (pieces x price, where
 * events have prices) and the same per category, its subtree included. */
bool totals_count(struct build *b, struct work work, struct err *err);

/* The totals of the products in memory, for a catalog that needn't be in a file.
 * revenue is NULL where events have no prices. */
struct totals {
	uint32_t *views, *carts, *purchases;	/* (P) */
	int64_t *revenue;			/* (P) or NULL */
	unsigned revenue_scale;			/* the prices', or less if need be */
};
struct catalog;
bool totals_make(struct totals *t, const struct catalog *c, struct pool *pool,
		 struct err *err);
/* The same of a catalog whose relations stand alone (stats/relation.h): the marginals of the
 * first relation that has events of the kind; 0 where none has. */
bool totals_of_pairs(struct totals *t, const struct catalog *c, struct err *err);
void totals_finish(struct totals *t);

/* The same of categories, subtrees included; they stop at the largest number. */
struct category_totals {
	uint64_t *views, *carts, *purchases;	/* (C) */
	int64_t *revenue;			/* (C) or NULL, of t's scale */
};
/* Of c the tree alone is read: it may be a file that is being built. */
bool category_totals_make(struct category_totals *out, const struct catalog *c,
			  const struct totals *t, struct err *err);
void category_totals_finish(struct category_totals *t);

/* Writes product/session-offsets and product/session. */
bool totals_sessions(struct build *b, struct work work, struct err *err);
/* Writes order/...: the largest first, ties and unknown values (last) by product
 * number. Conversion is pieces bought per view. */
bool order_write(struct build *b, struct work work, struct err *err);

#endif
