/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * item2vec: word2vec with sessions for sentences (Barkan and Koenigstein 2016,
 * "Item2Vec: neural item embedding for collaborative filtering").
 *
 *	score(b|h) = cosine of the vectors of b and of the history (model/vector_scores)
 */
#include "config.h"

#include "model/embed.h"

static bool item2vec_train(const struct lesson *l, struct err *err)
{
	struct sequences q;
	struct corpus corpus;

	if (!sequences_read(&q, l, 2, err))
		return false;
	embed_sequences(&corpus, &q, l->catalog->n_products);
	bool ok = embed_train(&corpus, l, err);

	sequences_finish(&q);
	return ok;
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "auto"},
	{PARAM_ID_DIM, "64"},
	{PARAM_ID_ARCHITECTURE, "skip-gram"},
	{PARAM_ID_SOFTMAX, "negative"},
	{PARAM_ID_WINDOW, "5"},
	{PARAM_ID_NEGATIVE, "10"},
	{PARAM_ID_EXPONENT, "0.75"},
	{PARAM_ID_SAMPLE, "0.001"},
	{PARAM_ID_EPOCHS, "5"},
	{PARAM_ID_RATE, "0.05"},
	{PARAM_ID_MIN_COUNT, "1"},
	{PARAM_ID_VECTORS, "sum"},
	{PARAM_ID_RECENCY, "0"},
	{PARAM_IDS, NULL},
};

static const struct param_default sparse[] = {
	{PARAM_ID_RECENCY, "0.5"},
	{PARAM_IDS, NULL},
};

const struct model_class md_item2vec = {
	.name = "item2vec",
	.title = "Vectors from sessions",
	.summary = "word2vec with sessions for sentences: products that stand near the same "
		   "products in sessions get vectors of the same direction.",
	.score_text = "cosine of the two vectors: 1 is the same direction",
	.flags = MODEL_VECTORS | MODEL_RACES,
	.params = params,
	.baskets = sparse,
	.sparse = sparse,
	.train = item2vec_train,
};
