/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transit: counts in how many baskets categories are, alone and with another. */
#ifndef STATS_TRANSIT_H
#define STATS_TRANSIT_H

#include "stats/transition.h"

#define TRANSIT_FREE UINT64_MAX	/* key of a cell that holds nothing */

/* The baskets with two categories of a level, as places of its list. */
struct transit_cell {
	uint64_t key;		/* a << 32 | b, a <= b */
	uint64_t pairs;		/* of their products */
	uint32_t n;
};

/* Open addressing, a power of two of cells, at most half full. */
struct transit_cells {
	struct transit_cell *cell;
	size_t size, used;
};

/* The categories that products have at a level. */
struct transit_level {
	uint32_t *place;	/* (C) a category's, or its ancestor's, among them */
	uint32_t *category;	/* (n) ascending */
	uint32_t n;
};

struct transit_sums {
	struct transit_cells level[CATALOG_LEVELS];
	uint32_t *from, *multi, *own, *own_multi;	/* (C) see struct transition_counts */
	uint64_t baskets, multi_baskets;
};

struct transit {
	unsigned levels;
	struct transit_level level[CATALOG_LEVELS];
	struct transit_sums sums;
};

/* There are categories. To be finished in any case. */
bool transit_count(struct transit *t, const struct transition_baskets *of, struct work work,
		   struct err *err);
void transit_finish(struct transit *t);

#endif
