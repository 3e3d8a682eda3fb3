/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The six panes: their lists, and what they point at. */
#include "config.h"

#include "tui/state.h"
#include "view/view.h"

struct list *action_list(struct explorer *e, enum pane pane)
{
	switch (pane) {
	case PANE_CATEGORIES:
		return &e->tree.list;
	case PANE_PRODUCTS:
		return &e->table.list;
	case PANE_SIMILAR:
	case PANE_COMPLEMENTARY:
	case PANE_TRANSITIONS:
		return &e->list[pane];
	default:
		return NULL;
	}
}

uint32_t action_pointed(const struct explorer *e)
{
	struct view_target t;

	if (sheets_top(&e->sheets))
		return sheet_at(sheets_top(&e->sheets), &t) ? t.product : CATALOG_NONE;

	int kind = e->focus == PANE_SIMILAR ? PANEL_SIMILAR :
		   e->focus == PANE_COMPLEMENTARY ? PANEL_COMPLEMENTARY : PANEL_KINDS;
	uint64_t row = e->list[e->focus].cursor;

	if (kind == PANEL_KINDS || !e->panels || explorer_stale(e))
		return table_product(&e->table);
	return row < e->panels->panel[kind].n_rows
		       ? e->panels->panel[kind].rows[row].product : CATALOG_NONE;
}

