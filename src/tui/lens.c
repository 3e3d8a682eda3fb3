/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A filter and what it passes, counted once by whoever needs it first. */
#include "config.h"

#include "tui/lens.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/live.h"

struct lens *lens_create(struct edition *edition, struct filter *filter)
{
	struct lens *l = mem_zalloc(sizeof *l);

	assert(edition && filter);
	atomic_init(&l->refs, 1);
	l->edition = edition_ref(edition);
	l->filter = filter;
	return l;
}

struct lens *lens_ref(struct lens *l)
{
	if (l)
		atomic_fetch_add(&l->refs, 1);
	return l;
}

void lens_destroy(struct lens *l)
{
	if (!l || atomic_fetch_sub(&l->refs, 1) != 1)
		return;
	live_destroy(l->live);
	filter_destroy(l->filter);
	edition_destroy(l->edition);
	free(l->products);
	free(l);
}

static bool count_products(struct lens *l, struct err *err)
{
	const struct catalog *c = l->edition->cat;
	const struct selection *s = live_selection(l->live);

	l->n_products = s ? s->count : c->n_products;
	if (!s)
		return true;
	l->products = mem_big(c->n_categories, sizeof *l->products, "counts of products",
			      err);
	if (!l->products)
		return false;
	for (uint32_t i = 0; i < c->n_categories; i++) {
		struct members m = catalog_members(c, i);

		l->products[i] = selection_members(s, &m);
	}
	return true;
}

bool lens_make(struct lens *l, unsigned parts, struct work work, struct err *err)
{
	struct live *live;

	if (!l->live) {
		if (!live_create(&live, l->filter, l->edition->cat, work, err))
			return false;
		l->live = live;
		if (!count_products(l, err))
			return false;
		atomic_store(&l->made, true);
	}
	return live_need(l->live, parts, work.job, err);
}
