/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * transformer: a small encoder of BERT's type (Devlin et al. 2019) that can be trained, on spans.
 *
 *	x  = norm(word + place)
 *	x1 = norm(x + O heads(x Wqkv)),  x' = norm(x1 + W2 gelu(W1 x1))		in each layer
 *	y  = mean of a span's rows, of length 1
 *
 * The table of words (vocabulary, width) stands by itself. All other parameters are one vector of
 * transformer_size: place (places, width), scale and shift of the first norm; then per layer
 * Wqkv (width, 3 width) and its bias, O (width, width), bias, scale, shift, W1 (width, inner),
 * bias, W2 (inner, width), bias, scale, shift.
 */
#ifndef LEARN_TRANSFORMER_H
#define LEARN_TRANSFORMER_H

#include "learn/nn.h"

#define TRANSFORMER_EPSILON 1e-6
#define TRANSFORMER_LAYERS 12

struct transformer {
	size_t layers, heads, width, inner, vocabulary, places;
};
size_t transformer_size(const struct transformer *t);
/* theta (transformer_size) and the table: normal with deviation .02 (weights .02 and
 * 1 / sqrt(from) whichever is more), scales 1, the rest 0. */
void transformer_begin(const struct transformer *t, uint64_t seed, nn_real *theta,
		       nn_real *table);

/* Texts one behind the other. */
struct transformer_batch {
	const uint32_t *id;		/* (rows) */
	const size_t *offset;		/* (spans + 1), [0] is 0; a span has 1 to `places` rows */
	size_t spans;
};
struct transformer_weights {
	const nn_real *theta, *table;
};
/* What is kept from the way forward; numbers of transformer_room. */
struct transformer_room {
	nn_real *at;
};
size_t transformer_room(const struct transformer *t, const struct transformer_batch *b);
/* Where the last rows (rows, width) are in it. */
nn_real *transformer_rows(const struct transformer *t, const struct transformer_batch *b,
			  struct transformer_room room);
void transformer_forward(const struct transformer *t, struct transformer_weights w,
			 const struct transformer_batch *b, struct transformer_room room);
/* d (transformer_size) and dtable (vocabulary, width) += slopes of dx (rows, width), by the last
 * rows; dx is spent. */
struct transformer_slope {
	nn_real *theta, *table;
};
void transformer_back(const struct transformer *t, struct transformer_weights w,
		      const struct transformer_batch *b, struct transformer_room room,
		      nn_real *dx, struct transformer_slope d);
/* y (spans, width): means of rows x, of length 1; length (spans) is kept. */
void transformer_pool(const struct transformer_batch *b, size_t width, const nn_real *x,
		      nn_real *y, nn_real *length);
/* dx (rows, width) of dy. */
void transformer_pool_back(const struct transformer_batch *b, size_t width, const nn_real *y,
			   const nn_real *length, const nn_real *dy, nn_real *dx);

/* Where the parts of theta begin; for whoever keeps them under other names. */
struct transformer_layer {
	size_t qkv, qkv_bias, out, out_bias, scale1, shift1, up, up_bias, down, down_bias, scale2,
	       shift2;
};
struct transformer_layer transformer_layer(const struct transformer *t, size_t layer);

#endif
