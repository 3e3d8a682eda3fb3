/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guess: proposes a mapping for a log that nobody has described yet. */
#ifndef GUESS_GUESS_H
#define GUESS_GUESS_H

#include "base/err.h"
#include "base/str.h"

struct mapping;

/*
 * Look at samples of the file and append a valid .aislemap whose comments say why:
 * encoding, separator, quotes, header and time format are those that fit most of the
 * sampled records; columns are found by their names (in a dozen languages) and by what
 * is in them: how many different values, what determines what, numbers and times.
 * The proposal is tried on the sample before it is made. ERR_FORMAT says what the file
 * looks like instead: a catalogue, baskets, no text at all.
 */
bool guess_file(const char *path, struct strbuf *out, struct err *err);
/* The same for the bytes of a file; name is for messages, `whole`: there are no more. */
bool guess_text(const char *name, struct str bytes, bool whole, struct strbuf *out,
		struct err *err);

/* Columns that are called like a quantity, price, total, user, session, status or time though
 * the mapping uses none as that, a line for each: the first value of the file's beginning
 * that doesn't fit, its line and the share of such values. Nothing where the file can't be
 * looked at twice, or has no columns. */
void guess_unnamed(const char *path, const struct mapping *m, struct strbuf *out);

#endif
