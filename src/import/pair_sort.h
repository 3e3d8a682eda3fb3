/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pair_sort: an external sort of counted pairs by product, on all cores. */
#ifndef IMPORT_PAIR_SORT_H
#define IMPORT_PAIR_SORT_H

#include <stdint.h>

#include "base/err.h"
#include "base/scope.h"

struct pair_sort;
struct spill;

struct pair_sort_plan {
	uint32_t products;
	unsigned threads, sides;	/* rows of so many kinds: 1, or 2 for both directions */
	uint64_t entries;		/* about so many of a side */
	uint64_t memory;		/* bytes to keep to; 0: no limit */
	struct spill *spill;		/* for what goes beyond; may be NULL without a limit */
};
/* Products are cut into ranges of one width, of which a load takes one at a time: it costs
 * 8 bytes an entry of the range. */
struct pair_sort *pair_sort_create(const struct pair_sort_plan *plan);
void pair_sort_destroy(struct pair_sort *s);
SCOPED_DEFINE(pair_sort)

/* From any thread, each by a worker number of its own. A full disk shows in _finish. */
struct pair_entry {
	uint32_t row, column, n;
};
void pair_sort_add(struct pair_sort *s, unsigned worker, unsigned side, struct pair_entry e);
/* After the last one. */
bool pair_sort_finish(struct pair_sort *s, struct err *err);

uint32_t pair_sort_ranges(const struct pair_sort *s);
const uint32_t *pair_sort_first(const struct pair_sort *s);	/* (ranges + 1) products */
uint64_t pair_sort_entries(const struct pair_sort *s, unsigned side, uint32_t range);

/* What a load gives: of each row its entries, column << 32 | n, ascending; valid until the
 * worker's next load. */
struct pair_loaded {
	uint64_t *offsets;	/* (rows + 1) from 0 */
	uint64_t *entry;
	uint32_t twice;		/* a row with a column that is there twice; UINT32_MAX: none */
};
struct pair_ask {
	unsigned worker, side;
	uint32_t range;
};
bool pair_sort_load(struct pair_sort *s, struct pair_ask ask, struct pair_loaded *out,
		    struct err *err);

#endif
