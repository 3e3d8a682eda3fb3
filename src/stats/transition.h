/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transition: how often baskets hold products of two categories. */
#ifndef STATS_TRANSITION_H
#define STATS_TRANSITION_H

#include "base/err.h"
#include "base/work.h"
#include "store/catalog.h"

struct build;

/*
 * Count and write "transition/KIND/..." (see struct transition_counts). A basket
 * is a session's distinct products with an event of the kind, without those of
 * unknown category; what is left empty is no basket. Sessions over max_session
 * are left out. A pair of products counts once: m_a m_b of them between two
 * categories, m (m - 1) / 2 inside one. Then every pair of categories of a level is
 * tested, over all baskets and over those of two or more products.
 */
bool transition_count(struct build *b, enum basket_kind kind, struct work work,
		      struct err *err);

/* The counts of one level; multi: of baskets with several categories. */
struct transition_level {
	const struct catalog *c;
	const struct transition_counts *t;
	unsigned level;
	bool multi;
};
/* Baskets that hold what the category stands for at the level: its subtree at
 * its own depth, below that its own products alone. multi: of those with two or
 * more products. */
uint64_t transition_marginal(struct transition_level of, uint32_t category);
/* Pairs of categories that could be met at the level: each is a test, seen or
 * not. */
double transition_family(const struct catalog *c, const struct transition_counts *t,
			 unsigned level, bool multi);

/* The same in memory, for a catalog that needn't be in a file. */
struct transition_table {
	struct transition_counts counts;
	void *memory[4 + 6 * CATALOG_LEVELS];	/* what counts points to */
};
/* A log and which of its events make baskets. */
struct transition_baskets {
	const struct catalog *c;
	enum basket_kind kind;
	const uint32_t *weight;	/* (n_sessions) how often each counts; NULL: once */
};
bool transition_table_make(struct transition_table *t, const struct transition_baskets *of,
			   struct work work, struct err *err);
/* The same where every pair of the kind's own relation (co-view, co-cart, co-purchase) is a
 * basket of two, which counts as often as the pair. 22 bytes a pair beside the table. */
bool transition_table_of_pairs(struct transition_table *t, const struct catalog *c,
			       enum basket_kind kind, struct work work, struct err *err);
void transition_table_finish(struct transition_table *t);

#endif
