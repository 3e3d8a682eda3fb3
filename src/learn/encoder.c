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

#define BATCH 192	/* tokens of a batch; more only where one text has more */

/* What a worker computes in. T: tokens of the longest batch, L: of the longest text. */
struct room {
	float *x, *mixed;	/* (T, width) */
	float *qkv;		/* (T, 3 width) */
	float *inner;		/* (T, inner) */
	float *weight;		/* (L, dense_stride(L)) */
	float *keys, *values;	/* ordered: (head, L) and (L, head) */
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
	struct room *work;		/* (workers) */
	float *out;
	struct job *job;
};

bool encoder_room(struct encoder *e, struct err *err)
{
	size_t w = e->width, n = e->inner, part[4], all = 0;
	float *at;

	e->kernel = dense_best();
	part[0] = e->kernel->room(w, 3 * w);
	part[1] = e->kernel->room(w, w);
	part[2] = e->kernel->room(w, n);
	part[3] = e->kernel->room(n, w);
	for (unsigned i = 0; i < 4; i++) {
		part[i] = dense_stride(part[i]);
		all += part[i];
	}
	e->ordered = mem_big(e->layers * all, sizeof *e->ordered, "an encoder", err);
	at = e->ordered;
	for (unsigned i = 0; e->ordered && i < e->layers; i++, at += all) {
		struct encoder_layer *l = &e->layer[i];

		l->qkv = (struct dense){w, 3 * w, at};
		l->output = (struct dense){w, w, at + part[0]};
		l->up = (struct dense){w, n, at + part[0] + part[1]};
		l->down = (struct dense){n, w, at + part[0] + part[1] + part[2]};
	}
	return e->ordered;
}

/* ---- the parts of a layer */

/* Rows of one matrix become those of another, both without gaps. */
static void linear(const struct encoder *e, const struct dense *d, struct dense_rows r,
		   enum dense_then then)
{
	r.x_stride = d->in;
	r.y_stride = d->out;
	e->kernel->multiply(d, &r, then);
}

static void normalise(const struct encoder *e, const struct encoder_norm *n, float *x, size_t t)
{
	const struct dense_norm norm = {n->gain, n->bias, e->width, e->eps};

	e->kernel->norm(&norm, x, t);
}

/*
 * One head of n tokens: its queries, keys and values stand `head` wide in rows of qkv that
 * are 3 width long. Keys are the columns that queries are multiplied with, values the rows.
 */
static void attend_head(const struct encoder *e, struct room *w, const float *query,
			struct dense_rows mixed)
{
	size_t width = e->width, head = width / e->heads, row = 3 * width, n = mixed.n;
	struct dense keys = {head, (n + 15) / 16 * 16, w->keys}, values = {n, head, w->values};
	const struct dense_matrix key = {query + width, head, n, 1, row};
	const struct dense_matrix value = {query + 2 * width, n, head, row, 1};
	const struct dense_scores scores = {w->weight, n, n, dense_stride(n)};

	memset(w->keys, 0, e->kernel->room(head, keys.out) * sizeof *w->keys);
	memset(w->values, 0, e->kernel->room(n, head) * sizeof *w->values);
	e->kernel->put(&keys, &key, 0, NULL);
	e->kernel->put(&values, &value, 0, NULL);
	e->kernel->multiply(&keys, &(struct dense_rows){query, row, w->weight, scores.stride, n},
			    DENSE_SET);
	e->kernel->softmax(&scores, 1 / sqrtf((float)head));
	mixed.x = w->weight;
	mixed.x_stride = scores.stride;
	e->kernel->multiply(&values, &mixed, DENSE_SET);
}

/* Every head of the n tokens from row `at`; what they pay attention to goes to mixed. */
static void attend(const struct encoder *e, struct room *w, size_t at, size_t n)
{
	size_t width = e->width, head = width / e->heads;

	for (size_t h = 0; h < e->heads; h++)
		attend_head(e, w, w->qkv + at * 3 * width + h * head,
			    (struct dense_rows){.y = w->mixed + at * width + h * head,
						.y_stride = width, .n = n});
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
	size_t t = b->tokens;

	linear(e, &l->qkv, (struct dense_rows){.x = w->x, .y = w->qkv, .n = t}, DENSE_SET);
	for (size_t i = b->from; i < b->end; i++)
		attend(e, w, r->offset[i] - r->offset[b->from],
		       r->offset[i + 1] - r->offset[i]);
	linear(e, &l->output, (struct dense_rows){.x = w->mixed, .y = w->x, .n = t}, DENSE_ADD);
	normalise(e, &l->after_attention, w->x, t);
	linear(e, &l->up, (struct dense_rows){.x = w->x, .y = w->inner, .n = t}, DENSE_GELU);
	linear(e, &l->down, (struct dense_rows){.x = w->inner, .y = w->x, .n = t}, DENSE_ADD);
	normalise(e, &l->after_inner, w->x, t);
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
	normalise(e, &e->after_embedding, w->x, b->tokens);
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
	free(w->qkv);
	free(w->inner);
	free(w->weight);
	free(w->keys);
	free(w->values);
}

/* The most that a batch holds. */
struct batch_size {
	size_t tokens, longest; /* of a text */
};

static bool room_init(struct room *w, const struct encoder *e, struct batch_size size,
		      struct err *err)
{
	size_t n = size.tokens * e->width, head = e->width / e->heads, most = size.longest;
	size_t keys = e->kernel->room(head, dense_stride(most));
	size_t values = e->kernel->room(most, head);

	w->x = mem_big(n, sizeof(float), "texts", err);
	w->mixed = mem_big(n, sizeof(float), "texts", err);
	w->qkv = mem_big(3 * n, sizeof(float), "texts", err);
	w->inner = mem_big(size.tokens * e->inner, sizeof(float), "texts", err);
	w->weight = mem_big(most * dense_stride(most), sizeof(float), "texts", err);
	w->keys = mem_big(keys, sizeof(float), "texts", err);
	w->values = mem_big(values, sizeof(float), "texts", err);
	return w->x && w->mixed && w->qkv && w->inner && w->weight && w->keys && w->values;
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

