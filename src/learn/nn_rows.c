/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a table of embeddings: y_i = E[row_i]; backwards dE[row_i] += dy_i. */
#include "config.h"

#include "learn/nn.h"

#include <string.h>

void nn_rows(const nn_real *table, const uint32_t *row, size_t n, size_t width, nn_real *y)
{
	for (size_t i = 0; i < n; i++)
		memcpy(y + i * width, table + row[i] * width, width * sizeof *y);
}

void nn_rows_back(const nn_real *dy, const uint32_t *row, size_t n, size_t width,
		  nn_real *dtable)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < width; k++)
			dtable[row[i] * width + k] += dy[i * width + k];
}
