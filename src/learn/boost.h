/* SPDX-License-Identifier: GPL-3.0-or-later */
/* boost: growing boosted trees by XGBoost, which is loaded when first used. */
#ifndef LEARN_BOOST_H
#define LEARN_BOOST_H

#include "learn/forest.h"

struct job;

/* Groups lie behind each other; rows of one should stand in no order that tells y. */
struct boost_rows {
	const float *x;			/* (rows, columns), NAN: missing */
	const float *y;			/* (rows) 1: chosen, 0: not */
	const uint32_t *group;		/* (groups) rows of each */
	size_t rows;
	uint32_t groups;
	unsigned columns;
};

struct boost_options {
	const char *objective;	/* as XGBoost names it: "rank:ndcg", "binary:logistic" */
	unsigned trees;		/* at most */
	unsigned depth;
	double rate;		/* of learning */
	unsigned patience;	/* it ends when so many trees made nothing better */
	uint64_t seed;
	/* What the scores (rows of `watch`) are worth, the more the better. */
	double (*worth)(void *ctx, const float *score);
	void *ctx;
};

/*
 * Trees on `learn`, as many as are worth most on `watch`, or without one (NULL) as many as are
 * asked for; *json gets the model as XGBoost
 * saves it (for boost_shares). One thread, so the same seed gives the same trees. Errors:
 * ERR_IO where the library can't be loaded or refuses, ERR_CANCELLED.
 */
bool boost_grow(struct grown *g, struct strbuf *json, const struct boost_rows *learn,
		const struct boost_rows *watch, const struct boost_options *o, struct job *job,
		struct err *err);
/*
 * What each feature adds to the score of each row (Lundberg and Lee 2017, by XGBoost):
 * share (rows, columns + 1); the last is what every row has. Their sum is the score.
 */
bool boost_shares(struct str json, const float *x, size_t rows, unsigned columns,
		  float *share, struct err *err);

#endif
