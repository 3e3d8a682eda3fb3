/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands between layers, number by number:
 *
 *	relu(x) = max(0, x)				dx = dy where y > 0
 *	tanh(x)						dx = dy (1 - y^2)
 *	gelu(x) = x F(x), F normal (Hendrycks 2016)	dx = dy (F(x) + x f(x))
 *	dropout: y = x m, m is 0 or 1 / (1 - p) (Srivastava et al. 2014)
 */
#include "config.h"

#include "learn/nn.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "math/kernel.h"
#include "math/smooth.h"

#define BLOCK 16u	/* numbers that compilers make vectors of */

void nn_relu(size_t n, nn_real *x)
{
	for (size_t i = 0; i < n; i++)
		x[i] = x[i] > 0 ? x[i] : 0;
}

void nn_relu_back(size_t n, const nn_real *y, nn_real *dy)
{
	for (size_t i = 0; i < n; i++)
		if (!(y[i] > 0))
			dy[i] = 0;
}

void nn_tanh(size_t n, nn_real *x)
{
#ifdef NN_DOUBLE
	for (size_t i = 0; i < n; i++)
		x[i] = tanh(x[i]);
#else
	smooth_tanh(n, x);
#endif
}

void nn_tanh_back(size_t n, const nn_real *y, nn_real *dy)
{
	for (; n >= BLOCK; n -= BLOCK, y += BLOCK, dy += BLOCK) {
		nn_real dx[BLOCK];

		for (size_t i = 0; i < BLOCK; i++)
			dx[i] = dy[i] * (1 - y[i] * y[i]);
		memcpy(dy, dx, sizeof dx);
	}
	for (size_t i = 0; i < n; i++)
		dy[i] *= 1 - y[i] * y[i];
}

static double normal_below(double x)
{
	return 0.5 * erfc(-x * M_SQRT1_2);
}

void nn_gelu(size_t n, const nn_real *x, nn_real *y)
{
	for (size_t i = 0; i < n; i++)
		y[i] = (nn_real)((double)x[i] * normal_below((double)x[i]));
}

void nn_gelu_back(size_t n, const nn_real *x, nn_real *dy)
{
	const double top = 0.5 * M_SQRT1_2 * M_2_SQRTPI;	/* 1 / sqrt(2 pi) */

	for (size_t i = 0; i < n; i++) {
		double at = (double)x[i];

		dy[i] *= (nn_real)(normal_below(at) + at * top * exp(-at * at / 2));
	}
}

void nn_dropout(size_t n, double p, struct rng *rng, nn_real *factor)
{
	nn_real kept = (nn_real)(1 / (1 - p));

	assert(p >= 0 && p < 1);
	for (size_t i = 0; i < n; i++)
		factor[i] = rng_real(rng) < p ? 0 : kept;
}

void nn_hadamard(size_t n, const nn_real *a, const nn_real *b, nn_real *y)
{
	for (; n >= BLOCK; n -= BLOCK, a += BLOCK, b += BLOCK, y += BLOCK) {
		nn_real ab[BLOCK];

		for (size_t i = 0; i < BLOCK; i++)
			ab[i] = a[i] * b[i];
		memcpy(y, ab, sizeof ab);
	}
	for (size_t i = 0; i < n; i++)
		y[i] = a[i] * b[i];
}

void nn_hadamard_add(size_t n, const nn_real *a, const nn_real *b, nn_real *y)
{
	for (; n >= BLOCK; n -= BLOCK, a += BLOCK, b += BLOCK, y += BLOCK) {
		nn_real sum[BLOCK];

		for (size_t i = 0; i < BLOCK; i++)
			sum[i] = y[i] + a[i] * b[i];
		memcpy(y, sum, sizeof sum);
	}
	for (size_t i = 0; i < n; i++)
		y[i] += a[i] * b[i];
}

void nn_add(size_t n, const nn_real *x, nn_real *y)
{
#ifdef NN_DOUBLE
	for (size_t i = 0; i < n; i++)
		y[i] += x[i];
#else
	kernels_best()->axpy(1, x, y, n);
#endif
}
