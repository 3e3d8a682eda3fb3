/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cf: bought together, divided by how often each is bought: covis with other defaults.
 *
 *	score(b|a) = n_ab / sqrt(n_a n_b)
 */
#include "config.h"

#include "model/covis.h"
#include "model/pairs.h"

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "purchase"},
	{PARAM_ID_COUNT, "set"},
	{PARAM_ID_DIRECTION, "symmetric"},
	{PARAM_ID_WINDOW, "10"},
	{PARAM_ID_GAP_WEIGHT, "inverse"},
	{PARAM_ID_HALF_LIFE, "0"},
	{PARAM_ID_SCORE, "cosine"},
	{PARAM_ID_SHRINK, "0"},
	{PARAM_ID_SUPPORT, "0"},
	{PARAM_ID_RECENCY, "1"},
	{PARAM_IDS, NULL},
};

const struct model_class md_cf = {
	.name = "cf",
	.title = "Bought together, normalised",
	.summary = "Sessions that bought both over the root of the sessions that bought each; "
		   "for a basket the sum over its products.",
	.score_text = "the pair's count over the root of both products' counts: 1 is always "
		      "together",
	.flags = MODEL_COMPLEMENT,
	.params = params,
	.train = covis_train,
	.open = pairs_open,
	.close = pairs_close,
	.score = covis_score,
	.meaning = covis_meaning,
};
