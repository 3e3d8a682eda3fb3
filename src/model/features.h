/* SPDX-License-Identifier: GPL-3.0-or-later */
/* features: what is known of every product, as sparse rows for networks and rankers. */
#ifndef MODEL_FEATURES_H
#define MODEL_FEATURES_H

#include "base/err.h"
#include "math/vectors.h"
#include "model/params.h"
#include "store/catalog.h"

struct job;

enum feature_id {
#define FEATURE(ident, ...) FEATURE_ID_##ident,
#include "model/features.def"
#undef FEATURE
	FEATURE_IDS
};
struct feature {
	const char *name;
	unsigned needs;		/* enum capability, 0: nothing */
	const char *help;
};
extern const struct feature feature_table[FEATURE_IDS];

#define FEATURES_ALL ((1u << FEATURE_IDS) - 1)
#define FEATURE_BIT(f) (1u << (f))

struct features_ask {
	unsigned wanted;	/* FEATURE_BIT of each, FEATURES_ALL */
	unsigned buckets;	/* words, and letters, are hashed to so many columns; >= 1 */
	/* (products, dim) or NULL: rows of zeros where a product has none */
	const struct vectors *text, *item;
};

/*
 * Row p: column[offsets[p] .. offsets[p + 1]), ascending, each below `width`, with `value`.
 * One of a kind counts 1; the words of a product, and its letters, 1 / sqrt(how many they
 * are); numbers (price, age) stand in units of their deviation around their mean; a vector
 * is brought to length 1. Columns of a feature are [first[f], first[f + 1]): none where the
 * catalog doesn't say or it wasn't wanted. Pure: the catalog alone decides, so that a
 * column means the same in every training on it.
 */
struct features {
	uint32_t n_products, width;
	uint32_t first[FEATURE_IDS + 1];
	uint64_t *offsets;	/* (products + 1) */
	uint32_t *column;
	float *value;
};
/* ERR_NOMEM, ERR_CANCELLED. */
bool features_make(struct features *f, const struct catalog *c,
		   const struct features_ask *ask, struct job *job, struct err *err);
void features_finish(struct features *f);
/* What is known of a product that the catalog hasn't got. */
struct features_given {
	uint32_t category, brand;	/* of the catalog, or CATALOG_NONE */
	int64_t price;		/* in the catalog's units, or PRICE_NONE */
	struct str words;		/* of its name */
};
/* Its one row, in the columns that features_make gives the catalog's products. ERR_NOMEM. */
bool features_give(struct features *f, const struct catalog *c, const struct features_ask *ask,
		   const struct features_given *g, struct err *err);

/* The value of product p in a feature of one number (price, age): 0, the mean, where it has
 * none. */
float features_number(const struct features *f, enum feature_id id, uint32_t p);
/* Which column of a feature of one kind (brand, band) product p has, from 0; UINT32_MAX. */
uint32_t features_kind(const struct features *f, enum feature_id id, uint32_t p);
/* The part of the parameters' --without: all but that one. */
unsigned features_wanted(const struct params *p);

#endif
