/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rows of the kernel table share: the functions of many rows are made of
 * the one of two vectors, which the compiler puts into their loops. */
#ifndef MATH_KERNEL_IMPL_H
#define MATH_KERNEL_IMPL_H

#include <math.h>

#include "math/kernel.h"

#define KERNEL_MANY(row, what, target)						\
	target static void row##_##what##s(const float *q, const float *rows,	\
		size_t n, size_t stride, size_t dim, float *out)		\
	{									\
		for (size_t r = 0; r < n; r++)					\
			out[r] = row##_##what(q, rows + r * stride, dim);	\
	}									\
	target static void row##_##what##s_at(const float *q,			\
		const float *rows, const uint32_t *at, size_t n, size_t stride,	\
		size_t dim, float *out)						\
	{									\
		for (size_t i = 0; i < n; i++)					\
			out[i] = row##_##what(q, rows + at[i] * stride, dim);	\
	}
#define KERNEL_ROWS(row, target)						\
	KERNEL_MANY(row, dot, target)						\
	KERNEL_MANY(row, l2, target)

/* For rows without a function of their own. */
#define KERNEL_GATHER(row)							\
	static void row##_gather(const float *w, const uint32_t *at, size_t n,	\
				 const float *rows, size_t dim, float *y)	\
	{									\
		for (size_t i = 0; i < n; i++)					\
			row##_axpy(w[i], rows + at[i] * dim, y, dim);		\
	}

#define KERNEL_ADAM(row)							\
	static void row##_adam(const struct adam_step *s, const float *d, size_t n,	\
			       struct adam_state at)				\
	{									\
		kernel_adam(s, d, n, at);					\
	}

#define KERNEL_TABLE(row, text) {						\
	.name = (text), .dot = row##_dot, .l2 = row##_l2, .axpy = row##_axpy,	\
	.gather = row##_gather, .adam = row##_adam,				\
	.dots = row##_dots, .l2s = row##_l2s, .dots_at = row##_dots_at,		\
	.l2s_at = row##_l2s_at, .over = row##_over, .two = row##_two,		\
	.codes = row##_codes,							\
}

/* For rows without a function of their own, and what is left after whole vectors. */
static inline void kernel_adam(const struct adam_step *s, const float *d, size_t n,
			       struct adam_state at)
{
	for (size_t i = 0; i < n; i++) {
		at.first[i] += .1f * (d[i] - at.first[i]);
		at.second[i] += .001f * (d[i] * d[i] - at.second[i]);
		at.theta[i] = at.theta[i] * s->kept -
			      s->step * at.first[i] / (sqrtf(at.second[i]) + s->least);
	}
}

/* The two greatest of n numbers, of which some may be -INFINITY to fill up. */
static inline void kernel_top(const float *x, size_t n, float top[2])
{
	top[0] = top[1] = -__builtin_inff();
	for (size_t i = 0; i < n; i++) {
		float less = x[i] < top[0] ? x[i] : top[0];
		top[0] = x[i] > top[0] ? x[i] : top[0];
		top[1] = less > top[1] ? less : top[1];
	}
}

/* The last rows, fewer than a step of some loop. */
static inline void kernel_codes(const struct code_query *q, const int8_t *code,
				const float *weight, size_t n, float *out)
{
	for (size_t r = 0; r < n; r++) {
		int32_t sum = 0;

		for (size_t j = 0; j < q->width; j++)
			sum += q->q[j] * code[r * q->width + j];
		out[r] = weight[r] * (q->step * (float)sum + q->plus);
	}
}

#if defined(__x86_64__)
/* Memory is what bounds them: longer vectors win nothing. */
void avx2_adam(const struct adam_step *s, const float *d, size_t n, struct adam_state at);
#define avx512_adam avx2_adam
void avx2_codes(const struct code_query *q, const int8_t *code, const float *weight, size_t n,
		float *out);
#define avx512_codes avx2_codes
extern const struct kernels kernels_avx2, kernels_avx512;
#elif defined(__aarch64__)
extern const struct kernels kernels_neon;
#endif

#endif
