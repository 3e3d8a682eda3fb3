/* SPDX-License-Identifier: GPL-3.0-or-later */
/* given: counts that were made elsewhere become those of a store, and are tested. */
#ifndef STATS_GIVEN_H
#define STATS_GIVEN_H

#include "base/err.h"
#include "base/work.h"
#include "stats/totals.h"
#include "store/catalog.h"

struct build;

/* A row's entries: its columns, ascending, in the upper half and their counts (1 or more)
 * below. Row a lists its b's; of an unordered relation both rows do. Checked before: what
 * catalog.h says of struct relation_counts. */
#define GIVEN_ENTRY(column, count) ((uint64_t)(column) << 32 | (count))
struct given_rows {
	const uint64_t *offsets;	/* (rows + 1) places in entry */
	const uint64_t *entry;
};
struct given_ask {
	bool in;		/* the rows by b, of a relation with direction */
	uint32_t range;
	unsigned worker;	/* what it got before is no longer needed */
};
/* Where rows come from: range by range, on any thread, once or several times. */
struct given_source {
	uint32_t ranges;
	const uint32_t *first;		/* (ranges + 1) its rows, of all products */
	/* entries[in][range], or NULL where that shows only when they are loaded */
	const uint64_t *entries[2];
	bool (*load)(void *ctx, struct given_ask ask, struct given_rows *rows,
		     struct err *err);
	void *ctx;
};

/* What is left of a relation's pairs where each product keeps its most frequent ones. */
struct given_cut {
	uint64_t pairs, instances;	/* cut off; each pair of an unordered relation once */
	uint32_t most;			/* how often the most frequent of them was counted */
	uint32_t products;		/* that have fewer than before */
};

struct relation_given {
	struct given_source rows;
	const uint32_t *from, *to;	/* (P); the same for an unordered relation */
	uint64_t total;
	/* Pairs that each product keeps, by count, then by number; a pair stays where either
	 * of its products keeps it. 0: all. */
	uint32_t top;
	uint64_t pairs, instances;	/* set: of what was written; unordered pairs once */
	struct given_cut cut;		/* set */
};
/* Writes what relation_count writes; q values are those of all pairs, also of the ones that
 * are cut off. Beside the rows it takes 512 KiB a thread and 8 bytes a product, 24 with top. */
bool given_relation(struct build *b, enum relation r, struct relation_given *g,
		    struct work work, struct err *err);

/* Rows that lie in memory as a source. */
struct given_memory {
	uint32_t n;			/* products */
	const uint64_t *offsets[2], *entry[2];	/* [in]: those of the other direction */
	uint64_t *made[2];		/* of these, what is its own */
	uint32_t *first;
	uint64_t *entries[2];
};
/* offsets (n + 1) and entry are the caller's; of a relation with direction the other one is
 * made of them. */
bool given_memory_start(struct given_memory *m, uint32_t n, struct given_rows rows,
			bool directed, struct err *err);
struct given_source given_memory_source(struct given_memory *m);
void given_memory_finish(struct given_memory *m);

/* Writes what transition_count writes, of levels (their q are computed here). */
bool given_transitions(struct build *b, enum basket_kind kind,
		       const struct transition_counts *t, struct err *err);

/* Writes what totals_count writes; revenue NULL: none is known. */
bool given_totals(struct build *b, const struct totals *t, struct err *err);

#endif
