/* SPDX-License-Identifier: GPL-3.0-or-later */
/* overview: what is counted of a whole store for the view of that name. */
#ifndef VIEW_OVERVIEW_H
#define VIEW_OVERVIEW_H

#include <jansson.h>

#include "base/zone.h"
#include "view/facts.h"

#define OVERVIEW_TOP 10
#define OVERVIEW_BINS 34	/* 0, 1, 2-3, 4-7 ... below 2^32, and the rest */

enum overview_step { STEP_DAY, STEP_WEEK, STEP_MONTH, OVERVIEW_STEPS };

/* What products are measured by, for the correlations. */
enum overview_measure {
	MEASURE_VIEWS, MEASURE_CARTS, MEASURE_PURCHASES, MEASURE_REVENUE, MEASURE_PRICE,
	MEASURE_CONVERSION, MEASURES,
};
extern const char *const overview_measures[MEASURES];

/* How many have so much: bin 0 is none, bin k from 2^(k-1) to 2^k - 1. */
struct overview_spread {
	uint64_t n, bin[OVERVIEW_BINS];
};

struct overview {
	struct facts facts;	/* first: the state of the facts' functions */
	const struct catalog *cat;
	const json_t *meta;
	struct zone zone;
	const char *zone_name;	/* that of the hours; UTC where it isn't known here */
	uint64_t events[EVENT_KINDS];
	uint64_t with[1u << EVENT_KINDS];	/* sessions by the set of their kinds */
	enum overview_step step;
	int64_t first_bin;
	size_t n_bins;
	uint64_t *bins;		/* (n_bins, EVENT_KINDS), by UTC */
	uint64_t hours[7][24];	/* from Monday, in the zone */
	uint32_t *user_views;	/* (U) or NULL: no users or no views */
	uint32_t top_users[OVERVIEW_TOP];	/* by events, then number */
	uint64_t top_events[OVERVIEW_TOP];
	unsigned n_top;
	uint64_t heavy_users, heavy_views;	/* the tenth with the most views */
	uint64_t user_views_all;
	struct overview_spread viewed, bought, active;	/* products; users by events */
	double correlation[MEASURES][MEASURES];	/* NAN: not measured or no spread */
	uint64_t empty_categories;
};

const char *overview_step_name(enum overview_step s);
int64_t overview_bin_start(const struct overview *o, size_t bin);
/* One pass over the events, one over products and users. */
bool overview_count(struct overview *o, struct job *job, struct err *err);
void overview_finish(struct overview *o);
/* Sessions that have all of these kinds (bits 1 << enum event_kind). */
uint64_t overview_sessions(const struct overview *o, unsigned kinds);
/* "0", "1", "2-3", "4-7" ...; bins that are used: [0, overview_used). */
void overview_add_bin(struct strbuf *b, unsigned bin);
unsigned overview_used(const struct overview_spread *s);

/* overview_page.c */
void overview_page(struct view *v, void *state, struct page *p);
void overview_words(struct view *v, void *state, struct strbuf *b);

#endif
