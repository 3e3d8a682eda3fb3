/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A trained transformer as an encoder: its matrices turned, as published folders have them. */
#include "config.h"

#include <string.h>

#include "base/mem.h"
#include "learn/encoder_folder.h"
#include "math/blas.h"

struct copying {
	const float *theta;
	float *to;
};

/* (from, to) at `at` of theta, columns [first, first + n) of it, as (n, from). */
static struct encoder_linear turn(struct copying *c, size_t at, struct encoder_linear shape,
				  size_t columns, size_t first, size_t bias)
{
	float *weight = c->to, *own = weight + shape.out * shape.in;

	for (size_t i = 0; i < shape.in; i++)
		for (size_t j = 0; j < shape.out; j++)
			weight[j * shape.in + i] = c->theta[at + i * columns + first + j];
	memcpy(own, c->theta + bias + first, shape.out * sizeof *own);
	c->to = own + shape.out;
	return (struct encoder_linear){weight, own, shape.in, shape.out};
}

static void take_layer(struct encoder_layer *e, const struct transformer *t, size_t layer,
		       struct copying *c)
{
	const struct transformer_layer l = transformer_layer(t, layer);
	size_t w = t->width;
	const struct encoder_linear square = {.in = w, .out = w};

	e->query = turn(c, l.qkv, square, 3 * w, 0, l.qkv_bias);
	e->key = turn(c, l.qkv, square, 3 * w, w, l.qkv_bias);
	e->value = turn(c, l.qkv, square, 3 * w, 2 * w, l.qkv_bias);
	e->output = turn(c, l.out, square, w, 0, l.out_bias);
	e->up = turn(c, l.up, (struct encoder_linear){.in = w, .out = t->inner}, t->inner, 0,
		     l.up_bias);
	e->down = turn(c, l.down, (struct encoder_linear){.in = t->inner, .out = w}, w, 0,
		       l.down_bias);
	e->after_attention = (struct encoder_norm){c->theta + l.scale1, c->theta + l.shift1};
	e->after_inner = (struct encoder_norm){c->theta + l.scale2, c->theta + l.shift2};
}

bool encoder_of(struct encoder **out, const struct transformer *t,
		struct transformer_weights w, struct strs pieces, struct err *err)
{
	SCOPED(encoder) e = mem_zalloc(sizeof *e);
	size_t first = t->places * t->width;
	struct copying c = {.theta = w.theta};

	if (!blas_load(err) || !wordpiece_make(&e->pieces, pieces, true, err))
		return false;
	e->layers = (unsigned)t->layers;
	e->heads = (unsigned)t->heads;
	e->width = (unsigned)t->width;
	e->inner = (unsigned)t->inner;
	e->vocabulary = (unsigned)t->vocabulary;
	e->places = e->longest = (unsigned)t->places;
	e->eps = (float)TRANSFORMER_EPSILON;
	e->unit = true;
	e->own = mem_big(transformer_size(t) + t->width, sizeof *e->own, "an encoder", err);
	if (!e->own)
		return false;
	e->type = e->own;	/* zeros */
	c.to = e->own + t->width;
	e->word = w.table;
	e->place = w.theta;
	e->after_embedding = (struct encoder_norm){w.theta + first, w.theta + first + t->width};
	for (size_t i = 0; i < t->layers; i++)
		take_layer(&e->layer[i], t, i, &c);
	*out = e;
	e = NULL;
	return true;
}
