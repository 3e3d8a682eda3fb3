/* SPDX-License-Identifier: GPL-3.0-or-later */
/* witness: what one worker learnt from the records that it read, under its own numbers. */
#ifndef IMPORT_WITNESS_H
#define IMPORT_WITNESS_H

#include "base/arena.h"
#include "import/people.h"
#include "import/placed.h"
#include "import/said.h"

struct witness {
	struct map *map[ID_KINDS];
	struct product_seen *product;	/* by ID_PRODUCT */
	struct stamps *apart;		/* (products) where product.apart; NULL: nowhere */
	struct fact *fact;		/* (products, n_facts - FACTS_WITH); NULL: none said */
	struct session_seen *session;	/* by ID_SESSION */
	unsigned n_facts;
	bool traits;
	uint32_t *trait;		/* (sessions, TRAITS) if there are any */
	struct category_seen *category;	/* by ID_CATEGORY */
	struct map *properties;		/* product and name -> number */
	struct property *property;
	struct session_told *told;
	struct people people;
	struct placed_set places;
	size_t cap_product, cap_apart, cap_fact, cap_session, cap_trait, cap_category, cap_property;
	size_t n_told, cap_told;
	uint64_t rounded;	/* prices, to 18 decimals */
	uint64_t nothing;	/* purchases of no pieces */
	uint64_t free;		/* events with a price of 0 */
	uint64_t repaired;	/* records that weren't UTF-8 */
	bool wall;		/* times of events without a zone */
	bool open;		/* events without a time, or cancellations */
	struct strbuf key;
	uint64_t by_kind[EVENT_KINDS];
	_Atomic uint64_t memory;	/* bytes, when witness_measure was called last */
	struct err err;			/* why a call failed */
};

/* Those of all workers. */
struct witnesses {
	struct witness *of;
	unsigned n;
	unsigned n_facts;
};
void witnesses_start(struct witnesses *w, unsigned n, const struct dataset *set);
void witnesses_finish(struct witnesses *w);
/* Bytes of all, as far as they were measured; any thread. */
uint64_t witnesses_memory(const struct witnesses *w);
void witness_measure(struct witness *w);

/* The functions below fail when memory is out, which w->err says. */

/* A text that a record says, and what it names. */
struct witnessed {
	enum id_kind kind;
	struct str text;
};
/* The number of text, a new one included; grown tells that it is new. */
bool witness_number(struct witness *w, struct witnessed x, uint32_t *number, bool *grown);
/* Blank entries for products and sessions from `old` on, which were numbered. */
void witness_new_products(struct witness *w, uint32_t old);
void witness_new_sessions(struct witness *w, uint32_t old);
/* Blank traits for sessions from `old` on; n in all. */
void witness_new_traits(struct witness *w, uint32_t old, uint32_t n);
/* The number of a product, made with a blank entry if it is new. */
bool witness_product(struct witness *w, struct str id, uint32_t *number);
/* One of the facts that stand aside (FACTS_WITH and on), blank if nothing is known: to be
 * written to. */
struct fact *witness_fact(struct witness *w, uint32_t product, unsigned fact);
/* Records disagree on it. */
void witness_conflict(struct witness *w, uint32_t product, unsigned fact);
/* When category, brand and price of a product were said; the same to be kept: where they
 * differ w->apart must have room, as product_parts tells. */
static inline struct stamps witness_stamps(const struct witness *w, uint32_t product)
{
	const struct product_seen *p = &w->product[product];

	return p->apart ? w->apart[product] : stamps_all(p->at);
}
bool product_parts(const struct product_seen *p, const struct stamps *at);
void witness_stamp(struct witness *w, uint32_t product, const struct stamps *at);
/* What a record says of product and category. */
bool witness_hear_product(struct witness *w, const struct event_row *ev, struct stamp at,
			  uint32_t product);
/* Of the category alone; *number may be MAP_NONE after it. */
bool witness_hear_category(struct witness *w, const struct event_row *ev, struct stamp at,
			   uint32_t *number);
/* A session has that many more events, the first is ev; user: its number if it is known
 * already, else MAP_NONE. */
bool witness_hear_session(struct witness *w, const struct event_row *ev, struct stamp at,
			  uint32_t session, uint32_t user, uint32_t events);
/* Of a session without an event. */
bool witness_hear_told(struct witness *w, const struct event_row *ev, struct stamp at);
bool witness_hear_traits(struct witness *w, uint32_t session, const struct str *trait);
/* There was an event of it. */
void witness_see(struct product_seen *p, int64_t time);
/* Let dictionaries rest: the records are read. */
void witnesses_rest(struct witnesses *w);
/* Free the facts that stand aside, when all are merged. */
void witness_forget_aside(struct witness *w);

#endif
