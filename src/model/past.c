/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user's sessions are walked from the latest back, so that what is too much is what is old. */
#include "config.h"

#include "model/past.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/time.h"

unsigned past_strength(uint8_t kind)
{
	static const uint8_t strength[EVENT_KINDS] = {
		[EVENT_VIEW] = 1, [EVENT_CART] = 2, [EVENT_RATING] = 2, [EVENT_PURCHASE] = 3,
	};

	return kind < EVENT_KINDS ? strength[kind] : 0;
}

uint8_t past_had(const struct catalog *c)
{
	return c->caps & CAP_PURCHASES ? EVENT_PURCHASE : c->caps & CAP_CARTS ? EVENT_CART :
	       c->caps & CAP_RATINGS ? EVENT_RATING : EVENT_VIEW;
}

static unsigned find(const struct past *p, uint32_t product)
{
	unsigned i = 0;

	while (i < p->n && p->product[i] != product)
		i++;
	return i;
}

static void room(struct past *p)
{
	if (p->n < p->cap)
		return;
	p->cap = p->cap * 2 + 8;
	p->product = mem_resize(p->product, p->cap, sizeof *p->product);
	p->age = mem_resize(p->age, p->cap, sizeof *p->age);
	p->kind = mem_resize(p->kind, p->cap, sizeof *p->kind);
	p->times = mem_resize(p->times, p->cap, sizeof *p->times);
}

static void note(struct past *p, uint32_t product, float age, uint8_t kind)
{
	unsigned i = find(p, product);

	if (i == p->n) {
		if (p->n == PAST_MAX)
			return;
		room(p);
		p->product[p->n] = product;
		p->age[p->n] = age;
		p->kind[p->n] = kind;
		p->times[p->n++] = 1;
	} else if (past_strength(kind) > past_strength(p->kind[i])) {
		p->kind[i] = kind;
		p->times[i] = 1;
	} else if (kind == p->kind[i] && p->times[i] < UINT16_MAX) {
		p->times[i]++;
	}
}

static void swap(struct past *p, unsigned a, unsigned b)
{
	uint32_t product = p->product[a];
	float age = p->age[a];
	uint8_t kind = p->kind[a];
	uint16_t times = p->times[a];

	p->product[a] = p->product[b];
	p->age[a] = p->age[b];
	p->kind[a] = p->kind[b];
	p->times[a] = p->times[b];
	p->product[b] = product;
	p->age[b] = age;
	p->kind[b] = kind;
	p->times[b] = times;
}

void past_read(struct past *out, const struct catalog *c, uint32_t user, int64_t moment)
{
	struct past p = {0};

	assert(user < c->n_users);
	for (uint64_t i = c->user_offsets[user + 1]; i-- > c->user_offsets[user];) {
		uint32_t s = c->user_session[i];

		for (uint64_t e = c->session_offsets[s + 1]; e-- > c->session_offsets[s];)
			if (c->event_time[e] < moment && past_strength(c->event_kind[e]))
				note(&p, c->event_product[e],
				     (float)((double)(moment - c->event_time[e]) / TIME_DAY),
				     c->event_kind[e]);
	}
	for (unsigned i = 0; i < p.n / 2; i++)
		swap(&p, i, p.n - 1 - i);
	*out = p;
}

void past_add(struct past *p, uint32_t product, float age, uint8_t kind)
{
	unsigned i = find(p, product);

	if (i == p->n) {
		for (i = 0; p->n == PAST_MAX && i + 1 < p->n; i++)
			swap(p, i, i + 1);	/* the oldest goes */
		p->n -= p->n == PAST_MAX;
		note(p, product, age, kind);
		return;
	}
	note(p, product, age, kind);
	for (p->age[i] = age; i + 1 < p->n; i++)
		swap(p, i, i + 1);
}

void past_look(struct past *p, const uint32_t *page, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		unsigned at = find(p, page[i]);

		if (at + p->page >= p->n && at < p->n)
			p->page--;	/* it comes twice */
		past_add(p, page[i], 0, EVENT_VIEW);
		p->page++;
	}
}

void past_finish(struct past *p)
{
	free(p->product);
	free(p->age);
	free(p->kind);
	free(p->times);
	*p = (struct past){0};
}
