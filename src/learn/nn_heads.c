/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Multi-head self-attention (Vaswani et al. 2017), span by span; per head of d columns:
 *
 *	S = Q K' / sqrt(d)	Z = softmax of the rows of S		Y = Z V
 *	dV = Z' dY		dZ = dY V'
 *	dS = Z (dZ - r), r = sum of dZ Z over a row
 *	dQ = dS K / sqrt(d)	dK = dS' Q / sqrt(d)
 */
#include "config.h"

#include "learn/nn.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* One head of one span. */
struct head {
	size_t n, d, width;
	const nn_real *q, *k, *v;	/* (n, d), rows 3 width apart */
	nn_real root;
};

static struct head head_of(const struct nn_heads *h, const nn_real *qkv, size_t span,
			   size_t at)
{
	size_t d = h->width / h->heads, from = h->offset[span];
	const nn_real *q = qkv + from * 3 * h->width + at * d;

	return (struct head){
		.n = h->offset[span + 1] - from,
		.d = d,
		.width = h->width,
		.q = q,
		.k = q + h->width,
		.v = q + 2 * h->width,
		.root = (nn_real)sqrt((double)d),
	};
}

size_t nn_heads_room(const struct nn_heads *h)
{
	size_t all = 0, most = 0;

	for (size_t s = 0; s < h->spans; s++) {
		size_t n = h->offset[s + 1] - h->offset[s];

		all += n * n * h->heads;
		most = n > most ? n : most;
	}
	return all + most * most;
}

static void weigh(const struct head *e, bool causal, nn_real *z)
{
	const struct nn_product scores = {
		.transpose_b = true,
		.m = e->n,
		.n = e->n,
		.k = e->d,
		.over = e->root,
		.a_row = 3 * e->width,
		.b_row = 3 * e->width,
	};

	nn_product(&scores, e->q, e->k, z);
	for (size_t i = 0; i < e->n; i++) {
		size_t seen = causal ? i + 1 : e->n;

		nn_softmax(seen, z + i * e->n, z + i * e->n);
		memset(z + i * e->n + seen, 0, (e->n - seen) * sizeof *z);
	}
}

void nn_heads(const struct nn_heads *h, const nn_real *qkv, nn_real *z, nn_real *y)
{
	assert(h->heads > 0 && h->width % h->heads == 0);
	assert(h->spans == 0 || h->offset[0] == 0);
	for (size_t s = 0; s < h->spans; s++)
		for (size_t i = 0; i < h->heads; i++) {
			const struct head e = head_of(h, qkv, s, i);
			const struct nn_product mix = {
				.m = e.n,
				.n = e.d,
				.k = e.n,
				.over = 1,
				.b_row = 3 * e.width,
				.c_row = e.width,
			};

			if (e.n == 0)
				continue;
			weigh(&e, h->causal, z);
			nn_product(&mix, z, e.v, y + h->offset[s] * e.width + i * e.d);
			z += e.n * e.n;
		}
}

/* dz (n, n) becomes ds; where z is 0 (not seen) so is ds. */
static void scores_back(size_t n, const nn_real *z, nn_real *dz)
{
	for (size_t i = 0; i < n; i++, z += n, dz += n) {
		nn_real sum = 0;

		for (size_t j = 0; j < n; j++)
			sum += dz[j] * z[j];
		for (size_t j = 0; j < n; j++)
			dz[j] = z[j] * (dz[j] - sum);
	}
}

/* dq of the head's slopes begins at dq, those of keys and values stand beside it. */
static void head_back(const struct head *e, const nn_real *dy, const nn_real *z, nn_real *dz,
		      nn_real *dq)
{
	size_t apart = 3 * e->width;
	const struct nn_product by_v = {
		.transpose_a = true,
		.m = e->n,
		.n = e->d,
		.k = e->n,
		.over = 1,
		.b_row = e->width,
		.c_row = apart,
	};
	const struct nn_product by_z = {
		.transpose_b = true,
		.m = e->n,
		.n = e->n,
		.k = e->d,
		.over = 1,
		.a_row = e->width,
		.b_row = apart,
	};
	struct nn_product by_q = {
		.m = e->n,
		.n = e->d,
		.k = e->n,
		.over = e->root,
		.b_row = apart,
		.c_row = apart,
	};

	nn_product(&by_v, z, dy, dq + 2 * e->width);
	nn_product(&by_z, dy, e->v, dz);
	scores_back(e->n, z, dz);
	nn_product(&by_q, dz, e->k, dq);
	by_q.transpose_a = true;
	nn_product(&by_q, dz, e->q, dq + e->width);
}

void nn_heads_back(const struct nn_heads *h, struct nn_attended kept, const nn_real *dy,
		   nn_real *dqkv)
{
	const nn_real *z = kept.z;
	size_t all = 0;

	assert(h->heads > 0 && h->width % h->heads == 0);
	for (size_t s = 0; s < h->spans; s++)
		all += (h->offset[s + 1] - h->offset[s]) * (h->offset[s + 1] - h->offset[s]);
	for (size_t s = 0; s < h->spans; s++)
		for (size_t i = 0; i < h->heads; i++) {
			const struct head e = head_of(h, kept.qkv, s, i);
			size_t first = h->offset[s] * e.width + i * e.d;

			if (e.n == 0)
				continue;
			head_back(&e, dy + first, z, kept.z + all * h->heads,
				  dqkv + 3 * h->offset[s] * e.width + i * e.d);
			z += e.n * e.n;
		}
}
