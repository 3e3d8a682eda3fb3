/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rules: sequential rules (Ludewig and Jannach, Evaluation of session-based
 * recommendation algorithms, 2018, "SR"): covis with other defaults.
 *
 *	score(b|a) = sum over sessions with b up to window steps after a of 1 / steps,
 *	             over the same sum for all b
 *
 * a: the last product of the history.
 */
#include "config.h"

#include "model/covis.h"
#include "model/pairs.h"

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "auto"},
	{PARAM_ID_COUNT, "window"},
	{PARAM_ID_DIRECTION, "directed"},
	{PARAM_ID_WINDOW, "10"},
	{PARAM_ID_GAP_WEIGHT, "inverse"},
	{PARAM_ID_HALF_LIFE, "0"},
	{PARAM_ID_SCORE, "conditional"},
	{PARAM_ID_SHRINK, "0"},
	{PARAM_ID_SUPPORT, "0"},
	{PARAM_ID_RECENCY, "0"},
	{PARAM_IDS, NULL},
};

static const struct param_default counted[] = {
	{PARAM_ID_COUNT, "adjacent"},
	{PARAM_IDS, NULL},
};

const struct model_class md_rules = {
	.name = "rules",
	.title = "Sequential rules",
	.summary = "What comes within some steps after the product, the nearer the more: covis "
		   "with the window, the weights and the division of sequential rules.",
	.score_text = "the share of what follows the product within the window, by nearness",
	.params = params,
	.counted = counted,
	.flags = MODEL_EDGES,
	.train = covis_train,
	.open = pairs_open,
	.close = pairs_close,
	.score = covis_score,
	.meaning = covis_meaning,
};
