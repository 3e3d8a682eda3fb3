/* SPDX-License-Identifier: GPL-3.0-or-later */
/* part: some of a log's events as a whole catalog in memory, everything counted anew. */
#ifndef STATS_PART_H
#define STATS_PART_H

#include "base/err.h"
#include "base/scope.h"
#include "base/work.h"
#include "store/catalog.h"

struct part;

/*
 * What an import of those events alone would count, under the numbers of the base:
 * products, categories, users and sessions keep theirs, so that models trained on the
 * part speak of the same products; a session may be left without events. Nothing of
 * the events that are out shows in it: totals, first and last days, relations,
 * transitions, product -> sessions. What the catalog says of products (category, price,
 * attributes) stays. Only the arrays of part_lacks and the q of transitions and pairs
 * are not there.
 *
 * in (n_events): 0 leaves the event out. About 30 bytes an event that is in, and the
 * pairs. Errors: ERR_NOMEM, ERR_CANCELLED.
 */
bool part_make(struct part **p, const struct catalog *base, const uint8_t *in,
	       struct work work, struct err *err);

/* Sessions made of pieces of the base's: piece i is the events
 * event[offsets[i] .. offsets[i + 1]) of the session `session`, in their order there. */
struct part_pieces {
	uint32_t n;
	uint64_t *offsets;	/* (n + 1) */
	uint64_t *event;	/* (offsets[n]) of the base; one may stand in several pieces */
	uint32_t *session;	/* (n) of the base, ascending */
};
/* The same with the pieces as sessions, which have no ids, users and countries then. */
bool part_make_pieces(struct part **p, const struct catalog *base,
		      const struct part_pieces *pieces, struct work work, struct err *err);
/* Pairs that are taken out: some of one relation, and all of some products. */
struct part_unlinked {
	enum relation relation;
	const uint64_t *pair;		/* (n) a << 32 | b, a < b, ascending */
	size_t n;
	const uint8_t *product;		/* (P) 1: all of its pairs, of any relation; or NULL */
};
/* The same of a catalog whose relations stand alone (relations_alone): the rest of its pairs,
 * with the totals and transitions that they come to. */
bool part_make_unlinked(struct part **p, const struct catalog *base,
			const struct part_unlinked *out, struct work work, struct err *err);
/* And as a log: each of its pairs is so many sessions of two as it was counted in, all at one
 * time; counts stay what they are. ERR_NO over PAIRED_MOST sessions; 40 bytes each. */
#define PAIRED_MOST 50000000u
bool part_make_paired(struct part **p, const struct catalog *base, struct err *err);
void part_destroy(struct part *p);
SCOPED_DEFINE(part)
/* Names of arrays (store/catalog.def) that a store may have and its parts never have:
 * sort orders of the product table. Ends with NULL. */
extern const char *const part_lacks[];

/* Valid as long as the part; borrows what is not counted from the base. */
const struct catalog *part_catalog(const struct part *p);

#endif
