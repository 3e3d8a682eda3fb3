/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be told only when all files are read: the times and users of sessions
 * that other files name, purchases that were taken back, sessions that end by
 * inactivity, sessions that are known by their place. Most data sets need nothing
 * of it. Runs on ranks; sessions and users are then numbered anew, so that those
 * without an event vanish.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/sort.h"
#include "import/steps.h"

struct settling {
	const struct import *im;
	struct seen *seen;
	struct segments *segments;
	bool undated;			/* no record says when */
	struct columns events;		/* all of them, by the workers' numbers */
	uint32_t *session, *product;	/* (events): ranks */
	uint16_t *worker;		/* (events) */
	/* New sessions: the rank of the old one, and its number there or 0. */
	uint32_t *of, *ordinal;
	uint32_t n;
	size_t cap_of, cap_ordinal;
	int64_t *told_time;		/* by rank of session, or NULL */
};

/* All events unpacked: the segments are gone. */
static bool gather(struct settling *s, struct err *err)
{
	struct packer k = {0};
	bool ok = columns_reserve(&s->events, s->segments->n_events, err);
	size_t at = 0;

	for (size_t i = 0; ok && i < s->segments->n; i++) {
		ok = segments_unpack(s->segments, &s->segments->of[i], &k, &s->events, err);
		while (ok && at < s->events.n)
			s->worker[at++] = s->segments->of[i].worker;
	}
	s->events.scale = s->segments->scale;
	packer_finish(&k);
	segments_clear(s->segments);
	return ok;
}

static bool start(struct settling *s, struct err *err)
{
	const struct ids *p = &s->seen->id[ID_PRODUCT], *t = &s->seen->id[ID_SESSION];
	size_t n = s->segments->n_events;

	s->session = mem_big(n, sizeof *s->session, "events", err);
	s->product = s->session ? mem_big(n, sizeof *s->product, "events", err) : NULL;
	s->worker = s->product ? mem_big(n, sizeof *s->worker, "events", err) : NULL;
	if (!s->worker || !gather(s, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		s->session[i] = t->rank[t->base[s->worker[i]] + s->events.session[i]];
		s->product[i] = p->rank[p->base[s->worker[i]] + s->events.product[i]];
	}
	return true;
}

static void finish(struct settling *s)
{
	columns_finish(&s->events);
	free(s->session);
	free(s->product);
	free(s->worker);
	free(s->of);
	free(s->ordinal);
	free(s->told_time);
}

/* Users and times that records of sessions say. */
static bool hear(struct settling *s, struct err *err)
{
	uint32_t n = s->seen->id[ID_SESSION].n;
	SCOPED_FREE struct session_told *told = seen_told(s->seen, err);

	s->told_time = told ? mem_big(n, sizeof *s->told_time, "sessions", err) : NULL;
	if (!s->told_time)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		s->told_time[i] = told[i].time;
		if (told[i].user != MAP_NONE)
			s->seen->session[i].user = told[i].user;
	}
	return true;
}

/* ---- duplicates */

/* Before anything is taken back: what stands twice is taken back once. */
static bool drop_duplicates(struct settling *s, struct err *err)
{
	struct columns *c = &s->events;
	SCOPED_FREE bool *drop = NULL;
	size_t n = 0;

	if (s->im->o->duplicates != DUPLICATES_DROP)
		return true;
	drop = mem_big(c->n, sizeof *drop, "events", err);
	if (!drop || !import_duplicates(c, s->session, s->product, drop,
					s->im->pool, err))
		return false;
	for (size_t i = 0; i < c->n; i++) {
		if (drop[i])
			continue;
		columns_copy(c, n, c, i);
		s->session[n] = s->session[i];
		s->product[n] = s->product[i];
		s->worker[n++] = s->worker[i];
	}
	s->im->sum->duplicates += c->n - n;
	c->n = n;
	return true;
}

/* ---- cancellations */

/* A purchase or cancellation under one of its two keys. */
struct claim {
	uint32_t key;		/* of (session, product) or (user, product) */
	uint32_t event;
	uint32_t session;	/* rank */
	int64_t time;
};

enum { BY_SESSION, BY_USER, KEYS };

static struct str claim_key(const struct settling *s, size_t event, int kind,
			    uint32_t key[3])
{
	uint32_t session = s->session[event];

	key[0] = (uint32_t)kind;
	key[1] = kind == BY_SESSION ? session : s->seen->session[session].user;
	key[2] = s->product[event];
	if (key[1] == MAP_NONE)
		return STR_NULL;
	return str_span((const char *)key, 3 * sizeof *key);
}

/* At one time by session: a store that is added to has no other order of them. */
static int by_time(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	if (x->session != y->session)
		return x->session < y->session ? -1 : 1;
	return x->event < y->event ? -1 : x->event > y->event;
}

static int by_key(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return by_time(a, b);
}

static uint32_t quantity_of(const struct columns *c, uint32_t event)
{
	return c->quantity ? c->quantity[event] : 1;
}

/* Take up to `left` pieces back from the purchases of that key, latest first, none
 * later than `latest`; returns what could not be taken back. A purchase of which
 * nothing is left becomes a cancellation itself, to be removed. */
static uint32_t take_back(struct settling *s, const struct claim *claims, size_t n,
			  uint32_t key, int64_t latest, uint32_t left)
{
	struct columns *c = &s->events;
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (claims[middle].key <= key && (claims[middle].key < key ||
						  claims[middle].time <= latest))
			low = middle + 1;
		else
			high = middle;
	}
	while (left && low-- > 0 && claims[low].key == key) {
		uint32_t event = claims[low].event, has = quantity_of(c, event);

		if (c->kind[event] & EVENT_CANCELS || !has)
			continue;
		if (has > left) {
			c->quantity[event] = has - left;
			return 0;
		}
		left -= has;
		c->kind[event] |= EVENT_CANCELS;
		s->im->sum->cancelled++;
	}
	return left;
}

/* The purchases that could be meant, by key, and the cancellations, by time. */
static void find_claims(struct settling *s, struct map *keys, struct claim **cancels,
			size_t *n_cancels, struct claim **claims, size_t *n_claims)
{
	const struct columns *c = &s->events;
	size_t cap_cancels = 0, cap_claims = 0;
	uint32_t key[3];

	for (size_t i = 0; i < c->n; i++) {
		if (!(c->kind[i] & EVENT_CANCELS))
			continue;
		MEM_GROW(*cancels, cap_cancels, *n_cancels + 1);
		(*cancels)[(*n_cancels)++] = (struct claim){
			0, (uint32_t)i, s->session[i], c->time[i]};
		for (int k = 0; k < KEYS; k++)
			(void)map_intern(keys, claim_key(s, i, k, key), NULL);
	}
	for (size_t i = 0; i < c->n && *n_cancels; i++)
		for (int k = 0; k < KEYS && c->kind[i] == EVENT_PURCHASE; k++) {
			uint32_t found = map_find(keys, claim_key(s, i, k, key));

			if (found == MAP_NONE || map_key(keys, found).len == 0)
				continue;
			MEM_GROW(*claims, cap_claims, *n_claims + 1);
			(*claims)[(*n_claims)++] = (struct claim){
				found, (uint32_t)i, s->session[i], c->time[i]};
		}
	if (*n_cancels)
		qsort(*cancels, *n_cancels, sizeof **cancels, by_time);
	if (*n_claims)
		qsort(*claims, *n_claims, sizeof **claims, by_key);
}

static void cancel(struct settling *s)
{
	const struct import *im = s->im;
	SCOPED(map) keys = map_create();
	SCOPED_FREE struct claim *cancels = NULL, *claims = NULL;
	size_t n_cancels = 0, n_claims = 0;
	uint32_t key[3];

	find_claims(s, keys, &cancels, &n_cancels, &claims, &n_claims);
	for (size_t i = 0; i < n_cancels; i++) {
		uint32_t event = cancels[i].event, left = quantity_of(&s->events, event);
		uint32_t user = map_find(keys, claim_key(s, event, BY_USER, key));
		uint32_t session = map_find(keys, claim_key(s, event, BY_SESSION, key));

		left = take_back(s, claims, n_claims, session, INT64_MAX, left);
		if (map_key(keys, user).len)
			left = take_back(s, claims, n_claims, user, cancels[i].time,
					 left);
		im->sum->cancels_lost += left > 0;
	}
}

/* ---- sessions */

static uint32_t new_session(struct settling *s, uint32_t old, uint32_t ordinal)
{
	MEM_GROW(s->of, s->cap_of, s->n + 1);
	MEM_GROW(s->ordinal, s->cap_ordinal, s->n + 1);
	s->of[s->n] = old;
	s->ordinal[s->n] = ordinal;
	return s->n++;
}

/* Numbered sessions take their number in the order of the files. */
static bool name_sessions(struct settling *s, struct err *err)
{
	const struct ids *ids = &s->seen->id[ID_SESSION];
	SCOPED_FREE uint32_t *at = mem_big(ids->n, sizeof *at, "sessions", err);
	uint32_t numbered = 0;

	if (!at)
		return false;
	for (size_t i = 0; i < s->events.n; i++) {
		uint32_t *to = &at[s->session[i]];

		if (*to == 0) {
			bool made = ids_text(ids, s->session[i]).ptr[0] ==
				SESSION_NUMBERED;

			*to = new_session(s, s->session[i], made ? ++numbered : 0) + 1;
		}
		s->session[i] = *to - 1;
	}
	return true;
}

static void set_times(struct settling *s)
{
	struct columns *c = &s->events;

	for (size_t i = 0; i < c->n; i++) {
		if (c->time[i] != TIME_NONE)
			continue;
		c->time[i] = s->told_time[s->of[s->session[i]]];
		if (c->time[i] != TIME_NONE)
			continue;
		/* New sessions are numbered as they are met. */
		c->time[i] = s->ordinal[s->session[i]];
		if (!c->time[i] && s->undated)
			c->time[i] = s->session[i] + 1;
	}
}

/* Cut where a user did nothing for longer than the gap. */
static bool cut_sessions(struct settling *s, struct err *err)
{
	const struct import *im = s->im;
	const int64_t *time = s->events.time;
	size_t n = s->events.n;
	struct visit {
		uint32_t session, visits;
		int64_t last;
	};
	SCOPED_FREE struct sort_item *item = mem_big(n, sizeof *item, "events", err);
	SCOPED_FREE struct visit *visit = mem_big(s->n, sizeof *visit, "sessions", err);
	SCOPED_FREE uint32_t *old = s->of;
	uint32_t sessions = s->n;

	s->of = NULL;
	s->cap_of = s->n = 0;
	if (!item || !visit)
		return false;
	for (uint32_t i = 0; i < sessions; i++)
		visit[i] = (struct visit){0};
	for (size_t i = 0; i < n; i++)
		item[i] = (struct sort_item){(uint64_t)time[i] ^ UINT64_C(1) << 63, i};
	if (!sort_items(item, n, im->pool, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		size_t event = item[i].value;
		struct visit *v = &visit[s->session[event]];

		if (v->visits == 0 || time[event] - v->last > im->set->gap)
			v->session = new_session(s, old[s->session[event]], ++v->visits);
		v->last = time[event];
		s->session[event] = v->session;
	}
	return true;
}

static void session_text(const struct settling *s, uint32_t session, struct strbuf *out)
{
	struct str old = ids_text(&s->seen->id[ID_SESSION], s->of[session]);

	strbuf_reset(out);
	if (old.ptr[0] == SESSION_NUMBERED)
		strbuf_addf(out, "%u", s->ordinal[session]);
	else if (s->ordinal[session])
		strbuf_addf(out, "%.*s/%u", STR_ARG(old), s->ordinal[session]);
	else
		strbuf_add(out, old);
}

/* ---- the events that stay, in sessions of their own workers */

/* Those of the session that it was a part of. */
static bool copy_traits(const struct settling *s, struct witness *w, uint32_t session,
			uint32_t number)
{
	struct str text[TRAITS] = {STR_NULL};

	for (int t = 0; s->seen->trait && t < TRAITS; t++) {
		uint32_t rank = s->seen->trait[(size_t)s->of[session] * TRAITS + t];

		if (rank != MAP_NONE)
			text[t] = ids_text(&s->seen->id[ID_TRAIT + t], rank);
	}
	return witness_hear_traits(w, number, text);
}

/* The session's number in the worker that has the event. */
static bool renumber(struct settling *s, struct map **sessions, struct map **users,
		     size_t event, struct stamp at, uint32_t *number, struct err *err)
{
	unsigned worker = s->worker[event];
	struct witness *w = &s->seen->from->of[worker];
	uint32_t session = s->session[event], known = map_count(sessions[worker]);
	uint32_t user = s->seen->session[s->of[session]].user;
	struct session_seen *seen;

	session_text(s, session, &w->key);
	*number = map_intern(sessions[worker], strbuf_str(&w->key), err);
	if (*number == MAP_NONE)
		return false;
	MEM_GROW(w->session, w->cap_session, (size_t)*number + 1);
	seen = &w->session[*number];
	if (*number == known) {
		witness_new_traits(w, known, known + 1);
		if (!copy_traits(s, w, session, *number)) {
			if (err)
				*err = w->err;
			return false;
		}
		*seen = (struct session_seen){{INT64_MAX, UINT64_MAX}, MAP_NONE, 0};
		if (user != MAP_NONE)
			seen->user = map_intern(users[worker],
						ids_text(&s->seen->id[ID_USER], user), err);
		if (user != MAP_NONE && seen->user == MAP_NONE)
			return false;
	}
	seen->events++;
	if (stamp_later(seen->first, at))
		seen->first = at;
	return true;
}

static bool keep_events(struct settling *s, struct map **sessions, struct map **users,
			struct err *err)
{
	const struct import *im = s->im;
	struct columns *c = &s->events;
	size_t n = 0;

	for (uint32_t i = 0; i < s->seen->id[ID_PRODUCT].n; i++) {
		seen_product(s->seen, i)->first = INT64_MAX;
		seen_product(s->seen, i)->last = INT64_MIN;
	}
	memset(im->sum->by_kind, 0, sizeof im->sum->by_kind);
	for (size_t i = 0; i < c->n; i++) {
		if (c->kind[i] & EVENT_CANCELS)
			continue;
		columns_copy(c, n, c, i);
		if (!renumber(s, sessions, users, i, (struct stamp){c->time[n], n},
			      &c->session[n], err))
			return false;
		s->worker[n] = s->worker[i];
		witness_see(seen_product(s->seen, s->product[i]), c->time[n]);
		im->sum->by_kind[c->kind[n]]++;
		n++;
	}
	c->n = n;
	im->sum->events = n;
	return true;
}

/* Pack what is left: runs of events with the numbers of one worker. */
static bool pack(struct settling *s, struct err *err)
{
	struct columns *c = &s->events;
	struct packer k = {0};
	bool ok = true;

	for (size_t at = 0, end; ok && at < c->n; at = end) {
		struct columns run = *c;

		for (end = at + 1; end < c->n && s->worker[end] == s->worker[at];)
			end++;
		run.product += at;
		run.session += at;
		run.time += at;
		run.price += at;
		run.kind += at;
		if (run.quantity)
			run.quantity += at;
		if (run.rating)
			run.rating += at;
		run.n = end - at;
		ok = segments_add(s->segments, &k, &run, s->worker[at], s->segments->n, err);
	}
	packer_finish(&k);
	return ok;
}

static bool rebuild(struct settling *s, struct err *err)
{
	SCOPED_FREE struct map **sessions = mem_zalloc(s->seen->from->n * sizeof *sessions);
	SCOPED_FREE struct map **users = mem_zalloc(s->seen->from->n * sizeof *users);
	bool ok;

	for (unsigned w = 0; w < s->seen->from->n; w++) {
		sessions[w] = map_create();
		users[w] = map_create();
	}
	ok = keep_events(s, sessions, users, err);
	for (unsigned w = 0; w < s->seen->from->n; w++) {
		map_destroy(s->seen->from->of[w].map[ID_SESSION]);
		map_destroy(s->seen->from->of[w].map[ID_USER]);
		s->seen->from->of[w].map[ID_SESSION] = sessions[w];
		s->seen->from->of[w].map[ID_USER] = users[w];
	}
	return ok && pack(s, err) && seen_merge_sessions(s->seen, s->im->pool, err);
}

bool import_settle(const struct import *im, struct taken *t, struct made *m, struct err *err)
{
	struct settling s = {
		.im = im,
		.seen = &m->seen,
		.segments = &t->events,
		.undated = (t->caps & CAP_UNDATED) && !seen_has_told(&m->seen),
		.events.caps = t->events.caps,
	};
	bool ok;

	m->kept_events = seen_is_open(&m->seen);
	if (!im->set->gap && !m->kept_events && im->o->duplicates != DUPLICATES_DROP)
		return true;
	job_step(im->job, "settling sessions", 0);
	ok = start(&s, err) && drop_duplicates(&s, err);
	if (ok && m->kept_events) {
		struct unsettled u = {&s.events, s.session, s.product, t->caps};

		ok = import_keep_events(im, &m->seen, &u, m->build, err);
	}
	if (ok && hear(&s, err)) {
		cancel(&s);
		ok = name_sessions(&s, err);
	} else {
		ok = false;
	}
	if (ok)
		set_times(&s);
	ok = ok && (!im->set->gap || cut_sessions(&s, err)) && job_check(im->job, err) &&
		rebuild(&s, err);
	finish(&s);
	if (ok && t->events.n_events == 0)
		return err_fail(err, ERR_FORMAT, "%s: all purchases in it were taken back",
				im->o->files[0]);
	return ok;
}
