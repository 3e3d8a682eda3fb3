/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One suggestion per product code: of candidates that share a group the best by score stays,
 * found in a table by group; a row of a source before keeps all others out. */
#include "config.h"

#include <assert.h>
#include <stdlib.h>

#include "ask/asked.h"
#include "base/mem.h"
#include "suggest/door_impl.h"

#define AMONG 8u	/* times as many candidates as rows are looked through at first */

struct slot {
	uint32_t group;		/* CATALOG_NONE: free */
	size_t at;		/* the best candidate of it so far */
};

struct table {
	struct slot *slot;	/* (mask + 1), at most half full */
	size_t mask;
};

bool codes_wanted(const struct suggestion *s)
{
	const struct outlook *o = s->q.r->about.outlook;

	/* variants of what someone has are a source of lists for people */
	return s->q.c->product_group &&
	       (s->q.r->kind != PANEL_CONTEXT ? !asked_all_codes(o) :
		outlook_asks(o, ASK_CODES) && !asked_all_codes(o));
}

static struct slot *find(const struct table *t, uint32_t group)
{
	size_t i = (group * UINT64_C(0x9e3779b97f4a7c15) >> 32) & t->mask;

	while (t->slot[i].group != CATALOG_NONE && t->slot[i].group != group)
		i = (i + 1) & t->mask;
	return &t->slot[i];
}

static bool begin(struct table *t, size_t n, struct err *err)
{
	size_t size = 16;

	while (size < 2 * n)
		size *= 2;
	t->slot = mem_big(size, sizeof *t->slot, "product codes", err);
	for (size_t i = 0; t->slot && i < size; i++)
		t->slot[i] = (struct slot){.group = CATALOG_NONE};
	t->mask = size - 1;
	return t->slot != NULL;
}

/* Candidates ascend by product: of equals the first one stays. */
static void choose(const struct query *q, const struct candidates *c, uint32_t keep,
		   const struct table *t)
{
	const uint32_t *group = q->c->product_group;

	for (size_t i = 0; i < c->n; i++) {
		uint32_t p = c->at[i].product;
		struct slot *slot;

		if (group[p] == CATALOG_NONE)
			continue;
		slot = find(t, group[p]);
		if (slot->group == CATALOG_NONE || p == keep ||
		    (c->at[slot->at].product != keep && c->at[i].score > c->at[slot->at].score))
			*slot = (struct slot){group[p], i};
	}
}

void codes_cut(struct query *q, struct candidates *c, uint32_t keep)
{
	const uint32_t *group = q->c->product_group;
	struct table t;
	size_t kept = 0, coded = 0;

	assert(q->c->product_group);
	for (size_t i = 0; i < c->n; i++)
		coded += group[c->at[i].product] != CATALOG_NONE;
	if (!coded)
		return;
	if (q->failed || !begin(&t, coded, &q->err)) {
		q->failed = true;
		return;
	}
	choose(q, c, keep, &t);
	for (size_t i = 0; i < c->n; i++) {
		uint32_t g = group[c->at[i].product];

		if (g == CATALOG_NONE || find(&t, g)->at == i)
			c->at[kept++] = c->at[i];
	}
	c->n = kept;
	free(t.slot);
}

static void drop_standing(struct suggestion *s)
{
	const uint32_t *group = s->q.c->product_group;
	struct table t;
	size_t kept = 0;

	if (!begin(&t, s->q.n_taken, &s->q.err)) {
		s->q.failed = true;
		return;
	}
	for (size_t i = 0; i < s->q.n_taken; i++)
		if (group[s->q.taken[i]] != CATALOG_NONE)
			*find(&t, group[s->q.taken[i]]) = (struct slot){group[s->q.taken[i]], i};
	for (size_t i = 0; i < s->c.n; i++) {
		uint32_t g = group[s->c.at[i].product];

		if (g == CATALOG_NONE || s->c.at[i].product == s->keep ||
		    find(&t, g)->group == CATALOG_NONE)
			s->c.at[kept++] = s->c.at[i];
	}
	s->c.n = kept;
	free(t.slot);
}

/* Where as many codes are among the best candidates as there is room for, they are the best of
 * all; false: there are fewer, or more than the best are wanted. */
static bool merge_best(struct suggestion *s)
{
	size_t room = s->q.r->limit - s->p.n_rows;
	struct candidates few;

	if (order_wanted(s) || vetted_reorders(s) || choose_wanted(s) ||
	    s->keep != CATALOG_NONE || s->c.n / AMONG <= room)
		return false;
	few = candidates_best(&s->c, AMONG * room);
	codes_cut(&s->q, &few, s->keep);
	if (few.n < room) {
		candidates_finish(&few);
		return false;
	}
	candidates_finish(&s->c);
	s->c = few;
	return true;
}

void codes_merge(struct suggestion *s)
{
	if (s->q.n_taken)
		drop_standing(s);
	if (!merge_best(s))
		codes_cut(&s->q, &s->c, s->keep);
}
