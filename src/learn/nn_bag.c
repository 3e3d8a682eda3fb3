/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A layer whose inputs are mostly zeros, as one sum over what isn't:
 *
 *	y_r = sum over entries (c, v) of row r of v T_c		dT_c = sum of v dy_r
 */
#include "config.h"

#include "learn/nn.h"

#include "math/kernel.h"

/* y (n) += w x (n) */
#ifdef NN_DOUBLE
static void add(nn_real w, const nn_real *x, size_t n, nn_real *y)
{
	for (size_t i = 0; i < n; i++)
		y[i] += w * x[i];
}
#else
static void add(nn_real w, const nn_real *x, size_t n, nn_real *y)
{
	kernels_best()->axpy(w, x, y, n);
}
#endif

void nn_bag(const struct nn_bags *b, struct nn_ids ids, struct nn_table table, nn_real *y)
{
	for (size_t i = 0; i < ids.n; i++, y += table.width)
		for (uint64_t k = b->offsets[ids.at[i]]; k < b->offsets[ids.at[i] + 1]; k++) {
			const nn_real *t = table.at + b->column[k] * table.width;

			add(b->value[k], t, table.width, y);
		}
}

void nn_bag_back(const struct nn_bags *b, struct nn_ids ids, const nn_real *dy,
		 const struct nn_columns *part, nn_real *dtable)
{
	for (size_t i = 0; i < ids.n; i++, dy += part->width)
		for (uint64_t k = b->offsets[ids.at[i]]; k < b->offsets[ids.at[i] + 1]; k++) {
			nn_real *t = dtable + b->column[k] * part->width;

			add(b->value[k], dy + part->from, part->to - part->from,
			    t + part->from);
		}
}
