/* SPDX-License-Identifier: GPL-3.0-or-later */
/* edition: a generation of the store that is open, shared by the
 * screen and the worker. */
#ifndef TUI_EDITION_H
#define TUI_EDITION_H

#include <stdatomic.h>

#include "base/err.h"
#include "base/scope.h"
#include "store/catalog.h"
#include "store/store.h"

/* Everything borrowed from it lives as long as a reference is held. */
struct edition {
	atomic_uint refs;
	struct store *store;
	bool scattered;		/* as store_scattered is told: until the first screen is there */
	const struct catalog *cat;
};

/* hidden: what it is to look as if it hadn't (enum store_hidden). */
bool edition_open(struct edition **s, const char *path, unsigned hidden,
		  struct err *err);
struct edition *edition_ref(struct edition *s);
/* Give a reference back; the last one closes the store. */
void edition_destroy(struct edition *s);
SCOPED_DEFINE(edition)

/* The same product or category in another generation, found by its id;
 * CATALOG_NONE when it is not there. */
uint32_t edition_product_in(const struct edition *from, uint32_t product,
			 const struct edition *to);
uint32_t edition_category_in(const struct edition *from, uint32_t category,
			  const struct edition *to);

#endif
