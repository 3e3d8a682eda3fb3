/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stan: session neighbours with three decays (Garg, Gupta, Malhotra, Vig and Shroff,
 * Sequence and time aware neighborhood for session-based recommendations, 2019).
 *
 *	sim(s)   = 2^(-age of s / half-life) sum over products i in both of
 *	           recency^(n - i), / sqrt(n n_s)
 *	score(b) = sum over the most alike sessions s that have b of sim(s) position^d
 *
 * Their exp(-x / lambda) is written as a power: recency = exp(-1 / lambda_1), position =
 * exp(-1 / lambda_3). Ages are counted from the last event: that is a factor common to
 * all sessions. d and the rest are in model/neighbours.h.
 */
#include "config.h"

#include "model/neighbours.h"

static bool stan_score(const struct model *m, const struct history *h, struct scoring out,
		       struct err *err)
{
	const struct neighbour_rule rule = {
		.weighting = PLACE_SAME,
		.cosine = true,
		.half_life = params_real(&m->params, PARAM_ID_HALF_LIFE),
		.back = 1,
		.position = params_real(&m->params, PARAM_ID_POSITION),
	};

	return neighbours_score(m, h, &rule, out, err);
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "auto"},
	{PARAM_ID_NEIGHBOURS, "500"},
	{PARAM_ID_CANDIDATES, "5000"},
	{PARAM_ID_RECENCY, "0.3"},
	{PARAM_ID_HALF_LIFE, "30"},
	{PARAM_ID_POSITION, "0.5"},
	{PARAM_IDS, NULL},
};

static const struct param_default sparse[] = {
	{PARAM_ID_RECENCY, "0.8"},
	{PARAM_IDS, NULL},
};

const struct model_class md_stan = {
	.name = "stan",
	.title = "Session neighbours in sequence and time (STAN)",
	.summary = "What stands near to the latest shared product in the sessions most like the "
		   "history, of which later products weigh more; later sessions count more.",
	.score_text = "the sum of the likeness of the neighbour sessions that have it, less "
		      "where it stands far from what they share",
	.params = params,
	.baskets = sparse,
	.sparse = sparse,
	.train = neighbours_train,
	.open = neighbours_open,
	.close = neighbours_close,
	.score = stan_score,
};
