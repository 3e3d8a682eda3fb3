/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cut: the events that a filter lets in, as a catalog of their own in memory. */
#ifndef STATS_CUT_H
#define STATS_CUT_H

#include "base/err.h"
#include "base/work.h"
#include "store/catalog.h"

struct event_filter;
struct selection;
struct session_set;

/*
 * An event is in or out by its own time, kind and product, and by its session's country
 * and channel; sessions are cut by the filter. Sessions keep their order: session i of
 * the cut is session first + i of the catalog it was made from, without those that start
 * after the last event or stand before the first session with an event. 5 bytes an event
 * that is in (17 with prices and pieces), 12 a session up to the last.
 */
struct cut {
	const struct catalog *base;
	/* base but for n_sessions, n_events, session_offsets and the events; no event
	 * times and ratings; capabilities and counts of relations are those of base. */
	struct catalog catalog;
	uint32_t first;		/* session of base that is session 0 here */
	unsigned kinds;		/* KIND_BITs of the events that are in */
	uint64_t *offsets;
	uint32_t *product, *quantity;
	uint8_t *kind;
	int64_t *price;
};

/* e NULL: all times and kinds; only NULL: all products; sessions NULL: all. */
bool cut_make(struct cut *cut, const struct catalog *base, const struct event_filter *e,
	      const struct selection *only, const struct session_set *sessions,
	      struct work work, struct err *err);
void cut_finish(struct cut *cut);

#endif
