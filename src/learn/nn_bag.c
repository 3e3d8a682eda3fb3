/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A layer whose inputs are mostly zeros, as one sum over what isn't:
 *
 *	y_r = sum over entries (c, v) of row r of v T_c		dT_c = sum of v dy_r
 */
#include "config.h"

#include "learn/nn.h"

void nn_bag(const struct nn_bags *b, struct nn_ids ids, struct nn_table table, nn_real *y)
{
	for (size_t i = 0; i < ids.n; i++, y += table.width)
		for (uint64_t k = b->offsets[ids.at[i]]; k < b->offsets[ids.at[i] + 1]; k++) {
			const nn_real *t = table.at + b->column[k] * table.width;
			nn_real v = b->value[k];

			for (size_t j = 0; j < table.width; j++)
				y[j] += v * t[j];
		}
}

void nn_bag_back(const struct nn_bags *b, struct nn_ids ids, const nn_real *dy,
		 const struct nn_columns *part, nn_real *dtable)
{
	for (size_t i = 0; i < ids.n; i++, dy += part->width)
		for (uint64_t k = b->offsets[ids.at[i]]; k < b->offsets[ids.at[i] + 1]; k++) {
			nn_real *t = dtable + b->column[k] * part->width;
			nn_real v = b->value[k];

			for (size_t j = part->from; j < part->to; j++)
				t[j] += v * dy[j];
		}
}
