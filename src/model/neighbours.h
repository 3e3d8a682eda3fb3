/* SPDX-License-Identifier: GPL-3.0-or-later */
/* neighbours: sessions like a history, and what stands in them (vsknn, stan, vstan). */
#ifndef MODEL_NEIGHBOURS_H
#define MODEL_NEIGHBOURS_H

#include "base/work.h"
#include "model/lesson.h"
#include "model/model.h"

/* What a product of the history counts that stands i steps before the last of n; a
 * parameter's choices, in this order. */
enum place_weighting {
	PLACE_SHARE,	/* (n - i) / n */
	PLACE_SQUARE,	/* the square of it */
	PLACE_LOG,	/* 1 / log2(2 + i) */
	PLACE_SAME,	/* 1 */
};

/*
 * With w_i the place's weight times the history's own,
 *
 *	sim(s)   = sum of w_i over products in both, / n, or / sqrt(n n_s) (cosine);
 *	           times 2^(-age of s / half_life)
 *	score(b) = sum over the most alike sessions s that have b of
 *	           sim(s) (1 - step min(k, 9)) back^k position^d (1 + idf log(S / n_b))
 *
 * n, n_s: products of the history and of s; k: steps from the end of the history back to
 * the latest product that s shares; d: steps in s from that product to b, where a product
 * stands at its first place; S, n_b: sessions in all and with b.
 */
struct neighbour_rule {
	enum place_weighting weighting;
	bool cosine;
	double half_life;	/* days; 0: age doesn't matter */
	double step, back;	/* 0 and 1: all alike */
	double position;	/* 1: all alike */
	double idf;
};

/* Sessions of two products or more, both ways round; their age where the parameters have
 * half-life (0 in a log without times). */
bool neighbours_train(const struct lesson *l, struct err *err);
bool neighbours_open(struct model *m, struct err *err);
void neighbours_close(struct model *m);
/* By the parameters candidates and neighbours of the model, and the rule. */
bool neighbours_score(const struct model *m, const struct history *h,
		      const struct neighbour_rule *rule, struct scoring out,
		      struct err *err);

#endif
