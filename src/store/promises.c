/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the arrays of a catalog promise of one another. */
#include "config.h"

#include <stddef.h>

#include "store/catalog.h"

/* Totals per product and category of a kind of event. */
struct kind {
	enum capability cap;
	enum basket_kind basket;
	const uint32_t *product;
	const uint64_t *category;
	const char *product_name, *category_name;
};

static const char *kind_lacks(const struct catalog *c, const struct kind *k)
{
	bool promised = c->caps & k->cap || c->transition[k->basket].levels > 0;

	if (promised && c->n_products && !k->product)
		return k->product_name;
	return promised && c->n_categories && !k->category ? k->category_name : NULL;
}

static const char *relation_lacks(const struct relation_counts *r)
{
	if (!r->out.offsets && !r->from && !r->to)
		return NULL;
	if (!r->from)
		return "pairs/from";
	if (!r->to)
		return "pairs/to";
	if (r->out.offsets && !r->in.offsets)
		return "pairs/in-offsets";
	return NULL;
}

static const char *transition_lacks(const struct transition_counts *t)
{
	if (t->levels && (!t->from || !t->multi || !t->own || !t->own_multi))
		return "transition/from";
	for (unsigned i = 0; i < t->levels; i++)
		if (!t->level[i].offsets || !t->pairs[i])
			return "transition/pairs";
	return NULL;
}

const char *catalog_lacks(const struct catalog *c)
{
	const struct kind kinds[] = {
		{CAP_VIEWS, BASKET_VIEW, c->product_views, c->category_views,
		 "product/views", "category/views"},
		{CAP_CARTS, BASKET_CART, c->product_carts, c->category_carts,
		 "product/carts", "category/carts"},
		{CAP_PURCHASES, BASKET_PURCHASE, c->product_purchases,
		 c->category_purchases, "product/purchases", "category/purchases"},
	};
	const char *name = NULL;

	for (size_t i = 0; !name && i < sizeof kinds / sizeof *kinds; i++)
		name = kind_lacks(c, &kinds[i]);
	for (unsigned r = 0; !name && r < RELATIONS; r++)
		name = relation_lacks(&c->relation[r]);
	for (unsigned k = 0; !name && k < BASKET_KINDS; k++)
		name = transition_lacks(&c->transition[k]);
	if (name || !c->event_price)
		return name;
	if (c->n_products && !c->product_revenue)
		return "product/revenue";
	return c->n_categories && !c->category_revenue ? "category/revenue" : NULL;
}
