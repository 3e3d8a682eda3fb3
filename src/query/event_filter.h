/* SPDX-License-Identifier: GPL-3.0-or-later */
/* event_filter: which events a filter lets in, by time and kind. */
#ifndef QUERY_EVENT_FILTER_H
#define QUERY_EVENT_FILTER_H

#include <stddef.h>

#include "query/filter.h"

struct catalog;

/*
 * Whatever the terms say, they say it of a time and a kind: time falls into pieces,
 * and a piece lets in a set of kinds. Piece i is [from[i], from[i + 1]) in ms, the
 * first starts at INT64_MIN, the last has no end; neighbours differ.
 */
struct event_filter {
	int64_t *from;		/* (n) */
	unsigned *kinds;	/* (n) bits 1 << enum event_kind */
	size_t n;		/* >= 1 */
};

/* The filter's terms of the class FILTER_EVENT; all events if there are none. Days are
 * those of the catalog; c NULL: UTC's. */
void event_filter_make(struct event_filter *e, const struct filter *f,
		       const struct catalog *c);
void event_filter_finish(struct event_filter *e);
/* The piece that the time falls into. */
size_t event_filter_piece(const struct event_filter *e, int64_t time);
/* The least time of an event that is let in and the least after all of them;
 * INT64_MIN and INT64_MAX: no such. */
void event_filter_span(const struct event_filter *e, int64_t *from, int64_t *end);

#endif
