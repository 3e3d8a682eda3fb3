/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be said of a product without any session in common:
 *
 *	attributes  score(b|a) = match x near x known, in a's own category, with
 *		    match = (1 + shared attributes and brand) / (1 + all of them),
 *		    near = min(price) / max(price) (1/2 where one is unknown),
 *		    known = (n_b + 1) / (n_b + 5): of equals, the better known one
 *	popular	    in a's category, then in the one above it, and so on to the whole
 *		    shop: score = 2^-steps (1 + n_b / (largest n in the ring + 1)), so
 *		    a nearer ring comes first. n: purchases, else carts, else views;
 *		    for similar products views first.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "panel/source.h"

#define POLL 65536

static double shared(const struct catalog *c, uint32_t a, uint32_t b)
{
	unsigned all = 1, same = 1;

	for (uint32_t i = 0; c->product_attribute && i < c->n_attributes; i++) {
		uint32_t x = c->product_attribute[(size_t)a * c->n_attributes + i];
		uint32_t y = c->product_attribute[(size_t)b * c->n_attributes + i];

		all++;
		same += x != CATALOG_NONE && x == y;
	}
	if (c->product_brand && c->product_brand[a] != CATALOG_NONE) {
		all++;
		same += c->product_brand[a] == c->product_brand[b];
	}
	return (double)same / all;
}

static double near(const struct catalog *c, uint32_t a, uint32_t b)
{
	double x = 0, y = 0;

	if (c->product_price) {
		x = (double)c->product_price[a];
		y = (double)c->product_price[b];
	}
	return x > 0 && y > 0 ? fmin(x, y) / fmax(x, y) : 0.5;
}

void gather_attributes(struct query *q, uint32_t a, struct candidates *out)
{
	const struct catalog *c = q->c;
	const uint32_t *n = popularity_viewed(c);
	uint32_t category = c->product_category[a], end;

	if (category == CATALOG_NONE)
		return;
	end = c->category_product[category + 1];
	for (uint32_t b = c->category_product[category]; b < end; b++) {
		double known = n ? (n[b] + 1.0) / (n[b] + 5.0) : 1;

		if (b % POLL == 0 && job_cancelled(q->job))
			return;
		candidates_add(out, b, shared(c, a, b) * near(c, a, b) * known);
	}
}

/* Products [first, end) around a: the subtrees of its category's ancestors. */
struct ring {
	uint32_t first, end, largest;
};

static uint32_t largest(const uint32_t *n, struct ring *r)
{
	uint32_t x = 0;

	for (uint32_t b = r->first; b < r->end; b++)
		x = n[b] > x ? n[b] : x;
	return x;
}

/* Enough for a full panel, whatever is taken. */
static bool is_enough(const struct query *q, const uint32_t *n, uint32_t a,
		      const struct ring *r)
{
	size_t need = q->r->limit + q->n_taken;

	for (uint32_t b = r->first; b < r->end && need > 0; b++)
		need -= n[b] > 0 && may_stand(q, a, b);
	return need == 0;
}

/* The rings from a's category outwards until there are enough products. */
static size_t find_rings(const struct query *q, const uint32_t *n, uint32_t a,
			 struct ring *ring, size_t most)
{
	const struct catalog *c = q->c;
	uint32_t at = c->product_category[a];
	size_t k = 0;

	while (at != CATALOG_NONE && k + 1 < most) {
		struct ring *r = &ring[k++];

		catalog_products(c, at, &r->first, &r->end);
		r->largest = largest(n, r);
		if (is_enough(q, n, a, r))
			return k;
		at = c->category_parent[at];
	}
	ring[k] = (struct ring){0, c->n_products, 0};
	ring[k].largest = largest(n, &ring[k]);
	return k + 1;
}

#define RINGS 64	/* deeper trees skip to the whole shop */

void gather_popular(struct query *q, uint32_t a, struct candidates *out)
{
	const uint32_t *n = q->r->kind == PANEL_SIMILAR ? popularity_viewed(q->c) :
			    popularity_bought(q->c);
	struct ring ring[RINGS];
	size_t k;

	if (!n)
		return;
	k = find_rings(q, n, a, ring, RINGS);
	for (uint32_t b = ring[k - 1].first; b < ring[k - 1].end; b++) {
		size_t i = 0;

		if (b % POLL == 0 && job_cancelled(q->job))
			return;
		if (n[b] == 0)
			continue;
		while (b < ring[i].first || b >= ring[i].end)
			i++;
		candidates_add(out, b, ldexp(1 + n[b] / (ring[i].largest + 1.0), -(int)i));
	}
}
