/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With x = w c + e, c whole numbers in [-127, 127], |e| <= w s, and a query q = t d + f, d
 * whole numbers of 16 bits, |f| = F:
 *
 *	q.x = t w (d.c) + f.(w c) + q.e <= w (t (d.c) + F |c| + |q| s),	|c| <= 127 sqrt(dim).
 *
 * A score is a sum in floats: off by at most dim 2^-24 of |q||x|, |x| <= w (|c| + s), and the
 * length that a row was brought to 1 by is off by as much. All that is a number per query and
 * block (plus) that is added to t (d.c) before w multiplies both.
 */
#include "config.h"

#include "near/coarse.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/pool.h"

enum {
	LARGEST = 127,
	FINE = 32767,		/* of a query's codes */
	SPARSE = 255,		/* with fewer nothing is won */
};
#define UNIT 0x1p-24		/* half the distance of floats about 1 */
/* The square of a length below which space_init's own inverse may be far off: such rows
 * get a weight with which nothing rules them out. */
#define TINY 1e-30
#define ALWAYS 1e6f

/* --- making */

struct making {
	const struct vectors *v;
	enum metric metric;
	struct coarse_room room;
};

/* A row, and what it is multiplied by; scale 0: it is absent. */
struct scaled {
	const float *x;
	double scale, largest;
	bool tiny;
};

/* What is present in a space is so here; at the edges of floats more may be. */
static struct scaled scaled_row(const struct vectors *v, enum metric metric, size_t i)
{
	struct scaled s = {.x = vectors_row(v, i)};
	double sum = 0;

	for (size_t j = 0; j < v->dim; j++) {
		sum += (double)s.x[j] * s.x[j];
		s.largest = fmax(s.largest, fabs((double)s.x[j]));
	}
	if (!(sum < 1e39) || s.largest / LARGEST < FLT_MIN)
		return s;
	s.scale = metric == METRIC_COSINE ? 1 / sqrt(sum) : 1;
	s.tiny = metric == METRIC_COSINE && sum < TINY;
	return s;
}

/* How far w * code is from the row, in units of w. */
static double distance(struct scaled s, size_t dim, double w, const int8_t *code)
{
	double sum = 0;

	for (size_t j = 0; j < dim; j++) {
		double e = s.scale * s.x[j] / w - code[j];

		sum += e * e;
	}
	return sqrt(sum);
}

/* Codes and weight of row i; returns its distance. */
static double make_row(const struct making *m, size_t i)
{
	size_t width = coarse_width(m->v->dim);
	int8_t *code = m->room.code + i * width;
	struct scaled s = scaled_row(m->v, m->metric, i);
	float w = s.tiny ? ALWAYS : (float)(s.scale * s.largest / LARGEST);

	memset(code, 0, width);
	m->room.weight[i] = s.scale > 0 ? w : 0;
	if (s.scale == 0)
		return 0;
	for (size_t j = 0; !s.tiny && j < m->v->dim; j++) {
		double c = nearbyint(s.scale * s.x[j] / w);

		code[j] = (int8_t)(c > LARGEST ? LARGEST : c < -LARGEST ? -LARGEST : c);
	}
	return distance(s, m->v->dim, w, code);
}

static void make_block(void *ctx, size_t block, unsigned worker)
{
	const struct making *m = ctx;
	size_t end = (block + 1) * COARSE_BLOCK < m->v->n ? (block + 1) * COARSE_BLOCK : m->v->n;
	double most = 0;

	(void)worker;
	for (size_t i = block * COARSE_BLOCK; i < end; i++)
		most = fmax(most, make_row(m, i));
	m->room.spread[block] = (float)(most * (1 + 1e-6));
}

void coarse_make(const struct vectors *v, enum metric metric, struct coarse_room room,
		struct pool *pool)
{
	struct making m = {v, metric, room};

	assert(metric != METRIC_L2);
	pool_run(pool, coarse_blocks(v->n), make_block, &m);
}

static bool row_holds(const struct vectors *v, enum metric metric, const struct coarse *c,
		      size_t i)
{
	size_t width = coarse_width(v->dim);
	const int8_t *code = c->code + i * width;
	struct scaled s = scaled_row(v, metric, i);
	float w = c->weight[i];

	for (size_t j = 0; j < width; j++)
		if (code[j] < -LARGEST || (code[j] != 0 && (j >= v->dim || s.scale == 0)))
			return false;
	if (s.scale == 0 || s.tiny)
		return w == (s.tiny ? ALWAYS : 0);
	return w > 0 && w <= FLT_MAX &&
	       distance(s, v->dim, w, code) <= c->spread[i / COARSE_BLOCK];
}

size_t coarse_check(const struct vectors *v, enum metric metric, const struct coarse *c)
{
	for (size_t i = 0; i < v->n; i++)
		if (!row_holds(v, metric, c, i))
			return i;
	return v->n;
}

/* --- asking */

bool coarse_query(struct coarse_query *out, const float *query, unsigned dim, int16_t *q)
{
	size_t width = coarse_width(dim), most = INT32_MAX / (LARGEST * width);
	double largest = 0, length = 0, rest = 0;
	float step;

	most = most < FINE ? most : FINE;
	for (size_t j = 0; j < dim; j++) {
		largest = fmax(largest, fabs((double)query[j]));
		length += (double)query[j] * query[j];
	}
	length = sqrt(length);
	if (most < SPARSE || !(length > 1e-10 && length < 1e15))
		return false;
	step = (float)(largest / (double)most);
	for (size_t j = 0; j < width; j++) {
		double x = j < dim ? query[j] : 0, d = nearbyint(x / step), e;

		d = fmax(fmin(d, (double)most), -(double)most);
		e = x - d * step;
		q[j] = (int16_t)d;
		rest += e * e;
	}
	*out = (struct coarse_query){
		.kernel = {.q = q, .width = width, .step = step},
		.length = length, .rest = sqrt(rest), .dim = dim,
	};
	return true;
}

float coarse_plus(const struct coarse_query *q, float spread)
{
	double code = LARGEST * sqrt(q->dim), rate = (2.0 * q->dim + 16) * UNIT;
	double plus = q->length * spread +
		      (q->rest + rate * (q->length + q->rest)) * (code + spread);

	return (float)(plus * (1 + 1e-6));
}
