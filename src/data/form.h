/* SPDX-License-Identifier: GPL-3.0-or-later */
/* form: brings delimited text of other habits to the one form that records are cut from. */
#ifndef DATA_FORM_H
#define DATA_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

#define FORM_SEPARATOR 8	/* bytes of the longest separator */
#define FORM_MARK '\x1f'	/* what stands for one of several bytes */
#define FORM_FOOTERS 8
#define FORM_FILLS 12
#define FORM_HELD 80		/* bytes that form_convert may leave for the next call */

enum form_trailing {
	TRAILING_NONE,
	TRAILING_ROWS,		/* lines end with a separator too many */
	TRAILING_HEADER,	/* the first line alone does */
};

/* What is to be put right. All zero but separator and quote: nothing. */
struct form {
	char separator;		/* the reader's, FORM_MARK where `wide` is set */
	char quote;		/* 0: fields are never enclosed */
	char wide[FORM_SEPARATOR + 1];	/* a separator of several bytes, or "" */
	bool escape;		/* in quotes a backslash takes the meaning from the next byte */
	bool spaces;		/* blanks between separators and quotes */
	enum form_trailing trailing;
	unsigned skip;		/* lines before the first record become blank ones */
	struct str footer[FORM_FOOTERS];	/* lines that begin so become blank ones */
	unsigned n_footers;
	/* Columns that only the first line of an order fills (fill.h), by name or number. */
	struct str order, fill[FORM_FILLS];
	unsigned n_fill;
	bool header;		/* the first record names the columns */
};
/* Is there anything to do? */
bool form_needed(const struct form *f);

/* Where form_convert is in a text; zero it first. */
struct form_state {
	unsigned long long lines;
	bool inside, quoted, closed;	/* a line's and a field's beginning: all false */
	bool begun, any, blank;
};
/*
 * Bring the n bytes at in to the plain form at out, which has room for cap >= n bytes:
 * text never grows. Returns how many were written and how many of in were used up: at
 * most FORM_HELD are left for the next call, unless `last`. Line ends stay as they are.
 */
size_t form_convert(const struct form *f, struct form_state *s, const char *in, size_t n,
		    size_t *used, char *out, size_t cap, bool last);

#endif
