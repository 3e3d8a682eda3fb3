/* SPDX-License-Identifier: GPL-3.0-or-later */
/* numbers: the final ones of products and sessions. */
#ifndef IMPORT_NUMBERS_H
#define IMPORT_NUMBERS_H

#include "import/category_tree.h"

/* Products that are asked for before they are looked at. */
#define NUMBERS_AHEAD 8
struct numbers {
	uint32_t *session_number;	/* by rank */
	uint32_t *session_rank;		/* by number */
	uint32_t *product_number;	/* by rank */
	uint32_t *product_rank;		/* by number */
	uint32_t *product_node;		/* by number, CATALOG_NONE last */
	const struct product_seen **product;	/* by number, then NUMBERS_AHEAD times the last */
};
/* In s the ranks of products and sessions, by what witnesses call them, become these
 * numbers. */
bool numbers_make(struct numbers *n, struct seen *s, const struct category_tree *t,
		  struct pool *pool, struct err *err);
void numbers_finish(struct numbers *n);

/* What was seen of a product. Whoever goes through all waits for none of them: they lie
 * anywhere in memory. */
static inline const struct product_seen *numbers_product(const struct numbers *n,
							 uint64_t number)
{
	product_ask(n->product[number + NUMBERS_AHEAD]);
	return n->product[number];
}
/* When they were said. */
static inline struct stamps numbers_stamps(const struct numbers *n, const struct seen *s,
					   uint64_t number)
{
	const struct product_seen *p = n->product[number];

	return p->apart ? seen_stamps(s, n->product_rank[number]) : stamps_all(p->at);
}
/* One fact. */
static inline struct fact numbers_fact(const struct numbers *n, const struct seen *s,
				       uint64_t number, unsigned fact)
{
	return seen_fact(s, n->product_rank[number], fact);
}

#endif
