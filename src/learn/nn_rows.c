/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a table of embeddings: y_i = E[row_i]; backwards dE[row_i] += dy_i. */
#include "config.h"

#include "learn/nn.h"

#include <string.h>

void nn_rows(const nn_real *table, struct nn_ids ids, size_t width, nn_real *y)
{
	for (size_t i = 0; i < ids.n; i++)
		memcpy(y + i * width, table + ids.at[i] * width, width * sizeof *y);
}

void nn_rows_back(const nn_real *dy, struct nn_ids ids, size_t width, nn_real *dtable)
{
	for (size_t i = 0; i < ids.n; i++)
		for (size_t k = 0; k < width; k++)
			dtable[ids.at[i] * width + k] += dy[i * width + k];
}
