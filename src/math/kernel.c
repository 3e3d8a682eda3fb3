/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of kernels and its row in plain C. */
#include "config.h"

#include "math/kernel.h"
#include "math/processor.h"


#include "math/kernel_impl.h"

/* Four sums side by side: additions don't wait for each other. */
static float generic_dot(const float *a, const float *b, size_t n)
{
	float s[4] = {0};
	size_t i = 0;
	for (; i + 4 <= n; i += 4)
		for (size_t j = 0; j < 4; j++)
			s[j] += a[i + j] * b[i + j];
	for (; i < n; i++)
		s[0] += a[i] * b[i];
	return (s[0] + s[1]) + (s[2] + s[3]);
}

static float generic_l2(const float *a, const float *b, size_t n)
{
	float s[4] = {0};
	size_t i = 0;
	for (; i + 4 <= n; i += 4)
		for (size_t j = 0; j < 4; j++) {
			float d = a[i + j] - b[i + j];
			s[j] += d * d;
		}
	for (; i < n; i++)
		s[0] += (a[i] - b[i]) * (a[i] - b[i]);
	return (s[0] + s[1]) + (s[2] + s[3]);
}

static void generic_axpy(float w, const float *x, float *y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] += w * x[i];
}

static size_t generic_over(const float *x, size_t n, float floor, uint32_t *at)
{
	size_t found = 0;
	for (size_t i = 0; i < n; i++) {
		at[found] = (uint32_t)i;
		found += x[i] >= floor;
	}
	return found;
}

static size_t generic_two(const float *x, size_t n, float top[2])
{
	size_t i = 0;
	kernel_top(x, n, top);
	while (x[i] != top[0])
		i++;
	return i;
}

static void generic_codes(const struct code_query *q, const int8_t *code, const float *weight,
			  size_t n, float *out)
{
	kernel_codes(q, code, weight, n, out);
}

KERNEL_ROWS(generic, )
KERNEL_GATHER(generic)
KERNEL_ADAM(generic)

static const struct kernels generic = KERNEL_TABLE(generic, "generic");

const struct kernels *kernels_row(unsigned i)
{
#if defined(__aarch64__)
	static const struct kernels *const row[] = {&generic, &kernels_neon};
	const unsigned n = 2;
#elif defined(__x86_64__)
	static const struct kernels *const row[] = {&generic, &kernels_avx2, &kernels_avx512};
	const unsigned n = processor_rows();
#else
	static const struct kernels *const row[] = {&generic};
	const unsigned n = 1;
#endif
	return i < n ? row[i] : NULL;
}

const struct kernels *kernels_best(void)
{
	const struct kernels *best = kernels_row(0);
	for (unsigned i = 1; kernels_row(i); i++)
		best = kernels_row(i);
	return best;
}
