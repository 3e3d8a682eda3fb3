/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exponentials of many against libm's, and lists of every length. */
#include "config.h"

#include "math/smooth.h"

#include <math.h>

#include "unit.h"

static void near_libm(void **state)
{
	for (double x = -100; x < 100; x += 0.0137) {
		float y[2] = {(float)x, (float)x};
		double e = exp((double)y[0]), t = tanh((double)y[0]);

		smooth_exp(1, &y[0]);
		smooth_tanh(1, &y[1]);
		if (x < -87)
			assert_true(y[0] == 0);
		else if (x < 88)
			assert_true(fabs((double)y[0] - e) <= 2e-7 * e);
		assert_true(fabs((double)y[1] - t) <= 2e-7);
	}
}

static void every_length(void **state)
{
	for (size_t n = 0; n < 20; n++) {
		float x[21], y[21];

		for (size_t i = 0; i < 21; i++)
			x[i] = y[i] = (float)i / 4 - 2;
		smooth_exp(n, x);
		smooth_tanh(n, y);
		for (size_t i = 0; i < 21; i++) {
			double was = (double)i / 4 - 2;

			assert_true(fabs((double)x[i] - (i < n ? exp(was) : was)) < 1e-5);
			assert_true(fabs((double)y[i] - (i < n ? tanh(was) : was)) < 1e-6);
		}
	}
}

UNIT_TESTS(smooth, UNIT(near_libm), UNIT(every_length))
