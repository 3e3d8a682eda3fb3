/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names: what the rows of a list are called, in the cells that there are, so that no two
 * different things read alike. */
#ifndef VIEW_NAMES_H
#define VIEW_NAMES_H

#include "store/catalog.h"

struct arena;

/* A list that is looked at. */
struct names {
	const struct catalog *cat;
	const uint32_t *at;	/* (n) products or categories; CATALOG_NONE: "" */
	unsigned n;
	int w;			/* cells of a name, 0: any number */
	bool priced;		/* prices stand beside: labels that aisle made lose theirs */
	const char *path, *ellipsis;	/* one cell each, NULL: "›" and "…" */
};

/*
 * Labels of products. What is too long is cut in the middle, where labels seldom differ. Those
 * that would read like another one's get the first of brand and attributes that differs
 * ("Ohlsson · beige") or differs most, and where that doesn't tell all apart the end of their
 * id. out (n) are in the arena.
 */
void names_products(const struct names *l, struct arena *arena, struct str *out);
/* Names of categories; those that others have too behind the nearest category above that
 * tells them apart: "Divided › Trousers". */
void names_categories(const struct names *l, struct arena *arena, struct str *out);
/* One product by itself: its label, cut in the middle. */
struct str names_product(const struct catalog *cat, uint32_t product, int w,
			 struct arena *arena);
/* Clean text cut in the middle to w cells, two thirds of them from its beginning. */
void names_cut(struct strbuf *b, struct str s, int w, const char *ellipsis);

#endif
