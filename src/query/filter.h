/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * filter: the one language that narrows what is shown.
 *
 *	price<30 and brand='aqua' and date>=2019-10-01
 *
 *	filter = test | not filter | filter and filter | filter or filter | (filter)
 *	test   = field (= | != | < | <= | > | >=) value
 *	       | field [not] in (value, ...) | field [not] (like | contains) text
 *
 * and binds closer than or, not closer than both. A field is a row of fields.def or
 * the name of an attribute (in quotes where it is no word). Texts stand in ' or ",
 * doubled inside; words, numbers and dates may stand without. = compares texts
 * exactly, and where nothing is equal as people type them (base/match.h); like looks for a
 * text anywhere, in that way. < <= > >= of an attribute take its numbers. A value that is
 * not known passes no test but = none; != and not turn a test round.
 *
 * Tests are of four classes: of products, of events (date, event), of sessions
 * (country, channel, user.NAME) and of rows of pairs (n, lift, confidence). The terms that `and`
 * joins at the top are of one class each.
 */
#ifndef QUERY_FILTER_H
#define QUERY_FILTER_H

#include "base/err.h"
#include "base/scope.h"
#include "base/str.h"

struct filter;

enum filter_class {
	FILTER_PRODUCT = 1 << 0,
	FILTER_EVENT = 1 << 1,
	FILTER_ROW = 1 << 2,
	FILTER_SESSION = 1 << 3,
};

#define FILTER_MAX 32768	/* bytes of a filter's text: some 2,000 products by id */

/* Errors: ERR_USAGE, "column 7: ..., expected ...": columns are characters from 1. */
bool filter_parse(struct filter **f, struct str text, struct err *err);
struct filter *filter_copy(const struct filter *f);	/* NULL of NULL */
void filter_destroy(struct filter *f);
SCOPED_DEFINE(filter)

/*
 * The same language for the rows of a table: names are its columns and no others, all tests
 * are of rows. The columns stay the caller's while f is used.
 */
struct filter_column {
	const char *name;
	enum {COLUMN_OF_TEXT, COLUMN_OF_NUMBERS, COLUMN_OF_TIMES} type;
};
struct filter_columns {
	const struct filter_column *at; /* (n) */
	unsigned n;
};
bool filter_parse_rows(struct filter **f, struct str text, struct filter_columns columns,
		       struct err *err);
/* What a row has in such a column. */
struct filter_cell {
	bool none;
	struct str text;
	double number;
	int64_t time;	/* ms */
};
/* cells (n) in the order of the columns. */
bool filter_passes(const struct filter *f, const struct filter_cell *cells);

/* The canonical form: it parses to the same filter, and two filters that differ in
 * spelling only have the same. */
const char *filter_text(const struct filter *f);
/* What `and` joins at the top, each a filter of its own (a chip). */
unsigned filter_terms(const struct filter *f);
void filter_add_term(const struct filter *f, unsigned i, struct strbuf *b);
/* enum filter_class bits of its terms; of one of them. */
unsigned filter_classes(const struct filter *f);
/* Does it ask for the date of events? */
bool filter_has_dates(const struct filter *f);
unsigned filter_term_class(const struct filter *f, unsigned i);
/* The terms of those classes, canonical, joined by and; nothing if there are none. */
void filter_add_terms(const struct filter *f, unsigned classes, struct strbuf *b);
/* A filter of those terms alone, for the caller to destroy; NULL: there are none. */
struct filter *filter_part(const struct filter *f, unsigned classes);
/* ERR_USAGE, with the tests, unless all terms are of those classes. `what` can't be
 * narrowed by the others. */
bool filter_check(const struct filter *f, unsigned classes, const char *what,
		  struct err *err);
/* Does it ask what is known of users (user.NAME)? */
bool filter_has_users(const struct filter *f);
/* Does a term of that class test the field (name as in fields.def)? */
bool filter_names(const struct filter *f, const char *field);

/* What tests of rows compare. */
struct filter_row {
	double n, lift, confidence;	/* NAN: not known */
};
/* The row passes the terms of the class FILTER_ROW. */
bool filter_row(const struct filter *f, const struct filter_row *r);

/* The rows of fields.def, for help and completion, in their order. */
void filter_fields(void (*add)(void *ctx, const char *name, const char *text), void *ctx);

#endif
