/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lister: what every product is worth for a context: a page, a cart, a person's past, words. */
#ifndef SUGGEST_LISTER_H
#define SUGGEST_LISTER_H

#include "ask/outlook.h"
#include "base/err.h"
#include "base/scope.h"
#include "model/model.h"
#include "panel/panel.h"

struct lister;

/* What becomes of what someone has (past_had). */
enum list_repeat {
	REPEAT_AUTO,	/* kept where scores tell repeats from news, else dropped */
	REPEAT_KEEP,
	REPEAT_DROP,
	REPEAT_AFTER,	/* dropped for so many days */
};

/* The context that a list is for, panel_request.context; page and words may come with it. */
struct list_request {
	const struct lister *lister;
	const struct past *past;	/* or NULL */
	const uint32_t *page;		/* (n_page) looked at now; never suggested. Of suggest()
					   it is about.basket */
	unsigned n_page;
	const float *words;		/* (products) nearness to what was searched, -INFINITY:
					   no text; NULL: nothing was */
	enum list_repeat repeat;
	float repeat_days;
	bool reasons;			/* evidence is wanted: the best of the context and the
					   counts of both */
};

/* What the outlook says of repeats: keep, drop or a number of days. ERR_USAGE. */
bool list_asked_repeat(const struct outlook *o, struct list_request *r, struct err *err);

/*
 * What all lists of a store share. model NULL: the order by hand: repeats (the oftenest and
 * latest first), variants, then what goes with the past by the cosine n_ab / (sqrt(n_a n_b)
 * + 5) summed over it and over co-purchase, co-cart and co-view, then popular ones. An event
 * counts 1 / (1 + its age in days) to popularity. Both stay the caller's. ERR_NOMEM.
 */
bool lister_create(struct lister **l, const struct catalog *c, const struct model *model,
		   struct err *err);
void lister_destroy(struct lister *l);
SCOPED_DEFINE(lister)

/* scores (products) of every product for a context, before repeats, filters and words. */
bool lister_score(const struct lister *l, const struct list_request *r,
		  struct scoring out, struct err *err);
/* Popularity (products), and the (n) products that have one, the most popular first. */
const float *lister_popular(const struct lister *l);
const uint32_t *lister_order(const struct lister *l, uint32_t *n);
/* NULL: by hand. */
const struct model *lister_model(const struct lister *l);

/* For the stages of a list (suggest/listing.c): what someone has, r->past->product[i], isn't to
 * come again; where a product of that score comes from; and of rows but popular ones the product of
 * the context that speaks most for each, a repeat for itself. ERR_NOMEM, ERR_CANCELLED, those of
 * model_score. */
bool lister_drops(const struct list_request *r, unsigned i);
enum panel_source lister_source(const struct list_request *r, uint32_t b, float score);
bool lister_reasons(const struct list_request *r, struct panel *p, struct job *job,
		    struct err *err);

#endif
