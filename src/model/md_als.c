/* SPDX-License-Identifier: GPL-3.0-or-later */
/* als: implicit feedback by alternating least squares (learn/als). */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/scope.h"
#include "learn/als.h"
#include "model/model.h"
#include "model/ratings_read.h"
#include "model/sequences.h"

static bool als_model_train(const struct lesson *l, struct err *err)
{
	struct als_options o = {
		.dim = (unsigned)params_count(l->params, PARAM_ID_DIM),
		.lambda = params_real(l->params, PARAM_ID_LAMBDA),
		.confidence = params_real(l->params, PARAM_ID_CONFIDENCE),
		.steps = (unsigned)params_count(l->params, PARAM_ID_STEPS),
		.epochs = (unsigned)params_count(l->params, PARAM_ID_EPOCHS),
		.seed = l->params->seed,
	};
	SCOPED_FREE double *loss = mem_zalloc(o.epochs * sizeof *loss);
	SCOPED_FREE float *x = NULL;
	struct ratings r;
	void *y;
	bool ok;

	if (!ratings_read(&r, l, sequences_kinds(l->catalog, l->params), err))
		return false;
	x = mem_big((size_t)r.rows * o.dim, sizeof *x, "factors", err);
	ok = x &&
	     sink_reserve(l->sink, "vectors", ARRAY_F32, l->catalog->n_products, o.dim,
			  &y, err) &&
	     als_train(&r, &o, x, y, loss, l->work, err);
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
	{PARAM_ID_CONFIDENCE, "1"},
	{PARAM_ID_STEPS, "3"},
	{PARAM_ID_EPOCHS, "15"},
	{PARAM_ID_RECENCY, "0.5"},
	{PARAM_IDS, NULL},
};

const struct model_class md_als = {
	.name = "als",
	.title = "Alternating least squares",
	.summary = "Factors of who had to do with what, weighted by confidence (Hu, Koren and "
		   "Volinsky 2008), by conjugate gradients or Cholesky.",
	.score_text = "cosine of the two products' factors: 1 is the same direction",
	.flags = MODEL_VECTORS,
	.params = params,
	.train = als_model_train,
};
