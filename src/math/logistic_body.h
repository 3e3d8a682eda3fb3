/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * logistic_body: the kernels of logistic.c, once per kind of processor: NAME(f) names
 * a function, TARGET says what it may use, LANES floats fill a register. Vectors are
 * the compiler's own (gcc makes poor code of any that are longer than a register).
 */
#define VEC NAME(vec)
#define INTS NAME(ints)
typedef float VEC __attribute__((vector_size(LANES * 4), may_alias));
typedef int32_t INTS __attribute__((vector_size(LANES * 4), may_alias));

/* out[0..3] = x . rows[0..3]; `blocks` vectors, n rows that count. */
TARGET static inline void NAME(dots)(const float *x, float *const *rows, unsigned n,
				     size_t blocks, float *out)
{
	const VEC *a = (const VEC *)x;
	const VEC *r0 = (const VEC *)rows[0], *r1 = (const VEC *)rows[n > 1 ? 1 : 0];
	const VEC *r2 = (const VEC *)rows[n > 2 ? 2 : 0], *r3 = (const VEC *)rows[n > 3 ? 3 : 0];
	VEC s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};

#pragma GCC unroll 4
	for (size_t k = 0; k < blocks; k++) {
		s0 += a[k] * r0[k];
		if (n > 1)
			s1 += a[k] * r1[k];
		if (n > 2)
			s2 += a[k] * r2[k];
		if (n > 3)
			s3 += a[k] * r3[k];
	}
	v4 t0 = FOLD(LANES, s0), t1 = FOLD(LANES, s1), t2 = FOLD(LANES, s2), t3 = FOLD(LANES, s3);
	v4 u0 = __builtin_shufflevector(t0, t1, 0, 4, 1, 5) +
		__builtin_shufflevector(t0, t1, 2, 6, 3, 7);
	v4 u1 = __builtin_shufflevector(t2, t3, 0, 4, 1, 5) +
		__builtin_shufflevector(t2, t3, 2, 6, 3, 7);

	*(v4 *)out = __builtin_shufflevector(u0, u1, 0, 1, 4, 5) +
		     __builtin_shufflevector(u0, u1, 2, 3, 6, 7);
}

/* All products x_b y_t, blocks known to the compiler where it is a constant. */
TARGET static inline __attribute__((always_inline)) void
NAME(products)(const struct logistic_batch *b, size_t blocks)
{
	size_t width = logistic_width(b->n_out), t;

	for (size_t i = 0; i < b->n_in; i++) {
		float *to = b->gradient + i * width;

		for (t = 0; t + 4 <= b->n_out; t += 4)
			NAME(dots)(b->in[i], b->out + t, 4, blocks, to + t);
		switch (b->n_out - t) {
		case 3:
			NAME(dots)(b->in[i], b->out + t, 3, blocks, to + t);
			break;
		case 2:
			NAME(dots)(b->in[i], b->out + t, 2, blocks, to + t);
			break;
		case 1:
			NAME(dots)(b->in[i], b->out + t, 1, blocks, to + t);
			break;
		}
	}
}

/* z -> - rate * s(z), n a multiple of 16. exp(-z) = 2^n 2^f with |f| <= 1/2, the
 * second factor by its Taylor series (relative error below 3e-7). */
TARGET static inline void NAME(sigmoids)(float *x, size_t n, float rate)
{
	for (size_t i = 0; i < n; i += LANES) {
		VEC y = *(VEC *)(x + i) * -1.44269504f;
		INTS high = y > 30.0f, low = y < -30.0f;
		const VEC round = (VEC){0} + 12582912.0f;	/* 1.5 * 2^23 */
		const VEC top = (VEC){0} + 30.0f;

		y = (VEC)((high & (INTS)top) | (low & (INTS)-top) | (~(high | low) & (INTS)y));
		VEC whole = y + round;
		VEC f = y - (whole - round);
		VEC p = f * 1.54035304e-4f + 1.33335581e-3f;

		p = p * f + 9.61812911e-3f;
		p = p * f + 5.55041087e-2f;
		p = p * f + 2.40226507e-1f;
		p = p * f + 6.93147181e-1f;
		p = p * f + 1.0f;
		p = (VEC)((INTS)p + ((INTS)whole << 23));
		*(VEC *)(x + i) = -rate / (1.0f + p);
	}
}

/* to[k] (= or +=) sum over i < n of weight[i * by] * rows[i][k], for `tile` vectors. */
TARGET static inline __attribute__((always_inline)) void
NAME(combine)(const float *weight, size_t by, const float *const *rows, size_t n,
	      size_t at, size_t tile, float *to, bool fresh)
{
	VEC *y = (VEC *)(to + at * LANES);
	VEC s[8] = {{0}};

#pragma GCC unroll 8
	for (size_t k = 0; k < tile; k++)
		if (!fresh)
			s[k] = y[k];
	for (size_t i = 0; i < n; i++) {
		const VEC *x = (const VEC *)(rows[i] + at * LANES);
		float w = weight[i * by];

#pragma GCC unroll 8
		for (size_t k = 0; k < tile; k++)
			s[k] += w * x[k];
	}
#pragma GCC unroll 8
	for (size_t k = 0; k < tile; k++)
		y[k] = s[k];
}

TARGET static inline __attribute__((always_inline)) void
NAME(combine_row)(const float *weight, size_t by, const float *const *rows, size_t n,
		  size_t blocks, float *to, bool fresh)
{
	size_t at = 0;

	for (; at + 8 <= blocks; at += 8)
		NAME(combine)(weight, by, rows, n, at, 8, to, fresh);
	for (; at + 4 <= blocks; at += 4)
		NAME(combine)(weight, by, rows, n, at, 4, to, fresh);
	for (; at < blocks; at++)
		NAME(combine)(weight, by, rows, n, at, 1, to, fresh);
}

TARGET static inline __attribute__((always_inline)) void
NAME(batch)(const struct logistic_batch *b, size_t blocks)
{
	size_t width = logistic_width(b->n_out);
	float *g = b->gradient;

	NAME(products)(b, blocks);
	NAME(sigmoids)(g, (b->n_in * width + 15) / 16 * 16, b->rate);
	for (uint64_t rest = b->labels; rest; rest &= rest - 1)
		for (size_t i = 0, t = (size_t)__builtin_ctzll(rest); i < b->n_in; i++)
			g[i * width + t] += b->rate;
	for (size_t i = 0; i < b->n_in; i++)
		NAME(combine_row)(g + i * width, 1, (const float *const *)b->out, b->n_out,
				  blocks, b->step + i * b->stride, true);
	for (size_t t = 0; t < b->n_out; t++)
		NAME(combine_row)(g + t, width, b->in, b->n_in, blocks, b->out[t], false);
}

TARGET static void NAME(step)(const struct logistic_batch *b)
{
	switch (b->stride) {
	case 16:
		NAME(batch)(b, 16 / LANES);
		break;
	case 32:
		NAME(batch)(b, 32 / LANES);
		break;
	case 64:
		NAME(batch)(b, 64 / LANES);
		break;
	case 128:
		NAME(batch)(b, 128 / LANES);
		break;
	default:
		NAME(batch)(b, b->stride / LANES);
		break;
	}
}

TARGET static void NAME(add)(float w, const float *x, float *y, size_t n)
{
	for (size_t i = 0; i < n; i += LANES)
		*(VEC *)(y + i) += w * *(const VEC *)(x + i);
}

#undef VEC
#undef INTS
