/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which lists the newest decisions touch is found by their pairs and scopes; what they did is the
 * difference of the lists. */
#include "config.h"

#include <string.h>

#include "store/store.h"
#include "suggest/queue_impl.h"
#include "vet/verdicts.h"

static bool lists_it(const struct queue_list *l, uint32_t with)
{
	for (unsigned k = 0; l && k < l->n; k++)
		if (l->place[k].with == with)
			return true;
	return false;
}

static void touch(struct queue_some *t, const struct queue_base *b, uint32_t product)
{
	if (product != UINT32_MAX)
		queue_some_add(t, b->entry[product]);
}

/* One list, or those that hold what was said of everywhere. */
static void touch_by(struct queue_some *t, const struct queue *q, const struct decision *d)
{
	const struct queue_base *b = q->base;
	uint32_t with = store_find(b->store, "product", d->with);

	touch(t, b, store_find(b->store, "product", d->product));
	if (d->scope == SCOPE_BOTH)
		touch(t, b, with);
	for (uint32_t i = 0; d->scope == SCOPE_EVERYWHERE && i < b->n; i++)
		if (lists_it(q->at[i].list, with))
			queue_some_add(t, i);
}

/* By all people, and of those by who reviews. */
static void find_touched(struct queue_some *t, struct queue_some *own, struct queue *q,
			 uint64_t since)
{
	const struct verdicts *v = queue_verdicts(q);

	for (uint64_t i = since; v && i < verdicts_count(v); i++) {
		const struct decision *d = verdicts_at(v, i);
		const struct decision *about = verdicts_about(v, d);

		touch_by(t, q, about);
		if (!str_is(d->who, q->base->who))
			continue;
		q->change.known = true;
		touch_by(own, q, about);
		/* What has no list yet may hold it too. */
		q->change.more |= about->scope == SCOPE_EVERYWHERE && !q->whole;
	}
}

/* Products of the list in their places, what was rejected aside; *n of them. */
static const uint32_t *ranked_of(const struct queue_list *l, uint32_t at[QUEUE_ROWS],
				 unsigned *n)
{
	*n = 0;
	for (unsigned k = 0; k < l->n; k++)
		if (l->place[k].rank)
			at[(*n)++] = l->place[k].with;
	return at;
}

static bool stands_in(const uint32_t *at, unsigned n, uint32_t product)
{
	while (n && at[n - 1] != product)
		n--;
	return n;
}

static void note_change(struct queue *q, const struct queue *before, uint32_t i)
{
	uint32_t was_at[QUEUE_ROWS], now_at[QUEUE_ROWS];
	struct queue_change *c = &q->change;
	unsigned n_was, n_now;
	const uint32_t *was = ranked_of(before->at[i].list, was_at, &n_was);
	const uint32_t *now = ranked_of(q->at[i].list, now_at, &n_now);

	if (n_was == n_now && memcmp(was, now, n_now * sizeof *now) == 0)
		return;
	c->traffic += q->base->traffic[i];
	if (c->lists++)
		return;
	*c = (struct queue_change){
		c->known, 1, c->more, c->traffic, q->base->product[i], 0, 0, CATALOG_NONE,
		CATALOG_NONE, 0,
	};
	for (unsigned k = 0; k < n_now; k++) {
		if (k >= n_was || was[k] != now[k]) {
			c->from = c->from ? c->from : k + 1;
			c->to = k + 1;
		}
		if (c->entered == CATALOG_NONE && !stands_in(was, n_was, now[k])) {
			c->entered = now[k];
			c->entered_at = k + 1;
		}
	}
	for (unsigned k = 0; k < n_was && c->left == CATALOG_NONE; k++)
		if (!stands_in(now, n_now, was[k]))
			c->left = was[k];
}

static bool same_pair(const struct decision *a, const struct decision *b)
{
	return a && b && str_eq(a->product, b->product) && str_eq(a->with, b->with);
}

/* A reason or a scope was added to the decision before, or others decided: what it did is what
 * it did then, and what has come. */
static void go_on_from(struct queue *q, const struct queue *before)
{
	const struct queue_change *was = &before->change;
	enum decision_kind now, then;
	const struct decision *a = queue_newest(q, &now), *b = queue_newest(before, &then);
	struct queue_change c = q->change;

	if (q->change.known && !(same_pair(a, b) && now == then))
		return;
	q->change = was->lists || !c.lists ? *was : c;
	q->change.known = was->known;
	if (was->lists) {
		q->change.lists += c.lists;
		q->change.traffic += c.traffic;
		q->change.more |= c.more;
	}
}

/* Those that people see, or saw, are settled again. */
static bool make_anew(struct queue *q, const struct queue *before, const struct queue_some *some,
		      struct work work, struct err *err)
{
	struct queue_some seen = queue_some_create(q);
	bool ok = queue_lists_make(q, some, true, work, err);

	for (uint32_t i = 0; i < some->n; i++)
		if (before->at[some->entry[i]].settled)
			queue_some_add(&seen, some->entry[i]);
	ok = ok && queue_lists_settle(q, &seen, work, err);
	queue_some_finish(&seen);
	return ok;
}

bool queue_bring_up(struct queue *q, const struct queue *before, struct work work,
		    struct err *err)
{
	bool all = q->rules != before->rules || q->blind != before->blind ||
		   q->seq < before->seq;
	struct queue_some some = queue_some_create(q), own = queue_some_create(q);
	bool ok;

	for (uint32_t i = 0; all && i < q->base->n; i++)
		if (q->at[i].list)
			queue_some_add(&some, i);
	if (!all)
		find_touched(&some, &own, q, before->seq);
	ok = make_anew(q, before, &some, work, err);
	for (uint32_t i = 0; ok && i < own.n; i++)
		if (before->at[own.entry[i]].list)
			note_change(q, before, own.entry[i]);
	if (!all)
		go_on_from(q, before);
	queue_some_finish(&own);
	queue_some_finish(&some);
	return ok;
}
