/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Losses:
 *
 *	hinge (Hao et al. 2020), y = 1 for what belongs together, else -1:
 *		max(0, epsilon - y (lambda - |a - b|^2))	da = 2 y (a - b) = -db
 *	cross entropy of the right class: -log softmax(x)_right
 *		dx = softmax(x) - (1 at the right class)
 *	InfoNCE (van den Oord, Li and Vinyals 2018): the mean over rows i of the cross
 *	entropy of class i under x_ij = a_i b_j / temperature
 */
#include "config.h"

#include "learn/nn.h"

#include <assert.h>
#include <math.h>

double nn_hinge(const struct nn_hinge *h, bool together, size_t n, const nn_real *a,
		const nn_real *b, nn_real *da, nn_real *db)
{
	double y = together ? 1 : -1, distance = 0, loss;

	for (size_t i = 0; i < n; i++)
		distance += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
	loss = h->margin - y * (h->centre - distance);
	for (size_t i = 0; i < n; i++) {
		da[i] = loss > 0 ? (nn_real)(2 * y) * (a[i] - b[i]) : 0;
		db[i] = -da[i];
	}
	return loss > 0 ? loss : 0;
}

double nn_cross_entropy(size_t n, const nn_real *x, size_t right, nn_real *dx)
{
	double loss = -(double)x[right];

	assert(right < n);
	loss += nn_softmax(n, x, dx);
	dx[right] -= 1;
	return loss;
}

double nn_infonce(const struct nn_contrast *c, nn_real *room, nn_real *da, nn_real *db)
{
	const struct nn_product x = {
		.transpose_b = true, .m = c->rows, .n = c->rows, .k = c->width,
		.over = (nn_real)c->temperature,
	};
	const struct nn_product by_a = {
		.m = c->rows, .n = c->width, .k = c->rows,
		.over = (nn_real)(c->temperature * (double)c->rows),
	};
	struct nn_product by_b = by_a;
	double loss = 0;

	by_b.transpose_a = true;
	nn_product(&x, c->a, c->b, room);
	for (size_t i = 0; i < c->rows; i++)
		loss += nn_cross_entropy(c->rows, room + i * c->rows, i, room + i * c->rows);
	nn_product(&by_a, room, c->b, da);
	nn_product(&by_b, room, c->a, db);
	return loss / (double)c->rows;
}
