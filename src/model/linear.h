/* SPDX-License-Identifier: GPL-3.0-or-later */
/* linear: models that are a weight for every pair of products (ease, slist). */
#ifndef MODEL_LINEAR_H
#define MODEL_LINEAR_H

#include "base/work.h"
#include "model/model.h"
#include "model/sequences.h"

/* w (n, n) += times X'X: in how many sequences two products, and on the diagonal each,
 * are. */
bool linear_gram(float *w, const struct sequences *q, double times, struct work work,
		 struct err *err);
/* ERR_NO where no product was met, n being 0. */
bool linear_any(size_t n, struct err *err);
/* w (n, n), symmetric and positive definite, becomes its inverse. After blas_load. */
bool linear_invert(float *w, size_t n, struct job *job, struct err *err);
/* What is kept: "weights" F32 (n, n) of the products "top" U32 (n), ascending. Without "top"
 * they are of all products, as once they all were. */
struct linear {
	const float *weights;
	const uint32_t *top;	/* NULL: all */
	uint32_t n;
};
bool linear_bind(struct linear *x, const struct model *m, struct err *err);
/* scores (products) += w times the product's row; nothing where it has none. */
void linear_add(const struct linear *x, uint32_t product, float w, float *scores);
/* A class whose state is a struct linear. The score is the sum of the history's rows; exactly
 * 0 is a pair that nothing joins. */
bool linear_open(struct model *m, struct err *err);
void linear_close(struct model *m);
bool linear_score(const struct model *m, const struct history *h, struct scoring out,
		  struct err *err);

#endif
