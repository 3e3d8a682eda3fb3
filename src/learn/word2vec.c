/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Skip-gram and CBOW (Mikolov et al. 2013). For a position with input rows x (the words of
 * its window, or their mean) and target rows y with labels l (the word: 1, negatives: 0; or
 * the nodes of its Huffman path), every row takes a step down
 * - sum [l log s(x.y) + (1 - l) log s(-x.y)]; math/logistic does it for all at once.
 */
#include "config.h"

#include "learn/word2vec.h"

#include <string.h>

#include "base/pool.h"
#include "learn/word2vec_impl.h"

#define LOSS_EVERY 32u		/* positions */
#define TASK_STREAM (UINT64_C(1) << 62)
#define LINE_FLOATS 16u

static void fetch_row(const float *row, size_t stride)
{
	for (size_t i = 0; i < stride; i += LINE_FLOATS)
		__builtin_prefetch(row + i, 1);
}

static inline float *row_of(const struct matrix *x, size_t stride, uint32_t i)
{
	return x->data + i * stride;
}

void word2vec_targets(const struct word2vec *m, struct rng *r, uint32_t word,
		      struct word2vec_targets *t)
{
	unsigned n = 0;

	if (!m->negatives) {
		uint64_t first = m->tree.offsets[word], end = m->tree.offsets[word + 1];

		for (uint64_t i = first; i < end; i++)
			t->row[n++] = row_of(&m->out, m->stride, m->tree.node[i]);
		t->n = n;
		t->labels = m->tree.labels[word];
		return;
	}
	t->row[n++] = row_of(&m->out, m->stride, word);
	t->labels = 1;
	for (unsigned k = 0; k < m->o.negative; k++) {
		uint32_t other = alias_draw(m->negatives, m->s->words, r);

		if (other != word)
			t->row[n++] = row_of(&m->out, m->stride, other);
	}
	t->n = n;
}

static void take_step(const struct word2vec *m, struct word2vec_worker *w, size_t n,
		      const struct word2vec_targets *t)
{
	m->kernel->step(&(struct logistic_batch){
		.in = w->in, .out = t->row, .n_in = n, .n_out = t->n, .stride = m->stride,
		.labels = t->labels, .rate = w->rate, .step = w->step,
		.gradient = w->gradient,
	});
	if (w->positions++ % LOSS_EVERY)
		return;
	double loss = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < t->n; k++)
			loss += logistic_loss(w->gradient[i * logistic_width(t->n) + k], w->rate);
	w->loss += loss / (double)n;
	w->sampled++;
}

/* Every word of the window predicts the word at the position. */
static void skip_gram(const struct word2vec *m, struct word2vec_worker *w,
		      struct word2vec_words words, const struct word2vec_targets *t)
{
	for (size_t i = 0; i < words.n; i++)
		w->in[i] = row_of(&m->in, m->stride, words.at[i]);
	take_step(m, w, words.n, t);
	for (size_t i = 0; i < words.n; i++)
		m->kernel->add(1, w->step + i * m->stride,
			       row_of(&m->in, m->stride, words.at[i]), m->stride);
}

/*
 * Their mean h does. Every word of the window takes the whole step of h, as in
 * word2vec.c, and not the n-th part that the gradient of its own row is (Irsoy et al.
 * 2021): on shops' sessions the vectors came out better for it at every rate tried.
 */
static void cbow(const struct word2vec *m, struct word2vec_worker *w,
		 struct word2vec_words words, const struct word2vec_targets *t)
{
	memset(w->mean, 0, m->stride * sizeof *w->mean);
	for (size_t i = 0; i < words.n; i++)
		m->kernel->add(1 / (float)words.n, row_of(&m->in, m->stride, words.at[i]),
			       w->mean, m->stride);
	w->in[0] = w->mean;
	take_step(m, w, 1, t);
	for (size_t i = 0; i < words.n; i++)
		m->kernel->add(1, w->step, row_of(&m->in, m->stride, words.at[i]), m->stride);
}

void word2vec_window(const struct word2vec *m, struct word2vec_worker *w,
		     struct word2vec_words words, const struct word2vec_targets *t)
{
	if (m->o.cbow)
		cbow(m, w, words, t);
	else
		skip_gram(m, w, words, t);
}

/* The sequence without rare words and with frequent ones thinned out. */
static uint32_t drop_words(const struct word2vec *m, struct word2vec_worker *w, uint32_t n)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t word = w->words[i];

		w->trained += m->count[word] > 0;
		if (m->count[word] && (m->keep[word] == UINT32_MAX ||
				       (uint32_t)(rng_next(&w->rng) >> 32) < m->keep[word]))
			w->words[kept++] = word;
	}
	return kept;
}

/* The targets of the next position are drawn, and their rows on the way from memory,
 * while this one is trained. */
static void prepare(const struct word2vec *m, struct word2vec_worker *w, uint32_t at)
{
	struct word2vec_targets *t = &w->targets[at % 2];

	word2vec_targets(m, &w->rng, w->words[at], t);
	for (unsigned k = 0; k < t->n; k++)
		fetch_row(t->row[k], m->stride);
}

static void train_sequence(const struct word2vec *m, struct word2vec_worker *w, uint32_t n)
{
	uint32_t window = m->o.window;

	if (n < 2)
		return;
	for (uint32_t i = 0; i < n && i <= window; i++)
		fetch_row(row_of(&m->in, m->stride, w->words[i]), m->stride);
	prepare(m, w, 0);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t reach = 1 + (uint32_t)rng_below(&w->rng, window), k = 0;
		uint32_t first = i > reach ? i - reach : 0;
		uint32_t end = n - i > reach ? i + reach + 1 : n;

		if (i + 1 < n)
			prepare(m, w, i + 1);
		if (i + 1 + window < n)
			fetch_row(row_of(&m->in, m->stride, w->words[i + 1 + window]),
				  m->stride);
		for (uint32_t j = first; j < end; j++)
			if (j != i)
				w->near[k++] = w->words[j];
		word2vec_window(m, w, (struct word2vec_words){w->near, k}, &w->targets[i % 2]);
	}
}

static void train_chunk(void *ctx, size_t task, unsigned worker)
{
	struct word2vec *m = ctx;
	struct word2vec_worker *w = &m->workers[worker];
	uint64_t first = task * m->chunk, end = first + m->chunk, before = w->trained;
	uint64_t turn = m->pass * m->chunks + task;
	double past = (double)turn / (double)(m->o.epochs * m->chunks);

	if (job_cancelled(m->job))
		return;
	end = end < m->s->n ? end : m->s->n;
	rng_init(&w->rng, m->o.seed, TASK_STREAM + turn);
	w->rate = (float)(m->o.rate + (m->o.rate_end - m->o.rate) * past);
	for (uint64_t i = first; i < end; i++) {
		uint32_t n = corpus_read(m->s, (struct corpus_pass){m->o.seed, m->pass},
					 shuffle_at(&m->order, i), w->words);

		train_sequence(m, w, drop_words(m, w, n));
	}
	job_advance(m->job, w->trained - before);
	if (m->job && w->sampled)
		atomic_store_explicit(&m->job->loss, w->loss / (double)w->sampled,
				      memory_order_relaxed);
}

/* Mean over all workers of this pass, which is then over. */
static double pass_loss(struct word2vec *m, unsigned threads, uint64_t *trained)
{
	double loss = 0, sampled = 0;

	for (unsigned i = 0; i < threads; i++) {
		struct word2vec_worker *w = &m->workers[i];

		loss += w->loss;
		sampled += (double)w->sampled;
		*trained += w->trained;
		w->loss = 0;
		w->sampled = w->trained = 0;
	}
	return sampled > 0 ? loss / sampled : 0;
}

static void copy_rows(const struct word2vec *m, const struct matrix *x, float *out)
{
	for (uint32_t i = 0; i < m->s->words; i++) {
		float *row = out + (size_t)i * m->o.dim;

		if (m->count[i])
			memcpy(row, row_of(x, m->stride, i), m->o.dim * sizeof *row);
		else
			memset(row, 0, m->o.dim * sizeof *row);
	}
}

static bool train(struct word2vec *m, struct word2vec_result *r, struct pool *pool,
		  struct err *err)
{
	struct rng order;

	rng_init(&order, m->o.seed, TASK_STREAM - 1);
	job_step(m->job, "training", m->words * m->o.epochs);
	if (m->job)
		atomic_store_explicit(&m->job->unit, "words", memory_order_relaxed);
	for (m->pass = 0; m->pass < m->o.epochs; m->pass++) {
		shuffle_init(&m->order, m->s->n, &order);
		pool_run(pool, (size_t)m->chunks, train_chunk, m);
		if (!job_check(m->job, err))
			return false;
		double loss = pass_loss(m, pool_threads(pool), &r->trained);

		if (r->loss)
			r->loss[m->pass] = loss;
	}
	copy_rows(m, &m->in, r->vectors);
	if (r->contexts && m->negatives)
		copy_rows(m, &m->out, r->contexts);
	for (uint32_t i = 0; i < m->s->words; i++)
		r->known += m->count[i] > 0;
	return true;
}

bool word2vec_train(const struct corpus *s, const struct word2vec_options *o,
		    struct word2vec_result *r, struct work work, struct err *err)
{
	struct word2vec m;
	bool ok = word2vec_init(&m, s, o, work, err);

	r->trained = 0;
	r->known = 0;
	ok = ok && train(&m, r, work.pool, err);
	word2vec_finish(&m, pool_threads(work.pool));
	return ok;
}
