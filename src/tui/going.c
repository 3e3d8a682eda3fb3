/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Going places, within a generation of the store and to the next. */
#include "config.h"

#include "tui/state.h"
#include "view/view.h"

/* --- going places */

void explorer_focus(struct explorer *e, enum pane pane)
{
	if (pane != e->focus)
		e->tree_walk = false;
	e->focus = pane;
	e->dirty = true;
}

struct place explorer_place(const struct explorer *e)
{
	return (struct place){e->category, table_product(&e->table), e->focus};
}

static bool within(const struct catalog *cat, uint32_t category, uint32_t product)
{
	uint32_t first, end;

	if (category >= cat->n_categories)
		return true;
	catalog_products(cat, category, &first, &end);
	return product >= first && product < end;
}

void explorer_go_place(struct explorer *e, const struct place *p)
{
	tree_show(&e->tree, p->category);
	explorer_ask_table(e, p->category, p->product);
	explorer_focus(e, p->focus);
}

void explorer_go(struct explorer *e, uint32_t category, uint32_t product)
{
	struct place here = explorer_place(e);
	struct place there = {category, product, PANE_PRODUCTS};

	/* Stay in the list that is open if it holds the product. */
	if (product != CATALOG_NONE)
		there.category = within(e->edition->cat, e->category, product)
					 ? e->category
					 : e->edition->cat->product_category[product];
	trail_leave(&e->trail, &here);
	if (there.category != e->category)
		explorer_changes(e);
	explorer_go_place(e, &there);
}

bool explorer_sort(struct explorer *e, struct str column, bool reverse)
{
	const struct view_class *v = view_find(STR("products"));

	if (column.len >= sizeof e->sort)
		return false;
	for (unsigned i = 0; i < v->n_columns; i++) {
		if (!(v->columns[i].flags & COLUMN_SORT) ||
		    !str_is(column, v->columns[i].key))
			continue;
		if (e->sort[0])
			explorer_changes(e);
		memmove(e->sort, column.ptr, column.len);
		e->sort[column.len] = '\0';
		e->reverse = reverse;
		explorer_ask_table(e, e->category, table_product(&e->table));
		return true;
	}
	return false;
}

/* --- a new generation */

static void move_over(struct explorer *e, struct edition *new)
{
	struct edition *old = e->edition;
	uint32_t product = edition_product_in(old, table_product(&e->table), new);
	uint32_t category = edition_category_in(old, e->category, new);

	tree_move(&e->tree, old, new);
	trail_move(&e->trail, old, new);
	undo_move(&e->undo, old, new);
	e->edition = new;
	chips_move(e);
	e->asked.edition = NULL;
	e->beside = CATALOG_NONE;
	explorer_ask_table(e, category, product);
	edition_destroy(old);	/* closes once the screen shows nothing of it */
	sheet_refresh(e);
	explorer_message(e, "the store was imported again: now at import %llu",
			 (unsigned long long)store_generation(new->store));
}

void explorer_reload(struct explorer *e)
{
	struct edition *new;
	struct err err = {0};

	e->unsettled = true;
	if (!edition_open(&new, e->path, &err)) {
		err_context(&err, "the new import can't be opened");
		explorer_error(e, &err);
	} else if (store_generation(new->store) == store_generation(e->edition->store)) {
		edition_destroy(new);
	} else {
		move_over(e, new);
	}
}

