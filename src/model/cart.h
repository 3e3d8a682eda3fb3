/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cart: a session that is cut: what stood on the page or in the cart, and what was had then. */
#ifndef MODEL_CART_H
#define MODEL_CART_H

#include "store/catalog.h"

#define CART_MAX 30	/* products on a page or in a cart; of more the latest */

enum cart_cut {
	CART_FIRST,	/* a page: the first product; what is had after it */
	CART_LAST,	/* a cart: what is had up to the last thing; that one thing */
	CART_CUTS
};

struct cart {
	uint32_t page[CART_MAX];	/* (n_page) distinct, the latest last */
	unsigned n_page;
	uint32_t *target;		/* (n_targets) distinct, none of the page */
	unsigned n_targets;
	size_t cap;
};

/*
 * had: the kind that shows that someone has a thing (past_had). false: the session has no such
 * page (of CART_LAST: at least two products) with something after it. A cart is zeroed before
 * its first use and cut again and again; cart_finish releases it.
 */
bool cart_cut(struct cart *k, const struct catalog *c, uint32_t session, uint8_t had,
	      enum cart_cut how);
/* Whether it is on the page. */
bool cart_has(const struct cart *k, uint32_t product);
void cart_finish(struct cart *k);

#endif
