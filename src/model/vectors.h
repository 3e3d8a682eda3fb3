/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vectors: scores of the models that give every product a vector. */
#ifndef MODEL_VECTORS_H
#define MODEL_VECTORS_H

#include "model/model.h"

/* Find the array "vectors" and measure its rows. */
bool vectors_bind(struct model *m, struct err *err);
/*
 * score(b | h) = cosine of b's vector and the weighted mean of the history's vectors,
 * each of length 1. Products without a vector (all zeros) get none.
 */
bool vectors_score(const struct model *m, const struct history *h, float *scores,
		   struct job *job, struct err *err);

#endif
