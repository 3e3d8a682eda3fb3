/* SPDX-License-Identifier: GPL-3.0-or-later */
/* typical: what the members of a group of products have in common that others lack. */
#ifndef VIEW_TYPICAL_H
#define VIEW_TYPICAL_H

#include "base/err.h"
#include "store/catalog.h"

struct job;

#define TYPICAL_WORDS 4

/* A feature of share x among the members and y among all products is worth
 * x log(x / y), its part in the divergence of the two: common inside, rare outside. */
struct typical_feature {
	uint32_t number;	/* of the category or brand; CATALOG_NONE: none is typical */
	double share;		/* of the members that have it */
};
struct typical_group {
	uint32_t first, size;	/* members are product[first .. first + size) */
	struct typical_feature category, brand;
	struct typical_feature word[TYPICAL_WORDS];	/* of labels, the most typical first */
};
struct typical {
	uint32_t n;		/* groups */
	struct typical_group *group;
	uint32_t *product;	/* (members of all groups) in the order of numbers */
	uint32_t outside;	/* products without a group */
	struct map *words;
};

/* group (n_products): below n, or CATALOG_NONE. */
bool typical_make(struct typical *t, const struct catalog *c, const uint32_t *group,
		  uint32_t n, struct job *job, struct err *err);
void typical_finish(struct typical *t);
/* A word by its number; valid as long as t. */
struct str typical_word(const struct typical *t, uint32_t number);

#endif
