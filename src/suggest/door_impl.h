/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list on its way through the stages of door.c. */
#ifndef SUGGEST_DOOR_IMPL_H
#define SUGGEST_DOOR_IMPL_H

#include "panel/source.h"

#define ORDER_KEYS 2

enum order_of {
	ORDER_ROW,		/* a number of the row */
	ORDER_LABEL,
	ORDER_CATEGORY,
	ORDER_BRAND,
	ORDER_PRICE,
	ORDER_ATTRIBUTE,
};
struct order_key {
	enum order_of of;
	double (*number)(const struct panel_row *r);	/* of ORDER_ROW */
	uint32_t attribute;
	bool up, turned;	/* as it usually goes; the other way round */
	bool text;		/* its values are no numbers */
};

struct suggestion {
	struct query q;
	enum panel_source from;	/* the source that is being asked */
	struct candidates c;	/* what it has */
	struct panel p;		/* rows so far */
	size_t gathered;	/* candidates of all sources before any was dropped */
	struct order_key order[ORDER_KEYS];	/* (orders) see sorts.c */
	unsigned orders;
	double tail, diversify;	/* choose.c: 0 and 0 */
	uint32_t per_category, categories;	/* UINT32_MAX: any number */
	uint32_t keep;		/* a product that is looked for, or CATALOG_NONE */
	uint32_t *dropped;	/* (n_dropped) ascending: what someone has and isn't to get */
	size_t n_dropped;
};

/* In the order of falling back, PANEL_SOURCES at the end; a model is the only one. */
const enum panel_source *suggest_sources(const struct panel_request *r);
/* A later stage may take any of the candidates, not only the best by score. */
bool door_wants_all(const struct suggestion *s);
/* listing.c: what is particular to PANEL_CONTEXT; a row's source by its candidate */
const enum panel_source *listing_sources(const struct panel_request *r);
void listing_begin(struct suggestion *s);
void listing_gather(struct suggestion *s);
enum panel_source listing_source(const struct suggestion *s, struct candidate c);
void listing_evidence(struct suggestion *s);
bool repeats_wanted(const struct suggestion *s);
void repeats_drop(struct suggestion *s);

/* sorts.c: the order that is asked for; is it another than the panel's own? */
bool order_find(struct suggestion *s, struct err *err);
bool order_wanted(const struct suggestion *s);
void order_run(struct suggestion *s);
/* vetted.c: verdicts and rules; wanted where the question has some, places where they may
 * change the order. */
bool vetted_wanted(const struct suggestion *s);
void vetted_block(struct suggestion *s);
void vetted_once(struct suggestion *s);
bool vetted_reorders(const struct suggestion *s);
void vetted_place(struct suggestion *s);
void vetted_mark(struct suggestion *s);
/* codes.c: one candidate of each product code, unless all are wanted; `keep` stands for its
 * code whatever its score */
bool codes_wanted(const struct suggestion *s);
void codes_cut(struct query *q, struct candidates *c, uint32_t keep);
void codes_merge(struct suggestion *s);
/* choose.c: are others wanted than the best by score; at most `room` candidates are left, in
 * their order */
void choose_find(struct suggestion *s);
bool choose_wanted(const struct suggestion *s);
void choose_run(struct suggestion *s, size_t room);
/* back.c: of rows [first, first + n) */
void back_rows(struct query *q, struct panel_row *rows, unsigned n);
/* note.c: why it is empty, what it fell back to, what a model's score means */
void note_write(struct suggestion *s);

#endif
