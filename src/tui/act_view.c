/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is looked at: following, going back, finding, sorting, choosing. */
#include "config.h"

#include <limits.h>
#include <stdio.h>

#include "ask/asked.h"
#include "cmd/target.h"
#include "store/trained.h"
#include "tui/state.h"

void act_follow(struct explorer *e, uint64_t count)
{
	if (e->pager.open)
		return;
	if (e->menu.open)
		action_choose(e, (unsigned)e->menu.list.cursor);
	else
		explorer_follow(e);
}

/* Out of the menu first: what is chosen may open another. */
static void leave_menu(struct explorer *e, unsigned i,
		       void (*chosen)(struct explorer *e, unsigned i))
{
	if (!chosen)
		return;
	e->menu.open = false;
	chosen(e, i);
	if (!e->menu.open)
		menu_close(&e->menu);
}

void action_choose(struct explorer *e, unsigned i)
{
	leave_menu(e, i, e->menu.chosen);
}

void action_second(struct explorer *e)
{
	leave_menu(e, (unsigned)e->menu.list.cursor, e->menu.second);
}

void act_back(struct explorer *e, uint64_t count)
{
	struct place here = explorer_place(e), there;

	if (e->menu.open) {
		leave_menu(e, (unsigned)e->menu.list.cursor, e->menu.removed);
		return;
	}
	if (panes_sheet(e)) {
		sheet_close(e);
		return;
	}
	/* The sheet that was left for the panes; they go back too, if they can. */
	if (e->panes.n && e->trail.at <= e->panes.trail) {
		e->panes.away = false;
		if (e->trail.at == 0)
			return;
	}
	if (trail_back(&e->trail, &here, &there))
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
	panes_sort(e, e->menu.item[i], false);
}

static void choose_second(struct explorer *e, unsigned i)
{
	panes_sort_then(e, e->menu.item[i]);
}

/* Any column of a table; of a list of the best those that all candidates have. */
static bool sorts(const struct view_class *c, unsigned column)
{
	return c->columns[column].flags & COLUMN_SORT ||
	       (!c->best && !c->fixed &&
		!(c->columns[column].flags & COLUMN_PEOPLE));
}

static void add_attributes(struct explorer *e, const struct pane *p, const char *now)
{
	const struct catalog *cat = e->edition->cat;

	for (uint32_t a = 0; view_sorts_attributes(p->class) && cat->product_attribute &&
	     a < cat->n_attributes; a++) {
		STRBUF(name);

		strbuf_add(&name, text_at(&cat->attribute_name, a));
		menu_add(&e->menu,
			 (struct menu_entry){0, strbuf_c(&name), "an attribute of the products",
					     now && strcmp(now, strbuf_c(&name)) == 0});
	}
}

/* Columns that say nothing here are left out. */
void act_sort(struct explorer *e, uint64_t count)
{
	struct pane *p = panes_front(e);
	const struct view_class *c = p->class;
	const char *now = pane_view(p) ? view_sort(pane_view(p)) : NULL;
	uint64_t blank = p->shown ? p->shown->blank : 0;
	const char *name;

	menu_open(&e->menu, "Sort by", choose_sort);
	menu_second(&e->menu, choose_second, "Enter chooses, Tab adds it, Esc leaves");
	for (unsigned i = 0; i < c->n_columns; i++)
		if (sorts(c, i) && !(blank >> i & 1))
			menu_add(&e->menu,
				 (struct menu_entry){0, c->columns[i].key, c->columns[i].help,
						     c->columns[i].key == now});
	for (unsigned i = 0; (name = view_next_sort(c, e->edition->cat, &i));)
		menu_add(&e->menu, (struct menu_entry){0, name, "of the suggested products",
						       now && strcmp(now, name) == 0});
	add_attributes(e, p, now);
	if (e->menu.list.count)
		return;
	menu_close(&e->menu);
	explorer_message(e, "%s has an order of its own and can't be sorted", c->name);
}

void act_sort_reverse(struct explorer *e, uint64_t count)
{
	struct view *v = pane_view(panes_front(e));

	if (v && view_sort(v))
		panes_sort(e, view_sort(v), !view_turned(v));
	else
		explorer_message(e, "first choose a column to sort by: o");
}

void act_same_category(struct explorer *e, uint64_t count)
{
	static const char *const said[] = {
		[SAME_INCLUDE] = "own category: treated like every other",
		[SAME_WEIGH] = "own category: weighed down among the complements",
		[SAME_EXCLUDE] = "own category: left out of the suggestions",
		[SAME_ONLY] = "own category: only its products are suggested",
	};

	enum same_category same = asked_same_category(&e->sight.asked);

	same = same == SAME_ONLY ? SAME_INCLUDE : same + 1;
	explorer_set(e, ASK_SAME_CATEGORY, str_from(same_category_name(same)));
	explorer_message(e, "%s", said[same]);
}

void act_scope(struct explorer *e, uint64_t count)
{
	struct pane *s = panes_sheet(e);
	const struct outlook *o = s ? &s->shown->asked.outlook : &e->sight.asked;
	struct str now = outlook_text(o, ASK_SCOPE), next;

	if (s && !asks_take(s->class->asks, ASK_SCOPE)) {
		explorer_message(e, "%s has no suggestions: W is of them", s->class->name);
		return;
	}
	/* A sheet is asked as a command is; panes have another default. */
	next = s ? (str_is(now, "shop") ? STR("filter") : STR("shop"))
		 : (str_is(now, "filter") ? STR("shop") : STR("filter"));
	if (s)
		sheet_ask(e, ASK_SCOPE, next);
	else
		explorer_set(e, ASK_SCOPE, next);
	explorer_message(e, "suggestions: %s", str_is(next, "shop") ?
			 "from the whole shop, whatever products the filter lets in" :
			 "only products that the filter lets in");
}

void act_codes(struct explorer *e, uint64_t count)
{
	bool all = !asked_all_codes(&e->sight.asked);

	if (!e->edition->cat->product_group) {
		explorer_message(e, "this log names no product codes that several products share");
		return;
	}
	explorer_set(e, ASK_CODES, all ? STR("all") : STR("one"));
	explorer_message(e, all ? "suggestions: every variant of a product code"
				: "suggestions: the best one of each product code");
}

/* The orders of a panel that L goes through; the last one is its own. */
void act_lift_order(struct explorer *e, uint64_t count)
{
	static const char *const order[] = {"lift_low", "lift", "rank"};
	static const char *const said[] = {
		"by the lower bound of lift: what is surely more than chance first",
		"by raw lift: rare pairs lead, the interval says how sure they are",
		"in its own order",
	};
	struct pane *p = panes_front(e);
	const char *now = pane_view(p) ? view_sort(pane_view(p)) : NULL;
	size_t i = 0;

	if (!p->class->best) {
		explorer_message(e, "L orders panels of suggestions: Tab goes to one");
		return;
	}
	if (now && strcmp(now, order[0]) == 0)
		i = 1;
	else if (now && strcmp(now, order[1]) == 0)
		i = 2;
	panes_sort(e, order[i], false);
	explorer_message(e, "%s: %s", p->class->title, said[i]);
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
	bool along = e->panes.focus == PANE_COMPLEMENTARY && !panes_sheet(e);
	const struct outlook *of = along ? &e->sight.own[PANE_COMPLEMENTARY] : &e->sight.asked;
	struct str now = outlook_text(of, ASK_MODEL);
	struct turn t = {.now = now.ptr ? now.ptr : MODEL_NONE, .next = MODEL_NONE};
	struct err err = {0};

	target_models(e->edition->store, STR(""), turn_name, &t);
	if (t.names < 2)
		explorer_message(e, "no model is trained: aisle train --list");
	else if (!(along ? explorer_complements : explorer_model)(e, str_from(t.next), &err))
		explorer_error(e, &err);
	else if (outlook_asks(of, ASK_MODEL))
		explorer_message(e, "%s by the model %s",
				 along ? "complements" : "similar products", t.next);
	else
		explorer_message(e, "%s by what aisle counts itself",
				 along ? "complements" : "similar products");
}

/* Where no view took the key. */
static void no_transitions(struct explorer *e)
{
	explorer_message(e, "no transitions are shown");
}

void act_level(struct explorer *e, uint64_t count)
{
	no_transitions(e);
}

void act_multi(struct explorer *e, uint64_t count)
{
	no_transitions(e);
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
