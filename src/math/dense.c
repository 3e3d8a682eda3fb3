/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the table of products; dense_body.h is compiled for each of them. */
#include "config.h"

#include "math/dense.h"
#include "math/processor.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define TILE 6u		/* rows whose sums stand in registers */
#define ROWS 192u	/* rows that stay in the second cache while panels go by */
#define DEPTH 384u	/* of a panel, so that it stays in the first cache */

/* What a tile is made of: rows x times a panel of depth k. */
struct tile {
	const float *x;
	size_t x_stride;
	const float *panel;	/* (k, two registers) */
	size_t k;
	const float *bias;	/* NULL: goes on with what y holds */
	float *y;
	size_t y_stride;
	size_t columns;		/* of y that are to be written */
	enum dense_then then;
};

/* Where a block begins: in the rows, and in the depth of the matrix. */
struct corner {
	size_t row, from;
};

#define EVERY
#define BODY "math/dense_body.h"
#include "math/processor_body.h"

#define KERNEL(row) {#row, room_##row, put_##row, multiply_##row, softmax_##row, norm_##row}

size_t dense_all(const struct dense_kernel **rows)
{
	static const struct dense_kernel table[] = PROCESSOR_TABLE(KERNEL);

	*rows = table;
	return processor_rows();
}

const struct dense_kernel *dense_best(void)
{
	const struct dense_kernel *rows;
	size_t n = dense_all(&rows);

	return &rows[n - 1];
}
