/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a parsed filter says: its canonical text, its classes, its tests of rows. */
#include "config.h"

#include "query/filter.h"

#include <assert.h>
#include <math.h>

#include "base/match.h"
#include "base/time.h"
#include "query/ast.h"
#include "store/catalog.h"

static void print_text(struct str s, struct strbuf *b)
{
	strbuf_addc(b, '\'');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\'')
			strbuf_addc(b, '\'');
		strbuf_addc(b, s.ptr[i]);
	}
	strbuf_addc(b, '\'');
}

static void print_date(const struct value *v, struct strbuf *b)
{
	if (v->unit == DATE_INSTANT) {
		time_add_rfc3339(b, v->from);
		if (!v->instant)	/* without the Z */
			b->ptr[--b->len] = '\0';
		return;
	}
	time_add_date(b, v->from);
	if (v->unit == DATE_MONTH || v->unit == DATE_YEAR)
		b->ptr[b->len -= v->unit == DATE_MONTH ? 3 : 6] = '\0';
}

void value_span(const struct value *v, const struct catalog *c, int64_t *from, int64_t *end)
{
	bool local = c && !v->instant;

	*from = local ? catalog_instant(c, v->from) : v->from;
	*end = local && v->unit != DATE_INSTANT ? catalog_instant(c, v->end)
		: *from + (v->end - v->from);
}

static void print_value(const struct test *t, const struct value *v, struct strbuf *b)
{
	if (v->none) {
		strbuf_adds(b, "none");
		return;
	}
	switch (test_type(t)) {
	case TYPE_NUMBER:
		num_add_decimal(b, v->number.units, v->number.scale, false);
		break;
	case TYPE_DATE:
		print_date(v, b);
		break;
	case TYPE_KIND:
		strbuf_adds(b, event_kind_name((enum event_kind)v->kind));
		break;
	default:
		print_text(v->text, b);
	}
}

/* A word that the parser takes for an attribute's name without quotes. */
static bool plain_name(struct str s)
{
	static const char *const words[] = {"and", "or", "not", "in", "like", "contains",
					    "none"};
	bool plain = s.len > 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';

		plain &= letter || (i > 0 && c >= '0' && c <= '9');
	}
	for (size_t i = 0; plain && i < sizeof words / sizeof *words; i++)
		plain = s.len != strlen(words[i]) || str_find_nocase(s, str_from(words[i]));
	for (size_t i = 0; plain && i < FIELDS; i++) {
		const struct field *f = &field_table[i];

		plain = (s.len != strlen(f->name) || str_find_nocase(s, str_from(f->name))) &&
			(!f->other || s.len != strlen(f->other) ||
			 str_find_nocase(s, str_from(f->other)));
	}
	return plain;
}

static void print_test(const struct test *t, struct strbuf *b)
{
	static const char *const ops[] = {"=", "<", "<=", ">", ">=", "like"};

	if (t->negated && t->op != OP_EQ && t->op != OP_LIKE)
		strbuf_adds(b, "not ");
	if (t->field == FIELD_ATTRIBUTE && !plain_name(t->attribute))
		print_text(t->attribute, b);
	else
		test_name(t, b);
	if (t->op == OP_EQ && t->n_values > 1)
		strbuf_adds(b, t->negated ? " not in (" : " in (");
	else if (t->negated && t->op == OP_EQ)
		strbuf_adds(b, " != ");
	else
		strbuf_addf(b, " %s%s ", t->negated && t->op == OP_LIKE ? "not " : "",
			    ops[t->op]);
	for (unsigned i = 0; i < t->n_values; i++) {
		strbuf_adds(b, i ? ", " : "");
		print_value(t, &t->values[i], b);
	}
	strbuf_adds(b, t->op == OP_EQ && t->n_values > 1 ? ")" : "");
}

/* An OR inside an AND stands in parentheses. */
static void print_child(const struct node *parent, const struct node *n, struct strbuf *b)
{
	bool around = parent->type == NODE_AND && n->type == NODE_OR && parent->n > 1;

	strbuf_adds(b, around ? "(" : "");
	node_print(n, b);
	strbuf_adds(b, around ? ")" : "");
}

void node_print(const struct node *n, struct strbuf *b)
{
	if (n->type == NODE_TEST) {
		print_test(&n->test, b);
		return;
	}
	for (unsigned i = 0; i < n->n; i++) {
		if (i)
			strbuf_adds(b, n->type == NODE_AND ? " and " : " or ");
		print_child(n, n->child[i], b);
	}
}

const char *filter_text(const struct filter *f)
{
	return strbuf_c(&f->text);
}

unsigned filter_terms(const struct filter *f)
{
	return f->root->n;
}

void filter_add_term(const struct filter *f, unsigned i, struct strbuf *b)
{
	assert(i < f->root->n);
	node_print(f->root->child[i], b);
}

static bool has_dates(const struct node *n)
{
	bool has = n->type == NODE_TEST && n->test.field == FIELD_DATE;

	for (unsigned i = 0; i < n->n && !has; i++)
		has = has_dates(n->child[i]);
	return has;
}

static bool has_users(const struct node *n)
{
	bool has = n->type == NODE_TEST && n->test.field == FIELD_USER;

	for (unsigned i = 0; i < n->n && !has; i++)
		has = has_users(n->child[i]);
	return has;
}

bool filter_has_users(const struct filter *f)
{
	return has_users(f->root);
}

bool filter_has_dates(const struct filter *f)
{
	return has_dates(f->root);
}

unsigned filter_classes(const struct filter *f)
{
	return f->root->classes;
}

unsigned filter_term_class(const struct filter *f, unsigned i)
{
	assert(i < filter_terms(f));
	return f->root->child[i]->classes;
}

void filter_add_terms(const struct filter *f, unsigned classes, struct strbuf *b)
{
	unsigned n = 0;

	for (unsigned i = 0; i < f->root->n; i++)
		n += (f->root->child[i]->classes & classes) != 0;
	for (unsigned i = 0, k = 0; i < f->root->n; i++) {
		const struct node *c = f->root->child[i];
		bool around = n > 1 && c->type == NODE_OR;

		if (!(c->classes & classes))
			continue;
		strbuf_addf(b, "%s%s", k++ ? " and " : "", around ? "(" : "");
		node_print(c, b);
		strbuf_adds(b, around ? ")" : "");
	}
}

struct filter *filter_part(const struct filter *f, unsigned classes)
{
	struct filter *part = NULL;
	STRBUF(terms);

	filter_add_terms(f, classes, &terms);
	/* What was a filter before is one still. */
	if (terms.len && !filter_parse(&part, strbuf_str(&terms), NULL))
		assert(false);
	return part;
}

static bool node_names(const struct node *n, const char *field)
{
	if (n->type == NODE_TEST)
		return n->test.field < FIELDS &&
		       strcmp(field_table[n->test.field].name, field) == 0;
	for (unsigned i = 0; i < n->n; i++)
		if (node_names(n->child[i], field))
			return true;
	return false;
}

bool filter_check(const struct filter *f, unsigned classes, const char *what,
		  struct err *err)
{
	unsigned others = filter_classes(f) & ~classes;
	STRBUF(terms);

	if (!others)
		return true;
	filter_add_terms(f, others, &terms);
	return err_fail(err, ERR_USAGE, "%s can't be narrowed by %s%s", what,
			strbuf_c(&terms), others == FILTER_ROW && (classes & FILTER_PRODUCT) ?
			": it has no counts of pairs" : "");
}

bool filter_names(const struct filter *f, const char *field)
{
	return node_names(f->root, field);
}

int number_compare(int64_t x, unsigned scale, struct decimal value)
{
	__int128 a = x, b = value.units;

	for (; scale < value.scale; scale++)
		a *= 10;
	for (; value.scale < scale; value.scale++)
		b *= 10;
	return a < b ? -1 : a > b;
}

double decimal_real(struct decimal d)
{
	double power = 1;

	for (unsigned i = 0; i < d.scale; i++)
		power *= 10;
	return (double)d.units / power;
}

bool op_holds(enum test_op op, int order)
{
	switch (op) {
	case OP_LT:
		return order < 0;
	case OP_LE:
		return order <= 0;
	case OP_GT:
		return order > 0;
	case OP_GE:
		return order >= 0;
	default:
		return order == 0;
	}
}

static bool test_row(const struct test *t, const struct filter_row *r)
{
	double x = t->field == FIELD_N ? r->n : t->field == FIELD_LIFT ? r->lift :
		   r->confidence;
	bool holds = false;

	for (unsigned i = 0; i < t->n_values && !holds && !isnan(x); i++) {
		double v = decimal_real(t->values[i].number);

		holds = op_holds(t->op, x < v ? -1 : x > v);
	}
	return holds != t->negated;
}

static bool node_row(const struct node *n, const struct filter_row *r)
{
	if (n->type == NODE_TEST)
		return test_row(&n->test, r);
	for (unsigned i = 0; i < n->n; i++)
		if (node_row(n->child[i], r) == (n->type == NODE_OR))
			return n->type == NODE_OR;
	return n->type == NODE_AND;
}

bool filter_row(const struct filter *f, const struct filter_row *r)
{
	for (unsigned i = 0; i < f->root->n; i++)
		if ((f->root->child[i]->classes & FILTER_ROW) &&
		    !node_row(f->root->child[i], r))
			return false;
	return true;
}

/* --- rows of a table */

static bool is_like(struct str typed, struct str text)
{
	MATCH(like);
	STRBUF(scratch);

	match_phrase(&like, typed);
	return match_found(&like, text, &scratch);
}

static bool value_holds(const struct test *t, const struct value *v, const struct filter_cell *c)
{
	double x = c->number, y;

	if (v->none || c->none)
		return v->none && c->none && t->op == OP_EQ;
	switch (t->cell_type) {
	case TYPE_NUMBER:
		y = decimal_real(v->number);
		return op_holds(t->op, x < y ? -1 : x > y);
	case TYPE_DATE:
		return op_holds(t->op, c->time < v->from ? -1 : c->time >= v->end);
	default:
		return t->op == OP_LIKE ? is_like(v->text, c->text) : match_equal(v->text, c->text);
	}
}

static bool node_passes(const struct node *n, const struct filter_cell *cells)
{
	bool holds = false;

	if (n->type == NODE_TEST) {
		for (unsigned i = 0; i < n->test.n_values && !holds; i++)
			holds = value_holds(&n->test, &n->test.values[i], &cells[n->test.cell]);
		return holds != n->test.negated;
	}
	for (unsigned i = 0; i < n->n; i++)
		if (node_passes(n->child[i], cells) == (n->type == NODE_OR))
			return n->type == NODE_OR;
	return n->type == NODE_AND;
}

bool filter_passes(const struct filter *f, const struct filter_cell *cells)
{
	return node_passes(f->root, cells);
}

void filter_fields(void (*add)(void *ctx, const char *name, const char *text), void *ctx)
{
	for (unsigned i = 0; i < FIELDS; i++)
		add(ctx, field_table[i].name, field_table[i].help);
}
