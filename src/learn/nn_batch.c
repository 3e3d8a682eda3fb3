/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A batch over the pool: shares of fixed length, their slopes added in a fixed order. */
#include "config.h"

#include "learn/nn.h"

#include <string.h>

#include "base/pool.h"

size_t nn_batch_shares(const struct nn_batch *b)
{
	return (b->rows + b->share - 1) / b->share;
}

static void share(void *ctx, size_t task, unsigned worker)
{
	const struct nn_batch *b = ctx;
	size_t from = task * b->share;
	size_t to = b->rows - from < b->share ? b->rows : from + b->share;

	b->loss[task] = b->gradient(b->ctx, from, to, b->room + task * b->n, worker);
}

double nn_batch(const struct nn_batch *b, nn_real *d, struct pool *pool)
{
	size_t shares = nn_batch_shares(b);
	struct nn_batch run = *b;
	double loss = 0;

	pool_run(pool, shares, share, &run);
	memset(d, 0, b->n * sizeof *d);
	for (size_t s = 0; s < shares; s++) {
		loss += b->loss[s];
		nn_add(b->n, b->room + s * b->n, d);
	}
	return loss;
}
