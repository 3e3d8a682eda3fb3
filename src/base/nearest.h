/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nearest: of many names the one that someone may have meant. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include "base/str.h"

/* The one with the least edits, which are at most two or a third of the word's length
 * (one below four letters). Words and candidates are borrowed. */
struct nearest {
	struct str word, best;
	unsigned edits;
};
void nearest_init(struct nearest *n, struct str word);
void nearest_try(struct nearest *n, struct str candidate);
/* ": did you mean X?" or "" - in err's text. */
void nearest_hint(const struct nearest *n, struct strbuf *b);

#endif
