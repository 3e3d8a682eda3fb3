/* SPDX-License-Identifier: GPL-3.0-or-later */
/* given: counts that were made elsewhere become those of a store, and are tested. */
#ifndef STATS_GIVEN_H
#define STATS_GIVEN_H

#include "base/err.h"
#include "base/work.h"
#include "stats/totals.h"
#include "store/catalog.h"

struct build;

/* Pairs of one relation. entry: of every row its columns, ascending, in the upper half
 * and their counts (1 or more) below. Row a lists its b's; of an unordered relation both
 * rows do. Checked before: what catalog.h says of struct relation_counts. */
struct relation_given {
	const uint64_t *offsets;	/* (P + 1) */
	const uint64_t *entry;
	const uint32_t *from, *to;	/* (P); the same for an unordered relation */
	uint64_t total;
	uint64_t pairs, instances;	/* of an unordered relation each pair once */
};
#define GIVEN_ENTRY(column, count) ((uint64_t)(column) << 32 | (count))

/* Writes what relation_count writes. Beside the pairs it takes 512 KiB a thread. */
bool given_relation(struct build *b, enum relation r, const struct relation_given *g,
		    struct work work, struct err *err);

/* Writes what transition_count writes, of levels (their q are computed here). */
bool given_transitions(struct build *b, enum basket_kind kind,
		       const struct transition_counts *t, struct err *err);

/* Writes what totals_count writes; revenue NULL: none is known. */
bool given_totals(struct build *b, const struct totals *t, struct err *err);

#endif
