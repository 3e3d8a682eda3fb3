/* SPDX-License-Identifier: GPL-3.0-or-later */
/* popular: a baseline. score(b) = events of b, whatever was looked at before. */
#include "config.h"

#include "base/job.h"
#include "model/model.h"
#include "model/sequences.h"

static bool popular_train(const struct lesson *l, struct err *err)
{
	struct sequences q;
	void *room;
	uint32_t *count;

	if (!sequences_read(&q, l, 1, err))
		return false;
	if (!sink_reserve(l->sink, "count", ARRAY_U32, l->catalog->n_products, 1, &room,
			  err)) {
		sequences_finish(&q);
		return false;
	}
	count = room;
	for (uint64_t i = 0; i < q.offsets[q.n]; i++)
		count[q.product[i]]++;
	sequences_finish(&q);
	return job_check(l->work.job, err);
}

static bool popular_score(const struct model *m, const struct history *h,
			  struct scoring out, struct err *err)
{
	struct array count;

	if (!model_array(m, "count", ARRAY_U32, &count, err))
		return false;
	for (uint32_t b = 0; b < m->n_products; b++) {
		uint32_t n = ((const uint32_t *)count.data)[b];

		out.scores[b] = n ? (float)n : -__builtin_inff();
	}
	return true;
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "auto"},
	{PARAM_IDS, NULL},
};

const struct model_class md_popular = {
	.name = "popular",
	.title = "Popularity",
	.summary = "A baseline: what most sessions look at, the same list for every product.",
	.score_text = "how often it was looked at (repeats in a row count once)",
	.flags = MODEL_BASELINE | MODEL_ASIDE,
	.params = params,
	.train = popular_train,
	.score = popular_score,
};
