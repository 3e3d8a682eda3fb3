/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every row of the table that this processor can run, against plain double sums. */
#include "config.h"

#include "math/kernel.h"

#include <math.h>
#include <stdbool.h>

#include "base/rng.h"

#include "unit.h"

enum { LONGEST = 131, ROOM = LONGEST + 40 };

static void fill(float *x, size_t n, uint64_t seed)
{
	struct rng r;
	rng_init(&r, seed, 0);
	for (size_t i = 0; i < n; i++)
		x[i] = (float)(rng_real(&r) * 2 - 1);
}

static bool close_to(double got, double want, size_t n)
{
	return fabs(got - want) <= 1e-6 * (double)(n + 1);
}

static void sums(void **state)
{
	float a[ROOM], b[ROOM];
	fill(a, ROOM, 1);
	fill(b, ROOM, 2);
	for (unsigned row = 0; kernels_row(row); row++) {
		const struct kernels *k = kernels_row(row);
		for (size_t n = 0; n <= LONGEST; n++) {
			const float *x = a + n % 17, *y = b + n % 5;
			double dot = 0, l2 = 0;
			for (size_t i = 0; i < n; i++) {
				dot += (double)x[i] * y[i];
				l2 += ((double)x[i] - y[i]) * ((double)x[i] - y[i]);
			}
			assert_true(close_to(k->dot(x, y, n), dot, n));
			assert_true(close_to(k->l2(x, y, n), l2, n));
			assert_true(k->l2(x, x, n) == 0);
		}
	}
}

static void axpy(void **state)
{
	float x[ROOM], start[ROOM], y[ROOM];
	fill(x, ROOM, 3);
	fill(start, ROOM, 4);
	for (unsigned row = 0; kernels_row(row); row++)
		for (size_t n = 0; n <= LONGEST; n++) {
			size_t first = n % 7;
			memcpy(y, start, sizeof y);
			kernels_row(row)->axpy(0.75F, x + 3, y + first, n);
			for (size_t i = 0; i < ROOM; i++) {
				double want = start[i];
				if (i >= first && i < first + n)
					want += 0.75 * x[3 + i - first];
				assert_true(fabs(y[i] - want) < 1e-6);
			}
		}
}

/* Adding many rows is adding one after the other, bit by bit. */
static void gather(void **state)
{
	enum { N = 9, MOST = 200 };
	const uint32_t at[] = {8, 0, 3, 3, 5};
	const float w[] = {0.3F, -2, 1.7F, 0.1F, -0.9F};
	static float rows[N * MOST];
	float start[MOST], y[MOST], one[MOST];

	fill(rows, N * MOST, 8);
	fill(start, MOST, 9);
	for (unsigned row = 0; kernels_row(row); row++)
		for (size_t dim = 0; dim <= MOST; dim++)
			for (size_t n = 0; n <= 5; n++) {
				memcpy(y, start, sizeof y);
				memcpy(one, start, sizeof one);
				kernels_row(row)->gather(w, at, n, rows, dim, y);
				for (size_t i = 0; i < n; i++)
					kernels_row(row)->axpy(w[i], rows + at[i] * dim, one,
							       dim);
				assert_memory_equal(y, one, sizeof y);
			}
}

/* Every row moves each number alone, by the equation. */
static void adam(void **state)
{
	enum { MOST = 37 };
	const struct adam_step step = {.01F, 1e-7F, .999F};
	float d[MOST], start[3 * MOST], at[3 * MOST];

	fill(d, MOST, 12);
	fill(start, 3 * MOST, 13);
	for (unsigned i = 0; i < MOST; i++)	/* squares */
		start[MOST + i] *= start[MOST + i];
	for (unsigned row = 0; kernels_row(row); row++)
		for (size_t n = 0; n <= MOST; n++) {
			memcpy(at, start, sizeof at);
			kernels_row(row)->adam(&step, d, n, (struct adam_state){
				at, at + MOST, at + 2 * MOST});
			for (size_t i = 0; i < MOST; i++) {
				double m = start[i], v = start[MOST + i], x = start[2 * MOST + i];

				if (i < n) {
					m += .1 * (d[i] - m);
					v += .001 * ((double)d[i] * d[i] - v);
					x = x * .999 - .01 * m / (sqrt(v) + 1e-7);
				}
				assert_true(fabs(at[i] - m) < 1e-6);
				assert_true(fabs(at[MOST + i] - v) < 1e-6);
				assert_true(fabs(at[2 * MOST + i] - x) < 1e-5);
			}
		}
}

/* The functions of many rows say what the one of two vectors says, bit by bit. */
static void rows(void **state)
{
	enum { N = 9, STRIDE = 75 };
	const uint32_t at[] = {8, 0, 3, 3, 5};
	float q[STRIDE], data[N * STRIDE + 1], out[N];
	fill(q, STRIDE, 5);
	fill(data, N * STRIDE + 1, 6);
	for (unsigned row = 0; kernels_row(row); row++) {
		const struct kernels *k = kernels_row(row);
		for (size_t dim = 1; dim <= STRIDE; dim++) {
			const float *first = data + dim % 2;
			k->dots(q, first, N, STRIDE, dim, out);
			for (size_t i = 0; i < N; i++)
				assert_true(out[i] == k->dot(q, first + i * STRIDE, dim));
			k->l2s(q, first, N, STRIDE, dim, out);
			for (size_t i = 0; i < N; i++)
				assert_true(out[i] == k->l2(q, first + i * STRIDE, dim));
			k->dots_at(q, first, at, 5, STRIDE, dim, out);
			for (size_t i = 0; i < 5; i++)
				assert_true(out[i] == k->dot(q, first + at[i] * STRIDE, dim));
			k->l2s_at(q, first, at, 5, STRIDE, dim, out);
			for (size_t i = 0; i < 5; i++)
				assert_true(out[i] == k->l2(q, first + at[i] * STRIDE, dim));
		}
	}
}

static void not_a_number(void **state)
{
	float a[LONGEST], b[LONGEST];
	for (unsigned row = 0; kernels_row(row); row++) {
		const struct kernels *k = kernels_row(row);
		for (size_t n = 1; n <= LONGEST; n++)
			for (size_t i = 0; i < n; i += 1 + n / 5) {
				fill(a, LONGEST, n);
				fill(b, LONGEST, n + 1);
				a[i] = NAN;
				assert_true(isnan(k->dot(a, b, n)));
				assert_true(isnan(k->l2(a, b, n)));
				a[i] = INFINITY;
				assert_true(isinf(k->dot(a, b, n)));
				assert_true(isinf(k->l2(a, b, n)));
				assert_true(isfinite(k->dot(a, b, i)));
			}
	}
}

static void over(void **state)
{
	float x[ROOM];
	uint32_t at[ROOM + 16];
	fill(x, ROOM, 8);
	x[5] = NAN;
	x[33] = 0.25F;
	for (unsigned row = 0; kernels_row(row); row++)
		for (size_t n = 0; n <= LONGEST; n++)
			for (float floor = -1; floor <= 1; floor += 0.25F) {
				size_t found = kernels_row(row)->over(x, n, floor, at), want = 0;
				for (uint32_t i = 0; i < n; i++)
					if (x[i] >= floor)
						assert_int_equal(at[want++], i);
				assert_int_equal(found, want);
			}
	for (unsigned row = 0; kernels_row(row); row++)
		assert_int_equal(kernels_row(row)->over(x, 40, -INFINITY, at), 39);
}

static void table(void **state)
{
	assert_string_equal(kernels_row(0)->name, "generic");
	unsigned n = 0;
	while (kernels_row(n))
		n++;
	assert_ptr_equal(kernels_best(), kernels_row(n - 1));
	print_message("# best: %s\n", kernels_best()->name);
}

static void two(void **state)
{
	float x[100], top[2];
	struct rng r;
	(void)state;
	rng_init(&r, 4, 0);
	for (unsigned row = 0; kernels_row(row); row++)
		for (size_t n = 1; n <= 100; n++) {
			size_t best = 0;
			float second = -INFINITY;
			for (size_t i = 0; i < n; i++) {
				x[i] = (float)rng_below(&r, 50) - 70;
				best = x[i] > x[best] ? i : best;
			}
			for (size_t i = 0; i < n; i++)
				if (i != best && x[i] > second)
					second = x[i];
			assert_int_equal(kernels_row(row)->two(x, n, top), best);
			assert_true(top[0] == x[best] && top[1] == second);
		}
}

/* Whole numbers: every row of the table has the same sums. */
static void codes(void **state)
{
	enum { N = 11, WIDEST = 96 };
	int8_t code[N * WIDEST];
	int16_t q[WIDEST];
	float weight[N], out[N];
	struct rng r;

	rng_init(&r, 12, 0);
	for (size_t i = 0; i < N * WIDEST; i++)
		code[i] = (int8_t)(i % 5 ? (int)rng_below(&r, 255) - 127 : 127);
	for (size_t i = 0; i < WIDEST; i++)
		q[i] = (int16_t)(i % 3 ? (int)rng_below(&r, 65535) - 32767 : 32767);
	for (size_t i = 0; i < N; i++)
		weight[i] = (float)rng_real(&r);
	for (unsigned row = 0; kernels_row(row); row++)
		for (size_t width = 16; width <= WIDEST; width += 16) {
			struct code_query ask = {q, width, 0.25F, 0.5F};

			kernels_row(row)->codes(&ask, code, weight, N, out);
			for (size_t i = 0; i < N; i++) {
				int64_t sum = 0;
				double want;

				for (size_t j = 0; j < width; j++)
					sum += q[j] * code[i * width + j];
				want = weight[i] * (0.25 * (double)sum + 0.5);
				assert_true(fabs(out[i] - want) <= 1e-6 * (fabs(want) + 1));
			}
		}
}

UNIT_TESTS(kernel, UNIT(sums), UNIT(codes), UNIT(axpy), UNIT(adam), UNIT(gather), UNIT(rows),
	   UNIT(not_a_number),
	   UNIT(over), UNIT(two), UNIT(table))
