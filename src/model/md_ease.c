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

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "math/blas.h"
#include "model/pairs.h"

#define BYTES_MAX (UINT64_C(4) << 30)	/* of the weights */

static bool check_size(uint32_t n, struct err *err)
{
	uint64_t bytes = (uint64_t)n * n * sizeof(float);
	STRBUF(takes);
	STRBUF(most);

	if (bytes <= BYTES_MAX)
		return true;
	num_add_bytes(&takes, bytes);
	num_add_bytes(&most, BYTES_MAX);
	return err_fail(err, ERR_USAGE, "ease keeps a weight for every pair of products: %u "
			"products take %s, and it is made for up to %s; covis, walk and "
			"itemknn have no such limit", n, strbuf_c(&takes), strbuf_c(&most));
}

/* w (n, n) = X'X + lambda I */
static bool fill(float *w, const struct catalog *c, const struct params *p,
		 struct pool *pool, struct job *job, struct err *err)
{
	const struct pairs_ask ask = {.way = PAIRS_SET, .symmetric = true};
	SCOPED(sink) counts = sink_create();
	struct model m = {.n_products = c->n_products, .find = sink_find, .ctx = counts};
	size_t n = c->n_products;
	struct sequences q;
	struct pairs x;
	bool ok;

	if (!sequences_read(&q, c, sequences_kinds(c, p), 1, pool, job, err))
		return false;
	ok = pairs_count(counts, &q, c->n_products, &ask, pool, job, err);
	sequences_finish(&q);
	if (!ok || !pairs_bind(&x, &m, err))
		return false;
	for (size_t a = 0; a < n; a++) {
		for (uint64_t k = x.offsets[a]; k < x.offsets[a + 1]; k++)
			w[a * n + x.column[k]] = x.value[k];
		w[a * n + a] = x.from[a] + (float)params_real(p, PARAM_ID_LAMBDA);
	}
	return true;
}

static bool invert(float *w, size_t n, struct job *job, struct err *err)
{
	job_step(job, "factoring", 0);
	if (!blas_spotrf(n, w, n, err) || !job_check(job, err))
		return err_context(err, "ease: a larger --lambda may help");
	job_step(job, "inverting", 0);
	return blas_spotri(n, w, n, err) && job_check(job, err);
}

static bool ease_train(const struct catalog *c, const struct params *p, struct sink *s,
		       struct pool *pool, struct job *job, struct err *err)
{
	size_t n = c->n_products;
	void *room;
	float *w;

	if (!check_size(c->n_products, err) || !blas_load(err) ||
	    !sink_reserve(s, "weights", ARRAY_F32, n, c->n_products, &room, err))
		return false;
	w = room;
	if (!fill(w, c, p, pool, job, err) || !invert(w, n, job, err))
		return false;
	SCOPED_FREE float *diagonal = mem_alloc(n * sizeof *diagonal);
	for (size_t a = 0; a < n; a++)
		diagonal[a] = w[a * n + a];
	for (size_t a = 0; a < n; a++)
		for (size_t b = 0; b < n; b++)
			w[a * n + b] = a == b ? 0 : -w[a * n + b] / diagonal[b];
	return true;
}

static bool ease_score(const struct model *m, const struct history *h, float *scores,
		       struct job *job, struct err *err)
{
	struct array weights;
	uint32_t n = m->n_products;

	if (!model_array(m, "weights", ARRAY_F32, &weights, err))
		return false;
	if (weights.rows != n || weights.columns != n)
		return err_fail(err, ERR_STORE, "the model is damaged: its weights");
	memset(scores, 0, n * sizeof *scores);
	for (unsigned i = 0; i < h->n; i++) {
		const float *row = (const float *)weights.data + (size_t)h->product[i] * n;
		float w = h->weight ? h->weight[i] : 1;

		for (uint32_t b = 0; b < n; b++)
			scores[b] += w * row[b];
	}
	/* Exactly 0 is a pair that nothing joins. */
	for (uint32_t b = 0; b < n; b++)
		if (scores[b] == 0)
			scores[b] = -INFINITY;
	return job_check(job, err);
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
	.score = ease_score,
};
