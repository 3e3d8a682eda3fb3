/* SPDX-License-Identifier: GPL-3.0-or-later */
/* queue: whose suggestions are to be looked at first, and what of them is in doubt. */
#ifndef SUGGEST_QUEUE_H
#define SUGGEST_QUEUE_H

#include "base/err.h"
#include "base/scope.h"
#include "base/work.h"
#include "panel/panel.h"
#include "suggest/doubt.h"
#include "vet/decision.h"

struct aside;
struct selection;
struct verdicts;
struct vetting;

#define QUEUE_PLACES 10u	/* of a list that are reviewed */
#define QUEUE_ROWS 20u		/* of them and of what was rejected among them, at most */
#define QUEUE_MOST 50000u	/* products, by their traffic */
#define QUEUE_AUDIT_EVERY 20u	/* products of the queue one is drawn at random */

enum queue_state {
	QUEUE_OPEN,
	QUEUE_REOPENED,	/* approved once, and its evidence left its interval since */
	QUEUE_APPROVED,
	QUEUE_PINNED,
	QUEUE_REJECTED,
	QUEUE_SKIPPED,
};
/* "A", "P", "R", "."; "" of what is open. */
const char *queue_mark(enum queue_state s);

struct queue_place {
	uint32_t with, n, n_then;	/* n_then: of QUEUE_REOPENED, when it was approved */
	uint32_t n_of, n_with, n_all;	/* sessions with the product, with `with`, in all; 0:
					   nothing was counted */
	unsigned rank, other;	/* rank 0: rejected; other: its place in the other panel, or 0 */
	enum panel_source source;
	enum queue_state state;
	float score, lift, low, high;	/* NAN where nothing was counted */
	float sign[DOUBT_SIGNS];
	float doubt;
};

/* One product of the queue, in its place. */
struct queue_product {
	uint32_t product, traffic;
	unsigned n, open;	/* rows, and how many of them are open */
	bool audit;		/* it stands here because it was drawn at random, not by its
				   doubt: its decisions are marked so */
	double doubt;		/* summed over what is open */
	const struct queue_place *place;	/* (n) in the order of the list */
};

/* How far people are; shares of traffic are pieces sold, views where nothing is sold. While the
 * queue isn't whole, lists that aren't made yet count as full and open. */
struct queue_progress {
	bool whole;
	uint32_t products, done;	/* with a list; with no place open */
	uint32_t wanted, left;		/* that make 95% of traffic; of them not done */
	uint64_t open;			/* places */
	double traffic_done, traffic_listed;	/* share of traffic of those done; with a list */
	bool sold;
};

/* Of whole products drawn with replacement, each as likely as its share of the traffic. */
struct queue_audit {
	unsigned draws;			/* up to the first that isn't done */
	unsigned approved, decided;	/* of their places, skips aside; a product drawn twice
					   counts twice */
	double rate, low, high;		/* Wilson 95% of the effective number; NAN: none */
	double effective;		/* decided / the design effect of whole products */
};

struct queue_request {
	const struct store *store;
	enum panel_kind kind;
	struct str who;			/* whose skips count, and whose decisions where blind; "":
					   anyone's */
	const struct selection *only;	/* products that are reviewed; NULL: all with traffic */
	uint32_t category;		/* and of that subtree; or CATALOG_NONE */
	struct aside *aside;		/* where decisions are kept, or NULL: in the store */
	struct str models;		/* NAME,NAME whose disagreement is a sign; ptr NULL: none */
	uint64_t rows;			/* that are wanted at least; 0: all */
	double seconds;			/* and those that are made in so much more time */
};

/*
 * Products with traffic in the order of traffic x summed doubt of their open places; what
 * `who` left in the middle comes first; every 20th is drawn at random by traffic instead.
 * Lists obey the store's rules; what was rejected stands in them with its mark. Read-only
 * and safe in any thread once made.
 *
 * before: the queue of the same request, or NULL. Then the order stays, what was decided
 * meanwhile is brought up, only lists that it touches are made anew, and the order goes on
 * behind its end. It isn't changed. How much is wanted shows in how far the order goes, not in
 * the order.
 * Errors: those of suggest(), vetting_open and model_open; ERR_NO where nothing has traffic.
 */
struct queue;
bool queue_make(struct queue **q, const struct queue_request *r, const struct queue *before,
		struct work work, struct err *err);
struct queue *queue_ref(struct queue *q);
void queue_destroy(struct queue *q);	/* gives a reference back */
SCOPED_DEFINE(queue)

uint32_t queue_count(const struct queue *q);
/* Of the products that it has in order. */
uint64_t queue_rows(const struct queue *q);
/* All that is reviewed is in it. */
bool queue_whole(const struct queue *q);
struct queue_product queue_at(const struct queue *q, uint32_t i);
const struct doubt_weights *queue_weights(const struct queue *q);
struct queue_progress queue_progress(const struct queue *q);
struct queue_audit queue_audit(const struct queue *q);
/* Draw i of queue_audit().draws. */
struct queue_draw {
	uint32_t product, traffic;
	unsigned approved, decided;
};
struct queue_draw queue_draw(const struct queue *q, uint32_t i);
/* Goes through what was decided of the places of queue_audit().draws, which alone tells how good
 * lists are: begin with all 0; false: there is no more. What was said of more than the pair
 * names no model and is left out. */
struct queue_audited {
	uint32_t draw;
	unsigned place;
	const struct decision *d;
};
bool queue_audited(const struct queue *q, struct queue_audited *x);
/* What was decided of a place, of whoever; NULL where it is open to all. */
const struct decision *queue_decision(const struct queue *q, uint32_t product, uint32_t with);
/* All decisions; NULL: there are none. */
const struct verdicts *queue_verdicts(const struct queue *q);
bool queue_blind(const struct queue *q);
/* What lists obey; NULL: neither decisions nor rules. */
const struct vetting *queue_vetting(const struct queue *q);
/* A hash of the store's rules, comments aside. */
uint64_t queue_rules(const struct queue *q);
struct str queue_who(const struct queue *q);
/* The decision of who reviews that was made last and stands; NULL: none. */
const struct decision *queue_last(const struct queue *q);
/* What who reviews did last: a decision, or one that was taken back (*turned DECISION_UNDO) or
 * given again (DECISION_REDO), else *turned is its kind; NULL: nothing. */
const struct decision *queue_newest(const struct queue *q, enum decision_kind *turned);
/* Place of the product among the first PANEL_ROWS of the suggestion's own list, 0: none;
 * *known: that list is in the queue. */
unsigned queue_back(const struct queue *q, uint32_t product, uint32_t with, bool *known);

/* What queue_newest did to lists, of all that was given by one key. */
struct queue_change {
	bool known;			/* the queue was there before it */
	uint32_t lists;			/* other rows, or in another order; 0: nothing changed */
	bool more;			/* of those that are made: there may be more */
	uint64_t traffic;		/* of their products */
	uint32_t product;		/* of the first of them */
	unsigned from, to;		/* its places that hold another product; 0: none */
	uint32_t entered, left;		/* CATALOG_NONE: none did */
	unsigned entered_at;		/* place */
};
struct queue_change queue_change(const struct queue *q);

/* What makes its doubt, at most two signs: "n 11, price 2.8x". */
void queue_add_reason(const struct queue *q, uint32_t product, const struct queue_place *p,
		      struct strbuf *b);
/* What is kept from one opening to the next by who opens it again and again. */
struct queue_keep {
	struct queue *last;	/* NULL: none */
	const struct store *store;	/* it was made of */
	char *key;		/* what was asked then */
};
void queue_keep_finish(struct queue_keep *k);

#endif
