/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wordpiece: text into the pieces of words that BERT-type encoders know. */
#ifndef LEARN_WORDPIECE_H
#define LEARN_WORDPIECE_H

#include <stdint.h>

#include "base/err.h"
#include "base/scope.h"
#include "base/str.h"

struct wordpiece;

/* A vocabulary: a piece per line, "##x" goes on inside a word; its number is the line's,
 * from 0. lower: letters are made small and lose their accents. ERR_FORMAT when [CLS],
 * [SEP] or [UNK] is missing. */
bool wordpiece_open(struct wordpiece **w, const char *path, bool lower, struct err *err);
/* The same of pieces in memory (n), borrowed for the call. */
bool wordpiece_make(struct wordpiece **w, struct strs piece, bool lower, struct err *err);
void wordpiece_destroy(struct wordpiece *w);
SCOPED_DEFINE(wordpiece)

uint32_t wordpiece_count(const struct wordpiece *w);

/*
 * [CLS] pieces [SEP], at most `most` (>= 2) of them, to ids (most); returns how many.
 * Words are cut as BERT's own tokenizer cuts them (Devlin et al. 2019; greedy longest
 * match first); one that has no pieces or over 100 characters is [UNK]. From any thread.
 */
unsigned wordpiece_encode(const struct wordpiece *w, struct str text, unsigned most,
			  uint32_t *ids);

/* The words that it cuts a text into before pieces, marks of punctuation among them. */
void wordpiece_words(struct str text, bool lower,
		     void (*word)(void *ctx, struct str word), void *ctx);

#endif
