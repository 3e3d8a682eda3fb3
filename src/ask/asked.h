/* SPDX-License-Identifier: GPL-3.0-or-later */
/* asked: the values of what an outlook asks, where no store has to be looked into. */
#ifndef ASK_ASKED_H
#define ASK_ASKED_H

#include "ask/outlook.h"
#include "store/catalog.h"

/* What becomes of suggestions of the product's own category. */
enum same_category {
	SAME_INCLUDE,		/* as every other (the default) */
	SAME_WEIGH,		/* weighted down: room for other categories, at a price */
	SAME_EXCLUDE,
	SAME_ONLY,
};
const char *same_category_name(enum same_category s);
bool same_category_parse(struct str s, enum same_category *value);

enum sort_way {
	SORT_USUAL,	/* as the column usually goes */
	SORT_ASCENDING,
	SORT_DESCENDING,
};
struct sort {
	struct str column;	/* borrowed; STR_NULL: none is asked for */
	enum sort_way way;
};

/* o NULL asks nothing: all give their defaults then. */
enum same_category asked_same_category(const struct outlook *o);
/* 0.3 or 30%; 0: not asked. */
double asked_share(const struct outlook *o, enum ask_id id);
/* Of the category tree; UINT_MAX: the deepest. */
unsigned asked_level(const struct outlook *o);
enum basket_pick {
	BASKETS_USUAL,	/* multi where most hold one product, see panel/flow.h */
	BASKETS_ALL,
	BASKETS_MULTI,	/* of two or more products only */
};
enum basket_pick asked_baskets(const struct outlook *o);
/* false: any will do. */
bool asked_relation(const struct outlook *o, enum relation *r);
/* Suggestions come from the whole shop, whatever products the filter lets in. */
bool asked_whole_shop(const struct outlook *o);
/* Several suggestions of one product code are wanted. */
bool asked_all_codes(const struct outlook *o);
/* Rows to make: as many as are printed or left out, `usual` where nothing says it. */
unsigned asked_rows(const struct outlook *o, unsigned usual);
/* COLUMN[:asc|:desc], the first where there are several; ERR_USAGE for another way. Whether
 * there is such a column the caller knows. */
bool asked_sort(const struct outlook *o, struct sort *s, struct err *err);
/* The same of the text of several, separated by commas: cuts the next one off. */
bool sort_next(struct str *rest, struct sort *s, struct err *err);

#endif
