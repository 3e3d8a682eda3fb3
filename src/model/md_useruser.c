/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * useruser: what the users have whose pasts are the most alike (model/alike):
 *
 *	score(b|u) = sum over the nearest users v of near(u, v)^4 [v has b]
 *
 * near is the cosine of the means of their products' texts where it was made of the vectors of
 * a model, else the overlap |both| / sqrt(|u| |v|) of what they have. Users who have nothing
 * new for u aren't asked.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "model/alike.h"
#include "model/model.h"

static bool useruser_fit(const struct lesson *l, const struct vectors *texts, struct err *err)
{
	struct model m = {.n_products = l->catalog->n_products, .find = sink_find,
			  .ctx = l->sink};
	struct alike a = {0};

	return (!texts || alike_texts(l, texts, err)) && alike_bind_texts(&a, &m, err) &&
	       alike_learn(l, &a, l->catalog->last_time + 1, err);
}

static bool useruser_train(const struct lesson *l, struct err *err)
{
	return useruser_fit(l, NULL, err);
}

static bool useruser_open(struct model *m, struct err *err)
{
	SCOPED_FREE struct alike *a = mem_zalloc(sizeof *a);

	if (!alike_bind_texts(a, m, err) || !alike_bind_users(a, m, err))
		return false;
	m->state = a;
	a = NULL;
	return true;
}

static void useruser_close(struct model *m)
{
	free(m->state);
	m->state = NULL;
}

static bool useruser_score(const struct model *m, const struct past *past,
			   struct scoring out, struct err *err)
{
	const struct alike *a = m->state;
	const struct alike_ask ask = {
		.past = past, .except = CATALOG_NONE, .news = true,
		.nearest = (unsigned)params_count(&m->params, PARAM_ID_NEIGHBOURS),
	};
	SCOPED_FREE struct hit *users = mem_alloc((2 * (size_t)ask.nearest + 1) * sizeof *users);
	unsigned n;

	if (!alike_users(a, &ask, users, &n, err))
		return false;
	for (uint32_t b = 0; b < m->n_products; b++)
		out.scores[b] = 0;
	alike_add(a, users, n, &(struct sums){.sum = out.scores});
	for (uint32_t b = 0; b < m->n_products; b++)
		if (out.scores[b] <= 0)
			out.scores[b] = -INFINITY;
	return job_check(out.job, err);
}

static const struct param_default params[] = {
	{PARAM_ID_NEIGHBOURS, "100"},
	{PARAM_IDS, NULL},
};

const struct model_class md_useruser = {
	.name = "useruser",
	.title = "Users alike",
	.summary = "What the users have whose pasts are the most alike, each by the fourth power "
		   "of how near it is: by the products that both have, or, made with --model "
		   "NAME, by the mean of that model's vectors, as of texts.",
	.score_text = "how near the users are who have it, to the fourth power, summed",
	.params = params,
	.train = useruser_train,
	.fit = useruser_fit,
	.open = useruser_open,
	.close = useruser_close,
	.score_past = useruser_score,
};
