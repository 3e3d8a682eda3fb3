/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nn: parts of neural networks on spans, each with a way forward and a way back.
 *
 * Matrices are row-major. `d` before a name is the slope of the loss by it. A way back writes
 * slopes (it doesn't add), unless it says so. Nothing here allocates, reads a store or keeps
 * state; all may run in many threads. Call blas_load before what takes a product of matrices.
 *
 * Numbers are float. The tests compile the same files with NN_DOUBLE, so that slopes can be
 * held against differences far below what a float can tell.
 */
#ifndef LEARN_NN_H
#define LEARN_NN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool;
struct rng;

#ifdef NN_DOUBLE
typedef double nn_real;
#else
typedef float nn_real;
#endif

/* Rows of input; and what comes back for them. */
struct nn_input {
	const nn_real *x; /* (rows, from) */
	size_t rows;
};
struct nn_back {
	const nn_real *x, *dy; /* (rows, from), (rows, to) */
	size_t rows;
};
/* Rows of a table of embeddings. */
struct nn_ids {
	const uint32_t *at; /* (n) */
	size_t n;
};
struct nn_table {
	const nn_real *at; /* (any, width) */
	size_t width;
};

/* --- nn_linear.c */
struct nn_linear {
	size_t from, to;
	const nn_real *weights;		/* (from, to) */
	const nn_real *bias;		/* (to) */
};
struct nn_linear_slope {
	nn_real *weights, *bias;	/* shaped as the layer's */
	nn_real *x;			/* (rows, from), NULL: not wanted */
};
/* y (rows, to) of x (rows, from) */
void nn_linear(const struct nn_linear *l, const nn_real *x, size_t rows, nn_real *y);
void nn_linear_back(const struct nn_linear *l, struct nn_back b,
		    const struct nn_linear_slope *d);
/* C (m, n) = op(A) (m, k) op(B) (k, n) / over + beta C. Rows of what is given stand a_row,
 * b_row, c_row numbers apart; 0: they follow each other. */
struct nn_product {
	bool transpose_a, transpose_b;
	size_t m, n, k;
	nn_real over, beta;
	size_t a_row, b_row, c_row;
};
void nn_product(const struct nn_product *p, const nn_real *a, const nn_real *b, nn_real *c);

/* --- nn_activation.c: n numbers. Backwards dy becomes dx. */
void nn_relu(size_t n, nn_real *x);			/* x becomes y */
void nn_relu_back(size_t n, const nn_real *y, nn_real *dy);
void nn_tanh(size_t n, nn_real *x);			/* x becomes y */
void nn_tanh_back(size_t n, const nn_real *y, nn_real *dy);
void nn_gelu(size_t n, const nn_real *x, nn_real *y);
void nn_gelu_back(size_t n, const nn_real *x, nn_real *dy);
/* factor (n) is drawn: 0 with chance p, else 1 / (1 - p); 0 <= p < 1. Forwards and backwards
 * are both nn_hadamard with it. */
void nn_dropout(size_t n, double p, struct rng *rng, nn_real *factor);
void nn_hadamard(size_t n, const nn_real *a, const nn_real *b, nn_real *y);
void nn_hadamard_add(size_t n, const nn_real *a, const nn_real *b, nn_real *y);	/* y += a b */
void nn_add(size_t n, const nn_real *x, nn_real *y);	/* y += x */

/* --- nn_norm.c */
struct nn_norm {
	size_t width;
	const nn_real *scale, *shift;	/* (width) */
	double epsilon;			/* > 0 */
};
struct nn_norm_kept {
	nn_real *mean;		/* (width) of a batch norm, (rows) of a layer norm */
	nn_real *inverse;	/* the same, 1 / sqrt(variance + epsilon) */
};
struct nn_norm_slope {
	nn_real *scale, *shift;	/* (width) */
	nn_real *x;		/* (rows, width) */
};
/* Every column over the rows of the batch; what is kept is written. */
void nn_batch_norm(const struct nn_norm *l, struct nn_input in, nn_real *y,
		   const struct nn_norm_kept *kept);
/* The same with a mean and an inverse deviation that were kept: for use after training. */
void nn_batch_norm_fixed(const struct nn_norm *l, struct nn_input in, nn_real *y,
			 const struct nn_norm_kept *kept);
void nn_batch_norm_back(const struct nn_norm *l, struct nn_back b,
			const struct nn_norm_kept *kept, const struct nn_norm_slope *d);
/* Every row over its columns. */
void nn_layer_norm(const struct nn_norm *l, struct nn_input in, nn_real *y,
		   const struct nn_norm_kept *kept);
void nn_layer_norm_back(const struct nn_norm *l, struct nn_back b,
			const struct nn_norm_kept *kept, const struct nn_norm_slope *d);

/* --- nn_attention.c */
/* z (n): softmax of x (n), n >= 1; in place too. Returns log of the sum of exp(x). */
double nn_softmax(size_t n, const nn_real *x, nn_real *z);
/* y (width): the neighbours (n, width) weighted by z (n), softmax of their products with
 * q (width). n >= 1. */
struct nn_neighbours {
	size_t n, width;
	const nn_real *q;	/* (width) */
	const nn_real *at;	/* (n, width) */
};
void nn_attend(const struct nn_neighbours *a, nn_real *z, nn_real *y);
/* dq (width), dat (n, width) */
void nn_attend_back(const struct nn_neighbours *a, const nn_real *z, const nn_real *dy,
		    nn_real *dq, nn_real *dat);

/* --- nn_heads.c: every row attends to the rows of its span, in parts of the columns */
/*
 * Spans of any length >= 0 follow each other without padding, so what a mask would hide isn't
 * there. qkv (rows, 3 width) holds what one nn_linear makes of the rows: queries, keys, values.
 */
struct nn_heads {
	size_t width, heads;	/* heads divides width */
	const size_t *offset;	/* (spans + 1): rows of span s are [offset[s], offset[s + 1]),
				   offset[0] is 0 */
	size_t spans;
	bool causal;		/* rows see themselves and what stands before them */
};
/* Numbers in z: the weights (len, len) of every head of every span, and room for one more. */
size_t nn_heads_room(const struct nn_heads *h);
/* y (rows, width), the heads side by side; z is kept for the way back. */
void nn_heads(const struct nn_heads *h, const nn_real *qkv, nn_real *z, nn_real *y);
struct nn_attended {
	const nn_real *qkv;
	nn_real *z;		/* spent after */
};
/* dqkv (rows, 3 width) of dy (rows, width) */
void nn_heads_back(const struct nn_heads *h, struct nn_attended kept, const nn_real *dy,
		   nn_real *dqkv);

/* --- nn_rows.c: rows of a table of embeddings (any, width) */
void nn_rows(const nn_real *table, struct nn_ids ids, size_t width, nn_real *y);
/* Adds dy (n, width) to those rows of dtable. */
void nn_rows_back(const nn_real *dy, struct nn_ids ids, size_t width, nn_real *dtable);

/* --- nn_bag.c: sparse rows times a table of embeddings (any, width) */
struct nn_bags {
	const uint64_t *offsets;	/* row r: entries [offsets[r], offsets[r + 1]) */
	const uint32_t *column;		/* row of the table */
	const float *value;
};
/* y (n, width) += for each of the rows the sum of its values times rows of the table */
void nn_bag(const struct nn_bags *b, struct nn_ids ids, struct nn_table table, nn_real *y);
/* The way back: the same entries by rows of the table, whose slopes are bags of rows of dy.
 * Any of them can be made by any thread, by nn_bag with dy as the table. */
struct nn_turned {
	uint32_t *place;	/* (rows of the table) zeros before and after */
	uint32_t *row;		/* (n) rows of the table that were met, room for all */
	size_t n;
	uint64_t *offsets;	/* (n + 1) room for all and one more */
	uint32_t *column;	/* (entries of ids) places among ids, ascending */
	float *value;
};
void nn_turn(const struct nn_bags *b, struct nn_ids ids, struct nn_turned *t);
static inline struct nn_bags nn_turned_bags(const struct nn_turned *t)
{
	return (struct nn_bags){t->offsets, t->column, t->value};
}

/* --- nn_adam.c */
struct nn_adam {
	double rate;		/* at the top of its way */
	double decay;		/* AdamW: of parameters, by rate; 0: Adam */
	uint64_t warm, steps;	/* the rate rises for so many steps of all, then falls to 0;
				   steps 0: it stays */
	nn_real *first, *second;	/* moments beside the parameters, zeros at first */
};
/* The rate of step t, from 1. */
double nn_rate(const struct nn_adam *a, uint64_t t);
/* n parameters at `at` of the moments; theta and d begin with the first of them. */
void nn_adam(const struct nn_adam *a, uint64_t t, size_t at, size_t n, const nn_real *d,
	     nn_real *theta);
/* Shortens d (n) to the length `most` if it is longer; returns how long it was. */
double nn_clip(size_t n, double most, nn_real *d);

/* --- nn_loss.c: each returns the loss and writes its slopes */
struct nn_hinge {
	double margin, centre;	/* epsilon and lambda */
};
/* Of the squared distance of a and b (n); together: they belong near each other. */
double nn_hinge(const struct nn_hinge *h, bool together, size_t n, const nn_real *a,
		const nn_real *b, nn_real *da, nn_real *db);
/* Of the class `right` under the softmax of x (n). */
double nn_cross_entropy(size_t n, const nn_real *x, size_t right, nn_real *dx);
/* Row i of a (rows, width) belongs to row i of b, all other rows of b don't; temperature
 * > 0; room (rows, rows). The mean over rows. */
struct nn_contrast {
	size_t rows, width;
	double temperature;
	const nn_real *a, *b;	/* (rows, width) */
};
double nn_infonce(const struct nn_contrast *c, nn_real *room, nn_real *da, nn_real *db);

/* --- nn_batch.c */
/*
 * The loss of a batch and its slope by n parameters, in shares of `share` rows whatever the
 * number of threads; the shares are added in their order, so that the same seed gives the
 * same bytes on any pool. gradient writes (not adds) n slopes for rows [from, to).
 */
struct nn_batch {
	size_t rows, share;	/* share >= 1 */
	size_t n;
	double (*gradient)(void *ctx, size_t from, size_t to, nn_real *d, unsigned worker);
	void *ctx;
	nn_real *room;		/* (nn_batch_shares, n) */
	double *loss;		/* (nn_batch_shares) */
};
size_t nn_batch_shares(const struct nn_batch *b);
double nn_batch(const struct nn_batch *b, nn_real *d, struct pool *pool);

#endif
