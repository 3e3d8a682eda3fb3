/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * placed: the categories that records give products beside the first.
 *
 * A record's list holds as a whole: of a product the latest record that names a category
 * tells all of them. Where a data set says so (dataset.every_category), a product has
 * every category that any record names; the first is then that of the latest record, of
 * those of one moment the first in the files.
 */
#ifndef IMPORT_PLACED_H
#define IMPORT_PLACED_H

#include "import/said.h"

struct build;
struct made;
struct numbers;
struct pool;
struct seen;

/* A record says that the product is of the category, too. */
struct placed {
	uint32_t product, category;
	struct stamp at;	/* the latest that said it */
};

/* Those that one worker heard, under its numbers. */
struct placed_set {
	bool every;		/* every category counts */
	struct map *key;	/* product and category -> place in at; NULL: none yet */
	struct placed *at;
	size_t cap;
};
void placed_finish(struct placed_set *p);
bool placed_hear(struct placed_set *p, struct placed x, struct err *err);
/* Does a record at that moment tell a product's first category better? */
static inline bool placed_first(const struct placed_set *p, struct stamp a, struct stamp known)
{
	return p->every ? a.time > known.time || (a.time == known.time && a.seq < known.seq)
			: stamp_later(a, known);
}

/* s->place of all workers: those that hold, by product, then category, as ranks; after the
 * facts are merged. */
bool placed_merge(struct seen *s, struct pool *pool, struct err *err);
/* product/place and category/guest, if a product has several; after the tree. */
bool placed_write(const struct made *m, struct build *b, struct err *err);
/* The same as categories are named, for a later append: resume/place. */
bool placed_keep(const struct made *m, struct build *b, struct err *err);

#endif
