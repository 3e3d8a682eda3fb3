/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every kind of processor's products and norms against sums in double precision. */
#include "config.h"

#include "math/dense.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "unit.h"

static void draw(float *x, size_t n, uint64_t seed)
{
	struct rng rng;

	rng_init(&rng, seed, 17);
	for (size_t i = 0; i < n; i++)
		x[i] = (float)(2 * rng_real(&rng) - 1);
}

static void near_to(double a, double b, double within)
{
	if (!(fabs(a - b) <= within))
		fail_msg("%.9g is not within %g of %.9g", a, within, b);
}

static double gelu(double x)
{
	return x / 2 * (1 + erf(x / sqrt(2)));
}

/* A product of rows that lie in wider ones; what is beside them must stay. */
static void product(const struct dense_kernel *k, size_t rows, size_t in, size_t out)
{
	size_t x_stride = in + 3, y_stride = out + 5, left = out / 3;
	float *w = mem_zalloc(in * out * sizeof *w), *bias = mem_zalloc(out * sizeof *bias);
	float *x = mem_zalloc(rows * x_stride * sizeof *x);
	float *before = mem_zalloc(rows * y_stride * sizeof *before);
	float *y = mem_zalloc(rows * y_stride * sizeof *y);
	struct dense d = {in, out, mem_zalloc(k->room(in, out) * sizeof(float))};
	/* the left part is given with its columns as rows, the right one the other way */
	const struct dense_matrix l = {w, in, left, 1, in};
	const struct dense_matrix r = {w + left * in, in, out - left, out - left, 1};

	draw(w, in * out, in);
	draw(bias, out, out);
	draw(x, rows * x_stride, rows);
	draw(before, rows * y_stride, 5);
	k->put(&d, &l, 0, bias);
	k->put(&d, &r, left, bias + left);
	for (enum dense_then then = DENSE_SET; then <= DENSE_GELU; then++) {
		memcpy(y, before, rows * y_stride * sizeof *y);
		k->multiply(&d, &(struct dense_rows){x, x_stride, y, y_stride, rows}, then);
		for (size_t i = 0; i < rows * y_stride; i++) {
			size_t row = i / y_stride, o = i % y_stride;
			double sum = o < out ? bias[o] : 0;

			for (size_t j = 0; o < out && j < in; j++)
				sum += (double)x[row * x_stride + j] *
				       (o < left ? w[o * in + j] :
						   r.at[j * (out - left) + o - left]);
			if (o >= out)
				sum = before[i];
			else if (then == DENSE_ADD)
				sum += before[i];
			else if (then == DENSE_GELU)
				sum = gelu(sum);
			near_to(y[i], sum, 3e-5 + 3e-6 * fabs(sum));
		}
	}
	free(w);
	free(bias);
	free(x);
	free(before);
	free(y);
	free(d.ordered);
}

static void products(void **state)
{
	const struct dense_kernel *kernel;
	size_t n = dense_all(&kernel);

	assert_true(n >= 1 && dense_best() == &kernel[n - 1]);
	for (size_t i = 0; i < n; i++) {
		product(&kernel[i], 1, 1, 1);
		product(&kernel[i], 5, 7, 33);
		product(&kernel[i], 6, 384, 32);
		product(&kernel[i], 197, 400, 47);
		product(&kernel[i], 20, 770, 96);
	}
}

/* A row gives the same bytes wherever it stands. */
static void rows_alone(void **state)
{
	enum { IN = 50, OUT = 40, ROWS = 23 };
	const struct dense_kernel *k = dense_best();
	float w[IN * OUT], x[ROWS * IN], all[ROWS * OUT], one[OUT];
	struct dense d = {IN, OUT, mem_zalloc(k->room(IN, OUT) * sizeof(float))};
	const struct dense_matrix m = {w, IN, OUT, 1, IN};

	draw(w, IN * OUT, 1);
	draw(x, ROWS * IN, 2);
	k->put(&d, &m, 0, NULL);
	k->multiply(&d, &(struct dense_rows){x, IN, all, OUT, ROWS}, DENSE_GELU);
	for (size_t i = 0; i < ROWS; i++) {
		k->multiply(&d, &(struct dense_rows){x + i * IN, IN, one, OUT, 1}, DENSE_GELU);
		assert_memory_equal(one, all + i * OUT, sizeof one);
	}
	free(d.ordered);
}

static void softmax_of(const struct dense_kernel *k, size_t n, float scale)
{
	enum { ROWS = 3 };
	size_t stride = dense_stride(n);
	float *x = mem_zalloc(ROWS * stride * sizeof *x);
	float *y = mem_zalloc(ROWS * stride * sizeof *y);

	draw(x, ROWS * stride, n);
	for (size_t i = n; i < stride; i++)
		x[i] = NAN;	/* what stands behind a row doesn't matter */
	x[stride] = 60;		/* a row of which one is all */
	memcpy(y, x, ROWS * stride * sizeof *x);
	k->softmax(&(struct dense_scores){y, ROWS, n, stride}, scale);
	for (size_t r = 0; r < ROWS; r++) {
		double sum = 0;

		for (size_t i = 0; i < n; i++)
			sum += exp((double)scale * x[r * stride + i]);
		for (size_t i = 0; i < stride; i++)
			near_to(y[r * stride + i],
				i < n ? exp((double)scale * x[r * stride + i]) / sum : 0, 2e-6);
	}
	free(x);
	free(y);
}

static void norm_of(const struct dense_kernel *k, size_t width)
{
	enum { ROWS = 2 };
	float x[ROWS * 100], y[ROWS * 100], gain[100], bias[100];
	const struct dense_norm norm = {gain, bias, width, 1e-6F};

	draw(x, ROWS * width, width);
	draw(gain, width, 3);
	draw(bias, width, 4);
	for (size_t i = 0; i < ROWS * width; i++)
		x[i] += 7;
	memcpy(y, x, sizeof y);
	k->norm(&norm, y, ROWS);
	for (size_t r = 0; r < ROWS; r++) {
		double mean = 0, square = 0;

		for (size_t i = 0; i < width; i++)
			mean += x[r * width + i] / (double)width;
		for (size_t i = 0; i < width; i++)
			square += pow(x[r * width + i] - mean, 2) / (double)width;
		for (size_t i = 0; i < width; i++)
			near_to(y[r * width + i], (x[r * width + i] - mean) /
				sqrt(square + 1e-6) * gain[i] + bias[i], 1e-5);
	}
}

static void rows_of_numbers(void **state)
{
	const struct dense_kernel *kernel;
	size_t n = dense_all(&kernel);

	for (size_t i = 0; i < n; i++) {
		softmax_of(&kernel[i], 1, 1);
		softmax_of(&kernel[i], 31, .2F);
		softmax_of(&kernel[i], 33, 1.5F);
		softmax_of(&kernel[i], 64, 1);
		norm_of(&kernel[i], 3);
		norm_of(&kernel[i], 37);
		norm_of(&kernel[i], 96);
	}
}

UNIT_TESTS(dense, UNIT(products), UNIT(rows_alone), UNIT(rows_of_numbers))
