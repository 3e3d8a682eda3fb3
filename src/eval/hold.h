/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hold: which pairs of products, and which products, are held back to be asked about. */
#ifndef EVAL_HOLD_H
#define EVAL_HOLD_H

#include "eval/split.h"

/*
 * What is drawn depends on the ids alone, so it stays the same when a log grows: SipHash-2-4 of
 * the product's id, or of both in byte order with a tab between them, under the key (seed,
 * HOLD_KEY) is below share 2^64. Needs product_id.
 */
#define HOLD_KEY UINT64_C(0x686f6c646261636b)
bool hold_product(const struct split_spec *s, const struct catalog *c, uint32_t product);

/*
 * SPLIT_LINKS of split_make, for the items of p->kind: test lists are the distinct pairs that are
 * held back, by the first session with them. A session without such a pair is learnt from as it
 * is. Of others every other pair of its products becomes a session of two, a product that is left
 * alone one of one, and what else there was (views; events of products that weren't bought) a
 * session of its own. Sessions over the cap of the catalog aren't cut. ERR_NOMEM.
 */
bool hold_links(struct split *p, const struct split_spec *s, const struct catalog *c,
		struct err *err);
/* SPLIT_LINKS and SPLIT_PRODUCTS where relations stand alone: pairs of the relation of p->kind are
 * drawn, or those of products that are; test lists are these pairs, by their numbers. */
bool hold_pairs(struct split *p, const struct split_spec *s, const struct catalog *c,
		struct err *err);

#endif
