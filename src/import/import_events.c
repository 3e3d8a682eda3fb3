/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events by session, then time, then the order of the files. A task takes a range
 * of sessions, looks through the segments that hold any of them, puts their events
 * into place beside each other, and copies what it has into the arrays. Sessions are
 * numbered by start, so in a log that is in the order of time a range of them meets
 * few segments. Where it would meet many, the events are first dealt out to segments
 * of narrower ranges.
 */
#include "config.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"
#include "import/steps.h"
#include "store/build.h"

#define TASK_EVENTS ((uint64_t)128 << 10)
/* Segments may be read so many times on average before they are dealt out. */
#define OVERLAP_MAX 4

/* What a worker works with. */
struct scratch {
	struct packer packer;
	struct columns in, out;	/* of a segment; of the task's sessions */
	uint32_t *next;		/* per session, where its next event goes in out */
	uint32_t *order, *spare;
	size_t cap_next, cap_order;
	struct err err;
};

struct ordering {
	const struct import *im;
	struct made *made;
	struct segments *segments;
	unsigned workers;
	bool prices;
	pthread_mutex_t lock;	/* of longest */
	uint64_t *offsets;	/* (sessions + 1) */
	uint32_t n;		/* sessions */
	uint32_t *bound;	/* (tasks + 1): first session of a task */
	size_t tasks;
	struct scratch *scratch;	/* (workers) */
	struct columns to;	/* the arrays in the store */
	struct long_session *longest;
	size_t n_long, cap_long;
	atomic_bool failed;
};

/* ---- segments by number */

/* Numbers for what a segment's worker called its sessions and products. */
static void renumber(const struct ids *ids, const struct segment *s, uint32_t *v)
{
	const uint32_t *number = ids->rank + ids->base[s->worker];

	for (uint32_t i = 0; i < s->n; i++)
		v[i] = number[v[i]];
}

static bool fail_task(struct ordering *o)
{
	atomic_store(&o->failed, true);
	return false;
}

static void bound_segment(void *ctx, size_t task, unsigned worker)
{
	struct ordering *o = ctx;
	struct scratch *w = &o->scratch[worker];
	struct segment *s = &o->segments->of[task];

	w->in.n = 0;
	if (atomic_load(&o->failed))
		return;
	if (!columns_reserve(&w->in, s->n, &w->err) ||
	    !segments_sessions(o->segments, s, &w->packer, w->in.session, &w->err)) {
		fail_task(o);
		return;
	}
	renumber(&o->made->seen.id[ID_SESSION], s, w->in.session);
	s->first = UINT32_MAX;
	s->last = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		uint32_t session = w->in.session[i];

		s->first = session < s->first ? session : s->first;
		s->last = session > s->last ? session : s->last;
	}
}

static bool unpack(const struct ordering *o, struct scratch *w, const struct segment *s)
{
	w->in.n = 0;
	if (!segments_unpack(o->segments, s, &w->packer, &w->in, &w->err))
		return false;
	if (s->worker == SEGMENT_FINAL)
		return true;
	renumber(&o->made->seen.id[ID_SESSION], s, w->in.session);
	renumber(&o->made->seen.id[ID_PRODUCT], s, w->in.product);
	return true;
}

/* ---- putting them into place */

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

static bool reserve_order(struct scratch *w, size_t n)
{
	if (n <= w->cap_order)
		return true;
	if (!mem_big_resize((void **)&w->order, n, sizeof *w->order, "events", &w->err) ||
	    !mem_big_resize((void **)&w->spare, n, sizeof *w->spare, "events", &w->err))
		return false;
	w->cap_order = n;
	return true;
}

/* Most sessions are in order already. The others are copied to `in` and back. */
static bool sort_session(const struct ordering *o, struct scratch *w, size_t first, size_t n)
{
	struct columns *c = &w->out;
	size_t i = 1;

	while (i < n && c->time[first + i - 1] <= c->time[first + i])
		i++;
	if (i >= n)
		return true;
	if (!reserve_order(w, n) ||
	    !columns_reserve(&w->in, n, &w->err))
		return false;
	for (i = 0; i < n; i++)
		w->order[i] = (uint32_t)i;
	merge_times(c->time + first, w->order, n, w->spare);
	for (i = 0; i < n; i++)
		columns_copy(&w->in, i, c, first + w->order[i]);
	for (i = 0; i < n; i++)
		columns_copy(c, first + i, &w->in, i);
	return true;
}

struct session_events {
	size_t first, n;
};

/* Note it when it has more distinct products than --max-session. */
static bool look_at_length(struct ordering *o, struct scratch *w, uint32_t session,
			   struct session_events of)
{
	uint32_t max = o->im->o->max_session, distinct = 1;

	if (max == 0 || of.n <= max)
		return true;
	if (!reserve_order(w, of.n))
		return false;
	memcpy(w->order, w->out.product + of.first, of.n * sizeof *w->order);
	sort_u32(w->order, of.n);
	for (size_t i = 1; i < of.n; i++)
		distinct += w->order[i] != w->order[i - 1];
	if (distinct <= max)
		return true;
	pthread_mutex_lock(&o->lock);
	MEM_GROW(o->longest, o->cap_long, o->n_long + 1);
	o->longest[o->n_long++] = (struct long_session){session, distinct, of.n};
	pthread_mutex_unlock(&o->lock);
	return true;
}

/* Copy the task's events into the arrays. */
static void write_out(const struct ordering *o, const struct columns *c, size_t at)
{
	const struct columns *to = &o->to;

	if (!c->n)	/* its columns may be NULL */
		return;
	memcpy(to->product + at, c->product, c->n * sizeof *c->product);
	memcpy(to->time + at, c->time, c->n * sizeof *c->time);
	memcpy(to->kind + at, c->kind, c->n * sizeof *c->kind);
	if (to->price)
		memcpy(to->price + at, c->price, c->n * sizeof *c->price);
	if (to->quantity)
		memcpy(to->quantity + at, c->quantity, c->n * sizeof *c->quantity);
	if (to->rating)
		memcpy(to->rating + at, c->rating, c->n * sizeof *c->rating);
}

static bool place_events(struct ordering *o, struct scratch *w, uint32_t first,
			 uint32_t count)
{

	for (size_t k = 0; k < o->segments->n; k++) {
		const struct segment *s = &o->segments->of[k];

		if (s->last < first || s->first >= first + count)
			continue;
		if (!unpack(o, w, s))
			return false;
		for (uint32_t i = 0; i < s->n; i++) {
			uint32_t session = w->in.session[i] - first;

			if (session < count)
				columns_copy(&w->out, w->next[session]++, &w->in, i);
		}
	}
	return true;
}

static bool order_range(struct ordering *o, struct scratch *w, uint32_t first,
			uint32_t end)
{
	uint64_t at = o->offsets[first];
	size_t n = (size_t)(o->offsets[end] - at);

	if (!columns_reserve(&w->out, n, &w->err))
		return false;
	w->out.n = n;
	MEM_GROW(w->next, w->cap_next, (size_t)(end - first));
	for (uint32_t s = first; s < end; s++)
		w->next[s - first] = (uint32_t)(o->offsets[s] - at);
	if (!place_events(o, w, first, end - first))
		return false;
	for (uint32_t s = first; s < end; s++) {
		size_t from = (size_t)(o->offsets[s] - at);
		size_t many = (size_t)(o->offsets[s + 1] - o->offsets[s]);

		if (!sort_session(o, w, from, many) ||
		    !look_at_length(o, w, s, (struct session_events){from, many}))
			return false;
	}
	write_out(o, &w->out, at);
	job_advance(o->im->job, n);
	return true;
}

static void order_task(void *ctx, size_t task, unsigned worker)
{
	struct ordering *o = ctx;

	if (atomic_load(&o->failed) || job_cancelled(o->im->job))
		return;
	if (!order_range(o, &o->scratch[worker], o->bound[task], o->bound[task + 1]))
		fail_task(o);
}

/* ---- dealing out */

static bool check_scratch(const struct ordering *o, struct err *err)
{
	if (!atomic_load(&o->failed))
		return job_check(o->im->job, err);
	for (unsigned i = 0; i < o->workers; i++)
		if (o->scratch[i].err.code) {
			if (err)
				*err = o->scratch[i].err;
			return false;
		}
	return false;
}

#define BUCKETS ((size_t)256)
#define BUCKET_EVENTS 4096

/* The events of consecutive segments on their way into buckets: ranges of tasks. */
struct dealing {
	struct ordering *o;
	struct segment *from;
	size_t n, portions, buckets;
};

static size_t bucket_of(const struct dealing *d, uint32_t session)
{
	const uint32_t *bound = d->o->bound;
	size_t low = 0, high = d->buckets;

	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;

		if (bound[d->o->tasks * middle / d->buckets] <= session)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static bool empty_bucket(const struct dealing *d, struct scratch *w, struct columns *c,
			 uint64_t order)
{
	bool ok;

	c->scale = d->o->segments->scale;
	ok = c->n == 0 || segments_add(d->o->segments, &w->packer, c, SEGMENT_FINAL, order,
				       &w->err);
	c->n = 0;
	return ok;
}

static bool deal_segment(const struct dealing *d, struct scratch *w, struct segment *s,
			 struct columns *bucket, uint64_t *order)
{
	if (!unpack(d->o, w, s))
		return false;
	free(s->bytes);
	s->bytes = NULL;
	for (uint32_t i = 0; i < s->n; i++) {
		struct columns *to = &bucket[bucket_of(d, w->in.session[i])];

		to->caps = w->in.caps;
		if (!columns_reserve(to, BUCKET_EVENTS, &w->err))
			return false;
		to->session[to->n] = w->in.session[i];
		columns_copy(to, to->n++, &w->in, i);
		if (to->n == BUCKET_EVENTS && !empty_bucket(d, w, to, (*order)++))
			return false;
	}
	return true;
}

static void deal_task(void *ctx, size_t task, unsigned worker)
{
	const struct dealing *d = ctx;
	struct scratch *w = &d->o->scratch[worker];
	SCOPED_FREE struct columns *bucket = mem_zalloc(d->buckets * sizeof *bucket);
	uint64_t order = (uint64_t)task << 24;
	bool ok = true;

	for (size_t i = d->n * task / d->portions;
	     ok && i < d->n * (task + 1) / d->portions; i++)
		ok = !atomic_load(&d->o->failed) && !job_cancelled(d->o->im->job) &&
			deal_segment(d, w, &d->from[i], bucket, &order);
	for (size_t i = 0; i < d->buckets; i++) {
		ok = ok && empty_bucket(d, w, &bucket[i], order++);
		columns_finish(&bucket[i]);
	}
	if (!ok)
		fail_task(d->o);
}

/* How often a segment is looked through by all tasks together. */
static uint64_t overlaps(const struct ordering *o)
{
	uint64_t n = 0;

	for (size_t k = 0; k < o->segments->n; k++) {
		const struct segment *s = &o->segments->of[k];

		for (size_t task = 0; task < o->tasks; task++)
			n += s->first < o->bound[task + 1] && s->last >= o->bound[task];
	}
	return n;
}

/* Every portion of the segments is dealt out by one task, and its events stay in
 * order: sorted by portion and then by order a bucket has them as the files do. */
static bool deal_out(struct ordering *o, struct err *err)
{
	uint64_t memory = o->segments->memory;
	const struct import *im = o->im;
	struct dealing d = {.o = o, .from = o->segments->of, .n = o->segments->n,
			    .portions = o->workers, .buckets = BUCKETS};

	/* Buckets of events on their way take 25 bytes each. */
	if (memory && d.buckets * d.portions * BUCKET_EVENTS * 32 > memory / 4)
		d.buckets = memory / 4 / (d.portions * BUCKET_EVENTS * 32) + 2;
	if (d.buckets > o->tasks)
		d.buckets = o->tasks;
	segments_move(o->segments, &d.from, &d.n);
	pool_run(im->pool, d.portions, deal_task, &d);
	for (size_t i = 0; i < d.n; i++)
		free(d.from[i].bytes);
	free(d.from);
	segments_sort(o->segments);
	return check_scratch(o, err);
}

/* ---- all of it */

/* Ranges of sessions with about as many events each. */
static void bound_tasks(struct ordering *o)
{
	uint32_t at = 0;

	o->tasks = (size_t)(o->segments->n_events / TASK_EVENTS + o->workers);
	o->bound = mem_alloc((o->tasks + 1) * sizeof *o->bound);
	for (size_t task = 0; task <= o->tasks; task++) {
		uint64_t goal = o->segments->n_events * task / o->tasks;

		while (at < o->n && o->offsets[at] < goal)
			at++;
		o->bound[task] = task == o->tasks ? o->n : at;
	}
}

static bool prepare(struct ordering *o, struct err *err)
{
	const struct import *im = o->im;

	o->n = o->made->seen.id[ID_SESSION].n;
	o->offsets = mem_big((size_t)o->n + 1, sizeof *o->offsets, "sessions", err);
	if (!o->offsets)
		return false;
	for (uint32_t s = 0; s < o->n; s++)
		o->offsets[s + 1] = o->offsets[s] +
			o->made->seen.session[o->made->number.session_rank[s]].events;
	o->scratch = mem_zalloc(o->workers * sizeof *o->scratch);
	for (unsigned i = 0; i < o->workers; i++)
		o->scratch[i].in.caps = o->scratch[i].out.caps = o->segments->caps;
	bound_tasks(o);
	pool_run(im->pool, o->segments->n, bound_segment, o);
	return check_scratch(o, err) &&
		(overlaps(o) <= OVERLAP_MAX * o->segments->n || deal_out(o, err));
}

static bool reserve_arrays(struct ordering *o, struct build *b, struct err *err)
{
	static const struct {
		const char *name;
		enum array_type type;
	} array[] = {
		{"event/product", ARRAY_U32}, {"event/time", ARRAY_I64},
		{"event/kind", ARRAY_U8}, {"event/price", ARRAY_I64},
		{"event/quantity", ARRAY_U32}, {"event/rating", ARRAY_F32},
	};
	unsigned caps = o->segments->caps;
	bool wanted[] = {true, true, true, o->prices, caps & CAP_QUANTITIES,
			 caps & CAP_RATINGS};
	void *data[6] = {NULL};

	build_hold(b);
	for (int i = 0; i < 6; i++)
		if (wanted[i] && !build_reserve(b, array[i].name, array[i].type,
						o->segments->n_events, 1, &data[i], err))
			return false;
	o->to = (struct columns){.product = data[0], .time = data[1], .kind = data[2],
				 .price = data[3], .quantity = data[4],
				 .rating = data[5]};
	return true;
}

static int longer(const void *a, const void *b)
{
	const struct long_session *x = a, *y = b;

	if (x->products != y->products)
		return x->products > y->products ? -1 : 1;
	return x->session < y->session ? -1 : x->session > y->session;
}

/* The longest; of equals those that came first. */
static void keep_longest(struct ordering *o)
{
	const struct import *im = o->im;

	if (o->n_long)
		qsort(o->longest, o->n_long, sizeof *o->longest, longer);
	im->sum->long_sessions = o->n_long;
	o->made->n_longest = (unsigned)(o->n_long < LONGEST ? o->n_long : LONGEST);
	if (o->made->n_longest)
		memcpy(o->made->longest, o->longest,
		       o->made->n_longest * sizeof *o->longest);
}

static bool write_all(struct ordering *o, struct build *b, struct err *err)
{
	const struct import *im = o->im;

	if (!prepare(o, err) ||
	    !build_array(b, "session/offsets", ARRAY_U64, (uint64_t)o->n + 1, 1,
			 o->offsets, err) ||
	    !reserve_arrays(o, b, err))
		return false;
	pool_run(im->pool, o->tasks, order_task, o);
	build_seal(b, im->pool);
	keep_longest(o);
	return check_scratch(o, err);
}

bool import_write_events(const struct import *im, struct taken *t, struct made *m,
			 struct err *err)
{
	struct ordering o = {
		.im = im,
		.made = m,
		.segments = &t->events,
		.workers = pool_threads(im->pool),
		.prices = t->caps & CAP_PRICES,
	};
	bool ok;

	job_step(im->job, "writing events", o.segments->n_events);
	pthread_mutex_init(&o.lock, NULL);
	ok = write_all(&o, m->build, err);
	pthread_mutex_destroy(&o.lock);
	for (unsigned i = 0; o.scratch && i < o.workers; i++) {
		packer_finish(&o.scratch[i].packer);
		columns_finish(&o.scratch[i].in);
		columns_finish(&o.scratch[i].out);
		free(o.scratch[i].next);
		free(o.scratch[i].order);
		free(o.scratch[i].spare);
	}
	free(o.scratch);
	free(o.offsets);
	free(o.bound);
	free(o.longest);
	segments_clear(o.segments);
	return ok;
}
