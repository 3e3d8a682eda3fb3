/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The transformer's way back against differences, in double precision. */
#include "config.h"

#define NN_DOUBLE
#include "learn/transformer.h"

#include <math.h>

#include "base/mem.h"
#include "base/rng.h"

#include "unit.h"

#include "../../src/learn/nn_activation.c"
#include "../../src/learn/nn_attention.c"
#include "../../src/learn/nn_heads.c"
#include "../../src/learn/nn_linear.c"
#include "../../src/learn/nn_norm.c"
#include "../../src/learn/transformer.c"

static const struct transformer shape = {.layers = 2, .heads = 2, .width = 4, .inner = 6,
					 .vocabulary = 5, .places = 4};
static const uint32_t id[] = {0, 1, 2, 3, 4, 1, 1, 0};
static const size_t offset[] = {0, 3, 4, 8};
static const struct transformer_batch batch = {id, offset, 3};

struct trial {
	double *theta, *table, *weight, *y, *length;
	struct transformer_room room;
};

/* A sum of the pooled vectors, each number with a weight of its own. */
static double loss(const struct trial *t)
{
	double sum = 0;

	transformer_forward(&shape, (struct transformer_weights){t->theta, t->table}, &batch,
			    t->room);
	transformer_pool(&batch, shape.width, transformer_rows(&shape, &batch, t->room), t->y,
			 t->length);
	for (size_t i = 0; i < batch.spans * shape.width; i++)
		sum += t->weight[i] * t->y[i];
	return sum;
}

static void slopes_are(const struct trial *t, double *x, const double *slope, size_t n)
{
	const double h = 1e-5;

	for (size_t i = 0; i < n; i++) {
		double was = x[i], up, down;

		x[i] = was + h;
		up = loss(t);
		x[i] = was - h;
		down = loss(t);
		x[i] = was;
		if (fabs(slope[i] - (up - down) / (2 * h)) > 1e-7)
			fail_msg("%zu: %.12g, but by differences %.12g", i, slope[i],
				 (up - down) / (2 * h));
	}
}

static void back(void **state)
{
	size_t n = transformer_size(&shape), words = shape.vocabulary * shape.width;
	size_t rows = offset[3];
	struct trial t = {
		mem_zalloc(n * sizeof(double)), mem_zalloc(words * sizeof(double)),
		mem_zalloc(3 * shape.width * sizeof(double)),
		mem_zalloc(3 * shape.width * sizeof(double)), mem_zalloc(3 * sizeof(double)),
		{mem_zalloc(transformer_room(&shape, &batch) * sizeof(double))},
	};
	double *dx = mem_zalloc(rows * shape.width * sizeof *dx);
	struct transformer_slope d = {mem_zalloc(n * sizeof(double)),
				      mem_zalloc(words * sizeof(double))};
	struct rng rng;

	transformer_begin(&shape, 3, t.theta, t.table);
	rng_init(&rng, 5, 0);
	for (size_t i = 0; i < n; i++)
		t.theta[i] += .3 * (rng_real(&rng) - .5);
	for (size_t i = 0; i < words; i++)
		t.table[i] += rng_real(&rng) - .5;
	for (size_t i = 0; i < 3 * shape.width; i++)
		t.weight[i] = rng_real(&rng) - .5;
	loss(&t);
	transformer_pool_back(&batch, shape.width, t.y, t.length, t.weight, dx);
	transformer_back(&shape, (struct transformer_weights){t.theta, t.table}, &batch, t.room,
			 dx, d);
	slopes_are(&t, t.theta, d.theta, n);
	slopes_are(&t, t.table, d.table, words);
	free(t.theta);
	free(t.table);
	free(t.weight);
	free(t.y);
	free(t.length);
	free(t.room.at);
	free(dx);
	free(d.theta);
	free(d.table);
}

/* A text's vector doesn't depend on what stands beside it. */
static void alone(void **state)
{
	size_t n = transformer_size(&shape), words = shape.vocabulary * shape.width;
	static const size_t own[] = {0, 4};
	const struct transformer_batch one = {id + offset[2], own, 1};
	double *theta = mem_zalloc(n * sizeof *theta), *table = mem_zalloc(words * sizeof *table);
	struct transformer_room all = {mem_zalloc(transformer_room(&shape, &batch) *
						  sizeof(double))};
	struct transformer_room room = {mem_zalloc(transformer_room(&shape, &one) *
						   sizeof(double))};
	const struct transformer_weights w = {theta, table};

	transformer_begin(&shape, 9, theta, table);
	transformer_forward(&shape, w, &batch, all);
	transformer_forward(&shape, w, &one, room);
	assert_memory_equal(transformer_rows(&shape, &one, room),
			    transformer_rows(&shape, &batch, all) + offset[2] * shape.width,
			    4 * shape.width * sizeof(double));
	free(theta);
	free(table);
	free(all.at);
	free(room.at);
}

UNIT_TESTS(transformer, UNIT(back), UNIT(alone))
