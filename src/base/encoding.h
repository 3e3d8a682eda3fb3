/* SPDX-License-Identifier: GPL-3.0-or-later */
/* encoding: text of other encodings to UTF-8, piece by piece. */
#ifndef BASE_ENCODING_H
#define BASE_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/scope.h"

struct encoding;

/* Any name that iconv knows; latin1, cp1252 and the like too. ERR_USAGE when it knows
 * none of that name. *e is NULL for UTF-8, where nothing is to be done. */
bool encoding_create(struct encoding **e, const char *name, struct err *err);
void encoding_destroy(struct encoding *e);
SCOPED_DEFINE(encoding)

/*
 * Turn the n bytes at in into UTF-8 at out, which has room for cap (at least 16)
 * bytes; returns how many were written and how many of in were used up (a character
 * that is cut at the end is left for the next call, unless `last`). Bytes that mean
 * nothing become U+FFFD each and are counted.
 */
size_t encoding_convert(struct encoding *e, const char *in, size_t n, size_t *used,
			char *out, size_t cap, bool last);
uint64_t encoding_replaced(const struct encoding *e);

#endif
