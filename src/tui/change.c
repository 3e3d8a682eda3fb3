/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of the view that can be undone: filter, sort, category, levels, zoom. */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tui/state.h"

static struct look look_now(const struct explorer *e)
{
	struct look o = {
		.where = e->lens ? mem_strdup(filter_text(e->lens->filter)) : NULL,
		.category = e->category,
		.reverse = e->reverse,
		.multi = e->multi,
		.zoom = e->zoom,
		.same = e->same,
		.level = e->level,
	};

	memcpy(o.sort, e->sort, sizeof o.sort);
	memcpy(o.model, e->model, sizeof o.model);
	return o;
}

void explorer_changes(struct explorer *e)
{
	struct look now = look_now(e);
	const struct undo *u = &e->undo;

	if (u->at && u->at == u->n && look_same(&now, &u->was[u->at - 1]))
		look_finish(&now);
	else
		undo_note(&e->undo, &now);
}

static void put_back(struct explorer *e, struct look *o)
{
	uint32_t product = table_product(&e->table);

	e->reverse = o->reverse;
	e->multi = o->multi;
	e->zoom = o->zoom;
	e->same = o->same;
	e->level = o->level;
	memcpy(e->sort, o->sort, sizeof e->sort);
	memcpy(e->model, o->model, sizeof e->model);
	chips_put(e, o->where);
	tree_show(&e->tree, o->category);
	explorer_ask_table(e, o->category, product);
	e->asked.edition = NULL;
	look_finish(o);
}

/* Skip outlooks that say what is there already: a change that changed nothing. */
static void walk(struct explorer *e, bool (*step)(struct undo *u, struct look *now,
						  struct look *then),
		 const char *none)
{
	struct look now = look_now(e), then, same;

	if (!step(&e->undo, &now, &then)) {
		look_finish(&now);
		explorer_message(e, "%s", none);
		return;
	}
	same = look_now(e);
	if (look_same(&same, &then)) {
		look_finish(&same);
		look_finish(&then);
		walk(e, step, none);
		return;
	}
	look_finish(&same);
	put_back(e, &then);
}

void explorer_undo(struct explorer *e)
{
	walk(e, undo_back, "no change of the view is left to undo");
}

void explorer_redo(struct explorer *e)
{
	walk(e, undo_forward, "no change of the view was undone");
}
