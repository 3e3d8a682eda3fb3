/* SPDX-License-Identifier: GPL-3.0-or-later */
/* word2vec_impl: the parts of the trainer, for its own files and its tests. */
#ifndef LEARN_WORD2VEC_IMPL_H
#define LEARN_WORD2VEC_IMPL_H

#include "base/job.h"
#include "base/work.h"
#include "learn/huffman.h"
#include "learn/word2vec.h"
#include "math/alias.h"
#include "math/logistic.h"

/* Rows that start on a cache line. */
struct matrix {
	void *memory;
	float *data;		/* (rows, stride) */
};

struct word2vec {
	struct word2vec_options o;
	const struct corpus *s;
	const struct logistic_kernel *kernel;
	size_t stride;
	uint64_t *count;	/* (words) 0: left out */
	uint32_t *keep;		/* (words) of 2^32 occurrences so many are kept */
	struct alias *negatives;	/* (words), or NULL */
	struct huffman tree;	/* or empty */
	struct matrix in, out;	/* rows of words; of words or of inner nodes */
	struct word2vec_worker *workers;	/* (threads) */
	struct shuffle order;	/* of this pass */
	uint64_t words;		/* of a pass */
	unsigned pass;
	uint64_t chunk, chunks;	/* sequences in a task; tasks of a pass */
	struct job *job;
};

/* What a position is trained against. */
struct word2vec_targets {
	float *row[LOGISTIC_OUT_MAX];
	unsigned n;
	uint64_t labels;
};

struct word2vec_worker {
	struct rng rng;
	float rate;
	uint32_t *words;	/* (longest) */
	uint32_t *near;		/* (2 window) words around a position */
	const float **in;	/* (2 window) */
	float *step;		/* (2 window, stride) */
	float *gradient;
	float *mean;		/* (stride) of a window, for CBOW */
	void *memory;
	struct word2vec_targets targets[2];
	double loss;		/* of `sampled` positions in this pass */
	uint64_t positions, sampled;
	uint64_t trained;	/* words in this pass */
};

bool word2vec_init(struct word2vec *m, const struct corpus *s,
		   const struct word2vec_options *o, struct work work, struct err *err);
void word2vec_finish(struct word2vec *m, unsigned threads);
/* The word and its negatives, or its path in the tree. */
void word2vec_targets(const struct word2vec *m, struct rng *r, uint32_t word,
		      struct word2vec_targets *t);
/* The words around a position. */
struct word2vec_words {
	const uint32_t *at;
	size_t n;
};
/* One step for a window and its targets. */
void word2vec_window(const struct word2vec *m, struct word2vec_worker *w,
		     struct word2vec_words words, const struct word2vec_targets *t);

#endif
