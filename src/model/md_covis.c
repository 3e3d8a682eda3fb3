/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * covis: what is looked at together, or next. With n the (weighted) count of a pair,
 * n_a and n_b of its products, N of all and s the shrinkage
 *
 *	count        n
 *	cosine       n / (sqrt(n_a n_b) + s)
 *	jaccard      n / (n_a + n_b - n + s)
 *	conditional  n / (n_a + s)
 *	lift         n / (n_a n_b / N + s)
 *
 * and for a history the weighted sum over its products. In a pair that is counted once
 * per session (--count set) n_a is the sessions with a; else it is all that was counted
 * from a on.
 */
#include "config.h"

#include "model/covis.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "model/pairs.h"

enum score { SCORE_COUNT, SCORE_COSINE, SCORE_JACCARD, SCORE_CONDITIONAL, SCORE_LIFT };

static struct pairs_ask asked(const struct params *p)
{
	return (struct pairs_ask){
		.way = (enum pairs_way)params_choice(p, PARAM_ID_COUNT),
		.symmetric = params_choice(p, PARAM_ID_DIRECTION) == 1,
		.inverse = params_choice(p, PARAM_ID_GAP_WEIGHT) == 0,
		.window = (unsigned)params_count(p, PARAM_ID_WINDOW),
		.least = params_real(p, PARAM_ID_SUPPORT),
	};
}

static bool covis_given(const struct lesson *l, struct err *err)
{
	struct pairs_ask ask = asked(l->params);

	if (params_real(l->params, PARAM_ID_HALF_LIFE) > 0)
		return err_fail(err, ERR_NO, "--half-life needs times of sessions, and this store "
				"has counts alone");
	return pairs_given(l->sink, l, sequences_kinds(l->catalog, l->params), &ask, err);
}

static bool covis_count(const struct lesson *l, const struct sequences *q,
			struct err *err)
{
	double half_life = params_real(l->params, PARAM_ID_HALF_LIFE);
	SCOPED_FREE float *weight = NULL;
	struct pairs_ask ask = asked(l->params);

	if (half_life > 0) {
		ask.weight = weight = mem_big(q->n, sizeof *weight, "ages of sessions", err);
		if (!weight || !pairs_decay(weight, q, l->catalog, half_life, err))
			return false;
	}
	return pairs_count(l->sink, q, &ask, l->work, err);
}

bool covis_train(const struct lesson *l, struct err *err)
{
	struct sequences q;
	bool ok;

	if (pairs_elsewhere(l->catalog))
		return covis_given(l, err);
	if (!sequences_read(&q, l, 1, err))
		return false;
	ok = covis_count(l, &q, err);
	sequences_finish(&q);
	return ok;
}

struct pair_counts {
	double n, n_a, n_b, total;
};

static double score_of(enum score score, double shrink, struct pair_counts c)
{
	switch (score) {
	case SCORE_COSINE:
		return c.n / (sqrt(c.n_a * c.n_b) + shrink);
	case SCORE_JACCARD:
		return c.n / (c.n_a + c.n_b - c.n + shrink);
	case SCORE_CONDITIONAL:
		return c.n / (c.n_a + shrink);
	case SCORE_LIFT:
		return c.n / (c.n_a * c.n_b / c.total + shrink);
	default:
		return c.n;
	}
}

bool covis_score(const struct model *m, const struct history *h, struct scoring out,
		 struct err *err)
{
	const struct pairs *x = m->state;
	enum score score = (enum score)params_choice(&m->params, PARAM_ID_SCORE);
	double shrink = params_real(&m->params, PARAM_ID_SHRINK);

	for (uint32_t b = 0; b < m->n_products; b++)
		out.scores[b] = -INFINITY;
	for (unsigned i = 0; i < h->n; i++) {
		uint32_t a = h->product[i];
		double w = h->weight ? h->weight[i] : 1;
		uint64_t k, end;

		for (pairs_row(x, a, &k, &end); k < end; k++) {
			uint32_t b = x->column[k];

			if (b >= m->n_products)
				continue;
			double y = w * score_of(score, shrink,
						(struct pair_counts){x->value[k], x->from[a],
								     x->to[b], x->total});

			if (y > 0)	/* not where all has decayed to 0 / 0 */
				out.scores[b] = (float)(out.scores[b] == -INFINITY
								? y
								: out.scores[b] + y);
		}
		if (!job_check(out.job, err))
			return false;
	}
	return true;
}

const char *covis_meaning(const struct params *p)
{
	static const char *const text[] = {
		[SCORE_COUNT] = "how often it was looked at together with the product, "
				"weighted by distance and age",
		[SCORE_COSINE] = "the pair's count over the root of both products' counts: 1 "
				 "is always together",
		[SCORE_JACCARD] = "the share of what has either that has both",
		[SCORE_CONDITIONAL] = "the share of what follows the product that is this "
				      "one",
		[SCORE_LIFT] = "how many times as often together as by chance",
	};

	return text[params_choice(p, PARAM_ID_SCORE)];
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "auto"},
	{PARAM_ID_COUNT, "window"},
	{PARAM_ID_DIRECTION, "directed"},
	{PARAM_ID_WINDOW, "10"},
	{PARAM_ID_GAP_WEIGHT, "inverse"},
	{PARAM_ID_HALF_LIFE, "0"},
	{PARAM_ID_SCORE, "conditional"},
	{PARAM_ID_SHRINK, "5"},
	{PARAM_ID_SUPPORT, "0"},
	{PARAM_ID_RECENCY, "0"},
	{PARAM_IDS, NULL},
};

static const struct param_default sparse[] = {
	{PARAM_ID_RECENCY, "0.8"},
	{PARAM_IDS, NULL},
};

static const struct param_default counted[] = {
	{PARAM_ID_COUNT, "adjacent"},
	{PARAM_IDS, NULL},
};

const struct model_class md_covis = {
	.name = "covis",
	.title = "Looked at together or next",
	.summary = "Counts of pairs: once per session, from one product to the next, or within "
		   "a window where distance weighs; decayed by age, shrunk, and scored by "
		   "count, cosine, Jaccard, conditional share or lift.",
	.score_text = "what --score says of the pair's count; by default the share of what "
		      "follows the product",
	.params = params,
	.baskets = sparse,
	.sparse = sparse,
	.counted = counted,
	.flags = MODEL_EDGES,
	.train = covis_train,
	.open = pairs_open,
	.close = pairs_close,
	.score = covis_score,
	.meaning = covis_meaning,
};
