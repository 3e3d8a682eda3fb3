/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * synth: the products of a synthetic shop and what is true of them.
 *
 * Products of one leaf category are split into groups of about 4 to 12 that can
 * replace each other (same kind of thing, same price tier). Leaves have
 * complement leaves, and each group has partner groups in those: that is the
 * planted truth. Everything is integer arithmetic on seeded streams, so a shop
 * is the same on every machine.
 */
#ifndef SYNTH_SYNTH_H
#define SYNTH_SYNTH_H

#include <stdint.h>

#include "base/err.h"
#include "base/rng.h"
#include "base/scope.h"
#include "base/str.h"

#define SYNTH_NONE UINT32_MAX
#define SYNTH_PRODUCTS_MIN 50
#define SYNTH_PRODUCTS_MAX (UINT32_C(1) << 28)
#define SYNTH_SESSIONS_MAX (UINT64_C(1) << 40)
#define SYNTH_DAYS_MAX 3660

/* Random streams of one seed; session blocks use SYNTH_STREAM_BLOCKS + block. */
enum synth_stream {
	SYNTH_STREAM_PRODUCTS,
	SYNTH_STREAM_POPULARITY,
	SYNTH_STREAM_COLD,
	SYNTH_STREAM_BLOCKS = 16,
};

struct synth_department {
	uint32_t words;		/* row of words_departments */
	uint32_t product, product_end;
};

struct synth_leaf {
	uint32_t words;		/* row of words_leaves */
	uint32_t department;	/* of this shop */
	uint32_t product, product_end, group, group_end;
	char id[20];		/* 19 digits, NUL */
	bool coded;		/* its rows name the path; some real rows don't */
};

struct synth_group {
	uint32_t leaf, product, product_end;
	uint32_t tier;		/* price: 0 cheap .. SYNTH_TIERS - 1 */
};
#define SYNTH_TIERS 4

struct synth_product {
	char id[12];		/* digits, no NUL */
	uint32_t group;
	uint32_t cents;
	uint32_t code;		/* variants of one product share it */
	uint16_t brand;		/* SYNTH_NO_BRAND: none */
	uint8_t id_len, kind, look, size;	/* kind..: words of the name */
	bool cold;		/* turns up 0 to 2 times, near the end */
};
#define SYNTH_NO_BRAND UINT16_MAX

struct synth_brand {
	char name[15];
	uint8_t len;
};

/* Neighbours of i: to[offsets[i] .. offsets[i + 1]), both directions stored. */
struct synth_graph {
	uint32_t *offsets, *to;
};

/* An event of a cold product, put into session `session`. */
struct synth_cold {
	uint64_t session;
	uint32_t product;
};

struct synth {
	uint64_t seed, sessions;
	uint32_t n_products, n_groups, n_leaves, n_departments, n_brands, n_users;
	struct synth_product *products;	/* by leaf, by group (price ascending) */
	struct synth_group *groups;
	struct synth_leaf *leaves;	/* in the order of the tree */
	struct synth_department *departments;
	struct synth_brand *brands;
	uint64_t *popularity;	/* (products + 1): sum of the weights before i */
	struct synth_graph partners, complements, substitutes; /* groups; leaves x 2 */
	struct synth_cold *cold;	/* by session, then product */
	size_t n_cold;
	unsigned days;
	int64_t start;		/* ms UTC of the first day */
	uint64_t *hours;	/* (24 days + 1): sum of how busy the hours before are */
	uint8_t *months;	/* (days): 0..11 */
};

/* ERR_USAGE out of the bounds above (products; sessions >= 1; days >= 1). */
struct synth_size {
	uint32_t products;
	uint64_t sessions;
	unsigned days;
	uint64_t seed;
};
struct synth *synth_create(struct synth_size size, struct err *err);
void synth_destroy(struct synth *s);
SCOPED_DEFINE(synth)

/* A product of [from, to) by popularity, or SYNTH_NONE if all are cold. */
uint32_t synth_pick(const struct synth *s, struct rng *r, uint32_t from, uint32_t to);
/* Append a product's name: "Enamel Camp Mug white 350ml". */
void synth_name(const struct synth *s, uint32_t product, struct strbuf *b);
/* Append what a catalogue says of it: a sentence or two. */
void synth_description(const struct synth *s, uint32_t product, struct strbuf *b);
/* What product costs in a week, in cents: some weeks are a sale. */
uint32_t synth_price(const struct synth *s, uint32_t product, uint32_t week);
/* Seconds from synth->start to the moment that a share of all sessions has begun:
 * number + jitter/2^32 of them, ascending. */
uint32_t synth_arrival(const struct synth *s, uint64_t number, uint32_t jitter);
/* A well-mixed number for (seed, x): splitmix64. */
uint64_t synth_mix(uint64_t seed, uint64_t x);
/* The price at quantile q / 256 (0 .. 255) of a log-normal distribution. */
uint32_t synth_lognormal(uint32_t median, unsigned spread, unsigned q);

#endif
