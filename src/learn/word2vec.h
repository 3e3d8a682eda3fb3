/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * word2vec: vectors of words from the sequences that they come in.
 *
 * Skip-gram and CBOW (Mikolov et al. 2013, "Efficient estimation of word
 * representations in vector space") with negative sampling or hierarchical softmax
 * ("Distributed representations of words and phrases", the same year), as word2vec.c
 * and gensim train them, with three differences: the negatives are drawn once for a
 * position and shared by its window, which turns the work into small matrix products
 * (math/logistic.h); sequences come in a new random order in every pass; rows start
 * farther from 0 (word2vec_init.c).
 *
 * With one thread the same seed gives the same bytes on the same kind of processor.
 * Several threads write into the same rows without locks: every run differs in the
 * last digits and is as good.
 */
#ifndef LEARN_WORD2VEC_H
#define LEARN_WORD2VEC_H

#include "base/work.h"
#include "learn/corpus.h"

struct word2vec_options {
	unsigned dim;
	unsigned window;	/* at most; every position draws its own from 1 on */
	unsigned negative;	/* 0: hierarchical softmax */
	unsigned epochs;	/* passes over the sequences */
	bool cbow;		/* else skip-gram */
	double rate, rate_end;	/* falls linearly from the first to the last sequence */
	double exponent;	/* negatives are drawn by count to this power */
	double sample;		/* words with a greater share of all are thinned out; 0: none */
	uint64_t min_count;	/* rarer words are left out */
	uint64_t seed;
};
/* What word2vec.c has by default, in 64 dimensions. */
struct word2vec_options word2vec_defaults(void);

#define WORD2VEC_WINDOW_MAX 1000u
#define WORD2VEC_NEGATIVE_MAX 63u

struct word2vec_result {
	float *vectors;		/* (words, dim), rows of unknown words are 0; the caller's */
	float *contexts;	/* the same for the words as context (negative sampling), or NULL */
	double *loss;		/* (epochs) mean per position, from one position in 32, or NULL */
	uint64_t trained;	/* words read in all passes */
	uint32_t known;		/* words that have a vector */
};

/*
 * Train on s and fill r, whose pointers the caller sets. job counts words, its
 * unit is "words" and its loss that of late. Fails with ERR_NO when fewer than two words
 * are left to train, and when cancelled; r is undefined then.
 */
bool word2vec_train(const struct corpus *s, const struct word2vec_options *o,
		    struct word2vec_result *r, struct work work, struct err *err);

#endif
