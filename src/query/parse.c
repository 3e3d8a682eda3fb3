/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recursive descent; `not` is pushed down to the tests on the way. */
#include "config.h"

#include <assert.h>
#include <strings.h>

#include "query/ast.h"

#include "base/mem.h"
#include "base/nearest.h"
#include "base/time.h"
#include "query/lex.h"
#include "store/catalog.h"

#define DEPTH_MAX 64	/* of parentheses and nots */

const struct field field_table[FIELDS] = {
#define FIELD(ident, name_, other_, class_, type_, help_)			\
	[FIELD_##ident] = {						\
		.name = name_,						\
		.other = other_,					\
		.class = FILTER_##class_,				\
		.type = TYPE_##type_,					\
		.help = help_,						\
	},
#include "query/fields.def"
#undef FIELD
};

struct parser {
	struct lexer lex;
	struct token now;
	struct filter *f;
	unsigned depth;
	const struct filter_column *columns;	/* (n_columns) of a table, or NULL */
	unsigned n_columns;
};

static bool advance(struct parser *p, struct err *err)
{
	return lex_next(&p->lex, &p->now, err);
}

static bool expected(const struct parser *p, const char *what, struct err *err)
{
	STRBUF(found);

	token_describe(&p->now, &found);
	return err_fail(err, ERR_USAGE, "column %u: found %s, expected %s", p->now.column,
			strbuf_c(&found), what);
}

static enum filter_class test_class(const struct test *t)
{
	return t->field == FIELD_COLUMN ? FILTER_ROW :
	       t->field == FIELD_USER ? FILTER_SESSION :
	       t->field == FIELD_ATTRIBUTE ? FILTER_PRODUCT : field_table[t->field].class;
}

enum field_type test_type(const struct test *t)
{
	bool ordered = t->op != OP_EQ && t->op != OP_LIKE;

	if (t->field == FIELD_ATTRIBUTE || t->field == FIELD_USER)
		return ordered ? TYPE_NUMBER : TYPE_TEXT;
	return t->field == FIELD_COLUMN ? t->cell_type : field_table[t->field].type;
}

/* --- values */

static struct decimal shortest(struct decimal d)
{
	while (d.scale > 0 && d.units % 10 == 0) {
		d.units /= 10;
		d.scale--;
	}
	return d;
}

static bool parse_number(const struct token *t, struct decimal *d)
{
	struct str s = t->text;
	bool percent = s.len > 0 && s.ptr[s.len - 1] == '%';

	s.len -= percent;
	if (!num_decimal(s, d) || (percent && d->scale + 2 > NUM_SCALE_MAX))
		return false;
	d->scale += percent ? 2 : 0;
	*d = shortest(*d);
	return true;
}

/* The days of [year-month-1, that many months later); the calendar ends with 9999. */
static bool span_of(uint64_t year, unsigned month, unsigned months, struct value *v)
{
	unsigned next = month + months;
	int64_t first, end;

	if (!time_days((int)year, month, 1, &first))
		return false;
	if (!time_days((int)year + (next > 12), next > 12 ? next - 12 : next, 1, &end))
		end = first + 31 * (int64_t)months;
	v->from = first * TIME_DAY;
	v->end = end * TIME_DAY;
	return true;
}

/* 2019-10 and 2019. */
static bool parse_month(struct str s, struct value *v)
{
	uint64_t year, month;

	if (s.len < 4 || !num_u64(str_span(s.ptr, 4), &year))
		return false;
	v->unit = DATE_YEAR;
	if (s.len == 4)
		return span_of(year, 1, 12, v);
	v->unit = DATE_MONTH;
	/* num_u64 knows no leading zeros. */
	return s.len == 7 && s.ptr[4] == '-' &&
	       num_u64(s.ptr[5] == '0' ? str_span(s.ptr + 6, 1) : str_span(s.ptr + 5, 2),
		       &month) && span_of(year, (unsigned)month, 1, v);
}

/* A time with its zone, or of the shop's clock: with a space or a T before the hour. */
static bool parse_clock(struct str s, struct value *v)
{
	char text[40];

	if (s.len >= 19 && s.len < sizeof text && s.ptr[10] == 'T' && time_is_wall(s)) {
		memcpy(text, s.ptr, s.len);
		text[10] = ' ';
		s.ptr = text;
	}
	if (!time_parse(s, &v->from))
		return false;
	v->unit = DATE_INSTANT;
	v->instant = !time_is_wall(s);
	v->end = v->from + 1;
	return true;
}

static bool parse_date(const struct token *t, struct value *v)
{
	if (time_parse_date(t->text, &v->from)) {
		v->unit = DATE_DAY;
		v->end = v->from + TIME_DAY;
		return true;
	}
	return parse_clock(t->text, v) || parse_month(t->text, v);
}

static bool parse_kind(const struct token *t, unsigned *kind)
{
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		if (str_is(t->text, event_kind_name((enum event_kind)k))) {
			*kind = k;
			return true;
		}
	return false;
}

static bool convert(struct parser *p, const struct test *t, struct value *v,
		    struct err *err)
{
	switch (test_type(t)) {
	case TYPE_NUMBER:
		return p->now.type != TOKEN_STRING && parse_number(&p->now, &v->number) ?
		       true : expected(p, "a number like 30, 4.99 or 5%", err);
	case TYPE_DATE:
		return parse_date(&p->now, v) ? true :
		       expected(p, "a date like 2019-10-01, 2019-10 or 2019, or a time "
				"like 2019-10-01T12:00:00Z", err);
	case TYPE_KIND:
		return parse_kind(&p->now, &v->kind) ? true :
		       expected(p, "view, cart, remove, purchase or rating", err);
	default:
		v->text = arena_str(p->f->arena, p->now.text);
		return true;
	}
}

/* Words of the language are no values unless they stand in quotes. */
static bool is_value(const struct token *t)
{
	static const char *const words[] = {"and", "or", "not", "in", "like", "contains"};

	if (t->type != TOKEN_WORD)
		return t->type == TOKEN_NUMBER || t->type == TOKEN_STRING;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (token_is(t, words[i]))
			return false;
	return true;
}

static bool parse_value(struct parser *p, struct test *t, struct err *err)
{
	struct value v = {.column = p->now.column};

	if (!is_value(&p->now))
		return expected(p, "a value", err);
	if (token_is(&p->now, "none")) {
		if (t->op != OP_EQ ||
		    !(test_class(t) & (FILTER_PRODUCT | FILTER_SESSION)))
			return expected(p, "a value: none goes with = and != and with what "
					"a product or session has", err);
		v.none = true;
	} else if (!convert(p, t, &v, err)) {
		return false;
	}
	t->values = mem_resize(t->values, t->n_values + 1, sizeof *t->values);
	t->values[t->n_values++] = v;
	return advance(p, err);
}

/* --- tests */

static bool name_is(const struct token *t, const struct field *f)
{
	return token_is(t, f->name) || (f->other && token_is(t, f->other));
}

static bool find_column(struct parser *p, struct test *t, struct err *err)
{
	static const enum field_type types[] = {
		[COLUMN_OF_TEXT] = TYPE_TEXT, [COLUMN_OF_NUMBERS] = TYPE_NUMBER,
		[COLUMN_OF_TIMES] = TYPE_DATE,
	};
	struct nearest near;
	STRBUF(hint);

	t->field = FIELD_COLUMN;
	nearest_init(&near, p->now.text);
	while (t->cell < p->n_columns && !token_is(&p->now, p->columns[t->cell].name))
		nearest_try(&near, str_from(p->columns[t->cell++].name));
	if (t->cell < p->n_columns) {
		t->attribute = str_from(p->columns[t->cell].name);
		t->cell_type = types[p->columns[t->cell].type];
		return advance(p, err);
	}
	nearest_hint(&near, &hint);
	for (unsigned i = 0; i < p->n_columns && !near.best.len; i++)
		strbuf_addf(&hint, "%s%s", i ? ", " : ": the columns are ", p->columns[i].name);
	return err_fail(err, ERR_USAGE, "column %u: '%.*s' is no column here%s", t->column,
			STR_ARG(p->now.text), strbuf_c(&hint));
}

/* user.age; in quotes it is an attribute of products. */
static bool is_of_user(const struct token *t)
{
	return t->type == TOKEN_WORD && t->text.len > sizeof USER_PREFIX - 1 &&
	       strncasecmp(t->text.ptr, USER_PREFIX, sizeof USER_PREFIX - 1) == 0;
}

static bool parse_field(struct parser *p, struct test *t, struct err *err)
{
	t->column = p->now.column;
	t->field = 0;
	if ((p->now.type != TOKEN_STRING && !is_value(&p->now)) ||
	    p->now.type == TOKEN_NUMBER || token_is(&p->now, "none"))
		return expected(p, "a field like price, brand or date", err);
	if (p->columns)
		return find_column(p, t, err);
	if (p->now.type == TOKEN_STRING)
		t->field = FIELD_ATTRIBUTE;
	while (t->field < FIELDS && !name_is(&p->now, &field_table[t->field]))
		t->field++;
	if (t->field == FIELD_ATTRIBUTE) {
		t->attribute = arena_str(p->f->arena, p->now.text);
		if (is_of_user(&p->now))
			t->field = FIELD_USER;
	}
	return advance(p, err);
}

static bool parse_op(struct parser *p, struct test *t, bool *list, struct err *err)
{
	static const struct {
		const char *text;
		enum test_op op;
		bool negated;
	} ops[] = {
		{"=", OP_EQ, false}, {"==", OP_EQ, false}, {"!=", OP_EQ, true},
		{"<>", OP_EQ, true}, {"<", OP_LT, false}, {"<=", OP_LE, false},
		{">", OP_GT, false}, {">=", OP_GE, false},
	};
	size_t i = 0;

	*list = false;
	if (token_is(&p->now, "not")) {
		t->negated = true;
		if (!advance(p, err))
			return false;
		if (!token_is(&p->now, "in") && !token_is(&p->now, "like") &&
		    !token_is(&p->now, "contains"))
			return expected(p, "in or like", err);
	}
	if (token_is(&p->now, "in")) {
		t->op = OP_EQ;
		*list = true;
		return advance(p, err);
	}
	if (token_is(&p->now, "like") || token_is(&p->now, "contains")) {
		t->op = OP_LIKE;
		return advance(p, err);
	}
	while (i < sizeof ops / sizeof *ops && (p->now.type != TOKEN_OP ||
						!str_is(p->now.text, ops[i].text)))
		i++;
	if (i == sizeof ops / sizeof *ops)
		return expected(p, "=, !=, <, <=, >, >=, in or like", err);
	t->op = ops[i].op;
	t->negated = ops[i].negated;
	return advance(p, err);
}

void test_name(const struct test *t, struct strbuf *b)
{
	if (t->field >= FIELD_ATTRIBUTE)
		strbuf_add(b, t->attribute);
	else
		strbuf_adds(b, field_table[t->field].name);
}

static bool check_op(const struct test *t, unsigned column, struct err *err)
{
	enum field_type type = test_type(t);
	bool text = type == TYPE_TEXT || type == TYPE_CATEGORY;
	bool fine = t->op == OP_EQ || (t->op == OP_LIKE ? text : !text && type != TYPE_KIND);
	STRBUF(name);

	if (fine)
		return true;
	test_name(t, &name);
	return err_fail(err, ERR_USAGE, "column %u: %s can't be compared like that, expected %s",
			column, strbuf_c(&name), text ? "=, !=, in or like" :
			type == TYPE_KIND ? "=, != or in" : "=, !=, <, <=, >, >= or in");
}

static bool parse_list(struct parser *p, struct test *t, struct err *err)
{
	if (p->now.type != TOKEN_OPEN)
		return parse_value(p, t, err);
	do {
		if (!advance(p, err) || !parse_value(p, t, err))
			return false;
	} while (p->now.type == TOKEN_COMMA);
	if (p->now.type != TOKEN_CLOSE)
		return expected(p, "a comma or )", err);
	return advance(p, err);
}

static struct node *new_node(struct parser *p, enum node_type type, unsigned column)
{
	struct node *n = arena_alloc(p->f->arena, sizeof *n);

	*n = (struct node){.type = type, .column = column};
	return n;
}

static bool parse_test(struct parser *p, bool negated, struct node **out, struct err *err)
{
	struct test t = {0};
	struct node *n;
	unsigned column;
	size_t size;
	bool list, ok;

	if (!parse_field(p, &t, err))
		return false;
	column = p->now.column;
	ok = parse_op(p, &t, &list, err) && check_op(&t, column, err) &&
	     (list ? parse_list(p, &t, err) : parse_value(p, &t, err));
	if (ok) {
		struct value *values = t.values;

		size = t.n_values * sizeof *values;
		t.values = arena_alloc(p->f->arena, size);
		memcpy(t.values, values, size);
		t.negated ^= negated;
		n = new_node(p, NODE_TEST, t.column);
		n->classes = test_class(&t);
		n->test = t;
		n->id = p->f->n_tests++;
		*out = n;
		free(values);
		return true;
	}
	free(t.values);
	return false;
}

/* --- and, or, not */

static bool parse_any(struct parser *p, bool negated, struct node **out, struct err *err);

static bool parse_factor(struct parser *p, bool negated, struct node **out,
			 struct err *err)
{
	bool ok;

	if (p->now.type != TOKEN_OPEN && !token_is(&p->now, "not"))
		return parse_test(p, negated, out, err);
	if (p->depth == DEPTH_MAX)
		return err_fail(err, ERR_USAGE, "column %u: parentheses and nots are nested "
				"more than %u deep", p->now.column, DEPTH_MAX);
	p->depth++;
	if (token_is(&p->now, "not")) {
		ok = advance(p, err) && parse_factor(p, !negated, out, err);
	} else {
		ok = advance(p, err) && parse_any(p, negated, out, err);
		if (ok && p->now.type != TOKEN_CLOSE)
			ok = expected(p, "and, or or )", err);
		ok = ok && advance(p, err);
	}
	p->depth--;
	return ok;
}

/* One more child; the children of a child of the same type become its own. */
static void adopt(struct parser *p, struct node *n, struct node *child)
{
	unsigned more = child->type == n->type ? child->n : 1;
	struct node **all = arena_alloc(p->f->arena, (n->n + more) * sizeof *all);

	if (n->n)
		memcpy(all, n->child, n->n * sizeof *all);
	if (child->type == n->type)
		memcpy(all + n->n, child->child, more * sizeof *all);
	else
		all[n->n] = child;
	n->child = all;
	n->n += more;
	n->classes |= child->classes;
}

/* What `word` joins; below a not, and is or and or is and (De Morgan). */
static bool parse_joined(struct parser *p, const char *word, enum node_type type,
			 bool (*part)(struct parser *p, bool negated, struct node **out,
				      struct err *err),
			 bool negated, struct node **out, struct err *err)
{
	struct node *first, *n = NULL;

	if (!part(p, negated, &first, err))
		return false;
	while (token_is(&p->now, word)) {
		struct node *next;

		if (!n) {
			n = new_node(p, type, p->now.column);
			adopt(p, n, first);
		}
		if (!advance(p, err) || !part(p, negated, &next, err))
			return false;
		adopt(p, n, next);
	}
	*out = n ? n : first;
	return true;
}

static bool parse_all(struct parser *p, bool negated, struct node **out, struct err *err)
{
	return parse_joined(p, "and", negated ? NODE_OR : NODE_AND, parse_factor, negated,
			    out, err);
}

static bool parse_any(struct parser *p, bool negated, struct node **out, struct err *err)
{
	return parse_joined(p, "or", negated ? NODE_AND : NODE_OR, parse_all, negated, out,
			    err);
}

static bool check_classes(const struct node *root, struct err *err)
{
	for (unsigned i = 0; i < root->n; i++) {
		const struct node *n = root->child[i];

		if (n->classes & (n->classes - 1))
			return err_fail(err, ERR_USAGE, "column %u: tests of products, of "
					"events (date, event), of sessions (country, channel) "
					"and of rows (n, lift, confidence) can't be "
					"alternatives, expected and between them",
					n->column);
	}
	return true;
}

static bool parse_filter(struct parser *p, struct err *err)
{
	struct filter *f = p->f;
	struct node *n;

	if (p->lex.text.len > FILTER_MAX)
		return err_fail(err, ERR_USAGE, "column %u: the filter is longer than %u bytes",
				FILTER_MAX + 1, FILTER_MAX);
	if (!advance(p, err) || !parse_any(p, false, &n, err))
		return false;
	if (p->now.type != TOKEN_END)
		return expected(p, "and, or or the end", err);
	f->root = n;
	if (n->type != NODE_AND) {
		f->root = new_node(p, NODE_AND, n->column);
		adopt(p, f->root, n);
	}
	return check_classes(f->root, err);
}

bool filter_parse_rows(struct filter **out, struct str text, struct filter_columns columns,
		       struct err *err)
{
	SCOPED(filter) f = mem_zalloc(sizeof *f);
	struct parser p = {.f = f, .columns = columns.at, .n_columns = columns.n};

	assert(columns.n == 0 || columns.at);
	f->arena = arena_create();
	p.lex = (struct lexer){.text = text, .column = 1, .arena = f->arena};
	if (!parse_filter(&p, err))
		return false;
	strbuf_add(&f->source, text);
	node_print(f->root, &f->text);
	*out = f;
	f = NULL;
	return true;
}

bool filter_parse(struct filter **out, struct str text, struct err *err)
{
	return filter_parse_rows(out, text, (struct filter_columns){0}, err);
}

struct filter *filter_copy(const struct filter *f)
{
	struct filter *copy = NULL;

	if (f)
		filter_parse(&copy, strbuf_str(&f->source), NULL);
	return copy;
}

void filter_destroy(struct filter *f)
{
	if (!f)
		return;
	arena_destroy(f->arena);
	strbuf_finish(&f->source);
	strbuf_finish(&f->text);
	free(f);
}
