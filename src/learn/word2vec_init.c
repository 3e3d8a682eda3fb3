/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is needed before the first step. A word of share f of all words is kept with
 * probability sqrt(t / f) + t / f (as word2vec.c does it), negatives are drawn by
 * count^exponent, and rows start evenly drawn around 0.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/mem.h"
#include "base/pool.h"
#include "base/scope.h"
#include "learn/word2vec_impl.h"

#define LINE 64u		/* bytes */
#define HUGE (UINT64_C(2) << 20)
#define CHUNK_WORDS 2000u	/* in a task, about */
#define INIT_STREAM (UINT64_C(1) << 63)

struct word2vec_options word2vec_defaults(void)
{
	return (struct word2vec_options){
		.dim = 64, .window = 5, .negative = 5, .epochs = 5, .rate = 0.025,
		.rate_end = 0.0001, .exponent = 0.75, .sample = 1e-3, .min_count = 1,
		.seed = 1,
	};
}

/* Rows are touched at random: with pages of 2 MiB most addresses need no page walk. */
static bool matrix_init(struct matrix *m, size_t rows, size_t stride, struct err *err)
{
	size_t bytes = rows * stride * sizeof *m->data;

	m->memory = mem_big(bytes + LINE, 1, "vectors", err);
	if (!m->memory)
		return false;
	m->data = (float *)(((uintptr_t)m->memory + LINE - 1) / LINE * LINE);
	uintptr_t first = ((uintptr_t)m->memory + HUGE - 1) / HUGE * HUGE;
	uintptr_t end = ((uintptr_t)m->memory + bytes) / HUGE * HUGE;

	if (first < end)
		madvise((void *)first, end - first, MADV_HUGEPAGE);
	return true;
}

/* Count the words and leave the rare ones out; m->words is what remains. */
static bool count_words(struct word2vec *m, struct pool *pool, struct err *err)
{
	uint32_t known = 0;

	m->count = mem_big(m->s->words, sizeof *m->count, "counts", err);
	if (!m->count ||
	    !corpus_count(m->s, m->o.seed, m->count, (struct work){pool, m->job}, err))
		return false;
	for (uint32_t i = 0; i < m->s->words; i++) {
		if (m->count[i] < m->o.min_count)
			m->count[i] = 0;
		m->words += m->count[i];
		known += m->count[i] > 0;
	}
	if (known < 2)
		return err_fail(err, ERR_NO, "nothing to learn: %u products stand in "
				"sequences of two or more", known);
	return true;
}

/* word2vec.c: kept with probability (sqrt(f / t) + 1) t / f, f the word's share. */
static bool thin(struct word2vec *m, struct err *err)
{
	m->keep = mem_big(m->s->words, sizeof *m->keep, "counts", err);
	if (!m->keep)
		return false;
	for (uint32_t i = 0; i < m->s->words; i++) {
		double f = (double)m->count[i] / (double)m->words, p = 1;

		if (m->o.sample > 0 && f > 0)
			p = (sqrt(f / m->o.sample) + 1) * m->o.sample / f;
		m->keep[i] = p >= 1 ? UINT32_MAX : (uint32_t)(p * 0x1p32);
	}
	return true;
}

static bool draw_negatives(struct word2vec *m, struct err *err)
{
	SCOPED_FREE double *weight = mem_big(m->s->words, sizeof *weight, "counts", err);

	m->negatives = mem_big(m->s->words, sizeof *m->negatives, "negatives", err);
	if (!weight || !m->negatives)
		return false;
	for (uint32_t i = 0; i < m->s->words; i++)
		weight[i] = m->count[i] ? pow((double)m->count[i], m->o.exponent) : 0;
	alias_make(m->negatives, weight, m->s->words);
	return true;
}

/*
 * Input rows are random, output rows 0. word2vec.c starts within 0.5 / dim, gensim within
 * 1 / dim: so near to 0 that products with few events stay there. Within 0.5 / sqrt(dim)
 * rows have the same length for any dim, and hit rates were better on every log tried.
 */
static bool init_rows(struct word2vec *m, struct err *err)
{
	size_t rows = m->o.negative ? m->s->words : m->tree.nodes;
	struct rng r;

	if (!matrix_init(&m->in, m->s->words, m->stride, err) ||
	    !matrix_init(&m->out, rows, m->stride, err))
		return false;
	rng_init(&r, m->o.seed, INIT_STREAM);
	for (uint32_t i = 0; i < m->s->words; i++)
		for (unsigned k = 0; m->count[i] && k < m->o.dim; k++)
			m->in.data[i * m->stride + k] =
				(float)((rng_real(&r) - 0.5) / sqrt(m->o.dim));
	return true;
}

static void *take(char **at, size_t bytes)
{
	void *p = *at;

	*at += (bytes + LINE - 1) / LINE * LINE;
	return p;
}

static bool worker_init(struct word2vec *m, struct word2vec_worker *w, struct err *err)
{
	size_t reach = 2 * (size_t)m->o.window, row = m->stride * sizeof(float);
	size_t gradient = (reach * LOGISTIC_OUT_MAX + LOGISTIC_BLOCK) * sizeof(float);
	size_t words = m->s->longest * sizeof *w->words;

	w->memory = mem_big(words + reach * (sizeof *w->in + sizeof *w->near) +
			    (reach + 1) * row + gradient + 7 * LINE, 1, "training", err);
	if (!w->memory)
		return false;
	char *at = (char *)(((uintptr_t)w->memory + LINE - 1) / LINE * LINE);

	w->words = take(&at, words);
	w->in = take(&at, reach * sizeof *w->in);
	w->near = take(&at, reach * sizeof *w->near);
	w->step = take(&at, reach * row);
	w->mean = take(&at, row);
	w->gradient = take(&at, gradient);
	return true;
}

bool word2vec_init(struct word2vec *m, const struct corpus *s,
		   const struct word2vec_options *o, struct work work, struct err *err)
{
	unsigned threads = pool_threads(work.pool);

	*m = (struct word2vec){
		.o = *o,
		.s = s,
		.kernel = logistic_best(),
		.job = work.job,
		.stride = logistic_stride(o->dim),
	};
	if (!count_words(m, work.pool, err) || !thin(m, err))
		return false;
	if (o->negative ? !draw_negatives(m, err) :
	    !huffman_make(&m->tree, m->count, s->words, err))
		return false;
	if (!init_rows(m, err))
		return false;
	m->chunk = 1 + CHUNK_WORDS * s->n / m->words;
	m->chunks = (s->n + m->chunk - 1) / m->chunk;
	m->workers = mem_zalloc(threads * sizeof *m->workers);
	for (unsigned i = 0; i < threads; i++)
		if (!worker_init(m, &m->workers[i], err))
			return false;
	return true;
}

void word2vec_finish(struct word2vec *m, unsigned threads)
{
	for (unsigned i = 0; m->workers && i < threads; i++)
		free(m->workers[i].memory);
	free(m->workers);
	free(m->count);
	free(m->keep);
	free(m->negatives);
	huffman_finish(&m->tree);
	free(m->in.memory);
	free(m->out.memory);
	*m = (struct word2vec){0};
}
