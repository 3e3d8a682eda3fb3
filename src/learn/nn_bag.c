/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A layer whose inputs are mostly zeros, as one sum over what isn't:
 *
 *	y_r = sum over entries (c, v) of row r of v T_c		dT_c = sum of v dy_r
 *
 * The way back is the same sum over the entries in the order of c, where each slope is
 * written once; which r an entry has stands beside it (a counting sort).
 */
#include "config.h"

#include "learn/nn.h"

#include "math/kernel.h"

#ifdef NN_DOUBLE
/* As the equation says: for the tests. */
static void gather(const float *w, const uint32_t *at, size_t n, const nn_real *rows,
		   size_t dim, nn_real *y)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < dim; j++)
			y[j] += w[i] * rows[at[i] * dim + j];
}
#else
static void gather(const float *w, const uint32_t *at, size_t n, const nn_real *rows,
		   size_t dim, nn_real *y)
{
	kernels_best()->gather(w, at, n, rows, dim, y);
}
#endif

void nn_bag(const struct nn_bags *b, struct nn_ids ids, struct nn_table table, nn_real *y)
{
	for (size_t i = 0; i < ids.n; i++, y += table.width) {
		uint64_t from = b->offsets[ids.at[i]], n = b->offsets[ids.at[i] + 1] - from;

		gather(b->value + from, b->column + from, n, table.at, table.width, y);
	}
}

void nn_turn(const struct nn_bags *b, struct nn_ids ids, struct nn_turned *t)
{
	uint64_t sum = 0;

	t->n = 0;
	for (size_t i = 0; i < ids.n; i++)
		for (uint64_t k = b->offsets[ids.at[i]]; k < b->offsets[ids.at[i] + 1]; k++) {
			uint32_t c = b->column[k];

			if (t->place[c] == 0) {
				t->offsets[t->n] = 0;
				t->row[t->n] = c;
				t->place[c] = (uint32_t)++t->n;
			}
			t->offsets[t->place[c] - 1]++;
		}
	for (size_t i = 0; i < t->n; i++) {	/* offsets[i]: where row i begins, for now */
		uint64_t n = t->offsets[i];

		t->offsets[i] = sum;
		sum += n;
	}
	for (size_t i = 0; i < ids.n; i++)
		for (uint64_t k = b->offsets[ids.at[i]]; k < b->offsets[ids.at[i] + 1]; k++) {
			uint64_t at = t->offsets[t->place[b->column[k]] - 1]++;

			t->column[at] = (uint32_t)i;
			t->value[at] = b->value[k];
		}
	for (size_t i = t->n; i > 0; i--)	/* each has moved on to its end */
		t->offsets[i] = t->offsets[i - 1];
	t->offsets[0] = 0;
	for (size_t i = 0; i < t->n; i++)
		t->place[t->row[i]] = 0;
}
