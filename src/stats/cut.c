/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sessions are read twice in blocks, to count what is in and to copy it. The times of
 * a session's first and last event mostly fall into one piece of the filter, and then
 * the times between needn't be read.
 */
#include "config.h"

#include "stats/cut.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "query/event_filter.h"
#include "query/select.h"
#include "query/sessions.h"
#include "stats/scan.h"

#define BLOCK 8192u	/* sessions per task */

struct cutting {
	const struct catalog *c;
	const struct event_filter *e;
	const struct selection *only;
	const struct session_set *sessions;
	struct cut *cut;
	uint32_t *count;	/* (n_sessions) events that are in */
	uint32_t n_sessions;
	atomic_uint kinds;
	struct job *job;
};

static inline void put(struct cut *cut, const struct catalog *c, uint64_t to, uint64_t from)
{
	cut->product[to] = c->event_product[from];
	cut->kind[to] = c->event_kind[from];
	if (cut->quantity)
		cut->quantity[to] = c->event_quantity[from];
	if (cut->price)
		cut->price[to] = c->event_price[from];
}

/* Events [i, end) of one piece; `to` is NULL while counting. */
static uint32_t take_piece(const struct cutting *g, uint64_t i, uint64_t end,
			   unsigned kinds, const uint64_t *to, uint32_t n, unsigned *seen)
{
	for (; kinds && i < end; i++) {
		unsigned bit = KIND_BIT(g->c->event_kind[i]);

		if (!(kinds & bit) || !selection_has(g->only, g->c->event_product[i]))
			continue;
		*seen |= bit;
		if (to)
			put(g->cut, g->c, *to + n, i);
		n++;
	}
	return n;
}

/* What of session s is in; copied to *to on. *piece is where to look first. */
static uint32_t take_session(const struct cutting *g, uint32_t s, const uint64_t *to,
			     size_t *piece, unsigned *seen)
{
	const struct event_filter *e = g->e;
	uint64_t i = g->c->session_offsets[s], end = g->c->session_offsets[s + 1];
	const int64_t *time = g->c->event_time;
	uint32_t n = 0;

	if (!e || i == end)
		return take_piece(g, i, end, ~0u, to, 0, seen);
	if (time[i] < e->from[*piece] ||
	    (*piece + 1 < e->n && time[i] >= e->from[*piece + 1]))
		*piece = event_filter_piece(e, time[i]);
	for (size_t p = *piece; i < end; p++) {
		uint64_t stop = end;

		if (p + 1 < e->n && time[end - 1] >= e->from[p + 1])
			for (stop = i; time[stop] < e->from[p + 1];)
				stop++;
		n = take_piece(g, i, stop, e->kinds[p], to, n, seen);
		i = stop;
	}
	return n;
}

static uint32_t block_end(const struct cutting *g, size_t task)
{
	uint64_t end = ((uint64_t)task + 1) * BLOCK;

	return end < g->n_sessions ? (uint32_t)end : g->n_sessions;
}

static void count_block(void *ctx, size_t task, unsigned worker)
{
	struct cutting *g = ctx;
	uint32_t end = block_end(g, task);
	unsigned seen = 0;
	size_t piece = 0;

	(void)worker;
	for (uint32_t s = (uint32_t)task * BLOCK; s < end && !job_cancelled(g->job); s++)
		if (session_set_has(g->sessions, s))
			g->count[s] = take_session(g, s, NULL, &piece, &seen);
	atomic_fetch_or(&g->kinds, seen);
}

static void copy_block(void *ctx, size_t task, unsigned worker)
{
	struct cutting *g = ctx;
	uint32_t end = block_end(g, task);
	unsigned seen = 0;
	size_t piece = 0;

	(void)worker;
	for (uint32_t s = (uint32_t)task * BLOCK; s < end && !job_cancelled(g->job); s++)
		if (g->count[s])
			take_session(g, s, &g->cut->offsets[s], &piece, &seen);
}

/* Sessions before the first that starts at `time` or later. One without events has
 * the start of the next one. */
static uint32_t sessions_before(const struct catalog *c, int64_t time)
{
	uint32_t low = 0, high = c->n_sessions;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		uint64_t at = c->session_offsets[mid];

		if (at < c->n_events && c->event_time[at] < time)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool make_room(struct cut *cut, const struct catalog *c, uint64_t n, struct err *err)
{
	const char *what = "the events that the filter lets in";

	cut->product = mem_big(n + 1, sizeof *cut->product, what, err);
	cut->kind = mem_big(n + 1, sizeof *cut->kind, what, err);
	if (c->event_quantity)
		cut->quantity = mem_big(n + 1, sizeof *cut->quantity, what, err);
	if (c->event_price)
		cut->price = mem_big(n + 1, sizeof *cut->price, what, err);
	return cut->product && cut->kind && !c->event_quantity == !cut->quantity &&
	       !c->event_price == !cut->price;
}

static void dress(struct cut *cut, const struct catalog *c, uint32_t n_sessions)
{
	while (cut->first < n_sessions && cut->offsets[cut->first + 1] == 0)
		cut->first++;
	cut->catalog = *c;
	cut->catalog.session_offsets = cut->offsets + cut->first;
	cut->catalog.n_sessions = n_sessions - cut->first;
	cut->catalog.n_events = cut->offsets[n_sessions];
	cut->catalog.event_product = cut->product;
	cut->catalog.event_kind = cut->kind;
	cut->catalog.event_quantity = cut->quantity;
	cut->catalog.event_price = cut->price;
	cut->catalog.event_time = NULL;
	cut->catalog.event_rating = NULL;
}

static bool cut_run(struct cutting *g, struct pool *pool, struct err *err)
{
	size_t tasks = ((size_t)g->n_sessions + BLOCK - 1) / BLOCK;
	struct cut *cut = g->cut;

	pool_run(pool, tasks, count_block, g);
	if (!job_check(g->job, err))
		return false;
	for (uint32_t s = 0; s < g->n_sessions; s++)
		cut->offsets[s + 1] = cut->offsets[s] + g->count[s];
	if (!make_room(cut, g->c, cut->offsets[g->n_sessions], err))
		return false;
	pool_run(pool, tasks, copy_block, g);
	if (!job_check(g->job, err))
		return false;
	cut->kinds = atomic_load(&g->kinds);
	dress(cut, g->c, g->n_sessions);
	return true;
}

bool cut_make(struct cut *out, const struct catalog *base, const struct event_filter *e,
	      const struct selection *only, const struct session_set *sessions,
	      struct work work, struct err *err)
{
	struct cut cut = {.base = base};
	struct cutting g = {.c = base,
			    .e = e,
			    .only = only,
			    .sessions = sessions,
			    .cut = &cut,
			    .job = work.job,
			    .n_sessions = base->n_sessions};
	int64_t from, end;
	bool ok;

	if (e) {
		event_filter_span(e, &from, &end);
		if (end != INT64_MAX)
			g.n_sessions = sessions_before(base, end);
	}
	g.count = mem_big((size_t)g.n_sessions + 1, sizeof *g.count, "events of sessions",
			  err);
	cut.offsets = mem_big((size_t)g.n_sessions + 1, sizeof *cut.offsets,
			      "events of sessions", err);
	ok = g.count && cut.offsets && cut_run(&g, work.pool, err);
	free(g.count);
	if (!ok) {
		cut_finish(&cut);
		return false;
	}
	*out = cut;
	return true;
}

void cut_finish(struct cut *cut)
{
	free(cut->offsets);
	free(cut->product);
	free(cut->quantity);
	free(cut->kind);
	free(cut->price);
	*cut = (struct cut){0};
}
