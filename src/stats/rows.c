/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A dense accumulator per worker; packed rows wait in memory or in a spill. */
#include "config.h"

#include "stats/rows.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"
#include "base/spill.h"

/* Tasks per thread: rows differ in cost, so the last ones must be small. */
#define TASKS_PER_THREAD 64
/* Up to so many columns a row is sorted by insertion, above through a bit set. */
#define SORT_FEW 28
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
	a->count = mem_dense(n, sizeof *a->count, what, err);
	a->touched = mem_big((size_t)n + 1, sizeof *a->touched, what, err);
	a->in = mem_dense(n, sizeof *a->in, what, err);
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

/* known: entries that are there, those of the rows that follow among them. */
static void accumulate(struct accumulator *a, const struct row_lists *l, uint32_t row,
		       uint64_t known)
{
	uint64_t end = l->offsets[row + 1] - l->first;

	for (uint64_t i = l->offsets[row] - l->first; i < end; i++) {
		const uint32_t *item;

		if (!l->items) {
			bump(a, l->entry[i]);
			continue;
		}
		if (i + PREFETCH < known)
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
		sort_u32(a->touched, a->k);
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

#define UNIT_BITS 15
#define UNIT_MORE (1u << UNIT_BITS)	/* another unit follows */
#define PAIR_UNITS 6			/* at most: 33 bits and 32 */

static inline uint16_t *put(uint16_t *p, uint64_t v)
{
	for (; v >= UNIT_MORE; v >>= UNIT_BITS)
		*p++ = (uint16_t)(v | UNIT_MORE);
	*p++ = (uint16_t)v;
	return p;
}

static inline const uint16_t *take(const uint16_t *p, uint64_t *v)
{
	uint64_t x = *p++;

	if (x >= UNIT_MORE) {
		x -= UNIT_MORE;
		for (unsigned shift = UNIT_BITS;; shift += UNIT_BITS) {
			uint64_t unit = *p++;

			x |= (unit & (UNIT_MORE - 1)) << shift;
			if (unit < UNIT_MORE)
				break;
		}
	}
	*v = x;
	return p;
}

/* A pair's column, from the one before, and its count. */
static inline uint16_t *put_pair(uint16_t *p, uint32_t step, uint32_t count)
{
	p = put(p, (uint64_t)step << 1 | (count > 1));
	return count > 1 ? put(p, count) : p;
}

static inline const uint16_t *take_pair(const uint16_t *p, uint32_t *b, uint32_t *count)
{
	uint64_t v, n = 1;

	p = take(p, &v);
	if (v & 1)
		p = take(p, &n);
	*b += (uint32_t)(v >> 1);
	*count = (uint32_t)n;
	return p;
}

/* Move the row out of the accumulator; returns its entries, or false. */
static bool pack(struct accumulator *a, uint32_t row, struct row_chunk *c, uint32_t *n)
{
	uint32_t before = 0, entries = 0;
	size_t need = c->len + (size_t)a->k * PAIR_UNITS + 1;	/* 1: units is never NULL */
	uint16_t *p;

	if (need > c->cap) {
		size_t cap = need + c->cap / 2;

		if (!mem_big_resize((void **)&c->units, cap, sizeof *c->units, "pair counts", NULL))
			return false;
		c->cap = cap;
	}
	sort_touched(a);
	p = c->units + c->len;
	for (uint32_t i = 0; i < a->k; i++) {
		uint32_t b = a->touched[i];

		if (b != row) {
			p = put_pair(p, b - before, a->count[b]);
			c->instances += a->count[b];
			before = b;
			a->in[b]++;
			entries++;
		}
		a->count[b] = 0;
	}
	c->len = (size_t)(p - c->units);
	a->k = 0;
	*n = entries;
	return true;
}

struct rows_counter {
	struct pair_rows *rows;
	const struct row_lists *lists;
	struct accumulator *acc;	/* (threads) */
	struct pool *pool;
	struct job *job;
	struct spill *spill;
	uint64_t memory;
	size_t first;			/* chunk of this range */
	size_t spilled;			/* chunks before are in the file */
	atomic_bool failed;
};

static void count_chunk(void *ctx, size_t task, unsigned worker)
{
	struct rows_counter *c = ctx;
	struct row_chunk *chunk = &c->rows->chunks[c->first + task];
	struct accumulator *a = &c->acc[worker];
	uint64_t known = c->lists->offsets[chunk->rows.end] - c->lists->first;

	for (uint32_t row = chunk->rows.first; row < chunk->rows.end; row++) {
		if ((row & 1023) == 0 && job_cancelled(c->job))
			return;
		accumulate(a, c->lists, row, known);
		if (!pack(a, row, chunk, &c->rows->out[row])) {
			atomic_store(&c->failed, true);
			return;
		}
	}
	job_advance(c->job, c->lists->offsets[chunk->rows.end] -
			    c->lists->offsets[chunk->rows.first]);
}

static void make_chunks(struct rows_counter *c, struct range rows)
{
	struct pair_rows *r = c->rows;
	size_t want = (size_t)pool_threads(c->pool) * TASKS_PER_THREAD, n;
	SCOPED_FREE struct range *ranges = mem_resize(NULL, want, sizeof *ranges);

	n = range_split(c->lists->offsets + rows.first, rows.end - rows.first, want,
			ranges);
	c->first = r->n_chunks;
	MEM_GROW(r->chunks, r->cap_chunks, r->n_chunks + n);
	for (size_t i = 0; i < n; i++)
		r->chunks[r->n_chunks++] = (struct row_chunk){
			.rows = {rows.first + ranges[i].first,
				 rows.first + ranges[i].end}};
}

static bool spill_chunk(struct rows_counter *c, struct row_chunk *chunk, struct err *err)
{
	size_t bytes = chunk->len * sizeof *chunk->units;
	const void *view;
	uint64_t at;

	if (!spill_write(c->spill, chunk->units, bytes, &at, err) ||
	    !spill_view(c->spill, (struct spill_range){at, bytes}, &view, err))
		return false;
	free(chunk->units);
	chunk->units = (uint16_t *)view;
	chunk->spilled = true;
	return true;
}

static bool make_way(struct rows_counter *c, struct err *err)
{
	struct pair_rows *r = c->rows;
	uint64_t held = 0;

	for (size_t i = c->spilled; i < r->n_chunks; i++)
		held += r->chunks[i].cap * sizeof *r->chunks[i].units;
	if (!c->spill || held <= c->memory)
		return true;
	for (; c->spilled < r->n_chunks; c->spilled++)
		if (r->chunks[c->spilled].units &&
		    !spill_chunk(c, &r->chunks[c->spilled], err))
			return false;
	return true;
}

bool rows_start(struct rows_counter **out, struct pair_rows *r, uint32_t n,
		struct spill *spill, uint64_t memory, struct pool *pool, struct err *err)
{
	SCOPED(rows_counter) c = mem_zalloc(sizeof *c);
	unsigned threads = pool_threads(pool);

	*r = (struct pair_rows){.n = n};
	c->rows = r;
	c->pool = pool;
	c->spill = spill;
	c->memory = memory;
	c->acc = mem_zalloc(threads * sizeof *c->acc);
	r->out = mem_big(n, sizeof *r->out, "row lengths", err);
	r->in = mem_big(n, sizeof *r->in, "row lengths", err);
	if (!r->out || !r->in)
		return false;
	for (unsigned t = 0; t < threads; t++)
		if (!accumulator_init(&c->acc[t], n, err))
			return false;
	*out = c;
	c = NULL;
	return true;
}

bool rows_count(struct rows_counter *c, const struct row_lists *l, struct range rows,
		struct job *job, struct err *err)
{
	c->lists = l;
	c->job = job;
	make_chunks(c, rows);
	pool_run(c->pool, c->rows->n_chunks - c->first, count_chunk, c);
	if (!job_check(job, err))
		return false;
	if (atomic_load(&c->failed))
		return err_fail(err, ERR_NOMEM, "out of memory while counting pairs");
	return make_way(c, err);
}

void rows_end(struct rows_counter *c)
{
	struct pair_rows *r = c->rows;

	for (unsigned t = 0; t < pool_threads(c->pool); t++)
		for (uint32_t b = 0; b < r->n; b++)
			r->in[b] += c->acc[t].in[b];
	for (size_t i = 0; i < r->n_chunks; i++)
		r->instances += r->chunks[i].instances;
	for (uint32_t a = 0; a < r->n; a++)
		r->pairs += r->out[a];
}

void rows_counter_destroy(struct rows_counter *c)
{
	if (!c)
		return;
	for (unsigned t = 0; t < pool_threads(c->pool); t++)
		accumulator_finish(&c->acc[t]);
	free(c->acc);
	free(c);
}

void rows_finish(struct pair_rows *r)
{
	for (size_t i = 0; i < r->n_chunks; i++)
		if (!r->chunks[i].spilled)
			free(r->chunks[i].units);
	free(r->chunks);
	free(r->out);
	free(r->in);
	*r = (struct pair_rows){0};
}

void rows_offsets(const struct pair_rows *r, enum rows_side side, uint64_t *offsets)
{
	assert(offsets);
	offsets[0] = 0;
	for (uint32_t a = 0; a < r->n; a++)
		offsets[a + 1] = offsets[a] + (side != ROWS_IN ? r->out[a] : 0) +
				 (side != ROWS_OUT ? r->in[a] : 0);
}

struct filling {
	const struct pair_rows *rows;
	enum rows_side side;
	struct rows_csr to;
	uint64_t *cursor;	/* (n) next place of the column's entries */
	struct range *target;
};

/* Pairs that wait for their places, which are anywhere, to come near. */
#define FILL_WAITING 64
struct fill_pair {
	uint32_t a, b, n;
	uint64_t at;
};

static inline void fill_entry(const struct rows_csr *to, uint64_t at, uint32_t column,
			      uint32_t value)
{
	to->column[at] = column;
	to->value[at] = value;
}

/* Pairs into the rows of their columns, in order. */
static void fill_in(struct filling *f, struct fill_pair *x, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		x[i].at = f->cursor[x[i].b]++;
		__builtin_prefetch(&f->to.column[x[i].at], 1);
		__builtin_prefetch(&f->to.value[x[i].at], 1);
	}
	for (unsigned i = 0; i < n; i++)
		fill_entry(&f->to, x[i].at, x[i].a, x[i].n);
}

/* The part of chunk c that concerns the rows of `target`. */
static void fill_from(struct filling *f, const struct row_chunk *c, struct range target)
{
	const struct rows_csr to = f->to;
	struct fill_pair waiting[FILL_WAITING];
	const uint16_t *p = c->units;
	uint32_t width = target.end - target.first;
	bool out = f->side != ROWS_IN, in = f->side != ROWS_OUT;
	unsigned waits = 0;

	for (uint32_t a = c->rows.first; a < c->rows.end; a++) {
		bool own = out && a - target.first < width;
		uint64_t row = to.offsets[a] + (in ? f->rows->in[a] : 0);
		uint32_t b = 0, n;

		for (uint32_t i = 0; i < f->rows->out[a]; i++) {
			p = take_pair(p, &b, &n);
			if (own)
				fill_entry(&to, row + i, b, n);
			if (!in || b - target.first >= width)
				continue;
			__builtin_prefetch(&f->cursor[b], 1);
			waiting[waits++] = (struct fill_pair){a, b, n, 0};
			if (waits == FILL_WAITING) {
				fill_in(f, waiting, waits);
				waits = 0;
			}
		}
	}
	fill_in(f, waiting, waits);
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

bool rows_fill(const struct pair_rows *r, enum rows_side side, const struct rows_csr *to,
	       struct pool *pool, struct err *err)
{
	size_t want = pool_threads(pool);
	SCOPED_FREE struct range *target = mem_resize(NULL, want, sizeof *target);
	SCOPED_FREE uint64_t *cursor = mem_big(r->n, sizeof *cursor, "cursors", err);
	struct filling f = {r, side, *to, cursor, target};

	if (!cursor)
		return false;
	memcpy(cursor, to->offsets, r->n * sizeof *cursor);
	pool_run(pool, range_split(to->offsets, r->n, want, target), fill_target, &f);
	return true;
}

struct visiting {
	const struct pair_rows *rows;
	void (*visit)(void *ctx, const struct row_some *some, unsigned worker);
	void *ctx;
};

static void visit_chunk(void *ctx, size_t task, unsigned worker)
{
	struct visiting *v = ctx;
	const struct row_chunk *c = &v->rows->chunks[task];
	const uint16_t *p = c->units;
	struct row_some some;

	for (some.a = c->rows.first; some.a < c->rows.end; some.a++) {
		uint32_t left = v->rows->out[some.a], b = 0;

		for (; left; left -= some.n) {
			some.n = left < ROWS_SOME ? left : ROWS_SOME;
			for (uint32_t i = 0; i < some.n; i++) {
				p = take_pair(p, &b, &some.count[i]);
				some.b[i] = b;
			}
			v->visit(v->ctx, &some, worker);
		}
	}
}

void rows_each(const struct pair_rows *r, struct pool *pool,
	       void (*visit)(void *ctx, const struct row_some *some, unsigned worker),
	       void *ctx)
{
	struct visiting v = {r, visit, ctx};

	pool_run(pool, r->n_chunks, visit_chunk, &v);
}
