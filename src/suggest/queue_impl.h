/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the queue share. */
#ifndef SUGGEST_QUEUE_IMPL_H
#define SUGGEST_QUEUE_IMPL_H

#include <stdatomic.h>

#include "suggest/queue.h"
#include "vet/vetting.h"

/* What doesn't change while people decide; shared by all queues of one request. */
struct queue_base {
	atomic_uint refs;
	const struct store *store;
	const struct catalog *c;
	enum panel_kind kind;
	char *who;
	struct aside *aside;
	struct doubt_words *words;
	struct model **model;	/* (n_models) */
	unsigned n_models;
	uint32_t n, *product, *traffic;	/* (n) the most traffic first: entries */
	uint32_t *entry;	/* (products) its place among them, CATALOG_NONE: none */
	double all;		/* traffic, also of those that are left out */
	bool sold;
};

/* One product's list; shared by the queues in which it is the same. */
struct queue_list {
	atomic_uint refs;
	unsigned n, firsts;
	uint32_t first[PANEL_ROWS];	/* (firsts) its own best, to tell what is one-way */
	struct queue_place place[];	/* (n) */
};

/* An entry of the base, as far as it has been looked at. */
struct queue_entry {
	struct queue_list *list;	/* NULL: not made yet */
	double doubt;			/* of open places; while it isn't settled at most so much */
	uint8_t open;
	bool settled;	/* what is one-way is known, and so is the doubt */
	bool placed;	/* it has its place in the order, or none */
	bool drawn;	/* it has its place because it was drawn */
};

struct queue {
	atomic_uint refs;
	struct queue_base *base;
	struct vetting *vetting;	/* or NULL */
	bool blind;
	uint64_t seq;		/* decisions that are in it */
	uint64_t rules;		/* see queue_rules */
	struct doubt_weights weights;
	struct queue_entry *at;	/* (base->n) */
	uint32_t front;		/* all entries before it have lists */
	uint32_t *order, n;	/* (n) entries of the base, in their order */
	uint64_t rows;		/* of those lists */
	uint32_t *draw, n_draws;	/* (n_draws) entries, in the order of the draws */
	uint32_t next;		/* the first of them that the order hasn't come to */
	uint32_t *audit, n_audit;	/* (n_audit) those that have a list, up to one that wasn't
					   done when it was looked at */
	uint32_t looked;	/* draws that were looked at for it */
	bool whole;
	struct queue_change change;
};

/* verdicts may be NULL. */
struct queue_deciding {
	const struct vetting *vetting;	/* or NULL */
	const struct verdicts *verdicts;
	bool blind;
};

static inline bool queue_is_open(const struct queue_place *p)
{
	return p->state <= QUEUE_REOPENED;
}

/* --- queue_base.c: errors of queue_make */
bool queue_base_make(struct queue_base **b, const struct queue_request *r, struct work work,
		     struct err *err);
void queue_base_destroy(struct queue_base *b);	/* gives a reference back */

/* --- queue_list.c: all but DOUBT_ONE_WAY and the doubt itself */
bool queue_list_make(struct queue_list **l, const struct queue_base *b,
		     const struct queue_deciding *d, uint32_t product, struct job *job,
		     struct err *err);
void queue_list_destroy(struct queue_list *l);	/* gives a reference back */

/* --- queue_lists.c */
/* Entries that something is to be done with, each once. */
struct queue_some {
	uint32_t *entry, n;	/* (n); room for all */
	bool *has;		/* (base->n) */
};
struct queue_some queue_some_create(const struct queue *q);
void queue_some_add(struct queue_some *s, uint32_t entry);	/* CATALOG_NONE: not one */
void queue_some_clear(struct queue_some *s);
void queue_some_finish(struct queue_some *s);
/* Lists of those that have none, or of all of them anew, which are unsettled then. */
bool queue_lists_make(struct queue *q, const struct queue_some *s, bool anew, struct work work,
		      struct err *err);
/* What is one-way and in doubt, with the lists that it takes. */
bool queue_lists_settle(struct queue *q, const struct queue_some *s, struct work work,
			struct err *err);
/* Weights of the decisions that were drawn, where there are enough; lists that they need are
 * made, and those of what people decided, as far as they are few. */
bool queue_lists_fit(struct queue *q, struct work work, struct err *err);

/* --- queue_draw.c */
void queue_draw_all(struct queue *q);
/* Looks at draws as far as the estimate goes. */
bool queue_draw_look(struct queue *q, struct work work, struct err *err);

/* --- queue_order.c: the order goes on until it has `rows` rows and `seconds` have passed, or
 * all is in it (rows 0) */
bool queue_order_on(struct queue *q, uint64_t rows, double seconds, struct work work,
		    struct err *err);

/* --- queue_change.c: lists that decisions since `before` touched are made anew */
bool queue_bring_up(struct queue *q, const struct queue *before, struct work work,
		    struct err *err);

#endif
