/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pass over the sessions counts what is kept, a second one copies it. */
#include "config.h"

#include "model/sequences.h"

#include <assert.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "stats/scan.h"

#define BLOCK 4096u	/* sessions per task */

unsigned sequences_kinds(const struct catalog *c, const struct params *p)
{
	static const unsigned asked[] = {
		0,
		KIND_BIT(EVENT_VIEW),
		KIND_BIT(EVENT_CART),
		KIND_BIT(EVENT_PURCHASE),
		KIND_BIT(EVENT_VIEW) | KIND_BIT(EVENT_CART) | KIND_BIT(EVENT_PURCHASE),
	};
	unsigned kinds = params_takes(p, PARAM_ID_EVENTS) ?
			 asked[params_choice(p, PARAM_ID_EVENTS)] : 0;

	if (kinds)
		return kinds;
	return c->caps & CAP_VIEWS ? KIND_BIT(EVENT_VIEW) :
	       c->caps & CAP_CARTS ? KIND_BIT(EVENT_CART) : KIND_BIT(EVENT_PURCHASE);
}

struct reading {
	struct sequences *q;
	const struct catalog *c;
	unsigned kinds;
	uint32_t least;
	uint32_t *length;	/* (n_sessions) 0: left out */
	uint64_t *start;	/* (n_sessions) into q->product */
	struct marks *marks;	/* (threads) */
	struct job *job;
};

/* The session's products without repeats in a row; to NULL: counts them. */
static uint32_t take_session(const struct reading *r, uint32_t s, uint32_t *to)
{
	uint64_t end = r->c->session_offsets[s + 1];
	uint32_t n = 0, last = CATALOG_NONE;

	for (uint64_t i = r->c->session_offsets[s]; i < end; i++) {
		uint32_t p = r->c->event_product[i];

		if (p == last || !(r->kinds >> r->c->event_kind[i] & 1))
			continue;
		if (to)
			to[n] = p;
		n++;
		last = p;
	}
	return n;
}

static void count_block(void *ctx, size_t task, unsigned worker)
{
	struct reading *r = ctx;
	uint64_t end = ((uint64_t)task + 1) * BLOCK;

	end = end < r->c->n_sessions ? end : r->c->n_sessions;
	for (uint32_t s = (uint32_t)task * BLOCK; s < end && !job_cancelled(r->job); s++) {
		uint32_t n = take_session(r, s, NULL);

		if (n >= r->least && scan_counted(r->c, s, &r->marks[worker]))
			r->length[s] = n;
	}
	job_advance(r->job, BLOCK);
}

static void copy_block(void *ctx, size_t task, unsigned worker)
{
	struct reading *r = ctx;
	uint64_t end = ((uint64_t)task + 1) * BLOCK;

	end = end < r->c->n_sessions ? end : r->c->n_sessions;
	for (uint32_t s = (uint32_t)task * BLOCK; s < end && !job_cancelled(r->job); s++)
		if (r->length[s])
			take_session(r, s, r->q->product + r->start[s]);
}

static bool make_room(struct reading *r, struct err *err)
{
	struct sequences *q = r->q;
	uint64_t total = 0;
	uint32_t n = 0;

	for (uint32_t s = 0; s < r->c->n_sessions; s++)
		n += r->length[s] > 0;
	q->offsets = mem_big((size_t)n + 1, sizeof *q->offsets, "sequences", err);
	q->session = q->offsets ? mem_big(n, sizeof *q->session, "sequences", err) : NULL;
	if (!q->session)
		return false;
	for (uint32_t s = 0; s < r->c->n_sessions; s++) {
		if (!r->length[s])
			continue;
		r->start[s] = total;
		q->session[q->n] = s;
		q->offsets[q->n++] = total;
		total += r->length[s];
	}
	q->offsets[q->n] = total;
	q->product = mem_big(total, sizeof *q->product, "sequences", err);
	return q->product != NULL;
}

static bool read_all(struct reading *r, struct pool *pool, struct err *err)
{
	size_t tasks = ((size_t)r->c->n_sessions + BLOCK - 1) / BLOCK;

	job_step(r->job, "reading sessions", r->c->n_sessions);
	pool_run(pool, tasks, count_block, r);
	if (!job_check(r->job, err) || !make_room(r, err))
		return false;
	pool_run(pool, tasks, copy_block, r);
	return job_check(r->job, err);
}

static bool read_kinds(struct reading *r, struct sequences *out, const struct lesson *l,
		       struct err *err)
{
	struct sequences q = {.n_products = l->catalog->n_products};
	unsigned threads = pool_threads(l->work.pool);
	bool ok = true;

	r->q = &q;
	r->c = l->catalog;
	r->job = l->work.job;
	r->marks = mem_zalloc(threads * sizeof *r->marks);
	for (unsigned i = 0; i < threads && ok; i++)
		ok = marks_init(&r->marks[i], l->catalog->n_products, err);
	r->length = mem_big(r->c->n_sessions, sizeof *r->length, "sequences", ok ? err : NULL);
	r->start = mem_big(r->c->n_sessions, sizeof *r->start, "sequences",
			   ok && r->length ? err : NULL);
	ok = ok && r->length && r->start && read_all(r, l->work.pool, err);
	for (unsigned i = 0; i < threads; i++)
		marks_finish(&r->marks[i]);
	free(r->marks);
	free(r->length);
	free(r->start);
	if (ok)
		*out = q;
	else
		sequences_finish(&q);
	return ok;
}

/* The store knows events of one of these kinds. */
static bool has_kinds(const struct catalog *c, unsigned kinds)
{
	return (kinds & KIND_BIT(EVENT_VIEW) && c->caps & CAP_VIEWS) ||
	       (kinds & KIND_BIT(EVENT_CART) && c->caps & CAP_CARTS) ||
	       (kinds & KIND_BIT(EVENT_PURCHASE) && c->caps & CAP_PURCHASES);
}

static bool lacks_kinds(unsigned kinds, struct err *err)
{
	return err_fail(err, ERR_NO, "there is nothing to learn from: the model reads %s, and this "
			"store has none; --events auto takes what there is",
			kinds == KIND_BIT(EVENT_VIEW) ? "views" :
			kinds == KIND_BIT(EVENT_CART) ? "what is put in carts" :
			kinds == KIND_BIT(EVENT_PURCHASE) ? "purchases" : "events");
}

bool sequences_read(struct sequences *q, const struct lesson *l, uint32_t least,
		    struct err *err)
{
	struct reading r = {.kinds = sequences_kinds(l->catalog, l->params),
			    .least = least ? least : 1};

	return (has_kinds(l->catalog, r.kinds) || lacks_kinds(r.kinds, err)) &&
	       read_kinds(&r, q, l, err);
}

bool sequences_of(struct sequences *q, const struct lesson *l, unsigned kinds, struct err *err)
{
	struct reading r = {.kinds = kinds, .least = 1};

	assert(kinds);
	return read_kinds(&r, q, l, err);
}

void sequences_finish(struct sequences *q)
{
	free(q->offsets);
	free(q->product);
	free(q->session);
	*q = (struct sequences){0};
}

bool places_make(struct places *out, const struct sequences *q, uint32_t n_products,
		 struct err *err)
{
	struct places x = {0};
	uint64_t total = q->offsets[q->n];

	x.offsets = mem_big((size_t)n_products + 2, sizeof *x.offsets, "places", err);
	x.at = x.offsets ? mem_big(total, sizeof *x.at, "places", err) : NULL;
	x.sequence = x.at ? mem_big(total, sizeof *x.sequence, "places", err) : NULL;
	if (!x.sequence) {
		places_finish(&x);
		return false;
	}
	/* Shifted by one, so that filling moves them to where they belong. */
	for (uint64_t i = 0; i < total; i++)
		x.offsets[q->product[i] + 2]++;
	for (uint32_t p = 0; p < n_products; p++)
		x.offsets[p + 2] += x.offsets[p + 1];
	for (uint32_t s = 0; s < q->n; s++)
		for (uint64_t i = q->offsets[s]; i < q->offsets[s + 1]; i++) {
			uint64_t to = x.offsets[q->product[i] + 1]++;

			x.at[to] = i;
			x.sequence[to] = s;
		}
	*out = x;
	return true;
}

void places_finish(struct places *x)
{
	free(x->offsets);
	free(x->at);
	free(x->sequence);
	*x = (struct places){0};
}
