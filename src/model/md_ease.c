/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ease: a linear model that predicts each product of a session from the others, in
 * closed form (Steck, Embarrassingly shallow autoencoders for sparse data, 2019).
 *
 *	P = (X'X + lambda I)^-1,   B_ab = -P_ab / P_bb,  B_aa = 0
 *	score(b|h) = sum over a in h of w_a B_ab
 *
 * X (sessions, products) is 1 where the session has the product. P is dense: products
 * squared, for small catalogues.
 */
#include "config.h"

#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "math/blas.h"
#include "model/linear.h"

static bool ease_train(const struct lesson *l, struct err *err)
{
	size_t n = l->catalog->n_products;
	struct sequences q;
	void *room;
	float *w;
	bool ok;

	if (!linear_check("ease", l->catalog->n_products, 1, err) || !blas_load(err) ||
	    !sink_reserve(l->sink, "weights", ARRAY_F32, n, l->catalog->n_products, &room,
			  err) ||
	    !sequences_read(&q, l, 1, err))
		return false;
	w = room;
	ok = linear_gram(w, &q, 1, l->work, err);
	sequences_finish(&q);
	for (size_t a = 0; a < n; a++)
		w[a * n + a] += (float)params_real(l->params, PARAM_ID_LAMBDA);
	if (!ok || !linear_invert(w, n, l->work.job, err))
		return false;
	SCOPED_FREE float *diagonal = mem_alloc(n * sizeof *diagonal);
	for (size_t a = 0; a < n; a++)
		diagonal[a] = w[a * n + a];
	for (size_t a = 0; a < n; a++)
		for (size_t b = 0; b < n; b++)
			w[a * n + b] = a == b ? 0 : -w[a * n + b] / diagonal[b];
	return true;
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "auto"},
	{PARAM_ID_LAMBDA, "2000"},
	{PARAM_ID_RECENCY, "0.5"},
	{PARAM_IDS, NULL},
};

const struct model_class md_ease = {
	.name = "ease",
	.title = "Linear autoencoder in closed form (EASE)",
	.summary = "Predicts each product of a session from the others by one regularised "
		   "regression for all, in closed form; for catalogues of up to 32,768 "
		   "products.",
	.score_text = "the weight with which the product predicts it, others held equal; below "
		      "0 it speaks against it",
	.params = params,
	.train = ease_train,
	.score = linear_score,
};
