/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel: one ranked list for one product, with evidence and source per row. */
#ifndef PANEL_PANEL_H
#define PANEL_PANEL_H

#include "ask/question.h"
#include "base/scope.h"
#include "stats/assoc.h"
#include "store/catalog.h"

struct list_request;
struct panel_weights;

enum panel_kind {
	PANEL_SIMILAR,		/* could be bought instead */
	PANEL_COMPLEMENTARY,	/* is bought along with it */
	PANEL_KINDS,		/* of one product */
	PANEL_BASKET = PANEL_KINDS,	/* goes with all of about.basket */
	PANEL_ALL_KINDS,	/* of products */
	PANEL_CONTEXT = PANEL_ALL_KINDS,	/* for a page, a cart, a past or words */
};

/* similar, else complementary: what --panel says. */
enum panel_kind panel_kind_of(struct str name);

/* Where a row's score comes from; also the order of falling back. */
enum panel_source {
	SOURCE_CO_VIEW,
	SOURCE_CO_PURCHASE,
	SOURCE_CO_CART,
	SOURCE_SECOND,		/* bought with what is bought with it */
	SOURCE_VIEW_PURCHASE,
	SOURCE_ACROSS,		/* looked at together across categories, where nothing is bought */
	SOURCE_ATTRIBUTES,	/* same category, shared attributes, near in price */
	SOURCE_TRANSITION,	/* category transition x popularity in the category */
	SOURCE_POPULAR,		/* popular in the category */
	SOURCE_WEIGHTED,	/* together in any way, by about.weight */
	SOURCE_BASKET,		/* sums over a basket: panel/whole.c */
	SOURCE_MODEL,		/* a trained model: about.model */
	SOURCE_REPEAT,		/* lists for people: had before */
	SOURCE_VARIANT,		/* of what was had or looked at */
	SOURCE_TOGETHER,	/* goes with it */
	SOURCE_WORDS,		/* reads like the words */
	SOURCE_LATE,		/* bought of late, where nothing else is known */
	SOURCE_PIN,		/* pinned by a person or a rule, and in no other source */
	PANEL_SOURCES,
};
const char *panel_source_name(enum panel_source s);	/* "co-view" ... */
const char *panel_source_text(enum panel_source s);	/* a sentence for people */

/* The relation whose counts stand beside its rows; RELATIONS: none of its own. */
enum relation panel_source_relation(enum panel_source s);

/* Rows of a panel unless someone asks for another number. */
#define PANEL_ROWS 20

enum panel_flag {
	PANEL_ONE_WAY = 1 << 0,	/* the source's PANEL_ROWS best for b don't hold a */
	PANEL_SMALL = 1 << 1,	/* n < 20: a small sample */
	PANEL_PENALISED = 1 << 2,	/* bought together more than chance: not a substitute */
	PANEL_SAME_CATEGORY = 1 << 3,
	PANEL_APPROVED = 1 << 4,	/* verdicts on it: see vet/vetting.h */
	PANEL_REJECTED = 1 << 5,	/* shown all the same, without a rank of its own */
	PANEL_PINNED = 1 << 6,	/* its place is a person's or a rule's */
};

struct panel_row {
	uint32_t product;
	unsigned rank;		/* 1-based place in the panel's own order; 0: rejected */
	double score;		/* that of the row before at most, whatever its source */
	enum panel_source source;
	unsigned flags;
	unsigned rule;		/* line of the rule that placed it; 0: none did */
	/* evidence of the source's relation; n_all = 0 where it has none */
	struct assoc_counts counts;
	struct assoc assoc;
	double q;		/* Benjamini-Hochberg over the relation's pairs */
	/* of a basket or context, whose counts are those of best and this product */
	uint32_t best;		/* the product of it that speaks most for the row, or
				   CATALOG_NONE: none; of a basket: no session holds both */
	unsigned with;		/* products of the basket that it was seen with */
	uint64_t together;	/* sessions with one of them, summed over them */
	uint32_t reverse_rank;	/* of the product asked for in what the same source
				   gives b's panel; 0: not in it */
};

/*
 * What is asked of suggest() (suggest/door.h): of `about` the catalog, the product or the
 * basket, the
 * category whose subtree suggestions are to be of, the filter made ready (live, with
 * LIVE_TOTALS, LIVE_PAIRS and LIVE_PRIOR), and the model that ranks instead of our own
 * sources; evidence is still what was counted, and a filter chooses among the model's rows:
 * it knows all events. Of its outlook --same-category and --sort, a name of suggest_sorts. Of
 * PANEL_CONTEXT basket is the page or cart, and what else is known stands in context.
 */
struct panel_request {
	struct question about;
	enum panel_kind kind;
	unsigned limit;		/* rows wanted, >= 1 */
	bool reverse;		/* compute reverse_rank and PANEL_ONE_WAY; under a filter of
				   events as many products are counted as there are rows */
	const struct panel_weights *weights;	/* of scores; NULL: the default ones */
	const struct list_request *context;	/* of PANEL_CONTEXT: suggest/lister.h */
	const float *scores;	/* (products) what about.model says of the product, or of the
				   basket and the past of PANEL_CONTEXT, where whoever asks for
				   many lists had it say so at once; NULL: it is asked */
};

struct panel {
	struct panel_row *rows;
	unsigned n_rows;
	char note[512];		/* why it is empty, what it fell back to, what a model's
				   score means; "" */
	enum relation relation;	/* of a basket: what it was counted by */
	double family;		/* tests behind q where live counted the pairs of this
				   product alone; 0: those of the whole relation */
};

void panel_finish(struct panel *p);

#endif
