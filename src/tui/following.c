/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where Enter leads: what a row or a spot is about, as a command or a place. */
#include "config.h"

#include "ask/pseudonym.h"
#include "base/quote.h"
#include "tui/state.h"

static void open_view(struct explorer *e, const char *view, const struct outlook *o)
{
	sheet_open(e, view_find(str_from(view)), o, false);
}

/* Users and sessions go by the names that the sheet shows. */
static bool open_person(struct explorer *e, struct pane *p, const struct view_target *t)
{
	const struct question *q = view_question(pane_view(p));
	bool user = t->user != CATALOG_NONE;
	OUTLOOK(o);

	if (!user && t->session == CATALOG_NONE)
		return false;
	outlook_set(&o, user ? ASK_USER : ASK_SESSION, user ?
		    pseudonym_user(q, view_arena(pane_view(p)), t->user) :
		    pseudonym_session(q, view_arena(pane_view(p)), t->session));
	if (outlook_asks(q->outlook, ASK_SHOW_USERS))
		outlook_set(&o, ASK_SHOW_USERS, STR("1"));
	open_view(e, user ? "person" : "session", &o);
	return true;
}

/* Asked as the list is that it stands in. */
static void open_pair(struct explorer *e, struct pane *p, uint32_t product, uint32_t with)
{
	const struct catalog *cat = p->shown->asked.edition->cat;
	const struct view_class *why = view_find(STR("why"));
	const struct outlook *from = &p->shown->asked.outlook;
	OUTLOOK(o);

	for (enum ask_id i = 0; i < ASK_IDS; i++)
		if (asks_take(why->asks & (MAY(SAME_CATEGORY) | MAY(MODEL)), i) &&
		    outlook_asks(from, i))
			outlook_set(&o, i, outlook_text(from, i));
	outlook_set(&o, ASK_PRODUCT, text_at(&cat->product_id, product));
	outlook_set(&o, ASK_WITH, text_at(&cat->product_id, with));
	sheet_open(e, why, &o, false);
}

/* To the panes; Backspace comes back to the sheet. */
static void leave_for(struct explorer *e, struct pane *s, uint32_t category, uint32_t product)
{
	const struct edition *from = s->shown->asked.edition;
	STRBUF(line);

	if (product != CATALOG_NONE)
		product = edition_product_in(from, product, e->edition);
	else
		category = edition_category_in(from, category, e->edition);
	if (product == CATALOG_NONE && category == CATALOG_NONE) {
		explorer_message(e, "that is not in the store any more");
		return;
	}
	e->sight.zoom = false;
	explorer_go(e, category, product);
	e->panes.away = true;
	e->panes.trail = e->trail.at;
	pane_add_line(s, NULL, &line);
	explorer_message(e, "Backspace goes back to %s", strbuf_c(&line));
}

static void go(struct explorer *e, struct pane *p, uint32_t category, uint32_t product)
{
	if (p->sheet)
		leave_for(e, p, category, product);
	else
		explorer_go(e, category, product);
}

/* A pane that leads shows what is selected already: on to what follows from that. */
static bool onward(struct explorer *e, const struct pane *p)
{
	enum pane_id at = e->panes.focus;

	if (p->sheet || (!pane_leads(at) && at != PANE_SELECTED))
		return false;
	explorer_focus(e, at == PANE_CATEGORIES ? PANE_PRODUCTS : PANE_SIMILAR);
	return true;
}

void explorer_follow(struct explorer *e)
{
	struct pane *p = panes_front(e);
	const struct page_spot *spot = pane_spot(p);
	struct view_target t;
	STRBUF(line);

	if (spot && spot->line) {
		line_run(e, str_from(spot->line));
		return;
	}
	if (spot && spot->term && spot->target.product == CATALOG_NONE &&
	    spot->target.category == CATALOG_NONE) {
		filter_by_cursor(e);
		return;
	}
	if (!p->chart && !pane_stale(p) && pane_view(p) && p->list.count &&
	    view_line(pane_view(p), pane_row(p, p->list.cursor), &line)) {
		line_run(e, strbuf_str(&line));
		return;
	}
	if (onward(e, p) || pane_stale(p) || !pane_at(p, &t))
		return;
	if (t.product != CATALOG_NONE && t.with != CATALOG_NONE)
		open_pair(e, p, t.product, t.with);
	else if (t.product != CATALOG_NONE)
		go(e, p, CATALOG_NONE, t.product);
	else if (open_person(e, p, &t))
		return;
	else if (t.category != CATALOG_NONE)
		go(e, p, t.category, CATALOG_NONE);
	else
		explorer_message(e, "nothing follows from this row");
}

void act_why(struct explorer *e, uint64_t count)
{
	struct pane *p = panes_front(e);
	struct view_target t;
	bool any = !pane_stale(p) && pane_at(p, &t) && t.product != CATALOG_NONE;

	if (any && t.with == CATALOG_NONE) {
		t.with = t.product;
		t.product = view_question(pane_view(p))->product;
	}
	if (any && t.product != CATALOG_NONE && t.product != t.with)
		open_pair(e, p, t.product, t.with);
	else if (p->sheet)
		explorer_message(e, "why: this row is no suggestion for a product");
	else
		explorer_message(e, "why: first choose a suggestion (Alt-3, Alt-4)");
}
