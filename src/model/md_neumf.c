/* SPDX-License-Identifier: GPL-3.0-or-later */
/* neumf: labels of events guessed by a network over factors (model/feedback). */
#include "config.h"

#include "model/feedback.h"

static const unsigned hidden[] = {80, 40, 20};

static bool neumf_train(const struct lesson *l, struct err *err)
{
	return feedback_train(l, (struct hidden_layers){hidden, sizeof hidden / sizeof *hidden},
			      err);
}

static const struct param_default params[] = {
	{PARAM_ID_DIM, "5"},
	{PARAM_ID_EPOCHS, "50"},
	{PARAM_ID_RATE, "0.001"},
	{PARAM_ID_BATCH_SIZE, "256"},
	{PARAM_IDS, NULL},
};

const struct model_class md_neumf = {
	.name = "neumf",
	.title = "Neural network of labels",
	.summary = "Guesses 1, 2 or 3 (--weights of the import) for a view, cart or "
		   "purchase, and what a rating gives, by a network over a user's and "
		   "a product's vector, 80, 40 and 20 wide "
		   "with ReLU, by Adam (in the way of He et al. 2017). The error of a "
		   "constant guess stands beside.",
	.score_text = "cosine of the two vectors: 1 is the same direction",
	.flags = MODEL_VECTORS,
	.params = params,
	.train = neumf_train,
	.guess = feedback_guess,
};
