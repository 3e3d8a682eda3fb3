/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dense: rows times a matrix that is put in order once, and what stands between such products
 * in a transformer: gelu, softmax, norms of rows.
 *
 * A product of a few hundred rows with one matrix again and again needn't turn and copy that
 * matrix every time, as a library that meets it for the first time has to. Panels of columns
 * as wide as two registers are multiplied with six rows at a time, whose sums stay in
 * registers (Goto and van de Geijn 2008, "Anatomy of High-Performance Matrix
 * Multiplication"). What a row gives doesn't depend on the rows beside it.
 */
#ifndef MATH_DENSE_H
#define MATH_DENSE_H

#include <stddef.h>

/* A matrix (in, out) and what is added to each row of a product with it. `ordered` is memory
 * of the caller, dense_kernel.room floats that begin as zeros, 64-byte aligned is fastest. */
struct dense {
	size_t in, out;
	float *ordered;
};

/* Entry (i, o) of a matrix (in, out) is at[i * by_in + o * by_out]. */
struct dense_matrix {
	const float *at;
	size_t in, out;
	size_t by_in, by_out;
};

enum dense_then {
	DENSE_SET,	/* y = x W + bias */
	DENSE_ADD,	/* y += x W + bias */
	DENSE_GELU,	/* y = gelu(x W + bias) */
};

/* Rows x go in, rows y come out, each `stride` floats behind the one before. */
struct dense_rows {
	const float *x;
	size_t x_stride;
	float *y;
	size_t y_stride;
	size_t n;
};

/* (rows, n), each row `stride` floats behind the one before. stride is a multiple of
 * DENSE_BLOCK; what lies behind the n of a row may be anything and becomes 0. */
struct dense_scores {
	float *x;
	size_t rows, n, stride;
};

/* Numbers by which normed rows are stretched and moved, (width) each. */
struct dense_norm {
	const float *gain, *bias;
	size_t width;
	float eps;
};

/* One implementation for a kind of processor; only its own functions read its order. */
struct dense_kernel {
	const char *name;
	/* Floats of `ordered` of a matrix (in, out). */
	size_t (*room)(size_t in, size_t out);
	/* Put m into columns [first, first + m.out) of d, m.in == d->in; bias (m.out) or NULL,
	 * what stands there stays. */
	void (*put)(struct dense *d, const struct dense_matrix *m, size_t first,
		    const float *bias);
	void (*multiply)(const struct dense *d, const struct dense_rows *r, enum dense_then then);
	/* Each row becomes exp(scale x), scale > 0, over the sum of these. */
	void (*softmax)(const struct dense_scores *s, float scale);
	/* Each of `rows` rows of x (rows, width) to mean 0 and variance 1, stretched and moved
	 * (Ba et al. 2016, "Layer Normalization"). */
	void (*norm)(const struct dense_norm *n, float *x, size_t rows);
};

#define DENSE_BLOCK 32u

static inline size_t dense_stride(size_t n)
{
	return (n + DENSE_BLOCK - 1) / DENSE_BLOCK * DENSE_BLOCK;
}

/* The fastest that this processor runs; always the same one. */
const struct dense_kernel *dense_best(void);
/* All that it runs, the plain one first, to *rows. Returns how many. */
size_t dense_all(const struct dense_kernel **rows);

#endif
