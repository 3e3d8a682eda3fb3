/* SPDX-License-Identifier: GPL-3.0-or-later */
/* utf8: strict UTF-8, widths in terminal cells, and the one sanitiser. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/str.h"

#define UTF8_BAD UINT32_MAX

/* Decode one character at *pos and step over it. Overlong forms, surrogates,
 * values over U+10FFFF and cut sequences give UTF8_BAD and step one byte
 * (a maximal valid prefix counts as one: Unicode 15, table 3-8). */
uint32_t utf8_next(struct str s, size_t *pos);
bool utf8_valid(struct str s);
void utf8_add(struct strbuf *b, uint32_t c);
/* Append s; bytes that aren't UTF-8 are taken for Windows-1252 (five of it mean nothing:
 * U+FFFD). */
void utf8_repair(struct strbuf *b, struct str s);
/* Cells that c takes: 0 (combining, default-ignorable), 1 or 2. */
int utf8_width(uint32_t c);
/* Cells of clean text (what sanitize wrote). */
size_t utf8_cells(struct str s);
/* How many bytes of clean text fit into `cells`; never cuts a character nor
 * parts a base from its marks. *used (may be NULL) gets the cells taken. */
size_t utf8_clip(struct str s, size_t cells, size_t *used);
/* Clean text cut or padded to exactly `cells`, with an ellipsis when cut. */
void utf8_fit(struct strbuf *b, struct str s, size_t cells, const char *ellipsis);

enum sanitize_mode {
	SANITIZE_LINE,	/* line breaks and tabs become one space */
	SANITIZE_TEXT,	/* LF stays, CR LF becomes LF, tab becomes a space */
};
/*
 * Append text with nothing in it that can drive a terminal or spoof a row:
 * bytes that are not UTF-8 become U+FFFD; C0, DEL and C1 become visible
 * (^[ ^? <U+0085>); bidi controls, zero-width and other default-ignorable
 * characters become a visible <U+202E>; at most two combining marks stay on
 * a base; variation selectors and joiners are dropped. Idempotent. Returns
 * true when something had to be changed.
 */
bool sanitize(struct strbuf *out, struct str text, enum sanitize_mode mode);
/* Case folding for search: ASCII and simple Unicode folding (utf8proc). */
void utf8_fold(struct strbuf *out, struct str text);

#endif
