/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * vsknn: neighbours of sessions (Ludewig and Jannach, Evaluation of session-based
 * recommendation algorithms, 2018).
 *
 *	sim(s)   = sum over products i in both of w_i recency^(n - i), / n
 *	score(b) = sum over the most alike sessions s that have b of
 *	           sim(s) (1 - 0.1 min(k, 9)) (1 + idf log(S / n_b))
 *
 * w_i: i/n, its square, 1/log2(2 + n - i) or 1, as --weighting says; the rest is in
 * model/neighbours.h.
 */
#include "config.h"

#include "model/neighbours.h"

static bool vsknn_score(const struct model *m, const struct history *h,
			struct scoring out, struct err *err)
{
	const struct neighbour_rule rule = {
		.weighting = params_choice(&m->params, PARAM_ID_WEIGHTING),
		.step = 0.1,
		.back = 1,
		.position = 1,
		.idf = params_real(&m->params, PARAM_ID_IDF),
	};

	return neighbours_score(m, h, &rule, out, err);
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "auto"},
	{PARAM_ID_NEIGHBOURS, "500"},
	{PARAM_ID_CANDIDATES, "5000"},
	{PARAM_ID_WEIGHTING, "share"},
	{PARAM_ID_RECENCY, "0.3"},
	{PARAM_ID_IDF, "5"},
	{PARAM_IDS, NULL},
};

static const struct param_default sparse[] = {
	{PARAM_ID_WEIGHTING, "same"},
	{PARAM_ID_RECENCY, "0.8"},
	{PARAM_IDS, NULL},
};

const struct model_class md_vsknn = {
	.name = "vsknn",
	.title = "Session neighbours (V-SKNN)",
	.summary = "What stands in the sessions most like the history, of which later products "
		   "weigh more; the latest sessions are looked at.",
	.score_text = "the sum of the likeness of the neighbour sessions that have it",
	.params = params,
	.baskets = sparse,
	.sparse = sparse,
	.train = neighbours_train,
	.open = neighbours_open,
	.close = neighbours_close,
	.score = vsknn_score,
};
