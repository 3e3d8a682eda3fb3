/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was had stands in the list of targets in its order; the cut divides it. */
#include "config.h"

#include "model/cart.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/past.h"

bool cart_has(const struct cart *k, uint32_t product)
{
	for (unsigned i = 0; i < k->n_page; i++)
		if (k->page[i] == product)
			return true;
	return false;
}

static void add_target(struct cart *k, uint32_t product)
{
	for (unsigned i = 0; i < k->n_targets; i++)
		if (k->target[i] == product)
			return;
	MEM_GROW(k->target, k->cap, (size_t)k->n_targets + 1);
	k->target[k->n_targets++] = product;
}

bool cart_cut(struct cart *k, const struct catalog *c, uint32_t session, uint8_t had,
	      enum cart_cut how)
{
	unsigned n;

	assert(how < CART_CUTS);
	k->n_page = k->n_targets = 0;
	for (uint64_t e = c->session_offsets[session]; e < c->session_offsets[session + 1]; e++) {
		uint32_t p = c->event_product[e];

		if (how == CART_FIRST && !k->n_page && past_strength(c->event_kind[e]))
			k->page[k->n_page++] = p;
		if (c->event_kind[e] == had && !cart_has(k, p))
			add_target(k, p);
	}
	if (how == CART_FIRST || k->n_targets < 3)
		return how == CART_FIRST && k->n_targets;
	n = k->n_targets - 1;
	k->n_page = n < CART_MAX ? n : CART_MAX;
	memcpy(k->page, k->target + n - k->n_page, k->n_page * sizeof *k->page);
	k->target[0] = k->target[n];
	k->n_targets = 1;
	return true;
}

void cart_finish(struct cart *k)
{
	free(k->target);
	*k = (struct cart){.n_page = 0};
}
