/* SPDX-License-Identifier: GPL-3.0-or-later */
/* numbers: the final ones of products and sessions. */
#ifndef IMPORT_NUMBERS_H
#define IMPORT_NUMBERS_H

#include "import/category_tree.h"

struct numbers {
	uint32_t *session_number;	/* by rank */
	uint32_t *session_rank;		/* by number */
	uint32_t *product_number;	/* by rank */
	uint32_t *product_rank;		/* by number */
	uint32_t *product_node;		/* by number, CATALOG_NONE last */
};
/* In s the ranks of products and sessions, by what witnesses call them, become these
 * numbers. */
bool numbers_make(struct numbers *n, struct seen *s, const struct category_tree *t,
		  struct pool *pool, struct err *err);
/* Whoever goes through all products by number asks for those that come soon. */
void numbers_ask(const struct numbers *n, const struct seen *s, uint64_t product);
void numbers_finish(struct numbers *n);

#endif
