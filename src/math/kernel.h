/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kernel: what is done to vectors of floats all day, once per kind of processor. */
#ifndef MATH_KERNEL_H
#define MATH_KERNEL_H

#include <stddef.h>
#include <stdint.h>

/* A vector of whole numbers that rows of codes are multiplied with (near/coarse.h). */
struct code_query {
	const int16_t *q;	/* (width) */
	size_t width;		/* of q and of each row: a multiple of 16 */
	float step, plus;
};

/* A step of Adam (learn/nn_adam.c): what of the moments moves theta, and what of it is kept. */
struct adam_step {
	float step, least, kept;
};
struct adam_state {
	float *first, *second, *theta;
};

/*
 * One row of the table. Vectors may lie anywhere (64-byte boundaries are fastest) and
 * have any length; NaN and infinities go where arithmetic takes them. Rows differ in
 * the order of additions, so in the last bits; within a row the functions of one kind
 * agree bit by bit: dots[i] == dots_at[i] == dot, and so for l2.
 */
struct kernels {
	const char *name;
	/* sum of a[i] b[i] */
	float (*dot)(const float *a, const float *b, size_t n);
	/* sum of (a[i] - b[i])^2 */
	float (*l2)(const float *a, const float *b, size_t n);
	/* y[i] += w x[i] */
	void (*axpy)(float w, const float *x, float *y, size_t n);
	/* y += w[i] x_i, one after the other, where x_i = rows + at[i] * dim, for n rows */
	void (*gather)(const float *w, const uint32_t *at, size_t n, const float *rows,
		       size_t dim, float *y);
	/* first += (d - first) / 10, second += (d^2 - second) / 1000,
	 * theta = kept theta - step first / (sqrt(second) + least), number by number */
	void (*adam)(const struct adam_step *s, const float *d, size_t n, struct adam_state at);
	/* out[r] = dot(q, rows + r * stride, dim) for n rows that follow each other */
	void (*dots)(const float *q, const float *rows, size_t n, size_t stride, size_t dim,
		     float *out);
	void (*l2s)(const float *q, const float *rows, size_t n, size_t stride, size_t dim,
		    float *out);
	/* out[i] = dot(q, rows + at[i] * stride, dim) for n rows anywhere */
	void (*dots_at)(const float *q, const float *rows, const uint32_t *at, size_t n,
			size_t stride, size_t dim, float *out);
	void (*l2s_at)(const float *q, const float *rows, const uint32_t *at, size_t n,
		       size_t stride, size_t dim, float *out);
	/* out[r] = weight[r] * (step * d + plus), d the sum of q[j] code[r * width + j], which
	 * must have room in 32 bits; none of its 16-bit numbers may be INT16_MIN. */
	void (*codes)(const struct code_query *q, const int8_t *code, const float *weight,
		      size_t n, float *out);
	/* The places where x[i] >= floor, ascending; returns how many. at has room for
	 * n + 16: what lies behind the places may be written too. */
	size_t (*over)(const float *x, size_t n, float floor, uint32_t *at);
	/* Place of the greatest of n >= 1 numbers, the first of equals; top[0] gets it and
	 * top[1] the greatest of the others (-INFINITY if there is none). No NaN. */
	size_t (*two)(const float *x, size_t n, float top[2]);
};

/* The fastest row that this processor can run; always the same one. */
const struct kernels *kernels_best(void);
/* Row i of those that it can run, slowest first (0 is plain C); NULL after the last. */
const struct kernels *kernels_row(unsigned i);

#endif
