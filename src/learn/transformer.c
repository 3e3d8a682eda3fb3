/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Forwards every layer keeps its rows, queries, weights, sums and norms one behind the other;
 * backwards they are read in the other order, and the slope of the rows goes through the same
 * parts (Rumelhart, Hinton and Williams 1986).
 */
#include "config.h"

#include "learn/transformer.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/rng.h"

/* --- parameters */

static size_t head_size(const struct transformer *t)
{
	return (t->places + 2) * t->width;
}

static size_t layer_size(const struct transformer *t)
{
	size_t w = t->width;

	return 4 * w * w + 4 * w + 2 * w * t->inner + t->inner + w + 4 * w;
}

size_t transformer_size(const struct transformer *t)
{
	return head_size(t) + t->layers * layer_size(t);
}

struct transformer_layer transformer_layer(const struct transformer *t, size_t layer)
{
	size_t at = head_size(t) + layer * layer_size(t), w = t->width;
	struct transformer_layer l;

	l.qkv = at;
	l.qkv_bias = l.qkv + 3 * w * w;
	l.out = l.qkv_bias + 3 * w;
	l.out_bias = l.out + w * w;
	l.scale1 = l.out_bias + w;
	l.shift1 = l.scale1 + w;
	l.up = l.shift1 + w;
	l.up_bias = l.up + w * t->inner;
	l.down = l.up_bias + t->inner;
	l.down_bias = l.down + t->inner * w;
	l.scale2 = l.down_bias + w;
	l.shift2 = l.scale2 + w;
	return l;
}

static void draw(nn_real *x, size_t n, double deviation, struct rng *rng)
{
	for (size_t i = 0; i < n; i++)
		x[i] = (nn_real)(deviation * sqrt(-2 * log(1 - rng_real(rng))) *
				 cos(2 * M_PI * rng_real(rng)));
}

static void ones(nn_real *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = 1;
}

void transformer_begin(const struct transformer *t, uint64_t seed, nn_real *theta,
		       nn_real *table)
{
	size_t w = t->width;
	struct rng rng;

	rng_init(&rng, seed, 0x7472);
	memset(theta, 0, transformer_size(t) * sizeof *theta);
	draw(table, t->vocabulary * w, .02, &rng);
	draw(theta, t->places * w, .02, &rng);
	ones(theta + t->places * w, w);
	for (size_t i = 0; i < t->layers; i++) {
		struct transformer_layer l = transformer_layer(t, i);
		double by_width = fmax(.02, 0.5 / sqrt((double)w));
		double by_inner = fmax(.02, 0.5 / sqrt((double)t->inner));

		draw(theta + l.qkv, 3 * w * w, by_width, &rng);
		draw(theta + l.out, w * w, by_width, &rng);
		draw(theta + l.up, w * t->inner, by_width, &rng);
		draw(theta + l.down, t->inner * w, by_inner, &rng);
		ones(theta + l.scale1, w);
		ones(theta + l.scale2, w);
	}
}

/* --- what is kept */

/* Of one layer: R rows. */
struct kept {
	nn_real *x;		/* (R, width) what comes in */
	nn_real *qkv;		/* (R, 3 width) */
	nn_real *z;		/* weights of the heads */
	nn_real *mixed;		/* (R, width) */
	nn_real *sum1, *mean1, *inverse1, *x1;	/* before the norm; (R), (R); after it */
	nn_real *up, *act;	/* (R, inner) before gelu and after */
	nn_real *sum2, *mean2, *inverse2;
};

struct layout {
	size_t rows, heads_room, each;	/* numbers of a layer */
};

static struct nn_heads heads_of(const struct transformer *t, const struct transformer_batch *b)
{
	return (struct nn_heads){.width = t->width, .heads = t->heads, .offset = b->offset,
				 .spans = b->spans};
}

static struct layout layout_of(const struct transformer *t, const struct transformer_batch *b)
{
	const struct nn_heads h = heads_of(t, b);
	size_t r = b->offset[b->spans];
	struct layout l = {.rows = r, .heads_room = nn_heads_room(&h)};

	l.each = r * (8 * t->width + 2 * t->inner + 4) + l.heads_room;
	return l;
}

/* The first norm keeps its sum, mean and inverse; then the layers; then the last rows and
 * room for slopes on the way back. */
static size_t first_size(const struct transformer *t, const struct layout *l)
{
	return l->rows * (t->width + 2);
}

size_t transformer_room(const struct transformer *t, const struct transformer_batch *b)
{
	struct layout l = layout_of(t, b);

	return first_size(t, &l) + t->layers * l.each + l.rows * t->width +
	       l.rows * (5 * t->width + t->inner) + transformer_size(t);
}

static struct kept kept_of(const struct transformer *t, const struct layout *l,
			   struct transformer_room room, size_t layer)
{
	size_t w = t->width, r = l->rows;
	struct kept k;

	k.x = room.at + first_size(t, l) + layer * l->each;
	k.qkv = k.x + r * w;
	k.z = k.qkv + 3 * r * w;
	k.mixed = k.z + l->heads_room;
	k.sum1 = k.mixed + r * w;
	k.mean1 = k.sum1 + r * w;
	k.inverse1 = k.mean1 + r;
	k.x1 = k.inverse1 + r;
	k.up = k.x1 + r * w;
	k.act = k.up + r * t->inner;
	k.sum2 = k.act + r * t->inner;
	k.mean2 = k.sum2 + r * w;
	k.inverse2 = k.mean2 + r;
	return k;
}

nn_real *transformer_rows(const struct transformer *t, const struct transformer_batch *b,
			  struct transformer_room room)
{
	struct layout l = layout_of(t, b);

	return room.at + first_size(t, &l) + t->layers * l.each;
}

/* --- forwards */

static void add(size_t n, const nn_real *a, nn_real *y)
{
	for (size_t i = 0; i < n; i++)
		y[i] += a[i];
}

static void norm(const struct transformer *t, const nn_real *scale, struct nn_input in,
		 nn_real *y, struct nn_norm_kept kept)
{
	const struct nn_norm n = {t->width, scale, scale + t->width, TRANSFORMER_EPSILON};

	nn_layer_norm(&n, in, y, &kept);
}

static void embed(const struct transformer *t, struct transformer_weights w,
		  const struct transformer_batch *b, nn_real *sum)
{
	for (size_t s = 0; s < b->spans; s++)
		for (size_t r = b->offset[s]; r < b->offset[s + 1]; r++) {
			const nn_real *word = w.table + b->id[r] * t->width;
			const nn_real *place = w.theta + (r - b->offset[s]) * t->width;

			for (size_t i = 0; i < t->width; i++)
				sum[r * t->width + i] = word[i] + place[i];
		}
}

static void layer_forward(const struct transformer *t, const nn_real *theta,
			  const struct nn_heads *h, const struct kept *k, size_t layer,
			  nn_real *y)
{
	const struct transformer_layer l = transformer_layer(t, layer);
	size_t w = t->width, r = h->offset[h->spans];
	const struct nn_linear qkv = {w, 3 * w, theta + l.qkv, theta + l.qkv_bias};
	const struct nn_linear out = {w, w, theta + l.out, theta + l.out_bias};
	const struct nn_linear up = {w, t->inner, theta + l.up, theta + l.up_bias};
	const struct nn_linear down = {t->inner, w, theta + l.down, theta + l.down_bias};

	nn_linear(&qkv, k->x, r, k->qkv);
	nn_heads(h, k->qkv, k->z, k->mixed);
	nn_linear(&out, k->mixed, r, k->sum1);
	add(r * w, k->x, k->sum1);
	norm(t, theta + l.scale1, (struct nn_input){k->sum1, r}, k->x1,
	     (struct nn_norm_kept){k->mean1, k->inverse1});
	nn_linear(&up, k->x1, r, k->up);
	nn_gelu(r * t->inner, k->up, k->act);
	nn_linear(&down, k->act, r, k->sum2);
	add(r * w, k->x1, k->sum2);
	norm(t, theta + l.scale2, (struct nn_input){k->sum2, r}, y,
	     (struct nn_norm_kept){k->mean2, k->inverse2});
}

/* What layer i reads is what the one before wrote. */
static nn_real *into(const struct transformer *t, const struct layout *l,
		     struct transformer_room room, size_t layer)
{
	if (layer < t->layers)
		return kept_of(t, l, room, layer).x;
	return room.at + first_size(t, l) + t->layers * l->each;
}

void transformer_forward(const struct transformer *t, struct transformer_weights w,
			 const struct transformer_batch *b, struct transformer_room room)
{
	const struct layout l = layout_of(t, b);
	const struct nn_heads h = heads_of(t, b);
	nn_real *mean = room.at + l.rows * t->width;

	assert(t->layers <= TRANSFORMER_LAYERS);
	embed(t, w, b, room.at);
	norm(t, w.theta + t->places * t->width, (struct nn_input){room.at, l.rows},
	     into(t, &l, room, 0), (struct nn_norm_kept){mean, mean + l.rows});
	for (size_t i = 0; i < t->layers; i++) {
		const struct kept k = kept_of(t, &l, room, i);

		layer_forward(t, w.theta, &h, &k, i, into(t, &l, room, i + 1));
	}
}

void transformer_pool(const struct transformer_batch *b, size_t width, const nn_real *x,
		      nn_real *y, nn_real *length)
{
	for (size_t s = 0; s < b->spans; s++, y += width) {
		size_t n = b->offset[s + 1] - b->offset[s];
		double sum = 0;

		memset(y, 0, width * sizeof *y);
		for (size_t r = b->offset[s]; r < b->offset[s + 1]; r++)
			add(width, x + r * width, y);
		for (size_t i = 0; i < width; i++) {
			y[i] /= (nn_real)n;
			sum += (double)y[i] * (double)y[i];
		}
		length[s] = (nn_real)(sum > 0 ? sqrt(sum) : 1);
		for (size_t i = 0; i < width; i++)
			y[i] /= length[s];
	}
}

/* --- backwards */

void transformer_pool_back(const struct transformer_batch *b, size_t width, const nn_real *y,
			   const nn_real *length, const nn_real *dy, nn_real *dx)
{
	for (size_t s = 0; s < b->spans; s++, y += width, dy += width) {
		nn_real along = 0, per = length[s] * (nn_real)(b->offset[s + 1] - b->offset[s]);

		for (size_t i = 0; i < width; i++)
			along += y[i] * dy[i];
		for (size_t r = b->offset[s]; r < b->offset[s + 1]; r++)
			for (size_t i = 0; i < width; i++)
				dx[r * width + i] = (dy[i] - y[i] * along) / per;
	}
}

/* Room of the way back. */
struct passing {
	nn_real *a, *b, *wide, *inner;	/* (R, width) twice, (R, 3 width), (R, inner) */
	nn_real *d;		/* (transformer_size) slopes of this batch, added up at the end */
};

static void norm_back(const struct transformer *t, const nn_real *scale, struct nn_back b,
		      struct nn_norm_kept kept, struct nn_norm_slope d)
{
	const struct nn_norm n = {t->width, scale, scale + t->width, TRANSFORMER_EPSILON};

	nn_layer_norm_back(&n, b, &kept, &d);
}

/* dy (R, width), of what the layer gives, becomes that of what it takes. */
static void layer_back(const struct transformer *t, const nn_real *theta,
		       const struct nn_heads *h, const struct kept *k, size_t layer,
		       const struct passing *p, nn_real *dy)
{
	const struct transformer_layer l = transformer_layer(t, layer);
	size_t w = t->width, r = h->offset[h->spans];
	const struct nn_linear qkv = {w, 3 * w, theta + l.qkv, theta + l.qkv_bias};
	const struct nn_linear out = {w, w, theta + l.out, theta + l.out_bias};
	const struct nn_linear up = {w, t->inner, theta + l.up, theta + l.up_bias};
	const struct nn_linear down = {t->inner, w, theta + l.down, theta + l.down_bias};
	nn_real *d = p->d;

	norm_back(t, theta + l.scale2, (struct nn_back){k->sum2, dy, r},
		  (struct nn_norm_kept){k->mean2, k->inverse2},
		  (struct nn_norm_slope){d + l.scale2, d + l.shift2, p->a});
	nn_linear_back(&down, (struct nn_back){k->act, p->a, r},
		       &(struct nn_linear_slope){d + l.down, d + l.down_bias, p->inner});
	nn_gelu_back(r * t->inner, k->up, p->inner);
	nn_linear_back(&up, (struct nn_back){k->x1, p->inner, r},
		       &(struct nn_linear_slope){d + l.up, d + l.up_bias, p->b});
	add(r * w, p->b, p->a);
	norm_back(t, theta + l.scale1, (struct nn_back){k->sum1, p->a, r},
		  (struct nn_norm_kept){k->mean1, k->inverse1},
		  (struct nn_norm_slope){d + l.scale1, d + l.shift1, dy});
	nn_linear_back(&out, (struct nn_back){k->mixed, dy, r},
		       &(struct nn_linear_slope){d + l.out, d + l.out_bias, p->b});
	nn_heads_back(h, (struct nn_attended){k->qkv, k->z}, p->b, p->wide);
	nn_linear_back(&qkv, (struct nn_back){k->x, p->wide, r},
		       &(struct nn_linear_slope){d + l.qkv, d + l.qkv_bias, p->a});
	add(r * w, p->a, dy);
}

static void embed_back(const struct transformer *t, const struct transformer_batch *b,
		       const nn_real *dx, struct transformer_slope d)
{
	for (size_t s = 0; s < b->spans; s++)
		for (size_t r = b->offset[s]; r < b->offset[s + 1]; r++) {
			add(t->width, dx + r * t->width, d.table + b->id[r] * t->width);
			add(t->width, dx + r * t->width,
			    d.theta + (r - b->offset[s]) * t->width);
		}
}

void transformer_back(const struct transformer *t, struct transformer_weights w,
		      const struct transformer_batch *b, struct transformer_room room,
		      nn_real *dx, struct transformer_slope d)
{
	const struct layout l = layout_of(t, b);
	const struct nn_heads h = heads_of(t, b);
	size_t n = l.rows * t->width, first = t->places * t->width;
	nn_real *mean = room.at + n, *at = into(t, &l, room, t->layers) + n;
	const struct passing p = {at, at + n, at + 2 * n, at + 5 * n,
				  at + 5 * n + l.rows * t->inner};

	memset(p.d, 0, transformer_size(t) * sizeof *p.d);
	for (size_t i = t->layers; i-- > 0;) {
		const struct kept k = kept_of(t, &l, room, i);

		layer_back(t, w.theta, &h, &k, i, &p, dx);
	}
	norm_back(t, w.theta + first, (struct nn_back){room.at, dx, l.rows},
		  (struct nn_norm_kept){mean, mean + l.rows},
		  (struct nn_norm_slope){p.d + first, p.d + first + t->width, p.a});
	add(transformer_size(t), p.d, d.theta);
	embed_back(t, b, p.a, d);
}
