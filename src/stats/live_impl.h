/* SPDX-License-Identifier: GPL-3.0-or-later */
/* live_impl: the insides of live, for live*.c alone. */
#ifndef STATS_LIVE_IMPL_H
#define STATS_LIVE_IMPL_H

#include "query/events.h"
#include "query/sessions.h"
#include "stats/cut.h"
#include "stats/live.h"
#include "stats/scan.h"
#include "stats/totals.h"
#include "stats/transition.h"

/* Sessions that view, cart, purchase a product; adjacent views that leave, reach it. */
enum {
	MARGIN_VIEW,
	MARGIN_CART,
	MARGIN_PURCHASE,
	MARGIN_LEAVE,
	MARGIN_REACH,
	MARGINS,
};

/* What one worker counts a product's pairs with; all zero between two products. */
struct counter {
	uint32_t *n[LIVE_ROWS];		/* (P) */
	uint64_t *touched[LIVE_ROWS];	/* bits: n is not 0 */
	struct marks marks;
};
bool counter_init(struct counter *k, size_t products, struct err *err);
void counter_finish(struct counter *k);

/* The pairs of one product, being counted. */
struct counting {
	const struct catalog *c;	/* the cut's */
	struct counter *counter;
	struct job *job;
	uint32_t product, first;
	unsigned which;
	const uint32_t *session;	/* (n) of base */
	size_t n;
};

struct live {
	struct filter *filter;
	const struct catalog *base;
	struct pool *pool;
	bool cuts, selects;
	unsigned made;			/* enum live_part */
	struct event_filter events;
	struct session_set from;	/* where the filter tests sessions */
	struct cut cut;
	struct selection selection;
	struct catalog catalog;
	uint64_t sessions;
	/* LIVE_TOTALS */
	struct totals totals;
	uint64_t *category_count[3];	/* (C) views, carts, purchases */
	int64_t *category_revenue;
	uint64_t *session_offsets;	/* (P + 1) sessions of products, summed up */
	/* LIVE_PAIRS */
	uint32_t *margin[MARGINS];	/* (P) */
	uint64_t view_all, cart_all, purchase_all, both_all, adjacent_all;
	struct counter *counter;	/* (threads) */
	/* LIVE_PRIOR and live_flow */
	struct transition_table prior[BASKET_KINDS], flow[BASKET_KINDS];
	unsigned flow_made;		/* bits of kinds */
	struct cut flow_cut;
	bool flow_cut_made;
	struct catalog flow_catalog;
};

/* live_count.c: fills margin and the sums. */
bool live_marginals(struct live *l, struct job *job, struct err *err);

#endif
