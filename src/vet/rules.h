/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rules: what merchandisers lay down for lists, as a text of a line each.
 *
 *	# a comment
 *	block suggestion.category != product.category on complementary
 *	bury  category='clearance' on list
 *	only  stock='yes' and suggestion.price in 0.5x..2x
 *	pin   A13 at 1 for category='trousers' from 2026-11-01 until 2026-12-24
 *	pin   brand='aqua' at 3
 *	boost suggestion.brand = product.brand
 *	bury  price < 5
 *	once  variant
 *
 *	rule   = action [condition | id] {"at" N | "for" condition | "on" panel |
 *		 "from" date | "until" date}
 *	action = block | only | pin | boost | bury
 *	       | once (variant | category | brand | an attribute), without a condition
 *	condition = term {"and" term}
 *	term   = a test of query/filter.h of one side: fields are the suggestion's unless
 *		 product. stands before them (after "for": the product's)
 *	       | suggestion.FIELD (= | !=) product.FIELD, of category, brand or an attribute
 *	       | suggestion.price (= | != | < | <= | > | >=) product.price
 *	       | [suggestion.]price [not] in LOWx..HIGHx: times the product's price
 *
 * They apply in the order: block, only, once (of products alike in the field the best of the
 * ranking alone stands), pins by id, pins by condition, boost, bury, whatever
 * their order in the text; among equals the earlier line. What boost names stands before the
 * rest and what bury names after it, each in the order of the ranking: among all candidates
 * of the sources that fill the list, as with --sort. "list" is what is no panel: a list for a
 * basket, a page or someone; there what asks for the product says nothing without one, and of
 * several products what it says of one counts. Dates are days, UTC:
 * from the beginning of the first to the end of the last. A text may stand in ' or " to be
 * no word of the rules.
 */
#ifndef VET_RULES_H
#define VET_RULES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/scope.h"
#include "query/filter.h"

#define RULES_TEXT "rules"	/* the name of the text in the journal */
#define RULES_SINCE "rules since"	/* and of the time at which it was kept, ms */
#define RULES_MAX 1000
#define RULE_LINE 4096		/* bytes */

enum rule_action {
	RULE_BLOCK,	/* what it names stands in no list */
	RULE_ONLY,	/* what it doesn't name stands in no list */
	RULE_PIN,
	RULE_BOOST,
	RULE_BURY,
	RULE_ONCE,	/* of those that are alike in `field` one stands */
	RULE_ACTIONS,
};

enum rule_term_type {
	TERM_FILTER,	/* of one side */
	TERM_SAME,	/* the field of both is known and equal */
	TERM_PRICE,	/* suggestion's price / product's price within [low, high] */
};

enum rule_field {
	RULE_CATEGORY,
	RULE_BRAND,
	RULE_ATTRIBUTE,
	RULE_VARIANT,	/* of one product code */
};

struct rule_term {
	enum rule_term_type type;
	unsigned column;	/* characters from 1 */
	bool negated;
	struct filter *filter;	/* TERM_FILTER, the rules' */
	bool of_product;
	enum rule_field field;	/* TERM_SAME */
	struct str attribute;
	double low, high;	/* TERM_PRICE; open ends are -INFINITY and INFINITY */
	bool low_open, high_open;
};

struct rule {
	enum rule_action action;
	unsigned line;		/* from 1 */
	struct str text;	/* without comment and spaces around */
	struct str id;		/* of a pin by id; ptr NULL: by condition */
	unsigned column;	/* of the id */
	enum rule_field field;	/* of once; attribute: its name */
	struct str attribute;
	unsigned position;	/* of a pin, 1-based */
	unsigned panels;	/* bit of enum panel_kind; all bits: every panel */
	int64_t from, until;	/* ms, [from, until) */
	struct rule_term *term;	/* (n) all hold */
	unsigned n;
};

struct rules {
	struct arena *arena;
	struct rule *at;	/* (n) in the order of the lines */
	unsigned n;
};

#define RULES_LIST 2u	/* the bit of `panels` for lists that are no panel: "list" */

/* The panels' names in the order of enum panel_kind; then NULL. */
extern const char *const rules_panels[];

/* The rule that a reason for rejecting would be for all lists, as a line; NULL: none. */
const char *rules_proposal(struct str reason);

/* ERR_USAGE: "line 3, column 7: ..., expected ...". */
bool rules_parse(struct rules **r, struct str text, struct err *err);
void rules_destroy(struct rules *r);
SCOPED_DEFINE(rules)

#endif
