/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * As many at a time as a register holds, without a branch:
 *
 *	exp(x) = 2^k exp(r), k the whole number nearest to x / ln 2, r = x - k ln 2, and
 *	exp(r) the first terms of its series, |r| <= ln 2 / 2
 *	tanh(x) = 1 - 2 / (exp(2 x) + 1)
 *
 * smooth_body.h is compiled for each kind of processor.
 */
#include "config.h"

#include "math/smooth.h"

#include <stdint.h>
#include <string.h>

#include "math/processor.h"

#define NAME(f) f##_plain
#define TARGET
#define LANES 4u
#include "math/smooth_body.h"
#undef NAME
#undef TARGET
#undef LANES

#ifdef __x86_64__
#define NAME(f) f##_avx2
#define TARGET __attribute__((target("avx2,fma")))
#define LANES 8u
#include "math/smooth_body.h"
#undef NAME
#undef TARGET
#undef LANES

#define NAME(f) f##_avx512
#define TARGET __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma")))
#define LANES 16u
#include "math/smooth_body.h"
#undef NAME
#undef TARGET
#undef LANES
#endif

#define ROW(row) {#row, exp_##row, tanh_##row}

size_t smooth_all(const struct smooth_kernel *kernels[3])
{
	static const struct smooth_kernel plain = ROW(plain);

	kernels[0] = &plain;
#ifdef __x86_64__
	static const struct smooth_kernel avx2 = ROW(avx2), avx512 = ROW(avx512);

	kernels[1] = &avx2;
	kernels[2] = &avx512;
#endif
	return processor_rows();
}

static const struct smooth_kernel *best(void)
{
	const struct smooth_kernel *kernels[3];

	return kernels[smooth_all(kernels) - 1];
}

void smooth_exp(size_t n, float *x)
{
	best()->exp(n, x);
}

void smooth_tanh(size_t n, float *x)
{
	best()->tanh(n, x);
}
