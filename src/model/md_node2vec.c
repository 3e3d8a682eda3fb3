/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * node2vec: word2vec on random walks that remember where they come from (Grover and Leskovec
 * 2016, "node2vec: scalable feature learning for networks").
 *
 *	P(x | t, v) ~ w(v,x) a(t,v,x),	a = 1/p back to t, 1 to its neighbours, 1/q beyond
 *
 * learn/walks.h has the equations of node2vec+ too.
 */
#include "config.h"

#include "model/embed.h"

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "auto"},
	{PARAM_ID_DIRECTION, "symmetric"},
	{PARAM_ID_EDGE_WEIGHT, "count"},
	{PARAM_ID_P, "1"},
	{PARAM_ID_Q, "0.5"},
	{PARAM_ID_EXTEND, "yes"},
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

const struct model_class md_node2vec = {
	.name = "node2vec",
	.title = "Vectors from biased random walks",
	.summary = "As deepwalk, but a walk that comes from one product to the next may stay "
		   "near both or lead away: node2vec, and node2vec+ on counted edges.",
	.score_text = "cosine of the two vectors: 1 is the same direction",
	.flags = MODEL_VECTORS | MODEL_RACES | MODEL_EDGES,
	.params = params,
	.train = embed_train_walks,
};
