/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * relation: how often two products go together, in five senses.
 *
 * Over sessions of at most max_session distinct products:
 *   co-view	   both viewed in the session; unordered; once per session.
 *		   from = sessions that view a, total = sessions with a view.
 *   adjacent-view consecutive views of different products, after consecutive
 *		   duplicates are removed (other events in between don't part
 *		   them); directed a -> b; every occurrence counts.
 *		   from/to = occurrences that leave a / reach b; total = all.
 *   view-purchase a viewed, b != a purchased later in the session (later in the
 *		   order of events); directed; once per session. from = sessions that
 *		   view a, to = sessions that purchase b, total = sessions with a
 *		   view or a purchase.
 *   co-cart, co-purchase  both put in the cart / purchased; unordered; once
 *		   per session. from = sessions that cart / purchase a, total =
 *		   sessions with a cart / purchase event.
 * No product is paired with itself.
 */
#ifndef STATS_RELATION_H
#define STATS_RELATION_H

#include "base/err.h"
#include "base/work.h"
#include "store/catalog.h"

struct build;

/* Count one relation over the catalog being built and write its arrays. The
 * counting is done per product: the sessions of a fill a dense accumulator, so
 * no pair is ever materialised; workers take ranges of products. */
bool relation_count(struct build *b, enum relation r, struct work work, struct err *err);

/* Kinds of events (KIND_BIT) that it is counted in: without one it doesn't exist. */
unsigned relation_kinds(enum relation r);

/* The same counts in memory, for a catalog that needn't be in a file: out, from, to,
 * totals and q. in is not there for a directed relation. */
struct relation_table {
	struct relation_counts counts;
	uint64_t *offsets;
	uint32_t *column, *value, *from, *to;
	double *q;
	double family;		/* tests behind q */
};
bool relation_table_make(struct relation_table *t, const struct catalog *c,
			 enum relation r, struct work work, struct err *err);
void relation_table_finish(struct relation_table *t);

/* Pairs of n products that could have been seen, by their marginals: each is a test, seen
 * or not. */
double relation_family(enum relation r, uint32_t n, const uint32_t *from,
		       const uint32_t *to);

/*
 * Counts that come from a graph, of which every pair is a session of its own: no events, and a
 * product's marginals are what its rows hold. O(pairs).
 */
bool relations_alone(const struct catalog *c);

/* n(a -> b) or 0, by binary search in a's row. */
uint32_t relation_pair(const struct relation_counts *r, uint32_t a, uint32_t b);

#endif
