/* SPDX-License-Identifier: GPL-3.0-or-later */
/* linear: models that are a weight for every pair of products (ease, slist). */
#ifndef MODEL_LINEAR_H
#define MODEL_LINEAR_H

#include "base/work.h"
#include "model/model.h"
#include "model/sequences.h"

/* ERR_USAGE where `matrices` of n x n floats would take more than is meant to be used. */
bool linear_check(const char *name, uint32_t n, unsigned matrices, struct err *err);
/* w (n, n) += times X'X: in how many sequences two products, and on the diagonal each,
 * are. */
bool linear_gram(float *w, const struct sequences *q, double times, struct work work,
		 struct err *err);
/* w (n, n), symmetric and positive definite, becomes its inverse. After blas_load. */
bool linear_invert(float *w, size_t n, struct job *job, struct err *err);
/* The sum of the history's rows of the array "weights" F32 (n, n); exactly 0 is a pair that
 * nothing joins. */
bool linear_score(const struct model *m, const struct history *h, struct scoring out,
		  struct err *err);

#endif
