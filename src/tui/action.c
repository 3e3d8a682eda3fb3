/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <limits.h>

#include "cmd/keys.h"
#include "tui/state.h"
#include "tui/suggest.h"
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

static void act_down(struct explorer *e, uint64_t count)
{
	move_by(e, times(count));
}

static void act_up(struct explorer *e, uint64_t count)
{
	move_by(e, -times(count));
}

static void act_first(struct explorer *e, uint64_t count)
{
	move_to(e, count ? count - 1 : 0);
}

static void act_last(struct explorer *e, uint64_t count)
{
	move_to(e, count ? count - 1 : UINT64_MAX);
}

static void act_half_down(struct explorer *e, uint64_t count)
{
	move_by(e, (page(e) + 1) / 2 * times(count));
}

static void act_half_up(struct explorer *e, uint64_t count)
{
	move_by(e, -(page(e) + 1) / 2 * times(count));
}

static void act_page_down(struct explorer *e, uint64_t count)
{
	move_by(e, page(e) * times(count));
}

static void act_page_up(struct explorer *e, uint64_t count)
{
	move_by(e, -page(e) * times(count));
}

static void act_left(struct explorer *e, uint64_t count)
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

static void act_right(struct explorer *e, uint64_t count)
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

static void act_next_pane(struct explorer *e, uint64_t count)
{
	turn(e, 1);
}

static void act_previous_pane(struct explorer *e, uint64_t count)
{
	turn(e, -1);
}

static void act_pane_categories(struct explorer *e, uint64_t count)
{
	explorer_focus(e, PANE_CATEGORIES);
}

static void act_pane_products(struct explorer *e, uint64_t count)
{
	explorer_focus(e, PANE_PRODUCTS);
}

static void act_pane_similar(struct explorer *e, uint64_t count)
{
	explorer_focus(e, PANE_SIMILAR);
}

static void act_pane_complementary(struct explorer *e, uint64_t count)
{
	explorer_focus(e, PANE_COMPLEMENTARY);
}

static void act_pane_transitions(struct explorer *e, uint64_t count)
{
	explorer_focus(e, PANE_TRANSITIONS);
}

static void act_pane_selected(struct explorer *e, uint64_t count)
{
	explorer_focus(e, PANE_SELECTED);
}

static void act_zoom(struct explorer *e, uint64_t count)
{
	e->zoom = !e->zoom;
	if (!e->zoom && e->focus == PANE_SELECTED)
		explorer_focus(e, PANE_PRODUCTS);
}

static void follow_suggestion(struct explorer *e, enum panel_kind kind, uint64_t row)
{
	const struct panel *p = e->panels ? &e->panels->panel[kind] : NULL;

	if (explorer_stale(e) || !p || row >= p->n_rows)
		return;
	explorer_go(e, CATALOG_NONE, p->rows[row].product);
}

static void choose_sort(struct explorer *e)
{
	const char *column = e->menu.item[e->menu.list.cursor];

	e->menu.open = false;
	explorer_sort(e, str_from(column), false);
}

static void act_follow(struct explorer *e, uint64_t count)
{
	uint64_t row = e->list[e->focus].cursor;
	const struct flow *f = e->panels ? &e->panels->flow : NULL;

	if (e->pager.open)
		return;
	if (e->menu.open) {
		choose_sort(e);
		return;
	}
	switch (e->focus) {
	case PANE_CATEGORIES:
		tree_open(&e->tree);
		explorer_focus(e, PANE_PRODUCTS);
		break;
	case PANE_SIMILAR:
		follow_suggestion(e, PANEL_SIMILAR, row);
		break;
	case PANE_COMPLEMENTARY:
		follow_suggestion(e, PANEL_COMPLEMENTARY, row);
		break;
	case PANE_TRANSITIONS:
		if (f && !explorer_stale(e) && row < f->n_rows)
			explorer_go(e, f->rows[row].to, CATALOG_NONE);
		break;
	default:
		explorer_focus(e, PANE_SIMILAR);
		break;
	}
}

static void act_back(struct explorer *e, uint64_t count)
{
	struct place here = explorer_place(e), there;

	if (trail_back(&e->trail, &here, &there))
		explorer_go_place(e, &there);
	else
		explorer_message(e, "this is where you began");
}

static void act_forward(struct explorer *e, uint64_t count)
{
	struct place here = explorer_place(e), there;

	if (trail_forward(&e->trail, &here, &there))
		explorer_go_place(e, &there);
	else
		explorer_message(e, "nothing lies ahead");
}

static void act_find(struct explorer *e, uint64_t count)
{
	if (e->pager.open)
		prompt_open('/', NULL);
	else
		find_open(e);
}

static void find_on(struct explorer *e, int by)
{
	if (!e->pager.open)
		find_again(e, by);
	else if (!pager_find(&e->pager, strbuf_str(&e->pager.query), by, false))
		explorer_message(e, "nothing was found");
}

static void act_find_next(struct explorer *e, uint64_t count)
{
	find_on(e, 1);
}

static void act_find_previous(struct explorer *e, uint64_t count)
{
	find_on(e, -1);
}

static void act_sort(struct explorer *e, uint64_t count)
{
	const struct view_class *v = view_find(STR("products"));

	uint32_t blank = e->table.shown ? e->table.shown->blank : 0;

	menu_open(&e->menu, "Sort by");
	for (unsigned i = 0; i < v->n_columns; i++)
		if (v->columns[i].flags & COLUMN_SORT && !(blank >> i & 1))
			menu_add(&e->menu, v->columns[i].key, v->columns[i].help,
				 strcmp(v->columns[i].key, e->sort) == 0);
}

static void act_sort_reverse(struct explorer *e, uint64_t count)
{
	explorer_sort(e, str_from(e->sort), !e->reverse);
}

static void act_same_category(struct explorer *e, uint64_t count)
{
	static const char *const said[] = {
		[SAME_WEIGH] = "own category: weighed down among the complements",
		[SAME_INCLUDE] = "own category: treated like every other",
		[SAME_EXCLUDE] = "own category: left out of the suggestions",
		[SAME_ONLY] = "own category: only its products are suggested",
	};

	e->same = e->same == SAME_ONLY ? SAME_WEIGH : e->same + 1;
	explorer_again(e);
	explorer_message(e, "%s", said[e->same]);
}

static void act_level(struct explorer *e, uint64_t count)
{
	unsigned levels = 0;

	for (int k = 0; k < BASKET_KINDS; k++)
		if (e->edition->cat->transition[k].levels > levels)
			levels = e->edition->cat->transition[k].levels;
	e->level = e->level == UINT_MAX ? 0 : e->level + 1;
	if (e->level + 1 >= levels)
		e->level = UINT_MAX;
	explorer_again(e);
	if (e->level == UINT_MAX)
		explorer_message(e, "transitions between the deepest categories");
	else
		explorer_message(e, "transitions between categories of level %u%s", e->level,
				 e->level ? "" : ", the top");
}

static void act_multi(struct explorer *e, uint64_t count)
{
	e->multi = !e->multi;
	explorer_again(e);
	explorer_message(e, e->multi ? "transitions over baskets of two or more products"
				     : "transitions over all baskets");
}

/* The product that the focused pane points at. */
static uint32_t pointed(const struct explorer *e)
{
	int kind = e->focus == PANE_SIMILAR ? PANEL_SIMILAR :
		   e->focus == PANE_COMPLEMENTARY ? PANEL_COMPLEMENTARY : PANEL_KINDS;
	uint64_t row = e->list[e->focus].cursor;

	if (kind == PANEL_KINDS || !e->panels || explorer_stale(e))
		return table_product(&e->table);
	return row < e->panels->panel[kind].n_rows
		       ? e->panels->panel[kind].rows[row].product : CATALOG_NONE;
}

/* OSC 52 carries it base64: terminals and ssh pass it on to the clipboard. */
static void to_clipboard(struct explorer *e, struct str text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";
	STRBUF(b);

	strbuf_adds(&b, "\033]52;c;");
	for (size_t i = 0; i < text.len; i += 3) {
		uint32_t v = 0;

		for (size_t k = 0; k < 3; k++)
			v = v << 8 | (i + k < text.len ? (unsigned char)text.ptr[i + k] : 0);
		for (unsigned k = 0; k < 4; k++)
			strbuf_addc(&b, i + k > text.len ? '=' : digits[v >> (18 - 6 * k) & 63]);
	}
	strbuf_addc(&b, '\a');
	term_queue(e->term, b.ptr, b.len);
	explorer_message(e, "sent to the terminal's clipboard: %.*s", STR_ARG(text));
}

static void act_yank(struct explorer *e, uint64_t count)
{
	uint32_t p = pointed(e);

	if (p != CATALOG_NONE)
		to_clipboard(e, text_at(&e->edition->cat->product_id, p));
}

/* A word as the shell takes it. */
static void add_quoted(struct strbuf *b, struct str s)
{
	bool plain = s.len > 0;

	for (size_t i = 0; i < s.len; i++)
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
			    "._-/+:@%,", s.ptr[i]))
			plain = false;
	if (plain) {
		strbuf_add(b, s);
		return;
	}
	strbuf_addc(b, '\'');
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '\'')
			strbuf_adds(b, "'\\''");
		else
			strbuf_addc(b, s.ptr[i]);
	strbuf_addc(b, '\'');
}

/* The options of `show` that make its table what the pane is. */
static void add_pane_options(struct strbuf *b, const struct explorer *e)
{
	const struct view_class *v = view_find(STR("products"));
	bool panel = e->focus == PANE_SIMILAR || e->focus == PANE_COMPLEMENTARY;

	for (unsigned i = 0; i < v->n_columns && e->focus == PANE_PRODUCTS; i++)
		if (strcmp(v->columns[i].key, e->sort) == 0)
			strbuf_addf(b, " --sort %s%s", e->sort, !e->reverse ? "" :
				    v->columns[i].flags & COLUMN_ASCENDING ? ":desc" : ":asc");
	if (panel && e->same != SAME_WEIGH)
		strbuf_addf(b, " --same-category %s", same_category_name(e->same));
	if (e->focus != PANE_TRANSITIONS)
		return;
	if (e->level != UINT_MAX)
		strbuf_addf(b, " --level %u", e->level);
	if (e->multi)
		strbuf_adds(b, " --baskets multi");
}

static void act_yank_command(struct explorer *e, uint64_t count)
{
	static const char *const view[PANES] = {
		"categories", "products", "product", "similar", "complementary",
		"transitions",
	};
	const struct catalog *cat = e->edition->cat;
	uint32_t product = table_product(&e->table);
	bool needs = e->focus >= PANE_SELECTED && e->focus != PANE_TRANSITIONS;
	uint32_t category = e->focus == PANE_PRODUCTS ? e->category :
			    e->focus == PANE_TRANSITIONS && e->panels
				    ? e->panels->request.category : CATALOG_NONE;
	STRBUF(b);

	strbuf_addf(&b, "aisle show %s ", view[e->focus]);
	add_quoted(&b, str_from(e->path));
	if (needs && product != CATALOG_NONE) {
		strbuf_adds(&b, " --product ");
		add_quoted(&b, text_at(&cat->product_id, product));
	}
	if (category < cat->n_categories) {
		strbuf_adds(&b, " --category ");
		add_quoted(&b, text_at(&cat->category_id, category));
	}
	add_pane_options(&b, e);
	to_clipboard(e, strbuf_str(&b));
}

static void act_why(struct explorer *e, uint64_t count)
{
	const struct catalog *cat = e->edition->cat;
	uint32_t a = table_product(&e->table), b = pointed(e);
	STRBUF(line);

	if (e->focus != PANE_SIMILAR && e->focus != PANE_COMPLEMENTARY) {
		explorer_message(e, "why: first choose a suggestion (Alt-3, Alt-4)");
		return;
	}
	if (a == CATALOG_NONE || b == CATALOG_NONE || explorer_stale(e))
		return;
	strbuf_adds(&line, "show why --product ");
	add_quoted(&line, text_at(&cat->product_id, a));
	strbuf_adds(&line, " --with ");
	add_quoted(&line, text_at(&cat->product_id, b));
	if (e->same != SAME_WEIGH)
		strbuf_addf(&line, " --same-category %s", same_category_name(e->same));
	line_run(e, strbuf_str(&line));
}

static void act_command(struct explorer *e, uint64_t count)
{
	line_open(e);
}

static void act_help(struct explorer *e, uint64_t count)
{
	action_help(e);
}

static void act_mouse(struct explorer *e, uint64_t count)
{
	e->mouse = !e->mouse;
	term_mouse(e->term, e->mouse);
	explorer_message(e, e->mouse ? "mouse on: Shift with the mouse selects text"
				     : "mouse off: the terminal selects text");
}

static void act_redraw(struct explorer *e, uint64_t count)
{
	term_redraw(e->term);
}

static void act_suspend(struct explorer *e, uint64_t count)
{
	term_suspend(e->term);
}

static void act_cancel(struct explorer *e, uint64_t count)
{
	if (runner_busy(e->runner))
		runner_cancel(e->runner);
	else if (e->find.scanning)
		e->find.scanning = false;
	else
		explorer_message(e, "nothing is running; q leaves");
}

/* false: nothing is on top. */
static bool close_top(struct explorer *e)
{
	if (e->menu.open)
		e->menu.open = false;
	else if (e->pager.open)
		pager_close(&e->pager);
	else if (e->zoom)
		act_zoom(e, 0);
	else
		return false;
	return true;
}

static void act_escape(struct explorer *e, uint64_t count)
{
	if (!close_top(e))
		explorer_message(e, "q leaves");
}

static void act_close(struct explorer *e, uint64_t count)
{
	if (close_top(e))
		return;
	if (runner_busy(e->runner))
		explorer_message(e, "a command is running: Ctrl-C cancels it, Q leaves");
	else
		e->quit = true;
}

static void act_quit(struct explorer *e, uint64_t count)
{
	e->quit = true;
}

static void (*const actions[ACTIONS])(struct explorer *e, uint64_t count) = {
#define KEY_GROUP(name, title)
#define KEY(name, ...) [ACTION_##name] = act_##name,
#include "cmd/keys.def"
#undef KEY
#undef KEY_GROUP
};

/* With a menu or text on top, only what makes sense there. */
static bool allowed(const struct explorer *e, enum action a)
{
	enum key_group g = key_table[a].group;

	if (e->menu.open)
		return g == GROUP_MOVE || a == ACTION_follow ||
		       (g == GROUP_APP && a != ACTION_help && a != ACTION_command);
	if (e->pager.open)
		return g == GROUP_MOVE || g == GROUP_APP || a == ACTION_find ||
		       a == ACTION_find_next || a == ACTION_find_previous;
	return true;
}

void action_run(struct explorer *e, enum action a, uint64_t count)
{
	if (allowed(e, a))
		actions[a](e, count);
}

void action_help(struct explorer *e)
{
	STRBUF(b);

	keys_help(&b);
	strbuf_adds(&b,
		    "\nA number typed first repeats a movement (5j) or names a row (12G).\n"
		    "\nReading the panels\n"
		    "  bar              score, as a part of the best one of its ranking\n"
		    "  n                sessions that hold both; in transitions: baskets\n"
		    "  lift             how many times more often together than by chance\n"
		    "  95%              interval of the lift; in transitions of the per cent\n"
		    "  1                one-way: its own panel does not hold this product\n"
		    "  dim              a small sample, n below 20; or the panel of the product\n"
		    "                   before, while the new one is computed\n"
		    "\nby: where a suggestion comes from\n");
	for (int s = 0; s < PANEL_SOURCES; s++)
		strbuf_addf(&b, "  %-4s %-13s %s\n",
			    suggest_source_short((enum panel_source)s),
			    panel_source_name((enum panel_source)s),
			    panel_source_text((enum panel_source)s));
	pager_open(&e->pager, STR("Keys"), strbuf_str(&b));
}
