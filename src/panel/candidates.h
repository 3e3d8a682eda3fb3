/* SPDX-License-Identifier: GPL-3.0-or-later */
/* candidates: scored products on their way into a panel. */
#ifndef PANEL_CANDIDATES_H
#define PANEL_CANDIDATES_H

#include <stddef.h>

#include "base/err.h"
#include "store/catalog.h"

struct candidate {
	uint32_t product;
	double score;
};

/* Products [first, end) that differ in popularity alone: score scale (weight n), where that
 * is above 0 and the product doesn't stand by itself. */
struct candidate_range {
	uint32_t first, end;
	double weight;
};
#define CANDIDATE_RANGES 16

struct candidates {
	struct candidate *at;	/* ascending products, each once */
	size_t n, cap;
	bool negative;		/* scores below 0 and 0 count too: a model's */
	struct candidate_range range[CANDIDATE_RANGES];	/* (ranges) ascending, apart */
	unsigned ranges;
	double scale;
	const uint32_t *popularity;	/* (P) n */
};

void candidates_finish(struct candidates *c);
void candidates_add(struct candidates *c, uint32_t product, double score);
/* Ranges become candidates that stand by themselves. ERR_NOMEM. */
bool candidates_expand(struct candidates *c, struct err *err);

/* The n best of c, ascending by product: the caller's. Without ranges; n > 0. */
struct candidates candidates_best(const struct candidates *c, size_t n);
/* The first `limit` by score, ties by product number. Scores that are not above 0 are left out
 * unless they are negative. Without ranges. */
void candidates_rank(struct candidates *c, size_t limit);
/* The 1-based rank that candidates_rank would give `product` among those that `lets` lets in;
 * 0: none. Ranges are counted without making their candidates, and `lets` is asked of the
 * product first, then once of each that comes before it. */
uint32_t candidates_place(const struct candidates *c, uint32_t product,
			  bool (*lets)(void *ctx, uint32_t product), void *ctx);

#endif
