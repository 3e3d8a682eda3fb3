/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * deepwalk: word2vec on random walks over the products that follow each other
 * (Perozzi et al. 2014, "DeepWalk: online learning of social representations").
 *
 *	P(x after v) = w(v,x) / sum over y of w(v,y),	w: adjacent views
 */
#include "config.h"

#include "model/embed.h"

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "auto"},
	{PARAM_ID_DIRECTION, "symmetric"},
	{PARAM_ID_EDGE_WEIGHT, "count"},
	{PARAM_ID_WALKS, "10"},
	{PARAM_ID_LENGTH, "50"},
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

const struct model_class md_deepwalk = {
	.name = "deepwalk",
	.title = "Vectors from random walks",
	.summary = "word2vec on random walks over the graph of products that follow each other "
		   "in sessions: products that never met in a session can still come near.",
	.score_text = "cosine of the two vectors: 1 is the same direction",
	.flags = MODEL_VECTORS | MODEL_RACES | MODEL_EDGES,
	.params = params,
	.train = embed_train_walks,
};
