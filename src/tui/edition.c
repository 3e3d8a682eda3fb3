/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Generations of the store, counted by reference: the old one lives while it is read. */
#include "config.h"

#include "tui/edition.h"

#include <stdlib.h>

#include "base/mem.h"

bool edition_open(struct edition **out, const char *path, unsigned hidden,
		  struct err *err)
{
	SCOPED(store) store = NULL;
	struct edition *s;

	if (!store_open(&store, path, err) || !store_hide(store, hidden, err))
		return false;
	store_scattered(store, true);
	s = mem_zalloc(sizeof *s);
	s->scattered = true;
	atomic_init(&s->refs, 1);
	s->store = store;
	s->cat = store_catalog(store);
	store = NULL;
	*out = s;
	return true;
}

struct edition *edition_ref(struct edition *s)
{
	atomic_fetch_add(&s->refs, 1);
	return s;
}

void edition_destroy(struct edition *s)
{
	if (!s || atomic_fetch_sub(&s->refs, 1) != 1)
		return;
	store_destroy(s->store);
	free(s);
}

uint32_t edition_product_in(const struct edition *from, uint32_t product,
			 const struct edition *to)
{
	if (product >= from->cat->n_products)
		return CATALOG_NONE;
	return store_find(to->store, "product",
			  text_at(&from->cat->product_id, product));
}

uint32_t edition_category_in(const struct edition *from, uint32_t category,
			  const struct edition *to)
{
	if (category >= from->cat->n_categories)
		return CATALOG_NONE;
	return store_find(to->store, "category",
			  text_at(&from->cat->category_id, category));
}
