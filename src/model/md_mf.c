/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mf: labels of events guessed by a product of factors (model/feedback). */
#include "config.h"

#include "model/feedback.h"

static bool mf_train(const struct lesson *l, struct err *err)
{
	return feedback_train(l, (struct hidden_layers){0}, err);
}

static const struct param_default params[] = {
	{PARAM_ID_DIM, "5"},
	{PARAM_ID_EPOCHS, "50"},
	{PARAM_ID_RATE, "0.001"},
	{PARAM_ID_BATCH_SIZE, "256"},
	{PARAM_IDS, NULL},
};

const struct model_class md_mf = {
	.name = "mf",
	.title = "Matrix factorisation of labels",
	.summary = "Guesses 1, 2 or 3 (--weights of the import) for a view, cart or "
		   "purchase, and what a rating gives, by the product of a user's "
		   "and a product's vector, by Adam. The error of a constant guess "
		   "stands beside: beat it before you trust it.",
	.score_text = "cosine of the two vectors: 1 is the same direction",
	.flags = MODEL_VECTORS,
	.params = params,
	.train = mf_train,
	.guess = feedback_guess,
};
