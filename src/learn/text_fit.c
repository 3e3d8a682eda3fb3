/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A batch is spans [CLS] pieces [SEP] one behind the other: of crops first all left ones, then
 * all right ones. Slopes of the loss by the pooled vectors (or by rows that are hidden) go back
 * through the transformer; the gradient is cut to length 1.
 */
#include "config.h"

#include "learn/text_fit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/scope.h"

#define CROP_LEAST 0.3	/* of a text's pieces */
#define CROP_MOST 0.8
#define CROP_PIECES 3	/* at least, where the text has so many */
#define HIDDEN 0.15	/* of the pieces; of these .8 are [MASK], .1 others, .1 as they are */
#define CLIP 1.0

struct fitting {
	const struct transformer *t;
	const struct text_fit *f;
	nn_real *theta, *table;
	nn_real *dtheta, *dtable;
	struct nn_adam of_theta, of_table;
	uint64_t step;
	struct rng rng;
	uint32_t *id;			/* of the batch */
	size_t *offset;			/* (spans + 1) */
	size_t spans, rows, cap_id;
	uint32_t *right;		/* (rows) what is hidden there, or UINT32_MAX */
	size_t cap_right;
	struct transformer_room room;
	size_t cap_room;
	nn_real *dx;			/* (rows, width) */
	size_t cap_dx;
	nn_real *y, *length, *dy, *back, *table_room;
	nn_real *hidden;		/* (2 hidden rows, width) rows and their slopes */
	nn_real *logit;			/* (hidden rows, vocabulary) */
	size_t cap_hidden, cap_logit;
};

/* --- batches */

static void put(struct fitting *g, uint32_t id)
{
	MEM_GROW(g->id, g->cap_id, g->rows + 1);
	g->id[g->rows++] = id;
}

/* Pieces [from, from + n) of a text as the next span. */
static void put_span(struct fitting *g, uint64_t from, size_t n)
{
	n = n < g->t->places - 2 ? n : g->t->places - 2;
	put(g, g->f->first);
	for (size_t i = 0; i < n; i++)
		put(g, g->f->id[from + i]);
	put(g, g->f->last);
	g->offset[++g->spans] = g->rows;
}

static void put_crop(struct fitting *g, uint32_t text)
{
	uint64_t from = g->f->offset[text];
	size_t n = (size_t)(g->f->offset[text + 1] - from), take;

	take = (size_t)((double)n * (CROP_LEAST +
				     (CROP_MOST - CROP_LEAST) * rng_real(&g->rng)) + 0.5);
	take = take < CROP_PIECES ? CROP_PIECES : take;
	take = take > n ? n : take;
	put_span(g, from + rng_below(&g->rng, n - take + 1), take);
}

static void put_whole(struct fitting *g, uint32_t text)
{
	put_span(g, g->f->offset[text],
		 (size_t)(g->f->offset[text + 1] - g->f->offset[text]));
}

static void begin(struct fitting *g)
{
	g->rows = g->spans = 0;
	g->offset[0] = 0;
}

static struct transformer_batch forward(struct fitting *g)
{
	const struct transformer_batch b = {g->id, g->offset, g->spans};

	MEM_GROW(g->room.at, g->cap_room, transformer_room(g->t, &b));
	MEM_GROW(g->dx, g->cap_dx, g->rows * g->t->width);
	transformer_forward(g->t, (struct transformer_weights){g->theta, g->table}, &b,
			    g->room);
	return b;
}

/* dx is the slope by the last rows. */
static void learn(struct fitting *g, const struct transformer_batch *b)
{
	size_t n = transformer_size(g->t), words = g->t->vocabulary * g->t->width;

	transformer_back(g->t, (struct transformer_weights){g->theta, g->table}, b, g->room,
			 g->dx, (struct transformer_slope){g->dtheta, g->dtable});
	nn_clip(n, CLIP, g->dtheta);
	nn_clip(words, CLIP, g->dtable);
	g->step++;
	nn_adam(&g->of_theta, g->step, 0, n, g->dtheta, g->theta);
	nn_adam(&g->of_table, g->step, 0, words, g->dtable, g->table);
	memset(g->dtheta, 0, n * sizeof *g->dtheta);
	memset(g->dtable, 0, words * sizeof *g->dtable);
}

/* --- losses */

/* Left spans [0, n), right ones [n, 2 n): each is to find the other, both ways. */
static double contrast(struct fitting *g, size_t n)
{
	const struct transformer_batch b = forward(g);
	size_t width = g->t->width, half = n * width;
	struct nn_contrast c = {.rows = n, .width = width, .temperature = g->f->temperature,
				.a = g->y, .b = g->y + half};
	double loss;

	transformer_pool(&b, width, transformer_rows(g->t, &b, g->room), g->y, g->length);
	loss = nn_infonce(&c, g->table_room, g->dy, g->dy + half) / 2;
	c.a = g->y + half;
	c.b = g->y;
	loss += nn_infonce(&c, g->table_room, g->back + half, g->back) / 2;
	for (size_t i = 0; i < 2 * half; i++)
		g->dy[i] = (g->dy[i] + g->back[i]) / 2;
	transformer_pool_back(&b, width, g->y, g->length, g->dy, g->dx);
	learn(g, &b);
	return loss;
}

static void hide(struct fitting *g)
{
	MEM_GROW(g->right, g->cap_right, g->rows + 1);
	for (size_t r = 0; r < g->rows; r++) {
		double what = rng_real(&g->rng);

		g->right[r] = UINT32_MAX;
		if (g->id[r] == g->f->first || g->id[r] == g->f->last || what >= HIDDEN)
			continue;
		g->right[r] = g->id[r];
		if (what < .8 * HIDDEN)
			g->id[r] = g->f->mask;
		else if (what < .9 * HIDDEN)
			g->id[r] = (uint32_t)rng_below(&g->rng, g->t->vocabulary);
	}
}

/* The rows that are hidden, (hidden, width), and what they turn out to be. */
static size_t gather(struct fitting *g, const nn_real *x)
{
	size_t n = 0;

	for (size_t r = 0; r < g->rows; r++) {
		if (g->right[r] == UINT32_MAX)
			continue;
		MEM_GROW(g->hidden, g->cap_hidden, (n + 1) * 2 * g->t->width);
		memcpy(g->hidden + n++ * g->t->width, x + r * g->t->width,
		       g->t->width * sizeof *x);
	}
	MEM_GROW(g->logit, g->cap_logit, n * g->t->vocabulary + 1);
	return n;
}

/* Guesses are products with the table of words. */
static double masked(struct fitting *g)
{
	size_t width = g->t->width, words = g->t->vocabulary, n, at = 0;
	struct transformer_batch b;
	nn_real *dhidden;
	double loss = 0;

	hide(g);
	b = forward(g);
	n = gather(g, transformer_rows(g->t, &b, g->room));
	if (!n)
		return 0;
	dhidden = g->hidden + n * width;
	nn_product(&(struct nn_product){.transpose_b = true, .m = n, .n = words, .k = width,
					.over = 1},
		   g->hidden, g->table, g->logit);
	for (size_t r = 0; r < g->rows; r++) {
		if (g->right[r] == UINT32_MAX)
			continue;
		loss += nn_cross_entropy(words, g->logit + at * words, g->right[r],
					 g->logit + at * words);
		at++;
	}
	nn_product(&(struct nn_product){.m = n, .n = width, .k = words, .over = (nn_real)n},
		   g->logit, g->table, dhidden);
	nn_product(&(struct nn_product){.transpose_a = true, .m = words, .n = width, .k = n,
					.over = (nn_real)n, .beta = 1},
		   g->logit, g->hidden, g->dtable);
	memset(g->dx, 0, g->rows * width * sizeof *g->dx);
	for (size_t r = 0; r < g->rows; r++)
		if (g->right[r] != UINT32_MAX) {
			memcpy(g->dx + r * width, dhidden, width * sizeof *g->dx);
			dhidden += width;
		}
	learn(g, &b);
	return loss / (double)n;
}

/* --- epochs */

static double batch(struct fitting *g, const uint32_t *order, size_t n)
{
	const struct text_fit *f = g->f;

	begin(g);
	if (f->by == TEXT_MASKED) {
		for (size_t i = 0; i < n; i++)
			put_whole(g, order[i]);
		return masked(g);
	}
	for (int side = 0; side < 2; side++)
		for (size_t i = 0; i < n; i++)
			if (f->by == TEXT_CROPS)
				put_crop(g, order[i]);
			else
				put_whole(g, f->pair[order[i]][side]);
	return contrast(g, n);
}

/* How far it is; with the order, the losses, parameters and moments all there is to know. */
struct place {
	uint64_t epoch, at, batches, step;	/* at: texts of the epoch that are behind */
	double sum;				/* of the losses of its batches */
	struct rng rng;
};

struct span {
	void *at;
	size_t bytes;
};
#define SPANS 7

static void spans_of(const struct fitting *g, struct place *p, double *loss, uint32_t *order,
		     struct span out[SPANS])
{
	size_t n = transformer_size(g->t) * sizeof(nn_real);
	size_t words = g->t->vocabulary * g->t->width * sizeof(nn_real);
	size_t texts = g->f->by == TEXT_PAIRS ? g->f->n_pairs : g->f->n;
	const struct span all[SPANS] = {
		{p, sizeof *p}, {loss, g->f->epochs * sizeof *loss},
		{order, texts * sizeof *order}, {g->theta, n}, {g->table, words},
		{g->of_theta.first, 2 * n}, {g->of_table.first, 2 * words},
	};

	memcpy(out, all, sizeof all);
}

/* False: there is nothing to go on from. */
static bool go_on(const struct fitting *g, const struct span at[SPANS])
{
	struct str state = g->f->state;
	size_t bytes = 0;

	for (unsigned i = 0; i < SPANS; i++)
		bytes += at[i].bytes;
	if (state.len != bytes)
		return false;
	for (unsigned i = 0; i < SPANS; i++) {
		memcpy(at[i].at, state.ptr, at[i].bytes);
		state = str_span(state.ptr + at[i].bytes, state.len - at[i].bytes);
	}
	return true;
}

static void keep(struct fitting *g, struct place *p, const struct span at[SPANS])
{
	STRBUF(state);

	if (!g->f->keeper)
		return;
	p->step = g->step;
	p->rng = g->rng;
	for (unsigned i = 0; i < SPANS; i++)
		strbuf_add(&state, str_span(at[i].at, at[i].bytes));
	g->f->keeper->keep(g->f->keeper->ctx, strbuf_str(&state));
}

static void shuffle(struct fitting *g, uint32_t *order, size_t n)
{
	for (size_t i = n; i-- > 1;) {
		size_t j = rng_below(&g->rng, i + 1);
		uint32_t swap = order[i];

		order[i] = order[j];
		order[j] = swap;
	}
}

/* The rest of the epoch in which p is. */
static bool epoch(struct fitting *g, struct place *p, const struct span at[SPANS],
		  struct job *job, struct err *err)
{
	const struct text_fit *f = g->f;
	uint32_t *order = at[2].at;
	size_t n = at[2].bytes / sizeof *order;

	if (!p->at)
		shuffle(g, order, n);
	while (p->at < n) {
		size_t take = n - p->at < f->batch ? n - p->at : f->batch;

		if (take < 2 && p->at)
			break;	/* nothing to be held against */
		p->sum += batch(g, order + p->at, take);
		p->batches++;
		p->at += take;
		job_advance(job, take);
		if (job_cancelled(job) || (f->keeper && f->keeper->due(f->keeper->ctx)))
			keep(g, p, at);
		if (!job_check(job, err))
			return false;
	}
	return true;
}

static bool run(struct fitting *g, double *loss, struct job *job, struct err *err)
{
	const struct text_fit *f = g->f;
	size_t n = f->by == TEXT_PAIRS ? f->n_pairs : f->n;
	SCOPED_FREE uint32_t *order = mem_big(n, sizeof *order, "texts", err);
	struct span at[SPANS];
	struct place p = {0};

	for (size_t i = 0; order && i < n; i++)
		order[i] = (uint32_t)i;
	if (!order)
		return false;
	job_step(job, f->by == TEXT_PAIRS ? "tuning" : "training", (uint64_t)n * f->epochs);
	spans_of(g, &p, loss, order, at);
	if (go_on(g, at)) {
		g->step = p.step;
		g->rng = p.rng;
		job_advance(job, p.epoch * n + p.at);
	}
	for (; p.epoch < f->epochs; p.epoch++) {
		if (!epoch(g, &p, at, job, err))
			return false;
		loss[p.epoch] = p.batches ? p.sum / (double)p.batches : 0;
		p.at = p.batches = 0;
		p.sum = 0;
	}
	return true;
}

static bool make_room(struct fitting *g, struct err *err)
{
	size_t n = transformer_size(g->t), words = g->t->vocabulary * g->t->width;
	size_t spans = 2 * (size_t)g->f->batch, y = spans * g->t->width;

	g->dtheta = mem_big(n, sizeof *g->dtheta, "a network", err);
	g->dtable = mem_big(words, sizeof *g->dtable, "a network", err);
	g->of_theta.first = mem_big(2 * n, sizeof *g->dtheta, "a network", err);
	g->of_table.first = mem_big(2 * words, sizeof *g->dtable, "a network", err);
	g->offset = mem_big(spans + 1, sizeof *g->offset, "a network", err);
	g->y = mem_big(3 * y + spans, sizeof *g->y, "a network", err);
	g->table_room = mem_big((size_t)g->f->batch * g->f->batch, sizeof *g->table_room,
				"a network", err);
	if (!g->dtheta || !g->dtable || !g->of_theta.first || !g->of_table.first ||
	    !g->offset || !g->y || !g->table_room)
		return false;
	g->of_theta.second = g->of_theta.first + n;
	g->of_table.second = g->of_table.first + words;
	g->dy = g->y + y;
	g->back = g->dy + y;
	g->length = g->back + y;
	return true;
}

static void finish(struct fitting *g)
{
	free(g->dtheta);
	free(g->dtable);
	free(g->of_theta.first);
	free(g->of_table.first);
	free(g->offset);
	free(g->y);
	free(g->table_room);
	free(g->hidden);
	free(g->logit);
	free(g->id);
	free(g->right);
	free(g->room.at);
	free(g->dx);
}

bool text_fit(const struct transformer *t, nn_real *theta, nn_real *table,
	      const struct text_fit *f, double *loss, struct work work, struct err *err)
{
	struct fitting g = {.t = t, .f = f, .theta = theta, .table = table};
	size_t n = f->by == TEXT_PAIRS ? f->n_pairs : f->n;
	uint64_t steps = (n + f->batch - 1) / f->batch * f->epochs;
	bool ok = make_room(&g, err);

	assert(f->batch > 1 && n > 0 && t->places > 2);
	g.of_theta.rate = g.of_table.rate = f->rate;
	g.of_theta.decay = f->decay;
	g.of_theta.steps = g.of_table.steps = steps;
	g.of_theta.warm = g.of_table.warm = steps / 20;
	rng_init(&g.rng, f->seed, 0x7866 + f->by);
	ok = ok && run(&g, loss, work.job, err);
	finish(&g);
	return ok;
}
