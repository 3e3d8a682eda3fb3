/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gather: the pairs of products that a relation finds in the sessions of a catalog, counted. */
#ifndef STATS_GATHER_H
#define STATS_GATHER_H

#include "base/err.h"
#include "store/catalog.h"

struct job;
struct pair_rows;
struct pool;
struct spill;

/* What is counted, and in how much memory. */
struct gather_of {
	const struct catalog *c;
	enum relation relation;
	struct job *job;
	struct spill *spill;	/* NULL: all stays in memory */
	uint64_t memory;	/* with it: for each of items, entries and counts */
};
/* As stats/relation.h says. */
struct margins {
	uint32_t *from, *to;	/* (products) */
	uint64_t total;
};
void margins_finish(struct margins *m);
/* Counts of pairs to rows (rows_finish), of unordered relations those with a < b; what
 * lies in the spill goes with it. On failure there is nothing to free but rows. */
bool gather_count(const struct gather_of *of, struct margins *sums, struct pair_rows *rows,
		  struct pool *pool, struct err *err);

#endif
