/* SPDX-License-Identifier: GPL-3.0-or-later */
/* live_impl: the insides of live, for live*.c alone. */
#ifndef STATS_LIVE_IMPL_H
#define STATS_LIVE_IMPL_H

#include "query/event_filter.h"
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

/* What is counted of one other product, in half a cache line. */
struct tally {
	uint32_t n[LIVE_ROWS];
	uint32_t round;		/* the last one that met it */
	uint32_t listed;	/* it is among the touched */
};
#define PENDING 512

/* What one worker counts a product's pairs with; all zero between two products. */
struct counter {
	struct tally *tally;	/* (P) in room */
	void *room;
	uint32_t *touched;	/* (P + 1), n_touched of them with a count that is not 0 */
	size_t n_touched;
	/* One for each distinct count in a session; there are fewer than events. */
	uint32_t round;
	/* Views that go with one, not counted yet: round << 32 | product. The last
	 * session's, and what is read ahead, have room behind. */
	uint64_t pending[PENDING + 128];
	size_t n_pending;
	uint64_t beside[PENDING + 192];	/* neighbours: row << 32 | product */
	size_t n_beside;
	struct marks marks;	/* of long sessions */
};
bool counter_init(struct counter *k, size_t products, struct err *err);
void counter_finish(struct counter *k);

/* The pairs of one product, being counted. */
struct counting {
	const struct catalog *c;	/* the cut's */
	const uint32_t *event;		/* of it, packed */
	struct counter *counter;
	struct job *job;
	uint32_t product, first;
	unsigned which;
	const uint32_t *session;	/* (n) of base */
	size_t n;
	size_t groups, group;		/* a power of 2; see place() */
};

struct live {
	struct filter *filter;
	const struct catalog *base;
	struct pool *pool;
	bool cuts, selects;
	bool borrows;			/* events, from, cut and selection are another's */
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
	uint32_t *packed;		/* (events of cut) product and kind, see live_pack */
	struct counter *counter;	/* (threads) */
	uint64_t *touched;		/* bits, all 0 between two products */
	double hurry;			/* seconds, 0: none */
	size_t group_sessions;		/* walked at least in a hurry */
	struct live_sample sample;	/* the worst since live_hurry */
	/* LIVE_PRIOR and live_flow */
	struct transition_table prior[BASKET_KINDS], flow[BASKET_KINDS];
	unsigned flow_made;		/* bits of kinds */
	struct cut flow_cut;
	bool flow_cut_made;
	struct catalog flow_catalog;
};

/* live_margin.c: fills margin and the sums; live_count.c: packed. */
bool live_marginals(struct live *l, struct job *job, struct err *err);
bool live_pack(struct live *l, struct err *err);
/* live_rows.c: from what was walked to all sessions; notes the sample. */
void live_scale(struct live *l, struct live_rows *rows);

#endif
