/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cowalk: walk over what is bought together, with other defaults: from a product to those of
 * its baskets, and on from there.
 */
#include "config.h"

#include "model/walk.h"

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "purchase"},
	{PARAM_ID_COUNT, "set"},
	{PARAM_ID_DIRECTION, "symmetric"},
	{PARAM_ID_HOPS, "3"},
	{PARAM_ID_ALPHA, "0.5"},
	{PARAM_ID_BETA, "0"},
	{PARAM_ID_RECENCY, "1"},
	{PARAM_IDS, NULL},
};

const struct model_class md_cowalk = {
	.name = "cowalk",
	.title = "Random walks over baskets",
	.summary = "Where one arrives who goes on from product to product as they were bought "
		   "together; later hops count less. Explained by its best paths.",
	.score_text = "the weighted chance to arrive at it within the hops, over its degree to "
		      "the power of --beta",
	.flags = MODEL_COMPLEMENT,
	.params = params,
	.train = walk_train,
	.open = walk_open,
	.close = walk_close,
	.score = walk_score,
	.score_many = walk_score_many,
	.explain = walk_explain,
};
