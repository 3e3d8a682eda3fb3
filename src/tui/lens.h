/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lens: a filter on an edition, counted once and shared by table, tree and panels. */
#ifndef TUI_LENS_H
#define TUI_LENS_H

#include <stdatomic.h>

#include "base/work.h"
#include "query/filter.h"
#include "tui/edition.h"

struct live;

/* What lens_make fills belongs to the worker until a result that was computed with
 * it has been handed over; from then on it can be read by the screen too. */
struct lens {
	atomic_uint refs;
	struct edition *edition;	/* a reference */
	struct filter *filter;
	struct live *live;		/* NULL: not made yet */
	atomic_bool made;		/* live is there, for other threads to share (live_share) */
	uint32_t *products;		/* (categories) let in, of the subtree; NULL: all */
	uint32_t n_products;		/* let in, of the whole store */
};

/* The filter becomes the lens's. */
struct lens *lens_create(struct edition *edition, struct filter *filter);
struct lens *lens_ref(struct lens *l);	/* NULL of NULL */
void lens_destroy(struct lens *l);	/* gives a reference back */
SCOPED_DEFINE(lens)

/* In the worker: make what is missing, with the parts (stats/live.h) that are wanted. */
bool lens_make(struct lens *l, unsigned parts, struct work work, struct err *err);

#endif
