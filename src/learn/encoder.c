/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The transformer encoder of BERT (Vaswani et al. 2017; Devlin et al. 2019), forwards.
 * A layer turns x (tokens, width) into
 *
 *	a = x + O concat_h softmax(Q_h K_h' / sqrt(width / heads)) V_h,  x1 = norm(a)
 *	y = x1 + W2 gelu(W1 x1),                                         x' = norm(y)
 *
 * with Q, K, V, O, W1, W2 linear with bias. A text's vector is the mean of its tokens'
 * (or the first one's), made of length 1 (Reimers and Gurevych 2019, "Sentence-BERT").
 * Texts of a batch lie one behind the other: attention alone knows where each begins.
 */
#include "config.h"

#include "learn/encoder.h"

#include <math.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/pool.h"
#include "learn/encoder_folder.h"
#include "math/blas.h"

#define BATCH 512	/* tokens of a batch; more only where one text has more */

/* What a worker computes in. T: tokens of the longest batch, L: of the longest text. */
struct room {
	float *x, *mixed;	/* (T, width) */
	float *query, *key, *value;	/* (T, width) */
	float *inner;		/* (T, inner) */
	float *weight;		/* (L, L) */
};

struct batch {
	size_t from, end;	/* texts */
	size_t tokens;
};

struct run {
	const struct encoder *e;
	const uint32_t *id;		/* tokens of all texts */
	const size_t *offset;		/* (n + 1) into id */
	const struct batch *batch;
	struct room *work; /* (workers) */
	float *out;
	struct job *job;
};

/* ---- the parts of a layer */

/* y (t, out) = x (t, in) W' + b */
static void linear(const struct encoder_linear *l, const float *x, size_t t, float *y)
{
	for (size_t i = 0; i < t; i++)
		memcpy(y + i * l->out, l->bias, l->out * sizeof *y);
	blas_sgemm(false, true, t, l->out, l->in, 1, x, l->in, l->weight, l->in, 1, y, l->out);
}

/* x (t, n): each row to mean 0 and variance 1, times gain, plus bias (Ba et al. 2016). */
static void normalise(const struct encoder_norm *n, size_t width, float eps, float *x,
		      size_t t)
{
	for (; t > 0; t--, x += width) {
		double mean = 0, square = 0;
		float scale, shift;

		for (size_t i = 0; i < width; i++)
			mean += x[i];
		mean /= (double)width;
		for (size_t i = 0; i < width; i++)
			square += (x[i] - mean) * (x[i] - mean);
		scale = (float)(1 / sqrt(square / (double)width + eps));
		shift = (float)mean;
		for (size_t i = 0; i < width; i++)
			x[i] = (x[i] - shift) * scale * n->gain[i] + n->bias[i];
	}
}

/*
 * gelu(x) = x/2 (1 + erf(x / sqrt 2)) (Hendrycks and Gimpel 2016). erf as an odd rational
 * function, fitted by reweighted least squares to |z| <= 3.9, beyond which it is 1 within
 * 4e-8; the error in float is below 3.1e-7. No branch, so that compilers make vectors.
 */
static void gelu(float *x, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		float z = x[i] * 0.70710678f;
		float c = z > 3.9f ? 3.9f : z < -3.9f ? -3.9f : z, s = c * c;
		float p = ((((2.0503957785e-6f * s + 2.874553611e-4f) * s + 3.836806631e-3f) *
			    s + 5.29667100e-2f) * s + 1.919394284e-1f) * s + 1.128378987f;
		float q = ((((3.823072984e-5f * s + 1.181716798e-3f) * s + 1.510906778e-2f) *
			    s + 1.147575528e-1f) * s + 5.034337044e-1f) * s + 1;

		x[i] = 0.5f * x[i] * (1 + c * p / q);
	}
}

static void softmax_rows(float *w, size_t n)
{
	for (size_t r = 0; r < n; r++, w += n) {
		float most = w[0], sum = 0;

		for (size_t i = 1; i < n; i++)
			most = w[i] > most ? w[i] : most;
		for (size_t i = 0; i < n; i++) {
			w[i] = expf(w[i] - most);
			sum += w[i];
		}
		for (size_t i = 0; i < n; i++)
			w[i] /= sum;
	}
}

/* Every head of the n tokens from row `at`; what they pay attention to goes to mixed. */
static void attend(const struct encoder *e, struct room *w, size_t at, size_t n)
{
	size_t width = e->width, head = width / e->heads;
	float scale = 1 / sqrtf((float)head);

	for (size_t h = 0; h < e->heads; h++) {
		size_t first = at * width + h * head;

		blas_sgemm(false, true, n, n, head, scale, w->query + first, width,
			   w->key + first, width, 0, w->weight, n);
		softmax_rows(w->weight, n);
		blas_sgemm(false, false, n, head, n, 1, w->weight, n, w->value + first,
			   width, 0, w->mixed + first, width);
	}
}

static void add(float *x, const float *y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] += y[i];
}

static void layer(const struct run *r, const struct encoder_layer *l,
		  const struct batch *b, struct room *w)
{
	const struct encoder *e = r->e;
	size_t t = b->tokens, n = t * e->width;

	linear(&l->query, w->x, t, w->query);
	linear(&l->key, w->x, t, w->key);
	linear(&l->value, w->x, t, w->value);
	for (size_t i = b->from; i < b->end; i++)
		attend(e, w, r->offset[i] - r->offset[b->from],
		       r->offset[i + 1] - r->offset[i]);
	linear(&l->output, w->mixed, t, w->query);
	add(w->x, w->query, n);
	normalise(&l->after_attention, e->width, e->eps, w->x, t);
	linear(&l->up, w->x, t, w->inner);
	gelu(w->inner, t * l->up.out);
	linear(&l->down, w->inner, t, w->query);
	add(w->x, w->query, n);
	normalise(&l->after_inner, e->width, e->eps, w->x, t);
}

/* ---- a batch */

static void embed(const struct run *r, const struct batch *b, float *x)
{
	const struct encoder *e = r->e;

	for (size_t i = b->from; i < b->end; i++)
		for (size_t k = r->offset[i]; k < r->offset[i + 1]; k++, x += e->width) {
			const float *word = e->word + (size_t)r->id[k] * e->width;
			const float *place = e->place + (k - r->offset[i]) * e->width;

			for (size_t d = 0; d < e->width; d++)
				x[d] = word[d] + place[d] + e->type[d];
		}
}

static void pool_text(const struct encoder *e, const float *x, size_t n, float *out)
{
	double square = 0;
	float scale;

	n = e->first_token ? 1 : n;
	memset(out, 0, e->width * sizeof *out);
	for (size_t i = 0; i < n; i++)
		add(out, x + i * e->width, e->width);
	for (size_t d = 0; d < e->width; d++)
		square += (double)out[d] * out[d];
	scale = e->unit ? (float)(square > 0 ? 1 / sqrt(square) : 0) : 1 / (float)n;
	for (size_t d = 0; d < e->width; d++)
		out[d] *= scale;
}

static void run_batch(void *ctx, size_t task, unsigned worker)
{
	const struct run *r = ctx;
	const struct batch *b = &r->batch[task];
	struct room *w = &r->work[worker];
	const struct encoder *e = r->e;

	if (job_cancelled(r->job))
		return;
	embed(r, b, w->x);
	normalise(&e->after_embedding, e->width, e->eps, w->x, b->tokens);
	for (unsigned i = 0; i < e->layers; i++)
		layer(r, &e->layer[i], b, w);
	for (size_t i = b->from; i < b->end; i++)
		pool_text(e, w->x + (r->offset[i] - r->offset[b->from]) * e->width,
			  r->offset[i + 1] - r->offset[i], r->out + i * e->width);
	job_advance(r->job, b->end - b->from);
}

/* ---- all of them */

static void room_finish(struct room *w)
{
	free(w->x);
	free(w->mixed);
	free(w->query);
	free(w->key);
	free(w->value);
	free(w->inner);
	free(w->weight);
}

/* The most that a batch holds. */
struct batch_size {
	size_t tokens, longest; /* of a text */
};

static bool room_init(struct room *w, const struct encoder *e, struct batch_size size,
		      struct err *err)
{
	size_t n = size.tokens * e->width;

	w->x = mem_big(n, sizeof(float), "texts", err);
	w->mixed = mem_big(n, sizeof(float), "texts", err);
	w->query = mem_big(n, sizeof(float), "texts", err);
	w->key = mem_big(n, sizeof(float), "texts", err);
	w->value = mem_big(n, sizeof(float), "texts", err);
	w->inner = mem_big(size.tokens * e->inner, sizeof(float), "texts", err);
	w->weight = mem_big(size.longest * size.longest, sizeof(float), "texts", err);
	return w->x && w->mixed && w->query && w->key && w->value && w->inner && w->weight;
}

static bool run_all(struct run *r, size_t batches, struct batch_size size, struct pool *pool,
		    struct err *err)
{
	unsigned workers = pool_threads(pool);
	bool ok = true;

	r->work = mem_zalloc(workers * sizeof *r->work);
	for (unsigned i = 0; ok && i < workers; i++)
		ok = room_init(&r->work[i], r->e, size, err);
	if (ok)
		pool_run(pool, batches, run_batch, r);
	for (unsigned i = 0; i < workers; i++)
		room_finish(&r->work[i]);
	free(r->work);
	return ok && job_check(r->job, err);
}

/* Neighbours in the list go into one batch until it is full. */
static size_t cut(struct batch *b, const size_t *offset, size_t n, size_t *tokens,
		  size_t *longest)
{
	size_t batches = 0;

	*tokens = *longest = 0;
	for (size_t i = 0; i < n; i++) {
		size_t own = offset[i + 1] - offset[i];

		if (!batches || b[batches - 1].tokens + own > BATCH)
			b[batches++] = (struct batch){.from = i};
		b[batches - 1].end = i + 1;
		b[batches - 1].tokens += own;
		*longest = own > *longest ? own : *longest;
		*tokens = b[batches - 1].tokens > *tokens ? b[batches - 1].tokens : *tokens;
	}
	return batches;
}

bool encoder_encode(const struct encoder *e, const struct str *text, size_t n, float *out,
		    struct work work, struct err *err)
{
	SCOPED_FREE size_t *offset = mem_big(n + 1, sizeof *offset, "texts", err);
	SCOPED_FREE struct batch *batch = mem_big(n, sizeof *batch, "texts", err);
	SCOPED_FREE uint32_t *id = NULL;
	struct run r = {
		.e = e, .offset = offset, .batch = batch, .out = out, .job = work.job};
	size_t cap = 0, tokens, longest, batches;

	if (!offset || !batch)
		return false;
	for (size_t i = 0; i < n; i++) {
		MEM_GROW(id, cap, offset[i] + e->longest);
		offset[i + 1] = offset[i] + wordpiece_encode(e->pieces, text[i], e->longest,
							     id + offset[i]);
		if (i % 1024 == 0 && !job_check(work.job, err))
			return false;
	}
	r.id = id;
	batches = cut(batch, offset, n, &tokens, &longest);
	return run_all(&r, batches, (struct batch_size){tokens, longest}, work.pool, err);
}

unsigned encoder_width(const struct encoder *e)
{
	return e->width;
}

