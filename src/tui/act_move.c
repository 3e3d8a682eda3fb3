/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moving in panes and between them. */
#include "config.h"

#include "tui/state.h"

/* What a move of the cursor brings with it. */
static void moved(struct explorer *e)
{
	if (e->focus == PANE_PRODUCTS || e->focus == PANE_CATEGORIES)
		explorer_moved(e);
	if (e->focus == PANE_PRODUCTS)
		explorer_ask_panels(e);
	if (e->focus != PANE_CATEGORIES || tree_at(&e->tree) == e->category)
		return;
	if (!e->tree_walk) {
		struct place here = explorer_place(e);

		trail_leave(&e->trail, &here);
		explorer_changes(e);
		e->tree_walk = true;
	}
	explorer_ask_table(e, tree_at(&e->tree), CATALOG_NONE);
}

static void move_by(struct explorer *e, int64_t by)
{
	struct list *l = action_list(e, e->focus);

	if (e->pager.open)
		pager_scroll(&e->pager, by);
	else if (e->menu.open)
		list_move(&e->menu.list, by);
	else if (l && (e->focus != PANE_PRODUCTS || !e->table.stale))
		list_move(l, by), moved(e);
}

static void move_to(struct explorer *e, uint64_t row)
{
	struct list *l = action_list(e, e->focus);

	if (e->pager.open)
		pager_go(&e->pager, row);
	else if (e->menu.open)
		list_go(&e->menu.list, row);
	else if (l && (e->focus != PANE_PRODUCTS || !e->table.stale))
		list_go(l, row), moved(e);
}

static int64_t page(struct explorer *e)
{
	struct list *l = e->pager.open ? &e->pager.list :
			 e->menu.open ? &e->menu.list : action_list(e, e->focus);

	return l && l->page > 1 ? l->page - 1 : 1;
}

static int64_t times(uint64_t count)
{
	return count ? (int64_t)count : 1;
}

void act_down(struct explorer *e, uint64_t count)
{
	move_by(e, times(count));
}

void act_up(struct explorer *e, uint64_t count)
{
	move_by(e, -times(count));
}

void act_first(struct explorer *e, uint64_t count)
{
	move_to(e, count ? count - 1 : 0);
}

void act_last(struct explorer *e, uint64_t count)
{
	move_to(e, count ? count - 1 : UINT64_MAX);
}

void act_half_down(struct explorer *e, uint64_t count)
{
	move_by(e, (page(e) + 1) / 2 * times(count));
}

void act_half_up(struct explorer *e, uint64_t count)
{
	move_by(e, -(page(e) + 1) / 2 * times(count));
}

void act_page_down(struct explorer *e, uint64_t count)
{
	move_by(e, page(e) * times(count));
}

void act_page_up(struct explorer *e, uint64_t count)
{
	move_by(e, -page(e) * times(count));
}

void act_left(struct explorer *e, uint64_t count)
{
	if (e->pager.open)
		e->pager.left -= e->pager.left >= 8 ? 8 : e->pager.left;
	else if (e->focus == PANE_CATEGORIES)
		tree_close(&e->tree), moved(e);
	else if (e->focus == PANE_PRODUCTS)
		table_scroll(&e->table, -1);
	else
		explorer_focus(e, PANE_PRODUCTS);
}

void act_right(struct explorer *e, uint64_t count)
{
	if (e->pager.open)
		e->pager.left += e->pager.left < 4000 ? 8 : 0;
	else if (e->focus == PANE_CATEGORIES && !tree_open(&e->tree))
		explorer_focus(e, PANE_PRODUCTS);
	else if (e->focus == PANE_PRODUCTS)
		table_scroll(&e->table, 1);
}

static bool in_ring(const struct explorer *e, enum pane pane)
{
	/* Without a frame it is always seen and has nothing to move in. */
	return pane != PANE_SELECTED || e->layout.form == LAYOUT_SINGLE;
}

static void turn(struct explorer *e, int by)
{
	int pane = e->focus;

	do {
		pane = (pane + by + PANES) % PANES;
	} while (!in_ring(e, (enum pane)pane));
	explorer_focus(e, (enum pane)pane);
}

void act_next_pane(struct explorer *e, uint64_t count)
{
	turn(e, 1);
}

void act_previous_pane(struct explorer *e, uint64_t count)
{
	turn(e, -1);
}

void act_pane_categories(struct explorer *e, uint64_t count)
{
	explorer_focus(e, PANE_CATEGORIES);
}

void act_pane_products(struct explorer *e, uint64_t count)
{
	explorer_focus(e, PANE_PRODUCTS);
}

void act_pane_similar(struct explorer *e, uint64_t count)
{
	explorer_focus(e, PANE_SIMILAR);
}

void act_pane_complementary(struct explorer *e, uint64_t count)
{
	explorer_focus(e, PANE_COMPLEMENTARY);
}

void act_pane_transitions(struct explorer *e, uint64_t count)
{
	explorer_focus(e, PANE_TRANSITIONS);
}

void act_pane_selected(struct explorer *e, uint64_t count)
{
	explorer_focus(e, PANE_SELECTED);
}

void act_zoom(struct explorer *e, uint64_t count)
{
	explorer_changes(e);
	e->sight.zoom = !e->sight.zoom;
	if (!e->sight.zoom && e->focus == PANE_SELECTED)
		explorer_focus(e, PANE_PRODUCTS);
}

/* Cells that the focused pane's column would be wide. */
static int width_with(const struct explorer *e, const struct layout_wish *w)
{
	struct layout l;

	layout_make(&l, e->term->rows, e->term->cols, w);
	return l.pane[e->focus].w;
}

/* The last column grows at the cost of the one before. */
static void widen(struct explorer *e, int by)
{
	struct layout_wish wish = e->wish;
	int column = layout_column(&e->layout, e->focus);
	int *wider = wish.wider[e->layout.form];

	if (e->layout.form <= LAYOUT_SINGLE || column < 0) {
		explorer_message(e, "one pane fills the screen: z brings the others back");
		return;
	}
	if (column == layout_columns(&e->layout) - 1)
		wider[column - 1] -= by;
	else
		wider[column] += by;
	if (width_with(e, &wish) == width_with(e, &e->wish))
		explorer_message(e, "no pane gets narrower than that");
	else
		e->wish = wish;
}

void act_wider(struct explorer *e, uint64_t count)
{
	widen(e, 2 * (int)times(count < 500 ? count : 500));
}

void act_narrower(struct explorer *e, uint64_t count)
{
	widen(e, -2 * (int)times(count < 500 ? count : 500));
}
