/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A batch has the same bytes on any number of threads, and the slopes of the whole. */
#include "config.h"

#include "learn/nn.h"

#include <math.h>

#include "base/err.h"
#include "base/pool.h"
#include "base/rng.h"
#include "math/blas.h"

#include "unit.h"

enum { ROWS = 203, SHARE = 16, FROM = 24, TO = 8, N = FROM * TO + TO, SHARES = 13 };

struct data {
	float theta[N], x[ROWS * FROM], right[ROWS];
};

/* Sum of cross entropies of one layer over rows [from, to). */
static double gradient(void *ctx, size_t from, size_t to, nn_real *d, unsigned worker)
{
	const struct data *data = ctx;
	const struct nn_linear l = {FROM, TO, data->theta, data->theta + FROM * TO};
	const struct nn_linear_slope by = {d, d + FROM * TO, NULL};
	float y[ROWS * TO], dy[ROWS * TO];
	double loss = 0;

	nn_linear(&l, data->x + from * FROM, to - from, y);
	for (size_t r = 0; r < to - from; r++)
		loss += nn_cross_entropy(TO, y + r * TO, (size_t)data->right[from + r],
					 dy + r * TO);
	nn_linear_back(&l, (struct nn_back){data->x + from * FROM, dy, to - from}, &by);
	return loss;
}

static void make(struct data *data)
{
	struct rng rng;

	rng_init(&rng, 3, 0);
	for (unsigned i = 0; i < N; i++)
		data->theta[i] = (float)(rng_real(&rng) - .5);
	for (unsigned i = 0; i < ROWS * FROM; i++)
		data->x[i] = (float)(rng_real(&rng) - .5);
	for (unsigned i = 0; i < ROWS; i++)
		data->right[i] = (float)rng_below(&rng, TO);
}

/* Steps down the slope on a pool; the parameters after them. */
static double descend(struct data *data, unsigned threads)
{
	static float room[SHARES * N];
	double losses[SHARES], loss = 0;
	struct nn_batch b = {
		.rows = ROWS, .share = SHARE, .n = N, .gradient = gradient, .ctx = data,
		.room = room, .loss = losses,
	};
	SCOPED(pool) pool = pool_create(threads);
	float d[N];

	assert_int_equal(nn_batch_shares(&b), SHARES);
	for (unsigned step = 0; step < 30; step++) {
		loss = nn_batch(&b, d, pool);
		for (unsigned i = 0; i < N; i++)
			data->theta[i] -= .01f * d[i];
	}
	return loss;
}

static void same_bytes(void **state)
{
	static const unsigned threads[] = {2, 5};
	static struct data one, other;
	struct err err = {0};
	double begin, loss;
	float d[N];

	assert_true(blas_load(&err));
	make(&one);
	begin = gradient(&one, 0, ROWS, d, 0);
	loss = descend(&one, 1);
	assert_true(loss < .98 * begin);
	for (unsigned i = 0; i < 2; i++) {
		make(&other);
		assert_true(descend(&other, threads[i]) == loss);
		assert_memory_equal(&one, &other, sizeof one);
	}
}

static void whole(void **state)
{
	static float room[SHARES * N];
	static struct data data;
	struct err err = {0};
	double losses[SHARES], loss;
	struct nn_batch b = {
		.rows = ROWS, .share = SHARE, .n = N, .gradient = gradient, .ctx = &data,
		.room = room, .loss = losses,
	};
	float d[N], all[N];

	assert_true(blas_load(&err));
	make(&data);
	loss = nn_batch(&b, d, NULL);
	assert_true(fabs(loss - gradient(&data, 0, ROWS, all, 0)) < 1e-9 * loss);
	for (unsigned i = 0; i < N; i++)
		assert_true(fabs((double)d[i] - (double)all[i]) < 1e-4);
}

UNIT_TESTS(nn_batch, UNIT(same_bytes), UNIT(whole))
