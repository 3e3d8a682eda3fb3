/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * co-purchase: how many sessions bought both: covis with other defaults.
 *
 *	score(b|h) = sum over a in h of sessions that bought a and b
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
	{PARAM_ID_SCORE, "count"},
	{PARAM_ID_SHRINK, "0"},
	{PARAM_ID_SUPPORT, "0"},
	{PARAM_ID_RECENCY, "1"},
	{PARAM_IDS, NULL},
};

const struct model_class md_copurchase = {
	.name = "co-purchase",
	.title = "Bought together",
	.summary = "In how many sessions both were bought; for a basket the sum over its products.",
	.score_text = "sessions that bought both",
	.params = params,
	.flags = MODEL_EDGES,
	.train = covis_train,
	.open = pairs_open,
	.close = pairs_close,
	.score = covis_score,
	.meaning = covis_meaning,
};
