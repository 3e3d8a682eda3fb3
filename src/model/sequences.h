/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sequences: the products of every session in order, as models read them. */
#ifndef MODEL_SEQUENCES_H
#define MODEL_SEQUENCES_H

#include "base/err.h"
#include "model/lesson.h"

struct sequences {
	uint64_t *offsets;	/* (n + 1) into product */
	uint32_t *product;	/* a product that repeats in a row stands once */
	uint32_t *session;	/* (n) of the catalog, ascending */
	uint32_t n;		/* sequences of at least the least length asked for */
	uint32_t n_products;	/* of the catalog */
};

/* The kinds of events (1 << enum event_kind) that --events asks for; auto where the
 * model has no such parameter: views if there are any, else carts, else purchases. */
unsigned sequences_kinds(const struct catalog *c, const struct params *p);
/* Of those kinds. Sessions with more distinct products than the catalog's cap are left out,
 * and those shorter than `least`. ERR_NO where the store knows no event of these kinds;
 * ERR_NOMEM, ERR_CANCELLED. */
bool sequences_read(struct sequences *q, const struct lesson *l, uint32_t least,
		    struct err *err);
/* All of other kinds. */
bool sequences_of(struct sequences *q, const struct lesson *l, unsigned kinds, struct err *err);
void sequences_finish(struct sequences *q);

/* Where each product stands: positions (into q->product) of product p are
 * at[offsets[p] .. offsets[p+1]), ascending. */
struct places {
	uint64_t *offsets;	/* (products + 1) */
	uint64_t *at;
	uint32_t *sequence;	/* beside at */
};
bool places_make(struct places *x, const struct sequences *q, uint32_t n_products,
		 struct err *err);
void places_finish(struct places *x);

#endif
