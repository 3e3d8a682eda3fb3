/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is looked at: following, going back, finding, sorting, choosing. */
#include "config.h"

#include <limits.h>
#include <stdio.h>

#include "cmd/target.h"
#include "store/trained.h"
#include "tui/state.h"
#include "view/view.h"

static void follow_suggestion(struct explorer *e, enum panel_kind kind, uint64_t row)
{
	const struct panel *p = e->panels ? &e->panels->panel[kind] : NULL;

	if (explorer_stale(e) || !p || row >= p->n_rows)
		return;
	explorer_go(e, CATALOG_NONE, p->rows[row].product);
}

void act_follow(struct explorer *e, uint64_t count)
{
	uint64_t row = e->list[e->focus].cursor;
	const struct flow *f = e->panels ? &e->panels->flow : NULL;

	if (e->pager.open)
		return;
	if (e->menu.open) {
		action_choose(e, (unsigned)e->menu.list.cursor);
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

/* Out of the menu first: what is chosen may open another. */
void action_choose(struct explorer *e, unsigned i)
{
	e->menu.open = false;
	e->menu.chosen(e, i);
	if (!e->menu.open)
		menu_close(&e->menu);
}

static void remove_item(struct explorer *e)
{
	unsigned i = (unsigned)e->menu.list.cursor;
	void (*removed)(struct explorer *e, unsigned i) = e->menu.removed;

	if (!removed)
		return;
	menu_close(&e->menu);
	removed(e, i);
}

void act_back(struct explorer *e, uint64_t count)
{
	struct place here = explorer_place(e), there;

	if (e->menu.open)
		remove_item(e);
	else if (trail_back(&e->trail, &here, &there))
		explorer_return(e, &there);
	else
		explorer_message(e, "this is where you began");
}

void act_forward(struct explorer *e, uint64_t count)
{
	struct place here = explorer_place(e), there;

	if (trail_forward(&e->trail, &here, &there))
		explorer_return(e, &there);
	else
		explorer_message(e, "nothing lies ahead");
}

void act_find(struct explorer *e, uint64_t count)
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

void act_find_next(struct explorer *e, uint64_t count)
{
	find_on(e, 1);
}

void act_find_previous(struct explorer *e, uint64_t count)
{
	find_on(e, -1);
}

static void choose_sort(struct explorer *e, unsigned i)
{
	explorer_sort(e, str_from(e->menu.item[i]), false);
}

void act_sort(struct explorer *e, uint64_t count)
{
	const struct view_class *v = view_find(STR("products"));
	uint32_t blank = e->table.shown ? e->table.shown->blank : 0;
	bool turned;
	const char *sort = sorted_by(&e->sight.own[PANE_PRODUCTS], v, &turned);

	menu_open(&e->menu, "Sort by", choose_sort);
	for (unsigned i = 0; i < v->n_columns; i++)
		if (v->columns[i].flags & COLUMN_SORT && !(blank >> i & 1))
			menu_add(&e->menu, 0, v->columns[i].key, v->columns[i].help,
				 v->columns[i].key == sort);
}

void act_sort_reverse(struct explorer *e, uint64_t count)
{
	bool turned;
	const char *sort = sorted_by(&e->sight.own[PANE_PRODUCTS], view_find(STR("products")),
				     &turned);

	if (sort)
		explorer_sort(e, str_from(sort), !turned);
}

void act_same_category(struct explorer *e, uint64_t count)
{
	static const char *const said[] = {
		[SAME_WEIGH] = "own category: weighed down among the complements",
		[SAME_INCLUDE] = "own category: treated like every other",
		[SAME_EXCLUDE] = "own category: left out of the suggestions",
		[SAME_ONLY] = "own category: only its products are suggested",
	};

	enum same_category same = explorer_same(e);

	same = same == SAME_ONLY ? SAME_WEIGH : same + 1;
	explorer_set(e, ASK_SAME_CATEGORY, str_from(same_category_name(same)));
	explorer_message(e, "%s", said[same]);
}

/* The name after the one that is in use; the first one where that is gone. */
struct turn {
	const char *now;
	char next[TRAINED_NAME_MAX + 1];
	bool seen, found;
	unsigned names;
};

static void turn_name(void *ctx, struct str name)
{
	struct turn *t = ctx;

	t->names++;
	if (t->seen && !t->found) {
		snprintf(t->next, sizeof t->next, "%.*s", STR_ARG(name));
		t->found = true;
	}
	t->seen |= str_is(name, t->now);
}

/* The next trained model by name; after the last one none. */
void act_similar_model(struct explorer *e, uint64_t count)
{
	struct str now = outlook_text(&e->sight.asked, ASK_MODEL);
	struct turn t = {.now = now.ptr ? now.ptr : MODEL_NONE, .next = MODEL_NONE};
	struct err err = {0};

	target_models(e->edition->store, STR(""), turn_name, &t);
	if (t.names < 2)
		explorer_message(e, "no model is trained: aisle train --list");
	else if (!explorer_model(e, str_from(t.next), &err))
		explorer_error(e, &err);
	else if (outlook_asks(&e->sight.asked, ASK_MODEL))
		explorer_message(e, "similar products by the model %s", t.next);
	else
		explorer_message(e, "similar products by what aisle counts itself");
}

void act_level(struct explorer *e, uint64_t count)
{
	unsigned levels = 0, level;
	STRBUF(text);

	if (sheet_level(e))
		return;
	for (int k = 0; k < BASKET_KINDS; k++)
		if (e->edition->cat->transition[k].levels > levels)
			levels = e->edition->cat->transition[k].levels;
	level = explorer_level(e) == UINT_MAX ? 0 : explorer_level(e) + 1;
	strbuf_addf(&text, "%u", level);
	explorer_set(e, ASK_LEVEL, level + 1 < levels ? strbuf_str(&text) : STR_NULL);
	if (level + 1 >= levels)
		explorer_message(e, "transitions between the deepest categories");
	else
		explorer_message(e, "transitions between categories of level %u%s", level,
				 level ? "" : ", the top");
}

void act_multi(struct explorer *e, uint64_t count)
{
	if (sheet_multi(e))
		return;
	explorer_set(e, ASK_BASKETS, explorer_multi(e) ? STR_NULL : STR("multi"));
	explorer_message(e, explorer_multi(e) ? "transitions over baskets of two or more products"
				     : "transitions over all baskets");
}

void act_filter(struct explorer *e, uint64_t count)
{
	chips_prompt(e, UINT_MAX, STR(""), 0);
}

void act_filter_edit(struct explorer *e, uint64_t count)
{
	chips_menu(e);
}

void act_filter_clear(struct explorer *e, uint64_t count)
{
	chips_clear(e);
}

void act_view_undo(struct explorer *e, uint64_t count)
{
	explorer_undo(e);
}

void act_view_redo(struct explorer *e, uint64_t count)
{
	explorer_redo(e);
}

void act_mark(struct explorer *e, uint64_t count)
{
	e->marks.awaited = AWAIT_MARK;
	explorer_message(e, "mark this place: press a letter");
}

void act_mark_jump(struct explorer *e, uint64_t count)
{
	e->marks.awaited = AWAIT_JUMP;
	explorer_message(e, "go to a mark: press its letter");
}
