/* SPDX-License-Identifier: GPL-3.0-or-later */
/* match: texts found as people type them: case never counts, accents where they are typed. */
#ifndef BASE_MATCH_H
#define BASE_MATCH_H

#include "base/str.h"

#define MATCH_WORDS 8	/* more of them are one with the last */

/*
 * What is looked for. Texts are compared in compatibility decomposition (Unicode TR 15) with
 * case folded, so that composed and decomposed forms are equal. A word without marks is
 * found in texts with and without ("cafe" in "Café"; o is found in ø, l in ł, ss in ß, ae in æ);
 * one with marks only where they stand.
 */
struct match {
	struct strbuf folded;	/* the words one after the other */
	struct match_word {
		size_t at, len;	/* bytes of folded */
		bool marks;
	} word[MATCH_WORDS];
	unsigned n;
};
void match_finish(struct match *m);
static inline void match_scope(struct match *m)
{
	match_finish(m);
}
#define MATCH(name) __attribute__((cleanup(match_scope))) struct match name = {0}

/* Words that stand anywhere, in any order; nothing typed: n is 0, and nothing is found. */
void match_words(struct match *m, struct str typed);
/* All of it in one piece, blanks too. */
void match_phrase(struct match *m, struct str typed);
/* Does the text hold every word? scratch is the caller's, and may be any thread's. */
bool match_found(const struct match *m, struct str text, struct strbuf *scratch);
/* The first place at or after *from where a word stands in text: its bytes are [*from, *end). */
bool match_next(const struct match *m, struct str text, size_t *from, size_t *end);
/* Is the text what was typed, as far as was typed? */
bool match_equal(struct str typed, struct str text);

#endif
