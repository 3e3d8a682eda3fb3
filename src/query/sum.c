/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signs and terms are read left to right; quotes keep signs inside an id. */
#include "config.h"

#include "query/sum.h"

#include "base/err.h"

struct word {
	struct str text;	/* without quotes */
	const char *start, *end;	/* with them */
	bool quoted;
	char sign;		/* '+', '-' or 0 */
};

struct reader {
	struct str all;
	size_t at;
};

static unsigned column_of(const struct reader *r, const char *place)
{
	unsigned column = 1;
	for (const char *p = r->all.ptr; p < place; p++)
		column += ((unsigned char)*p & 0xc0) != 0x80;
	return column;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* From an opening quote to the next one of its kind. */
static bool read_quoted(struct reader *r, struct word *w, struct err *err)
{
	const char *open = r->all.ptr + r->at;
	struct str rest = str_span(open + 1, r->all.len - r->at - 1);
	size_t n = str_chr(rest, *open);
	if (n == SIZE_MAX)
		return err_fail(err, ERR_USAGE, "column %u: this quote is not closed",
				column_of(r, open));
	*w = (struct word){str_span(rest.ptr, n), open, rest.ptr + n + 1, true, 0};
	if (str_trim(w->text).len == 0)
		return err_fail(err, ERR_USAGE, "column %u: there is nothing between the quotes",
				column_of(r, open));
	r->at += n + 2;
	return true;
}

/* w->start is NULL at the end. */
static bool read_word(struct reader *r, struct word *w, struct err *err)
{
	while (r->at < r->all.len && is_space(r->all.ptr[r->at]))
		r->at++;
	*w = (struct word){0};
	if (r->at == r->all.len)
		return true;
	const char *start = r->all.ptr + r->at;
	if (*start == '"' || *start == '\'')
		return read_quoted(r, w, err);
	while (r->at < r->all.len && !is_space(r->all.ptr[r->at]))
		r->at++;
	w->start = start;
	w->end = r->all.ptr + r->at;
	w->text = str_span(start, (size_t)(w->end - start));
	if (str_is(w->text, "+") || str_is(w->text, "-"))
		w->sign = *start;
	return true;
}

static bool add_term(struct reader *r, struct sum *s, const struct word *w, bool minus,
		     struct err *err)
{
	if (s->n == SUM_TERMS)
		return err_fail(err, ERR_USAGE, "column %u: more than %d products",
				column_of(r, w->start), SUM_TERMS);
	s->term[s->n++] = (struct sum_term){w->text, minus, column_of(r, w->start)};
	return true;
}

/* A word after a term without a sign: it goes on with it, unless one has quotes. */
static bool go_on(struct reader *r, struct sum_term *t, const struct word *before,
		  const struct word *w, struct err *err)
{
	if (before->quoted || w->quoted)
		return err_fail(err, ERR_USAGE, "column %u: + or - is wanted before '%.*s'",
				column_of(r, w->start), (int)(w->end - w->start), w->start);
	t->text.len = (size_t)(w->end - t->text.ptr);
	return true;
}

static bool wanted(struct reader *r, const struct word *sign, struct err *err)
{
	return err_fail(err, ERR_USAGE, "column %u: a product is wanted after '%c'",
			column_of(r, sign->start), sign->sign);
}

bool sum_parse(struct sum *out, struct str text, struct err *err)
{
	struct reader r = {.all = text};
	struct sum s = {.n = 0};
	struct word w, before = {0};
	for (;;) {
		if (!read_word(&r, &w, err))
			return false;
		if (!w.start)
			break;
		if (w.sign && before.sign)
			return wanted(&r, &before, err);
		if (w.sign == '+' && !before.start)
			return err_fail(err, ERR_USAGE, "column %u: a product is wanted before '+'",
					column_of(&r, w.start));
		bool ok = w.sign || (before.start && !before.sign ?
			  go_on(&r, &s.term[s.n - 1], &before, &w, err) :
			  add_term(&r, &s, &w, before.sign == '-', err));
		if (!ok)
			return false;
		before = w;
	}
	if (before.sign)
		return wanted(&r, &before, err);
	if (s.n == 0)
		return err_fail(err, ERR_USAGE, "column 1: a product is wanted: an id or a name");
	*out = s;
	return true;
}
