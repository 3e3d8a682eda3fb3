/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sessions of a that viewed it are read event by event; of each of their products it is
 * kept whether it was viewed and bought. A product is found among those asked for by binary
 * search; what was seen of it in a session lies beside it under the session's number, so
 * that nothing need be cleared between sessions.
 */
#include "config.h"

#include "stats/choice.h"

#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/scope.h"
#include "stats/scan.h"
#include "store/catalog.h"

#define POLL 1024	/* sessions */

enum { VIEWED = 1, BOUGHT = 2 };

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

static uint8_t seen_by(uint8_t kind)
{
	return kind == EVENT_VIEW ? VIEWED : kind == EVENT_PURCHASE ? BOUGHT : 0;
}

static void count_session(const struct catalog *c, uint32_t a, uint32_t session,
			  struct asked *x, size_t n)
{
	uint64_t first = c->session_offsets[session], end = c->session_offsets[session + 1];
	uint8_t of_a = 0;

	for (uint64_t i = first; i < end; i++) {
		uint8_t seen = seen_by(c->event_kind[i]);
		size_t k = seen ? find(x, n, c->event_product[i]) : n;

		if (c->event_product[i] == a)
			of_a |= seen;
		if (k == n)
			continue;
		x[k].seen = (uint8_t)((x[k].session == session ? x[k].seen : 0) | seen);
		x[k].session = session;
	}
	for (size_t k = 0; (of_a & VIEWED) && k < n; k++) {
		if (x[k].session != session || !(x[k].seen & VIEWED))
			continue;
		if (of_a & x[k].seen & BOUGHT)
			x[k].n.both++;
		else if (of_a & BOUGHT)
			x[k].n.only_a++;
		else if (x[k].seen & BOUGHT)
			x[k].n.only_b++;
	}
}

bool choice_count(const struct catalog *c, uint32_t a, const uint32_t *product, size_t n,
		  struct choice *out, struct job *job, struct err *err)
{
	SCOPED_FREE struct asked *x = mem_big(n, sizeof *x, "products that were chosen from", err);
	struct marks marks;

	if (!x || !marks_init(&marks, c->n_products, err))
		return false;
	for (size_t k = 0; k < n; k++)
		x[k] = (struct asked){.product = product[k], .session = CATALOG_NONE,
				      .at = (uint32_t)k};
	qsort(x, n, sizeof *x, by_product);
	for (uint64_t i = c->product_session_offsets[a]; i < c->product_session_offsets[a + 1];
	     i++) {
		uint32_t s = c->product_session[i];

		if (i % POLL == 0 && !job_check(job, err)) {
			marks_finish(&marks);
			return false;
		}
		if (scan_counted(c, s, &marks))
			count_session(c, a, s, x, n);
	}
	marks_finish(&marks);
	for (size_t k = 0; k < n; k++)
		out[x[k].at] = x[k].n;
	return true;
}
