/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * corpus: where training reads sequences of products from. They are made on demand,
 * any of them in any thread, and never kept: sessions are read from memory, walks
 * are walked anew.
 */
#ifndef LEARN_CORPUS_H
#define LEARN_CORPUS_H

#include "base/err.h"
#include "base/rng.h"
#include "base/work.h"

struct corpus {
	uint64_t n;		/* in one pass over all */
	uint32_t words;		/* a word is a number below it */
	uint32_t longest;	/* no sequence has more words */
	/* Put sequence i to out (longest) and return its length, 0 if there is
	 * nothing to learn from it. r is a stream of random numbers of its own. */
	uint32_t (*read)(const void *ctx, uint64_t i, struct rng *r, uint32_t *out);
	const void *ctx;
};

struct corpus_pass {
	uint64_t seed;
	unsigned number;
};
/* Sequence i of a pass: the same for the same seed, pass and i, in any thread. */
uint32_t corpus_read(const struct corpus *s, struct corpus_pass pass, uint64_t i,
		     uint32_t *out);
/* How often every word comes in the first pass, to count (words). */
bool corpus_count(const struct corpus *s, uint64_t seed, uint64_t *count,
		  struct work work, struct err *err);

/* A shuffle of [0, n) that needs no memory: i -> (first + i * stride) mod n. */
struct shuffle {
	uint64_t n, first, stride;
};
void shuffle_init(struct shuffle *s, uint64_t n, struct rng *r);
static inline uint64_t shuffle_at(const struct shuffle *s, uint64_t i)
{
	return (uint64_t)((s->first + (unsigned __int128)i * s->stride) % s->n);
}

#endif
