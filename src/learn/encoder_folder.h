/* SPDX-License-Identifier: GPL-3.0-or-later */
/* encoder_folder: what encoder computes with, as its folder says it; for encoder*.c alone. */
#ifndef LEARN_ENCODER_FOLDER_H
#define LEARN_ENCODER_FOLDER_H

#include "learn/encoder.h"
#include "learn/weights.h"
#include "learn/wordpiece.h"
#include "math/dense.h"

#define ENCODER_LAYERS 48

struct encoder_norm {
	const float *gain, *bias;	/* (width) */
};

struct encoder_layer {
	struct dense qkv, output;	/* (width, 3 width), (width, width) */
	struct encoder_norm after_attention;
	struct dense up, down;		/* (width, inner), (inner, width) */
	struct encoder_norm after_inner;
};

struct encoder {
	unsigned layers, heads, width, inner, vocabulary, places;
	unsigned longest;	/* tokens of a text, its two ends included */
	float eps;
	bool first_token;	/* pooling: the first token, not the mean */
	bool unit;		/* vectors are made of length 1 */
	const float *word;	/* (vocabulary, width) */
	const float *place;	/* (places, width) */
	const float *type;	/* (width) of the first kind of token */
	struct encoder_norm after_embedding;
	struct encoder_layer layer[ENCODER_LAYERS];
	const struct dense_kernel *kernel;
	float *ordered;			/* the matrices of all layers */
	struct weights *weights;	/* of a folder; NULL */
	float *own;			/* of encoder_of; NULL */
	struct wordpiece *pieces;
};

/* Room for the matrices of all layers, whose sizes are set by it; then they can be put. */
bool encoder_room(struct encoder *e, struct err *err);

#endif
