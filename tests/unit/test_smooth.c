/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exponentials of many against libm's, and lists of every length, for every kind of processor. */
#include "config.h"

#include "math/smooth.h"

#include <math.h>

#include "unit.h"

static void near_libm(void **state)
{
	const struct smooth_kernel *kernels;
	size_t rows = smooth_all(&kernels);

	for (size_t k = 0; k < rows; k++)
		for (double x = -100; x < 100; x += 0.0137) {
			float y[2] = {(float)x, (float)x};
			double e = exp((double)y[0]), t = tanh((double)y[0]);

			kernels[k].exp(1, &y[0]);
			kernels[k].tanh(1, &y[1]);
			if (x < -87)
				assert_true(y[0] == 0);
			else if (x < 88)
				assert_true(fabs((double)y[0] - e) <= 2e-7 * e);
			assert_true(fabs((double)y[1] - t) <= 2e-7);
		}
}

static void every_length(void **state)
{
	const struct smooth_kernel *kernels;
	size_t rows = smooth_all(&kernels);

	for (size_t n = 0; n < 40 * rows; n++) {
		const struct smooth_kernel *k = &kernels[n / 40];
		size_t of = n % 40;
		float x[41], y[41];

		for (size_t i = 0; i < 41; i++)
			x[i] = y[i] = (float)i / 8 - 2;
		k->exp(of, x);
		k->tanh(of, y);
		for (size_t i = 0; i < 41; i++) {
			double was = (double)i / 8 - 2;

			assert_true(fabs((double)x[i] - (i < of ? exp(was) : was)) < 1e-5);
			assert_true(fabs((double)y[i] - (i < of ? tanh(was) : was)) < 1e-6);
		}
	}
}

/* What is called is the last of them. */
static void takes_the_best(void **state)
{
	const struct smooth_kernel *kernels;
	size_t rows = smooth_all(&kernels);
	float x[50], y[50];

	for (size_t i = 0; i < 50; i++)
		x[i] = y[i] = (float)i * 0.37f - 9;
	smooth_exp(50, x);
	kernels[rows - 1].exp(50, y);
	assert_memory_equal(x, y, sizeof x);
	smooth_tanh(50, x);
	kernels[rows - 1].tanh(50, y);
	assert_memory_equal(x, y, sizeof x);
}

UNIT_TESTS(smooth, UNIT(near_libm), UNIT(every_length), UNIT(takes_the_best))
