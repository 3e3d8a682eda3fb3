/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A layer of weights, and backwards (Rumelhart, Hinton and Williams 1986):
 *
 *	y = x W + b		dW = x' dy	db = sum of the rows of dy	dx = dy W'
 */
#include "config.h"

#include "learn/nn.h"

#include <assert.h>
#include <string.h>

#include "math/blas.h"

static size_t apart(size_t given, size_t width)
{
	assert(given == 0 || given >= width);
	return given ? given : width;
}

void nn_product(const struct nn_product *p, const nn_real *a, const nn_real *b, nn_real *c)
{
	size_t a_row = apart(p->a_row, p->transpose_a ? p->m : p->k);
	size_t b_row = apart(p->b_row, p->transpose_b ? p->k : p->n);
	size_t c_row = apart(p->c_row, p->n);

#ifdef NN_DOUBLE
	/* As the equation says: for the tests. */
	for (size_t i = 0; i < p->m; i++)
		for (size_t j = 0; j < p->n; j++) {
			nn_real sum = 0, *to = &c[i * c_row + j];

			for (size_t k = 0; k < p->k; k++)
				sum += a[p->transpose_a ? k * a_row + i : i * a_row + k] *
				       b[p->transpose_b ? j * b_row + k : k * b_row + j];
			sum /= p->over;
			*to = p->beta == 0 ? sum : sum + p->beta * *to;
		}
#else
	blas_sgemm(p->transpose_a, p->transpose_b, p->m, p->n, p->k, 1 / p->over, a, a_row, b,
		   b_row, p->beta, c, c_row);
#endif
}

void nn_linear(const struct nn_linear *l, const nn_real *x, size_t rows, nn_real *y)
{
	const struct nn_product p = {.m = rows, .n = l->to, .k = l->from, .over = 1, .beta = 1};

	assert(l->from > 0 && l->to > 0);
	for (size_t r = 0; r < rows; r++)
		memcpy(y + r * l->to, l->bias, l->to * sizeof *y);
	nn_product(&p, x, l->weights, y);
}

void nn_linear_back(const struct nn_linear *l, struct nn_back b,
		    const struct nn_linear_slope *d)
{
	const struct nn_product by_weights = {
		.transpose_a = true,
		.m = l->from,
		.n = l->to,
		.k = b.rows,
		.over = 1,
	};
	const struct nn_product by_x = {
		.transpose_b = true,
		.m = b.rows,
		.n = l->from,
		.k = l->to,
		.over = 1,
	};

	assert(l->from > 0 && l->to > 0);
	nn_product(&by_weights, b.x, b.dy, d->weights);
	memset(d->bias, 0, l->to * sizeof *d->bias);
	for (size_t r = 0; r < b.rows; r++)
		nn_add(l->to, b.dy + r * l->to, d->bias);
	if (d->x)
		nn_product(&by_x, b.dy, l->weights, d->x);
}
