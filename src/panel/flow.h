/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flow: where the baskets of a category go: transitions with their statistics. */
#ifndef PANEL_FLOW_H
#define PANEL_FLOW_H

#include "ask/asked.h"
#include "base/err.h"
#include "stats/assoc.h"
#include "store/catalog.h"

struct flow_row {
	uint32_t from, to;	/* categories; from == to: two different products of it */
	struct assoc_counts counts;	/* baskets */
	struct assoc assoc;	/* independence measures are NAN on the diagonal */
	double share;		/* of from's product pairs that go to `to`; sums to 1 */
	double q;		/* over all category pairs of the level, unseen included */
	bool small;		/* n < 20 */
};

struct flow_request {
	const struct catalog *catalog;
	uint32_t from;		/* a category, or CATALOG_NONE for all */
	enum basket_kind kind;	/* BASKET_KINDS: purchase, else cart, else view */
	unsigned level;		/* UINT_MAX: the deepest */
	enum basket_pick baskets;	/* usual: of two or more, where most hold one product */
};

struct flow {
	struct flow_row *rows;	/* by from, then n descending, then number */
	size_t n_rows;
	enum basket_kind kind;	/* what was counted */
	unsigned level;
	uint64_t baskets;	/* N */
	bool multi;		/* those of two or more products alone */
	double family;		/* tests in the q family */
	char note[256];		/* why it is empty, or the fallback taken */
};

bool flow_compute(const struct flow_request *r, struct flow *f, struct err *err);
void flow_finish(struct flow *f);

#endif
