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

#define EVERY RACES
#define BODY "math/logistic_body.h"
#include "math/processor_body.h"

#define ROW(row) {#row, step_##row, add_##row}

size_t logistic_all(const struct logistic_kernel **rows)
{
	static const struct logistic_kernel table[] = PROCESSOR_TABLE(ROW);

	*rows = table;
	return processor_rows();
}

const struct logistic_kernel *logistic_best(void)
{
	const struct logistic_kernel *rows;
	size_t n = logistic_all(&rows);

	return &rows[n - 1];
}

double logistic_loss(float gradient, float rate)
{
	double miss = fabs((double)gradient / (double)rate);

	return -log(1 - (miss < 1 - 1e-9 ? miss : 1 - 1e-9));
}
