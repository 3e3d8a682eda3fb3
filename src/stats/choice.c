/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sessions of a that viewed it are read event by event; of each of their products it is
 * kept whether it was viewed and bought. A product is found among those asked for by binary
 * search; what was seen of it in a session lies beside it under the session's number, so
 * that nothing need be cleared between sessions.
 */
#include "config.h"

#include "stats/choice.h"

#include <assert.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/scope.h"
#include "stats/scan.h"
#include "store/catalog.h"

#define POLL 1024	/* sessions */
#define AHEAD 16	/* sessions that memory is asked for before they are read */

enum { VIEWED = 1, BOUGHT = 2 };

/* A bit for each product that may be among those asked for: most of a session's aren't. */
#define HINTS 4096u

struct asked {
	uint32_t product;
	uint32_t session;	/* what `seen` is of; CATALOG_NONE: none yet */
	uint8_t seen;
	uint32_t at;		/* place in the caller's list */
	struct choice n;
};

bool choice_known(const struct catalog *c)
{
	return (c->caps & CAP_VIEWS) && (c->caps & CAP_PURCHASES) && c->n_events &&
	       c->product_session_offsets && c->product_session;
}

static int by_product(const void *x, const void *y)
{
	const struct asked *a = x, *b = y;

	return a->product != b->product ? (a->product < b->product ? -1 : 1) :
	       (a->at > b->at) - (a->at < b->at);
}

/* The first of the rows with that product, or n. */
static size_t find(const struct asked *x, size_t n, uint32_t product)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (x[mid].product < product)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && x[low].product == product ? low : n;
}

struct counting {
	const struct catalog *c;
	uint32_t a;
	struct asked *x;	/* (n) ascending products */
	size_t n;
	uint64_t hint[HINTS / 64];
	uint32_t *met;		/* (n) places in x of what the session has */
};

static bool may_be_asked(const struct counting *k, uint32_t product)
{
	return k->hint[product % HINTS / 64] >> product % 64 & 1;
}

static uint8_t seen_by(uint8_t kind)
{
	return kind == EVENT_VIEW ? VIEWED : kind == EVENT_PURCHASE ? BOUGHT : 0;
}

/* The product was seen so in the session; n_met: how many of those asked for it has. */
static void see(struct counting *k, uint32_t session, size_t at, uint8_t seen, size_t *n_met)
{
	struct asked *x = &k->x[at];

	if (x->session != session) {
		x->session = session;
		x->seen = 0;
		k->met[(*n_met)++] = (uint32_t)at;
	}
	x->seen |= seen;
}

static void count_session(struct counting *k, uint32_t session)
{
	const struct catalog *c = k->c;
	uint64_t first = c->session_offsets[session], end = c->session_offsets[session + 1];
	uint8_t of_a = 0;
	size_t n_met = 0;

	for (uint64_t i = first; i < end; i++) {
		uint32_t product = c->event_product[i];
		uint8_t seen = product == k->a || may_be_asked(k, product) ?
			       seen_by(c->event_kind[i]) : 0;
		size_t at = seen ? find(k->x, k->n, product) : k->n;

		if (product == k->a)
			of_a |= seen;
		if (at < k->n)
			see(k, session, at, seen, &n_met);
	}
	for (size_t i = 0; (of_a & VIEWED) && i < n_met; i++) {
		struct asked *x = &k->x[k->met[i]];

		if (!(x->seen & VIEWED))
			continue;
		if (of_a & x->seen & BOUGHT)
			x->n.both++;
		else if (of_a & BOUGHT)
			x->n.only_a++;
		else if (x->seen & BOUGHT)
			x->n.only_b++;
	}
}

/* Sessions of a product lie all over the log: what the i-th from here needs, and what one
 * needs that is nearer and whose place is known by now. */
static void ask_ahead(const struct catalog *c, uint64_t i, uint64_t end)
{
	uint64_t first;

	if (i + AHEAD < end)
		__builtin_prefetch(&c->session_offsets[c->product_session[i + AHEAD]]);
	if (i + AHEAD / 2 >= end)
		return;
	first = c->session_offsets[c->product_session[i + AHEAD / 2]];
	__builtin_prefetch(&c->event_product[first]);
	__builtin_prefetch(&c->event_kind[first]);
}

bool choice_count(const struct catalog *c, uint32_t a, const uint32_t *product, size_t n,
		  struct choice *out, struct job *job, struct err *err)
{
	SCOPED_FREE struct asked *x = mem_big(n, sizeof *x, "products that were chosen from", err);
	SCOPED_FREE uint32_t *met = mem_alloc((n + 1) * sizeof *met);
	struct counting count = {.c = c, .a = a, .x = x, .n = n, .met = met};
	struct marks marks;

	assert(a < c->n_products);
	if (!x || !marks_init(&marks, c->n_products, err))
		return false;
	for (size_t k = 0; k < n; k++) {
		x[k] = (struct asked){.product = product[k], .session = CATALOG_NONE,
				      .at = (uint32_t)k};
		count.hint[product[k] % HINTS / 64] |= UINT64_C(1) << product[k] % 64;
	}
	qsort(x, n, sizeof *x, by_product);
	for (uint64_t i = c->product_session_offsets[a]; i < c->product_session_offsets[a + 1];
	     i++) {
		uint32_t s = c->product_session[i];

		ask_ahead(c, i, c->product_session_offsets[a + 1]);
		if (i % POLL == 0 && !job_check(job, err)) {
			marks_finish(&marks);
			return false;
		}
		if (scan_counted(c, s, &marks))
			count_session(&count, s);
	}
	marks_finish(&marks);
	for (size_t k = 0; k < n; k++)
		out[x[k].at] = x[k].n;
	return true;
}
