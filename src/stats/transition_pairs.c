/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A log in which every pair of a relation is a session of its own, with the pair's count for
 * its weight, and no more of a catalog than counting transitions reads. */
#include "config.h"

#include "stats/transition.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct paired {
	struct catalog c;
	uint64_t *offsets;	/* (pairs + 1) */
	uint32_t *product;	/* (pairs, 2) */
	uint8_t *kind;		/* (pairs, 2) */
	uint32_t *count;	/* (pairs) */
};

static void paired_finish(struct paired *p)
{
	free(p->offsets);
	free(p->product);
	free(p->kind);
	free(p->count);
}

static bool paired_make(struct paired *p, const struct catalog *c, enum basket_kind kind,
			struct err *err)
{
	const struct relation_counts *r = &c->relation[basket_relation(kind)];
	uint64_t n = 0;

	*p = (struct paired){
		.c = *c,
		.offsets = mem_big(r->pairs + 1, sizeof *p->offsets, "pairs", err),
		.product = mem_big(r->pairs, 2 * sizeof *p->product, "pairs", err),
		.kind = mem_big(r->pairs, 2, "pairs", err),
		.count = mem_big(r->pairs, sizeof *p->count, "pairs", err),
	};
	if (!p->offsets || !p->product || !p->kind || !p->count)
		return false;
	memset(p->kind, basket_event(kind), 2 * r->pairs);
	for (uint32_t a = 0; a < c->n_products && r->out.offsets; a++)
		for (uint64_t i = r->out.offsets[a]; i < r->out.offsets[a + 1]; i++) {
			if (r->out.column[i] <= a || n == r->pairs)
				continue;
			p->product[2 * n] = a;
			p->product[2 * n + 1] = r->out.column[i];
			p->count[n++] = r->out.value[i];
			p->offsets[n] = 2 * n;
		}
	p->c.n_sessions = (uint32_t)n;
	p->c.n_events = 2 * n;
	p->c.session_offsets = p->offsets;
	p->c.event_product = p->product;
	p->c.event_kind = p->kind;
	p->c.max_session = 0;
	return true;
}

bool transition_table_of_pairs(struct transition_table *out, const struct catalog *c,
			       enum basket_kind kind, struct work work, struct err *err)
{
	struct paired p;
	bool ok = paired_make(&p, c, kind, err) &&
		  transition_table_make(out, &(struct transition_baskets){&p.c, kind, p.count},
					work, err);

	paired_finish(&p);
	return ok;
}
