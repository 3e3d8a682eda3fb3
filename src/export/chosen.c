/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A relation, counted anew under a filter, and which of its pairs are let through. */
#include "config.h"

#include "export/chosen.h"

#include "base/mem.h"
#include "query/select.h"
#include "stats/live.h"

/* What follows each other of one kind of events: adjacent views of a log that has those events
 * for its views and no others. */
static bool count_adjacent(struct chosen *c, struct err *err)
{
	const struct export_request *r = c->r;
	struct catalog cat = *r->about.catalog;
	struct str asked = outlook_text(r->about.outlook, ASK_ADJACENT);
	SCOPED_FREE uint8_t *kinds = NULL;

	if (outlook_asks(r->about.outlook, ASK_RELATION))
		return err_fail(err, ERR_USAGE, "--adjacent is a relation of its own: leave "
				"--relation out");
	if (!cat.n_events || !cat.event_kind)
		return err_fail(err, ERR_NO, "the store has no events, of which some could follow "
				"each other");
	kinds = mem_big(cat.n_events, 1, "events", err);
	if (!kinds)
		return false;
	for (uint64_t i = 0; i < cat.n_events; i++)
		kinds[i] = str_is(asked, event_kind_name(cat.event_kind[i])) ? EVENT_VIEW
									    : EVENT_REMOVE;
	cat.event_kind = kinds;
	c->kind = REL_ADJACENT_VIEW;
	return relation_table_make(&c->table, &cat, REL_ADJACENT_VIEW,
				   (struct work){r->pool, r->job}, err);
}

/* The relation asked for: as it was counted, or anew. */
static bool count(struct chosen *c, struct err *err)
{
	const struct export_request *r = c->r;

	if (outlook_asks(r->about.outlook, ASK_ADJACENT))
		return count_adjacent(c, err);
	return export_relation(r, &c->kind, err) &&
	       (!r->about.live || !live_cuts(r->about.live) ||
		live_relation(r->about.live, c->kind, &c->table, r->job, err));
}

bool chosen_make(struct chosen *c, const struct export_request *r, struct err *err)
{
	struct chosen x = {
		.r = r,
		.of = catalog_members(r->about.catalog, r->about.category),
	};

	if (!count(&x, err))
		return false;
	x.all = r->about.category == CATALOG_NONE &&
		(!r->about.live || (!live_selection(r->about.live) &&
				    !live_tests_rows(r->about.live)));
	*c = x;
	c->rel = c->table.offsets ? &c->table.counts : &r->about.catalog->relation[c->kind];
	return true;
}

void chosen_finish(struct chosen *c)
{
	relation_table_finish(&c->table);
}

bool chosen_has(const struct chosen *c, uint32_t a, uint64_t e)
{
	const struct live *live = c->r->about.live;
	const struct selection *only = live ? live_selection(live) : NULL;
	uint32_t b = c->rel->out.column[e];

	if (!relation_directed(c->kind) && b <= a && members_has(&c->of, b))
		return false;
	if (!selection_has(only, a) || !selection_has(only, b))
		return false;
	return !live || live_row_passes(live, (struct live_counts){
						      c->rel->out.value[e], c->rel->from[a],
						      c->rel->to[b], (double)c->rel->total});
}

uint64_t chosen_count(const struct chosen *c)
{
	uint64_t n = 0;

	if (c->all)
		return c->rel->pairs;
	for (uint32_t i = 0; i < members_count(&c->of); i++) {
		uint32_t a = members_at(&c->of, i);

		for (uint64_t e = c->rel->out.offsets[a]; e < c->rel->out.offsets[a + 1]; e++)
			n += chosen_has(c, a, e);
	}
	return n;
}
