/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "learn/word2vec.h"

#include <math.h>

#include "base/pool.h"
#include "learn/word2vec_impl.h"
#include "unit.h"

/* --- a corpus: words of one of GROUPS topics stand together */

#define GROUPS 5u
#define GROUP 8u
#define WORDS (GROUPS * GROUP)
#define SEQUENCES 4000u

static uint32_t topic(const void *ctx, uint64_t i, struct rng *r, uint32_t *out)
{
	uint32_t n = (uint32_t)rng_below(r, 12), group = (uint32_t)(i % GROUPS);

	for (uint32_t k = 0; k < n; k++)
		out[k] = group * GROUP + (uint32_t)rng_below(r, 1 + rng_below(r, GROUP));
	return n;
}

/* One more word than come at all. */
static const struct corpus topics = {SEQUENCES, WORDS + 1, 12, topic, NULL};

static float *train(const struct word2vec_options *o, struct pool *pool,
		    struct word2vec_result *r)
{
	struct err err;

	r->vectors = malloc(topics.words * o->dim * sizeof *r->vectors);
	assert_non_null(r->vectors);
	assert_true(word2vec_train(&topics, o, r, (struct work){pool, NULL}, &err));
	return r->vectors;
}

static double cosine(const float *a, const float *b, unsigned n)
{
	double ab = 0, aa = 0, bb = 0;

	for (unsigned i = 0; i < n; i++) {
		ab += (double)(a[i] * b[i]);
		aa += (double)(a[i] * a[i]);
		bb += (double)(b[i] * b[i]);
	}
	return ab / sqrt(aa * bb);
}

/* Mean cosine of words of one topic less that of words of two. */
static double separation(const float *v, unsigned dim)
{
	double same = 0, other = 0;
	unsigned n_same = 0, n_other = 0;

	for (unsigned a = 0; a < WORDS; a++)
		for (unsigned b = 0; b < a; b++) {
			double x = cosine(v + a * dim, v + b * dim, dim);

			if (a / GROUP == b / GROUP)
				same += x, n_same++;
			else
				other += x, n_other++;
		}
	return same / n_same - other / n_other;
}

static void every_variant_learns(void **state)
{
	struct pool *two = pool_create(2);

	for (unsigned i = 0; i < 8; i++) {
		struct word2vec_options o = word2vec_defaults();
		double loss[12];
		struct word2vec_result r = {.loss = loss};

		o.dim = 10;
		o.cbow = i & 1;
		o.negative = i & 2 ? 0 : 5;
		o.sample = 0;
		o.rate = 0.05;
		o.epochs = 12;
		float *v = train(&o, i & 4 ? two : NULL, &r);

		/* Threads write side by side without locks, which is felt with so few
		 * words: the best of some trainings counts. */
		for (o.seed = 2; i & 4 && o.seed < 24 && separation(v, o.dim) <= 0.6; o.seed++) {
			free(v);
			v = train(&o, two, &r);
		}
		assert_true(separation(v, o.dim) > 0.6);
		assert_true(loss[11] < 0.95 * loss[0]);
		assert_int_equal(r.known, WORDS);
		for (unsigned k = 0; k < o.dim; k++)
			assert_true(v[WORDS * o.dim + k] == 0);
		free(v);
	}
	pool_destroy(two);
}

static void one_thread_repeats_itself(void **state)
{
	struct word2vec_options o = word2vec_defaults();
	struct word2vec_result r = {0};

	o.dim = 12;
	float *a = train(&o, NULL, &r), *b = train(&o, NULL, &r);

	assert_memory_equal(a, b, topics.words * o.dim * sizeof *a);
	free(b);
	o.seed = 2;
	b = train(&o, NULL, &r);
	assert_memory_not_equal(a, b, topics.words * o.dim * sizeof *a);
	free(a);
	free(b);
}

/* --- one window, its loss in doubles, and central differences */

static double softplus(double z)
{
	return z > 0 ? z + log1p(exp(-z)) : log1p(exp(z));
}

struct copy {
	double *in, *out;	/* (rows, dim) */
	unsigned dim;
	bool cbow;
	const uint32_t *window;
	unsigned n, n_out;
	unsigned row[LOGISTIC_OUT_MAX];
	uint64_t labels;
};

static double row_loss(const struct copy *c, const double *x)
{
	double sum = 0;

	for (unsigned t = 0; t < c->n_out; t++) {
		double z = 0;

		for (unsigned d = 0; d < c->dim; d++)
			z += x[d] * c->out[c->row[t] * c->dim + d];
		sum += softplus(c->labels >> t & 1 ? -z : z);
	}
	return sum;
}

/* The loss of the window; h moves the mean of CBOW by as much in dimension d. */
static double window_loss(const struct copy *c, unsigned d, double h)
{
	double sum = 0, mean[64] = {0};

	for (unsigned i = 0; i < c->n; i++) {
		const double *x = c->in + c->window[i] * c->dim;

		if (!c->cbow)
			sum += row_loss(c, x);
		for (unsigned k = 0; k < c->dim; k++)
			mean[k] += x[k] / c->n;
	}
	mean[d] += h;
	return c->cbow ? row_loss(c, mean) : sum;
}

static double difference(const struct copy *c, double *x)
{
	double was = *x, h = 1e-5, up;

	*x = was + h;
	up = window_loss(c, 0, 0);
	*x = was - h;
	up -= window_loss(c, 0, 0);
	*x = was;
	return up / (2 * h);
}

static double *doubles(const struct matrix *m, size_t rows, size_t stride, unsigned dim)
{
	double *x = malloc(rows * dim * sizeof *x);

	assert_non_null(x);
	for (size_t i = 0; i < rows * dim; i++)
		x[i] = (double)m->data[i / dim * stride + i % dim];
	return x;
}

static void check_rows(const struct copy *c, const struct matrix *m, double *was,
		       size_t rows, size_t stride, const unsigned *times)
{
	for (size_t i = 0; i < rows * c->dim; i++) {
		double moved = (double)m->data[i / c->dim * stride + i % c->dim] - was[i];
		double want;

		/* A word of a CBOW window takes the step of the mean as often as it
		 * stands there; all else is the plain gradient. */
		if (c->cbow && times)
			want = times[i / c->dim] *
			       (window_loss(c, i % c->dim, 1e-5) -
				window_loss(c, i % c->dim, -1e-5)) / 2e-5;
		else
			want = difference(c, was + i);
		assert_true(fabs(moved + 0.5 * want) < 4e-6);
	}
}

static void check_window(bool cbow, unsigned negative)
{
	static const uint32_t window[] = {3, 9, 17, 9};	/* one comes twice */
	struct word2vec_options o = word2vec_defaults();
	struct word2vec m;
	struct word2vec_targets t;
	struct rng r;

	o.dim = 18;
	o.cbow = cbow;
	o.negative = negative;
	assert_true(word2vec_init(&m, &topics, &o, (struct work){0}, NULL));
	size_t rows = negative ? topics.words : m.tree.nodes;

	rng_init(&r, 4, 4);
	for (size_t i = 0; i < topics.words * m.stride; i++)
		m.in.data[i] = i % m.stride < o.dim ? (float)(rng_real(&r) - 0.5) : 0;
	for (size_t i = 0; i < rows * m.stride; i++)
		m.out.data[i] = i % m.stride < o.dim ? (float)(rng_real(&r) - 0.5) : 0;
	word2vec_targets(&m, &r, 5, &t);
	struct copy c = {
		.in = doubles(&m.in, topics.words, m.stride, o.dim),
		.out = doubles(&m.out, rows, m.stride, o.dim),
		.dim = o.dim, .cbow = cbow, .window = window, .n = 4, .n_out = t.n,
		.labels = t.labels,
	};
	unsigned times[WORDS + 1] = {0};

	for (unsigned i = 0; i < t.n; i++)
		c.row[i] = (unsigned)((size_t)(t.row[i] - m.out.data) / m.stride);
	for (unsigned i = 0; i < c.n; i++)
		times[window[i]]++;
	m.workers[0].rate = 0.5f;
	word2vec_window(&m, &m.workers[0], (struct word2vec_words){window, c.n}, &t);
	check_rows(&c, &m.in, c.in, topics.words, m.stride, times);
	check_rows(&c, &m.out, c.out, rows, m.stride, NULL);
	/* the sampled loss is that of the first position, per row that predicts */
	assert_true(fabs(m.workers[0].loss - window_loss(&c, 0, 0) / (cbow ? 1 : c.n)) < 1e-4);
	free(c.in);
	free(c.out);
	word2vec_finish(&m, 1);
}

static void gradients(void **state)
{
	check_window(false, 5);
	check_window(true, 5);
	check_window(false, 0);
	check_window(true, 0);
}

/* --- what a position is trained against */

static void negatives_follow_the_counts(void **state)
{
	enum { DRAWS = 100000 };
	struct word2vec_options o = word2vec_defaults();
	struct word2vec m;
	struct word2vec_targets t;
	double drawn[WORDS + 1] = {0}, all = 0, sum = 0, chi2 = 0;
	struct rng r;

	assert_true(word2vec_init(&m, &topics, &o, (struct work){0}, NULL));
	rng_init(&r, 9, 9);
	for (unsigned i = 0; i < DRAWS; i++) {
		word2vec_targets(&m, &r, 7, &t);
		assert_true(t.labels == 1 && t.row[0] == m.out.data + 7 * m.stride);
		for (unsigned k = 1; k < t.n; k++)
			drawn[(size_t)(t.row[k] - m.out.data) / m.stride]++;
		all += t.n - 1;
	}
	assert_true(drawn[7] == 0 && drawn[WORDS] == 0);
	for (unsigned i = 0; i < WORDS; i++)
		sum += i == 7 ? 0 : pow((double)m.count[i], 0.75);
	for (unsigned i = 0; i < WORDS; i++) {
		double want = i == 7 ? 0 : all * pow((double)m.count[i], 0.75) / sum;

		if (want > 0)
			chi2 += (drawn[i] - want) * (drawn[i] - want) / want;
	}
	/* 38 degrees of freedom: above 70.7 once in a thousand seeds */
	assert_true(chi2 < 70.7);
	word2vec_finish(&m, 1);
}

/* The code of a classic example, its optimal length, and that paths are a tree. */
static void trees_are_huffmans(void **state)
{
	static const uint64_t count[] = {45, 13, 0, 12, 16, 9, 5};
	static const unsigned length[] = {1, 3, 0, 3, 3, 4, 4};
	struct huffman h;
	struct err err;
	double kraft = 0;

	assert_true(huffman_make(&h, count, 7, &err));
	assert_int_equal(h.nodes, 5);
	for (unsigned w = 0; w < 7; w++) {
		uint64_t first = h.offsets[w], n = h.offsets[w + 1] - first;

		assert_int_equal(n, length[w]);
		if (n == 0)
			continue;
		kraft += pow(0.5, (double)n);
		assert_int_equal(h.node[first], h.nodes - 1);
		for (uint64_t k = 1; k < n; k++)
			assert_true(h.node[first + k] < h.node[first + k - 1]);
		/* no other word has the same path */
		for (unsigned x = 0; x < w; x++)
			assert_false(h.offsets[x + 1] - h.offsets[x] == n &&
				     h.labels[x] == h.labels[w] &&
				     memcmp(h.node + h.offsets[x], h.node + first,
					    n * sizeof *h.node) == 0);
	}
	assert_true(kraft == 1);
	huffman_finish(&h);
	assert_false(huffman_make(&h, count + 2, 2, &err));
	/* Fibonacci's numbers make the deepest tree */
	uint64_t deep[80] = {1, 1};

	for (unsigned i = 2; i < 80; i++)
		deep[i] = deep[i - 1] + deep[i - 2];
	assert_true(huffman_make(&h, deep, 65, &err));
	assert_int_equal(h.offsets[1], 64);
	huffman_finish(&h);
	assert_false(huffman_make(&h, deep, 80, &err));
}

static void shuffles_are_permutations(void **state)
{
	bool seen[100];
	struct shuffle s;
	struct rng r;

	rng_init(&r, 1, 1);
	for (uint64_t n = 1; n <= 100; n++) {
		shuffle_init(&s, n, &r);
		memset(seen, 0, sizeof seen);
		for (uint64_t i = 0; i < n; i++) {
			assert_true(shuffle_at(&s, i) < n && !seen[shuffle_at(&s, i)]);
			seen[shuffle_at(&s, i)] = true;
		}
	}
}

static void nothing_to_learn(void **state)
{
	struct word2vec_options o = word2vec_defaults();
	struct corpus none = {0, 10, 1, topic, NULL};
	float v[640];
	struct word2vec_result r = {.vectors = v};
	struct job job;
	struct err err;

	assert_false(word2vec_train(&none, &o, &r, (struct work){0}, &err));
	assert_int_equal(err.code, ERR_NO);
	o.min_count = 1000000;
	assert_false(word2vec_train(&topics, &o, &r, (struct work){0}, &err));
	job_init(&job);
	atomic_store(&job.cancel, true);
	assert_false(word2vec_train(&topics, &o, &r, (struct work){NULL, &job}, &err));
	assert_int_equal(err.code, ERR_CANCELLED);
}

UNIT_TESTS(word2vec, UNIT(every_variant_learns), UNIT(one_thread_repeats_itself),
	   UNIT(gradients), UNIT(negatives_follow_the_counts), UNIT(trees_are_huffmans),
	   UNIT(shuffles_are_permutations), UNIT(nothing_to_learn))
