/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Products stand in the order of traffic x summed doubt of their open places, and a product
 * has at most QUEUE_PLACES of those, each with a doubt below 1. So lists are made in the order of
 * traffic, and what has a greater product of its own than QUEUE_PLACES x the traffic of the
 * first one without a list is sure of its place (the threshold of Fagin, Lotem and Naor 2001).
 * Before what is one-way is looked up the doubt is taken as if all of it were; only what could
 * lead by that is settled.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/time.h"
#include "store/store.h"
#include "suggest/queue_impl.h"

#define AUDIT_FIRST 3u	/* the first place of a drawn product */
#define FEW 256u	/* products are ordered at once */
#define LISTS 64u	/* made at once, at least */
#define SETTLED 16u	/* settled at once, at least */

static void place(struct queue *q, uint32_t i, bool drawn)
{
	struct queue_entry *e = &q->at[i];

	if (!e->placed && e->open) {
		e->drawn = drawn;
		q->order[q->n++] = i;
		q->rows += e->list->n;
	}
	e->placed = true;
}

/* --- what was left in the middle */

/* The entry that `who` decided last, CATALOG_NONE: it isn't here. */
static uint32_t last_entry(const struct queue *q)
{
	const struct decision *d = queue_last(q);
	uint32_t p = d ? store_find(q->base->store, "product", d->product) : UINT32_MAX;

	return p == UINT32_MAX ? CATALOG_NONE : q->base->entry[p];
}

static bool begin(struct queue *q, struct work work, struct err *err)
{
	struct queue_some first = queue_some_create(q);
	uint32_t i = last_entry(q);
	bool ok;

	queue_some_add(&first, i);
	ok = queue_lists_settle(q, &first, work, err);
	if (ok && first.n && q->at[i].open && q->at[i].open < q->at[i].list->n)
		place(q, i, queue_last(q)->audit);
	queue_some_finish(&first);
	return ok;
}

/* --- the rest */

/* Who may come next, the greatest first, and what has to be known before. */
struct ordering {
	struct queue *q;
	struct sort_keyed *x;	/* (n) */
	uint32_t n, at;		/* x[at] is the next */
	struct queue_some need;	/* to be settled */
	bool all;
};

/* The traffic x doubt that nothing without a list can have more of. */
static double limit(const struct queue *q)
{
	unsigned places = q->blind ? QUEUE_ROWS : QUEUE_PLACES;

	return q->front < q->base->n ? (double)q->base->traffic[q->front] * places : -1;
}

static void rank(struct ordering *o)
{
	struct queue *q = o->q;

	o->n = o->at = 0;
	for (uint32_t i = 0; i < q->front; i++)
		if (!q->at[i].placed && q->at[i].open)
			o->x[o->n++] = (struct sort_keyed){
				q->at[i].doubt * q->base->traffic[i], i,
			};
	if (o->n)
		sort_greatest(o->x, o->n);
}

/* The next draw that stands nowhere yet; false: what it needs isn't known yet. */
static bool place_drawn(struct ordering *o)
{
	struct queue *q = o->q;
	uint32_t before = q->n;

	while (q->next < q->n_draws && q->n == before) {
		uint32_t i = q->draw[q->next];

		if (!q->at[i].placed && !q->at[i].settled) {
			queue_some_add(&o->need, i);
			return false;
		}
		q->next++;
		if (!q->at[i].placed)
			place(q, i, true);
	}
	return true;
}

/* All that is sure of its place, up to `rows`; what would be needed to go on is in o->need. */
static void place_sure(struct ordering *o, uint64_t rows)
{
	struct queue *q = o->q;

	while (q->rows < rows && o->at < o->n) {
		uint32_t i = o->x[o->at].at;
		bool sure = q->at[i].placed || (q->at[i].settled && o->x[o->at].key >= limit(q));

		if (!sure || (q->n % QUEUE_AUDIT_EVERY == AUDIT_FIRST - 1 && !place_drawn(o)))
			break;
		place(q, i, false);
		o->at++;
	}
	if (o->need.n || o->at == o->n)
		return;
	for (uint32_t k = o->at, most = o->all ? o->n : q->front / 4 + SETTLED;
	     k < o->n && o->need.n < most; k++)
		if (!q->at[o->x[k].at].settled && o->x[k].key >= limit(q))
			queue_some_add(&o->need, (uint32_t)o->x[k].at);
}

static bool make_more(struct ordering *o, struct work work, struct err *err)
{
	struct queue *q = o->q;
	uint32_t most = o->all ? q->base->n : LISTS + q->front / 4;
	uint32_t end = q->base->n - q->front < most ? q->base->n : q->front + most;

	for (uint32_t i = q->front; i < end; i++)
		queue_some_add(&o->need, i);
	if (!queue_lists_make(q, &o->need, false, work, err))
		return false;
	q->front = end;
	return true;
}

/* All is in its place; what has no open place is settled too, for whoever reads it. */
static bool is_whole(const struct queue *q)
{
	for (uint32_t i = q->front; i < q->base->n; i++)
		return false;
	for (uint32_t i = 0; i < q->base->n; i++)
		if (!q->at[i].placed && q->at[i].open)
			return false;
	return true;
}

static bool go_on(struct ordering *o, uint64_t rows, double until, struct work work,
		  struct err *err)
{
	struct queue *q = o->q;

	while (!q->whole) {
		rank(o);
		place_sure(o, rows && time_now_monotonic() >= until ? rows : UINT64_MAX);
		q->whole = is_whole(q);
		if (q->whole || (rows && q->rows >= rows && time_now_monotonic() >= until))
			break;
		if (o->need.n ? !queue_lists_settle(q, &o->need, work, err) :
		    !make_more(o, work, err))
			return false;
		queue_some_clear(&o->need);
	}
	return true;
}

bool queue_order_on(struct queue *q, uint64_t rows, double seconds, struct work work,
		    struct err *err)
{
	struct ordering o = {
		.q = q, .x = mem_alloc((q->base->n + 1) * sizeof *o.x),
		.need = queue_some_create(q), .all = !rows || q->base->n <= FEW,
	};
	bool ok = (q->front || q->n || begin(q, work, err)) &&
		  go_on(&o, o.all ? 0 : rows, time_now_monotonic() + seconds, work, err);

	queue_some_finish(&o.need);
	free(o.x);
	return ok;
}
