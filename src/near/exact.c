/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The k greatest of s(q, x) over all rows x, with s as in near/space. Few queries scan the
 * rows, a chunk of them to a task; where the space has codes (near/coarse) these are scanned
 * and only rows whose score may be among the best are looked at. Many are tiles of a product
 * of matrices, Q X': for l2 |q|^2 - 2 q.x + |x|^2; those k + 8 that are best there are scored
 * again as the scan does.
 */
#include "config.h"

#include "near/exact.h"

#include <assert.h>
#include <stdatomic.h>

#include "base/err.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/scope.h"
#include "math/blas.h"
#include "near/coarse.h"

enum {
	FEW = 4,		/* queries that are scanned for one by one */
	CHUNK = COARSE_BLOCK,	/* rows scored at once by a scan: their scores stay in L1 */
	TASK_CHUNKS = 16,	/* chunks of one task */
	TILE_Q = 256,		/* queries and rows of one product of matrices */
	TILE_R = 1024,
	MORE = 8,		/* candidates beyond k that a batch scores again */
};

/* --- one query: a scan, each worker over its own rows --- */

struct scan {
	const struct space *s;
	const uint64_t *allow;
	uint32_t skip;
	const float *query;	/* as space_query makes it */
	struct topk *best;	/* (workers) */
	const struct coarse_query *coded;	/* NULL: floats are scanned */
	_Atomic float *floor;	/* no worker needs what is below */
};

static float floor_of(const struct scan *c, const struct topk *best)
{
	float known = atomic_load_explicit(c->floor, memory_order_relaxed);
	float own = topk_floor(best);

	while (own > known &&
	       !atomic_compare_exchange_weak_explicit(c->floor, &known, own,
						      memory_order_relaxed,
						      memory_order_relaxed))
		;
	return own > known ? own : known;
}

static uint64_t allowed_word(const struct scan *c, size_t word)
{
	uint64_t bits = c->allow ? c->allow[word] : ~UINT64_C(0);
	if (c->s->present)
		bits &= c->s->present[word];
	if (word == c->s->v.n / 64)
		bits &= (UINT64_C(1) << c->s->v.n % 64) - 1;
	return bits;
}

/* The rows of a chunk that may be answers, ascending. */
static size_t list_allowed(const struct scan *c, size_t first, size_t n, uint32_t *rows)
{
	size_t count = 0;
	for (size_t w = first / 64; w * 64 < first + n; w++)
		for (uint64_t bits = allowed_word(c, w); bits; bits &= bits - 1)
			rows[count++] = (uint32_t)(w * 64 + (size_t)__builtin_ctzll(bits));
	return count;
}

static void scan_chunk(const struct scan *c, size_t first, size_t n, struct topk *best)
{
	float scores[CHUNK];
	uint32_t at[CHUNK + 16], rows[CHUNK];
	bool all = !c->allow && !c->s->present;
	size_t count = all ? n : list_allowed(c, first, n, rows);
	if (all || count == n)
		space_scores(c->s, c->query, first, n, scores);
	else
		space_scores_at(c->s, c->query, rows, count, scores);
	size_t over = c->s->kernel->over(scores, count, floor_of(c, best), at);
	for (size_t i = 0; i < over; i++) {
		uint32_t row = all ? (uint32_t)first + at[i] : rows[at[i]];
		if (row != c->skip)
			topk_push(best, row, scores[at[i]]);
	}
}

/* The same by codes: what they say is no less than the score. */
static void scan_codes(const struct scan *c, size_t first, size_t n, struct topk *best)
{
	const struct coarse *codes = c->s->coarse;
	struct code_query q = c->coded->kernel;
	float scores[CHUNK];
	uint32_t at[CHUNK + 16], count = 0;
	size_t over;

	q.plus = coarse_plus(c->coded, codes->spread[first / COARSE_BLOCK]);
	c->s->kernel->codes(&q, codes->code + first * q.width, codes->weight + first, n,
			    scores);
	over = c->s->kernel->over(scores, n, floor_of(c, best), at);
	for (size_t i = 0; i < over; i++) {
		uint32_t row = (uint32_t)first + at[i];

		if (row != c->skip && bits_has(c->allow, row) && space_has(c->s, row))
			at[count++] = row;
	}
	space_scores_at(c->s, c->query, at, count, scores);
	for (size_t i = 0; i < count; i++)
		topk_push(best, at[i], scores[i]);
}

/* Where few are allowed their floats are less to read than all codes. */
static bool crowded(const struct scan *c, size_t first, size_t n)
{
	size_t count = 0;

	if (!c->allow)
		return true;
	for (size_t w = first / 64; w * 64 < first + n; w++)
		count += (size_t)__builtin_popcountll(allowed_word(c, w));
	return count > n / 4;
}

static void scan_task(void *ctx, size_t task, unsigned worker)
{
	const struct scan *c = ctx;
	size_t end = (task + 1) * TASK_CHUNKS * CHUNK;
	if (end > c->s->v.n)
		end = c->s->v.n;
	for (size_t i = task * TASK_CHUNKS * CHUNK; i < end; i += CHUNK) {
		size_t n = end - i < CHUNK ? end - i : CHUNK;

		if (c->coded && crowded(c, i, n))
			scan_codes(c, i, n, &c->best[worker]);
		else
			scan_chunk(c, i, n, &c->best[worker]);
	}
}

static bool scan(const struct space *s, const struct near_query *q, size_t i,
		 struct hit *hits, uint32_t *found, struct pool *pool, struct err *err)
{
	unsigned workers = pool_threads(pool);
	size_t tasks = (s->v.n + TASK_CHUNKS * CHUNK - 1) / (TASK_CHUNKS * CHUNK);
	SCOPED_FREE struct hit *kept = mem_big(workers * q->k, sizeof *kept, "answers", err);
	SCOPED_FREE struct topk *best = mem_alloc(workers * sizeof *best);
	SCOPED_FREE float *query = mem_alloc(s->v.dim * sizeof *query);
	if (!kept)
		return false;
	space_query(s, q->q + i * q->stride, query);
	for (unsigned w = 0; w < workers; w++)
		topk_init(&best[w], kept + w * q->k, q->k);
	_Atomic float least = -INFINITY;
	struct scan c = {
		.s = s, .allow = q->allow, .skip = q->skip ? q->skip[i] : NEAR_NONE,
		.query = query, .best = best, .floor = &least,
	};
	struct coarse_query coded;
	SCOPED_FREE int16_t *words = mem_alloc(coarse_width(s->v.dim) * sizeof *words);
	if (s->coarse && coarse_query(&coded, query, s->v.dim, words))
		c.coded = &coded;
	pool_run(pool, tasks, scan_task, &c);
	struct topk all;
	topk_init(&all, hits + i * q->k, q->k);
	for (unsigned w = 0; w < workers; w++)
		for (size_t h = 0; h < best[w].n; h++)
			topk_push(&all, best[w].hits[h].id, best[w].hits[h].score);
	topk_sort(&all);
	found[i] = (uint32_t)all.n;
	return true;
}

/* --- many queries: products of a tile of queries with a tile of rows --- */

struct batch {
	const struct space *s;
	const struct near_query *q;
	const uint32_t *rows;	/* (n_rows) that may be answers, or NULL: all */
	size_t n_rows, width;	/* of a row in a tile: dim, one more for l2 */
	struct hit *hits;
	uint32_t *found;
	struct tile *tiles;	/* (workers) */
	struct job *job;
};

struct tile {
	float *queries;		/* (TILE_Q, width) */
	float *rows;		/* (TILE_R, width) */
	float *scores;		/* (TILE_Q, TILE_R) */
	struct hit *hits;	/* (TILE_Q, k + MORE) */
	struct topk best[TILE_Q];
	uint32_t *ids;		/* (k + MORE) */
	float *query;		/* (width) */
	float *settled;		/* (k + MORE) */
};

/*
 * With rows as they are put here a plain product is the score, for l2 but for |q|^2,
 * which is the same for all rows: (2q, 1).(x, -|x|^2) = |q|^2 - |q - x|^2.
 */
static void put_row(const struct batch *b, size_t row, float *to)
{
	const struct space *s = b->s;
	const float *x = vectors_row(&s->v, row);
	float scale = s->inverse ? s->inverse[row] : 1;
	for (size_t j = 0; j < s->v.dim; j++)
		to[j] = scale * x[j];
	if (s->metric == METRIC_L2)
		to[s->v.dim] = -s->kernel->dot(x, x, s->v.dim);
}

static void put_query(const struct batch *b, size_t i, float *to)
{
	space_query(b->s, b->q->q + i * b->q->stride, to);
	if (b->s->metric == METRIC_L2) {
		for (size_t j = 0; j < b->s->v.dim; j++)
			to[j] *= 2;
		to[b->s->v.dim] = 1;
	}
}

/* n rows from the first on. */
struct stretch {
	size_t first, n;
};

/* The rows of a tile: where nothing has to be done to them they are used in place. */
static const float *tile_rows(const struct batch *b, const struct tile *t, struct stretch s,
			      size_t *ld)
{
	if (b->s->metric == METRIC_DOT && !b->rows) {
		*ld = b->s->v.stride;
		return vectors_row(&b->s->v, s.first);
	}
	for (size_t r = 0; r < s.n; r++)
		put_row(b, b->rows ? b->rows[s.first + r] : s.first + r,
			t->rows + r * b->width);
	*ld = b->width;
	return t->rows;
}

static void take_scores(const struct batch *b, struct tile *t, size_t query, size_t i,
			size_t first, size_t n)
{
	const float *scores = t->scores + i * TILE_R;
	uint32_t at[TILE_R + 16], skip = b->q->skip ? b->q->skip[query] : NEAR_NONE;
	size_t over = b->s->kernel->over(scores, n, topk_floor(&t->best[i]), at);
	for (size_t j = 0; j < over; j++) {
		size_t place = first + at[j];
		uint32_t row = b->rows ? b->rows[place] : (uint32_t)place;
		if (row != skip)
			topk_push(&t->best[i], row, scores[at[j]]);
	}
}

/* Score the candidates as a scan would and keep the k best. */
static void settle(const struct batch *b, struct tile *t, size_t i, size_t query)
{
	struct topk *candidates = &t->best[i], best;
	for (size_t j = 0; j < candidates->n; j++)
		t->ids[j] = candidates->hits[j].id;
	space_query(b->s, b->q->q + query * b->q->stride, t->query);
	space_scores_at(b->s, t->query, t->ids, candidates->n, t->settled);
	topk_init(&best, b->hits + query * b->q->k, b->q->k);
	for (size_t j = 0; j < candidates->n; j++)
		topk_push(&best, t->ids[j], t->settled[j]);
	topk_sort(&best);
	b->found[query] = (uint32_t)best.n;
}

static void batch_task(void *ctx, size_t task, unsigned worker)
{
	const struct batch *b = ctx;
	struct tile *t = &b->tiles[worker];
	size_t first = task * TILE_Q, keep = b->q->k + MORE;
	size_t n = b->q->n - first < TILE_Q ? b->q->n - first : TILE_Q;
	for (size_t i = 0; i < n; i++) {
		put_query(b, first + i, t->queries + i * b->width);
		topk_init(&t->best[i], t->hits + i * keep, keep);
	}
	for (size_t r = 0; r < b->n_rows && !job_cancelled(b->job); r += TILE_R) {
		size_t ld, rows = b->n_rows - r < TILE_R ? b->n_rows - r : TILE_R;
		const float *at = tile_rows(b, t, (struct stretch){r, rows}, &ld);
		blas_sgemm(false, true, n, rows, b->width, 1, t->queries, b->width, at, ld, 0,
			   t->scores, TILE_R);
		for (size_t i = 0; i < n; i++)
			take_scores(b, t, first + i, i, r, rows);
	}
	for (size_t i = 0; i < n; i++)
		settle(b, t, i, first + i);
	job_advance(b->job, n);
}

/* Carve the arrays of one worker out of one block. */
static bool tile_init(struct tile *t, const struct batch *b, struct err *err)
{
	size_t keep = b->q->k + MORE, width = b->width;
	size_t floats = (TILE_Q + TILE_R) * width + TILE_Q * TILE_R + width + keep;
	t->queries = mem_big(floats, sizeof *t->queries, "a tile of scores", err);
	t->hits = mem_big(TILE_Q * keep, sizeof *t->hits, "candidates", err);
	t->ids = mem_big(keep, sizeof *t->ids, "candidates", err);
	if (!t->queries || !t->hits || !t->ids)
		return false;
	t->rows = t->queries + TILE_Q * width;
	t->scores = t->rows + TILE_R * width;
	t->query = t->scores + TILE_Q * TILE_R;
	t->settled = t->query + width;
	return true;
}

static void tiles_finish(struct tile *tiles, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		free(tiles[i].queries);
		free(tiles[i].hits);
		free(tiles[i].ids);
	}
	free(tiles);
}

static bool batch_run(struct batch *b, struct pool *pool, struct err *err)
{
	unsigned workers = pool_threads(pool);
	bool ok = blas_load(err);
	b->tiles = mem_zalloc(workers * sizeof *b->tiles);
	for (unsigned i = 0; ok && i < workers; i++)
		ok = tile_init(&b->tiles[i], b, err);
	if (ok)
		pool_run(pool, (b->q->n + TILE_Q - 1) / TILE_Q, batch_task, b);
	tiles_finish(b->tiles, workers);
	return ok && job_check(b->job, err);
}

static bool batch(const struct space *s, const struct near_query *q, struct hit *hits,
		  uint32_t *found, struct work work, struct err *err)
{
	struct batch b = {
		.s = s,
		.q = q,
		.hits = hits,
		.found = found,
		.job = work.job,
		.n_rows = s->v.n,
		.width = s->v.dim + (s->metric == METRIC_L2),
	};
	SCOPED_FREE uint32_t *rows = NULL;
	if (q->allow || s->present) {
		b.n_rows = space_count(s, q->allow);
		b.rows = rows = mem_big(b.n_rows, sizeof *rows, "rows allowed", err);
		if (!rows)
			return false;
		for (size_t i = 0, n = 0; i < s->v.n; i++)
			if (bits_has(q->allow, i) && space_has(s, i))
				rows[n++] = (uint32_t)i;
	}
	return batch_run(&b, work.pool, err);
}

bool exact_search(const struct space *s, const struct near_query *q, struct hit *hits,
		  uint32_t *found, struct work work, struct err *err)
{
	assert(q->n <= 1 || q->stride >= s->v.dim);
	assert(s->v.dim > 0 && s->v.stride >= s->v.dim);
	if (q->n >= FEW)
		return batch(s, q, hits, found, work, err);
	for (size_t i = 0; i < q->n; i++)
		if (!job_check(work.job, err) ||
		    !scan(s, q, i, hits, found, work.pool, err))
			return false;
	return true;
}
