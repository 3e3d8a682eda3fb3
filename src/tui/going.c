/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Going places, and marking them. */
#include "config.h"

#include "tui/state.h"

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

bool line_go(struct explorer *e, struct str where, struct err *err)
{
	const struct catalog *cat = e->edition->cat;
	uint32_t p = store_find(e->edition->store, "product", where), c;

	if (p != CATALOG_NONE) {
		explorer_go(e, CATALOG_NONE, p);
		return true;
	}
	c = catalog_category(cat, where);
	if (c == CATALOG_NONE)
		return err_fail(err, ERR_NO,
				"\"%.*s\" is neither a product's id nor a category's path",
				STR_ARG(where));
	explorer_go(e, c, CATALOG_NONE);
	return true;
}

/* --- marks */

static bool is_mark(uint32_t key)
{
	return key > ' ' && key < 127;
}

static void jump(struct explorer *e, uint32_t key)
{
	struct place here = explorer_place(e);
	STRBUF(all);

	if (e->marks.set[key]) {
		struct place there = e->marks.at[key];

		trail_leave(&e->trail, &here);
		if (there.category != e->category)
			explorer_changes(e);
		explorer_return(e, &there);
		return;
	}
	marks_add(&e->marks, &all);
	explorer_message(e, "there is no mark %c%s%s", (int)key,
			 all.len ? ": the marks are" : ": M sets one", strbuf_c(&all));
}

void explorer_mark(struct explorer *e, uint32_t key)
{
	enum awaited what = e->marks.awaited;

	e->marks.awaited = AWAIT_NOTHING;
	if (!is_mark(key)) {
		explorer_message(e, "a mark is a letter, a digit or a sign");
	} else if (what == AWAIT_JUMP) {
		jump(e, key);
	} else {
		e->marks.at[key] = explorer_place(e);
		e->marks.set[key] = true;
		explorer_message(e, "mark %c is set: '%c comes back here", (int)key, (int)key);
	}
}
