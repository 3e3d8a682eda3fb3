/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events by session, then time, then file order: `from` says which event goes
 * to a place, found by a counting sort that every task runs over its own range
 * of sessions; then each column is gathered into the file.
 */
#include "config.h"

#include "data/import_impl.h"

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"
#include "store/build.h"

#define GATHER ((size_t)1 << 18)	/* events of one task */

struct ordering {
	struct import *im;
	uint64_t *offsets;	/* (sessions + 1) */
	uint64_t *next;		/* (sessions) */
	uint32_t *from;		/* (events) */
	uint32_t n;		/* sessions */
	size_t tasks;
	struct err err;
};

/* The first session of a task: tasks have about as many events each. */
static uint32_t first_session(const struct ordering *o, size_t task)
{
	uint64_t at = o->im->events.n * task / o->tasks;
	uint32_t low = 0, high = o->n;

	if (task == o->tasks)
		return o->n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (o->offsets[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Merge of two sorted halves, stable; scratch holds the first one. */
static void merge_times(const int64_t *time, uint32_t *a, size_t n, uint32_t *scratch)
{
	size_t half = n / 2, i = 0, j = half, k = 0;

	if (n < 2)
		return;
	merge_times(time, a, half, scratch);
	merge_times(time, a + half, n - half, scratch);
	if (time[a[half - 1]] <= time[a[half]])
		return;
	memcpy(scratch, a, half * sizeof *a);
	while (i < half && j < n)
		a[k++] = time[a[j]] < time[scratch[i]] ? a[j++] : scratch[i++];
	memcpy(a + k, scratch + i, (half - i) * sizeof *a);
}

/* Most sessions are in order already. */
static void sort_session(const int64_t *time, uint32_t *a, size_t n)
{
	uint32_t small[64];
	SCOPED_FREE uint32_t *scratch = NULL;
	size_t i = 1;

	while (i < n && time[a[i - 1]] <= time[a[i]])
		i++;
	if (i >= n)
		return;
	if (n > 128)
		scratch = mem_resize(NULL, n / 2, sizeof *scratch);
	merge_times(time, a, n, scratch ? scratch : small);
}

static void order_range(void *ctx, size_t task, unsigned worker)
{
	struct ordering *o = ctx;
	const struct columns *c = &o->im->events;
	uint32_t first = first_session(o, task), end = first_session(o, task + 1);
	uint32_t count = end - first;

	for (size_t i = 0; i < c->n; i++)
		if (c->session[i] - first < count)
			o->from[o->next[c->session[i]]++] = (uint32_t)i;
	for (uint32_t s = first; s < end; s++)
		sort_session(c->time, o->from + o->offsets[s],
			     (size_t)(o->offsets[s + 1] - o->offsets[s]));
}

struct gathering {
	const uint32_t *from;
	const void *column;
	void *to;
	size_t n;
};

#define GATHER_TASK(name, type)							\
	static void name(void *ctx, size_t task, unsigned worker)		\
	{									\
		const struct gathering *g = ctx;				\
		const type *column = g->column;					\
		type *to = g->to;						\
		size_t end = (task + 1) * GATHER < g->n ? (task + 1) * GATHER : g->n; \
										\
		for (size_t i = task * GATHER; i < end; i++)			\
			to[i] = column[g->from[i]];				\
	}
GATHER_TASK(gather_8, uint8_t)
GATHER_TASK(gather_32, uint32_t)
GATHER_TASK(gather_64, int64_t)

static bool write_column(struct import *im, struct build *b, const char *name,
			 enum array_type type, const uint32_t *from, const void *column,
			 struct err *err)
{
	struct gathering g = {.from = from, .column = column, .n = im->events.n};
	unsigned size = array_size(type);

	if (!job_check(im->job, err) ||
	    !build_reserve(b, name, type, g.n, 1, &g.to, err))
		return false;
	pool_run(im->pool, (g.n + GATHER - 1) / GATHER,
		 size == 1 ? gather_8 : size == 4 ? gather_32 : gather_64, &g);
	job_advance(im->job, g.n);
	return true;
}

static bool order_events(struct ordering *o, struct err *err)
{
	struct import *im = o->im;

	o->n = im->id[ID_SESSION].n;
	o->offsets = mem_big((size_t)o->n + 1, sizeof *o->offsets, "sessions", err);
	o->next = o->offsets ? mem_big(o->n, sizeof *o->next, "sessions", err) : NULL;
	o->from = o->next ? mem_big(im->events.n, sizeof *o->from, "events", err) : NULL;
	if (!o->from)
		return false;
	for (uint32_t s = 0; s < o->n; s++) {
		o->next[s] = o->offsets[s];
		o->offsets[s + 1] = o->offsets[s] +
			im->session[im->session_rank[s]].events;
	}
	o->tasks = pool_threads(im->pool);
	pool_run(im->pool, o->tasks, order_range, o);
	return true;
}

/* Keep it if it is among the longest; of equals those that came first. */
static void keep_longest(struct import *im, struct long_session x)
{
	unsigned at = im->n_longest < LONGEST ? im->n_longest++ : LONGEST;

	for (; at > 0 && im->longest[at - 1].products < x.products; at--)
		if (at < LONGEST)
			im->longest[at] = im->longest[at - 1];
	if (at < LONGEST)
		im->longest[at] = x;
}

/* Sessions with more distinct products than --max-session. */
static bool count_long(const struct ordering *o, struct err *err)
{
	struct import *im = o->im;
	uint32_t max = im->o->max_session;
	SCOPED_FREE uint32_t *last = NULL;

	last = mem_big(im->id[ID_PRODUCT].n, sizeof *last, "products", err);
	if (!last)
		return false;
	for (uint32_t s = 0; s < o->n; s++) {
		uint32_t distinct = 0;

		if (max == 0 || o->offsets[s + 1] - o->offsets[s] <= max)
			continue;
		for (uint64_t i = o->offsets[s]; i < o->offsets[s + 1]; i++) {
			uint32_t *seen = &last[im->events.product[o->from[i]]];

			distinct += *seen != s + 1;
			*seen = s + 1;
		}
		if (distinct <= max)
			continue;
		im->sum->long_sessions++;
		keep_longest(im, (struct long_session){
			s, distinct, o->offsets[s + 1] - o->offsets[s]});
	}
	return true;
}

static bool write_all(struct ordering *o, struct build *b, struct err *err)
{
	struct import *im = o->im;
	struct columns *c = &im->events;

	return build_array(b, "session/offsets", ARRAY_U64, (uint64_t)o->n + 1, 1,
			   o->offsets, err) &&
		write_column(im, b, "event/product", ARRAY_U32, o->from, c->product,
			     err) &&
		write_column(im, b, "event/time", ARRAY_I64, o->from, c->time, err) &&
		write_column(im, b, "event/kind", ARRAY_U8, o->from, c->kind, err) &&
		(!(im->caps & CAP_PRICES) ||
		 write_column(im, b, "event/price", ARRAY_I64, o->from, c->price, err)) &&
		(!c->quantity || write_column(im, b, "event/quantity", ARRAY_U32,
					      o->from, c->quantity, err));
}

bool import_write_events(struct import *im, struct build *b, struct err *err)
{
	struct ordering o = {.im = im};
	bool ok;

	job_step(im->job, "writing events", im->events.n * 5);
	ok = order_events(&o, err) && count_long(&o, err) && write_all(&o, b, err);
	free(o.offsets);
	free(o.next);
	free(o.from);
	return ok;
}
