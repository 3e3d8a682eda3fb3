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

#define EVERY
#define BODY "math/smooth_body.h"
#include "math/processor_body.h"

#define ROW(row) {#row, exp_##row, tanh_##row}

size_t smooth_all(const struct smooth_kernel **rows)
{
	static const struct smooth_kernel table[] = PROCESSOR_TABLE(ROW);

	*rows = table;
	return processor_rows();
}

static const struct smooth_kernel *best(void)
{
	const struct smooth_kernel *rows;
	size_t n = smooth_all(&rows);

	return &rows[n - 1];
}

void smooth_exp(size_t n, float *x)
{
	best()->exp(n, x);
}

void smooth_tanh(size_t n, float *x)
{
	best()->tanh(n, x);
}
