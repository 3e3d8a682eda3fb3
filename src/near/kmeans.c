/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lloyd 1982, "Least squares quantization in PCM", from the seeds of k-means++ (Arthur and
 * Vassilvitskii 2007: each drawn with a chance of its squared distance to those before):
 *
 *	row x belongs to	argmax over c of x.c - |c|^2 / 2	(= argmin |x - c|)
 *	centre c becomes	the mean of its rows
 *
 * Rows are dealt with in PARTS parts whose number doesn't depend on the threads, so sums
 * are added in one order. A block of rows that may have changed is copied side by side
 * with a 1 behind each, and one product of matrices with the centres, behind each
 * -|c|^2 / 2, gives what is compared.
 */
#include "config.h"

#include "near/kmeans.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/rng.h"
#include "base/scope.h"
#include "math/blas.h"
#include "math/kernel.h"

enum {
	PARTS = 16,
	BLOCK = 256,		/* rows of one product of matrices */
	SEED_BLOCK = 4096,	/* rows of one task of k-means++ */
	SEED_ROWS = 1 << 17,	/* at most so many rows for k-means++ */
};
#define SLACK 4e-6f		/* of lengths: what rounding may hide */

struct clustering {
	const struct kmeans_options *options;
	const struct vectors *v;
	const struct kernels *kernel;
	unsigned k, dim, wide;	/* wide: dim + 1, padded */
	float *centre;		/* (k, dim) */
	float *aside;		/* (k, wide) with -|c|^2 / 2 */
	float *half;		/* (k) half the distance to the nearest other centre */
	float *moved;		/* (k) in the last round */
	float most, second;	/* of moved; which centre moved most */
	unsigned mover;
	uint32_t *cluster;	/* (n) */
	float *upper, *lower;	/* (n) bounds of the distance to its centre, to others */
	double *sum;		/* (k, dim) over members */
	uint32_t *size;		/* (k) */
	double *change;		/* (PARTS, k, dim) of sum */
	int64_t *more;		/* (PARTS, k) of size */
	uint64_t changed[PARTS];
	float *rows, *scores;	/* per thread: (BLOCK, wide), (BLOCK, k) */
	bool first;		/* nobody has a cluster yet */
	struct job *job;
};

static void part_range(const struct clustering *w, size_t part, size_t *from, size_t *end)
{
	*from = w->v->n * part / PARTS;
	*end = w->v->n * (part + 1) / PARTS;
}

static void add_row(double *sum, const float *x, unsigned dim, double sign)
{
	for (unsigned d = 0; d < dim; d++)
		sum[d] += sign * x[d];
}

/* The worker's rows become at[0 .. n), each with a 1 behind, its scores those of all centres. */
static void score_rows(const struct clustering *w, unsigned worker, const size_t *at, size_t n)
{
	float *rows = w->rows + (size_t)worker * BLOCK * w->wide;

	for (size_t i = 0; i < n; i++) {
		memcpy(rows + i * w->wide, vectors_row(w->v, at[i]), w->dim * sizeof *rows);
		rows[i * w->wide + w->dim] = 1;
	}
	blas_sgemm(false, true, n, w->k, w->dim + 1, 1, rows, w->wide, w->aside, w->wide, 0,
		   w->scores + (size_t)worker * BLOCK * w->k, w->k);
}

/* Rows at[0 .. n) get their nearest centre and both bounds. */
static void assign(struct clustering *w, size_t part, unsigned worker, const size_t *at,
		   size_t n)
{
	float *rows = w->rows + (size_t)worker * BLOCK * w->wide;
	float *scores = w->scores + (size_t)worker * BLOCK * w->k;
	double *change = w->change + part * w->k * w->dim;
	int64_t *more = w->more + part * w->k;

	score_rows(w, worker, at, n);
	for (size_t i = 0; i < n; i++) {
		const float *x = rows + i * w->wide;
		float square = w->kernel->dot(x, x, w->dim), top[2];
		uint32_t c = (uint32_t)w->kernel->two(scores + i * w->k, w->k, top);
		float near = square - 2 * top[0], next = square - 2 * top[1];
		float slack = SLACK * (square + fabsf(top[0]));

		w->upper[at[i]] = sqrtf(near + slack > 0 ? near + slack : 0);
		w->lower[at[i]] = sqrtf(next - slack > 0 ? next - slack : 0);
		if (!w->first && w->cluster[at[i]] == c)
			continue;
		if (!w->first) {
			add_row(change + (size_t)w->cluster[at[i]] * w->dim, x, w->dim, -1);
			more[w->cluster[at[i]]]--;
		}
		add_row(change + (size_t)c * w->dim, x, w->dim, 1);
		more[c]++;
		w->cluster[at[i]] = c;
		w->changed[part]++;
	}
}

/* The row may belong to another centre than before. */
static bool doubtful(struct clustering *w, size_t i)
{
	uint32_t c = w->cluster[i];
	float bound;

	w->upper[i] += w->moved[c];
	w->lower[i] -= c == w->mover ? w->second : w->most;
	bound = w->lower[i] > w->half[c] ? w->lower[i] : w->half[c];
	if (w->upper[i] <= bound)
		return false;
	w->upper[i] = sqrtf(w->kernel->l2(vectors_row(w->v, i), w->centre + (size_t)c * w->dim,
					  w->dim)) * (1 + SLACK);
	return w->upper[i] > bound;
}

static void assign_part(void *ctx, size_t part, unsigned worker)
{
	struct clustering *w = ctx;
	size_t from, end, at[BLOCK], n = 0;

	part_range(w, part, &from, &end);
	w->changed[part] = 0;
	memset(w->change + part * w->k * w->dim, 0, (size_t)w->k * w->dim * sizeof(double));
	memset(w->more + part * w->k, 0, w->k * sizeof(int64_t));
	for (size_t i = from; i < end; i++) {
		if (w->first || doubtful(w, i))
			at[n++] = i;
		if (n == BLOCK) {
			if (job_cancelled(w->job))
				return;
			assign(w, part, worker, at, n);
			n = 0;
		}
	}
	if (n)
		assign(w, part, worker, at, n);
}

/* The row farthest from its centre, of a cluster that has others. */
static size_t farthest(const struct clustering *w)
{
	size_t best = 0;
	float most = -1;

	for (size_t i = 0; i < w->v->n; i++)
		if (w->upper[i] > most && w->size[w->cluster[i]] > 1) {
			most = w->upper[i];
			best = i;
		}
	return best;
}

static void fill_empty(struct clustering *w)
{
	for (unsigned c = 0; c < w->k; c++) {
		size_t i;
		uint32_t old;

		if (w->size[c])
			continue;
		i = farthest(w);
		old = w->cluster[i];
		add_row(w->sum + (size_t)old * w->dim, vectors_row(w->v, i), w->dim, -1);
		add_row(w->sum + (size_t)c * w->dim, vectors_row(w->v, i), w->dim, 1);
		w->size[old]--;
		w->size[c] = 1;
		w->cluster[i] = c;
		w->upper[i] = 0;
		w->lower[i] = 0;
	}
}

/* What the search wants to know of the centres. */
static void look_at_centres(struct clustering *w)
{
	for (unsigned c = 0; c < w->k; c++) {
		float *to = w->aside + (size_t)c * w->wide;
		const float *from = w->centre + (size_t)c * w->dim;

		memcpy(to, from, w->dim * sizeof *to);
		to[w->dim] = -w->kernel->dot(from, from, w->dim) / 2;
		w->half[c] = FLT_MAX;
	}
	for (unsigned c = 1; c < w->k; c++)
		for (unsigned b = 0; b < c; b++) {
			float d = sqrtf(w->kernel->l2(w->centre + (size_t)c * w->dim,
						      w->centre + (size_t)b * w->dim,
						      w->dim)) / 2 * (1 - SLACK);

			w->half[c] = d < w->half[c] ? d : w->half[c];
			w->half[b] = d < w->half[b] ? d : w->half[b];
		}
}

/* Centres become means of their members. */
static void move_centres(struct clustering *w)
{
	size_t cells = (size_t)w->k * w->dim;

	for (unsigned part = 0; part < PARTS; part++) {
		for (size_t i = 0; i < cells; i++)
			w->sum[i] += w->change[part * cells + i];
		for (unsigned c = 0; c < w->k; c++)
			w->size[c] += (uint32_t)w->more[part * w->k + c];
	}
	fill_empty(w);
	w->most = w->second = 0;
	w->mover = 0;
	for (unsigned c = 0; c < w->k; c++) {
		float *to = w->centre + (size_t)c * w->dim;
		double far = 0;

		for (unsigned d = 0; d < w->dim; d++) {
			float x = (float)(w->sum[(size_t)c * w->dim + d] / w->size[c]);

			far += ((double)x - to[d]) * ((double)x - to[d]);
			to[d] = x;
		}
		w->moved[c] = (float)sqrt(far) * (1 + SLACK);
		if (w->moved[c] > w->most) {
			w->second = w->most;
			w->most = w->moved[c];
			w->mover = c;
		} else if (w->moved[c] > w->second) {
			w->second = w->moved[c];
		}
	}
	look_at_centres(w);
}

static bool assign_all(struct clustering *w, struct pool *pool, uint64_t *changed,
		       struct err *err)
{
	pool_run(pool, PARTS, assign_part, w);
	w->first = false;
	*changed = 0;
	for (unsigned part = 0; part < PARTS; part++)
		*changed += w->changed[part];
	return job_check(w->job, err);
}

/* --- the first centres */

struct seeding {
	const struct vectors *v;
	const struct kernels *kernel;
	const float *last;	/* the newest centre */
	const uint32_t *row;	/* (n) */
	float *nearest;		/* (n) squared distance to the nearest centre */
	double *weight;		/* per block */
	size_t n;
	bool first;
};

static void seed_block(void *ctx, size_t task, unsigned worker)
{
	struct seeding *s = ctx;
	size_t end = (task + 1) * SEED_BLOCK < s->n ? (task + 1) * SEED_BLOCK : s->n;
	double sum = 0;

	(void)worker;
	for (size_t i = task * SEED_BLOCK; i < end; i++) {
		float d = s->kernel->l2(vectors_row(s->v, s->row[i]), s->last, s->v->dim);

		if (s->first || d < s->nearest[i])
			s->nearest[i] = d;
		sum += s->nearest[i];
	}
	s->weight[task] = sum;
}

/* Drawn with a chance that grows with the squared distance to the nearest centre. */
static size_t draw_row(const struct seeding *s, struct rng *rng)
{
	size_t blocks = (s->n + SEED_BLOCK - 1) / SEED_BLOCK, b = 0, i;
	double all = 0, x;

	for (size_t t = 0; t < blocks; t++)
		all += s->weight[t];
	if (!(all > 0))
		return rng_below(rng, s->n);	/* all rows are centres: take any */
	x = rng_real(rng) * all;
	while (b + 1 < blocks && x >= s->weight[b])
		x -= s->weight[b++];
	for (i = b * SEED_BLOCK; i + 1 < s->n && x >= s->nearest[i]; i++)
		x -= s->nearest[i];
	return i;
}

/* n of [0, of), ascending. */
static void draw_sample(uint32_t *row, size_t n, size_t of, struct rng *rng)
{
	for (size_t i = 0, left = n; left; i++)
		if (rng_below(rng, of - i) < left) {
			row[n - left] = (uint32_t)i;
			left--;
		}
}

static bool plus_plus(struct clustering *w, uint64_t seed, struct pool *pool,
		      struct err *err)
{
	struct seeding s = {.v = w->v, .kernel = w->kernel};
	size_t want = (size_t)w->k * KMEANS_SAMPLE;
	SCOPED_FREE uint32_t *row = NULL;
	SCOPED_FREE float *nearest = NULL;
	SCOPED_FREE double *weight = NULL;
	struct rng rng;

	want = want < SEED_ROWS ? want : w->k > SEED_ROWS ? w->k : SEED_ROWS;
	s.n = w->v->n < want ? w->v->n : want;
	row = mem_big(s.n, sizeof *row, "first centres", err);
	nearest = mem_big(s.n, sizeof *nearest, "first centres", err);
	weight = mem_big(s.n / SEED_BLOCK + 1, sizeof *weight, "first centres", err);
	if (!row || !nearest || !weight)
		return false;
	rng_init(&rng, seed, 0x6b6d);
	draw_sample(row, s.n, w->v->n, &rng);
	s.row = row;
	s.nearest = nearest;
	s.weight = weight;
	for (unsigned c = 0; c < w->k; c++) {
		size_t i = c ? draw_row(&s, &rng) : rng_below(&rng, s.n);

		memcpy(w->centre + (size_t)c * w->dim, vectors_row(w->v, row[i]),
		       w->dim * sizeof *w->centre);
		s.last = w->centre + (size_t)c * w->dim;
		s.first = c == 0;
		pool_run(pool, (s.n + SEED_BLOCK - 1) / SEED_BLOCK, seed_block, &s);
		if (!job_check(w->job, err))
			return false;
	}
	return true;
}

/* --- rounds */

static bool lloyd(struct clustering *w, unsigned *rounds, struct pool *pool, struct err *err)
{
	uint64_t changed = 1;

	for (*rounds = 0; *rounds < w->options->rounds; ++*rounds) {
		if (!assign_all(w, pool, &changed, err))
			return false;
		if (!changed)
			return true;
		move_centres(w);
		job_advance(w->job, 1);
	}
	return assign_all(w, pool, &changed, err);
}

/* Centres move to each row of the batch by 1 over the rows they have seen. */
static void learn(struct clustering *w, const size_t *at, size_t n, double *seen)
{
	float *rows = w->rows, *scores = w->scores, top[2];

	score_rows(w, 0, at, n);
	for (size_t i = 0; i < n; i++) {
		size_t c = w->kernel->two(scores + i * w->k, w->k, top);
		float *to = w->centre + c * w->dim, step = (float)(1 / ++seen[c]);

		for (unsigned d = 0; d < w->dim; d++)
			to[d] += step * (rows[i * w->wide + d] - to[d]);
	}
}

static bool mini_batches(struct clustering *w, unsigned *rounds, struct pool *pool,
			 struct err *err)
{
	SCOPED_FREE double *seen = mem_zalloc(w->k * sizeof *seen);
	size_t at[BLOCK];
	uint64_t changed;
	struct rng rng;

	rng_init(&rng, w->options->seed, 0x6d62);
	for (*rounds = 0; *rounds < w->options->rounds; ++*rounds) {
		for (size_t done = 0; done < w->options->batch; done += BLOCK) {
			size_t n = w->options->batch - done < BLOCK ? w->options->batch - done
								    : BLOCK;

			for (size_t i = 0; i < n; i++)
				at[i] = rng_below(&rng, w->v->n);
			learn(w, at, n, seen);
		}
		look_at_centres(w);
		job_advance(w->job, 1);
		if (!job_check(w->job, err))
			return false;
	}
	return assign_all(w, pool, &changed, err);
}

static bool clustering_init(struct clustering *w, unsigned threads, struct err *err)
{
	size_t n = w->v->n, cells = (size_t)w->k * w->dim;
	const char *what = "clusters";

	w->wide = (w->dim + 16) / 16 * 16;
	w->centre = mem_big(cells, sizeof *w->centre, what, err);
	w->aside = mem_big((size_t)w->k * w->wide, sizeof *w->aside, what, err);
	w->half = mem_big(w->k, sizeof *w->half, what, err);
	w->moved = mem_big(w->k, sizeof *w->moved, what, err);
	w->cluster = mem_big(n, sizeof *w->cluster, what, err);
	w->upper = mem_big(n, sizeof *w->upper, what, err);
	w->lower = mem_big(n, sizeof *w->lower, what, err);
	w->sum = mem_big(cells, sizeof *w->sum, what, err);
	w->size = mem_big(w->k, sizeof *w->size, what, err);
	w->change = mem_big(PARTS * cells, sizeof *w->change, what, err);
	w->more = mem_big((size_t)PARTS * w->k, sizeof *w->more, what, err);
	w->rows = mem_big((size_t)threads * BLOCK * w->wide, sizeof *w->rows, what, err);
	w->scores = mem_big((size_t)threads * BLOCK * w->k, sizeof *w->scores, what, err);
	return w->centre && w->aside && w->half && w->moved && w->cluster && w->upper &&
	       w->lower && w->sum && w->size && w->change && w->more && w->rows && w->scores;
}

static void clustering_finish(struct clustering *w)
{
	free(w->centre);
	free(w->aside);
	free(w->half);
	free(w->moved);
	free(w->cluster);
	free(w->upper);
	free(w->lower);
	free(w->sum);
	free(w->size);
	free(w->change);
	free(w->more);
	free(w->rows);
	free(w->scores);
}

static void take(struct kmeans *m, struct clustering *w)
{
	memset(w->size, 0, w->k * sizeof *w->size);
	m->inertia = 0;
	for (size_t i = 0; i < w->v->n; i++) {
		double square = w->kernel->l2(vectors_row(w->v, i), w->centre +
					      (size_t)w->cluster[i] * w->dim, w->dim);

		m->inertia += square;
		w->upper[i] = (float)sqrt(square);
		w->size[w->cluster[i]]++;
	}
	m->k = w->k;
	m->dim = w->dim;
	m->centre = w->centre;
	m->cluster = w->cluster;
	m->distance = w->upper;
	m->size = w->size;
	w->centre = w->upper = NULL;
	w->cluster = w->size = NULL;
}

bool kmeans_make(struct kmeans *m, const struct vectors *v,
		 const struct kmeans_options *o, struct work work, struct err *err)
{
	struct clustering w = {.options = o,
			       .v = v,
			       .kernel = kernels_best(),
			       .k = o->k,
			       .dim = v->dim,
			       .first = true,
			       .job = work.job};
	unsigned rounds = 0;
	bool ok;

	assert(v->dim > 0 && v->stride >= v->dim);
	if (!o->k || o->k > v->n)
		return err_fail(err, ERR_USAGE, "%u clusters can't be made of %zu vectors",
				o->k, v->n);
	if (!blas_load(err))
		return false;
	job_step(work.job, "clustering", o->rounds);
	ok = clustering_init(&w, pool_threads(work.pool), err);
	if (ok && o->start)
		memcpy(w.centre, o->start, (size_t)w.k * w.dim * sizeof *w.centre);
	else if (ok)
		ok = plus_plus(&w, o->seed, work.pool, err);
	if (ok) {
		look_at_centres(&w);
		ok = o->batch ? mini_batches(&w, &rounds, work.pool, err)
			      : lloyd(&w, &rounds, work.pool, err);
	}
	if (ok) {
		*m = (struct kmeans){.rounds = rounds};
		take(m, &w);
	}
	clustering_finish(&w);
	return ok;
}

void kmeans_finish(struct kmeans *m)
{
	free(m->centre);
	free(m->cluster);
	free(m->distance);
	free(m->size);
	*m = (struct kmeans){0};
}
