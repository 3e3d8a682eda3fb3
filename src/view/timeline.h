/* SPDX-License-Identifier: GPL-3.0-or-later */
/* timeline: events of some sessions, one per row: the views session and user. */
#ifndef VIEW_TIMELINE_H
#define VIEW_TIMELINE_H

#include "view/view.h"

enum timeline_column {
	TIMELINE_SESSION,
	TIMELINE_TIME,
	TIMELINE_AFTER,
	TIMELINE_EVENT,
	TIMELINE_PRODUCT,
	TIMELINE_PRICE,
	TIMELINE_QUANTITY,
	TIMELINE_LABEL,
	TIMELINE_COLUMNS,
};
extern const struct column timeline_columns[TIMELINE_COLUMNS];

struct timeline {
	const struct catalog *cat;
	uint32_t n;
	uint32_t *session;	/* (n) ascending */
	uint64_t *sum;		/* (n + 1) events before session i */
};

/* Copies the list of sessions. */
void timeline_init(struct timeline *t, const struct catalog *cat, const uint32_t *session,
		   uint32_t n);
/* What view_class wants; the state is a struct timeline. */
void timeline_close(void *state);
uint64_t timeline_count(const void *state);
void timeline_row(struct view *v, void *state, uint64_t i, struct cell *cells);
uint32_t timeline_product(const void *state, uint64_t i);

/* What sessions hold: events by kind, for the views sessions and users. */
struct tally {
	uint64_t sessions, events, kind[EVENT_KINDS];
	int64_t first, last;		/* ms; TIME_NONE without an event */
};
void tally_init(struct tally *t);
/* Its events; of that product alone unless it is CATALOG_NONE. */
void tally_session(struct tally *t, const struct catalog *cat, uint32_t session,
		   uint32_t product);

#endif
