/* SPDX-License-Identifier: GPL-3.0-or-later */
/* knowledge: what a ranker knows at a moment, the candidates and features made of it. */
#ifndef MODEL_KNOWLEDGE_H
#define MODEL_KNOWLEDGE_H

#include "base/work.h"
#include "model/alike.h"
#include "model/model.h"
#include "model/past.h"

enum rank_feature {
#define RANK_FEATURE(ident, ...) RANK_##ident,
#include "model/rank_features.def"
#undef RANK_FEATURE
	RANK_FEATURES
};
extern const struct rank_feature_text {
	const char *name, *help;
} rank_feature_table[RANK_FEATURES];

/* Where candidates come from; each source has a cap. */
enum rank_source {
	FROM_REPEAT, FROM_VARIANT, FROM_TOGETHER, FROM_ALIKE, FROM_TEXT, FROM_CATEGORY,
	FROM_POPULAR, FROM_PAGE,
	RANK_SOURCES
};

/* Numbers of a product that change with the moment. */
enum know_number {
	KNOW_POPULAR, KNOW_DAY_1, KNOW_DAY_3, KNOW_DAY_7, KNOW_DAY_BEFORE, KNOW_BUYERS,
	KNOW_AGAIN, KNOW_FIRST,
	KNOW_NUMBERS
};

#define KNOW_NEAR 30	/* text neighbours of a product */

struct knowledge {
	uint32_t n_products;
	/* facts: the same at every moment */
	const uint32_t *group, *category;	/* (P) */
	const uint32_t *group_of, *group_at;	/* products of group g: at[of[g] .. of[g + 1]) */
	uint32_t n_groups;
	const float *price;			/* (P) NAN: unknown */
	const uint32_t *attribute;		/* (P, n_attributes) */
	unsigned n_attributes;
	const uint32_t *near;			/* (P, KNOW_NEAR) CATALOG_NONE: no more */
	uint8_t had;				/* kind */
	/* learnt from what was before the moment */
	const uint64_t *cf_offsets;		/* (P + 1) */
	const uint32_t *cf_column;
	const float *cf_score, *cf_count;
	const float *number;			/* (P, KNOW_NUMBERS) */
	const float *category_popular;		/* (categories + 1); the last: of none */
	uint32_t n_categories;
	const uint32_t *by_popular;		/* (n_popular) the most popular first */
	uint32_t n_popular;
	struct alike alike;			/* users; its text is bound with the facts */
};

/*
 * Facts of the catalog into the sink, arrays "facts/...". texts (products, dim) or NULL:
 * brought to at most 128 dimensions by their principal axes, each of length 1. Then
 * what was done before `moment` (ms), arrays "learnt/...": neighbours n_ab / (sqrt(n_a
 * n_b) + 5) over users, numbers, users and the means of their texts. bind_ needs both.
 */
bool knowledge_facts(const struct lesson *l, const struct vectors *texts, struct err *err);
bool knowledge_bind_facts(struct knowledge *k, const struct model *m, struct err *err);
/* k: with the facts bound. */
bool knowledge_learn(const struct lesson *l, const struct knowledge *k, int64_t moment,
		     struct err *err);
bool knowledge_bind_learnt(struct knowledge *k, const struct model *m, struct err *err);

/* Candidates of someone, each once, by number. */
struct candidates_of {
	uint32_t *product;	/* (n) */
	uint16_t *from;		/* (n) bits of enum rank_source */
	float *x;		/* (n, RANK_FEATURES) NAN: missing */
	uint32_t n;
};
/* ERR_NOMEM. From any thread. */
bool knowledge_candidates(const struct knowledge *k, const struct past *past,
			  struct candidates_of *out, struct err *err);
/* The same for n pasts, out (n): what was learnt of users is read once for all. */
bool knowledge_candidates_many(const struct knowledge *k, const struct past *past, unsigned n,
			       struct candidates_of *out, struct err *err);
void candidates_of_finish(struct candidates_of *c);

#endif
