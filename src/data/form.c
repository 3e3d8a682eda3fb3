/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pass over the bytes; what a byte means is decided with the FORM_HELD that follow. */
#include "config.h"

#include "data/form.h"

#include <assert.h>

#define MARK "\xef\xbb\xbf" /* of UTF-8 */

bool form_needed(const struct form *f)
{
	return f->wide[0] || f->escape || f->spaces || f->trailing || f->skip || f->n_footers;
}

static bool is_eol(char c)
{
	return c == '\n' || c == '\r';
}

/* Bytes of the separator at p, or 0. */
static size_t separator_at(const struct form *f, const char *p, const char *end)
{
	size_t n = strlen(f->wide);

	if (n == 0)
		return p < end && *p == f->separator;
	return (size_t)(end - p) >= n && memcmp(p, f->wide, n) == 0 ? n : 0;
}

/* Does a line that becomes a blank one begin at p? */
static bool blank_line(const struct form *f, const struct form_state *s, const char *p,
		       const char *end)
{
	if (s->lines < f->skip)
		return true;
	for (unsigned i = 0; i < f->n_footers; i++) {
		struct str w = f->footer[i];
		const char *q = p + (p < end && *p == f->quote);

		if ((size_t)(end - q) >= w.len && memcmp(q, w.ptr, w.len) == 0)
			return true;
	}
	return false;
}

/* Is the separator that ends at p one too many? */
static bool is_extra(const struct form *f, const struct form_state *s, const char *p,
		     const char *end)
{
	if (f->trailing == TRAILING_NONE || (f->trailing == TRAILING_HEADER && s->any))
		return false;
	return p == end || is_eol(*p);
}

/* The place behind the blanks at p, or p when no `c` follows them. */
static const char *over_blanks(const char *p, const char *end, char c)
{
	const char *q = p;

	while (q < end && *q == ' ' && q - p < FORM_HELD / 2)
		q++;
	return q < end && *q == c ? q : p;
}

static void line_end(struct form_state *s, const char *p, const char *end)
{
	s->lines += *p == '\n' || p + 1 == end || p[1] != '\n';
	s->any |= s->begun;
	s->inside = s->quoted = s->closed = s->begun = s->blank = false;
}

struct bytes_left {
	const char *p, *end;
};

/* In quotes: how many bytes at p were taken, and what they became. */
static size_t quoted_byte(const struct form *f, struct form_state *s, struct bytes_left in,
			  char **to)
{
	bool more = in.p + 1 < in.end;

	if (f->escape && *in.p == '\\' && more && in.p[1] != 'N') {
		/* An escaped quote is a doubled one; others lose the backslash. */
		if (in.p[1] == f->quote)
			*(*to)++ = f->quote;
		*(*to)++ = in.p[1];
		s->lines += in.p[1] == '\n';
		return 2;
	}
	if (*in.p == f->quote && more && in.p[1] == f->quote) {
		*(*to)++ = f->quote;
		*(*to)++ = f->quote;
		return 2;
	}
	if (*in.p == f->quote) {
		s->quoted = false;
		s->closed = true;
	}
	s->lines += *in.p == '\n';
	*(*to)++ = *in.p;
	return 1;
}

/* Outside of quotes, likewise. */
static size_t plain_byte(const struct form *f, struct form_state *s, struct bytes_left in,
			 char **to)
{
	size_t n = separator_at(f, in.p, in.end);

	if (is_eol(*in.p)) {
		line_end(s, in.p, in.end);
		*(*to)++ = *in.p;
		return 1;
	}
	if (!s->begun && s->lines == 0 && in.end - in.p >= 3 && memcmp(in.p, MARK, 3) == 0) {
		memcpy(*to, in.p, 3);
		*to += 3;
		return 3;
	}
	s->begun = true;
	if (n) {
		s->inside = s->closed = false;
		if (!is_extra(f, s, in.p + n, in.end))
			*(*to)++ = f->separator;
		return n;
	}
	if (f->spaces && *in.p == ' ' && s->closed)
		return 1;
	if (f->spaces && *in.p == ' ' && !s->inside &&
	    over_blanks(in.p, in.end, f->quote) > in.p)
		return (size_t)(over_blanks(in.p, in.end, f->quote) - in.p);
	s->quoted = f->quote && *in.p == f->quote && !s->inside;
	s->inside = true;
	*(*to)++ = *in.p;
	return 1;
}

/* From here on every byte stays. */
static bool done(const struct form *f, const struct form_state *s)
{
	return s->lines >= f->skip && s->any && !s->blank && !f->wide[0] && !f->escape &&
	       !f->spaces && !f->n_footers && f->trailing != TRAILING_ROWS;
}

size_t form_convert(const struct form *f, struct form_state *s, const char *in, size_t n,
		    size_t *used, char *out, size_t cap, bool last)
{
	const char *p = in, *end = in + n;
	const char *stop = last ? end : n > FORM_HELD ? end - FORM_HELD : in;
	char *to = out;

	assert(cap >= n);
	while (p < stop) {
		if (!s->begun && !s->blank && !is_eol(*p))
			s->blank = blank_line(f, s, p, end);
		if (done(f, s)) {
			memcpy(to, p, (size_t)(stop - p));
			to += stop - p;
			p = stop;
		} else if (s->blank) {
			if (is_eol(*p)) {
				*to++ = *p;
				line_end(s, p, end);
			}
			p++;
		} else {
			p += (s->quoted ? quoted_byte
					: plain_byte)(f, s, (struct bytes_left){p, end}, &to);
		}
	}
	*used = (size_t)(p - in);
	return (size_t)(to - out);
}
