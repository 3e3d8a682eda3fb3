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

/* Slopes of a layer norm's parameters, and g = dy scale. */
static void slopes(const struct nn_norm *l, struct nn_back b, const struct nn_norm_kept *kept,
		   const struct nn_norm_slope *d)
{
	memset(d->scale, 0, l->width * sizeof *d->scale);
	memset(d->shift, 0, l->width * sizeof *d->shift);
	for (size_t r = 0; r < b.rows; r++)
		for (size_t i = 0; i < l->width; i++) {
			size_t at = r * l->width + i;

			d->scale[i] +=
				b.dy[at] * (b.x[at] - kept->mean[r]) * kept->inverse[r];
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

/* Columns that are gone through together, row by row as they lie. */
#define BLOCK 16u

struct columns {
	size_t rows, width;	/* of the matrix */
	size_t n;		/* of them, at most BLOCK */
};

/* Inlined for BLOCK, so that compilers make vectors. */
static inline __attribute__((always_inline)) void add_moments(struct columns c, size_t n,
							      const nn_real *x, double *mean,
							      double *square)
{
	for (size_t r = 0; r < c.rows; r++, x += c.width)
		for (size_t i = 0; i < n; i++)
			mean[i] += (double)x[i];
	for (size_t i = 0; i < n; i++)
		mean[i] /= (double)c.rows;
	x -= c.rows * c.width;
	for (size_t r = 0; r < c.rows; r++, x += c.width)
		for (size_t i = 0; i < n; i++)
			square[i] += ((double)x[i] - mean[i]) * ((double)x[i] - mean[i]);
}

void nn_batch_norm(const struct nn_norm *l, struct nn_input in, nn_real *y,
		   const struct nn_norm_kept *kept)
{
	assert(l->width > 0 && in.rows > 0);
	for (size_t at = 0; at < l->width; at += BLOCK) {
		struct columns c = {in.rows, l->width,
				    l->width - at < BLOCK ? l->width - at : BLOCK};
		double mean[BLOCK] = {0}, square[BLOCK] = {0};

		if (c.n == BLOCK)
			add_moments(c, BLOCK, in.x + at, mean, square);
		else
			add_moments(c, c.n, in.x + at, mean, square);
		for (size_t i = 0; i < c.n; i++) {
			double variance = square[i] / (double)in.rows;

			kept->mean[at + i] = (nn_real)mean[i];
			kept->inverse[at + i] = (nn_real)(1 / sqrt(variance + l->epsilon));
		}
	}
	nn_batch_norm_fixed(l, in, y, kept);
}

/* What the way back of a block reads and writes, from its first column on. */
struct block_back {
	const nn_real *x, *dy;
	const nn_real *mean, *inverse, *scale;
	nn_real *dscale, *dshift, *dx;
};

static inline __attribute__((always_inline)) void block_back(struct columns c, size_t n,
							     struct block_back b)
{
	double dy[BLOCK] = {0}, dyu[BLOCK] = {0};
	nn_real by[BLOCK], less[BLOCK], turn[BLOCK];
	size_t all = c.rows * c.width;

	for (size_t k = 0; k < all; k += c.width)
		for (size_t i = 0; i < n; i++) {
			dy[i] += (double)b.dy[k + i];
			dyu[i] += (double)(b.dy[k + i] * (b.x[k + i] - b.mean[i]) * b.inverse[i]);
		}
	for (size_t i = 0; i < n; i++) {
		b.dscale[i] = (nn_real)dyu[i];
		b.dshift[i] = (nn_real)dy[i];
		by[i] = b.scale[i] * b.inverse[i];
		less[i] = (nn_real)(dy[i] / (double)c.rows);
		turn[i] = (nn_real)(dyu[i] / (double)c.rows) * b.inverse[i];
	}
	for (size_t k = 0; k < all; k += c.width)
		for (size_t i = 0; i < n; i++)
			b.dx[k + i] = (b.dy[k + i] - less[i] - (b.x[k + i] - b.mean[i]) * turn[i]) *
				      by[i];
}

void nn_batch_norm_back(const struct nn_norm *l, struct nn_back b,
			const struct nn_norm_kept *kept, const struct nn_norm_slope *d)
{
	for (size_t at = 0; at < l->width; at += BLOCK) {
		struct columns c = {b.rows, l->width,
				    l->width - at < BLOCK ? l->width - at : BLOCK};
		const struct block_back k = {b.x + at, b.dy + at, kept->mean + at,
					     kept->inverse + at, l->scale + at, d->scale + at,
					     d->shift + at, d->x + at};

		if (c.n == BLOCK)
			block_back(c, BLOCK, k);
		else
			block_back(c, c.n, k);
	}
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
	slopes(l, b, kept, d);
	for (size_t r = 0; r < b.rows; r++)
		line_back(&row, b.x + r * l->width, (double)kept->mean[r],
			  (double)kept->inverse[r], d->x + r * l->width);
}
