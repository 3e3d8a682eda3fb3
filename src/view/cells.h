/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cells: shared columns and cells of the views. */
#ifndef VIEW_CELLS_H
#define VIEW_CELLS_H

#include <math.h>

#include "view/view.h"

static inline struct cell cell_text(struct str s)
{
	return (struct cell){.text = s};
}
/* Empty without a text. */
static inline struct cell cell_known(struct str s)
{
	return (struct cell){.empty = !s.ptr, .text = s};
}
static inline struct cell cell_count(uint64_t n)
{
	return (struct cell){.count = (int64_t)n};
}
static inline struct cell cell_real(double x)
{
	return (struct cell){.empty = isnan(x), .real = x};
}
static inline struct cell cell_empty(void)
{
	return (struct cell){.empty = true};
}

/* Events of a kind; empty where the log has none of it at all (cap: of the kind). */
static inline struct cell cell_kind(const struct catalog *cat, unsigned cap, uint64_t n)
{
	return cat->caps & cap ? cell_count(n) : cell_empty();
}

/* Text that is empty when the number is CATALOG_NONE or t was not counted. */
struct cell cell_name(const struct text *t, uint32_t number);
/* purchases / views; empty without a view. */
struct cell cell_conversion(uint64_t purchases, uint64_t views);

/* The counts of an association and all that follows from them: columns of
 * panels and pairs, in this order. */
enum evidence_cell {
	EVIDENCE_N,
	EVIDENCE_N_A,
	EVIDENCE_N_B,
	EVIDENCE_N_ALL,
	EVIDENCE_SUPPORT,
	EVIDENCE_CONFIDENCE,
	EVIDENCE_LIFT,
	EVIDENCE_LIFT_LOW,
	EVIDENCE_LIFT_HIGH,
	EVIDENCE_G2,
	EVIDENCE_P,
	EVIDENCE_Q,
	EVIDENCE_CELLS,
};

#define COLUMN_N							\
	{"n", "n", CELL_COUNT, 6, 0, COLUMN_SORT,			\
	 "sessions or baskets with both (occurrences for adjacent-view)"}
#define COLUMN_N_A							\
	{"n_a", "n a", CELL_COUNT, 7, 0, COLUMN_SPARE, "sessions or baskets with the first"}
#define COLUMN_N_B							\
	{"n_b", "n b", CELL_COUNT, 7, 0, COLUMN_SPARE, "sessions or baskets with the second"}
#define COLUMN_N_ALL							\
	{"n_all", "n all", CELL_COUNT, 8, 0, COLUMN_DATA, "all of them"}
#define COLUMN_SUPPORT							\
	{"support", "support", CELL_REAL, 8, 6, COLUMN_DATA, "n / n_all"}
#define COLUMN_CONFIDENCE						\
	{"confidence", "conf", CELL_SHARE, 6, 1, COLUMN_SORT | COLUMN_SPARE,	\
	 "n / n_a: share of the first's that have the second too"}
#define COLUMN_LIFT							\
	{"lift", "lift", CELL_REAL, 7, 2, COLUMN_SORT,			\
	 "n n_all / (n_a n_b): how much more often together than by chance"}
#define COLUMN_LIFT_LOW							\
	{"lift_low", "from", CELL_REAL, 7, 2, COLUMN_SORT, "lower end of lift's 95% interval"}
#define COLUMN_LIFT_HIGH						\
	{"lift_high", "to", CELL_REAL, 7, 2, 0, "upper end of lift's 95% interval"}
#define COLUMN_G2							\
	{"g2", "G2", CELL_REAL, 9, 1, COLUMN_DATA,			\
	 "Dunning's log-likelihood ratio; negative: rarer than chance"}
#define COLUMN_P							\
	{"p", "p", CELL_REAL, 9, 4, COLUMN_DATA | COLUMN_CHANCE,	\
	 "two-sided p; exact tails (mid-p) where an expected count is below 5"}
#define COLUMN_Q							\
	{"q", "q", CELL_REAL, 7, 4, COLUMN_SPARE | COLUMN_CHANCE,	\
	 "Benjamini-Hochberg over the whole family, unseen pairs included"}
#define COLUMNS_EVIDENCE						\
	COLUMN_N, COLUMN_N_A, COLUMN_N_B, COLUMN_N_ALL, COLUMN_SUPPORT,	\
	COLUMN_CONFIDENCE, COLUMN_LIFT, COLUMN_LIFT_LOW, COLUMN_LIFT_HIGH, \
	COLUMN_G2, COLUMN_P, COLUMN_Q

/* cells (EVIDENCE_CELLS); all empty when there are no counts (n_all = 0). */
void cells_evidence(struct cell *cells, const struct assoc_counts *c,
		    const struct assoc *a, double q);

/* Rows sorted by a number: order (n) gets the rows, the largest first, ties by
 * row number; `reverse` turns the keys round and not the ties. */
bool cells_order(uint32_t **order, uint32_t n, bool reverse,
		 double (*key)(const void *ctx, uint32_t i), const void *ctx,
		 struct err *err);

#endif
