/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the table of steps; logistic_body.h is compiled for each of them. */
#include "config.h"

#include "math/logistic.h"
#include "math/processor.h"

#include <math.h>
#include <stdbool.h>

typedef float v8 __attribute__((vector_size(32)));
typedef float v4 __attribute__((vector_size(16), may_alias));

/* The lanes of x added up to four; macros, since a vector handed to a function
 * would be passed differently by every kind of processor. */
#define FOLD(lanes, x) FOLD_(lanes, x)
#define FOLD_(lanes, x) FOLD_##lanes(x)
#define FOLD_4(x) (x)
#define FOLD_8(x)							\
	(__builtin_shufflevector(x, x, 0, 1, 2, 3) +			\
	 __builtin_shufflevector(x, x, 4, 5, 6, 7))
#define FOLD_16(x) __extension__ ({						\
	v8 half_ = __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7) +	\
		   __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15);	\
	FOLD_8(half_);								\
})

/* Shared rows are written without locks: see the header. */
#define RACES __attribute__((no_sanitize("thread")))

#define NAME(f) f##_plain
#define TARGET RACES
#define LANES 4
#include "math/logistic_body.h"
#undef NAME
#undef TARGET
#undef LANES

#ifdef __x86_64__
#define NAME(f) f##_avx2
#define TARGET RACES __attribute__((target("avx2,fma")))
#define LANES 8
#include "math/logistic_body.h"
#undef NAME
#undef TARGET
#undef LANES

#define NAME(f) f##_avx512
#define TARGET RACES __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma")))
#define LANES 16
#include "math/logistic_body.h"
#undef NAME
#undef TARGET
#undef LANES
#endif

size_t logistic_all(const struct logistic_kernel *kernels[3])
{
	static const struct logistic_kernel plain = {"plain", step_plain, add_plain};

	kernels[0] = &plain;
#ifdef __x86_64__
	static const struct logistic_kernel avx2 = {"avx2", step_avx2, add_avx2};
	static const struct logistic_kernel avx512 = {"avx512", step_avx512, add_avx512};

	kernels[1] = &avx2;
	kernels[2] = &avx512;
#endif
	return processor_rows();
}

const struct logistic_kernel *logistic_best(void)
{
	const struct logistic_kernel *kernels[3];

	return kernels[logistic_all(kernels) - 1];
}

double logistic_loss(float gradient, float rate)
{
	double miss = fabs((double)gradient / (double)rate);

	return -log(1 - (miss < 1 - 1e-9 ? miss : 1 - 1e-9));
}
