/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * itemcf: pairs of a session, near ones and those of short sessions the more:
 *
 *	n_ab = sum over sessions of loc 0.7^(gap - 1) / ln(1 + length)
 *	score(b|a) = n_ab / (sqrt(n_a n_b) + shrink)	n_a, n_b: sums of its rows
 *
 * loc is 1 from the earlier to the later product, 0.9 back.
 */
#include "config.h"

#include <math.h>

#include "base/mem.h"
#include "base/scope.h"
#include "model/covis.h"
#include "model/pairs.h"

#define NEXT 0.7	/* what a step further counts of the step before */
#define BACK 0.9
#define LONGEST 1000u

static bool itemcf_train(const struct lesson *l, struct err *err)
{
	struct sequences q;
	bool ok;

	if (!sequences_read(&q, l, 2, err))
		return false;

	SCOPED_FREE float *weight = mem_big(q.n, sizeof *weight, "sessions", err);
	const struct pairs_ask ask = {
		.way = PAIRS_WINDOW, .symmetric = true, .window = LONGEST, .weight = weight,
		.next = NEXT, .back = BACK,
	};

	for (uint32_t i = 0; weight && i < q.n; i++)
		weight[i] = (float)(1 / log1p((double)(q.offsets[i + 1] - q.offsets[i])));
	ok = weight && pairs_count(l->sink, &q, &ask, l->work, err);
	sequences_finish(&q);
	return ok;
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "auto"},
	{PARAM_ID_SCORE, "cosine"},
	{PARAM_ID_SHRINK, "0"},
	{PARAM_ID_RECENCY, "0.5"},
	{PARAM_IDS, NULL},
};

const struct model_class md_itemcf = {
	.name = "itemcf",
	.title = "Pairs by place and length",
	.summary = "Pairs of products in a session count the more, the nearer they stand and "
		   "the shorter it is; forwards a little more than back; scored as covis does.",
	.score_text = "what --score says of the pair's weighted count",
	.params = params,
	.train = itemcf_train,
	.open = pairs_open,
	.close = pairs_close,
	.score = covis_score,
};
