/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was known before a day gives every user with a past candidates and features, what the
 * user got that day says which were right. Users are asked about 32 at a time. Groups of pages
 * are sessions of the day that are cut (model/cart), with the past of their users.
 */
#include "config.h"

#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/time.h"
#include "model/cart.h"
#include "model/rank_training.h"

#define MOST_USERS 6000	/* of a period */
#define WATCHED 1500	/* pages that say when to stop */
#define ENOUGH 100	/* groups to watch */

/* What the user got that was read last: products whose `got` is his turn. */
struct day {
	int64_t from, to;	/* ms */
	uint32_t *got;		/* (P) */
	uint32_t turn, n_got;
};

static void read_day(struct training *t, struct day *d, uint32_t user)
{
	const struct catalog *c = t->c;

	d->n_got = 0;
	d->turn++;
	for (uint64_t i = c->user_offsets[user]; i < c->user_offsets[user + 1]; i++) {
		uint32_t s = c->user_session[i];

		for (uint64_t e = c->session_offsets[s]; e < c->session_offsets[s + 1]; e++) {
			uint32_t p = c->event_product[e];

			if (c->event_time[e] < d->from || c->event_time[e] >= d->to ||
			    c->event_kind[e] != t->k.had || d->got[p] == d->turn)
				continue;
			d->got[p] = d->turn;
			d->n_got++;
		}
	}
}

/* A day, and the examples (ORDERS) that it gives. */
struct taught {
	struct examples *l;
	struct day *d;
	size_t most_pages;	/* groups */
};

/* Someone whose past is to be held against what came next: a day, or what followed a page. */
struct pupil {
	uint32_t user;
	bool on_page;
	struct cart cart;	/* of on_page */
};

/* So many are asked about at once. */
struct class_room {
	struct pupil pupil[MODEL_PASTS];
	struct past past[MODEL_PASTS];
	unsigned n;
	size_t pages;		/* groups of pages there were before this period */
	bool pages_too;		/* of the user whose turn it is */
	uint32_t taught;	/* users with a group */
	bool over;		/* they are enough; who comes now isn't asked about */
};

/* on_page: what came after the page was right, of which nothing is suggested; else what the user
 * got that day. */
static void mark_group(struct training *t, struct taught to, const struct pupil *of,
		       const struct candidates_of *c)
{
	SCOPED_FREE uint32_t *order = mem_alloc((c->n + 1) * sizeof *order);
	SCOPED_FREE uint8_t *right = mem_zalloc(c->n + 1);
	const struct cart *cart = of->on_page ? &of->cart : NULL;
	struct marked m = {.order = order, .right = right,
			   .targets = cart ? cart->n_targets : to.d->n_got};

	for (uint32_t i = 0; i < c->n; i++) {
		if (cart && cart_has(cart, c->product[i]))
			continue;
		for (unsigned k = 0; cart && k < cart->n_targets; k++)
			right[i] |= cart->target[k] == c->product[i];
		if (!cart)
			right[i] = to.d->got[c->product[i]] == to.d->turn;
		marked_draw(&m, i, &t->rng);
	}
	examples_add(&to.l[cart ? ORDER_PAGES : ORDER_PEOPLE], c, &m);
}

static bool wants_pages(const struct taught *to, const struct class_room *r)
{
	return to->l[ORDER_PAGES].groups - r->pages < to->most_pages;
}

/* In the order in which they came in, until there are enough. */
static void teach_pupil(struct training *t, struct taught to, struct class_room *r, unsigned i,
			const struct candidates_of *c)
{
	const struct pupil *of = &r->pupil[i];
	size_t before = to.l[ORDER_PEOPLE].groups;

	if (!of->on_page) {
		r->over = r->taught >= MOST_USERS;
		r->pages_too = wants_pages(&to, r);
	}
	if (r->over || !r->past[i].n || (of->on_page && !r->pages_too))
		return;
	if (!of->on_page)
		read_day(t, to.d, of->user);
	mark_group(t, to, of, c);
	r->taught += to.l[ORDER_PEOPLE].groups > before;
}

static void leave(struct class_room *r)
{
	for (unsigned i = 0; i < r->n; i++) {
		past_finish(&r->past[i]);
		cart_finish(&r->pupil[i].cart);
	}
	r->n = 0;
}

static bool teach_room(struct training *t, struct taught to, struct class_room *r,
		       struct err *err)
{
	struct candidates_of c[MODEL_PASTS];

	if (!r->n)
		return true;
	if (!knowledge_candidates_many(&t->k, r->past, r->n, c, err)) {
		leave(r);
		return false;
	}
	for (unsigned i = 0; i < r->n; i++) {
		teach_pupil(t, to, r, i, &c[i]);
		candidates_of_finish(&c[i]);
	}
	leave(r);
	return job_check(t->work.job, err);
}

/* The pupil in the last place comes in. */
static bool enter(struct training *t, struct taught to, struct class_room *r, struct err *err)
{
	struct pupil *of = &r->pupil[r->n];
	struct past *past = &r->past[r->n];

	past_read(past, t->c, of->user, to.d->from);
	if (of->on_page)
		past_look(past, of->cart.page, of->cart.n_page);
	return ++r->n < MODEL_PASTS || teach_room(t, to, r, err);
}

/* The user's sessions of that day, cut at both places. */
static bool enter_pages(struct training *t, struct taught to, struct class_room *r, uint32_t user,
			struct err *err)
{
	const struct catalog *c = t->c;

	for (uint64_t i = c->user_offsets[user]; i < c->user_offsets[user + 1]; i++) {
		uint32_t s = c->user_session[i];
		int64_t when = c->session_offsets[s] < c->session_offsets[s + 1] ?
			c->event_time[c->session_offsets[s]] : INT64_MIN;

		if (when < to.d->from || when >= to.d->to)
			continue;
		for (enum cart_cut how = 0; how < CART_CUTS; how++) {
			struct pupil *of = &r->pupil[r->n];

			of->user = user;
			of->on_page = true;
			if (!cart_cut(&of->cart, c, s, t->k.had, how))
				cart_finish(&of->cart);
			else if (!enter(t, to, r, err))
				return false;
		}
	}
	return true;
}

/* Users in the order of their turns. */
struct chosen {
	const uint32_t *who;	/* (n) */
	uint32_t n;
};

static bool teach_all(struct training *t, struct taught to, struct class_room *r,
		      struct chosen of, struct err *err)
{
	job_step(t->work.job, "gathering candidates", of.n);
	for (uint32_t i = 0; i < of.n && r->taught < MOST_USERS && !r->over; i++) {
		r->pupil[r->n].user = of.who[i];
		r->pupil[r->n].on_page = false;
		if (!enter(t, to, r, err) ||
		    (wants_pages(&to, r) && !enter_pages(t, to, r, of.who[i], err)))
			return false;
		job_advance(t->work.job, 1);
	}
	return teach_room(t, to, r, err);
}

/* Users who got something that day, each with the same chance where they are too many. */
static bool teach_users(struct training *t, struct taught to, struct err *err)
{
	uint32_t left = 0;
	struct class_room r = {.pages = to.l[ORDER_PAGES].groups};
	bool ok;
	SCOPED_FREE uint32_t *who = mem_big(t->c->n_users, sizeof *who, "users", err);

	if (!who)
		return false;
	for (uint32_t u = 0; u < t->c->n_users; u++) {
		read_day(t, to.d, u);
		if (to.d->n_got)
			who[left++] = u;
	}
	for (uint32_t i = left; i-- > 1;) {
		uint32_t j = (uint32_t)rng_below(&t->rng, i + 1), swap = who[i];

		who[i] = who[j];
		who[j] = swap;
	}
	ok = teach_all(t, to, &r, (struct chosen){who, left}, err);
	leave(&r);
	return ok;
}

struct days {
	int64_t day, n;
};

static bool teach_days(struct training *t, struct examples *l, struct days of, struct err *err)
{
	SCOPED(sink) s = sink_create();
	struct model m = {.n_products = t->c->n_products, .find = sink_find, .ctx = s};
	struct day d = {.from = of.day * TIME_DAY, .to = (of.day + of.n) * TIME_DAY};
	bool ok;

	if (d.from <= t->c->first_time)
		return true;	/* nothing was before */
	d.got = mem_big(t->c->n_products, sizeof *d.got, "products", err);
	ok = d.got &&
	     knowledge_learn(&(struct lesson){t->c, NULL, s, t->work},
			     &t->k, d.from, err) &&
	     knowledge_bind_learnt(&t->k, &m, err) &&
	     teach_users(t, (struct taught){l, &d, l == t->watch ? WATCHED : RANK_MOST_PAGES}, err);
	free(d.got);
	return ok;
}

/* The last day, or as many as it takes to have enough to watch; *days gets how many. */
static bool teach_watch(struct training *t, int64_t end, int64_t *days, struct err *err)
{
	int64_t span = end - t->c->first_time / TIME_DAY;

	for (*days = 1;; *days *= 2) {
		for (enum order o = 0; o < ORDERS; o++)
			examples_forget(&t->watch[o]);
		if (!teach_days(t, t->watch, (struct days){end - *days, *days}, err))
			return false;
		if (t->watch[ORDER_PEOPLE].groups >= ENOUGH || *days * 6 > span)
			return true;
	}
}

bool taught_days(struct training *t, struct err *err)
{
	int64_t end = t->c->last_time / TIME_DAY + 1, days;
	int64_t periods = (int64_t)params_count(t->p, PARAM_ID_PERIODS);

	if (!teach_watch(t, end, &days, err))
		return false;
	for (int64_t i = periods; i >= 1; i--)
		if (!teach_days(t, t->learn, (struct days){end - (i + 1) * days, days}, err))
			return false;
	json_object_set_new(t->info, "days", json_integer(days));
	if (t->learn[ORDER_PEOPLE].groups && t->watch[ORDER_PEOPLE].groups)
		return true;
	return err_fail(err, ERR_NO, "rank learns from days on which users with a past get what "
			"could have been expected, and this log has none");
}
