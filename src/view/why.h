/* SPDX-License-Identifier: GPL-3.0-or-later */
/* why: what is known of one suggestion, for the rows and the page of the view why. */
#ifndef VIEW_WHY_H
#define VIEW_WHY_H

#include "panel/flow.h"
#include "panel/panel.h"
#include "stats/choice.h"
#include "view/facts.h"
#include "view/why_trend.h"

struct page;

#define WHY_BASKETS 40	/* sessions that are kept to be shown */

struct why_place {
	unsigned rank, back;	/* of b for a, of a for b; 0: not among the first 1,000 */
	struct panel_row row;	/* b's, where rank is not 0 */
};

/* A session that holds both. */
struct why_basket {
	uint32_t session;
	int strength;	/* 3 both bought, 2 one bought, 1 both in the cart */
};

struct why {
	struct facts facts;	/* first: the state of the facts' functions */
	const struct question *q;
	const struct catalog *cat;
	uint32_t a, b;
	enum relation relation;	/* of the 2x2 table; RELATIONS: none was counted */
	struct assoc_counts counts;	/* of that relation */
	struct why_place place[PANEL_KINDS];
	bool has_flow;		/* the categories go together at all */
	struct flow_row flow;
	enum basket_kind flow_kind;
	struct trend trend;
	struct choice choice;
	uint64_t sessions;	/* with any event of both */
	uint32_t first, last;	/* of them, where there are any */
	struct why_basket basket[WHY_BASKETS];	/* the stronger first, then the newer */
	unsigned n_baskets;
};

/* The counts of a relation for a pair, and whether the store has it. */
struct assoc_counts why_counts(const struct why *w, enum relation r, uint32_t a, uint32_t b);
bool why_counted(const struct why *w, enum relation r);
/* "2 others, view A, +1:05 view B": the two products alone, called so. */
void why_add_basket(const struct why *w, uint32_t session, const struct str names[2],
		    struct strbuf *b);

/* why_page.c */
void why_page(struct view *v, void *state, struct page *p);
void why_words(struct view *v, void *state, struct strbuf *b);

#endif
