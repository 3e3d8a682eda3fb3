/* SPDX-License-Identifier: GPL-3.0-or-later */
/* encoder_folder: what encoder computes with, as its folder says it; for encoder*.c alone. */
#ifndef LEARN_ENCODER_FOLDER_H
#define LEARN_ENCODER_FOLDER_H

#include "learn/encoder.h"
#include "learn/weights.h"
#include "learn/wordpiece.h"

#define ENCODER_LAYERS 48

struct encoder_linear {
	const float *weight;	/* (out, in) */
	const float *bias;	/* (out) */
	size_t in, out;
};

struct encoder_norm {
	const float *gain, *bias;	/* (width) */
};

struct encoder_layer {
	struct encoder_linear query, key, value, output;	/* (width, width) */
	struct encoder_norm after_attention;
	struct encoder_linear up, down;		/* (inner, width), (width, inner) */
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
	struct weights *weights;	/* of a folder; NULL */
	float *own;			/* of encoder_of; NULL */
	struct wordpiece *pieces;
};

#endif
