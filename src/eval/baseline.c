/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Products are tied by their counts, so chance needs no random numbers. */
#include "config.h"

#include "eval/baseline.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/scope.h"
#include "base/csr.h"
#include "base/sort.h"

struct baseline {
	const struct catalog *c;
	float *popular;		/* (P) place among the distinct counts, 0 the least; NULL:
				   all alike */
	float above;		/* more than any of popular */
	bool in_category;
};

static bool score(void *ctx, const uint32_t *history, size_t n, uint32_t target,
		  float *scores, unsigned worker, struct err *err)
{
	const struct baseline *b = ctx;
	uint32_t last = history[n - 1];

	for (uint32_t p = 0; p < b->c->n_products; p++) {
		scores[p] = b->popular ? b->popular[p] : 0;
		if (b->in_category && catalog_same_category(b->c, p, last))
			scores[p] += b->above;
	}
	return true;
}

static void destroy(void *ctx)
{
	struct baseline *b = ctx;

	free(b->popular);
	free(b);
}

/* Places instead of counts: a float holds them exactly, also with `above` added. */
static float *places(const struct catalog *c, enum event_kind kind, float *above,
		     struct err *err)
{
	SCOPED_FREE uint32_t *count = mem_big(c->n_products, sizeof *count, "counts", err);
	SCOPED_FREE uint32_t *sorted = mem_big(c->n_products, sizeof *sorted, "counts", err);
	float *place = mem_big(c->n_products, sizeof *place, "counts", err);
	uint32_t n = 0;

	if (!count || !sorted || !place) {
		free(place);
		return NULL;
	}
	for (uint64_t i = 0; i < c->n_events; i++)
		count[c->event_product[i]] += c->event_kind[i] == kind;
	for (uint32_t p = 0; !c->n_events && p < c->n_products; p++)
		count[p] = kind == EVENT_CART ? c->product_carts[p] : c->product_purchases[p];
	for (uint32_t p = 0; p < c->n_products; p++)
		sorted[p] = count[p];
	sort_u32(sorted, c->n_products);
	for (uint32_t p = 0; p < c->n_products; p++)
		if (!n || sorted[n - 1] != sorted[p])
			sorted[n++] = sorted[p];
	for (uint32_t p = 0; p < c->n_products; p++)
		place[p] = (float)csr_lower(sorted, n, count[p]);
	*above = (float)n;
	return place;
}

bool baselines_make(struct contender *list, size_t *n, const struct catalog *c,
		    const struct split *split, enum task task, struct err *err)
{
	static const struct {
		const char *name;
		bool popular, in_category;
	} all[BASELINES] = {
		{"popular", true, false},
		{"popular in category", true, true},
		{"random", false, false},
		{"random in category", false, true},
	};

	*n = 0;
	for (size_t i = 0; i < BASELINES; i++) {
		struct baseline *b;

		if (all[i].in_category && task == TASK_BASKET)
			continue;
		b = mem_zalloc(sizeof *b);
		b->c = c;
		b->above = 1;
		b->in_category = all[i].in_category;
		if (all[i].popular && !(b->popular = places(c, split->kind, &b->above, err))) {
			free(b);
			while (*n > 0)
				contender_finish(&list[--*n]);
			return false;
		}
		list[(*n)++] = (struct contender){
			.name = mem_strdup(all[i].name),
			.params = mem_strdup(""),
			.score = score,
			.destroy = destroy,
			.ctx = b,
		};
	}
	return true;
}
