/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each step: the shares of a batch run through the tower and back (nn_batch), the slopes at
 * the table's end are kept side by side and then added up for each of the table's rows that
 * the batch has, in the order of the batch whatever the thread.
 */
#include "config.h"

#include "learn/fit.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/rng.h"
#include "base/scope.h"

#define SLICE 64u	/* rows of the table that a task moves */
#define HELD 20u	/* every so many units one is held out */
#define CLIP 5.0	/* longest slope of the parameters but the table */
#define CHUNK 256u	/* products whose vectors are made together */

enum stream { STREAM_SHUFFLE = 1, STREAM_UNIT, STREAM_HELD };

/* A worker's. */
struct worker {
	struct tower_room room;	/* d1 is taken from the batch */
	nn_real *dy;
	nn_real *all;		/* what these lie in */
};

struct fitting {
	struct fit_net *net;
	const struct nn_bags *bags;
	const struct fit_task *task;
	const struct fit_options *o;
	size_t size;		/* of theta */
	uint32_t *unit;		/* (units) shuffled; the held-out ones last */
	size_t learnt;		/* units that aren't held out */
	size_t each, asked;	/* units of an epoch, and of those held out */
	struct worker *worker;
	uint32_t *row;		/* (batch, per) */
	nn_real *d1;		/* (batch, per, hidden) */
	nn_real *slope;
	struct nn_turned touched;	/* rows of the table that the batch has */
	struct nn_adam of_theta, of_table;
	struct nn_batch batch;
	uint64_t t;
	/* of the batch that is being run */
	const uint32_t *now;
	uint64_t epoch;
	bool learning;
	struct pool *pool;
	nn_real *best_theta, *best_table;
};

bool fit_net_make(struct fit_net *n, const struct tower *t, size_t extra, uint64_t seed,
		  struct err *err)
{
	*n = (struct fit_net){.tower = *t};
	n->theta = mem_big(tower_size(t) + extra, sizeof *n->theta, "a network", err);
	n->table = mem_big(t->features * t->hidden, sizeof *n->table, "a network", err);
	n->mean = mem_zalloc(t->dim * sizeof *n->mean);
	n->inverse = mem_zalloc(t->dim * sizeof *n->inverse);
	if (!n->theta || !n->table) {
		fit_net_finish(n);
		return false;
	}
	tower_begin(t, seed, n->theta, n->table);
	return true;
}

void fit_net_finish(struct fit_net *n)
{
	free(n->theta);
	free(n->table);
	free(n->mean);
	free(n->inverse);
	*n = (struct fit_net){0};
}

/* --- room */

static bool worker_make(struct worker *w, const struct tower *t, size_t rows, struct err *err)
{
	size_t h = rows * t->hidden, d = rows * t->dim;
	nn_real *at = w->all = mem_big(3 * h + 4 * d + 2 * t->dim, sizeof *at, "a network",
				       err);

	if (!at)
		return false;
	w->room.h1 = at;
	w->room.h2 = at + h;
	w->room.d2 = at + 2 * h;
	w->room.raw = at + 3 * h;
	w->room.y = w->room.raw + d;
	w->room.draw = w->room.y + d;
	w->dy = w->room.draw + d;
	w->room.mean = w->dy + d;
	w->room.inverse = w->room.mean + t->dim;
	return true;
}

static bool workers_make(struct worker **w, const struct tower *t, size_t rows,
			 struct pool *pool, struct err *err)
{
	unsigned n = pool_threads(pool);
	bool ok = true;

	*w = mem_zalloc(n * sizeof **w);
	for (unsigned i = 0; ok && i < n; i++)
		ok = worker_make(&(*w)[i], t, rows, err);
	return ok;
}

static void workers_finish(struct worker *w, struct pool *pool)
{
	for (unsigned i = 0; w && i < pool_threads(pool); i++)
		free(w[i].all);
	free(w);
}

/* Room for the entries of the longest rows. */
static bool turned_make(struct fitting *f, size_t rows, struct err *err)
{
	struct nn_turned *t = &f->touched;
	size_t features = f->net->tower.features, longest = 0;
	const char *what = "a network";

	for (uint32_t r = 0; r < f->task->products; r++) {
		size_t n = f->bags->offsets[r + 1] - f->bags->offsets[r];

		longest = n > longest ? n : longest;
	}
	return (t->place = mem_big(features, sizeof *t->place, what, err)) &&
	       (t->row = mem_big(features, sizeof *t->row, what, err)) &&
	       (t->offsets = mem_big(features + 1, sizeof *t->offsets, what, err)) &&
	       (t->column = mem_big(rows * longest + 1, sizeof *t->column, what, err)) &&
	       (t->value = mem_big(rows * longest + 1, sizeof *t->value, what, err));
}

static bool make_room(struct fitting *f, struct err *err)
{
	const struct tower *t = &f->net->tower;
	size_t rows = f->o->batch * f->task->per, table = t->features * t->hidden;
	size_t shares = (f->o->batch + FIT_SHARE - 1) / FIT_SHARE;
	const char *what = "a network";

	f->size = tower_size(t) + f->task->extra;
	return (f->unit = mem_big(f->task->units, sizeof *f->unit, what, err)) &&
	       (f->row = mem_big(rows, sizeof *f->row, what, err)) &&
	       (f->d1 = mem_big(rows * t->hidden, sizeof *f->d1, what, err)) &&
	       (f->slope = mem_big(f->size, sizeof *f->slope, what, err)) &&
	       turned_make(f, rows, err) &&
	       (f->of_theta.first = mem_big(f->size, sizeof(nn_real), what, err)) &&
	       (f->of_theta.second = mem_big(f->size, sizeof(nn_real), what, err)) &&
	       (f->of_table.first = mem_big(table, sizeof(nn_real), what, err)) &&
	       (f->of_table.second = mem_big(table, sizeof(nn_real), what, err)) &&
	       (f->best_theta = mem_big(f->size, sizeof(nn_real), what, err)) &&
	       (f->best_table = mem_big(table, sizeof(nn_real), what, err)) &&
	       (f->batch.room = mem_big(shares * f->size, sizeof(nn_real), what, err)) &&
	       (f->batch.loss = mem_big(shares, sizeof(double), what, err)) &&
	       workers_make(&f->worker, t, FIT_SHARE * f->task->per, f->pool, err);
}

static void finish(struct fitting *f)
{
	free(f->unit);
	free(f->row);
	free(f->d1);
	free(f->slope);
	free(f->touched.place);
	free(f->touched.row);
	free(f->touched.offsets);
	free(f->touched.column);
	free(f->touched.value);
	free(f->of_theta.first);
	free(f->of_theta.second);
	free(f->of_table.first);
	free(f->of_table.second);
	free(f->best_theta);
	free(f->best_table);
	free(f->batch.room);
	free(f->batch.loss);
	workers_finish(f->worker, f->pool);
}

/* --- a batch */

/* Units [from, to) of the batch: forwards, and back where it learns. */
static double share(void *ctx, size_t from, size_t to, nn_real *d, unsigned worker)
{
	struct fitting *f = ctx;
	const struct tower *t = &f->net->tower;
	size_t per = f->task->per, rows = (to - from) * per, own = tower_size(t);
	struct worker *w = &f->worker[worker];
	uint32_t *row = f->row + from * per;
	const struct tower_input in = {f->bags, row, rows};
	struct fit_units u = {.unit = f->now + from, .n = to - from, .row = row,
			      .extra = f->net->theta + own, .learning = f->learning,
			      .worker = worker};
	struct rng rng;
	double loss;

	rng_init(&rng, f->o->seed, (f->epoch << 40 | (uint64_t)(f->now - f->unit + from)) * 4 +
				   (f->learning ? STREAM_UNIT : STREAM_HELD));
	u.rng = &rng;
	for (size_t i = 0; i < u.n; i++)
		f->task->draw(f->task->ctx, u.unit[i], &rng, row + i * per);
	w->room.d1 = f->d1 + from * per * t->hidden;
	tower_forward(t, (struct tower_weights){f->net->theta, f->net->table}, &in, &w->room);
	u.y = w->room.y;
	memset(d + own, 0, f->task->extra * sizeof *d);
	loss = f->task->loss(f->task->ctx, &u, w->dy, d + own);
	if (f->learning)
		tower_back(t, f->net->theta, rows, w->dy, &w->room, d);
	else
		memset(d, 0, own * sizeof *d);
	return loss;
}

/* Rows of the table get the sums of their slopes, and are moved by them at once. */
static void slice(void *ctx, size_t task, unsigned worker)
{
	struct fitting *f = ctx;
	const struct nn_bags bags = nn_turned_bags(&f->touched);
	const struct nn_table by = {f->d1, f->net->tower.hidden};
	nn_real *d = f->worker[worker].room.h2;	/* spent */
	uint32_t from = (uint32_t)task * SLICE, to = (uint32_t)f->touched.n;

	to = to - from < SLICE ? to : from + SLICE;
	for (uint32_t i = from; i < to; i++) {
		size_t at = f->touched.row[i] * by.width;

		memset(d, 0, by.width * sizeof *d);
		nn_bag(&bags, (struct nn_ids){&i, 1}, by, d);
		for (size_t j = 0; j < by.width; j++)
			d[j] /= (nn_real)f->batch.rows;
		nn_adam(&f->of_table, f->t, at, by.width, d, f->net->table + at);
	}
}

static double run_batch(struct fitting *f, const uint32_t *unit, size_t n)
{
	f->now = unit;
	f->batch.rows = n;
	f->batch.share = FIT_SHARE;
	f->batch.n = f->size;
	f->batch.gradient = share;
	f->batch.ctx = f;
	return nn_batch(&f->batch, f->slope, f->pool);
}

static double learn(struct fitting *f, const uint32_t *unit, size_t n)
{
	double loss = run_batch(f, unit, n);

	for (size_t i = 0; i < f->size; i++)
		f->slope[i] /= (nn_real)n;
	nn_clip(f->size, CLIP, f->slope);
	f->t++;
	nn_adam(&f->of_theta, f->t, 0, f->size, f->slope, f->net->theta);
	nn_turn(f->bags, (struct nn_ids){f->row, n * f->task->per}, &f->touched);
	pool_run(f->pool, (f->touched.n + SLICE - 1) / SLICE, slice, f);
	return loss;
}

/* --- epochs */

static void shuffle(uint32_t *x, size_t n, struct rng *rng)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = rng_below(rng, i);
		uint32_t was = x[i - 1];

		x[i - 1] = x[j];
		x[j] = was;
	}
}

/* Mean loss over units [from, to) of the list; false when cancelled. */
static bool pass(struct fitting *f, size_t from, size_t to, double *mean, struct job *job,
		 struct err *err)
{
	double sum = 0;

	for (size_t at = from; at < to; at += f->o->batch) {
		size_t n = to - at < f->o->batch ? to - at : f->o->batch;

		sum += f->learning ? learn(f, f->unit + at, n) : run_batch(f, f->unit + at, n);
		if (f->learning)
			job_advance(job, n);
		if (!job_check(job, err))
			return false;
	}
	*mean = to > from ? sum / (double)(to - from) : 0;
	return true;
}

static void copy(struct fitting *f, bool back)
{
	size_t table = f->net->tower.features * f->net->tower.hidden;

	memcpy(back ? f->net->theta : f->best_theta, back ? f->best_theta : f->net->theta,
	       f->size * sizeof(nn_real));
	memcpy(back ? f->net->table : f->best_table, back ? f->best_table : f->net->table,
	       table * sizeof(nn_real));
}

static bool run_epochs(struct fitting *f, struct fit_result *r, struct job *job,
		       struct err *err)
{
	struct rng rng;

	rng_init(&rng, f->o->seed, STREAM_SHUFFLE);
	shuffle(f->unit, f->task->units, &rng);
	job_step(job, "training", (uint64_t)f->each * f->o->epochs);
	for (unsigned e = 0; e < f->o->epochs; e++) {
		f->epoch = e;
		f->learning = true;
		shuffle(f->unit, f->learnt, &rng);
		if (!pass(f, 0, f->each, &r->loss[e], job, err))
			return false;
		f->learning = false;
		f->epoch = 0;	/* the same draws for the held-out ones each time */
		if (!pass(f, f->learnt, f->learnt + f->asked, &r->held[e], job, err))
			return false;
		r->epochs = e + 1;
		if (e == 0 || r->held[e] < r->held[r->best] || f->o->patience == 0) {
			r->best = e;
			copy(f, false);
		}
		if (f->o->patience && e - r->best >= f->o->patience)
			break;
	}
	copy(f, true);
	return true;
}

/* Which units are learnt from, and how the rate goes. */
static void plan(struct fitting *f)
{
	const struct fit_options *o = f->o;
	size_t units = f->task->units, held = units / HELD, steps;

	for (size_t i = 0; i < units; i++)
		f->unit[i] = (uint32_t)i;
	f->learnt = f->each = units - held;
	f->asked = held;
	if (o->most && o->most < f->learnt) {
		f->each = o->most;
		f->asked = o->most / (HELD - 1) < held ? o->most / (HELD - 1) : held;
	}
	steps = (f->each + o->batch - 1) / o->batch * o->epochs;
	f->of_theta.rate = f->of_table.rate = o->rate;
	f->of_theta.decay = o->decay;
	f->of_theta.steps = f->of_table.steps = steps;
	f->of_theta.warm = f->of_table.warm = steps / 20;
}

bool fit_run(struct fit_net *n, const struct nn_bags *bags, const struct fit_task *task,
	     const struct fit_options *o, struct fit_result *result, struct work work,
	     struct err *err)
{
	struct fitting f = {
		.net = n, .bags = bags, .task = task, .o = o, .pool = work.pool};
	bool ok = make_room(&f, err);

	assert(o->batch > 0);
	result->epochs = result->best = 0;
	if (ok) {
		plan(&f);
		ok = run_epochs(&f, result, work.job, err);
	}
	finish(&f);
	return ok;
}

/* --- all vectors */

struct making {
	const struct fit_net *net;
	const struct nn_bags *bags;
	struct worker *worker;
	float *vectors;		/* (products, dim) raw, then normed */
	uint32_t products;
};

static void make_chunk(void *ctx, size_t task, unsigned worker)
{
	const struct making *m = ctx;
	const struct tower *t = &m->net->tower;
	struct worker *w = &m->worker[worker];
	uint32_t row[CHUNK], from = (uint32_t)task * CHUNK, n = m->products - from;

	n = n < CHUNK ? n : CHUNK;
	for (uint32_t i = 0; i < n; i++)
		row[i] = from + i;
	tower_raw(t, (struct tower_weights){m->net->theta, m->net->table},
		  &(struct tower_input){m->bags, row, n}, &w->room);
	memcpy(m->vectors + (size_t)from * t->dim, w->room.raw, n * t->dim * sizeof(float));
}

static void norm_chunk(void *ctx, size_t task, unsigned worker)
{
	const struct making *m = ctx;
	const struct tower *t = &m->net->tower;
	uint32_t from = (uint32_t)task * CHUNK, n = m->products - from;
	struct tower_room room = {.raw = m->vectors + (size_t)from * t->dim,
				  .y = m->worker[worker].room.y,
				  .mean = m->net->mean, .inverse = m->net->inverse};

	n = n < CHUNK ? n : CHUNK;
	tower_fixed(t, m->net->theta, n, &room);
	memcpy(room.raw, room.y, n * t->dim * sizeof(float));
}

/* Mean and inverse deviation of the rows, each with its weight. */
static void weigh(const struct making *m, const float *weight)
{
	size_t dim = m->net->tower.dim;

	for (size_t d = 0; d < dim; d++) {
		double n = 0, sum = 0, square = 0;

		for (uint32_t p = 0; p < m->products; p++) {
			double x = m->vectors[p * dim + d], w = weight ? weight[p] : 1;

			n += w;
			sum += w * x;
			square += w * x * x;
		}
		if (!(n > 0))
			n = 1;
		m->net->mean[d] = (nn_real)(sum / n);
		square = square / n - sum / n * (sum / n);
		m->net->inverse[d] = (nn_real)(1 / sqrt((square > 0 ? square : 0) + 1e-5));
	}
}

bool fit_vectors(struct fit_net *n, const struct nn_bags *bags, const float *weight,
		 uint32_t products, float *vectors, struct pool *pool, struct err *err)
{
	size_t tasks = (products + CHUNK - 1) / CHUNK;
	struct making m = {n, bags, NULL, vectors, products};
	bool ok = workers_make(&m.worker, &n->tower, CHUNK, pool, err);

	if (ok) {
		pool_run(pool, tasks, make_chunk, &m);
		weigh(&m, weight);
		pool_run(pool, tasks, norm_chunk, &m);
	}
	workers_finish(m.worker, pool);
	return ok;
}
