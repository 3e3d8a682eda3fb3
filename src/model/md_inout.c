/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * inout: both vectors that skip-gram with negative sampling learns of a product.
 *
 *	score(b|a) = in_a . out_b		in, out: word2vec's vectors and contexts
 *
 * which is what word2vec makes large for products of one session, while two in-vectors are
 * alike where both go along with the same products (Nalisnick et al. 2016, "Improving
 * document ranking with dual word embeddings").
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "learn/word2vec.h"
#include "math/kernel.h"
#include "model/embed.h"
#include "model/model.h"
#include "model/sequences.h"

static bool learn(const struct corpus *corpus, const struct lesson *l, struct err *err)
{
	struct word2vec_options o = embed_options(l->params);
	SCOPED_FREE double *loss = mem_alloc(o.epochs * sizeof *loss);
	struct word2vec_result r = {.loss = loss};
	void *in, *out;

	if (!sink_reserve(l->sink, "vectors", ARRAY_F32, corpus->words, o.dim, &in, err) ||
	    !sink_reserve(l->sink, "contexts", ARRAY_F32, corpus->words, o.dim, &out, err))
		return false;
	r.vectors = in;
	r.contexts = out;
	if (!word2vec_train(corpus, &o, &r, l->work, err))
		return false;
	for (unsigned i = 0; i < o.epochs; i++)
		sink_loss(l->sink, loss[i]);
	return true;
}

static bool inout_train(const struct lesson *l, struct err *err)
{
	struct sequences q;
	struct corpus corpus;
	bool ok;

	if (!sequences_read(&q, l, 2, err))
		return false;
	embed_sequences(&corpus, &q, l->catalog->n_products);
	ok = learn(&corpus, l, err);
	sequences_finish(&q);
	return ok;
}

struct bound {
	const float *in, *out;
	unsigned dim;
};

static bool inout_open(struct model *m, struct err *err)
{
	struct array in, out;
	struct bound *x;

	if (!model_array(m, "vectors", ARRAY_F32, &in, err) ||
	    !model_array(m, "contexts", ARRAY_F32, &out, err))
		return false;
	if (in.rows != m->n_products || out.rows != in.rows || out.columns != in.columns)
		return err_fail(err, ERR_STORE, "the model is damaged: its vectors don't fit each "
				"other: train it again");
	x = m->state = mem_zalloc(sizeof *x);
	*x = (struct bound){in.data, out.data, in.columns};
	return true;
}

static void inout_close(struct model *m)
{
	free(m->state);
}

static bool is_known(const float *v, unsigned dim)
{
	for (unsigned i = 0; i < dim; i++)
		if (v[i] != 0)
			return true;
	return false;
}

static bool inout_score(const struct model *m, const struct history *h,
			struct scoring out, struct err *err)
{
	const struct bound *x = m->state;
	const struct kernels *k = kernels_best();
	SCOPED_FREE float *q = mem_zalloc(x->dim * sizeof *q);

	for (unsigned i = 0; i < h->n; i++)
		k->axpy(h->weight ? h->weight[i] : 1, x->in + (size_t)h->product[i] * x->dim, q,
			x->dim);
	for (uint32_t b = 0; b < m->n_products; b++) {
		const float *row = x->out + (size_t)b * x->dim;

		out.scores[b] = is_known(q, x->dim) && is_known(row, x->dim)
					? k->dot(q, row, x->dim)
					: -INFINITY;
	}
	return job_check(out.job, err);
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "purchase"},
	{PARAM_ID_ARCHITECTURE, "skip-gram"},
	{PARAM_ID_SOFTMAX, "negative"},
	{PARAM_ID_DIM, "64"},
	{PARAM_ID_WINDOW, "100"},
	{PARAM_ID_NEGATIVE, "10"},
	{PARAM_ID_EXPONENT, "0.75"},
	{PARAM_ID_SAMPLE, "0"},
	{PARAM_ID_EPOCHS, "30"},
	{PARAM_ID_RATE, "0.05"},
	{PARAM_ID_MIN_COUNT, "1"},
	{PARAM_ID_RECENCY, "1"},
	{PARAM_IDS, NULL},
};

const struct model_class md_inout = {
	.name = "inout",
	.title = "Input times output vectors",
	.summary = "Skip-gram's two vectors of a product: the one it is asked with times the "
		   "other's, which is large for what goes along, not for what is alike.",
	.score_text = "product of the one's input and the other's output vector: the logarithm "
		      "of how much more often together than drawn",
	.flags = MODEL_COMPLEMENT | MODEL_RACES,
	.params = params,
	.train = inout_train,
	.open = inout_open,
	.close = inout_close,
	.score = inout_score,
};
