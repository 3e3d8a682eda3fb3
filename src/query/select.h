/* SPDX-License-Identifier: GPL-3.0-or-later */
/* select: the products that a filter lets in, as a set. */
#ifndef QUERY_SELECT_H
#define QUERY_SELECT_H

#include "query/filter.h"
#include "store/catalog.h"

struct pool;

/* bit p % 64 of word p / 64: product p is in. */
struct selection {
	uint64_t *bits;
	uint32_t n_products, count;	/* of the catalog; that are in */
};

/*
 * The terms of the class FILTER_PRODUCT, tested 64 products at a time on all cores.
 * What names a category, a brand or an attribute's value is looked up once: a
 * category is a range of products, the others are sets of numbers. Errors, with the
 * column in filter_text: ERR_NO for a category, brand, attribute or value that the
 * store doesn't have, or prices that it has none of; ERR_NOMEM.
 */
bool selection_make(struct selection *s, const struct filter *f, const struct catalog *c,
		    struct pool *pool, struct err *err);
/* What a person typed as one of the texts of a dictionary, or as a category (catalog_category, or
 * its path): as it stands there, else whatever its case; CATALOG_NONE. */
uint32_t select_text(const struct text *dict, struct str typed);
uint32_t select_category(const struct catalog *c, struct str typed);
/* The same errors, and nothing made. */
bool selection_check(const struct filter *f, const struct catalog *c, struct err *err);
void selection_finish(struct selection *s);

/* A NULL selection lets every product in. */
static inline bool selection_has(const struct selection *s, uint32_t product)
{
	return !s || (s->bits[product / 64] >> product % 64 & 1);
}
/* How many of [first, end) are in. */
uint32_t selection_count(const struct selection *s, uint32_t first, uint32_t end);
/* How many of a category's products. */
uint32_t selection_members(const struct selection *s, const struct members *m);

#endif
