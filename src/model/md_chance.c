/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model "random" (a name that banned.h poisons), a baseline: the score of b for a is a
 * hash of seed, a and b in [0, 1). */
#include "config.h"

#include "base/rng.h"
#include "model/model.h"

static bool random_train(const struct lesson *l, struct err *err)
{
	return true;
}

static bool random_score(const struct model *m, const struct history *h,
			 struct scoring out, struct err *err)
{
	struct rng r;

	rng_init(&r, m->params.seed, h->product[h->n - 1]);
	for (uint32_t b = 0; b < m->n_products; b++)
		out.scores[b] = (float)rng_real(&r);
	return true;
}

const struct model_class md_chance = {
	.name = "random",
	.title = "Random",
	.summary = "A baseline: products in random order, the same for one seed.",
	.score_text = "a random number from 0 to 1: it means nothing",
	.flags = MODEL_BASELINE | MODEL_ASIDE,
	.train = random_train,
	.score = random_score,
};
