/* SPDX-License-Identifier: GPL-3.0-or-later */
/* prior: how probable a complement is from its category and popularity alone. */
#ifndef PANEL_PRIOR_H
#define PANEL_PRIOR_H

#include "store/catalog.h"

/*
 * prior(b|a) = share of the product pairs of a's category that go to b's
 * category x b's share of its category's purchases. Counted in purchases, else
 * carts, else views; at the deepest level where a's category has pairs at all.
 */
struct prior {
	const struct catalog *c;
	uint32_t category;	/* what it was made for */
	bool ready, any;	/* any: a's category has pairs */
	unsigned level;
	double mean;		/* pairs that a product of a's category has, on average */
	const uint32_t *popularity;	/* (P) or NULL */
	double *weight;		/* (C) share / popularity of the category at the level that it is
				   in; 0 elsewhere */
	const uint32_t *column;	/* (n) categories with a weight, ascending */
	const uint64_t *pairs;	/* (n) product pairs that go to each */
	size_t n;
};

void prior_finish(struct prior *p);
/* Make it for products of a category (cheap when it is that already). */
void prior_for(struct prior *p, const struct catalog *c, uint32_t category);
double prior_of(const struct prior *p, uint32_t product);
/* The `most` categories with the largest shares, ascending; returns how many. */
size_t prior_likely(const struct prior *p, uint32_t *category, size_t most);
/* Popularity that complements are ranked by: purchases, else carts, else views;
 * NULL where nothing was counted. */
const uint32_t *popularity_bought(const struct catalog *c);
/* The same for what is looked at: views first. */
const uint32_t *popularity_viewed(const struct catalog *c);

#endif
