/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "math/logistic.h"

#include <math.h>
#include <stdbool.h>

#include "base/rng.h"
#include "unit.h"

#define ROWS 80

struct rows {
	float *data;	/* (ROWS, stride) */
	size_t dim, stride;
};

static struct rows make_rows(size_t dim)
{
	struct rows r = {.dim = dim, .stride = logistic_stride(dim)};
	struct rng rng;

	r.data = aligned_alloc(64, ROWS * r.stride * sizeof(float));
	assert_non_null(r.data);
	rng_init(&rng, dim, 3);
	for (size_t i = 0; i < ROWS * r.stride; i++)
		r.data[i] = i % r.stride < dim ? (float)(rng_real(&rng) - 0.5) : 0;
	return r;
}

static double softplus(double z)
{
	return z > 0 ? z + log1p(exp(-z)) : log1p(exp(z));
}

/* The loss as the header defines it, over rows held as doubles. */
static double loss(const double *rows, size_t dim, const unsigned *in, size_t n_in,
		   const unsigned *out, size_t n_out, uint64_t labels)
{
	double sum = 0;

	for (size_t b = 0; b < n_in; b++)
		for (size_t t = 0; t < n_out; t++) {
			double z = 0;

			for (size_t d = 0; d < dim; d++)
				z += rows[in[b] * dim + d] * rows[out[t] * dim + d];
			sum += softplus(labels >> t & 1 ? -z : z);
		}
	return sum;
}

/* dL/d(element i of row r) by central differences. */
static double slope(double *rows, size_t at, size_t dim, const unsigned *in, size_t n_in,
		    const unsigned *out, size_t n_out, uint64_t labels)
{
	double was = rows[at], up, h = 1e-5;

	rows[at] = was + h;
	up = loss(rows, dim, in, n_in, out, n_out, labels);
	rows[at] = was - h;
	up -= loss(rows, dim, in, n_in, out, n_out, labels);
	rows[at] = was;
	return up / (2 * h);
}

static bool near(double got, double want, double margin)
{
	return fabs(got - want) < margin;
}

static void check_step(const struct logistic_kernel *k, size_t dim, size_t n_in,
		       size_t n_out, uint64_t labels)
{
	struct rows r = make_rows(dim);
	double *exact = malloc(ROWS * dim * sizeof *exact);
	unsigned in[16], out[64];
	const float *x[16];
	float *y[64];
	float *step = aligned_alloc(64, 16 * r.stride * sizeof *step);
	float *gradient = aligned_alloc(64, 16 * 64 * sizeof *gradient);
	double rate = 0.25;

	assert_true(exact && step && gradient);
	for (size_t i = 0; i < ROWS * dim; i++)
		exact[i] = (double)r.data[i / dim * r.stride + i % dim];
	for (size_t i = 0; i < n_in; i++)
		x[i] = r.data + (in[i] = (unsigned)(i * 5 % 16)) * r.stride;
	for (size_t i = 0; i < n_out; i++)
		/* one row comes twice */
		y[i] = r.data + (out[i] = 16 + (unsigned)(i ? i - 1 : 0)) * r.stride;
	k->step(&(struct logistic_batch){
		.in = x, .out = y, .n_in = n_in, .n_out = n_out, .stride = r.stride,
		.labels = labels, .rate = (float)rate, .step = step, .gradient = gradient,
	});
	for (size_t i = 0; i < n_in; i++)
		for (size_t d = 0; d < dim; d++) {
			double want = slope(exact, in[i] * dim + d, dim, in, n_in, out, n_out,
					    labels);

			assert_true(near((double)step[i * r.stride + d], -rate * want, 2e-6));
		}
	for (size_t i = 0; i < n_out; i++)
		for (size_t d = 0; d < dim; d++) {
			double want = slope(exact, out[i] * dim + d, dim, in, n_in, out, n_out,
					    labels);
			double moved = (double)y[i][d] - exact[out[i] * dim + d];

			assert_true(near(moved, -rate * want, 4e-6));
		}
	/* what is beyond dim stays zero */
	for (size_t i = 0; i < ROWS * r.stride; i++)
		assert_true(i % r.stride < dim || r.data[i] == 0);
	double z = 0;

	for (size_t d = 0; d < dim; d++)
		z += exact[in[0] * dim + d] * exact[out[0] * dim + d];
	assert_true(near(logistic_loss(gradient[0], 0.25f), softplus(labels & 1 ? -z : z), 1e-5));
	free(exact);
	free(step);
	free(gradient);
	free(r.data);
}

static void gradients(void **state)
{
	static const size_t dims[] = {1, 10, 32, 50, 64, 128, 130, 200};
	const struct logistic_kernel *k;
	size_t n = logistic_all(&k);

	assert_true(logistic_best() == &k[n - 1]);
	for (size_t i = 0; i < n; i++)
		for (size_t d = 0; d < sizeof dims / sizeof *dims; d++) {
			check_step(&k[i], dims[d], 1, 6, 1);	/* CBOW, negatives */
			check_step(&k[i], dims[d], 5, 3, 1);	/* skip-gram, negatives */
			check_step(&k[i], dims[d], 4, 9, 0x14d);	/* a path of a tree */
		}
	check_step(&k[0], 3, 2, 64, UINT64_C(0x8000000000000001));
}

/* Far out the sigmoid is flat and finite. */
static void extremes(void **state)
{
	static const float size[] = {0, 1, 10, 100, 1e4f};
	const struct logistic_kernel *k;
	size_t n = logistic_all(&k);
	float *m = aligned_alloc(64, 4 * 64);

	for (size_t i = 0; i < n; i++)
		for (size_t s = 0; s < 5; s++)
			for (int sign = -1; sign <= 1; sign += 2) {
				const float *x = m;
				float *y = m + 16;

				memset(m, 0, 256);
				m[0] = size[s];
				y[0] = (float)sign;
				k[i].step(&(struct logistic_batch){
					.in = &x, .out = &y, .n_in = 1, .n_out = 1, .stride = 16,
					.rate = 1, .step = m + 32, .gradient = m + 48,
				});
				double want = 1 / (1 + exp(-(double)(sign * size[s])));

				assert_true(near((double)m[48], -want, 3e-7));
			}
	free(m);
}

UNIT_TESTS(logistic, UNIT(gradients), UNIT(extremes))
