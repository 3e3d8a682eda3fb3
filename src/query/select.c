/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A test is bound to the catalog once and then asked for a word of 64 products. Where
 * an `and` has let none of a word through, the tests after it are not asked, and they
 * are asked in the order of their cost: ranges, numbers, texts.
 */
#include "config.h"

#include "query/select.h"

#include <assert.h>
#include <stdlib.h>

#include "base/match.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/pool.h"
#include "query/ast.h"

#define BLOCK 1024u	/* words per task */

enum bound_type {
	BOUND_RANGES,	/* of products: categories, with their guests */
	BOUND_DICT,	/* a number per product, and which numbers pass */
	BOUND_NUMBER,
	BOUND_DATE,
	BOUND_TEXT,
};

struct bound {
	enum bound_type type;
	const struct test *test;
	uint32_t *range;	/* (n_ranges, 2) [first, end) */
	unsigned n_ranges;
	const uint32_t *number;	/* (P, stride) of BOUND_DICT */
	uint32_t stride;
	uint64_t *pass;		/* bits of the dictionary's numbers */
	uint64_t *guest;	/* bits of products: guests of the ranges' categories; NULL */
	bool none;		/* CATALOG_NONE passes */
	int64_t (*count)(const struct catalog *c, uint32_t p, bool *known);
	unsigned scale;
	const int64_t *time;	/* (P) of BOUND_DATE */
	int64_t *span;		/* (values, 2) [from, end) of its dates */
	const struct text *text;	/* (P) of BOUND_TEXT */
	struct match like;
};

struct selecting {
	const struct filter *f;
	const struct catalog *c;
	struct bound *bound;	/* (n_tests) by node id */
	uint64_t *bits;
	size_t words;
	struct err *err;
};

/* --- binding */

static bool lacks(const struct selecting *s, unsigned column, const char *what,
		  struct str name)
{
	return err_fail(s->err, ERR_NO, "column %u: %s '%.*s'", column, what, STR_ARG(name));
}

static void set_bit(uint64_t *bits, uint32_t i)
{
	bits[i / 64] |= UINT64_C(1) << i % 64;
}

static bool same_text(struct str text, struct str typed, bool exact)
{
	return exact ? str_eq(text, typed) : match_equal(typed, text);
}

uint32_t select_text(const struct text *dict, struct str typed)
{
	for (unsigned exact = 2; exact-- > 0;)
		for (uint64_t i = 0; i < dict->n; i++)
			if (same_text(text_at(dict, i), typed, exact))
				return (uint32_t)i;
	return CATALOG_NONE;
}

uint32_t select_category(const struct catalog *c, struct str typed)
{
	uint32_t found = catalog_category(c, typed);

	return found != CATALOG_NONE ? found : select_text(&c->category_path, typed);
}

/* Numbers of the dictionary that `used` (NULL: all) has and that equal the value. */
static bool pass_equal(uint64_t *pass, const struct text *dict, const uint64_t *used,
		       struct str value)
{
	bool any = false;

	for (unsigned exact = 2; exact-- > 0 && !any;)
		for (uint64_t i = 0; i < dict->n; i++) {
			if (used && !(used[i / 64] >> i % 64 & 1))
				continue;
			if (same_text(text_at(dict, i), value, exact)) {
				set_bit(pass, (uint32_t)i);
				any = true;
			}
		}
	return any;
}

/* Values of one attribute: the store keeps those of all in one dictionary. */
static uint64_t *used_values(const struct bound *b, const struct text *dict,
			     const struct catalog *c)
{
	uint64_t *used = mem_zalloc((dict->n / 64 + 1) * sizeof *used);

	for (uint32_t p = 0; p < c->n_products; p++) {
		uint32_t v = b->number[(size_t)p * b->stride];

		if (v < dict->n)
			set_bit(used, v);
	}
	return used;
}

static bool bind_dict(struct selecting *s, struct bound *b, const struct text *dict,
		      const char *lack)
{
	const struct test *t = b->test;
	SCOPED_FREE uint64_t *used = NULL;
	STRBUF(scratch);

	b->type = BOUND_DICT;
	b->pass = mem_zalloc((dict->n / 64 + 1) * sizeof *b->pass);
	if (t->field == FIELD_ATTRIBUTE)
		used = used_values(b, dict, s->c);
	for (unsigned i = 0; i < t->n_values; i++) {
		const struct value *v = &t->values[i];

		if (v->none) {
			b->none = true;
		} else if (t->op == OP_LIKE) {
			match_phrase(&b->like, v->text);
			for (uint64_t k = 0; k < dict->n; k++)
				if (match_found(&b->like, text_at(dict, k), &scratch))
					set_bit(b->pass, (uint32_t)k);
		} else if (!pass_equal(b->pass, dict, used, v->text)) {
			return lacks(s, v->column, lack, v->text);
		}
	}
	return true;
}

/* The range of a category, and its guests, who stand in other ranges. */
static void add_members(struct bound *b, const struct catalog *c, uint32_t category,
			uint32_t *range)
{
	struct members m = catalog_members(c, category);

	range[0] = m.first;
	range[1] = m.end;
	if (m.n_guests && !b->guest)
		b->guest = mem_zalloc((c->n_products / 64 + 1) * sizeof *b->guest);
	for (uint32_t i = 0; i < m.n_guests; i++)
		set_bit(b->guest, m.guest[i]);
}

static bool bind_category(struct selecting *s, struct bound *b)
{
	const struct test *t = b->test;
	const struct catalog *c = s->c;

	if (t->op == OP_LIKE) {
		b->number = c->product_category;
		b->stride = 1;
		return bind_dict(s, b, &c->category_path, "");
	}
	b->type = BOUND_RANGES;
	b->range = mem_alloc(2 * (size_t)t->n_values * sizeof *b->range);
	for (unsigned i = 0; i < t->n_values; i++) {
		const struct value *v = &t->values[i];
		uint32_t *r = &b->range[2 * b->n_ranges++], at;

		if (v->none) {	/* they stand at the end */
			r[0] = c->n_categories ? c->category_product[c->n_categories] : 0;
			r[1] = c->n_products;
			continue;
		}
		at = select_category(c, v->text);
		if (at == CATALOG_NONE)
			return lacks(s, v->column, "the store has no category", v->text);
		add_members(b, c, at, r);
	}
	return true;
}

static void try_field(void *ctx, const char *name, const char *text)
{
	nearest_try(ctx, str_from(name));
}

static bool is_ordered(const struct test *t)
{
	return t->field == FIELD_ATTRIBUTE && t->op != OP_EQ && t->op != OP_LIKE;
}

/* Values that are numbers and compare so: <, <=, > and >= of an attribute. */
static bool bind_ordered(struct selecting *s, struct bound *b, const struct text *dict)
{
	const struct test *t = b->test;
	SCOPED_FREE uint64_t *used = used_values(b, dict, s->c);
	bool any = false;

	b->type = BOUND_DICT;
	b->pass = mem_zalloc((dict->n / 64 + 1) * sizeof *b->pass);
	for (uint64_t i = 0; i < dict->n; i++) {
		struct decimal d;

		if (!(used[i / 64] >> i % 64 & 1) ||
		    !num_decimal(str_trim(text_at(dict, i)), &d))
			continue;
		any = true;
		if (op_holds(t->op, number_compare(d.units, d.scale, t->values[0].number)))
			set_bit(b->pass, (uint32_t)i);
	}
	return any || lacks(s, t->column, "no product has a number as its attribute",
			    t->attribute);
}

/* Fields and attributes that may have been meant. */
static bool no_attribute(struct selecting *s, const struct test *t)
{
	struct nearest near;
	STRBUF(hint);

	nearest_init(&near, t->attribute);
	filter_fields(try_field, &near);
	for (uint32_t i = 0; i < s->c->n_attributes; i++)
		nearest_try(&near, text_at(&s->c->attribute_name, i));
	nearest_hint(&near, &hint);
	if (is_ordered(t))
		return err_fail(s->err, ERR_NO, "column %u: '%.*s' is no field%s (aisle help "
				"where lists them), nor an attribute of the store's products",
				t->column, STR_ARG(t->attribute), strbuf_c(&hint));
	return err_fail(s->err, ERR_NO, "column %u: the store's products have no attribute "
			"'%.*s'%s", t->column, STR_ARG(t->attribute),
			hint.len ? strbuf_c(&hint) : ": aisle help where lists the fields");
}

static bool bind_attribute(struct selecting *s, struct bound *b)
{
	const struct catalog *c = s->c;
	uint32_t found = select_text(&c->attribute_name, b->test->attribute);

	if (found == CATALOG_NONE || !c->product_attribute)
		return no_attribute(s, b->test);
	b->number = c->product_attribute + found;
	b->stride = c->n_attributes;
	if (is_ordered(b->test))
		return bind_ordered(s, b, &c->attribute_value);
	return bind_dict(s, b, &c->attribute_value, "no product's attribute has the value");
}

static int64_t of_price(const struct catalog *c, uint32_t p, bool *known)
{
	*known = c->product_price[p] != PRICE_NONE;
	return c->product_price[p];
}

static int64_t of_views(const struct catalog *c, uint32_t p, bool *known)
{
	*known = true;
	return c->product_views[p];
}

static int64_t of_carts(const struct catalog *c, uint32_t p, bool *known)
{
	*known = true;
	return c->product_carts[p];
}

static int64_t of_sold(const struct catalog *c, uint32_t p, bool *known)
{
	*known = true;
	return c->product_purchases[p];
}

static int64_t of_revenue(const struct catalog *c, uint32_t p, bool *known)
{
	*known = c->product_revenue[p] != PRICE_NONE;
	return c->product_revenue[p];
}

static int64_t of_sessions(const struct catalog *c, uint32_t p, bool *known)
{
	*known = true;
	return (int64_t)(c->product_session_offsets[p + 1] - c->product_session_offsets[p]);
}

static bool bind_number(struct selecting *s, struct bound *b)
{
	const struct catalog *c = s->c;
	const struct {
		enum field_id field;
		bool there;
		int64_t (*count)(const struct catalog *c, uint32_t p, bool *known);
		unsigned scale;
	} counts[] = {
		{FIELD_PRICE, c->product_price, of_price, c->price_scale},
		{FIELD_VIEWS, c->product_views && (c->caps & CAP_VIEWS), of_views, 0},
		{FIELD_CARTS, c->product_carts && (c->caps & CAP_CARTS), of_carts, 0},
		{FIELD_SOLD, c->product_purchases && (c->caps & CAP_PURCHASES), of_sold, 0},
		{FIELD_REVENUE, c->product_revenue && (c->caps & CAP_PURCHASES), of_revenue,
		 c->price_scale},
		{FIELD_CONVERSION, c->product_views && c->product_purchases &&
		 (c->caps & CAP_PURCHASES), NULL, 0},
		{FIELD_SESSIONS, c->product_session_offsets, of_sessions, 0},
	};
	size_t i = 0;

	while (counts[i].field != b->test->field)
		i++;
	if (!counts[i].there)
		return lacks(s, b->test->column, "the store, or what the filter leaves of it, "
			     "has no", str_from(field_table[b->test->field].name));
	b->type = BOUND_NUMBER;
	b->count = counts[i].count;
	b->scale = counts[i].scale;
	return true;
}

static bool bind_date(struct selecting *s, struct bound *b)
{
	if (s->c->caps & CAP_UNDATED)
		return err_fail(s->err, ERR_NO, "column %u: this store has no days: its log has "
				"no times", b->test->column);
	b->type = BOUND_DATE;
	b->time = b->test->field == FIELD_FIRST ? s->c->product_first : s->c->product_last;
	b->span = mem_alloc((2 * (size_t)b->test->n_values + 1) * sizeof *b->span);
	for (unsigned i = 0; i < b->test->n_values; i++)
		value_span(&b->test->values[i], s->c, &b->span[2 * i], &b->span[2 * i + 1]);
	return b->time || lacks(s, b->test->column, "the store has no",
				str_from(field_table[b->test->field].name));
}

static bool bind_test(struct selecting *s, struct bound *b)
{
	const struct catalog *c = s->c;

	switch (b->test->field) {
	case FIELD_CATEGORY:
		return bind_category(s, b);
	case FIELD_BRAND:
		if (!c->product_brand)
			return lacks(s, b->test->column, "the store has no", STR("brand"));
		b->number = c->product_brand;
		b->stride = 1;
		return bind_dict(s, b, &c->brand_name, "the store has no brand");
	case FIELD_ATTRIBUTE:
		return bind_attribute(s, b);
	case FIELD_PRODUCT:
	case FIELD_LABEL:
		b->type = BOUND_TEXT;
		b->text = b->test->field == FIELD_LABEL ? &c->product_label : &c->product_id;
		if (b->test->op == OP_LIKE)
			match_phrase(&b->like, b->test->values[0].text);
		return true;
	case FIELD_FIRST:
	case FIELD_LAST:
		return bind_date(s, b);
	default:
		return bind_number(s, b);
	}
}

static bool bind_node(struct selecting *s, const struct node *n)
{
	if (n->type == NODE_TEST) {
		s->bound[n->id].test = &n->test;
		return bind_test(s, &s->bound[n->id]);
	}
	for (unsigned i = 0; i < n->n; i++)
		if (!bind_node(s, n->child[i]))
			return false;
	return true;
}

static void bound_finish(struct bound *b)
{
	free(b->range);
	free(b->span);
	free(b->pass);
	free(b->guest);
	match_finish(&b->like);
}

/* --- asking; p is the first of the word's products, alive those still in question */

static uint64_t word_ranges(const struct bound *b, uint32_t p)
{
	uint64_t word = b->guest ? b->guest[p / 64] : 0;

	for (unsigned i = 0; i < b->n_ranges; i++) {
		uint32_t first = b->range[2 * i], end = b->range[2 * i + 1];

		if (end <= p || first >= (uint64_t)p + 64)
			continue;
		first = first > p ? first - p : 0;
		end = (uint64_t)end >= (uint64_t)p + 64 ? 64 : end - p;
		word |= (end == 64 ? UINT64_MAX : (UINT64_C(1) << end) - 1) &
			~((UINT64_C(1) << first) - 1);
	}
	return word;
}

static bool passes_number(const struct bound *b, const struct catalog *c, uint32_t p)
{
	const struct test *t = b->test;
	bool known, holds = false;
	int64_t x = 0;

	if (b->count)
		x = b->count(c, p, &known);
	else
		known = c->product_views[p] > 0;
	for (unsigned i = 0; i < t->n_values && !holds; i++) {
		const struct value *v = &t->values[i];

		if (v->none || !known) {
			holds = v->none && !known;
		} else if (b->count) {
			holds = op_holds(t->op, number_compare(x, b->scale, v->number));
		} else {
			double share = (double)c->product_purchases[p] / c->product_views[p];
			double limit = decimal_real(v->number);

			holds = op_holds(t->op, share < limit ? -1 : share > limit);
		}
	}
	return holds;
}

static bool passes_date(const struct bound *b, uint32_t p)
{
	const struct test *t = b->test;
	int64_t x = b->time[p];
	bool known = x != INT64_MIN, holds = false;

	for (unsigned i = 0; i < t->n_values && !holds; i++) {
		const struct value *v = &t->values[i];

		const int64_t *span = b->span + 2 * i;

		holds = v->none ? !known : known &&
			op_holds(t->op, x < span[0] ? -1 : x >= span[1]);
	}
	return holds;
}

static bool passes_text(const struct bound *b, uint32_t p, struct strbuf *scratch)
{
	const struct test *t = b->test;
	struct str s = text_at(b->text, p);

	if (t->op == OP_LIKE)
		return match_found(&b->like, s, scratch);
	for (unsigned i = 0; i < t->n_values; i++)
		if (t->values[i].none ? s.len == 0 : str_eq(s, t->values[i].text))
			return true;
	return false;
}

/* A category that is like what was typed may be a further one. */
static bool passes_place(const struct bound *b, const struct catalog *c, uint32_t p)
{
	uint32_t n;
	const uint32_t *place = catalog_places(c, p, &n);

	for (uint32_t i = 0; i < n; i++)
		if (b->pass[place[i] / 64] >> place[i] % 64 & 1)
			return true;
	return false;
}

static bool passes_dict(const struct bound *b, const struct catalog *c, uint32_t p)
{
	uint32_t v = b->number[(size_t)p * b->stride];

	if (v == CATALOG_NONE)
		return b->none;
	return (b->pass[v / 64] >> v % 64 & 1) ||
	       (b->test->field == FIELD_CATEGORY && passes_place(b, c, p));
}

static uint64_t word_test(const struct selecting *s, const struct bound *b, uint32_t p,
			  uint64_t alive, struct strbuf *scratch)
{
	uint64_t word = 0;

	if (b->type == BOUND_RANGES)
		word = word_ranges(b, p) & alive;
	else
		for (uint64_t left = alive; left; left &= left - 1) {
			uint32_t at = p + (uint32_t)__builtin_ctzll(left);
			bool in = b->type == BOUND_DICT ? passes_dict(b, s->c, at) :
				  b->type == BOUND_NUMBER ? passes_number(b, s->c, at) :
				  b->type == BOUND_DATE ? passes_date(b, at) :
				  passes_text(b, at, scratch);

			word |= (uint64_t)in << (at - p);
		}
	return b->test->negated ? alive & ~word : word;
}

static unsigned cost_of(const struct selecting *s, const struct node *n)
{
	unsigned cost = 0;

	if (n->type == NODE_TEST)
		return s->bound[n->id].type;
	for (unsigned i = 0; i < n->n; i++) {
		unsigned c = cost_of(s, n->child[i]);

		cost = c > cost ? c : cost;
	}
	return cost;
}

static uint64_t word_node(const struct selecting *s, const struct node *n, uint32_t p,
			  uint64_t alive, struct strbuf *scratch)
{
	uint64_t word = 0;

	if (n->type == NODE_TEST)
		return word_test(s, &s->bound[n->id], p, alive, scratch);
	for (unsigned cost = 0; cost <= BOUND_TEXT; cost++)
		for (unsigned i = 0; i < n->n && alive; i++) {
			uint64_t w;

			if (!(n->child[i]->classes & FILTER_PRODUCT) ||
			    cost_of(s, n->child[i]) != cost)
				continue;
			w = word_node(s, n->child[i], p, alive, scratch);
			word |= w;
			alive = n->type == NODE_AND ? w : alive & ~w;
		}
	return n->type == NODE_AND ? alive : word;
}

static void select_block(void *ctx, size_t task, unsigned worker)
{
	struct selecting *s = ctx;
	size_t end = (task + 1) * BLOCK;
	STRBUF(scratch);

	(void)worker;
	end = end < s->words ? end : s->words;
	for (size_t w = task * BLOCK; w < end; w++) {
		uint64_t alive = UINT64_MAX;

		if (s->c->n_products - w * 64 < 64)
			alive = (UINT64_C(1) << (s->c->n_products - w * 64)) - 1;
		s->bits[w] = word_node(s, s->f->root, (uint32_t)w * 64, alive, &scratch);
	}
}

static bool bind_all(struct selecting *s)
{
	for (unsigned i = 0; i < s->f->root->n; i++)
		if ((s->f->root->child[i]->classes & FILTER_PRODUCT) &&
		    !bind_node(s, s->f->root->child[i]))
			return false;
	return true;
}

static void unbind(struct selecting *s)
{
	for (unsigned i = 0; i < s->f->n_tests; i++)
		bound_finish(&s->bound[i]);
	free(s->bound);
}

bool selection_check(const struct filter *f, const struct catalog *c, struct err *err)
{
	struct selecting s = {.f = f, .c = c, .err = err};
	bool ok;

	s.bound = mem_zalloc((f->n_tests + 1) * sizeof *s.bound);
	ok = bind_all(&s);
	unbind(&s);
	return ok;
}

bool selection_make(struct selection *out, const struct filter *f, const struct catalog *c,
		    struct pool *pool, struct err *err)
{
	struct selecting s = {.f = f, .c = c, .err = err};
	bool ok = true;

	s.words = ((size_t)c->n_products + 63) / 64;
	s.bits = mem_big(s.words + 1, sizeof *s.bits, "the selected products", err);
	s.bound = mem_zalloc((f->n_tests + 1) * sizeof *s.bound);
	ok = s.bits != NULL;
	ok = ok && bind_all(&s);
	if (ok)
		pool_run(pool, (s.words + BLOCK - 1) / BLOCK, select_block, &s);
	unbind(&s);
	if (!ok) {
		free(s.bits);
		return false;
	}
	*out = (struct selection){.bits = s.bits, .n_products = c->n_products};
	out->count = selection_count(out, 0, c->n_products);
	return true;
}

void selection_finish(struct selection *s)
{
	free(s->bits);
	*s = (struct selection){0};
}

uint32_t selection_count(const struct selection *s, uint32_t first, uint32_t end)
{
	uint32_t n = 0;

	assert(first <= end);
	while (first < end) {
		uint32_t next = (first | 63) + 1 < end ? (first | 63) + 1 : end;
		uint64_t word = s->bits[first / 64] >> first % 64;

		if (next - first < 64)
			word &= (UINT64_C(1) << (next - first)) - 1;
		n += (uint32_t)__builtin_popcountll(word);
		first = next;
	}
	return n;
}

uint32_t selection_members(const struct selection *s, const struct members *m)
{
	uint32_t n = selection_count(s, m->first, m->end);

	for (uint32_t i = 0; i < m->n_guests; i++)
		n += selection_has(s, m->guest[i]);
	return n;
}
