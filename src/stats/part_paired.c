/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every pair is written as often as it was counted: its sessions stand side by side. */
#include "config.h"

#include <assert.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/scope.h"
#include "stats/part_impl.h"

/* What a relation's two events are, the first and the second. */
static const enum event_kind kinds[RELATIONS][2] = {
	[REL_CO_VIEW] = {EVENT_VIEW, EVENT_VIEW},
	[REL_ADJACENT_VIEW] = {EVENT_VIEW, EVENT_VIEW},
	[REL_VIEW_PURCHASE] = {EVENT_VIEW, EVENT_PURCHASE},
	[REL_CO_CART] = {EVENT_CART, EVENT_CART},
	[REL_CO_PURCHASE] = {EVENT_PURCHASE, EVENT_PURCHASE},
};

static uint64_t count_sessions(const struct catalog *c)
{
	uint64_t n = 0;

	for (unsigned r = 0; r < RELATIONS; r++)
		n += c->relation[r].instances;
	return n;
}

static bool make_room(struct part *p, uint64_t sessions, struct err *err)
{
	const char *what = "pairs as sessions";

	p->session_offsets = mem_big(sessions + 1, sizeof *p->session_offsets, what, err);
	p->event_product = mem_big(2 * sessions, sizeof *p->event_product, what, err);
	p->event_kind = mem_big(2 * sessions, sizeof *p->event_kind, what, err);
	p->event_time = mem_big(2 * sessions, sizeof *p->event_time, what, err);
	return p->session_offsets && p->event_product && p->event_kind && p->event_time;
}

/* a's sessions with b, behind n others; how many there are then. */
static uint64_t add_sessions(struct part *p, enum relation r, uint64_t n,
			     const struct part_pair *pair)
{
	for (uint32_t i = 0; i < pair->count; i++, n++) {
		p->event_product[2 * n] = pair->a;
		p->event_product[2 * n + 1] = pair->b;
		p->event_kind[2 * n] = (uint8_t)kinds[r][0];
		p->event_kind[2 * n + 1] = (uint8_t)kinds[r][1];
		p->session_offsets[n + 1] = 2 * (n + 1);
	}
	return n;
}

static void write_sessions(struct part *p, const struct catalog *base)
{
	uint64_t n = 0;

	for (unsigned r = 0; r < RELATIONS; r++) {
		const struct csr *m = &base->relation[r].out;

		for (uint32_t a = 0; a < m->rows; a++)
			for (uint64_t i = m->offsets[a]; i < m->offsets[a + 1]; i++)
				if (relation_directed(r) || m->column[i] > a)
					n = add_sessions(p, r, n, &(struct part_pair){
						a, m->column[i], m->value[i]});
	}
	p->catalog.n_sessions = (uint32_t)n;
	p->catalog.n_events = 2 * n;
	assert(n == count_sessions(base));
}

bool part_make_paired(struct part **out, const struct catalog *base, struct err *err)
{
	SCOPED(part) p = mem_zalloc(sizeof *p);
	uint64_t sessions = count_sessions(base);
	struct catalog *c = &p->catalog;

	assert(relations_alone(base));
	if (sessions > PAIRED_MOST)
		return err_fail(err, ERR_NO, "the weights of the graph come to %ju, and each is a "
				"session to learn from: at most %u can be", (uintmax_t)sessions,
				PAIRED_MOST);
	if (!make_room(p, sessions, err))
		return false;
	*c = *base;
	part_drop_orders(p);
	write_sessions(p, base);
	c->session_offsets = p->session_offsets;
	c->event_product = p->event_product;
	c->event_kind = p->event_kind;
	c->event_time = p->event_time;	/* all at once */
	c->first_time = c->last_time = 0;
	c->caps |= CAP_UNDATED;
	if (!part_list_sessions(p, err))
		return false;
	*out = p;
	p = NULL;
	return true;
}
