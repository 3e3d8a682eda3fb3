/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "stats/rows.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"

/* Tasks per thread: rows differ in cost, so the last ones must be small. */
#define TASKS_PER_THREAD 64
/* Up to so many columns a row is sorted by insertion, above through a bit set. */
#define SORT_FEW 16
/* Entries are places all over items: ask for them ahead of time. */
#define PREFETCH 12

/* A worker's dense accumulator. */
struct accumulator {
	uint32_t *count;	/* (n) all 0 between rows */
	uint32_t *touched;	/* (n + 1) columns with a count */
	uint32_t *in;		/* (n) entries seen per column, over all its rows */
	uint64_t *bits, *words;	/* columns; which words of bits are not 0 */
	uint32_t n, k;
};

static void accumulator_finish(struct accumulator *a)
{
	free(a->count);
	free(a->touched);
	free(a->in);
	free(a->bits);
	free(a->words);
}

static bool accumulator_init(struct accumulator *a, uint32_t n, struct err *err)
{
	const char *what = "counting pairs";

	*a = (struct accumulator){.n = n};
	a->count = mem_big(n, sizeof *a->count, what, err);
	a->touched = mem_big((size_t)n + 1, sizeof *a->touched, what, err);
	a->in = mem_big(n, sizeof *a->in, what, err);
	a->bits = mem_big((size_t)n / 64 + 1, sizeof *a->bits, what, err);
	a->words = mem_big((size_t)n / 4096 + 1, sizeof *a->words, what, err);
	return a->count && a->touched && a->in && a->bits && a->words;
}

static inline void bump(struct accumulator *a, uint32_t b)
{
	uint32_t n = a->count[b];

	a->touched[a->k] = b;
	a->k += n == 0;
	a->count[b] = n + 1;
}

static void accumulate(struct accumulator *a, const struct row_lists *l, uint32_t row)
{
	uint64_t end = l->offsets[row + 1];

	for (uint64_t i = l->offsets[row]; i < end; i++) {
		const uint32_t *item;

		if (!l->items) {
			bump(a, l->entry[i]);
			continue;
		}
		if (i + PREFETCH < end)
			__builtin_prefetch(&l->items[l->entry[i + PREFETCH]]);
		for (item = &l->items[l->entry[i]]; !(*item & ROW_LAST); item++)
			bump(a, *item);
		bump(a, *item & ~ROW_LAST);
	}
}

/* touched in ascending order. The bit set costs n / 4096 words per row and then
 * one step per column: far less than a comparison sort of hundreds. */
static void sort_touched(struct accumulator *a)
{
	uint32_t k = 0;

	if (a->k <= SORT_FEW || a->k < a->n / 65536) {
		scan_sort(a->touched, a->k);
		return;
	}
	for (uint32_t i = 0; i < a->k; i++) {
		uint32_t b = a->touched[i];

		a->bits[b / 64] |= UINT64_C(1) << b % 64;
		a->words[b / 4096] |= UINT64_C(1) << b / 64 % 64;
	}
	for (uint32_t i = 0; i <= a->n / 4096; i++) {
		for (uint64_t w = a->words[i]; w; w &= w - 1) {
			uint32_t at = i * 64 + (uint32_t)__builtin_ctzll(w);

			for (uint64_t x = a->bits[at]; x; x &= x - 1)
				a->touched[k++] = at * 64 + (uint32_t)__builtin_ctzll(x);
			a->bits[at] = 0;
		}
		a->words[i] = 0;
	}
}

static inline uint8_t *put(uint8_t *p, uint32_t v)
{
	for (; v > 127; v >>= 7)
		*p++ = (uint8_t)(v | 128);
	*p++ = (uint8_t)v;
	return p;
}

static inline const uint8_t *take(const uint8_t *p, uint32_t *v)
{
	uint32_t x = *p++;

	if (x > 127) {
		x &= 127;
		for (unsigned shift = 7;; shift += 7) {
			uint32_t byte = *p++;

			x |= (byte & 127) << shift;
			if (byte < 128)
				break;
		}
	}
	*v = x;
	return p;
}

/* Move the row out of the accumulator; returns its entries, or false. */
static bool pack(struct accumulator *a, uint32_t row, struct row_chunk *c, uint32_t *n)
{
	uint32_t before = 0, entries = 0;
	size_t need = c->len + (size_t)a->k * 10 + 1;	/* 1: bytes is never NULL */
	uint8_t *p;

	if (need > c->cap) {
		size_t cap = need + c->cap / 2;

		if (!mem_big_resize((void **)&c->bytes, cap, 1, "pair counts", NULL))
			return false;
		c->cap = cap;
	}
	sort_touched(a);
	p = c->bytes + c->len;
	for (uint32_t i = 0; i < a->k; i++) {
		uint32_t b = a->touched[i];

		if (b != row) {
			p = put(put(p, b - before), a->count[b]);
			c->instances += a->count[b];
			before = b;
			a->in[b]++;
			entries++;
		}
		a->count[b] = 0;
	}
	c->len = (size_t)(p - c->bytes);
	a->k = 0;
	*n = entries;
	return true;
}

struct counting {
	struct pair_rows *rows;
	const struct row_lists *lists;
	struct accumulator *acc;	/* (threads) */
	struct job *job;
	atomic_bool failed;
};

static void count_chunk(void *ctx, size_t task, unsigned worker)
{
	struct counting *c = ctx;
	struct row_chunk *chunk = &c->rows->chunks[task];
	struct accumulator *a = &c->acc[worker];

	for (uint32_t row = chunk->rows.first; row < chunk->rows.end; row++) {
		if ((row & 1023) == 0 && job_cancelled(c->job))
			return;
		accumulate(a, c->lists, row);
		if (!pack(a, row, chunk, &c->rows->out[row])) {
			atomic_store(&c->failed, true);
			return;
		}
	}
	job_advance(c->job, c->lists->offsets[chunk->rows.end] -
			    c->lists->offsets[chunk->rows.first]);
}

static void sum_columns(struct counting *c, unsigned threads)
{
	struct pair_rows *r = c->rows;

	for (unsigned t = 0; t < threads; t++)
		for (uint32_t b = 0; b < r->n; b++)
			r->in[b] += c->acc[t].in[b];
	for (size_t i = 0; i < r->n_chunks; i++)
		r->instances += r->chunks[i].instances;
	for (uint32_t a = 0; a < r->n; a++)
		r->pairs += r->out[a];
}

static bool make_chunks(struct pair_rows *r, const struct row_lists *l,
			unsigned threads, struct err *err)
{
	size_t want = (size_t)threads * TASKS_PER_THREAD;
	SCOPED_FREE struct range *ranges = mem_resize(NULL, want, sizeof *ranges);

	r->out = mem_big(r->n, sizeof *r->out, "row lengths", err);
	r->in = mem_big(r->n, sizeof *r->in, "row lengths", err);
	if (!r->out || !r->in)
		return false;
	r->n_chunks = range_split(l->offsets, r->n, want, ranges);
	r->chunks = mem_zalloc((r->n_chunks + 1) * sizeof *r->chunks);
	for (size_t i = 0; i < r->n_chunks; i++)
		r->chunks[i].rows = ranges[i];
	return true;
}

bool rows_count(struct pair_rows *r, uint32_t n, const struct row_lists *l,
		struct pool *pool, struct job *job, struct err *err)
{
	unsigned threads = pool_threads(pool);
	struct counting c = {.rows = r, .lists = l, .job = job};
	bool ok;

	*r = (struct pair_rows){.n = n};
	c.acc = mem_zalloc(threads * sizeof *c.acc);
	ok = make_chunks(r, l, threads, err);
	for (unsigned t = 0; ok && t < threads; t++)
		ok = accumulator_init(&c.acc[t], n, err);
	if (ok) {
		pool_run(pool, r->n_chunks, count_chunk, &c);
		sum_columns(&c, threads);
		ok = job_check(job, err);
	}
	if (ok && atomic_load(&c.failed))
		ok = err_fail(err, ERR_NOMEM, "out of memory while counting pairs");
	for (unsigned t = 0; t < threads; t++)
		accumulator_finish(&c.acc[t]);
	free(c.acc);
	if (!ok)
		rows_finish(r);
	return ok;
}

void rows_finish(struct pair_rows *r)
{
	for (size_t i = 0; i < r->n_chunks; i++)
		free(r->chunks[i].bytes);
	free(r->chunks);
	free(r->out);
	free(r->in);
	*r = (struct pair_rows){0};
}

void rows_offsets(const struct pair_rows *r, enum rows_side side, uint64_t *offsets)
{
	offsets[0] = 0;
	for (uint32_t a = 0; a < r->n; a++)
		offsets[a + 1] = offsets[a] + (side != ROWS_IN ? r->out[a] : 0) +
				 (side != ROWS_OUT ? r->in[a] : 0);
}

struct filling {
	const struct pair_rows *rows;
	enum rows_side side;
	const uint64_t *offsets;
	bool values;
	uint32_t *data;
	uint64_t *cursor;	/* (n) next place of the column's entries */
	struct range *target;
};

/* The part of chunk c that concerns the rows of `target`. */
static void fill_from(struct filling *f, const struct row_chunk *c, struct range target)
{
	const uint8_t *p = c->bytes;
	uint32_t width = target.end - target.first;
	bool out = f->side != ROWS_IN, in = f->side != ROWS_OUT;

	for (uint32_t a = c->rows.first; a < c->rows.end; a++) {
		uint32_t b = 0, step, n;
		uint32_t *row = NULL;

		if (out && a - target.first < width)
			row = f->data + f->offsets[a] + (in ? f->rows->in[a] : 0);
		for (uint32_t i = 0; i < f->rows->out[a]; i++) {
			p = take(take(p, &step), &n);
			b += step;
			if (row)
				row[i] = f->values ? n : b;
			if (in && b - target.first < width)
				f->data[f->cursor[b]++] = f->values ? n : a;
		}
	}
}

/* Every task decodes what can reach its rows: decoding is cheap beside the
 * writes, and each row is written by one task in the order of a. */
static void fill_target(void *ctx, size_t task, unsigned worker)
{
	struct filling *f = ctx;
	struct range t = f->target[task];

	(void)worker;
	for (size_t i = 0; i < f->rows->n_chunks; i++) {
		const struct row_chunk *c = &f->rows->chunks[i];
		bool own = c->rows.first < t.end && c->rows.end > t.first;

		/* ROWS_BOTH has b > a: rows past the target can't reach it. */
		if (f->side == ROWS_OUT ? !own :
		    f->side == ROWS_BOTH && c->rows.first >= t.end)
			continue;
		fill_from(f, c, t);
	}
}

bool rows_fill(const struct pair_rows *r, enum rows_side side, const uint64_t *offsets,
	       bool values, uint32_t *data, struct pool *pool, struct err *err)
{
	size_t want = pool_threads(pool);
	SCOPED_FREE struct range *target = mem_resize(NULL, want, sizeof *target);
	SCOPED_FREE uint64_t *cursor = mem_big(r->n, sizeof *cursor, "cursors", err);
	struct filling f = {r, side, offsets, values, data, cursor, target};

	if (!cursor)
		return false;
	memcpy(cursor, offsets, r->n * sizeof *cursor);
	pool_run(pool, range_split(offsets, r->n, want, target), fill_target, &f);
	return true;
}

struct visiting {
	const struct pair_rows *rows;
	void (*visit)(void *ctx, uint32_t a, uint32_t b, uint32_t n, unsigned worker);
	void *ctx;
};

static void visit_chunk(void *ctx, size_t task, unsigned worker)
{
	struct visiting *v = ctx;
	const struct row_chunk *c = &v->rows->chunks[task];
	const uint8_t *p = c->bytes;

	for (uint32_t a = c->rows.first; a < c->rows.end; a++) {
		uint32_t b = 0, step, n;

		for (uint32_t i = 0; i < v->rows->out[a]; i++) {
			p = take(take(p, &step), &n);
			b += step;
			v->visit(v->ctx, a, b, n, worker);
		}
	}
}

void rows_each(const struct pair_rows *r, struct pool *pool,
	       void (*visit)(void *ctx, uint32_t a, uint32_t b, uint32_t n,
			     unsigned worker), void *ctx)
{
	struct visiting v = {r, visit, ctx};

	pool_run(pool, r->n_chunks, visit_chunk, &v);
}
