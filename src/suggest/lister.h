/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lister: one ranked list for a context: a page, a cart, a person's past, words, or several. */
#ifndef SUGGEST_LIST_H
#define SUGGEST_LIST_H

#include "ask/outlook.h"
#include "base/err.h"
#include "base/scope.h"
#include "model/model.h"

struct lister;

/* Where a row came from. */
enum list_source {
	LIST_REPEAT,	/* had before */
	LIST_VARIANT,	/* of what was had or looked at */
	LIST_TOGETHER,	/* goes with it */
	LIST_MODEL,	/* the model says so */
	LIST_WORDS,	/* reads like the words */
	LIST_POPULAR,	/* what is bought of late, where nothing else is known */
	LIST_SOURCES,
};
const char *list_source_name(enum list_source s);	/* "repeat" ... */

/* What becomes of what someone has (past_had). */
enum list_repeat {
	REPEAT_AUTO,	/* kept where scores tell repeats from news, else dropped */
	REPEAT_KEEP,
	REPEAT_DROP,
	REPEAT_AFTER,	/* dropped for so many days */
};

struct list_request {
	const struct past *past;	/* or NULL */
	const uint32_t *page;		/* (n_page) looked at now; never suggested */
	unsigned n_page;
	const float *words;		/* (products) nearness to what was searched, -INFINITY:
					   no text; NULL: nothing was */
	enum list_repeat repeat;
	float repeat_days;
	const uint64_t *allow, *among;	/* bits of products that may come, NULL: all; of
					   among all come that may, scored or not */
	unsigned limit;
	bool reasons;			/* because is wanted */
};

struct list_row {
	uint32_t product;
	float score;
	enum list_source source;
	uint32_t because;	/* the product of the context that speaks most for it, or NONE */
	uint32_t n;		/* sessions with both, of the strongest relation that has it */
	float age;		/* days since because was touched; NAN: it is the page's */
	uint8_t because_kind;	/* what was done with it */
};
struct list {
	struct list_row *row;	/* (n) */
	unsigned n;
	unsigned filled;	/* of them popular ones, where nothing better was known */
};
void list_finish(struct list *l);

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
/* Popularity (products). */
const float *lister_popular(const struct lister *l);
/* From any thread, several at once. */
bool lister_list(const struct lister *l, const struct list_request *r, struct list *out,
		 struct job *job, struct err *err);

#endif
