/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Going places, and marking them. */
#include "config.h"

#include "base/match.h"
#include "base/time.h"
#include "tui/state.h"

/* --- going places */

void explorer_focus(struct explorer *e, enum pane_id pane)
{
	if (pane != e->panes.focus)
		e->panes.walks = false;
	e->panes.focus = pane;
	e->dirty = true;
}

bool explorer_lean(const struct explorer *e)
{
	return e->lean == WHEN_ON || (e->lean == WHEN_AUTO && pace_slow(&e->pace));
}

/* Keys that come quickly one after the other move the cursor alone: the rest of the
 * screen follows when they have rested. */
static void rest(struct explorer *e)
{
	double now = time_now_monotonic(), rest = e->beside_delay;

	/* Twice the wait spares many frames of panels and is hardly felt. */
	if (explorer_lean(e))
		rest *= 2;
	e->rest = rest > 0 && now - e->moved_at < rest ? now + rest : 0;
	e->moved_at = now;
}

void explorer_led(struct explorer *e)
{
	struct pane *tree = &e->panes.at[PANE_CATEGORIES];

	if (panes_sheet(e) || !pane_leads(e->panes.focus))
		return;
	rest(e);
	if (e->panes.focus == PANE_PRODUCTS)
		explorer_ask_panels(e);
	if (e->panes.focus != PANE_CATEGORIES || !pane_view(tree) ||
	    pane_category(tree) == e->category)
		return;
	if (!e->panes.walks) {
		struct place here = explorer_place(e);

		trail_leave(&e->trail, &here);
		explorer_changes(e);
		e->panes.walks = true;
	}
	explorer_ask_table(e, pane_category(tree), CATALOG_NONE);
}

struct place explorer_place(const struct explorer *e)
{
	const struct list *l = &e->panes.at[PANE_PRODUCTS].list;
	struct place p = {
		.category = e->category,
		.product = panes_selected(e),
		.focus = e->panes.focus,
		.above = l->cursor > l->top ? l->cursor - l->top : 0,
	};

	for (int i = 0; i < PANES; i++) {
		p.list[i].cursor = e->panes.at[i].list.cursor;
		p.list[i].top = e->panes.at[i].list.top;
	}
	return p;
}

static bool within(const struct catalog *cat, uint32_t category, uint32_t product)
{
	struct members m;

	if (category >= cat->n_categories)
		return true;
	m = catalog_members(cat, category);
	return members_has(&m, product);
}

void explorer_go_place(struct explorer *e, const struct place *p)
{
	explorer_ask_table(e, p->category, p->product);
	explorer_show_category(e);
	explorer_focus(e, p->focus);
}

void explorer_return(struct explorer *e, const struct place *p)
{
	e->returning = *p;
	for (int i = PANE_PRODUCTS; i < PANES; i++)
		e->returns[i] = true;
	explorer_go_place(e, p);
	e->panes.at[PANE_CATEGORIES].list.top = p->list[PANE_CATEGORIES].top;
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
	memset(e->returns, 0, sizeof e->returns);
	trail_leave(&e->trail, &here);
	if (there.category != e->category)
		explorer_changes(e);
	/* The shell has no cursor: to it this is a remark. */
	if (product < e->edition->cat->n_products)
		log_add(e, "# go", text_at(&e->edition->cat->product_id, product));
	else if (category < e->edition->cat->n_categories)
		log_add(e, "# go", text_at(&e->edition->cat->category_path, category));
	explorer_go_place(e, &there);
}

/* As people type it, the whole path or the name. */
static uint32_t category_typed(const struct catalog *cat, struct str where)
{
	for (uint32_t c = 0; c < cat->n_categories; c++)
		if (match_equal(where, text_at(&cat->category_path, c)))
			return c;
	for (uint32_t c = 0; c < cat->n_categories; c++)
		if (match_equal(where, text_at(&cat->category_name, c)))
			return c;
	return CATALOG_NONE;
}

static uint64_t events_of(const struct catalog *cat, uint32_t p)
{
	return (cat->product_views ? cat->product_views[p] : 0) +
	       (cat->product_purchases ? cat->product_purchases[p] : 0);
}

/* The best known of the products that are called so; how many are. */
static uint32_t product_called(const struct catalog *cat, struct str name, unsigned *n)
{
	uint32_t best = CATALOG_NONE;

	*n = 0;
	for (uint32_t p = 0; p < cat->n_products; p++) {
		if (!match_equal(name, text_at(&cat->product_label, p)))
			continue;
		(*n)++;
		if (best == CATALOG_NONE || events_of(cat, p) > events_of(cat, best))
			best = p;
	}
	return best;
}

bool line_go(struct explorer *e, struct str where, struct err *err)
{
	unsigned n;

	const struct catalog *cat = e->edition->cat;
	uint32_t p = store_find(e->edition->store, "product", where), c;

	if (p != CATALOG_NONE) {
		explorer_go(e, CATALOG_NONE, p);
		return true;
	}
	c = catalog_category(cat, where);
	if (c == CATALOG_NONE)
		c = category_typed(cat, where);
	p = c == CATALOG_NONE ? product_called(cat, where, &n) : CATALOG_NONE;
	if (c == CATALOG_NONE && p == CATALOG_NONE)
		return err_fail(err, ERR_NO, "\"%.*s\" is no product's id or name and no "
				"category: Tab completes, / looks for parts of names",
				STR_ARG(where));
	explorer_go(e, c, p);
	if (p != CATALOG_NONE && n > 1)
		explorer_message(e, "%u products are called so: the best known one", n);
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
