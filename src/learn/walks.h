/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * walks: random walks over a weighted graph, as a corpus. A walk is made when it is
 * read, by whichever thread reads it, and never kept.
 *
 * The first step goes by the weights w of the edges. Coming from t to v, x follows with
 * probability proportional to w(v,x) a(t,v,x) (node2vec, Grover and Leskovec 2016):
 *
 *	a = 1/p		x = t
 *	    1		t-x is an edge
 *	    1/q		else
 *
 * p = q = 1 is DeepWalk (Perozzi et al. 2014). Extended (node2vec+, Liu et al. 2023,
 * "Accurately modeling biased random walks on weighted networks using node2vec+"), with
 * d(x) the mean weight of the edges of x and r = w(t,x) / d(x), 0 without an edge:
 *
 *	a = 1/p				x = t
 *	    1				r >= 1
 *	    min(1, 1/q)			r < 1 and w(v,x) < d(v)
 *	    1/q + (1 - 1/q) r		else
 *
 * which is the same where all weights are equal. A step is drawn by weight and taken
 * with probability a / max a, else drawn again (Yang et al. 2019, "KnightKing"): nothing
 * is kept per pair of edges.
 */
#ifndef LEARN_WALKS_H
#define LEARN_WALKS_H

#include "math/alias.h"
#include "learn/corpus.h"

#define WALKS_NONE UINT32_MAX

struct walks_options {
	unsigned walks;		/* from every node that has an edge, per pass */
	unsigned length;	/* nodes; shorter where no edge leads on */
	double p, q;		/* > 0 */
	bool extend;
};

struct walks {
	struct walks_options o;
	bool biased;
	float most, least;	/* bounds of a */
	uint32_t n;		/* nodes */
	const uint64_t *offsets;	/* (n + 1) */
	const uint32_t *column;	/* ascending in a row */
	const float *weight;	/* beside column; NULL: all 1 */
	struct alias *draw;	/* beside column; NULL where weight is */
	float *mean;		/* (n) d */
	uint32_t *start;	/* (starts) nodes with an edge */
	uint32_t starts;
};

/* Prepare walks over rows that outlive them, edges from row to column: an undirected
 * graph has every edge in both rows. */
bool walks_init(struct walks *w, uint32_t n, const uint64_t *offsets,
		const uint32_t *column, const float *weight,
		const struct walks_options *o, struct pool *pool, struct err *err);
void walks_finish(struct walks *w);
/* All walks of a pass, the first of each node before the second ones. */
struct corpus walks_corpus(const struct walks *w);

/* a for the edge number `edge`, which leaves at, coming from `from`. */
float walks_bias(const struct walks *w, uint32_t from, uint32_t at, uint64_t edge);
/* The node after `at`, coming from `from` (WALKS_NONE: nowhere); WALKS_NONE: no edge. */
uint32_t walks_step(const struct walks *w, uint32_t from, uint32_t at, struct rng *r);

#endif
