/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A trained transformer as an encoder: its matrices in the order of products. */
#include "config.h"

#include <string.h>

#include "base/mem.h"
#include "learn/encoder_folder.h"

/* A matrix and its bias, one behind the other in theta, both as they are needed. */
static void take(const struct encoder *e, struct dense *d, const float *weight,
		 const float *bias)
{
	const struct dense_matrix m = {
		.at = weight, .in = d->in, .out = d->out, .by_in = d->out, .by_out = 1};

	e->kernel->put(d, &m, 0, bias);
}

static void take_layer(const struct encoder *e, struct encoder_layer *to,
		       const struct transformer_layer *l, const float *theta)
{
	take(e, &to->qkv, theta + l->qkv, theta + l->qkv_bias);
	take(e, &to->output, theta + l->out, theta + l->out_bias);
	take(e, &to->up, theta + l->up, theta + l->up_bias);
	take(e, &to->down, theta + l->down, theta + l->down_bias);
	to->after_attention = (struct encoder_norm){theta + l->scale1, theta + l->shift1};
	to->after_inner = (struct encoder_norm){theta + l->scale2, theta + l->shift2};
}

bool encoder_of(struct encoder **out, const struct transformer *t,
		struct transformer_weights w, struct strs pieces, struct err *err)
{
	SCOPED(encoder) e = mem_zalloc(sizeof *e);
	size_t first = t->places * t->width;

	if (!wordpiece_make(&e->pieces, pieces, true, err))
		return false;
	e->layers = (unsigned)t->layers;
	e->heads = (unsigned)t->heads;
	e->width = (unsigned)t->width;
	e->inner = (unsigned)t->inner;
	e->vocabulary = (unsigned)t->vocabulary;
	e->places = e->longest = (unsigned)t->places;
	e->eps = (float)TRANSFORMER_EPSILON;
	e->unit = true;
	e->own = mem_big(t->width, sizeof *e->own, "an encoder", err);
	if (!e->own || !encoder_room(e, err))
		return false;
	e->type = e->own;	/* zeros */
	e->word = w.table;
	e->place = w.theta;
	e->after_embedding = (struct encoder_norm){w.theta + first, w.theta + first + t->width};
	for (size_t i = 0; i < t->layers; i++) {
		const struct transformer_layer l = transformer_layer(t, i);

		take_layer(e, &e->layer[i], &l, w.theta);
	}
	*out = e;
	e = NULL;
	return true;
}
