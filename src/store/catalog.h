/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog: the arrays of one generation under typed names, read in place. */
#ifndef STORE_CATALOG_H
#define STORE_CATALOG_H

#include "base/err.h"
#include "store/array.h"

#define CATALOG_NONE UINT32_MAX	/* no category, no brand, no user */
#define PRICE_NONE INT64_MIN	/* no price is known: 0 is a price */

enum event_kind {
	EVENT_VIEW,
	EVENT_CART,
	EVENT_REMOVE,	/* taken out of the cart */
	EVENT_PURCHASE,
	EVENT_RATING,
	EVENT_KINDS,
};
const char *event_kind_name(enum event_kind kind);	/* "view", "cart" ... */
#define EVENT_WEIGHT_MOST 1e6
/* view=1,cart=2,purchase=3; what isn't named keeps its default. ERR_USAGE,
 * where all are 0 too. */
bool event_weights_parse(struct str text, float weight[EVENT_KINDS], struct err *err);

/* What a data set can say; stored in meta as names, here as bits. */
enum capability {
	CAP_VIEWS = 1 << 0,
	CAP_CARTS = 1 << 1,
	CAP_PURCHASES = 1 << 2,
	CAP_USERS = 1 << 3,
	CAP_PRICES = 1 << 4,
	CAP_HOURS = 1 << 5,	/* times within the day are real */
	CAP_NAMES = 1 << 6,	/* products have names of their own */
	CAP_BRANDS = 1 << 7,
	CAP_QUANTITIES = 1 << 8,
	CAP_RATINGS = 1 << 10,	/* events of kind rating say how much */
	CAP_UNDATED = 1 << 9,	/* times only order the events; days are made up */
};
/* The bit of a name in meta; 0 of none, and of NULL. */
unsigned capability_parse(const char *name);

/* The five relations (METHODS: their exact meaning is in stats/relation.h). */
enum relation {
	REL_CO_VIEW,
	REL_ADJACENT_VIEW,	/* directed; occurrences */
	REL_VIEW_PURCHASE,	/* directed */
	REL_CO_CART,
	REL_CO_PURCHASE,
	RELATIONS,
};
const char *relation_name(enum relation r);	/* "co-view" ... */
/* By name; similar is co-view, complement co-purchase. */
bool relation_parse(struct str s, enum relation *r);
bool relation_directed(enum relation r);

/*
 * Counts of one relation. Arrays "pairs/NAME/": offsets U64 (P + 1), column U32,
 * value U32 (out); of a directed one in-offsets, in-column, in-value (in); from
 * U32 (P), to U32 (P); totals U64 (total, pairs, instances); q F64 (Q_STEPS).
 * The relation exists where its offsets do. out: row a, columns b ascending,
 * value n(a -> b); for an unordered relation each pair stands in both rows and
 * in == out. from[a] and to[b] are the marginals and total the population, all
 * counted over the same sessions (see stats/relation.h). NULL and 0 where the
 * relation does not exist. q is the step table of Benjamini-Hochberg values (see
 * stats/assoc.h).
 */
#define Q_STEPS 65536
struct relation_counts {
	struct csr out, in;
	const uint32_t *from, *to;	/* (P) */
	uint64_t total;			/* N */
	uint64_t pairs, instances;	/* distinct; sum of counts (unordered: once) */
	const double *q;
};

/*
 * Category transitions counted in baskets of one kind of event. Arrays
 * "transition/KIND/": from, multi, own, own-multi U32 (C), baskets U64 (baskets,
 * multi_baskets), and for level d "transition/KIND/d/": offsets U64 (C + 1),
 * column U32, value U32, pairs U64, q and q-multi F64. The kind exists where its baskets do.
 * Level d maps a product to its category's ancestor at depth min(d, own depth); one of
 * several categories counts in each of them, once, and makes no pair with itself.
 * from[c]: baskets that hold a product of c's subtree; own[c]: a product of c
 * itself (what c stands for at levels below its depth); multi, own_multi: the
 * same over baskets of two or more distinct products.
 */
enum basket_kind {
	BASKET_VIEW,
	BASKET_CART,
	BASKET_PURCHASE,
	BASKET_KINDS,
};
const char *basket_kind_name(enum basket_kind k);
/* What is in such a basket, and the relation of two that are. */
enum event_kind basket_event(enum basket_kind k);
enum relation basket_relation(enum basket_kind k);
#define CATALOG_LEVELS 8
struct transition_counts {
	const uint32_t *from, *multi, *own, *own_multi;	/* (C) */
	uint64_t baskets, multi_baskets;	/* N over all; with two or more products */
	/* per level: row a, columns b ascending (b = a: two distinct products),
	 * value n_ab in baskets; pairs runs beside it: product pairs a-b, each
	 * basket's pairs counted (share of a's pairs that go to b). */
	struct csr level[CATALOG_LEVELS];
	const uint64_t *pairs[CATALOG_LEVELS];
	/* Benjamini-Hochberg over all pairs of the level's categories, beside its
	 * entries; NAN on the diagonal. NULL: not tested. */
	const double *q[CATALOG_LEVELS], *q_multi[CATALOG_LEVELS];
	unsigned levels;		/* 0: not counted */
};

struct catalog {
	uint32_t n_products, n_categories, n_brands, n_users, n_sessions, n_attributes;
	uint32_t n_user_attributes;
	uint64_t n_events;
	unsigned caps;			/* enum capability */
	unsigned price_scale;		/* prices are units / 10^scale */
	unsigned revenue_scale;		/* smaller where sums outgrow 64 bits */
	char currency[8];		/* ISO code or "" */
	int64_t first_time, last_time;	/* ms of the first and last event */
	const struct zone *zone;	/* of the shop's days; NULL: UTC */
	/* How much an event of a kind says, from 0 to EVENT_WEIGHT_MOST: labels of mf and
	 * neumf. view 1, cart 2, purchase 3, unless the import was told others. */
	float event_weight[EVENT_KINDS];
	uint32_t max_session;		/* cap: sessions with more products are not counted */

#define CATALOG_TYPE_U8 const uint8_t *
#define CATALOG_TYPE_U32 const uint32_t *
#define CATALOG_TYPE_U64 const uint64_t *
#define CATALOG_TYPE_I64 const int64_t *
#define CATALOG_TYPE_F32 const float *
#define CATALOG_ARRAY(field, name, type, rows, need) CATALOG_TYPE_##type field;
#define CATALOG_TEXT(field, name, rows, need) struct text field;
#include "store/catalog.def"
#undef CATALOG_ARRAY
#undef CATALOG_TEXT

	struct relation_counts relation[RELATIONS];
	struct transition_counts transition[BASKET_KINDS];
};

/*
 * Bind names to arrays found by `find` and check row counts against each
 * other. With complete false, arrays that are missing stay NULL (a file that is
 * being built). meta gives capabilities, scale, currency and counts.
 */
bool catalog_bind(struct catalog *c,
		  bool (*find)(void *ctx, const char *name, struct array *a), void *ctx,
		  const void *meta /* json_t */, bool complete, struct err *err);

/* The first array that others promise and that isn't there, NULL: none. A capability
 * promises the totals of its events, a relation both directions and its margins, a
 * transition its margins, pairs and the totals of its kind, prices of events revenue.
 * Parts and live cuts assert it; panels refuse a store that breaks it. */
const char *catalog_lacks(const struct catalog *c);

/* What the shop's clock shows at an instant, ms as if that was UTC; its day, since 1970.
 * TIME_NONE stays TIME_NONE. */
int64_t catalog_clock(const struct catalog *c, int64_t ms);
int64_t catalog_day(const struct catalog *c, int64_t ms);
/* The instant at which it shows that; see zone_instant. */
int64_t catalog_instant(const struct catalog *c, int64_t clock);

/* Products whose first category is in the subtree: [*first, *end). */
void catalog_products(const struct catalog *c, uint32_t category, uint32_t *first,
		      uint32_t *end);
/* The products of a subtree: a range and, where products have several categories, guests
 * that stand elsewhere in the tree. */
struct members {
	uint32_t first, end;
	const uint32_t *guest;	/* (n_guests) ascending, none in the range */
	uint32_t n_guests;
};
/* CATALOG_NONE: every product. */
struct members catalog_members(const struct catalog *c, uint32_t category);
static inline uint32_t members_count(const struct members *m)
{
	return m->end - m->first + m->n_guests;
}
/* The i-th: those of the range, then the guests. */
static inline uint32_t members_at(const struct members *m, uint32_t i)
{
	return i < m->end - m->first ? m->first + i : m->guest[i - (m->end - m->first)];
}
bool members_has(const struct members *m, uint32_t product);
/* How many products have further categories. */
uint32_t catalog_several(const struct catalog *c);
/* The further categories of a product, ascending; NULL where it has none. */
const uint32_t *catalog_places(const struct catalog *c, uint32_t product, uint32_t *n);

/* Ancestor at that depth, or the category itself if it is not that deep. */
uint32_t catalog_ancestor(const struct catalog *c, uint32_t category, unsigned depth);
/* Category by path ("electronics.smartphone") or by id; CATALOG_NONE. */
uint32_t catalog_category(const struct catalog *c, struct str text);
/* Both are known and in the same variant group (or the same product). */
static inline bool catalog_variants(const struct catalog *c, uint32_t a, uint32_t b)
{
	if (a == b)
		return true;
	return c->product_group && c->product_group[a] != CATALOG_NONE &&
	       c->product_group[a] == c->product_group[b];
}
/* A category of the one is a category of the other; where products have further ones. */
bool catalog_share_category(const struct catalog *c, uint32_t a, uint32_t b);
/* Both categories are known and equal, or further ones are. */
static inline bool catalog_same_category(const struct catalog *c, uint32_t a, uint32_t b)
{
	if (!c->product_category || c->product_category[a] == CATALOG_NONE)
		return false;
	return c->product_category[a] == c->product_category[b] ||
	       (c->product_place_offsets && catalog_share_category(c, a, b));
}

#endif
