/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bpr: factors that rank what a user had before what they hadn't. */
#ifndef LEARN_BPR_H
#define LEARN_BPR_H

#include "base/work.h"
#include "learn/ratings.h"

struct bpr_options {
	unsigned dim;
	double lambda;		/* regularisation */
	double rate;
	unsigned epochs;
	uint64_t seed;
};

/*
 * Rendle, Freudenthaler, Gantner and Schmidt-Thieme 2009, "BPR: Bayesian personalized
 * ranking from implicit feedback": for an entry (u, i) and a product j that u had
 * nothing to do with, a step up the gradient of ln s(x_u.y_i + b_i - x_u.y_j - b_j) -
 * lambda / 2 (squares of what it touches). Each epoch takes every entry once, users in a
 * new order, a negative drawn evenly.
 *
 * x (rows, dim), y (columns, dim), bias (columns). loss (epochs) or NULL: the mean of
 * -ln s. One thread and a seed give the same bytes; several write side by side without
 * locks and differ in the last digits. ERR_NOMEM, ERR_CANCELLED.
 */
bool bpr_train(const struct ratings *r, const struct bpr_options *o, float *x, float *y,
	       float *bias, double *loss, struct work work, struct err *err);

#endif
