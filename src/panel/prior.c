/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shares of category pairs, popular products of a category, and their product. */
#include "config.h"

#include "panel/prior.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"

void prior_finish(struct prior *p)
{
	free(p->weight);
	*p = (struct prior){0};
}

/* Kinds by what they say of a complement, with their popularity. */
struct kind {
	const struct transition_counts *t;
	const uint32_t *product;	/* (P) */
	const uint64_t *category;	/* (C) subtree */
};

static bool choose(const struct catalog *c, struct kind *k)
{
	const struct kind kinds[] = {
		{&c->transition[BASKET_PURCHASE], c->product_purchases,
		 c->category_purchases},
		{&c->transition[BASKET_CART], c->product_carts, c->category_carts},
		{&c->transition[BASKET_VIEW], c->product_views, c->category_views},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].t->levels > 0 && kinds[i].t->multi_baskets > 0 &&
		    kinds[i].product && kinds[i].category) {
			*k = kinds[i];
			return true;
		}
	return false;
}

/* Popularity of what the category stands for at the level: its subtree at its
 * own depth, below that its own products alone. */
static double popularity(const struct catalog *c, const struct kind *k, uint32_t category,
			 unsigned level)
{
	uint64_t n = k->category[category];

	if (c->category_depth[category] == level)
		return (double)n;
	for (uint32_t child = category + 1; child < c->category_end[category];
	     child = c->category_end[child])
		n -= k->category[child];
	return (double)n;
}

/* The category's weight, and that of those that it stands for. */
static void weigh(struct prior *p, uint32_t category, double weight)
{
	uint32_t end = p->c->category_depth[category] == p->level ? p->c->category_end[category] :
		       category + 1;

	for (uint32_t i = category; i < end; i++)
		p->weight[i] = weight;
}

/* Pairs that a product of the category has on average, of those that sell. */
static double mean_pairs(const struct catalog *c, const struct kind *k, uint32_t category,
			 double pairs)
{
	uint64_t sold = 0;

	for (uint32_t p = c->category_product[category];
	     p < c->category_product[c->category_end[category]]; p++)
		sold += k->product[p] > 0;
	return sold ? pairs / (double)sold : 0;
}

static bool weigh_level(struct prior *p, const struct kind *k, unsigned level)
{
	const struct csr *csr = &k->t->level[level];
	uint32_t row = catalog_ancestor(p->c, p->category, level);
	uint64_t first = csr->offsets[row], end = csr->offsets[row + 1];
	double all = 0;

	for (uint64_t i = first; i < end; i++)
		all += (double)k->t->pairs[level][i];
	if (all == 0)
		return false;
	p->level = level;
	for (uint64_t i = first; i < end; i++) {
		double sum = popularity(p->c, k, csr->column[i], level);

		if (sum > 0)
			weigh(p, csr->column[i], (double)k->t->pairs[level][i] / all / sum);
	}
	p->mean = mean_pairs(p->c, k, row, all);
	p->popularity = k->product;
	p->column = csr->column + first;
	p->pairs = k->t->pairs[level] + first;
	p->n = end - first;
	return true;
}

void prior_for(struct prior *p, const struct catalog *c, uint32_t category)
{
	struct kind k;

	if (p->ready && p->category == category)
		return;
	if (!p->weight)
		p->weight = mem_zalloc((size_t)c->n_categories * sizeof *p->weight);
	for (size_t i = 0; i < p->n; i++)
		weigh(p, p->column[i], 0);
	p->c = c;
	p->category = category;
	p->ready = true;
	p->any = false;
	p->mean = 0;
	p->n = 0;
	if (category == CATALOG_NONE || !choose(c, &k))
		return;
	for (unsigned level = k.t->levels; level-- > 0 && !p->any;)
		p->any = weigh_level(p, &k, level);
}

double prior_of(const struct prior *p, uint32_t product)
{
	uint32_t category = p->c->product_category[product];

	if (!p->any || category == CATALOG_NONE)
		return 0;
	return p->weight[category] * p->popularity[product];
}

size_t prior_likely(const struct prior *p, uint32_t *category, size_t most)
{
	size_t kept = 0;

	/* category holds places in column, the largest share first. */
	for (size_t i = 0; p->any && i < p->n; i++) {
		size_t at = kept < most ? kept++ : most;

		while (at > 0 && p->pairs[category[at - 1]] < p->pairs[i]) {
			if (at < most)
				category[at] = category[at - 1];
			at--;
		}
		if (at < most)
			category[at] = (uint32_t)i;
	}
	for (size_t i = 0; i < kept; i++)
		category[i] = p->column[category[i]];
	sort_u32(category, kept);
	return kept;
}

static bool counted(const struct catalog *c, const uint32_t *total, unsigned cap)
{
	return total && (c->caps & cap);
}

const uint32_t *popularity_bought(const struct catalog *c)
{
	if (counted(c, c->product_purchases, CAP_PURCHASES))
		return c->product_purchases;
	if (counted(c, c->product_carts, CAP_CARTS))
		return c->product_carts;
	return c->product_views;
}

const uint32_t *popularity_viewed(const struct catalog *c)
{
	if (counted(c, c->product_views, CAP_VIEWS))
		return c->product_views;
	return popularity_bought(c);
}
