/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seen: what all witnesses together saw, every id known by its place among sorted texts. */
#ifndef IMPORT_SEEN_H
#define IMPORT_SEEN_H

#include "import/ids.h"

/* Zero until seen_merge; free with seen_finish. Texts are the witnesses'. */
struct seen {
	struct ids id[ID_KINDS];
	struct witnesses *from;
	unsigned n_facts;
	uint32_t *product_at;		/* by rank: where, all witnesses' behind one another */
	size_t *product_base;		/* (workers + 1) where each one's begin there */
	struct fact *fact;		/* (products, n_facts - FACTS_WITH); NULL: none */
	struct session_seen *session;	/* by rank; user is a rank */
	uint32_t *trait;		/* (sessions, TRAITS), ranks; NULL: none */
	struct category_seen *category;	/* by rank */
	struct placed *place;	/* by product and category, all ranks; see placed.h */
	size_t n_place;
	struct property *property;	/* by product and name, all ranks */
	size_t n_property;
};
/* What holds of a product, by rank: it stays where a witness has it, and goes with the
 * witnesses. */
struct product_seen *seen_product(const struct seen *s, uint32_t rank);
/* It is going to be asked for. */
void seen_ask(const struct seen *s, uint32_t rank);
/* When it was said. */
struct stamps seen_stamps(const struct seen *s, uint32_t product);
/* One fact; the value is a rank too. */
struct fact seen_fact(const struct seen *s, uint32_t product, unsigned fact);
/* What the witnesses know of sessions moves here; what they know of products becomes one
 * answer, in ranks. */
bool seen_merge(struct seen *s, struct witnesses *from, struct pool *pool, struct err *err);
/* Sessions and users again, after the witnesses' have changed. */
bool seen_merge_sessions(struct seen *s, struct pool *pool, struct err *err);
/* Users and traits whose sessions turned out to be another's, or to have no event,
 * vanish. */
bool seen_drop_unused(struct seen *s, struct err *err);
/* Texts of products and users side by side, by rank, for who reads them all: nothing is
 * merged or dropped afterwards. ERR_NOMEM. */
bool seen_gather(struct seen *s, struct pool *pool, struct err *err);
void seen_finish(struct seen *s);

/* Can only all files together tell some event's time or session, or whether it stays? */
bool seen_is_open(const struct seen *s);
bool seen_has_told(const struct seen *s);
/* (sessions) by rank: what holds of each, ranks too; MAP_NONE and TIME_NONE. free() it. */
struct session_told *seen_told(const struct seen *s, struct err *err);

#endif
