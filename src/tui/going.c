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
	const struct list *l = &e->table.list;
	struct place p = {
		.category = e->category,
		.product = table_product(&e->table),
		.focus = e->focus,
		.above = l->cursor > l->top ? l->cursor - l->top : 0,
	};

	for (int i = PANE_SIMILAR; i < PANES; i++) {
		p.list[i].cursor = e->list[i].cursor;
		p.list[i].top = e->list[i].top;
	}
	p.list[PANE_CATEGORIES].top = e->tree.list.top;
	return p;
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

void explorer_return(struct explorer *e, const struct place *p)
{
	e->returning = *p;
	e->returning_table = e->returning_panels = true;
	explorer_go_place(e, p);
	e->tree.list.top = p->list[PANE_CATEGORIES].top;
}

void explorer_go(struct explorer *e, uint32_t category, uint32_t product)
{
	struct place here = explorer_place(e);
	struct place there = {.category = category, .product = product,
			      .focus = PANE_PRODUCTS};

	/* Stay in the list that is open if it holds the product. */
	if (product != CATALOG_NONE)
		there.category = within(e->edition->cat, e->category, product)
					 ? e->category
					 : e->edition->cat->product_category[product];
	e->returning_table = e->returning_panels = false;
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

/* --- marks */

static bool is_mark(uint32_t key)
{
	return key > ' ' && key < 127;
}

static void list_marks(const struct explorer *e, struct strbuf *b)
{
	for (int c = 0; c < MARKS; c++)
		if (e->marked[c])
			strbuf_addf(b, " %c", c);
}

static void jump(struct explorer *e, uint32_t key)
{
	struct place here = explorer_place(e);
	STRBUF(all);

	if (e->marked[key]) {
		struct place there = e->mark[key];

		trail_leave(&e->trail, &here);
		if (there.category != e->category)
			explorer_changes(e);
		explorer_return(e, &there);
		return;
	}
	list_marks(e, &all);
	explorer_message(e, "there is no mark %c%s%s", (int)key,
			 all.len ? ": the marks are" : ": M sets one", strbuf_c(&all));
}

void explorer_mark(struct explorer *e, uint32_t key)
{
	enum awaited what = e->awaited;

	e->awaited = AWAIT_NOTHING;
	if (!is_mark(key)) {
		explorer_message(e, "a mark is a letter, a digit or a sign");
	} else if (what == AWAIT_JUMP) {
		jump(e, key);
	} else {
		e->mark[key] = explorer_place(e);
		e->marked[key] = true;
		explorer_message(e, "mark %c is set: '%c comes back here", (int)key, (int)key);
	}
}

static void move_marks(struct explorer *e, struct edition *from, struct edition *to)
{
	for (int c = 0; c < MARKS; c++) {
		struct place *p = &e->mark[c];
		bool product = p->product != CATALOG_NONE;

		if (!e->marked[c])
			continue;
		p->category = edition_category_in(from, p->category, to);
		p->product = edition_product_in(from, p->product, to);
		e->marked[c] = !product || p->product != CATALOG_NONE;
	}
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
	move_marks(e, old, new);
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
	if (!edition_open(&new, e->path, e->mask_prices, &err)) {
		err_context(&err, "the new import can't be opened");
		explorer_error(e, &err);
	} else if (store_generation(new->store) == store_generation(e->edition->store)) {
		edition_destroy(new);
	} else {
		move_over(e, new);
	}
}

