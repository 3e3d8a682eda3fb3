/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vocabulary: the pieces of words that a store's own texts are best written in. */
#ifndef LEARN_VOCABULARY_H
#define LEARN_VOCABULARY_H

#include "base/err.h"
#include "base/str.h"
#include "base/work.h"

/*
 * At most `most` pieces of the words of texts (n), as wordpiece_make takes them: [PAD], [UNK],
 * [CLS], [SEP], [MASK], every character at the beginning of a word and, behind ##, inside one, then
 * pairs of pieces joined, the pair that is met the most often first (Sennrich, Haddow and Birch
 * 2016), ties by the pieces' numbers. Words are those of wordpiece_words, small letters. A line
 * each, appended to b. ERR_NOMEM, ERR_CANCELLED.
 */
bool vocabulary_learn(const struct str *text, size_t n, unsigned most, struct strbuf *b,
		      struct work work, struct err *err);

#endif
