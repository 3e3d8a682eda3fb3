/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every worker has a small buffer per range of rows. A full one becomes a chunk of its
 * range: it stays in memory while there is room, else it goes to a temporary file. A load
 * counts the rows of a range's chunks, puts their entries into place and sorts each row.
 */
#include "config.h"

#include "import/pair_sort.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/spill.h"

#define RANGES_MIN 16u
#define RANGES_MAX 2048u
#define BUFFER_MIN 64u		/* entries */
#define BUFFER_MAX 8192u

struct chunk {
	struct pair_entry *at;	/* NULL: in the temporary file */
	uint64_t place;
	uint32_t n;
};

struct range {
	struct chunk *chunk;
	size_t n, cap;
	uint64_t entries;
};

struct buffer {
	struct pair_entry *at;
	uint32_t n;
};

/* A worker's, for loads. */
struct room {
	uint64_t *offsets, *entry;
	size_t cap_entry;
	struct pair_entry *read;	/* (buffer) of the temporary file */
};

struct pair_sort {
	struct pair_sort_plan plan;
	unsigned shift;
	uint32_t ranges, buffer;
	uint32_t *first;
	struct buffer *buffers;	/* (threads, sides, ranges) */
	struct range *of;	/* (sides, ranges) */
	struct room *rooms;	/* (threads) */
	pthread_mutex_t lock;	/* of what follows, and of the ranges while there are adds */
	uint64_t held;
	struct err err;
};

static uint32_t choose_ranges(const struct pair_sort_plan *p)
{
	uint32_t n = RANGES_MIN;
	/* A load of each thread takes a quarter of the memory or less. */
	double most = p->memory ? (double)p->memory / (4.0 * p->threads) : 64e6;

	while (n < RANGES_MAX && (double)p->entries * sizeof(uint64_t) > most * n)
		n *= 2;
	/* Rows are not equally long: some ranges are several times the mean. */
	return n < RANGES_MAX / 4 ? n * 4 : RANGES_MAX;
}

static uint32_t choose_buffer(const struct pair_sort_plan *p, uint32_t ranges)
{
	uint64_t all = (uint64_t)ranges * p->sides * p->threads * sizeof(struct pair_entry);
	uint64_t n = p->memory ? p->memory / 8 / all : BUFFER_MAX;

	return n < BUFFER_MIN ? BUFFER_MIN : n > BUFFER_MAX ? BUFFER_MAX : (uint32_t)n;
}

struct pair_sort *pair_sort_create(const struct pair_sort_plan *plan)
{
	struct pair_sort *s = mem_zalloc(sizeof *s);
	uint32_t want = choose_ranges(plan);

	assert(plan->threads > 0 && (plan->sides == 1 || plan->sides == 2));
	s->plan = *plan;
	while (plan->products && (plan->products - 1) >> s->shift >= want)
		s->shift++;
	s->ranges = plan->products ? ((plan->products - 1) >> s->shift) + 1 : 0;
	s->buffer = choose_buffer(plan, s->ranges ? s->ranges : 1);
	s->first = mem_alloc((s->ranges + 1) * sizeof *s->first);
	for (uint32_t i = 0; i < s->ranges; i++)
		s->first[i] = i << s->shift;
	s->first[s->ranges] = plan->products;
	s->buffers = mem_zalloc((size_t)plan->threads * plan->sides * (s->ranges + 1) *
				sizeof *s->buffers);
	s->of = mem_zalloc((size_t)plan->sides * (s->ranges + 1) * sizeof *s->of);
	s->rooms = mem_zalloc(plan->threads * sizeof *s->rooms);
	pthread_mutex_init(&s->lock, NULL);
	return s;
}

void pair_sort_destroy(struct pair_sort *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < (size_t)s->plan.threads * s->plan.sides * s->ranges; i++)
		free(s->buffers[i].at);
	for (size_t i = 0; i < (size_t)s->plan.sides * s->ranges; i++) {
		for (size_t k = 0; k < s->of[i].n; k++)
			free(s->of[i].chunk[k].at);
		free(s->of[i].chunk);
	}
	for (unsigned i = 0; i < s->plan.threads; i++) {
		free(s->rooms[i].offsets);
		free(s->rooms[i].entry);
		free(s->rooms[i].read);
	}
	pthread_mutex_destroy(&s->lock);
	free(s->rooms);
	free(s->of);
	free(s->buffers);
	free(s->first);
	free(s);
}

/* May n bytes more stay in memory? */
static bool hold(struct pair_sort *s, size_t n)
{
	bool ok;

	pthread_mutex_lock(&s->lock);
	ok = !s->plan.spill || !s->plan.memory || s->held + n <= s->plan.memory / 2;
	if (ok)
		s->held += n;
	pthread_mutex_unlock(&s->lock);
	return ok;
}

/* Make a range's chunk of what is in the buffer. */
static void flush(struct pair_sort *s, struct buffer *b, struct range *r)
{
	size_t bytes = b->n * sizeof *b->at;
	struct chunk c = {.n = b->n};
	struct err err = {0};
	bool ok = true;

	if (hold(s, s->buffer * sizeof *b->at)) {
		c.at = b->at;
		b->at = NULL;
	} else {
		ok = spill_write(s->plan.spill, b->at, bytes, &c.place, &err);
	}
	b->n = 0;
	pthread_mutex_lock(&s->lock);
	if (!ok && !s->err.code)
		s->err = err;
	MEM_GROW(r->chunk, r->cap, r->n + 1);
	r->chunk[r->n++] = c;
	r->entries += c.n;
	pthread_mutex_unlock(&s->lock);
}

void pair_sort_add(struct pair_sort *s, unsigned worker, unsigned side, struct pair_entry e)
{
	size_t range = (size_t)side * s->ranges + (e.row >> s->shift);
	struct buffer *b = &s->buffers[(size_t)worker * s->plan.sides * s->ranges + range];

	assert(worker < s->plan.threads && side < s->plan.sides && e.row < s->plan.products);
	if (!b->at)
		b->at = mem_alloc(s->buffer * sizeof *b->at);
	b->at[b->n++] = e;
	if (b->n == s->buffer)
		flush(s, b, &s->of[range]);
}

bool pair_sort_finish(struct pair_sort *s, struct err *err)
{
	size_t n = (size_t)s->plan.sides * s->ranges;

	for (size_t i = 0; i < s->plan.threads * n; i++) {
		if (s->buffers[i].n)
			flush(s, &s->buffers[i], &s->of[i % n]);
		free(s->buffers[i].at);
		s->buffers[i].at = NULL;
	}
	if (s->err.code && err)
		*err = s->err;
	return !s->err.code;
}

uint32_t pair_sort_ranges(const struct pair_sort *s)
{
	return s->ranges;
}

const uint32_t *pair_sort_first(const struct pair_sort *s)
{
	return s->first;
}

uint64_t pair_sort_entries(const struct pair_sort *s, unsigned side, uint32_t range)
{
	return s->of[(size_t)side * s->ranges + range].entries;
}

/* ---- loads */

/* The entries of a chunk, wherever they are. */
static const struct pair_entry *chunk_entries(const struct pair_sort *s, struct room *w,
					      const struct chunk *c, struct err *err)
{
	if (c->at)
		return c->at;
	if (!w->read)
		w->read = mem_alloc(s->buffer * sizeof *w->read);
	struct spill_range at = {c->place, c->n * sizeof *w->read};

	return spill_read(s->plan.spill, at, w->read, err) ? w->read : NULL;
}

/* offsets (rows + 2), two places on: how many entries each row has. */
static void count_rows(struct room *w, const struct pair_entry *e, uint32_t n, uint32_t first)
{
	for (uint32_t i = 0; i < n; i++)
		w->offsets[e[i].row - first + 2]++;
}

static void place_rows(struct room *w, const struct pair_entry *e, uint32_t n, uint32_t first)
{
	for (uint32_t i = 0; i < n; i++)
		w->entry[w->offsets[e[i].row - first + 1]++] =
			(uint64_t)e[i].column << 32 | e[i].n;
}

/* All chunks of a range through `take`. */
static bool read_rows(const struct pair_sort *s, const struct range *r, struct room *w,
		      void take(struct room *, const struct pair_entry *, uint32_t, uint32_t),
		      struct err *err)
{
	uint32_t first = s->first[(size_t)(r - s->of) % s->ranges];

	for (size_t k = 0; k < r->n; k++) {
		const struct pair_entry *e = chunk_entries(s, w, &r->chunk[k], err);

		if (!e)
			return false;
		take(w, e, r->chunk[k].n, first);
	}
	return true;
}

static void sort_rows(const struct room *w, uint32_t rows, uint32_t first,
		      struct pair_loaded *out)
{
	for (uint32_t a = 0; a < rows; a++) {
		size_t n = (size_t)(w->offsets[a + 1] - w->offsets[a]);
		uint64_t *row;

		if (!n)
			continue;	/* where no row has any there is no room either */
		row = w->entry + w->offsets[a];
		sort_u64(row, n);
		for (size_t i = 1; i < n; i++)
			if (row[i - 1] >> 32 == row[i] >> 32)
				out->twice = first + a;
	}
}

bool pair_sort_load(struct pair_sort *s, struct pair_ask ask, struct pair_loaded *out,
		    struct err *err)
{
	const struct range *r = &s->of[(size_t)ask.side * s->ranges + ask.range];
	uint32_t first = s->first[ask.range], rows = s->first[ask.range + 1] - first;
	struct room *w = &s->rooms[ask.worker];
	void *entry = w->entry;

	assert(ask.range < s->ranges && ask.worker < s->plan.threads);
	if (!w->offsets)
		w->offsets = mem_alloc(((size_t)1 << s->shift) * sizeof *w->offsets +
				       2 * sizeof *w->offsets);
	if (r->entries > w->cap_entry) {
		if (!mem_big_resize(&entry, r->entries, sizeof *w->entry, "pairs", err))
			return false;
		w->entry = entry;
		w->cap_entry = r->entries;
	}
	memset(w->offsets, 0, ((size_t)rows + 2) * sizeof *w->offsets);
	if (!read_rows(s, r, w, count_rows, err))
		return false;
	for (uint32_t a = 0; a < rows; a++)
		w->offsets[a + 2] += w->offsets[a + 1];
	if (!read_rows(s, r, w, place_rows, err))
		return false;
	*out = (struct pair_loaded){w->offsets, w->entry, UINT32_MAX};
	sort_rows(w, rows, first, out);
	return true;
}
