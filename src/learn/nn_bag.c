/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A layer whose inputs are mostly zeros, as one sum over what isn't:
 *
 *	y_r = sum over entries (c, v) of row r of v T_c		dT_c = sum of v dy_r
 */
#include "config.h"

#include "learn/nn.h"

#include "math/kernel.h"

#ifdef NN_DOUBLE
/* As the equation says: for the tests. */
static void add(nn_real w, const nn_real *x, nn_real *y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] += w * x[i];
}

static void gather(const float *w, const uint32_t *at, size_t n, const nn_real *rows,
		   size_t dim, nn_real *y)
{
	for (size_t i = 0; i < n; i++)
		add(w[i], rows + at[i] * dim, y, dim);
}
#define BEST(name, kernel) name
#else
#define BEST(name, kernel) kernels_best()->kernel
#endif

void nn_bag(const struct nn_bags *b, struct nn_ids ids, struct nn_table table, nn_real *y)
{
	void (*sum)(const float *w, const uint32_t *at, size_t n, const nn_real *rows, size_t dim,
		    nn_real *y) = BEST(gather, gather);

	for (size_t i = 0; i < ids.n; i++, y += table.width) {
		uint64_t from = b->offsets[ids.at[i]], n = b->offsets[ids.at[i] + 1] - from;

		sum(b->value + from, b->column + from, n, table.at, table.width, y);
	}
}

void nn_bag_back(const struct nn_bags *b, struct nn_ids ids, const nn_real *dy,
		 const struct nn_columns *part, nn_real *dtable)
{
	void (*sum)(nn_real w, const nn_real *x, nn_real *y, size_t n) = BEST(add, axpy);
	size_t n = part->to - part->from;

	for (size_t i = 0; i < ids.n; i++, dy += part->width)
		for (uint64_t k = b->offsets[ids.at[i]]; k < b->offsets[ids.at[i] + 1]; k++)
			sum(b->value[k], dy + part->from,
			    dtable + b->column[k] * part->width + part->from, n);
}
