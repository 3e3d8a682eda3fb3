/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns that are not used though their names say something: why, with the first value. */
#include "config.h"

#include "guess/guess_impl.h"

#include "base/time_format.h"
#include "base/utf8.h"
#include "data/field.h"

#define VALUE_SHOWN 40 /* bytes */
#define CALLED 8       /* of guess_name_score: not by chance */

void guess_add_value(struct strbuf *b, struct str s)
{
	sanitize(b, str_span(s.ptr, s.len > VALUE_SHOWN ? VALUE_SHOWN : s.len), SANITIZE_LINE);
	strbuf_adds(b, s.len > VALUE_SHOWN ? "..." : "");
}

void guess_add_values(const struct guess *g, struct strbuf *b, size_t i, unsigned n)
{
	const struct guess_column *c = &g->column[i];

	for (uint32_t v = 0, shown = 0; v < map_count(c->values) && shown < n; v++) {
		if (!c->count[v])
			continue;
		strbuf_adds(b, shown++ ? ", " : "");
		guess_add_value(b, map_key(c->values, v));
	}
}

static bool is_number(struct str s)
{
	struct decimal d;

	return field_decimal(s, false, &d) || field_decimal(s, true, &d);
}

static bool is_pieces(struct str s)
{
	struct decimal d;
	int64_t n;

	return (field_decimal(s, false, &d) || field_decimal(s, true, &d)) &&
	       num_rescale(d, 0, &n) && n != 0;
}

static bool is_word(struct str s)
{
	return s.len <= DATASET_ID_MAX && str_chr(s, ' ') == SIZE_MAX;
}

/* What is told of, what its values must be, and what they are not otherwise. */
static const struct told {
	const char *what;
	enum mapping_key role;
	enum guess_part part;	/* instead of a role's names, if not PART_YEAR */
	bool (*is)(struct str s);	/* NULL: a time */
	const char *no;
} told[] = {
	{"quantity", MAP_QUANTITY, PART_YEAR, is_pieces, "are no numbers of pieces"},
	{"price", MAP_PRICE, PART_YEAR, is_number, "are no numbers"},
	{"total", MAP_TOTAL, PART_TOTAL, is_number, "are no numbers"},
	{"user", MAP_USER, PART_YEAR, is_word, "are no ids"},
	{"session", MAP_SESSION, PART_YEAR, is_word, "are no ids"},
	{"status", MAP_STATUS, PART_STATUS, field_cancels, "are not known to cancel an order"},
	{"time", MAP_TIME, PART_YEAR, NULL, "are no times"},
};

/* The column that a role has, or GUESS_NO. */
static size_t column_of(const struct guess *g, const struct told *t)
{
	return t->role == MAP_TOTAL ? g->total
	       : t->role == MAP_STATUS ? g->status
	       : t->role == MAP_TIME && g->year != GUESS_NO ? g->year
	       : t->role == MAP_PRICE && g->role[MAP_PRICE] == GUESS_NO ? g->total
								       : g->role[t->role];
}

static bool says(const struct told *t, struct str name)
{
	return t->part != PART_YEAR ? guess_name_part(name, t->part)
				    : guess_name_score(name, t->role) >= CALLED;
}

static const struct told *called(const struct guess *g, size_t i)
{
	for (size_t k = 0; g->header && k < sizeof(told) / sizeof(*told); k++)
		if (says(&told[k], g->column[i].name))
			return &told[k];
	return NULL;
}

void guess_why_unused(const struct guess *g, size_t i, struct strbuf *out)
{
	const struct told *t = called(g, i);
	size_t other = t ? column_of(g, t) : GUESS_NO;

	if (t && t->role == MAP_TOTAL && other == GUESS_NO)
		other = g->role[MAP_PRICE];
	if (other != GUESS_NO)
		strbuf_addf(out, " (%s is %.*s)", t->role == MAP_TOTAL && g->total == GUESS_NO
			    ? "price" : t->what, STR_ARG(g->column[other].shown));
	else if (g->column[i].counter)
		strbuf_adds(out, " (a counter)");
	else if (!t && g->column[i].time_format && g->column[i].integers < 0.5)
		strbuf_adds(out, " (times)");
}

/* The first value that isn't what it should be, its line, and how many there are. */
struct failing {
	struct str first;
	uint32_t line, bad, all;
};

static struct failing failing(const struct guess *g, size_t i, const struct told *t)
{
	const struct guess_column *c = &g->column[i];
	const char *format = c->time_format ? c->time_format
			     : c->near_format ? c->near_format : "iso";
	struct failing f = {.first = STR_NULL};
	int64_t ms;

	for (uint32_t r = 0; r < g->rows; r++) {
		struct str s;

		if (c->code[r] == MAP_NONE)
			continue;
		f.all++;
		s = map_key(c->values, c->code[r]);
		if (t->is ? t->is(str_trim(s)) : time_format_parse(str_from(format), s, &ms))
			continue;
		if (f.bad++ == 0) {
			f.first = s;
			f.line = g->line[r];
		}
	}
	return f;
}

/* Why a column that is called so isn't used; a line end where text may be broken. */
static void add_called(const struct guess *g, size_t i, const struct told *t, struct strbuf *out)
{
	const struct guess_column *c = &g->column[i];
	struct failing f = failing(g, i, t);
	unsigned share = f.all ? (unsigned)(100.0 * f.bad / f.all + 0.5) : 0;
	STRBUF(b);

	strbuf_addf(out, "WARNING: %.*s is called like a %s, but ", STR_ARG(c->shown), t->what);
	if (t->role == MAP_TOTAL && g->order_total && !f.bad) {
		strbuf_adds(out, "it is the whole order's, not the line's\n");
	} else if (f.bad) {
		guess_add_value(&b, f.first);
		strbuf_addf(out, "%u%% of its values %s\n(the first: %s",
			    share ? share : 1, t->no, strbuf_c(&b));
		if (f.line)
			strbuf_addf(out, ", line %u", f.line);
		strbuf_adds(out, ")");
	} else {
		guess_add_values(g, &b, i, 2);
		strbuf_addf(out, "%s\n(%s; filled in %u of %u records)",
			    g->given ? "the mapping doesn't name it" : "what it holds doesn't fit",
			    strbuf_c(&b), c->filled, g->rows);
	}
	strbuf_adds(out, "; it is not used as one.");
}

/* Text as comments of a mapping. */
static void add_comment(struct strbuf *out, struct str text)
{
	struct str line;

	while (text.len && str_next(&text, '\n', &line))
		strbuf_addf(out, "# %.*s\n", STR_ARG(line));
}

static void warn_exponent(const struct guess *g, size_t i, struct strbuf *out)
{
	STRBUF(b);

	guess_add_values(g, &b, i, 1);
	strbuf_addf(out,
		    "# WARNING: %.*s holds numbers in exponent form (%s): a spreadsheet has "
		    "rounded\n# them and their digits are lost. Get the file anew.%s\n",
		    STR_ARG(g->column[i].shown), strbuf_c(&b),
		    guess_used(g, i) ? "" : " The column is left out.");
}

/* People's addresses stay out of stores. */
static void tell_personal(const struct guess *g, struct strbuf *out)
{
	bool any = false;

	for (size_t i = 0; i < g->n; i++) {
		const struct guess_column *c = &g->column[i];

		if (!c->personal || !c->filled || guess_used(g, i))
			continue;
		strbuf_addf(out, "%s%.*s (%s)", any ? ", " : "# Left out as personal data: ",
			    STR_ARG(c->shown), c->personal);
		any = true;
	}
	strbuf_adds(out, any ? ".\n" : "");
}

/* Is something called like what no column is used as? */
static const struct told *lacks(const struct guess *g, size_t i)
{
	const struct told *t = called(g, i);

	return t && g->column[i].filled && !g->column[i].personal && !guess_used(g, i) &&
			       column_of(g, t) == GUESS_NO &&
			       !(t->role == MAP_TOTAL && g->role[MAP_PRICE] != GUESS_NO)
		       ? t
		       : NULL;
}

void guess_warn_given(const struct guess *g, struct strbuf *out)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct told *t = lacks(g, i);
		STRBUF(b);

		if (!t)
			continue;
		add_called(g, i, t, &b);
		for (size_t k = 0; k < b.len; k++)
			b.ptr[k] = b.ptr[k] == '\n' ? ' ' : b.ptr[k];
		strbuf_add(out, strbuf_str(&b));
		strbuf_addc(out, '\n');
	}
}

void guess_warn(const struct guess *g, struct strbuf *out)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct guess_column *c = &g->column[i];
		const struct told *t = lacks(g, i);
		STRBUF(b);

		if (c->exponent > 0 && i != g->role[MAP_PRICE] && i != g->total &&
		    i != g->role[MAP_QUANTITY])
			warn_exponent(g, i, out);
		else if (t)
			add_called(g, i, t, &b);
		add_comment(out, strbuf_str(&b));
	}
	tell_personal(g, out);
}
