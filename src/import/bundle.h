/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bundle: a folder of counts that an engine made of a log (aisle-bundle(5)). */
#ifndef IMPORT_BUNDLE_H
#define IMPORT_BUNDLE_H

#include <jansson.h>

#include "base/err.h"
#include "base/scope.h"
#include "base/work.h"
#include "import/catalog_make.h"
#include "import/pair_sort.h"
#include "store/catalog.h"

struct build;
struct bundle;

/*
 * Reads meta.json of a bundle that is finished (_SUCCESS). Tables are read on all cores;
 * what contradicts itself is ERR_FORMAT with file and row. pool and job last as long as
 * the bundle.
 */
bool bundle_open(struct bundle **out, const char *dir, struct work work, struct err *err);
/* It is added to what that store has: before anything is read of it. ERR_NO says why it can't
 * be: no session, return or category's move may stand between both. */
bool bundle_add_to(struct bundle *b, const char *store, struct err *err);
/* Its meta.json, and where it is added the sums of both. The caller's to decref. */
json_t *bundle_counted(const struct bundle *b);
/* What a later bundle needs to be added: names of sessions; products and categories as they
 * were told. */
bool bundle_sessions(struct bundle *b, struct build *to, struct err *err);
bool bundle_keep(struct bundle *b, struct build *to, struct err *err);
/* Bytes that pairs may take; 0, as at first, is no limit. */
void bundle_set_memory(struct bundle *b, uint64_t bytes);
void bundle_destroy(struct bundle *b);
SCOPED_DEFINE(bundle)
const json_t *bundle_meta(const struct bundle *b);

/* Products and categories; what *g points to is the bundle's. First of all reading. */
bool bundle_catalog(struct bundle *b, struct catalog_given *g, struct err *err);
/* Learn the numbers that the catalog made of it gave them: before what follows. */
bool bundle_number(struct bundle *b, const struct catalog *c, struct err *err);

/* By product number; revenue NULL: none is told. They are the caller's to free. */
struct bundle_totals {
	uint32_t *views, *carts, *purchases;	/* (P) */
	int64_t *revenue;			/* (P), in the catalog's price scale */
};
bool bundle_totals(struct bundle *b, struct bundle_totals *t, struct err *err);

/* Pairs of one relation: margins by product number, and rows of a sort (pair_sort.h; side 1:
 * by b, of a relation with direction). */
struct bundle_pairs {
	const struct bundle *bundle;
	enum relation relation;
	struct pair_sort *sort;
	struct bundle_merge *merge;	/* (threads) where rows are added to a store's */
	uint32_t *from, *to;
	uint64_t total;
};
bool bundle_has_relation(const struct bundle *b, enum relation r);
/* To the bytes of bundle_open; what doesn't fit goes to the spill, which outlives *p. */
bool bundle_pairs(struct bundle *b, enum relation r, struct spill *spill,
		  struct bundle_pairs *p, struct err *err);
/* As pair_sort_load; a pair that is there twice is ERR_FORMAT. */
bool bundle_pairs_load(const struct bundle_pairs *p, struct pair_ask ask,
		       struct pair_loaded *rows, struct err *err);
/* Are the lengths of ranges those of the sort? */
bool bundle_pairs_known(const struct bundle_pairs *p);
void bundle_pairs_finish(struct bundle_pairs *p);

bool bundle_has_baskets(const struct bundle *b, enum basket_kind k);
/* Its pointers lead to memory of *t, without q. */
struct bundle_transitions {
	struct transition_counts counts;
	uint32_t *margin[4];
	uint64_t *offsets[CATALOG_LEVELS], *pairs[CATALOG_LEVELS];
	uint32_t *column[CATALOG_LEVELS], *value[CATALOG_LEVELS];
};
bool bundle_transitions(struct bundle *b, enum basket_kind k, struct bundle_transitions *t,
			struct err *err);
void bundle_transitions_finish(struct bundle_transitions *t);

#endif
