/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog_make: the catalog of a shop from values, without a log of its events. */
#ifndef IMPORT_CATALOG_MAKE_H
#define IMPORT_CATALOG_MAKE_H

#include "base/err.h"
#include "base/work.h"
#include "import/import.h"

struct build;

/* Texts that are empty say nothing. */
struct given_product {
	struct str id;
	struct str category;		/* the id of one of the categories; or */
	struct str path;		/* that of a category without an id */
	struct str brand, name, group, description;
	bool has_price;
	struct decimal price;		/* the latest; at least 0 */
	int64_t first, last;		/* ms of its events; TIME_NONE: it has none */
	const struct str *attribute;	/* (n_attributes); NULL: none */
};

struct given_category {
	struct str id;			/* empty: it is known by its path */
	struct str path;		/* "a.b.c" */
	struct str name, parent;	/* of a tree that is told by edges */
};

/* What is known of a shop. Texts are borrowed until catalog_make returns. */
struct catalog_given {
	const struct given_product *product;	/* ids distinct */
	uint32_t n_products;
	const struct given_category *category;	/* ids and paths distinct */
	uint32_t n_categories;
	unsigned caps;			/* enum capability: what its log could say */
	unsigned price_scale;		/* digits after the point; grows if needed */
	uint32_t max_session;		/* the cap that its counts were made under */
	const char *currency, *time_zone;	/* NULL: "" and "UTC" */
	char path_separator;		/* of paths; 0: a point */
	const char *products;		/* a file as --products, which stands above; NULL */
	const struct str *attribute;	/* names of the products' */
	unsigned n_attributes;		/* at most DATASET_ATTRIBUTES */
};

/*
 * Writes the arrays of catalog.def as import_run does, in the same order and with the
 * same names: products, categories and brands get the numbers that an import of the log
 * would give them. There are no sessions, users and events. meta "dataset" is "counts".
 * sum: products, categories, brands, first and last time. ERR_FORMAT names a product
 * whose category isn't given, a price that doesn't fit, or an id that no log could have.
 */
bool catalog_make(struct build *b, const struct catalog_given *g, struct work work,
		  struct import_summary *sum, struct err *err);

#endif
