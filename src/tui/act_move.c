/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moving in panes and between them. */
#include "config.h"

#include "base/num.h"
#include "tui/state.h"

/* Rows that may be moved in: not those of a table that is on its way out. */
static struct list *list_of(struct explorer *e)
{
	struct pane *p = panes_front(e);

	if (e->pager.open)
		return &e->pager.list;
	if (e->menu.open)
		return &e->menu.list;
	return p == &e->panes.at[PANE_PRODUCTS] && pane_stale(p) ? NULL : &p->list;
}

static struct pane *page_of(struct explorer *e)
{
	struct pane *p = panes_front(e);

	return !e->pager.open && !e->menu.open && p->chart ? p : NULL;
}

static void moved(struct explorer *e)
{
	if (!e->pager.open && !e->menu.open)
		explorer_led(e);
}

static void move_by(struct explorer *e, int64_t by)
{
	struct list *l = list_of(e);

	struct pane *p = panes_front(e);

	if (e->pager.open)
		pager_scroll(&e->pager, by);
	else if (l == &p->list && p->side && pane_has_board(p))
		list_go(l, view_jump(pane_view(p), pane_row(p, l->cursor), by) - p->offset);
	else if (l)
		list_move(l, by), moved(e);
}

static void move_to(struct explorer *e, uint64_t row)
{
	struct list *l = list_of(e);

	if (e->pager.open)
		pager_go(&e->pager, row);
	else if (l)
		list_go(l, row), moved(e);
}

static int64_t page(struct explorer *e)
{
	struct list *l = list_of(e);

	return l && l->page > 1 ? l->page - 1 : 1;
}

static int64_t times(uint64_t count)
{
	return count ? (int64_t)count : 1;
}

/* A row, or on a chart a spot. */
static void step(struct explorer *e, int by, uint64_t count)
{
	struct pane *p = page_of(e);

	if (!p)
		move_by(e, by * times(count));
	for (int64_t i = 0; p && i < times(count) && i < 1000; i++)
		pane_page_move(p, by, 0);
}

/* Lines of a page, or rows of a list. */
static void leap(struct explorer *e, int by, uint64_t count, bool half)
{
	struct pane *p = page_of(e);
	int64_t n = p ? half ? (p->seen_h + 1) / 2 : p->seen_h - 1
		      : half ? (page(e) + 1) / 2 : page(e);

	if (p)
		pane_page_scroll(p, by * n * times(count < 1000 ? count : 1000));
	else
		move_by(e, by * n * times(count));
}

static void end(struct explorer *e, uint64_t row, int64_t lines)
{
	if (page_of(e))
		pane_page_scroll(page_of(e), lines);
	else
		move_to(e, row);
}

void act_down(struct explorer *e, uint64_t count)
{
	step(e, 1, count);
}

void act_up(struct explorer *e, uint64_t count)
{
	step(e, -1, count);
}

void act_first(struct explorer *e, uint64_t count)
{
	end(e, count ? count - 1 : 0, INT32_MIN);
}

void act_last(struct explorer *e, uint64_t count)
{
	end(e, count ? count - 1 : UINT64_MAX, INT32_MAX);
}

void act_half_down(struct explorer *e, uint64_t count)
{
	leap(e, 1, count, true);
}

void act_half_up(struct explorer *e, uint64_t count)
{
	leap(e, -1, count, true);
}

void act_page_down(struct explorer *e, uint64_t count)
{
	leap(e, 1, count, false);
}

void act_page_up(struct explorer *e, uint64_t count)
{
	leap(e, -1, count, false);
}

/* Columns, where a pane has them; beside a list of suggestions stands what leads to it. */
static void sideways(struct explorer *e, int by, uint64_t count)
{
	struct pane *p = panes_front(e);

	if (e->pager.open) {
		e->pager.left += by < 0 ? -(e->pager.left >= 8 ? 8 : e->pager.left)
					: e->pager.left < 4000 ? 8 : 0;
	} else if (p->chart) {
		for (int64_t i = 0; i < times(count) && i < 1000; i++)
			pane_page_move(p, 0, by);
	} else if (p->sheet) {
		pane_scroll(p, by);
	} else if (!p->class->draw) {
		pane_columns_scroll(p, by);
	} else if (by < 0 || pane_leads(e->panes.focus)) {
		explorer_focus(e, PANE_PRODUCTS);
	}
}

void act_left(struct explorer *e, uint64_t count)
{
	sideways(e, -1, count);
}

void act_right(struct explorer *e, uint64_t count)
{
	sideways(e, 1, count);
}

static bool in_ring(const struct explorer *e, enum pane_id pane)
{
	/* Without a frame it is always seen and has nothing to move in. */
	return !(e->panes.wish.hidden >> pane & 1) &&
	       (pane != PANE_SELECTED || e->panes.layout.form == LAYOUT_SINGLE);
}

static void turn(struct explorer *e, int by)
{
	struct pane *sheet = panes_sheet(e);
	int pane = e->panes.focus;

	if (sheet && pane_has_board(sheet)) {
		sheet->side = !sheet->side;
		return;
	}
	if (sheet && !view_has_page(pane_view(sheet)))
		explorer_message(e, "this view has rows alone, no chart");
	if (sheet) {
		sheet->chart = !sheet->chart && view_has_page(pane_view(sheet));
		return;
	}
	do {
		pane = (pane + by + PANES) % PANES;
	} while (!in_ring(e, (enum pane_id)pane));
	explorer_focus(e, (enum pane_id)pane);
}

void act_next_pane(struct explorer *e, uint64_t count)
{
	if (e->menu.open)
		action_second(e);
	else
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

/* All columns of the cursor's row, those too that the sheet has no room for. */
static void show_row(struct explorer *e, struct pane *s)
{
	const struct view_class *c = s->class;
	struct cell cells[PANE_COLUMNS];
	STRBUF(b);
	STRBUF(cell);
	STRBUF(title);

	view_row(pane_view(s), pane_row(s, s->list.cursor), cells);
	for (unsigned k = 0; k < c->n_columns; k++) {
		if (cells[k].empty || c->columns[k].flags & COLUMN_PEOPLE)
			continue;
		pane_add_cell(s, k, cells, &cell);
		strbuf_addf(&b, "%s: %s\n    %s\n", c->columns[k].key, strbuf_c(&cell),
			    c->columns[k].help);
	}
	strbuf_addf(&title, "%s, row ", c->name);
	num_add_grouped(&title, (int64_t)s->list.cursor + 1);
	pager_open(&e->pager, strbuf_str(&title), strbuf_str(&b));
}

void act_zoom(struct explorer *e, uint64_t count)
{
	struct pane *s = panes_sheet(e);

	if (s && (s->chart || !s->list.count || s->class->n_columns > PANE_COLUMNS))
		explorer_message(e, "this sheet has the whole screen already%s",
				 s->chart ? ": Tab shows its rows" : "");
	else if (s)
		show_row(e, s);
	if (s)
		return;
	explorer_changes(e);
	e->sight.zoom = !e->sight.zoom;
	if (!e->sight.zoom && e->panes.focus == PANE_SELECTED)
		explorer_focus(e, PANE_PRODUCTS);
}

/* Cells that the focused pane's column would be wide. */
static int width_with(const struct explorer *e, const struct layout_wish *w)
{
	struct layout l;

	layout_make(&l, e->term->rows, e->term->cols, w);
	return l.pane[e->panes.focus].w;
}

/* The last column grows at the cost of the one before. */
static void widen(struct explorer *e, int by)
{
	struct layout_wish wish = e->panes.wish;
	int column = layout_column(&e->panes.layout, e->panes.focus);
	int *wider = wish.wider[e->panes.layout.form];

	if (e->panes.layout.form <= LAYOUT_SINGLE || column < 0) {
		explorer_message(e, "one pane fills the screen: z brings the others back");
		return;
	}
	if (column && e->panes.layout.pane[e->panes.focus].x +
	    e->panes.layout.pane[e->panes.focus].w >= e->term->cols)
		wider[column - 1] -= by;
	else
		wider[column] += by;
	if (width_with(e, &wish) == width_with(e, &e->panes.wish))
		explorer_message(e, "no pane gets narrower than that");
	else
		e->panes.wish = wish;
}

static void choose_hidden(struct explorer *e, unsigned i);

static void offer_hidden(struct explorer *e)
{
	menu_open(&e->menu, "Panes: Enter hides one or shows it", choose_hidden);
	for (int p = 0; p < PANES; p++) {
		const struct view_class *c = e->panes.at[p].class;
		bool hidden = e->panes.wish.hidden >> p & 1;

		if (p != PANE_PRODUCTS)
			menu_add(&e->menu, (struct menu_entry){
				0, c->title ? c->title : c->name, hidden ? "hidden" : "shown",
				false});
	}
}

/* The products lead all others, so they stay. */
static void choose_hidden(struct explorer *e, unsigned i)
{
	unsigned pane = i + (i >= PANE_PRODUCTS);

	e->panes.wish.hidden ^= 1u << pane;
	if (e->panes.focus == pane && e->panes.wish.hidden >> pane & 1)
		explorer_focus(e, PANE_PRODUCTS);
	e->dirty = true;
	offer_hidden(e);
	e->menu.list.cursor = i;
}

void act_hide(struct explorer *e, uint64_t count)
{
	offer_hidden(e);
}

void act_wider(struct explorer *e, uint64_t count)
{
	widen(e, 2 * (int)times(count < 500 ? count : 500));
}

void act_narrower(struct explorer *e, uint64_t count)
{
	widen(e, -2 * (int)times(count < 500 ? count : 500));
}
