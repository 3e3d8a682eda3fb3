/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bpr: ranking of what was met before what wasn't (learn/bpr). */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/scope.h"
#include "learn/bpr.h"
#include "model/model.h"
#include "model/ratings_read.h"
#include "model/sequences.h"

static bool bpr_model_train(const struct lesson *l, struct err *err)
{
	struct bpr_options o = {
		.dim = (unsigned)params_count(l->params, PARAM_ID_DIM),
		.lambda = params_real(l->params, PARAM_ID_LAMBDA),
		.rate = params_real(l->params, PARAM_ID_RATE),
		.epochs = (unsigned)params_count(l->params, PARAM_ID_EPOCHS),
		.seed = l->params->seed,
	};
	SCOPED_FREE double *loss = mem_zalloc(o.epochs * sizeof *loss);
	SCOPED_FREE float *x = NULL;
	struct ratings r;
	void *y, *bias;
	bool ok;

	if (!ratings_read(&r, l, sequences_kinds(l->catalog, l->params), err))
		return false;
	x = mem_big((size_t)r.rows * o.dim, sizeof *x, "factors", err);
	ok = x &&
	     sink_reserve(l->sink, "vectors", ARRAY_F32, l->catalog->n_products, o.dim,
			  &y, err) &&
	     sink_reserve(l->sink, "bias", ARRAY_F32, l->catalog->n_products, 1, &bias,
			  err) &&
	     bpr_train(&r, &o, x, y, bias, loss, l->work, err);
	if (ok)
		ratings_forget_unmet(&r, o.dim, y);
	for (unsigned e = 0; ok && e < o.epochs; e++)
		sink_loss(l->sink, loss[e]);
	ratings_finish(&r);
	return ok;
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "all"},
	{PARAM_ID_DIM, "64"},
	{PARAM_ID_LAMBDA, "0.01"},
	{PARAM_ID_RATE, "0.05"},
	{PARAM_ID_EPOCHS, "150"},
	{PARAM_ID_RECENCY, "0.5"},
	{PARAM_IDS, NULL},
};

const struct model_class md_bpr = {
	.name = "bpr",
	.title = "Bayesian personalised ranking",
	.summary = "Factors that put what a user had to do with before what they hadn't "
		   "(Rendle et al. 2009).",
	.score_text = "cosine of the two products' factors: 1 is the same direction",
	.flags = MODEL_VECTORS | MODEL_RACES,
	.params = params,
	.train = bpr_model_train,
};
