/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * live: what a filter leaves of a store, counted when it is asked for.
 *
 * Under a filter by date or event everything is as if the log had only the events that
 * it lets in: an event is in by its own time and kind, sessions are cut, and totals,
 * marginals and populations are those of the cut sessions (also the cap on products a
 * session). Tests of products choose what is listed; they don't change what is counted,
 * but for totals of categories and category transitions, which are of the products
 * chosen. Tests of rows choose rows.
 */
#ifndef STATS_LIVE_H
#define STATS_LIVE_H

#include "base/err.h"
#include "base/scope.h"
#include "query/filter.h"
#include "query/select.h"
#include "store/catalog.h"

struct job;
struct live;
struct pool;

/*
 * Reads the events once. The filter is copied; catalog and pool (NULL: one thread) stay
 * borrowed. Errors: those of selection_make, ERR_CANCELLED, ERR_NOMEM. Not for two
 * threads at a time.
 */
bool live_create(struct live **l, const struct filter *f, const struct catalog *c,
		 struct pool *pool, struct job *job, struct err *err);
void live_destroy(struct live *l);
SCOPED_DEFINE(live)

const struct filter *live_filter(const struct live *l);
/* Products that are let in; NULL: all. */
const struct selection *live_selection(const struct live *l);
/* It tests events: rows of pairs come from live_count, not from the catalog. */
bool live_cuts(const struct live *l);
/* The filter tests rows, and the row passes (or there is no such test). */
bool live_tests_rows(const struct live *l);
bool live_row_passes(const struct live *l, double n, double n_a, double n_b, double n_all);

/* What is made when it is needed; once. */
enum live_part {
	LIVE_TOTALS = 1 << 0,	/* of products and categories */
	LIVE_PAIRS = 1 << 1,	/* relation[].from, to, total; live_count */
	LIVE_PRIOR = 1 << 2,	/* transition[] of the kind that panels use */
};
bool live_need(struct live *l, unsigned parts, struct job *job, struct err *err);
/* The store's catalog with what was made in it. Where the filter cuts events there are
 * no event times, no product -> sessions, no pairs (out, in) and no q tables in it.
 * Valid as long as l. */
const struct catalog *live_catalog(const struct live *l);
/* The same with the transitions of one kind, counted in the events of the products that
 * are let in. BASKET_KINDS: purchases, else carts, else views: the first with a basket. */
bool live_flow(struct live *l, enum basket_kind kind, const struct catalog **c,
	       struct job *job, struct err *err);
/* All pairs of a relation in the events that are let in; free it with
 * relation_table_finish. */
struct relation_table;
bool live_relation(struct live *l, enum relation r, struct relation_table *t,
		   struct job *job, struct err *err);
/* Sessions with an event that is let in (or all). */
uint64_t live_sessions(const struct live *l);

/* How a product's pairs are counted: a relation's row, or the column of adjacent-view. */
enum {
	LIVE_INTO = RELATIONS,	/* adjacent views b -> a */
	LIVE_ROWS,
};
struct live_row {
	uint32_t *column, *value;	/* (n) columns ascending */
	size_t n, cap;
	double *q;			/* (n) or NULL: see live_q */
	double family;			/* tests behind q */
};
struct live_rows {
	uint32_t product;
	unsigned which;			/* bits of the rows that were counted */
	struct live_row row[LIVE_ROWS];
};
/*
 * Count the rows in `which` (bits 1 << enum relation, 1 << LIVE_INTO) of a product
 * from its sessions. Needs LIVE_PAIRS. rows must be zeroed or from a call before; free
 * with live_rows_finish. Walks each session that holds the product once, on all cores.
 */
bool live_count(struct live *l, uint32_t product, unsigned which, struct live_rows *rows,
		struct job *job, struct err *err);
void live_rows_finish(struct live_rows *rows);
uint32_t live_rows_pair(const struct live_rows *rows, unsigned row, uint32_t b);
/* q of row entry b: Benjamini-Hochberg over the pairs of this product, one test for
 * every other product that could be seen there, unseen ones included. NAN: not there. */
double live_q(struct live *l, struct live_rows *rows, enum relation r, uint32_t b);
/* The same when live_q was asked for the relation before; in any thread. */
double live_rows_q(const struct live_rows *rows, enum relation r, uint32_t b);

#endif
