/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranges of equal weight, marks for what was seen, distinct products of a session. */
#include "config.h"

#include "stats/scan.h"

#include <assert.h>
#include <endian.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"

#define FEW 24	/* events of a session */

bool marks_init(struct marks *m, size_t n, struct err *err)
{
	uint32_t *seen = mem_big(n, sizeof *seen, "marks", err);

	if (!seen)
		return false;
	*m = (struct marks){.seen = seen, .n = n};
	return true;
}

void marks_finish(struct marks *m)
{
	free(m->seen);
	*m = (struct marks){0};
}

size_t range_split(const uint64_t *offsets, uint32_t n, size_t want, struct range *r)
{
	uint32_t at = 0;
	size_t k = 0;

	assert(want > 0);
	for (size_t i = 0; i < want && at < n; i++) {
		uint64_t weight = offsets[n] - offsets[at];
		uint64_t goal = offsets[at] + weight / (want - i);
		/* The first end at which the goal is reached. */
		uint32_t end = at + 1 + (uint32_t)sort_u64_before(offsets + at + 1,
								  n - at - 1, goal);

		if (i + 1 == want)
			end = n;
		r[k++] = (struct range){at, end};
		at = end;
	}
	return k;
}

bool scan_counted(const struct catalog *c, uint32_t session, struct marks *m)
{
	uint64_t first = c->session_offsets[session], end = c->session_offsets[session + 1];
	uint64_t distinct = 0;

	if (c->max_session == 0 || end - first <= c->max_session)
		return true;
	marks_next(m);
	for (uint64_t i = first; i < end; i++)
		distinct += marks_add(m, c->event_product[i]);
	return distinct <= c->max_session;
}

/* Put p into its place among n ascending ones, unless it is there; returns n. */
static inline uint32_t insert(uint32_t *x, uint32_t n, uint32_t p)
{
	uint32_t at = n;

	while (at > 0 && x[at - 1] > p)
		at--;
	if (at > 0 && x[at - 1] == p)
		return n;
	for (uint32_t i = n; i > at; i--)
		x[i] = x[i - 1];
	x[at] = p;
	return n + 1;
}

uint32_t scan_distinct(const struct catalog *c, uint32_t session, unsigned kinds,
		       struct marks *m, uint32_t *out)
{
	uint64_t first = c->session_offsets[session], end = c->session_offsets[session + 1];
	uint32_t n = 0;

	assert(session < c->n_sessions);
	/* A few are sorted faster than they are looked up all over the marks. */
	if (end - first <= FEW) {
		for (uint64_t i = first; i < end; i++)
			if (kinds >> c->event_kind[i] & 1)
				n = insert(out, n, c->event_product[i]);
		return n;
	}
	marks_next(m);
	for (uint64_t i = first; i < end; i++) {
		uint32_t p = c->event_product[i];

		if ((kinds >> c->event_kind[i] & 1) && marks_add(m, p))
			out[n++] = p;
	}
	sort_u32(out, n);
	return n;
}

#define EACH UINT64_C(0x0101010101010101)
#define LOW (EACH * 127)
/* One bit of each byte to the top byte: from bit 0 of byte k to bit 56 + k. */
#define TO_TOP UINT64_C(0x0102040810204080)

/* Which of eight bytes are this one: bit k for byte k. */
static inline uint64_t bytes_that_are(const uint8_t *p, uint8_t byte)
{
	uint64_t x;

	memcpy(&x, p, sizeof x);
	x = le64toh(x) ^ EACH * byte;
	x = ~(((x & LOW) + LOW) | x) >> 7 & EACH;
	return x * TO_TOP >> 56;
}

/* The events of the kind among the next 64, and there on as long as there are none. */
static void look_on(struct scan *x)
{
	const uint8_t *kind = x->c->event_kind;

	while (!x->mask && x->base < x->end) {
		uint64_t n = x->end - x->base < 64 ? x->end - x->base : 64;

		for (uint64_t i = 0; i + 8 <= n; i += 8)
			x->mask |= bytes_that_are(kind + x->base + i, (uint8_t)x->kind) << i;
		for (uint64_t i = n & ~UINT64_C(7); i < n; i++)
			x->mask |= (uint64_t)(kind[x->base + i] == x->kind) << i;
		if (!x->mask)
			x->base += 64;
	}
}

static inline void next_event(struct scan *x)
{
	if (!x->mask) {
		x->base += 64;
		look_on(x);
	}
	x->event = x->mask ? x->base + (uint64_t)__builtin_ctzll(x->mask) : x->end;
	x->mask &= x->mask - 1;
}

void scan_start(struct scan *x, const struct catalog *c, struct range sessions,
		enum event_kind kind)
{
	*x = (struct scan){
		.c = c,
		.kind = kind,
		.session = sessions.first,
		.base = c->session_offsets[sessions.first],
		.end = c->session_offsets[sessions.end],
	};
	look_on(x);
	next_event(x);
}

uint32_t scan_next(struct scan *x, struct marks *m, uint32_t *out)
{
	const uint64_t *offsets = x->c->session_offsets;
	const struct catalog *c = x->c;
	uint32_t n = 0;

	while (!n && x->event < x->end) {
		uint64_t end, all;
		bool few;

		while (offsets[x->session + 1] <= x->event)
			x->session++;
		end = offsets[x->session + 1];
		all = end - offsets[x->session];
		few = all <= FEW && (!c->max_session || all <= c->max_session);
		if (!few && scan_counted(c, x->session, m))
			n = scan_distinct(c, x->session, KIND_BIT(x->kind), m, out);
		for (; x->event < end; next_event(x))
			if (few)
				n = insert(out, n, c->event_product[x->event]);
	}
	return n;
}

#define KIND_BLOCK (UINT64_C(1) << 20)

struct kinds {
	const struct catalog *c;
	atomic_uint seen;
};

static void see_kinds(void *ctx, size_t task, unsigned worker)
{
	struct kinds *k = ctx;
	uint64_t end = (task + 1) * KIND_BLOCK;
	unsigned seen = 0;

	(void)worker;
	end = end < k->c->n_events ? end : k->c->n_events;
	for (uint64_t i = task * KIND_BLOCK; i < end; i++)
		seen |= KIND_BIT(k->c->event_kind[i]);
	atomic_fetch_or(&k->seen, seen);
}

unsigned scan_kinds(const struct catalog *c, struct pool *pool)
{
	struct kinds k = {.c = c};

	pool_run(pool, (c->n_events + KIND_BLOCK - 1) / KIND_BLOCK, see_kinds, &k);
	return atomic_load(&k.seen);
}
