/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stream of random numbers for every sequence; counts are summed over chunks. */
#include "config.h"

#include "learn/corpus.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/scope.h"

#define CHUNK 512u	/* sequences that are counted at a time */

uint32_t corpus_read(const struct corpus *s, struct corpus_pass pass, uint64_t i, uint32_t *out)
{
	struct rng r;

	assert(out);
	assert(i < s->n);
	rng_init(&r, pass.seed, pass.number * s->n + i);
	return s->read(s->ctx, i, &r, out);
}

struct counting {
	const struct corpus *s;
	uint64_t seed;
	_Atomic uint64_t *count;	/* (words) */
	uint32_t *buffers;		/* (threads, longest) */
	struct job *job;
};

static void count_chunk(void *ctx, size_t task, unsigned worker)
{
	struct counting *c = ctx;
	uint32_t *word = c->buffers + (size_t)worker * c->s->longest;
	uint64_t first = (uint64_t)task * CHUNK, end = first + CHUNK;

	if (job_cancelled(c->job))
		return;
	end = end < c->s->n ? end : c->s->n;
	for (uint64_t i = first; i < end; i++) {
		uint32_t n = corpus_read(c->s, (struct corpus_pass){c->seed, 0}, i, word);

		for (uint32_t k = 0; k < n; k++)
			atomic_fetch_add_explicit(&c->count[word[k]], 1,
						  memory_order_relaxed);
	}
	job_advance(c->job, end - first);
}

bool corpus_count(const struct corpus *s, uint64_t seed, uint64_t *count,
		  struct work work, struct err *err)
{
	SCOPED_FREE _Atomic uint64_t *sum = mem_big(s->words, sizeof *sum, "counts", err);
	struct counting c = {s, seed, sum, NULL, work.job};

	if (!sum)
		return false;
	c.buffers = mem_big((size_t)pool_threads(work.pool) * s->longest,
			    sizeof *c.buffers, "sequences", err);
	if (!c.buffers)
		return false;
	job_step(work.job, "counting words", s->n);
	pool_run(work.pool, (size_t)((s->n + CHUNK - 1) / CHUNK), count_chunk, &c);
	free(c.buffers);
	if (!job_check(work.job, err))
		return false;
	for (uint32_t i = 0; i < s->words; i++)
		count[i] = atomic_load_explicit(&sum[i], memory_order_relaxed);
	return true;
}

static uint64_t divisor(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

void shuffle_init(struct shuffle *s, uint64_t n, struct rng *r)
{
	assert(n > 0);
	*s = (struct shuffle){n, 0, 1};
	if (n < 2)
		return;
	s->first = rng_below(r, n);
	do
		s->stride = 1 + rng_below(r, n - 1);
	while (divisor(s->stride, n) != 1);
}
