/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sight that panes share: every change of it is noted first, and put back whole. */
#include "config.h"

#include "tui/looking.h"

#include <limits.h>

#include "cmd/cmd.h"
#include "cmd/target.h"
#include "tui/state.h"
#include "view/view.h"

void explorer_changes(struct explorer *e)
{
	undo_note(&e->undo, &e->sight);
}

void explorer_put_filter(struct explorer *e, struct filter *f)
{
	lens_destroy(e->lens);
	e->lens = f ? lens_create(e->edition, f) : NULL;
	outlook_set(&e->sight.asked, ASK_WHERE, f ? str_from(filter_text(f)) : STR_NULL);
	e->asked.edition = NULL;	/* panels are others now */
}

static void put_back(struct explorer *e, struct sight *s)
{
	uint32_t product = table_product(&e->table), category;
	struct filter *f = NULL;
	struct str id;

	sight_finish(&e->sight);
	e->sight = *s;
	/* Only what was a filter before stands there. */
	if (outlook_asks(&e->sight.asked, ASK_WHERE) &&
	    !filter_parse(&f, outlook_text(&e->sight.asked, ASK_WHERE), NULL))
		f = NULL;
	explorer_put_filter(e, f);
	id = outlook_text(&e->sight.asked, ASK_CATEGORY);
	category = id.ptr ? store_find(e->edition->store, "category", id) : CATALOG_NONE;
	tree_show(&e->tree, category);
	explorer_ask_table(e, category, product);
	e->asked.edition = NULL;
}

/* Sights that say what is there already are skipped: changes that changed nothing. */
static bool walk(struct explorer *e, bool (*step)(struct undo *u, struct sight *now),
		 const char *did)
{
	struct sight s = {0};
	STRBUF(what);

	sight_copy(&s, &e->sight);
	while (step(&e->undo, &s)) {
		if (sight_same(&s, &e->sight))
			continue;
		sight_add_changes(&s, &e->sight, &what);
		put_back(e, &s);
		explorer_message(e, "%s: %s", did, strbuf_c(&what));
		return true;
	}
	sight_finish(&s);
	return false;
}

void explorer_undo(struct explorer *e)
{
	if (!walk(e, undo_back, "undone"))
		explorer_message(e, "no change of the view is left to undo");
}

void explorer_redo(struct explorer *e)
{
	if (!walk(e, undo_forward, "done again"))
		explorer_message(e, "no change of the view was undone");
}

void explorer_set(struct explorer *e, enum ask_id id, struct str value)
{
	const char *usual = opt_table[opt_find(opt_explorer, str_from(ask_table[id].name))].dflt;

	explorer_changes(e);
	outlook_set(&e->sight.asked, id, value.ptr && usual && str_is(value, usual) ? STR_NULL
										   : value);
	e->asked.edition = NULL;
	explorer_ask_panels(e);
}

bool explorer_model(struct explorer *e, struct str name, struct err *err)
{
	if (!target_model(e->edition->store, name, err))
		return false;
	explorer_set(e, ASK_MODEL, str_is(name, MODEL_NONE) ? STR_NULL : name);
	return true;
}

enum same_category explorer_same(const struct explorer *e)
{
	enum same_category same = SAME_WEIGH;

	same_category_parse(outlook_text(&e->sight.asked, ASK_SAME_CATEGORY), &same);
	return same;
}

unsigned explorer_level(const struct explorer *e)
{
	return (unsigned)outlook_count(&e->sight.asked, ASK_LEVEL, UINT_MAX);
}

bool explorer_multi(const struct explorer *e)
{
	return str_is(outlook_text(&e->sight.asked, ASK_BASKETS), "multi");
}

/* --- orders */

const char *sorted_by(const struct outlook *o, const struct view_class *c, bool *turned)
{
	struct str way = outlook_text(o, ASK_SORT), name;

	*turned = false;
	if (!way.ptr || !str_next(&way, ':', &name))
		return NULL;
	for (unsigned i = 0; i < c->n_columns; i++) {
		if (!str_is(name, c->columns[i].key))
			continue;
		*turned = str_is(way, c->columns[i].flags & COLUMN_ASCENDING ? "desc" : "asc");
		return c->columns[i].key;
	}
	return NULL;
}

void sort_add(struct strbuf *b, const struct view_class *c, struct str column, bool turned)
{
	strbuf_add(b, column);
	for (unsigned i = 0; i < c->n_columns && turned; i++)
		if (str_is(column, c->columns[i].key))
			strbuf_adds(b, c->columns[i].flags & COLUMN_ASCENDING ? ":desc" : ":asc");
}

bool explorer_sort(struct explorer *e, struct str column, bool turned)
{
	const struct view_class *v = view_find(STR("products"));
	struct outlook *own = &e->sight.own[PANE_PRODUCTS];
	STRBUF(sort);

	for (unsigned i = 0; i < v->n_columns; i++) {
		if (!(v->columns[i].flags & COLUMN_SORT) || !str_is(column, v->columns[i].key))
			continue;
		if (outlook_asks(own, ASK_SORT))
			explorer_changes(e);
		sort_add(&sort, v, column, turned);
		outlook_set(own, ASK_SORT, strbuf_str(&sort));
		explorer_ask_table(e, e->category, table_product(&e->table));
		return true;
	}
	return false;
}

bool explorer_order(struct explorer *e, struct str sort)
{
	const struct view_class *v = view_find(STR("products"));
	OUTLOOK(o);
	bool turned;
	const char *column;

	outlook_set(&o, ASK_SORT, sort);
	column = sorted_by(&o, v, &turned);
	return column && explorer_sort(e, str_from(column), turned);
}
