/* SPDX-License-Identifier: GPL-3.0-or-later */
/* candidates: scored products on their way into a panel. */
#ifndef PANEL_CANDIDATES_H
#define PANEL_CANDIDATES_H

#include <stddef.h>

#include "store/catalog.h"

struct candidate {
	uint32_t product;
	double score;
};

struct candidates {
	struct candidate *at;	/* ascending products, each once */
	size_t n, cap;
	bool negative;		/* scores below 0 and 0 count too: a model's */
};

void candidates_finish(struct candidates *c);
void candidates_add(struct candidates *c, uint32_t product, double score);

/*
 * Ranking. A candidate's place value is score x decay^k, k being the number of
 * candidates of its own category that come before it: taking the highest place
 * value again and again interleaves the categories. decay 1 ranks by score.
 * Scores that are not above 0 are left out unless they are negative; ties go by product
 * number.
 */

/* The first `limit` by place value, which becomes their score. */
void candidates_rank(struct candidates *c, const struct catalog *cat, double decay,
		     size_t limit);
/* The 1-based rank that candidates_rank would give `product`; 0: none. c stays. */
uint32_t candidates_find(const struct candidates *c, const struct catalog *cat,
			 double decay, uint32_t product);

#endif
