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
#include "base/str.h"
#include "base/work.h"
#include "query/filter.h"
#include "query/select.h"
#include "store/catalog.h"

struct job;
struct live;

/*
 * Reads the events once. The filter is copied; catalog and pool (NULL: one thread) stay
 * borrowed. Errors: those of selection_make, ERR_CANCELLED, ERR_NOMEM. Not for two
 * threads at a time.
 */
bool live_create(struct live **l, const struct filter *f, const struct catalog *c,
		 struct work work, struct err *err);
/* Another of the same filter for another thread: what was read is lent by `of`, which must
 * outlive it and may be at work meanwhile; its parts are its own. */
struct live *live_share(const struct live *of, struct pool *pool);
/* It was made of such a filter on that catalog. */
bool live_is(const struct live *l, const struct filter *f, const struct catalog *c);
void live_destroy(struct live *l);
SCOPED_DEFINE(live)

const struct filter *live_filter(const struct live *l);
/* Products that are let in; NULL: all. */
const struct selection *live_selection(const struct live *l);
/* Event e of that session, as the catalog that l was made of numbers them, is let in and
 * its product too. */
bool live_event(const struct live *l, uint32_t session, uint64_t e);
/* It tests events: rows of pairs come from live_count, not from the catalog. */
bool live_cuts(const struct live *l);
/* The filter tests rows, and the row passes (or there is no such test). */
bool live_tests_rows(const struct live *l);
/* Of a pair: together, each, and all. */
struct live_counts {
	double n, n_a, n_b, n_all;
};
bool live_row_passes(const struct live *l, struct live_counts c);

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
	uint32_t *seen;			/* (n) in the sessions that were walked */
	bool sampled;			/* value is an estimate: see live_bounds */
	size_t n, cap;
	double *q;			/* (n) or NULL: see live_q */
	double family;			/* tests behind q */
};
struct live_rows {
	uint32_t product;
	unsigned which;			/* bits of the rows that were counted */
	uint64_t walked, sessions;	/* of the product; fewer walked: a sample */
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

/*
 * A first answer soon: after live_hurry(l, 0.015, 0) a live_count that would take longer
 * stops at about so many seconds (but walks at least `least` sessions, 0: 16,384) and estimates the
 * counts from a random part of the product's sessions: value is scaled up, and capped by
 * the marginals, which are exact. live_hurry(l, 0, 0) ends it; then every count is exact.
 * So a worker makes a panel twice: in a hurry, shown with what live_add_sample says if
 * live_sampled; then, unless another request came, exactly. Nothing else changes for
 * those who read rows. live_hurry forgets about samples made before.
 */
void live_hurry(struct live *l, double seconds, size_t least);
struct live_sample {
	uint32_t product;
	uint64_t walked, sessions;
};
/* Some count since live_hurry was of a sample; *s (may be NULL): the smallest share. */
bool live_sampled(const struct live *l, struct live_sample *s);
/* Within what share of itself the count of a product that is seen in one of 100 of
 * these sessions lies, of 95 in 100 such. */
double live_sample_error(const struct live_sample *s);
/* Appends "counted in 180,224 of 1,204,330 sessions; a count of 12,043 is within 500". */
void live_add_sample(const struct live_sample *s, struct strbuf *b);
/* Within what the exact value of entry b lies, of 95 in 100 entries; both ends are the
 * value where it is exact. Also of what isn't in the row, whose value is 0. Wilson's
 * interval (1927) for a part of a finite population (Cochran 1977, 3.2); neighbours,
 * which may repeat in a session, as Poisson counts (Garwood's approximation by score)
 * of pairs of them. */
void live_bounds(const struct live *l, const struct live_rows *rows, unsigned row,
		 uint32_t b, uint32_t *low, uint32_t *high);
uint32_t live_rows_pair(const struct live_rows *rows, unsigned row, uint32_t b);
/* q of row entry b: Benjamini-Hochberg over the pairs of this product, one test for
 * every other product that could be seen there, unseen ones included; of a sample the
 * lower bounds are tested. NAN: not there. */
double live_q(struct live *l, struct live_rows *rows, enum relation r, uint32_t b);
/* The same when live_q was asked for the relation before; in any thread. */
double live_rows_q(const struct live_rows *rows, enum relation r, uint32_t b);

#endif
