/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter before the cursor is walked by its words; the last state says what fits. */
#include "config.h"

#include "query/filter_complete.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/time.h"
#include "query/ast.h"
#include "query/lex.h"

enum want {
	WANT_TEST,	/* a field, not, ( */
	WANT_SIGN,	/* behind a field */
	WANT_WORD,	/* behind `field not`: in, like */
	WANT_VALUE,
	WANT_LIST,	/* behind `field in`: ( or a value */
	WANT_MORE,	/* in a list: , or ) */
	WANT_JOIN,	/* and, or */
};

struct offer {
	const struct catalog *c;
	uint32_t product;
	enum want want;
	enum field_id field;
	struct str attribute;	/* of FIELD_ATTRIBUTE */
	bool list;		/* the values stand in parentheses */
	struct str prefix;	/* typed of the word, without its quote */
	char quote;		/* that it began with, or 0 */
	unsigned n;
	void (*add)(void *ctx, struct str word);
	void *ctx;
};

/* --- what stands before */

static void take_field(struct offer *o, const struct token *t)
{
	o->field = 0;
	while (o->field < FIELDS &&
	       (t->type == TOKEN_STRING || !(token_is(t, field_table[o->field].name) ||
					     (field_table[o->field].other &&
					      token_is(t, field_table[o->field].other)))))
		o->field++;
	o->attribute = t->text;
	o->want = WANT_SIGN;
}

static void take_sign(struct offer *o, const struct token *t)
{
	o->list = false;
	if (token_is(t, "not"))
		o->want = WANT_WORD;
	else
		o->want = token_is(t, "in") ? WANT_LIST : WANT_VALUE;
}

/* One whole word stands behind the cursor's. */
static void take_token(struct offer *o, const struct token *t)
{
	switch (o->want) {
	case WANT_TEST:
		if (t->type == TOKEN_WORD ? !token_is(t, "not") : t->type == TOKEN_STRING)
			take_field(o, t);
		break;
	case WANT_SIGN:
	case WANT_WORD:
		take_sign(o, t);
		break;
	case WANT_LIST:
		o->list = t->type == TOKEN_OPEN;
		o->want = o->list ? WANT_VALUE : WANT_JOIN;
		break;
	case WANT_VALUE:
		o->want = o->list ? WANT_MORE : WANT_JOIN;
		break;
	case WANT_MORE:
		o->want = t->type == TOKEN_COMMA ? WANT_VALUE : WANT_JOIN;
		break;
	case WANT_JOIN:
		if (t->type != TOKEN_CLOSE)
			o->want = WANT_TEST;
		break;
	}
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Walk to the word under the cursor; where it begins. */
static size_t walk(struct offer *o, struct str text, struct arena *arena)
{
	struct lexer l = {.text = text, .column = 1, .arena = arena};
	struct token t;
	size_t at;

	for (;;) {
		at = l.at;
		while (at < text.len && is_space(text.ptr[at]))
			at++;
		if (at == text.len)
			return at;
		/* Text without an end, or a sign that means nothing. */
		if (!lex_next(&l, &t, NULL))
			break;
		if (l.at == text.len && (t.type == TOKEN_WORD || t.type == TOKEN_NUMBER))
			break;
		take_token(o, &t);
	}
	o->prefix = str_span(text.ptr + at, text.len - at);
	if (o->prefix.ptr[0] == '\'' || o->prefix.ptr[0] == '"') {
		o->quote = o->prefix.ptr[0];
		o->prefix.ptr++;
		o->prefix.len--;
	}
	return at;
}

/* --- what is offered */

static bool begins(struct str s, struct str prefix)
{
	return s.len >= prefix.len &&
	       (!prefix.len || str_find_nocase(str_span(s.ptr, prefix.len), prefix) == 0);
}

static void offer_word(struct offer *o, const char *word)
{
	if (!o->quote && begins(str_from(word), o->prefix))
		o->add(o->ctx, str_from(word));
}

/* May it stand without quotes? Only plain words, to be on the safe side. */
static bool is_plain(struct str s)
{
	static const char *const words[] = {"and", "or", "not", "in", "like", "contains",
					    "none"};
	struct token t = {.type = TOKEN_WORD, .text = s};

	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';

		if (!letter && !(c >= '0' && c <= '9') && !(i && (c == '.' || c == '-')))
			return false;
		/* Times and numbers that begin like an id have signs of their own. */
		if (i == 0 && !letter && s.len > 15)
			return false;
	}
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (token_is(&t, words[i]))
			return false;
	return s.len > 0;
}

static void offer_text(struct offer *o, struct str s)
{
	char quote = o->quote ? o->quote : '\'';
	STRBUF(b);

	if (!s.len || !begins(s, o->prefix) || o->n == FILTER_OFFERS)
		return;
	o->n++;
	if (!o->quote && is_plain(s)) {
		o->add(o->ctx, s);
		return;
	}
	strbuf_addc(&b, quote);
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == quote)
			strbuf_addc(&b, quote);
		strbuf_addc(&b, s.ptr[i]);
	}
	strbuf_addc(&b, quote);
	o->add(o->ctx, strbuf_str(&b));
}

static void offer_texts(struct offer *o, const struct text *texts, uint32_t n,
			uint32_t own)
{
	if (own < n)
		offer_text(o, text_at(texts, own));
	for (uint32_t i = 0; i < n && o->n < FILTER_OFFERS; i++)
		if (i != own)
			offer_text(o, text_at(texts, i));
}

/* A value may belong to several attributes: look which this one has. */
static void offer_attribute(struct offer *o)
{
	const struct catalog *c = o->c;
	uint32_t a = 0, n = (uint32_t)c->attribute_value.n;
	SCOPED_FREE bool *seen = NULL;

	while (a < c->n_attributes && !str_eq(text_at(&c->attribute_name, a), o->attribute))
		a++;
	if (a == c->n_attributes || !c->product_attribute)
		return;
	seen = mem_zalloc(n + 1);
	for (uint32_t k = 0; k <= c->n_products && o->n < FILTER_OFFERS; k++) {
		uint32_t p = k ? k - 1 : o->product, v;

		if (p >= c->n_products)
			continue;
		v = c->product_attribute[(uint64_t)p * c->n_attributes + a];
		if (v >= n || seen[v])
			continue;
		seen[v] = true;
		offer_text(o, text_at(&c->attribute_value, v));
	}
}

static void offer_dates(struct offer *o)
{
	STRBUF(first);
	STRBUF(last);

	if (o->c->first_time > o->c->last_time || (o->c->caps & CAP_UNDATED))
		return;
	time_add_date(&first, catalog_clock(o->c, o->c->first_time));
	time_add_date(&last, catalog_clock(o->c, o->c->last_time));
	offer_word(o, strbuf_c(&first));
	if (!str_eq(strbuf_str(&first), strbuf_str(&last)))
		offer_word(o, strbuf_c(&last));
}

static void offer_values(struct offer *o)
{
	const struct catalog *c = o->c;
	uint32_t p = o->product;
	bool known = p < c->n_products;

	switch (o->field) {
	case FIELD_CATEGORY:
		offer_texts(o, &c->category_path, c->n_categories,
			    known ? c->product_category[p] : CATALOG_NONE);
		break;
	case FIELD_BRAND:
		offer_texts(o, &c->brand_name, c->n_brands,
			    known && c->product_brand ? c->product_brand[p] : CATALOG_NONE);
		break;
	case FIELD_PRODUCT:
		offer_texts(o, &c->product_id, c->n_products, p);
		break;
	case FIELD_EVENT:
		for (unsigned k = 0; k < EVENT_KINDS; k++)
			offer_word(o, event_kind_name((enum event_kind)k));
		break;
	case FIELD_COUNTRY:
		offer_texts(o, &c->country_name, (uint32_t)c->country_name.n, CATALOG_NONE);
		break;
	case FIELD_CHANNEL:
		offer_texts(o, &c->channel_name, (uint32_t)c->channel_name.n, CATALOG_NONE);
		break;
	case FIELD_ATTRIBUTE:
		offer_attribute(o);
		break;
	case FIELD_USER:	/* which values there are isn't told */
		break;
	case FIELD_DATE:
	case FIELD_FIRST:
	case FIELD_LAST:
		offer_dates(o);
		break;
	default:
		break;
	}
}

static void offer_signs(struct offer *o)
{
	enum field_type type = o->field >= FIELDS ? TYPE_TEXT : field_table[o->field].type;
	bool text = type == TYPE_TEXT || type == TYPE_CATEGORY;
	bool order = type == TYPE_NUMBER || type == TYPE_DATE;
	static const char *const orders[] = {"<", "<=", ">", ">="};

	offer_word(o, "=");
	offer_word(o, "!=");
	for (size_t i = 0; order && i < sizeof orders / sizeof *orders; i++)
		offer_word(o, orders[i]);
	if (text)
		offer_word(o, "like");
	offer_word(o, "in");
	offer_word(o, "not");
}

static void offer_user(struct offer *o, struct str name)
{
	STRBUF(b);

	strbuf_adds(&b, USER_PREFIX);
	strbuf_add(&b, name);
	offer_word(o, strbuf_c(&b));
}

static void offer_fields(struct offer *o)
{
	for (unsigned f = 0; f < FIELDS; f++)
		offer_word(o, field_table[f].name);
	for (uint32_t a = 0; a < o->c->n_attributes; a++)
		offer_text(o, text_at(&o->c->attribute_name, a));
	for (uint32_t a = 0; a < o->c->n_user_attributes && o->c->user_attribute; a++)
		offer_user(o, text_at(&o->c->user_attribute_name, a));
	offer_word(o, "not");
}

void filter_complete(const struct catalog *c, uint32_t product, struct str text,
		     size_t cursor, size_t *start,
		     void (*add)(void *ctx, struct str word), void *ctx)
{
	struct offer o = {.c = c, .product = product, .add = add, .ctx = ctx};
	SCOPED(arena) arena = arena_create();

	assert(start && cursor <= text.len);
	if (cursor < text.len)
		text.len = cursor;
	*start = walk(&o, text, arena);
	switch (o.want) {
	case WANT_TEST:
		offer_fields(&o);
		break;
	case WANT_SIGN:
		offer_signs(&o);
		break;
	case WANT_WORD:
		offer_word(&o, "in");
		offer_word(&o, "like");
		break;
	case WANT_LIST:
		offer_word(&o, "(");
		break;
	case WANT_VALUE:
		offer_values(&o);
		break;
	case WANT_MORE:
		offer_word(&o, ",");
		offer_word(&o, ")");
		break;
	case WANT_JOIN:
		offer_word(&o, "and");
		offer_word(&o, "or");
		break;
	}
}
