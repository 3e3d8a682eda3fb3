/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events that are the same in all that the store keeps of an event: session, product,
 * kind, time, price, pieces and rating. Of those the first in the order of the files stays.
 */
#include "config.h"

#include "base/mem.h"
#include "base/sort.h"
#include "import/steps.h"

struct deduping {
	const struct columns *events;
	const uint32_t *session, *product;	/* (events): ranks */
};

static bool same(const struct deduping *d, size_t a, size_t b)
{
	const struct columns *c = d->events;

	return d->session[a] == d->session[b] && d->product[a] == d->product[b] &&
		c->time[a] == c->time[b] && c->kind[a] == c->kind[b] &&
		c->price[a] == c->price[b] &&
		(!c->quantity || c->quantity[a] == c->quantity[b]) &&
		(!c->rating || c->rating[a] == c->rating[b]);
}

static uint64_t hash(const struct deduping *d, size_t i)
{
	const struct columns *c = d->events;
	uint64_t all[] = {d->session[i], d->product[i], (uint64_t)c->time[i], c->kind[i],
			  (uint64_t)c->price[i], c->quantity ? c->quantity[i] : 1,
			  c->rating ? c->rating[i] : 0};

	return str_hash(str_span((const char *)all, sizeof all), 0);
}

/* Equal hashes stand together and in the order of the files: the few events of one
 * hash are compared with each other. */
static void mark(const struct deduping *d, const struct sort_item *item, size_t n, bool *drop)
{
	for (size_t first = 0, end; first < n; first = end) {
		for (end = first + 1; end < n && item[end].key == item[first].key; end++)
			for (size_t k = first; k < end && !drop[item[end].value]; k++)
				drop[item[end].value] = !drop[item[k].value] &&
					same(d, item[k].value, item[end].value);
	}
}

bool import_duplicates(const struct columns *c, const uint32_t *session,
		       const uint32_t *product, bool *drop, struct pool *pool,
		       struct err *err)
{
	struct deduping d = {c, session, product};
	SCOPED_FREE struct sort_item *item = mem_big(c->n, sizeof *item, "events", err);

	if (!item)
		return false;
	for (size_t i = 0; i < c->n; i++)
		item[i] = (struct sort_item){hash(&d, i), i};
	if (!sort_items(item, c->n, pool, err))
		return false;
	mark(&d, item, c->n, drop);
	return true;
}
