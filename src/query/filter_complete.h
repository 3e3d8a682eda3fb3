/* SPDX-License-Identifier: GPL-3.0-or-later */
/* filter_complete: what may stand next in a filter that is being typed. */
#ifndef QUERY_FILTER_COMPLETE_H
#define QUERY_FILTER_COMPLETE_H

#include "base/str.h"
#include "store/catalog.h"

#define FILTER_OFFERS 200	/* values of a store offered at once */

/*
 * Words that may stand at byte `cursor` of the text: fields and attributes, signs,
 * the values that the store has for the field, and, or. *start gets the byte where
 * they begin; what stands from there to the cursor is the beginning of each, whatever
 * its case. Values are in quotes where they have to be. A product's own values come
 * first (CATALOG_NONE: no product's).
 */
void filter_complete(const struct catalog *c, uint32_t product, struct str text,
		     size_t cursor, size_t *start,
		     void (*add)(void *ctx, struct str word), void *ctx);

#endif
