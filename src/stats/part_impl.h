/* SPDX-License-Identifier: GPL-3.0-or-later */
/* part_impl: what a part owns, for the files that make one. */
#ifndef STATS_PART_IMPL_H
#define STATS_PART_IMPL_H

#include "stats/part.h"
#include "stats/relation.h"
#include "stats/totals.h"
#include "stats/transition.h"

struct part {
	struct catalog catalog;
	uint64_t *session_offsets, *product_offsets;
	uint32_t *event_product, *event_quantity, *product_session;
	int64_t *event_time, *event_price, *first, *last, *price;
	float *event_rating;
	uint8_t *event_kind;
	struct totals totals;
	struct category_totals of;
	struct relation_table relation[RELATIONS];
	uint64_t *in_offsets[RELATIONS];
	uint32_t *in_column[RELATIONS], *in_value[RELATIONS];
	struct transition_table transition[BASKET_KINDS];
};
struct part_pair {
	uint32_t a, b, count;
};

/* Which sessions products are in, from the events that are there. */
bool part_list_sessions(struct part *p, struct err *err);
/* What part_lacks names. */
void part_drop_orders(struct part *p);
/* b's row of `in` holds the a that go to it, ascending. */
bool part_turn_round(struct part *p, enum relation r, struct err *err);
/* Totals of products that are there, and those of categories, to the catalog. */
bool part_settle_totals(struct part *p, struct err *err);

#endif
