/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bundle_impl: what the parts of the bundle's reader share; for bundle*.c alone. */
#ifndef IMPORT_BUNDLE_IMPL_H
#define IMPORT_BUNDLE_IMPL_H

#include <pthread.h>

#include "base/arena.h"
#include "base/map.h"
#include "import/bundle.h"

/* A store that a bundle is added to. */
struct bundle_old {
	char *path;
	struct store *store;
	const struct catalog *c;
	const json_t *counted;		/* its meta "counted" */
	uint32_t *new_product, *new_category;	/* by its numbers */
	uint32_t *old_product;		/* and back; MAP_NONE: it hasn't that one */
};
void bundle_old_finish(struct bundle_old *o);

struct bundle {
	char *dir;
	json_t *meta;
	struct pool *pool;
	struct job *job;
	struct arena *arena;		/* texts of the catalog */
	struct given_product *product;	/* (n_products), in the order of the files */
	struct product_totals {
		uint32_t count[3];	/* views, carts, purchases */
		bool has_revenue;
		struct decimal revenue;
	} *totals;			/* beside them */
	struct given_category *category;
	uint32_t n_products, n_categories;
	struct str attribute[DATASET_ATTRIBUTES];	/* names, as they are met */
	unsigned n_attributes;
	size_t cap_products, cap_totals, cap_categories;
	pthread_mutex_t lock;		/* of what is above, while a table is read */
	/* of the catalog made of it */
	struct map *products, *categories;	/* id -> number */
	uint32_t catalog_categories;
	uint8_t *depth;			/* by category number, as the next two */
	uint32_t *parent, *end;
	unsigned price_scale;
	uint64_t memory;		/* for pairs; 0: no limit */
	struct bundle_old *old;		/* NULL: it makes a store of its own */
	/* while products and categories are read */
	bool keeping;			/* they are those that the store keeps */
	struct map *told_products, *told_categories;	/* id (\1 and path) -> number */
	bool *told_product, *told;	/* (products), (categories) by the bundle itself */
	uint32_t *told_depth;		/* (categories) in the bundle's tree */
	size_t cap_told_product, cap_told, cap_told_depth;
};

#define BUNDLE_COLUMNS 24

/* A row of a table. */
struct bundle_row {
	const struct str *field;	/* (columns) in the table's order; empty: not there */
	const struct str *attribute;	/* (b->n_attributes) where the table takes some */
	unsigned worker;
};

/* A folder of parts, each with a header of these columns in any order. */
struct bundle_table {
	const char *folder;
	const char *const *columns;
	unsigned n_columns, needed;	/* the first ones must be there */
	bool attributes;		/* it may have columns attribute.NAME */
	/* Take one row, on any thread; false and in *why what is wrong with it, as a part
	 * of a sentence. */
	bool (*row)(void *ctx, const struct bundle_row *r, const char **why);
	void *ctx;
};
/* Every part of it, in no order. A folder that isn't there has no rows. */
bool bundle_read(struct bundle *b, const struct bundle_table *t, struct err *err);
/* Digits that fit; false sets *why. */
bool bundle_u32(struct str s, uint32_t *value, const char **why);
/* meta[outer][inner][key], or 0 where there is none; ERR_FORMAT when it is no count. */
bool bundle_number_of(const struct bundle *b, const char *const path[3], uint64_t *value,
		      struct err *err);

/* ---- adding to a store; without b->old they do nothing */

/* The rows of a table that the store keeps. */
bool bundle_read_kept(struct bundle *b, const struct bundle_table *t, struct err *err);
/* After bundle_number: translate the old numbers; no category may have moved. */
bool bundle_number_old(struct bundle *b, struct err *err);
bool bundle_add_margins(struct bundle_pairs *p, struct err *err);
bool bundle_merges(const struct bundle_pairs *p);
void bundle_merge_start(struct bundle_pairs *p);
void bundle_merge_finish(struct bundle_pairs *p);
/* Add the store's rows to loaded ones. */
bool bundle_merge(const struct bundle_pairs *p, struct pair_ask ask, struct pair_loaded *rows,
		  struct err *err);

/* n_ab of a level, one way. */
struct bundle_cell {
	unsigned level;
	uint32_t a, b, n;
	uint64_t pairs;
};
struct bundle_cells {
	enum basket_kind kind;
	struct bundle_cell *cell;
	size_t n, cap;
};
void bundle_add_cells(const struct bundle *b, struct bundle_cells *g, unsigned levels);
void bundle_add_nodes(const struct bundle *b, enum basket_kind kind, uint32_t *const margin[4],
		      struct transition_counts *to);

#endif
