/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * logistic: one gradient step of a few rows against a few rows.
 *
 * x_b (b < n_in) and y_t (t < n_out) are rows of `stride` floats, label l_t is 0
 * or 1, and the loss is that of n_in * n_out logistic regressions,
 *
 *	L = - sum_b sum_t [l_t log s(x_b y_t) + (1 - l_t) log s(-x_b y_t)]
 *
 * with s(z) = 1 / (1 + exp(-z)). This is skip-gram and CBOW with negative sampling
 * and with hierarchical softmax (Mikolov et al. 2013), all pairs of a window taken
 * as three small matrix products instead of one pair after another (Ji et al.
 * 2016, "Parallelizing Word2Vec in Shared and Distributed Memory"): rows stay in
 * registers and in the first cache.
 */
#ifndef MATH_LOGISTIC_H
#define MATH_LOGISTIC_H

#include <stddef.h>
#include <stdint.h>

#define LOGISTIC_BLOCK 16u	/* strides are multiples of it; rows aligned to 64 bytes */
#define LOGISTIC_OUT_MAX 64u

/* Floats of a row of dim. */
static inline size_t logistic_stride(size_t dim)
{
	return (dim + LOGISTIC_BLOCK - 1) / LOGISTIC_BLOCK * LOGISTIC_BLOCK;
}
/* Entries between two rows of the matrix of gradients. */
static inline size_t logistic_width(size_t n_out)
{
	return (n_out + 3) / 4 * 4;
}

struct logistic_batch {
	const float *const *in;		/* (n_in) rows x_b */
	float *const *out;		/* (n_out) rows y_t; the same one may come twice */
	size_t n_in, n_out, stride;
	uint64_t labels;		/* bit t is l_t; n_out <= LOGISTIC_OUT_MAX */
	float rate;
	float *step;	/* (n_in, stride) - rate * dL/dx_b, for the caller to add */
	/* rate * (l_t - s(x_b y_t)) at [b * logistic_width(n_out) + t]; 64-byte aligned,
	 * room for n_in * width rounded up to LOGISTIC_BLOCK. */
	float *gradient;
};

/*
 * One implementation for a kind of processor. Every gradient is taken at the values
 * before the step. Writes of several threads into shared rows are races that the
 * method bears (Niu et al. 2011, "Hogwild!"): threads see each other's rows half
 * written, never anything but floats.
 */
struct logistic_kernel {
	const char *name;
	/* Fill step and gradient, then move the rows y_t along their own gradient. */
	void (*step)(const struct logistic_batch *b);
	/* y += w x, n a multiple of LOGISTIC_BLOCK, aligned. */
	void (*add)(float w, const float *x, float *y, size_t n);
};

/* The fastest that this processor runs. */
const struct logistic_kernel *logistic_best(void);
/* All that it runs, the plain one first, to *rows. Returns how many. */
size_t logistic_all(const struct logistic_kernel **rows);
/* - log s(z) of a gradient entry of a batch with that rate: what it adds to L. */
double logistic_loss(float gradient, float rate);

#endif
