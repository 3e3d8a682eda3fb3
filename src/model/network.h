/* SPDX-License-Identifier: GPL-3.0-or-later */
/* network: a model's parameters to options of learn/fit, and its losses to the sink. */
#ifndef MODEL_NETWORK_H
#define MODEL_NETWORK_H

#include "learn/fit.h"
#include "model/features.h"
#include "model/lesson.h"

struct model;

/* The features that --without, --buckets and --item ask for: with the lesson's vectors of
 * texts, and those of a model of that name, which learns from the same lesson first. */
bool network_features(struct features *f, const struct lesson *l, struct err *err);

/* Trains by --batch-size, --epochs, --patience, --rate, --decay and the seed. The sink gets
 * the losses, and in its info "loss_held_out", "epoch_kept" and "units". */
bool network_fit(struct fit_net *n, const struct nn_bags *bags, const struct fit_task *task,
		 const struct lesson *l, struct err *err);
/* Keeps the net as arrays: "net/theta" F32 (tower_size and what stands on it), "net/table" F32
 * (features, hidden), "net/norm" F32 (2, dim): mean and inverse deviation. */
/* vector (dim) that a model's net makes of the only row of f, whose last columns (vectors by other
 * models) may be missing. ERR_STORE when the arrays don't fit, ERR_NO when the features are
 * others than those of the training. */
bool network_vector(const struct model *m, const struct features *f, float *vector,
		    struct err *err);
bool network_keep(const struct fit_net *n, size_t extra, struct sink *s, struct err *err);

#endif
