/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line is cut into tokens once. Clauses (at, for, on, from, until) and the terms between
 * `and` are found among them outside of parentheses; a term that compares both sides or
 * speaks of times the price is read here, every other is handed to the language of filters
 * as the text between its tokens, without its "product." and "suggestion.".
 */
#include "config.h"

#include "vet/rules.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "query/lex.h"

#define TOKENS 512u

const char *const rules_panels[] = {"similar", "complementary", NULL};

static const char *const actions[RULE_ACTIONS] = {
	[RULE_BLOCK] = "block", [RULE_ONLY] = "only", [RULE_PIN] = "pin",
	[RULE_BOOST] = "boost", [RULE_BURY] = "bury",
	[RULE_ONCE] = "once",
};

enum clause {
	CLAUSE_AT, CLAUSE_FOR, CLAUSE_ON, CLAUSE_FROM, CLAUSE_UNTIL, CLAUSES,
};
static const char *const clauses[CLAUSES] = {"at", "for", "on", "from", "until"};

/* A line that is being read: tokens [0, n), the last of which is TOKEN_END. */
struct reading {
	struct rules *rules;
	struct rule *rule;
	unsigned line;
	struct str text;
	struct token token[TOKENS];
	size_t start[TOKENS];	/* byte where the token begins */
	unsigned n;
	struct err *err;
};

static bool fail(const struct reading *r, unsigned column, const char *what)
	__attribute__((cold));
static bool fail(const struct reading *r, unsigned column, const char *what)
{
	return err_fail(r->err, ERR_USAGE, "line %u, column %u: %s", r->line, column, what);
}

static bool expected(const struct reading *r, unsigned i, const char *what)
{
	const struct token *t = &r->token[i];

	if (t->type == TOKEN_END)
		return err_fail(r->err, ERR_USAGE, "line %u, column %u: the rule ends here, "
				"expected %s", r->line, t->column, what);
	return err_fail(r->err, ERR_USAGE, "line %u, column %u: '%.*s', expected %s", r->line,
			t->column, STR_ARG(t->text), what);
}

/* --- tokens */

static bool cut(struct reading *r)
{
	struct lexer l = {.text = r->text, .column = 1, .arena = r->rules->arena};
	struct err why = {0};

	do {
		struct token *t = &r->token[r->n];

		if (r->n == TOKENS)
			return fail(r, l.column, "the rule has too many words");
		while (l.at < l.text.len && (l.text.ptr[l.at] == ' ' || l.text.ptr[l.at] == '\t')) {
			l.at++;
			l.column++;
		}
		r->start[r->n] = l.at;
		if (!lex_next(&l, t, &why))
			return err_fail(r->err, ERR_USAGE, "line %u, %s", r->line, why.text);
	} while (r->token[r->n++].type != TOKEN_END);
	return true;
}

static bool find_clause(const struct token *t, enum clause *c)
{
	for (unsigned i = 0; i < CLAUSES; i++)
		if (token_is(t, clauses[i])) {
			*c = i;
			return true;
		}
	return false;
}

/* The first token from i on, outside of parentheses, that is `and` (joins) or begins a
 * clause; the end is one. */
static unsigned part_end(const struct reading *r, unsigned i, bool joins)
{
	enum clause c;

	for (unsigned depth = 0; r->token[i].type != TOKEN_END; i++) {
		const struct token *t = &r->token[i];

		if (t->type == TOKEN_OPEN)
			depth++;
		else if (t->type == TOKEN_CLOSE && depth)
			depth--;
		else if (!depth && ((joins && token_is(t, "and")) || find_clause(t, &c)))
			break;
	}
	return i;
}

/* --- terms */

enum side {SIDE_NONE, SIDE_PRODUCT, SIDE_SUGGESTION};

/* The side that a word names, and the field behind it. */
static enum side side_of(const struct token *t, struct str *field)
{
	static const struct str product = {"product.", 8}, suggestion = {"suggestion.", 11};

	*field = t->text;
	if (t->type != TOKEN_WORD)
		return SIDE_NONE;
	if (str_starts(t->text, product))
		*field = str_span(t->text.ptr + product.len, t->text.len - product.len);
	else if (str_starts(t->text, suggestion))
		*field = str_span(t->text.ptr + suggestion.len, t->text.len - suggestion.len);
	else
		return SIDE_NONE;
	return str_starts(t->text, product) ? SIDE_PRODUCT : SIDE_SUGGESTION;
}

static struct rule_term *add_term(struct reading *r, unsigned i)
{
	struct rule *rule = r->rule;

	rule->term = mem_resize(rule->term, rule->n + 1, sizeof *rule->term);
	rule->term[rule->n] = (struct rule_term){
		.column = r->token[i].column, .low = -INFINITY, .high = INFINITY,
	};
	return &rule->term[rule->n++];
}

/* price OP price: a range of the ratio; with the product on the left turned round. */
static bool compare_prices(struct reading *r, unsigned i, struct rule_term *t, bool turned)
{
	struct str op = r->token[i + 1].text;
	bool less = str_starts(op, STR("<")) && !str_is(op, "<>");
	bool more = str_starts(op, STR(">"));
	bool equal = op.ptr[op.len - 1] == '=' && !str_is(op, "!=");

	t->type = TERM_PRICE;
	t->negated = str_is(op, "!=") || str_is(op, "<>");
	if (less == more) {
		t->low = t->high = 1;
	} else if (less != turned) {
		t->high = 1;
		t->high_open = !equal;
	} else {
		t->low = 1;
		t->low_open = !equal;
	}
	return true;
}

/* FIELD OP FIELD with a side on both. */
static bool take_comparison(struct reading *r, unsigned i, enum side left)
{
	struct str a, b, op = r->token[i + 1].text;
	struct rule_term *t = add_term(r, i);

	side_of(&r->token[i], &a);
	if (side_of(&r->token[i + 2], &b) == left)
		return fail(r, r->token[i + 2].column, "both sides are the same; compare the "
			    "suggestion with the product");
	if (!str_eq(a, b))
		return fail(r, r->token[i + 2].column, "the two fields differ; only a field and "
			    "itself are compared");
	if (str_is(a, "price"))
		return compare_prices(r, i, t, left == SIDE_PRODUCT);
	if (!str_is(op, "=") && !str_is(op, "!=") && !str_is(op, "<>"))
		return fail(r, r->token[i + 1].column, "only prices are less or more; expected "
			    "= or !=");
	t->type = TERM_SAME;
	t->negated = !str_is(op, "=");
	t->field = str_is(a, "category") ? RULE_CATEGORY : str_is(a, "brand") ? RULE_BRAND :
		   RULE_ATTRIBUTE;
	t->attribute = arena_str(r->rules->arena, a);
	return true;
}

/* "0.5x..2x" */
static bool parse_times(struct str s, double *low, double *high)
{
	size_t at = str_find(s, STR(".."));
	struct str a, b;

	if (at == SIZE_MAX || at < 2 || s.len - at < 4)
		return false;
	a = str_span(s.ptr, at);
	b = str_span(s.ptr + at + 2, s.len - at - 2);
	if (a.ptr[a.len - 1] != 'x' || b.ptr[b.len - 1] != 'x')
		return false;
	a.len--;
	b.len--;
	return num_real(a, low) && num_real(b, high) && *low >= 0 && *low <= *high;
}

static bool is_times(const struct token *t)
{
	return t->type == TOKEN_NUMBER && str_find(t->text, STR("x..")) != SIZE_MAX;
}

/* [suggestion.]price [not] in 0.5x..2x */
static bool take_times(struct reading *r, unsigned i, unsigned end)
{
	struct rule_term *t = add_term(r, i);
	struct str field;
	unsigned in = i + 1;

	if (side_of(&r->token[i], &field) == SIDE_PRODUCT || !str_is(field, "price"))
		return expected(r, i, "suggestion.price before times the product's price");
	t->type = TERM_PRICE;
	t->negated = token_is(&r->token[in], "not");
	in += t->negated;
	if (!token_is(&r->token[in], "in"))
		return expected(r, in, "in before LOWx..HIGHx");
	if (!parse_times(r->token[in + 1].text, &t->low, &t->high))
		return expected(r, in + 1, "LOWx..HIGHx, as 0.5x..2x");
	return in + 2 == end || expected(r, in + 2, "and, a clause or the end of the rule");
}

/* A filter of one side, as text; the column of its errors is that of the rule. */
static bool take_filter(struct reading *r, unsigned i, unsigned end, enum side dflt)
{
	struct rule_term *t;
	enum side side = SIDE_NONE;
	struct err why = {0};
	struct str field;
	STRBUF(b);

	strbuf_fill(&b, ' ', r->token[i].column - 1);	/* keeps columns */
	for (unsigned k = i; k < end; k++) {
		enum side s = side_of(&r->token[k], &field);
		size_t from = r->start[k], to = r->start[k + 1];

		if (s != SIDE_NONE && side != SIDE_NONE && s != side)
			return fail(r, r->token[k].column, "a term speaks of one side, or "
				    "compares a field of both");
		if (s != SIDE_NONE) {
			side = s;
			strbuf_fill(&b, ' ', r->token[k].text.len - field.len);
			from += r->token[k].text.len - field.len;
		}
		strbuf_add(&b, str_span(r->text.ptr + from, to - from));
	}
	t = add_term(r, i);
	t->of_product = (side == SIDE_NONE ? dflt : side) == SIDE_PRODUCT;
	if (!filter_parse(&t->filter, strbuf_str(&b), &why) ||
	    !filter_check(t->filter, FILTER_PRODUCT, "a rule", &why))
		return err_fail(r->err, ERR_USAGE, "line %u, %s", r->line, why.text);
	return true;
}

static bool take_term(struct reading *r, unsigned i, unsigned end, enum side dflt)
{
	struct str field;
	enum side left = side_of(&r->token[i], &field);

	if (i == end)
		return expected(r, i, "a test, as suggestion.price<30");
	if (end - i == 3 && left != SIDE_NONE && r->token[i + 1].type == TOKEN_OP &&
	    side_of(&r->token[i + 2], &field) != SIDE_NONE)
		return take_comparison(r, i, left);
	for (unsigned k = i; k < end; k++)
		if (is_times(&r->token[k]))
			return take_times(r, i, end);
	return take_filter(r, i, end, dflt);
}

static bool take_condition(struct reading *r, unsigned *i, enum side dflt)
{
	for (;;) {
		unsigned end = part_end(r, *i, true);

		if (!take_term(r, *i, end, dflt))
			return false;
		*i = end;
		if (!token_is(&r->token[end], "and"))
			return true;
		++*i;
	}
}

/* --- clauses */

static bool take_position(struct reading *r, unsigned *i)
{
	uint64_t n;

	if (r->rule->action != RULE_PIN)
		return fail(r, r->token[*i - 1].column, "only a pin stands at a place");
	if (!num_u64(r->token[*i].text, &n) || n < 1 || n > 1000)
		return expected(r, *i, "a place from 1 to 1000");
	r->rule->position = (unsigned)n;
	++*i;
	return true;
}

static bool take_panel(struct reading *r, unsigned *i)
{
	for (unsigned p = 0; rules_panels[p]; p++)
		if (token_is(&r->token[*i], rules_panels[p])) {
			r->rule->panels = 1u << p;
			++*i;
			return true;
		}
	if (token_is(&r->token[*i], "list")) {
		r->rule->panels = 1u << RULES_LIST;
		++*i;
		return true;
	}
	return expected(r, *i, "similar, complementary or list");
}

static bool take_date(struct reading *r, unsigned *i, enum clause c)
{
	int64_t day;

	if (!time_parse_date(r->token[*i].text, &day))
		return expected(r, *i, "a day, as 2026-11-29");
	if (c == CLAUSE_FROM)
		r->rule->from = day;
	else
		r->rule->until = day + TIME_DAY;
	++*i;
	return true;
}

static bool take_clause(struct reading *r, unsigned *i, unsigned *seen)
{
	enum clause c;

	if (!find_clause(&r->token[*i], &c))
		return expected(r, *i, "at, for, on, from, until or the end of the rule");
	if (*seen >> c & 1)
		return fail(r, r->token[*i].column, "this was said before in the rule");
	*seen |= 1u << c;
	++*i;
	switch (c) {
	case CLAUSE_AT:
		return take_position(r, i);
	case CLAUSE_FOR:
		return take_condition(r, i, SIDE_PRODUCT);
	case CLAUSE_ON:
		return take_panel(r, i);
	default:
		return take_date(r, i, c);
	}
}

/* --- a rule */

/* A pin of one token before its first clause is one by id. */
static bool take_pinned(struct reading *r, unsigned *i)
{
	if (part_end(r, *i, true) != *i + 1)
		return take_condition(r, i, SIDE_SUGGESTION);
	r->rule->id = arena_str(r->rules->arena, r->token[*i].text);
	r->rule->column = r->token[*i].column;
	++*i;
	return true;
}

static bool take_action(struct reading *r)
{
	for (unsigned a = 0; a < RULE_ACTIONS; a++)
		if (token_is(&r->token[0], actions[a])) {
			r->rule->action = a;
			return true;
		}
	return expected(r, 0, "block, only, pin, boost, bury or once");
}

/* The field of once. */
static bool take_field(struct reading *r, unsigned *i)
{
	static const char *const fields[] = {
		[RULE_CATEGORY] = "category", [RULE_BRAND] = "brand", [RULE_VARIANT] = "variant",
	};
	unsigned f = RULE_CATEGORY;

	if (r->token[*i].type == TOKEN_END)
		return expected(r, *i, "variant, category, brand or an attribute");
	while (f <= RULE_VARIANT && !(fields[f] && token_is(&r->token[*i], fields[f])))
		f++;
	r->rule->field = f <= RULE_VARIANT ? f : RULE_ATTRIBUTE;
	r->rule->attribute = arena_str(r->rules->arena, r->token[*i].text);
	r->rule->column = r->token[*i].column;
	++*i;
	return true;
}

static bool take_subject(struct reading *r, unsigned *i)
{
	return r->rule->action == RULE_PIN ? take_pinned(r, i) :
	       r->rule->action == RULE_ONCE ? take_field(r, i) :
	       take_condition(r, i, SIDE_SUGGESTION);
}

static bool take_rule(struct reading *r)
{
	unsigned i = 1, seen = 0;

	if (!take_action(r))
		return false;
	if (!take_subject(r, &i))
		return false;
	while (r->token[i].type != TOKEN_END)
		if (!take_clause(r, &i, &seen))
			return false;
	if (r->rule->action == RULE_PIN && !r->rule->position)
		return expected(r, i, "at N, the place of the pin");
	return r->rule->from < r->rule->until || fail(r, 1, "the rule ends before it begins");
}

/* Without the comment: from a # that no quotes enclose. */
static struct str without_comment(struct str s)
{
	char quote = 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (quote)
			quote = c == quote ? 0 : quote;
		else if (c == '\'' || c == '"')
			quote = c;
		else if (c == '#')
			return str_span(s.ptr, i);
	}
	return s;
}

static bool take_line(struct rules *rules, struct str line, unsigned number, struct err *err)
{
	SCOPED_FREE struct reading *r = mem_zalloc(sizeof *r);

	line = without_comment(line);
	if (str_trim(line).len == 0)
		return true;
	*r = (struct reading){.rules = rules, .line = number, .err = err};
	if (line.len > RULE_LINE || rules->n == RULES_MAX)
		return fail(r, 1, rules->n == RULES_MAX ? "there are too many rules" :
			    "the rule is too long");
	r->text = arena_str(rules->arena, line);
	rules->at = mem_resize(rules->at, rules->n + 1, sizeof *rules->at);
	r->rule = &rules->at[rules->n++];
	*r->rule = (struct rule){
		.line = number, .text = str_trim(r->text), .panels = UINT32_MAX,
		.from = INT64_MIN, .until = INT64_MAX,
	};
	return cut(r) && take_rule(r);
}

bool rules_parse(struct rules **out, struct str text, struct err *err)
{
	SCOPED(rules) rules = mem_zalloc(sizeof *rules);
	struct str line;

	rules->arena = arena_create();
	for (unsigned n = 1; str_next(&text, '\n', &line); n++)
		if (!take_line(rules, line, n, err))
			return false;
	*out = rules;
	rules = NULL;
	return true;
}

void rules_destroy(struct rules *r)
{
	if (!r)
		return;
	for (unsigned i = 0; i < r->n; i++) {
		for (unsigned k = 0; k < r->at[i].n; k++)
			filter_destroy(r->at[i].term[k].filter);
		free(r->at[i].term);
	}
	free(r->at);
	arena_destroy(r->arena);
	free(r);
}

const char *rules_proposal(struct str reason)
{
	static const struct {
		const char *reason, *rule;
	} of[] = {
		{"variant", "once variant"},
		{"substitute",
		 "block suggestion.category = product.category on complementary"},
		{"price", "only suggestion.price in 0.5x..2x"},
	};

	for (size_t i = 0; i < sizeof of / sizeof *of; i++)
		if (str_is(reason, of[i].reason))
			return of[i].rule;
	return NULL;
}
