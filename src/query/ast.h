/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ast: a parsed filter, for query/ alone. */
#ifndef QUERY_AST_H
#define QUERY_AST_H

#include "base/arena.h"
#include "base/num.h"
#include "query/filter.h"

enum field_id {
#define FIELD(ident, ...) FIELD_##ident,
#include "query/fields.def"
#undef FIELD
	FIELDS,
	FIELD_ATTRIBUTE = FIELDS,
	FIELD_COLUMN,		/* of a table: filter_parse_rows */
	FIELD_USER,		/* user.NAME: what is known of a session's user */
};

enum field_type {
	TYPE_TEXT,
	TYPE_CATEGORY,
	TYPE_NUMBER,
	TYPE_DATE,
	TYPE_KIND,
};

#define USER_PREFIX "user."

struct field {
	const char *name, *other;	/* other: a second name or NULL */
	enum filter_class class;
	enum field_type type;
	const char *help;
};
extern const struct field field_table[FIELDS];

struct catalog;

struct value {
	bool none;
	struct str text;	/* TYPE_TEXT, TYPE_CATEGORY */
	struct decimal number;	/* TYPE_NUMBER, the shortest form */
	int64_t from, end;	/* TYPE_DATE: [from, end) in ms, see value_span */
	bool instant;		/* it names its zone: the same wherever the shop is */
	enum {DATE_DAY, DATE_MONTH, DATE_YEAR, DATE_INSTANT} unit;
	unsigned kind;		/* TYPE_KIND: enum event_kind */
	unsigned column;
};

enum test_op {
	OP_EQ,		/* any of the values */
	OP_LT,
	OP_LE,
	OP_GT,
	OP_GE,
	OP_LIKE,
};

struct test {
	enum field_id field;
	struct str attribute;	/* of FIELD_ATTRIBUTE; the name of FIELD_COLUMN;
				 * of FIELD_USER with its "user." */
	unsigned cell;		/* of FIELD_COLUMN: which */
	enum field_type cell_type;
	enum test_op op;
	bool negated;
	struct value *values;
	unsigned n_values;
	unsigned column;	/* of the field */
};

enum node_type {
	NODE_TEST,
	NODE_AND,
	NODE_OR,
};

/* not is pushed down to the tests; an AND has no AND below it, an OR no OR. */
struct node {
	enum node_type type;
	unsigned classes;	/* of all tests below */
	unsigned column;	/* where it starts; of an OR: its first `or` */
	struct test test;
	struct node **child;
	unsigned n, id;		/* tests are numbered from 0 */
};

struct filter {
	struct arena *arena;
	struct node *root;	/* always an AND, of one term or more */
	unsigned n_tests;
	struct strbuf source;	/* as typed: columns are in it */
	struct strbuf text;
};

enum field_type test_type(const struct test *t);
void test_name(const struct test *t, struct strbuf *b);
/* -1, 0, 1: x less than, equal to, greater than value; x / 10^scale. */
int number_compare(int64_t x, unsigned scale, struct decimal value);
double decimal_real(struct decimal d);
/* Result of a comparison that gave -1, 0 or 1. */
bool op_holds(enum test_op op, int order);
void node_print(const struct node *n, struct strbuf *b);

/* A date's [from, end) as instants: days and clocks are the shop's. c NULL: UTC. */
void value_span(const struct value *v, const struct catalog *c, int64_t *from, int64_t *end);

#endif
