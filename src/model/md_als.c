/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * als: implicit feedback by alternating least squares (learn/als). A history is one more user:
 *
 *	(Y'Y + lambda I + sum of c y y') x = sum of (1 + c) y,	score(b|h) = x.y_b
 *
 * sums over its products, c the confidence times their weight (Hu, Koren and Volinsky 2008).
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/scope.h"
#include "learn/als.h"
#include "math/blas.h"
#include "math/kernel.h"
#include "model/model.h"
#include "model/ratings_read.h"
#include "model/sequences.h"
#include "model/vector_scores.h"

enum asked { ASKED_FOLD, ASKED_NEAR };

static bool keep_gram(const struct lesson *l, const struct als_options *o, const float *y,
		      struct err *err)
{
	void *gram;

	if (!sink_reserve(l->sink, "gram", ARRAY_F32, o->dim, o->dim, &gram, err))
		return false;
	als_gram(y, l->catalog->n_products, o->dim, o->lambda, gram);
	return true;
}

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
	ok = ok && keep_gram(l, &o, y, err);
	for (unsigned e = 0; ok && e < o.epochs; e++)
		sink_loss(l->sink, loss[e]);
	ratings_finish(&r);
	return ok;
}

struct bound {
	struct als_known known;
	float *own;		/* gram of a file that has none */
};

static bool bind_gram(const struct model *m, struct bound *b, struct err *err)
{
	unsigned dim = b->known.dim;
	struct array gram;

	if (m->find(m->ctx, "gram", &gram)) {
		b->known.gram = gram.data;
		return (gram.type == ARRAY_F32 && gram.rows == dim && gram.columns == dim) ||
		       err_fail(err, ERR_STORE, "the model is damaged: its factors don't fit "
				"together: train it again");
	}
	b->known.gram = b->own = mem_zalloc((size_t)dim * dim * sizeof *b->own);
	als_gram(b->known.y, m->n_products, dim, params_real(&m->params, PARAM_ID_LAMBDA),
		 b->own);
	return true;
}

static void als_close(struct model *m)
{
	struct bound *b = m->state;

	free(b->own);
	free(b);
	m->state = NULL;
}

static bool als_open(struct model *m, struct err *err)
{
	struct array vectors;
	struct bound *b;

	if (params_choice(&m->params, PARAM_ID_ASKED) == ASKED_NEAR)
		return true;
	if (!model_array(m, "vectors", ARRAY_F32, &vectors, err) || !blas_load(err))
		return false;
	b = m->state = mem_zalloc(sizeof *b);
	b->known = (struct als_known){
		.dim = vectors.columns,
		.y = vectors.data,
		.confidence = params_real(&m->params, PARAM_ID_CONFIDENCE),
	};
	if (bind_gram(m, b, err))
		return true;
	als_close(m);
	return false;
}

/* Products that nobody met have no length. */
static bool met(const float *y, unsigned dim)
{
	for (unsigned i = 0; i < dim; i++)
		if (y[i] != 0)
			return true;
	return false;
}

static bool als_score(const struct model *m, const struct history *h, struct scoring out,
		      struct err *err)
{
	const struct bound *bound = m->state;
	const struct als_known *k = bound ? &bound->known : NULL;
	const struct kernels *kernel = kernels_best();
	SCOPED_FREE float *x = NULL;

	if (!k)
		return vectors_score(m, h, out, err);
	x = mem_alloc(k->dim * sizeof *x);
	if (!als_fold(k, &(struct als_row){h->product, h->weight, h->n}, x, err))
		return false;
	for (uint32_t b = 0; b < m->n_products; b++) {
		const float *y = k->y + (size_t)b * k->dim;

		out.scores[b] = met(y, k->dim) ? kernel->dot(x, y, k->dim) : -INFINITY;
	}
	return job_check(out.job, err);
}

static const char *als_meaning(const struct params *p)
{
	return params_choice(p, PARAM_ID_ASKED) == ASKED_NEAR ?
	       "cosine of the two products' factors: 1 is the same direction" :
	       "how much who has the product is expected to want the other: 1 is as if it was so";
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "all"},
	{PARAM_ID_DIM, "64"},
	{PARAM_ID_LAMBDA, "0.01"},
	{PARAM_ID_CONFIDENCE, "5"},
	{PARAM_ID_STEPS, "3"},
	{PARAM_ID_EPOCHS, "15"},
	{PARAM_ID_ASKED, "fold"},
	{PARAM_ID_RECENCY, "0.5"},
	{PARAM_IDS, NULL},
};

static const struct param_default sparse[] = {
	{PARAM_ID_CONFIDENCE, "20"},
	{PARAM_IDS, NULL},
};

const struct model_class md_als = {
	.name = "als",
	.title = "Alternating least squares",
	.summary = "Factors of who had to do with what, weighted by confidence (Hu, Koren and "
		   "Volinsky 2008), by conjugate gradients or Cholesky.",
	.score_text = "what the history's own factors say of the product's",
	.meaning = als_meaning,
	.flags = MODEL_VECTORS,
	.params = params,
	.baskets = sparse,
	.sparse = sparse,
	.train = als_model_train,
	.open = als_open,
	.close = als_close,
	.score = als_score,
};
