/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quote: texts as fields of data formats, so that they read back as they were. */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include "base/str.h"

/* RFC 4180: quoted only where it must be (separator, quote, line end, a space at an
 * end). */
void quote_csv(struct strbuf *b, struct str s, char separator);
/* Tab, line ends and backslash as \t, \n, \r, \\. */
void quote_tsv(struct strbuf *b, struct str s);
/* A JSON string with its quotes; bytes that are not UTF-8 become U+FFFD, control
 * characters (C1 too: output may go to a terminal) \uhhhh. */
void quote_json(struct strbuf *b, struct str s);

/* A word as a POSIX shell and the ':' line take it: in '...' where it must be. */
void quote_word(struct strbuf *b, struct str s);

#endif
