/* SPDX-License-Identifier: GPL-3.0-or-later */
/* feedback: events as labels, and models that guess them. */
#ifndef MODEL_FEEDBACK_H
#define MODEL_FEEDBACK_H

#include "model/model.h"

struct hidden_layers {
	const unsigned *hidden; /* (n_hidden) their widths */
	unsigned n_hidden;
};
/*
 * Every event is a sample: its user (or session, in a log without users), its product
 * and a label, the weight of its kind (catalog.event_weight: 1 of a view, 2 of a cart, 3 of
 * a purchase), or, of a rating, what it rates the product with. They are split at random
 * into 80% to learn from, 10% to watch and 10% to test on. What is guessed is measured by
 * mean squared error, beside that of a constant: the mean label of what was learnt from.
 *
 * hidden (n_hidden): widths of a network's hidden layers over both vectors side by side;
 * none: the product of the two vectors. Vectors and network are learnt by Adam on
 * batches, each epoch in a new order. Puts "vectors" F32 (products, dim), "user/factor" F32
 * (users, dim; sessions in a log without users) and of a network "net/theta" F32 and its
 * "net/width" U32 into the sink, rows of zeros for what wasn't learnt from; the layers,
 * the losses, and mse_train, mse_valid, mse_test, mse_constant, each with its standard
 * error as mse_*_se, and samples into its notes.
 * The same for any number of threads: it uses one.
 */
bool feedback_train(const struct lesson *lesson, struct hidden_layers h, struct err *err);
/* model_class.guess of those models, and of others with "user/factor" and "vectors": the network's
 * answer, or the product of the two vectors. */
bool feedback_guess(const struct model *m, uint32_t user, uint32_t product, double *label,
		    struct err *err);

#endif
