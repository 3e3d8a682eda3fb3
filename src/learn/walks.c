/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Second-order random walks (node2vec, node2vec+): the bias a(t,v,x) is walks.h's. A step is
 * drawn from v's alias table (Walker 1977; math/alias), in O(1), and taken with probability
 * a / max a, else drawn again (Yang et al. 2019): no table per pair of edges.
 */
#include "config.h"

#include "learn/walks.h"

#include <assert.h>
#include <stdlib.h>

#include "base/csr.h"
#include "base/mem.h"
#include "base/pool.h"

#define BLOCK 1024u	/* rows in a task */

struct preparing {
	struct walks *w;
	double *room;		/* (threads, widest) */
	uint64_t widest;
};

static void prepare_block(void *ctx, size_t task, unsigned worker)
{
	struct preparing *b = ctx;
	struct walks *w = b->w;
	uint64_t end = ((uint64_t)task + 1) * BLOCK;
	double *weight = b->room + worker * b->widest;

	end = end < w->n ? end : w->n;
	for (uint32_t v = (uint32_t)task * BLOCK; v < end; v++) {
		uint64_t first = w->offsets[v], n = w->offsets[v + 1] - first;
		double sum = 0;

		if (n == 0)
			continue;
		for (uint64_t k = 0; k < n; k++) {
			weight[k] = w->weight ? (double)w->weight[first + k] : 1;
			sum += weight[k];
		}
		w->mean[v] = (float)(sum / (double)n);
		if (w->draw)
			alias_make(w->draw + first, weight, n);
	}
}

static bool prepare(struct walks *w, struct pool *pool, struct err *err)
{
	struct preparing b = {.w = w};

	for (uint32_t v = 0; v < w->n; v++) {
		uint64_t n = w->offsets[v + 1] - w->offsets[v];

		b.widest = n > b.widest ? n : b.widest;
		if (n > 0)
			w->start[w->starts++] = v;
	}
	b.room = mem_big(pool_threads(pool) * b.widest, sizeof *b.room, "a graph", err);
	if (!b.room)
		return false;
	pool_run(pool, ((size_t)w->n + BLOCK - 1) / BLOCK, prepare_block, &b);
	free(b.room);
	return true;
}

static float more(float a, float b)
{
	return a > b ? a : b;
}

static float less(float a, float b)
{
	return a < b ? a : b;
}

bool walks_init(struct walks *w, uint32_t n, const uint64_t *offsets,
		const uint32_t *column, const float *weight,
		const struct walks_options *o, struct pool *pool, struct err *err)
{
	float back = (float)(1 / o->p), out = (float)(1 / o->q);
	struct walks made = {
		.o = *o, .biased = o->p != 1 || o->q != 1, .n = n, .offsets = offsets,
		.column = column, .weight = weight, .most = more(1, more(back, out)),
		.least = less(1, less(back, out)),
	};

	assert(o->p > 0 && o->q > 0);
	made.start = mem_big(n, sizeof *made.start, "a graph", err);
	made.mean = made.start ? mem_big(n, sizeof *made.mean, "a graph", err) : NULL;
	if (made.mean && weight)
		made.draw = mem_big(offsets[n], sizeof *made.draw, "a graph", err);
	if (!made.mean || (weight && !made.draw) || !prepare(&made, pool, err)) {
		walks_finish(&made);
		return false;
	}
	*w = made;
	return true;
}

void walks_finish(struct walks *w)
{
	free(w->start);
	free(w->mean);
	free(w->draw);
	*w = (struct walks){0};
}

/* w(a, b), 0 when there is no such edge. */
static float edge_weight(const struct walks *w, uint32_t a, uint32_t b)
{
	uint64_t at = csr_find(w->offsets, w->column, a, b);

	if (at == CSR_NONE)
		return 0;
	return w->weight ? w->weight[at] : 1;
}

float walks_bias(const struct walks *w, uint32_t from, uint32_t at, uint64_t edge)
{
	uint32_t x = w->column[edge];
	float out = (float)(1 / w->o.q), tie, own;

	if (x == from)
		return (float)(1 / w->o.p);
	tie = edge_weight(w, from, x);
	if (!w->o.extend)
		return tie > 0 ? 1 : out;
	if (tie > 0 && tie >= w->mean[x])
		return 1;
	own = w->weight ? w->weight[edge] : 1;
	if (own < w->mean[at])
		return less(1, out);
	return tie > 0 ? out + (1 - out) * tie / w->mean[x] : out;
}

uint32_t walks_step(const struct walks *w, uint32_t from, uint32_t at, struct rng *r)
{
	uint64_t first = w->offsets[at], n = w->offsets[at + 1] - first;

	if (n == 0)
		return WALKS_NONE;
	for (;;) {
		uint64_t k = w->draw ? alias_draw(w->draw + first, n, r) : rng_below(r, n);

		if (!w->biased || from == WALKS_NONE)
			return w->column[first + k];
		float height = (float)rng_real(r) * w->most;

		/* Most are taken without a look at the bias. */
		if (height < w->least || height < walks_bias(w, from, at, first + k))
			return w->column[first + k];
	}
}

static uint32_t read_walk(const void *ctx, uint64_t i, struct rng *r, uint32_t *out)
{
	const struct walks *w = ctx;
	uint32_t from = WALKS_NONE, at = w->start[i % w->starts], n = 0;

	while (at != WALKS_NONE) {
		out[n++] = at;
		if (n == w->o.length)
			break;
		uint32_t next = walks_step(w, from, at, r);

		from = at;
		at = next;
	}
	return n;
}

struct corpus walks_corpus(const struct walks *w)
{
	return (struct corpus){
		.n = (uint64_t)w->starts * w->o.walks, .words = w->n,
		.longest = w->o.length, .read = read_walk, .ctx = w,
	};
}
