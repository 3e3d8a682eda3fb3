/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Batch norm (Ioffe and Szegedy 2015) over the rows of a column and layer norm (Ba, Kiros
 * and Hinton 2016) over the columns of a row; u = (x - mean) / sqrt(variance + epsilon) over
 * n numbers:
 *
 *	y = scale u + shift	dscale = sum dy u	dshift = sum dy
 *	dx = (g - mean of g - u mean of (g u)) / sqrt(variance + epsilon), g = dy scale
 */
#include "config.h"

#include "learn/nn.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* n numbers, `step` apart, of one column or row. */
struct line {
	size_t n, step;
};

static void moments(const struct line *l, const nn_real *x, double epsilon, nn_real *mean,
		    nn_real *inverse)
{
	double sum = 0, squares = 0, m;

	for (size_t i = 0; i < l->n; i++)
		sum += (double)x[i * l->step];
	m = sum / (double)l->n;
	for (size_t i = 0; i < l->n; i++)
		squares += ((double)x[i * l->step] - m) * ((double)x[i * l->step] - m);
	*mean = (nn_real)m;
	*inverse = (nn_real)(1 / sqrt(squares / (double)l->n + epsilon));
}

/* dx holds g, and becomes dx. */
static void line_back(const struct line *l, const nn_real *x, double mean, double inverse,
		      nn_real *dx)
{
	double g = 0, gu = 0, n = (double)l->n;

	for (size_t i = 0; i < l->n; i++) {
		g += (double)dx[i * l->step];
		gu += (double)dx[i * l->step] * ((double)x[i * l->step] - mean) * inverse;
	}
	for (size_t i = 0; i < l->n; i++) {
		double u = ((double)x[i * l->step] - mean) * inverse;

		dx[i * l->step] = (nn_real)(((double)dx[i * l->step] - g / n - u * gu / n) *
					    inverse);
	}
}

/* Slopes of the layer's parameters, and g = dy scale; `by_row`: a mean belongs to a row. */
static void slopes(const struct nn_norm *l, struct nn_back b, const struct nn_norm_kept *kept,
		   bool by_row, const struct nn_norm_slope *d)
{
	memset(d->scale, 0, l->width * sizeof *d->scale);
	memset(d->shift, 0, l->width * sizeof *d->shift);
	for (size_t r = 0; r < b.rows; r++)
		for (size_t i = 0; i < l->width; i++) {
			size_t at = r * l->width + i, line = by_row ? r : i;

			d->scale[i] +=
				b.dy[at] * (b.x[at] - kept->mean[line]) * kept->inverse[line];
			d->shift[i] += b.dy[at];
			d->x[at] = b.dy[at] * l->scale[i];
		}
}

void nn_batch_norm_fixed(const struct nn_norm *l, struct nn_input in, nn_real *y,
			 const struct nn_norm_kept *kept)
{
	for (size_t r = 0; r < in.rows; r++)
		for (size_t i = 0; i < l->width; i++)
			y[r * l->width + i] = (in.x[r * l->width + i] - kept->mean[i]) *
						      kept->inverse[i] * l->scale[i] +
					      l->shift[i];
}

void nn_batch_norm(const struct nn_norm *l, struct nn_input in, nn_real *y,
		   const struct nn_norm_kept *kept)
{
	const struct line column = {in.rows, l->width};

	assert(l->width > 0 && in.rows > 0);
	for (size_t i = 0; i < l->width; i++)
		moments(&column, in.x + i, l->epsilon, kept->mean + i, kept->inverse + i);
	nn_batch_norm_fixed(l, in, y, kept);
}

void nn_batch_norm_back(const struct nn_norm *l, struct nn_back b,
			const struct nn_norm_kept *kept, const struct nn_norm_slope *d)
{
	const struct line column = {b.rows, l->width};

	slopes(l, b, kept, false, d);
	for (size_t i = 0; i < l->width; i++)
		line_back(&column, b.x + i, (double)kept->mean[i], (double)kept->inverse[i],
			  d->x + i);
}

void nn_layer_norm(const struct nn_norm *l, struct nn_input in, nn_real *y,
		   const struct nn_norm_kept *kept)
{
	const struct line row = {l->width, 1};

	assert(l->width > 0);
	for (size_t r = 0; r < in.rows; r++) {
		const nn_real *x = in.x + r * l->width;

		moments(&row, x, l->epsilon, kept->mean + r, kept->inverse + r);
		for (size_t i = 0; i < l->width; i++)
			y[r * l->width + i] = (x[i] - kept->mean[r]) * kept->inverse[r] *
					      l->scale[i] + l->shift[i];
	}
}

void nn_layer_norm_back(const struct nn_norm *l, struct nn_back b,
			const struct nn_norm_kept *kept, const struct nn_norm_slope *d)
{
	const struct line row = {l->width, 1};

	assert(l->width > 0);
	slopes(l, b, kept, true, d);
	for (size_t r = 0; r < b.rows; r++)
		line_back(&row, b.x + r * l->width, (double)kept->mean[r],
			  (double)kept->inverse[r], d->x + r * l->width);
}
