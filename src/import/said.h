/* SPDX-License-Identifier: GPL-3.0-or-later */
/* said: what the records of a log say of products, categories and sessions. */
#ifndef IMPORT_SAID_H
#define IMPORT_SAID_H

#include "base/map.h"
#include "data/dataset.h"

/* Texts that are numbered. Every worker numbers those it meets; a merge gives them their
 * place in the sorted union ("rank"). */
enum id_kind {
	ID_PRODUCT,
	ID_SESSION,
	ID_USER,
	ID_CATEGORY,
	ID_PATH,	/* and names of categories */
	ID_BRAND,
	ID_NAME,
	ID_GROUP,
	ID_VALUE,	/* of attributes and properties */
	ID_PROPERTY,
	ID_DESCRIPTION,
	ID_TRAIT,	/* and on, by enum trait */
	ID_KINDS = ID_TRAIT + TRAITS,
};

/* Where an event stands among events of the same time: it ascends with the
 * order of files and records, however they are cut into pieces. */
#define SEQ_ROW_BITS 28
struct stamp {
	int64_t time;
	uint64_t seq;
};
static inline bool stamp_later(struct stamp a, struct stamp b)
{
	return a.time > b.time || (a.time == b.time && a.seq > b.seq);
}
static inline bool stamp_same(struct stamp a, struct stamp b)
{
	return a.time == b.time && a.seq == b.seq;
}

/* What the records say of a product or category: the latest event wins; an
 * empty field says nothing. */
struct fact {
	struct stamp at;
	uint32_t value;		/* of the fact's id_kind, or MAP_NONE */
	bool conflict;		/* records disagree */
};
static inline int64_t fact_time(struct fact f)
{
	return f.value == MAP_NONE ? TIME_NONE : f.at.time;
}
enum {
	FACT_CATEGORY,
	FACT_BRAND,
	FACT_NAME,
	FACT_GROUP,
	FACT_DESCRIPTION,
	FACT_ATTRIBUTE,		/* and on */
};
enum { CATEGORY_PATH, CATEGORY_NAME, CATEGORY_PARENT, CATEGORY_FACTS };

struct category_seen {
	struct fact fact[CATEGORY_FACTS];
	bool own;		/* a record of its own, not a product's */
};

/* What nearly every log says of a product stands with it, the other facts aside, so that
 * they take memory only where something says one. So do stamps: one record says category,
 * brand and price of most products at once, and then their stamp stands here. */
#define FACTS_WITH FACT_NAME
struct product_seen {
	int64_t first, last;
	struct stamp at;		/* of category, brand and price, unless they are apart */
	int64_t price_units;
	uint32_t value[FACTS_WITH];	/* as in struct fact */
	uint8_t price_scale;
	uint8_t conflicts;		/* bits by fact */
	bool has_price, apart;
};
/* The stamps of what is said; of what isn't any. */
struct stamps {
	struct stamp fact[FACTS_WITH], price;
};
static inline struct stamps stamps_all(struct stamp at)
{
	struct stamps all = {.price = at};

	for (unsigned f = 0; f < FACTS_WITH; f++)
		all.fact[f] = at;
	return all;
}
/* Have it come nearer: its first and its last byte, which may be in two lines of the cache. */
static inline void product_ask(const struct product_seen *p)
{
	__builtin_prefetch(p);
	__builtin_prefetch((const char *)(p + 1) - 1);
}
static inline struct decimal product_price(const struct product_seen *p)
{
	return (struct decimal){p->price_units, p->price_scale};
}
static inline struct fact product_fact(const struct product_seen *p, const struct stamps *at,
				       unsigned fact)
{
	return (struct fact){at->fact[fact], p->value[fact], p->conflicts >> fact & 1};
}
static inline void product_set(struct product_seen *p, struct stamps *at, unsigned fact,
			       struct fact f)
{
	at->fact[fact] = f.at;
	p->value[fact] = f.value;
	p->conflicts = (uint8_t)((p->conflicts & ~(1u << fact)) | (unsigned)f.conflict << fact);
}

struct session_seen {
	struct stamp first;
	uint32_t user;		/* of the first event, or MAP_NONE */
	uint32_t events;
};

/* What a record that is no event says of a session. */
struct session_told {
	uint32_t session, user;		/* MAP_NONE: not said */
	int64_t time;			/* TIME_NONE: not said */
	uint64_t seq;
};

/* One of the named values of a product that few products may have. */
struct property {
	uint32_t product, name;
	struct fact value;
};

#define SESSION_NUMBERED '\1'	/* starts a made id, to be numbered */

#endif
