/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keys do while a sheet is in front. */
#include "config.h"

#include <stdio.h>

#include "base/quote.h"
#include "cmd/show.h"
#include "tui/state.h"
#include "ask/pseudonym.h"
#include "view/view.h"

void sheet_ask(struct explorer *e, enum ask_id id, struct str value)
{
	const struct sheet *s = sheets_top(&e->sheets);
	OUTLOOK(o);
	STRBUF(line);

	outlook_copy(&o, &s->shown->outlook);
	outlook_set(&o, id, value);
	sheet_add_line(s, &o, &line);
	e->sheets.again = true;
	line_run(e, strbuf_str(&line));
}

void sheet_refresh(struct explorer *e)
{
	struct sheet *s = sheets_top(&e->sheets);
	STRBUF(line);

	if (!s || s->edition == e->edition || runner_busy(e->runner))
		return;
	sheet_add_line(s, NULL, &line);
	e->sheets.again = true;
	line_run(e, strbuf_str(&line));
}

void sheet_sort(struct explorer *e, const char *column, bool reverse)
{
	struct sheet *s = sheets_top(&e->sheets);
	STRBUF(value);

	view_add_sort(view_class_of(s->shown->view), column, reverse, &value);
	sheet_ask(e, ASK_SORT, strbuf_str(&value));
}

bool sheet_level(struct explorer *e)
{
	struct sheet *s = sheets_top(&e->sheets);
	unsigned levels = 0, level, next;
	char text[16];

	if (!s || strcmp(view_class_of(s->shown->view)->name, "transitions") != 0)
		return false;
	for (int k = 0; k < BASKET_KINDS; k++)
		if (s->edition->cat->transition[k].levels > levels)
			levels = s->edition->cat->transition[k].levels;
	level = asked_level(view_question(s->shown->view)->outlook);
	next = level >= levels || level + 1 >= levels ? 0 : level + 1;
	snprintf(text, sizeof text, "%u", next);
	sheet_ask(e, ASK_LEVEL, str_from(text));
	return true;
}

bool sheet_multi(struct explorer *e)
{
	struct sheet *s = sheets_top(&e->sheets);

	if (!s || strcmp(view_class_of(s->shown->view)->name, "transitions") != 0)
		return false;
	sheet_ask(e, ASK_BASKETS, asked_multi(view_question(s->shown->view)->outlook) ?
		  STR_NULL : STR("multi"));
	return true;
}

static void choose_sort(struct explorer *e, unsigned i)
{
	sheet_sort(e, e->menu.item[i], false);
}

static void sort_menu(struct explorer *e, struct sheet *s)
{
	const struct view_class *c = view_class_of(s->shown->view);
	const char *sort = view_sort(s->shown->view);

	menu_open(&e->menu, "Sort by", choose_sort);
	for (unsigned i = 0; i < c->n_columns; i++)
		if (c->columns[i].flags & COLUMN_SORT)
			menu_add(&e->menu, 0, c->columns[i].key, c->columns[i].help,
				 sort && strcmp(c->columns[i].key, sort) == 0);
	if (e->menu.list.count)
		return;
	menu_close(&e->menu);
	explorer_message(e, "%s has an order of its own and can't be sorted", c->name);
}

static void sort_reverse(struct explorer *e, struct sheet *s)
{
	const struct view *v = s->shown->view;

	if (view_sort(v))
		sheet_sort(e, view_sort(v), !view_turned(v));
	else
		explorer_message(e, "first choose a column to sort by: o");
}

static void add_option(struct strbuf *b, const char *option, struct str value)
{
	strbuf_addf(b, " --%s ", option);
	quote_word(b, value);
}

/* Users and sessions go by the names that the sheet shows. */
static bool open_person(struct explorer *e, struct sheet *s, const struct view_target *t)
{
	struct view *v = s->shown->view;
	const struct question *q = view_question(v);
	bool user = t->user != CATALOG_NONE;
	struct str name = user ? pseudonym_user(q, view_arena(v), t->user)
			       : pseudonym_session(q, view_arena(v), t->session);
	STRBUF(line);

	if (!user && t->session == CATALOG_NONE)
		return false;
	strbuf_adds(&line, user ? "show user" : "show session");
	add_option(&line, user ? "user" : "session", name);
	if (outlook_asks(q->outlook, ASK_SHOW_USERS))
		strbuf_adds(&line, " --show-users");
	line_run(e, strbuf_str(&line));
	return true;
}

static void open_pair(struct explorer *e, struct sheet *s, const struct view_target *t)
{
	const struct catalog *cat = s->edition->cat;
	STRBUF(line);

	strbuf_adds(&line, "show why");
	add_option(&line, "product", text_at(&cat->product_id, t->product));
	add_option(&line, "with", text_at(&cat->product_id, t->with));
	line_run(e, strbuf_str(&line));
}

/* To the panes; Backspace comes back to the sheet. */
static void leave_for(struct explorer *e, uint32_t category, uint32_t product)
{
	struct sheet *s = sheets_top(&e->sheets);
	STRBUF(line);

	if (product != CATALOG_NONE)
		product = edition_product_in(s->edition, product, e->edition);
	else
		category = edition_category_in(s->edition, category, e->edition);
	if (product == CATALOG_NONE && category == CATALOG_NONE) {
		explorer_message(e, "that is not in the store any more");
		return;
	}
	e->sight.zoom = false;
	explorer_go(e, category, product);
	e->sheets.away = true;
	e->sheets.trail = e->trail.at;
	sheet_add_line(s, NULL, &line);
	explorer_message(e, "Backspace goes back to %s", strbuf_c(&line));
}

static void follow(struct explorer *e, struct sheet *s)
{
	const struct page_spot *spot = sheet_spot(s);
	struct view_target t;

	if (spot && spot->line) {
		line_run(e, str_from(spot->line));
		return;
	}
	if (!sheet_at(s, &t))
		return;
	if (t.product != CATALOG_NONE && t.with != CATALOG_NONE)
		open_pair(e, s, &t);
	else if (t.product != CATALOG_NONE)
		leave_for(e, CATALOG_NONE, t.product);
	else if (open_person(e, s, &t))
		return;
	else if (t.category != CATALOG_NONE)
		leave_for(e, t.category, CATALOG_NONE);
	else
		explorer_message(e, "nothing follows from this row");
}

bool sheet_why(struct explorer *e)
{
	struct sheet *s = sheets_top(&e->sheets);
	const struct question *q = s ? view_question(s->shown->view) : NULL;
	struct view_target t;
	bool any;

	if (!s)
		return false;
	any = sheet_at(s, &t);
	if (any && t.product != CATALOG_NONE && t.with == CATALOG_NONE &&
	    q->product != CATALOG_NONE) {
		t.with = t.product;
		t.product = q->product;
	}
	if (any && t.product != CATALOG_NONE && t.with != CATALOG_NONE &&
	    t.product != t.with)
		open_pair(e, s, &t);
	else
		explorer_message(e, "why: this row is no suggestion for a product");
	return true;
}

static void said(struct explorer *e, struct sheet *s, enum sheet_found found)
{
	if (found == SHEET_NOT_FOUND)
		explorer_message(e, "no row holds \"%s\"", strbuf_c(&s->query));
	else if (found == SHEET_GAVE_UP)
		explorer_message(e, "not found up to this row: n looks further");
}

void sheet_typed(struct explorer *e, struct str query, enum prompt_result r)
{
	struct sheet *s = sheets_top(&e->sheets);

	e->sheets.finding = r == PROMPT_TYPING;
	if (!s)
		return;
	list_go(&s->list, s->origin);
	if (query.len && r != PROMPT_CANCELLED)
		said(e, s, sheet_find(s, query, 1, true));
}

static void find_on(struct explorer *e, struct sheet *s, int by)
{
	if (s->query.len)
		said(e, s, sheet_find(s, strbuf_str(&s->query), by, false));
	else
		explorer_message(e, "nothing was searched for yet: / starts");
}

static void close(struct explorer *e)
{
	sheets_pop(&e->sheets);
	/* What was to take its place has none now. */
	if (e->sheets.replace && runner_busy(e->runner)) {
		e->sheets.unwanted = true;
		strbuf_reset(&e->sheets.next);
		runner_cancel(e->runner);
	}
	sheet_refresh(e);
}

static bool moved(struct list *l, enum action a, uint64_t count)
{
	int64_t n = count ? (int64_t)count : 1, page = l->page > 1 ? l->page - 1 : 1;

	switch (a) {
	case ACTION_down:
		list_move(l, n);
		break;
	case ACTION_up:
		list_move(l, -n);
		break;
	case ACTION_first:
		list_go(l, count ? count - 1 : 0);
		break;
	case ACTION_last:
		list_go(l, count ? count - 1 : UINT64_MAX);
		break;
	case ACTION_half_down:
		list_move(l, n * ((page + 1) / 2));
		break;
	case ACTION_half_up:
		list_move(l, -n * ((page + 1) / 2));
		break;
	case ACTION_page_down:
		list_move(l, n * page);
		break;
	case ACTION_page_up:
		list_move(l, -n * page);
		break;
	default:
		return false;
	}
	return true;
}

static bool page_moved(struct sheet *s, enum action a, uint64_t count)
{
	int n = count && count < 1000 ? (int)count : 1, page = s->seen_h;

	switch (a) {
	case ACTION_down:
	case ACTION_up:
		for (int i = 0; i < n; i++)
			sheet_page_move(s, a == ACTION_down ? 1 : -1, 0);
		break;
	case ACTION_right:
	case ACTION_left:
		for (int i = 0; i < n; i++)
			sheet_page_move(s, 0, a == ACTION_right ? 1 : -1);
		break;
	case ACTION_first:
		sheet_page_scroll(s, INT32_MIN);
		break;
	case ACTION_last:
		sheet_page_scroll(s, INT32_MAX);
		break;
	case ACTION_half_down:
	case ACTION_half_up:
		sheet_page_scroll(s, (a == ACTION_half_down ? 1 : -1) * n * (page + 1) / 2);
		break;
	case ACTION_page_down:
	case ACTION_page_up:
		sheet_page_scroll(s, (a == ACTION_page_down ? 1 : -1) * n * (page - 1));
		break;
	default:
		return false;
	}
	return true;
}

static void change_form(struct explorer *e, struct sheet *s)
{
	if (view_has_page(s->shown->view))
		s->chart = !s->chart;
	else
		explorer_message(e, "this view has rows alone, no chart");
}

bool sheet_action(struct explorer *e, enum action a, uint64_t count)
{
	struct sheet *s = sheets_top(&e->sheets);

	if (!s && e->sheets.n && a == ACTION_back && e->trail.at <= e->sheets.trail) {
		e->sheets.away = false;
		return e->trail.at == 0;	/* the panes go back too, if they can */
	}
	if (!s)
		return false;
	if (sheet_map_action(e, a, count))
		return true;
	if (s->chart ? page_moved(s, a, count) : moved(&s->list, a, count))
		return true;
	switch (a) {
	case ACTION_left:
	case ACTION_right:
		sheet_scroll(s, a == ACTION_left ? -1 : 1);
		break;
	case ACTION_follow:
		follow(e, s);
		break;
	case ACTION_back:
	case ACTION_close:
	case ACTION_escape:
		close(e);
		break;
	case ACTION_next_pane:
	case ACTION_previous_pane:
		change_form(e, s);
		break;
	case ACTION_find:
		s->chart = false;
		e->sheets.finding = true;
		s->origin = s->list.cursor;
		prompt_open('/', NULL);
		break;
	case ACTION_find_next:
	case ACTION_find_previous:
		find_on(e, s, a == ACTION_find_next ? 1 : -1);
		break;
	case ACTION_sort:
		sort_menu(e, s);
		break;
	case ACTION_sort_reverse:
		sort_reverse(e, s);
		break;
	default:
		if (key_table[a].group == GROUP_PANES || key_table[a].group == GROUP_GO) {
			explorer_message(e, "q closes this sheet first");
			break;
		}
		return false;
	}
	return true;
}
