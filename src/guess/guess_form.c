/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The form of the text: that separator whose records have the same number of fields most
 * often; then what makes more of them fit: blanks before quotes, backslashes, single
 * quotes, a separator too many; then the line on which the header stands.
 */
#include "config.h"

#include "guess/guess_impl.h"

#include "base/mem.h"

#define TRIED 1000	 /* records that forms are tried on */
#define TRIED_BYTES ((size_t)256 << 10)
#define PREAMBLE 40	 /* records among which the first one is looked for */

static const struct split_limits small_records = {
	.field = 1 << 16,
	.record = 1 << 18,
	.piece = 1 << 20,
	.window = 1 << 20,
};

struct split_piece guess_piece(const struct strbuf *text)
{
	const char *p = strbuf_c(text), *end = p + text->len;

	if (str_starts(strbuf_str(text), STR("\xef\xbb\xbf")))
		p += 3;
	return (struct split_piece){p, end, end, true};
}

static struct split_limits limits_of(const struct form *f)
{
	struct split_limits l = small_records;

	l.no_quotes = !f->quote;
	l.quote = f->quote;
	return l;
}

/* The text, or its first bytes, in the plain form. */
static void make_plain(const struct guess *g, const struct form *f, size_t most,
		       struct strbuf *out)
{
	struct str text = strbuf_str(&g->text);
	struct form_state state = {0};
	size_t used;

	if (text.len > most)
		text.len = most;
	strbuf_reserve(out, text.len + 1);
	out->len += form_convert(f, &state, text.ptr, text.len, &used, out->ptr + out->len,
				 text.len, true);
	out->ptr[out->len] = '\0';
}

/* What the first records look like. */
struct looks {
	uint32_t seen[DATASET_COLUMNS + 1], total;
	unsigned best;		/* the most common number of fields */
	double fit;		/* its share */
	uint32_t last_empty;	/* of those: nothing stands behind the last separator */
	uint32_t single;	/* fields that ' encloses, of all that hold something */
	uint32_t fields;
	struct {
		unsigned n, filled;
		uint64_t line;
		bool last_empty;
	} first[PREAMBLE];
};

static void look_at(struct looks *l, const struct csv_record *r)
{
	unsigned filled = 0;

	for (unsigned i = 0; i < r->n && i < DATASET_COLUMNS; i++) {
		struct str s = str_trim(r->field[i]);

		filled += s.len > 0;
		l->single += s.len > 1 && s.ptr[0] == '\'' && s.ptr[s.len - 1] == '\'';
	}
	l->fields += filled;
	if (l->total < PREAMBLE) {
		l->first[l->total].n = r->n;
		l->first[l->total].filled = filled;
		l->first[l->total].line = r->line;
		l->first[l->total].last_empty = r->n && !str_trim(r->field[r->n - 1]).len;
	}
	l->total++;
	if (!r->reason)
		l->seen[r->n < DATASET_COLUMNS ? r->n : DATASET_COLUMNS]++;
}

static void read_looks(const struct guess *g, const struct form *f, struct looks *l)
{
	struct split_limits limits = limits_of(f);
	struct split_piece piece;
	struct csv_record r;
	struct csv csv;
	STRBUF(plain);

	*l = (struct looks){.best = 1};
	if (form_needed(f))
		make_plain(g, f, TRIED_BYTES, &plain);
	piece = guess_piece(form_needed(f) ? &plain : &g->text);
	csv_reader_init(&csv, f->separator, &limits);
	csv_reader_start(&csv, &piece);
	while (l->total < TRIED && csv_reader_next(&csv, &r))
		look_at(l, &r);
	csv_reader_finish(&csv);
	for (unsigned n = 2; n <= DATASET_COLUMNS; n++)
		if (l->seen[n] > l->seen[l->best] ||
		    (n > l->best && l->seen[n] == l->seen[l->best]))
			l->best = n;
	l->fit = l->total ? (double)l->seen[l->best] / l->total : 0;
}

/* Records of the most common length that end with an empty field. */
static void count_last_empty(const struct guess *g, const struct form *f, struct looks *l)
{
	struct split_limits limits = limits_of(f);
	struct split_piece piece;
	struct csv_record r;
	struct csv csv;
	uint32_t total = 0;
	STRBUF(plain);

	make_plain(g, f, TRIED_BYTES, &plain);
	piece = guess_piece(&plain);
	csv_reader_init(&csv, f->separator, &limits);
	csv_reader_start(&csv, &piece);
	while (total++ < TRIED && csv_reader_next(&csv, &r))
		l->last_empty += !r.reason && r.n == l->best && !str_trim(r.field[r.n - 1]).len;
	csv_reader_finish(&csv);
}

/* Do the first bytes hold such a text? */
static bool holds(const struct guess *g, const char *what)
{
	struct str text = strbuf_str(&g->text);

	text.len = text.len < TRIED_BYTES ? text.len : TRIED_BYTES;
	return str_find(text, str_from(what)) != SIZE_MAX;
}

/* Is every c of the first lines part of a longer separator? */
static bool all_within(const struct guess *g, const char *wide)
{
	struct str text = strbuf_str(&g->text);
	size_t n = strlen(wide), whole = 0, parts = 0;

	text.len = text.len < 4096 ? text.len : 4096;
	for (size_t i = 0; i + n <= text.len; i++)
		if (memcmp(text.ptr + i, wide, n) == 0) {
			whole++;
			i += n - 1;
		}
	for (size_t i = 0; i < text.len; i++)
		parts += text.ptr[i] == wide[0];
	for (size_t i = 0; wide[i]; i++)
		n -= wide[i] != wide[0];
	return whole > 1 && parts <= whole * n + whole / 20 + n;
}

static void keep_better(struct guess *g, const struct form *f, const struct looks *l,
			double margin)
{
	if (l->best < 2 || l->fit < 0.5)
		return;
	if (l->fit > g->fit + margin ||
	    (l->fit > g->fit - margin && l->best > g->n && f->quote)) {
		g->fit = l->fit;
		g->n = l->best;
		g->form = *f;
	}
}

/* The separator that gives most records the same number of fields, and where two
 * are as good the one with more fields; a space, or fields that are never enclosed,
 * only where nothing else will do. One of several bytes stands above its first one. */
static bool find_separator(struct guess *g)
{
	static const char seps[] = {',', ';', '\t', '|', '^', '~', 1, 2, ' '};
	static const char *const wide[] = {"::", "|||", "||", "~|~", "|~|", "^|^", "^^",
					   "~~", ";;", "##", "@@",  "$$"};
	struct looks l;

	for (size_t i = 0; i < sizeof(wide) / sizeof(*wide) && !g->n; i++) {
		struct form f = {.separator = FORM_MARK, .quote = '"'};

		memcpy(f.wide, wide[i], strlen(wide[i]));
		/* Two pipes may enclose an empty field; two colons hardly. */
		if (!strchr(":#@$", wide[i][0]) && !all_within(g, wide[i]))
			continue;
		if (!holds(g, wide[i]))
			continue;
		read_looks(g, &f, &l);
		keep_better(g, &f, &l, 0.02);
		f.quote = 0;
		read_looks(g, &f, &l);
		keep_better(g, &f, &l, 0.02);
	}
	for (size_t i = 0; i < 2 * sizeof seps && !g->form.wide[0]; i++) {
		struct form f = {.separator = seps[i % sizeof seps],
				 .quote = i < sizeof seps ? '"' : 0};

		if (f.separator == ' ' && g->n)
			continue;
		read_looks(g, &f, &l);
		keep_better(g, &f, &l, 0.02);
	}
	return g->n > 0;
}

/* Take a change of the form over if it makes more records fit. */
static void try_change(struct guess *g, const struct form *f)
{
	struct looks l;

	read_looks(g, f, &l);
	if (l.best < 2 || (l.fit <= g->fit && (g->form.quote || l.fit < g->fit)))
		return;
	g->fit = l.fit;
	g->n = l.best;
	g->form = *f;
}

static void find_quotes(struct guess *g)
{
	char blank[] = {g->form.separator, ' ', '"', '\0'};
	struct form f = g->form;
	struct looks l;

	/* Spaces first: without them no quote is one. */
	if (f.separator != ' ' && holds(g, blank)) {
		f.quote = '"';
		f.spaces = true;
		read_looks(g, &f, &l);
		if (l.fit >= g->fit) {
			g->fit = l.fit;
			g->n = l.best;
			g->form = f;
		}
	}
	f = g->form;
	f.quote = '"';
	f.escape = true;
	if (holds(g, "\\\""))
		try_change(g, &f);
	f = g->form;
	read_looks(g, &f, &l);
	f.quote = '\'';
	if (l.single * 2 > l.fields) {
		read_looks(g, &f, &l);
		if (l.fit >= g->fit - 0.1) {
			g->fit = l.fit;
			g->n = l.best;
			g->form = f;
		}
		f.escape = true;
		if (holds(g, "\\'"))
			try_change(g, &f);
	}
}

/* One separator too many in all lines but the header, or in that alone. */
static void find_trailing(struct guess *g, const struct looks *l, unsigned at)
{
	if (l->first[at].n + 1 == g->n && l->last_empty == l->seen[g->n]) {
		g->form.trailing = TRAILING_ROWS;
		g->n--;
	} else if (l->first[at].n == g->n + 1 && l->first[at].last_empty) {
		g->form.trailing = TRAILING_HEADER;
	}
}

/* The header is the first record that is about as full as the others. */
static void find_start(struct guess *g)
{
	unsigned n = 0, most = 0, at = 0;
	struct looks l;

	read_looks(g, &g->form, &l);
	count_last_empty(g, &g->form, &l);
	n = l.total < PREAMBLE ? l.total : PREAMBLE;
	for (unsigned i = 0; i < n; i++)
		if (l.first[i].n == g->n && l.first[i].filled > most)
			most = l.first[i].filled;
	while (at < n && !(l.first[at].filled * 10 >= most * 6 &&
			   (l.first[at].n == g->n ||
			    (l.first[at].n + 1 == g->n && l.last_empty == l.seen[g->n]) ||
			    (l.first[at].n == g->n + 1 && l.first[at].last_empty))))
		at++;
	if (at == n)
		return;
	find_trailing(g, &l, at);
	if (at > 0)
		g->form.skip = (unsigned)l.first[at].line;
}

bool guess_form(struct guess *g, struct err *err)
{
	STRBUF(plain);

	g->limits = small_records;
	if (!find_separator(g))
		return !guess_is_baskets(g, err) && err_fail(
			err, ERR_FORMAT,
			"%s has no columns: no comma, semicolon, "
			"tab, pipe or space gives most of its lines the same number "
			"of fields. Baskets of items, one a line, are the data set "
			"baskets",
			g->file);
	find_quotes(g);
	if (g->n >= DATASET_COLUMNS)
		return err_fail(err, ERR_FORMAT,
				"%s has %u columns or more; a mapping "
				"knows at most %d",
				g->file, g->n, DATASET_COLUMNS - 1);
	find_start(g);
	g->limits = limits_of(&g->form);
	if (!form_needed(&g->form))
		return true;
	make_plain(g, &g->form, SIZE_MAX, &plain);
	strbuf_reset(&g->text);
	strbuf_add(&g->text, strbuf_str(&plain));
	return true;
}
