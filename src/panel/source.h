/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source: where the candidates of a panel come from; for panel/ and suggest/ alone. */
#ifndef PANEL_SOURCE_H
#define PANEL_SOURCE_H

#include "panel/candidates.h"
#include "panel/panel.h"
#include "panel/prior.h"
#include "panel/tally.h"
#include "panel/panel_weights.h"
#include "stats/live.h"
#include "vet/vetting.h"

/* A panel that is being made; products of the panel so far are in `taken`. */
struct query {
	const struct catalog *c;
	const struct panel_request *r;
	struct job *job;
	enum same_category same;
	struct members of;	/* they alone may stand */
	struct vetting_list vetted;	/* where about.vetting is there */
	/* of a basket: what it is counted by, and (n_basket) rows under a filter of events */
	enum relation relation;
	struct live_rows *basket;
	struct prior prior;
	/* What counts give products in the gathering that is under way, and what of it comes
	 * over another product. */
	struct tally all, second;
	uint32_t *taken;	/* (n_taken) ascending */
	size_t n_taken;
	/* Under a filter of events: the rows of the product asked for, and of another
	 * one when reverse ranks are looked for. */
	struct live_rows own, other;
	bool failed;		/* a row couldn't be counted: err says why */
	struct err err;
};

void query_init(struct query *q, const struct panel_request *r, struct job *job);
void query_finish(struct query *q);
static inline double query_weight(const struct query *q, enum panel_weight w)
{
	return (q->r->weights ? q->r->weights : &panel_weights_default)->at[w];
}

/* A row of a relation: what goes with a product, columns ascending. */
struct pair_row {
	const uint32_t *column, *value;	/* (n) */
	uint64_t n;
};
enum pair_side {
	PAIR_OUT,	/* a -> b */
	PAIR_INTO,	/* b -> a; of adjacent-view */
};
/* Stored, or counted where a filter cuts events; empty when that failed. */
struct pair_row pair_row(struct query *q, enum relation r, enum pair_side side, uint32_t a);
/* n(a -> b) by the same source. */
uint32_t pair_count(struct query *q, enum relation r, uint32_t a, uint32_t b);

struct source {
	const char *name, *text;
	const char *lack;	/* what a store has none of when this can't be used */
	const char *did;	/* "bought with it": of its rows, shortly; NULL: text */
	const char *none;	/* what a product was never, when it has no row of it */
	enum relation relation;	/* of its evidence; RELATIONS: none */
	bool unbought;		/* only where no two products were bought together, nor put in
				   a cart */
	/* Candidates for `product`, ascending, not yet filtered; some may be ranges. NULL: those
	 * of lists for people, see suggest/listing.c */
	void (*gather)(struct query *q, uint32_t product, struct candidates *out);
	/* Which source speaks for b where several are ranked as one; NULL: this. */
	enum panel_source (*source_of)(struct query *q, uint32_t a, uint32_t b);
};
extern const struct source panel_sources[PANEL_SOURCES];

/* similar.c, complementary.c, fallback.c */
void gather_co_view(struct query *q, uint32_t product, struct candidates *out);
void gather_together(struct query *q, uint32_t product, struct candidates *out);
enum panel_source source_together(struct query *q, uint32_t a, uint32_t b);
void gather_view_purchase(struct query *q, uint32_t product, struct candidates *out);
void gather_attributes(struct query *q, uint32_t product, struct candidates *out);
void gather_across(struct query *q, uint32_t product, struct candidates *out);
void gather_transition(struct query *q, uint32_t product, struct candidates *out);
void gather_popular(struct query *q, uint32_t product, struct candidates *out);
/* complementary.c: adds to q->all what second steps from a over rows of r are worth (nothing
 * under a filter that cuts events: each product on the way would have to be counted); lets in
 * the products of a's likeliest categories, met or not, with the prior times weight. */
void add_second(struct query *q, enum relation r, uint32_t a, double weight);
void add_likely(struct query *q, uint32_t a, double weight);
/* whole.c: of PANEL_BASKET */
void gather_whole(struct query *q, uint32_t product, struct candidates *out);
void whole_evidence(struct query *q, struct panel_row *row);
/* weighted.c */
void gather_weighted(struct query *q, uint32_t product, struct candidates *out);
/* by_model.c */
void gather_model(struct query *q, uint32_t product, struct candidates *out);

#define SMALL_N 20	/* sessions: fewer are a small sample */

/* b is what was asked for, a variant of it or of one of the basket or page. */
bool asked_for(const struct query *q, uint32_t b);
/* Bought together credibly more than by chance: n >= 3 and lift_low > 1. */
bool bought_together(const struct catalog *c, uint32_t a, uint32_t b, uint32_t n);
/* The request's mode of the product's own category lets b stand with a. */
bool of_mode(const struct query *q, uint32_t a, uint32_t b);
/* That, and the filter and the range of products let b in. */
bool let_in(const struct query *q, uint32_t a, uint32_t b);
/* And it is another product, no variant of a, and nothing that verdicts or rules keep out. */
bool may_stand(const struct query *q, uint32_t a, uint32_t b);
/* The source can say something in this store. */
bool source_usable(const struct catalog *c, const struct live *live,
		   const struct source *s);

/* The row's counts pass the filter's tests of rows. */
bool row_passes(struct query *q, const struct source *s, uint32_t a, uint32_t b);
/* Counts, statistics and flags of a row whose product and source are set. */
void add_evidence(struct query *q, const struct source *s, struct panel_row *row);
/* The relation whose counts stand beside a row of the source; RELATIONS: none. */
enum relation relation_of(const struct query *q, const struct source *s);
/* The relation whose counts stand beside a model's rows; RELATIONS: none. */
enum relation model_evidence(const struct query *q);

#endif
