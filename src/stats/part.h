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
void part_destroy(struct part *p);
SCOPED_DEFINE(part)
/* Names of arrays (store/catalog.def) that a store may have and its parts never have:
 * sort orders of the product table. Ends with NULL. */
extern const char *const part_lacks[];

/* Valid as long as the part; borrows what is not counted from the base. */
const struct catalog *part_catalog(const struct part *p);

#endif
