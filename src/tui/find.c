/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking for a row that holds a text, in any pane, a slice of rows between two frames. */
#include "config.h"

#include <assert.h>

#include "base/num.h"
#include "tui/state.h"

#define SLICE 4096	/* rows between two looks at the keys: about 2 ms */

static void start(struct explorer *e, uint64_t from, int by, bool here)
{
	struct find *f = &e->find;
	uint64_t n = panes_front(e)->list.count;

	f->in = panes_front(e)->number;
	f->scanning = n > 0 && f->match.n > 0;
	f->counting = false;
	f->by = by;
	f->left = n;
	/* `from` may be of a longer list that was in front when the search began. */
	f->row = here ? (from < n ? from : 0) : by > 0 ? (from + 1) % (n ? n : 1)
				      : (from + n - 1) % (n ? n : 1);
}

static void set_query(struct find *f, struct str query)
{
	strbuf_reset(&f->query);
	strbuf_add(&f->query, query);
	match_words(&f->match, query);
}

void find_open(struct explorer *e)
{
	struct pane *p = panes_front(e);

	p->chart = false;	/* rows are what is searched */
	e->find.typing = true;
	e->find.origin = p->list.cursor;
	e->find.scanning = false;
	prompt_open('/', NULL);
}

void find_typed(struct explorer *e)
{
	struct str query = prompt_text();

	if (str_eq(query, strbuf_str(&e->find.query)))
		return;
	set_query(&e->find, query);
	strbuf_reset(&e->message.text);
	start(e, e->find.origin, 1, true);
}

void find_close(struct explorer *e, bool accepted)
{
	struct find *f = &e->find;

	f->typing = false;
	if (!accepted) {
		f->scanning = false;
		list_go(&panes_front(e)->list, f->origin);
		explorer_led(e);
	} else if (prompt_text().len == 0) {
		f->scanning = false;
	} else if (!str_eq(prompt_text(), strbuf_str(&f->query))) {
		set_query(f, prompt_text());
		start(e, f->origin, 1, true);
	}
}

void find_start(struct explorer *e, struct str query)
{
	set_query(&e->find, query);
	e->find.origin = panes_front(e)->list.cursor;
	start(e, e->find.origin, 1, true);
}

void find_again(struct explorer *e, int by)
{
	assert(by == 1 || by == -1);
	if (e->find.query.len == 0) {
		explorer_message(e, "nothing was searched for yet: / starts");
		return;
	}
	match_words(&e->find.match, strbuf_str(&e->find.query));
	start(e, panes_front(e)->list.cursor, by, false);
}

static void not_found(struct explorer *e)
{
	bool products = panes_front(e) == &e->panes.at[PANE_PRODUCTS];

	if (!products)
		explorer_message(e, "no row holds \"%s\"", strbuf_c(&e->find.query));
	else
		explorer_message(e, "no product's name or id holds \"%s\"%s",
				 strbuf_c(&e->find.query), e->category == CATALOG_NONE ? "" :
				 " in this category; :find looks at all products");
	e->message.error = products;
	if (!e->find.typing)
		return;
	prompt_say(strbuf_c(&e->message.text));
	list_go(&panes_front(e)->list, e->find.origin);
	explorer_led(e);
}

/* "3 of 9": which of the rows that hold it the cursor is on. */
static void say_count(struct explorer *e)
{
	struct find *f = &e->find;
	STRBUF(b);

	num_add_grouped(&b, (int64_t)f->place);
	strbuf_adds(&b, " of ");
	num_add_grouped(&b, (int64_t)f->hits);
	strbuf_addf(&b, " with \"%s\"", strbuf_c(&f->query));
	if (f->typing)
		prompt_say(strbuf_c(&b));
	else
		explorer_message(e, "%s%s", strbuf_c(&b), f->hits > 1 ? ": n the next, N the one "
				 "before" : "");
}

/* All rows once more, now that one was found. */
static void begin_count(struct find *f, uint64_t n)
{
	f->counting = true;
	f->hits = f->place = 0;
	f->row = 0;
	f->by = 1;
	f->left = n;
}

static void found(struct explorer *e, struct pane *p)
{
	struct find *f = &e->find;

	if (f->counting) {
		f->hits++;
		f->place += f->row <= p->list.cursor;
		return;
	}
	list_go(&p->list, f->row);
	explorer_led(e);
	e->dirty = true;
	begin_count(f, p->list.count + 1);
	f->row = p->list.count - 1;	/* the loop goes on from the first */
}

void find_slice(struct explorer *e)
{
	struct find *f = &e->find;
	struct pane *p = panes_front(e);
	uint64_t n = p->list.count;

	/* A new table is on its way: its rows are the ones to look at. */
	if (!f->scanning || pane_stale(p))
		return;
	if (f->in != p->number)		/* another one came to the front */
		start(e, p->list.cursor, 1, true);
	for (unsigned i = 0; i < SLICE && f->left > 0 && f->scanning; i++, f->left--) {
		if (pane_holds(p, f->row, &f->match))
			found(e, p);
		f->row = f->by > 0 ? (f->row + 1) % n : (f->row + n - 1) % n;
	}
	if (f->left > 0 && f->scanning)
		return;
	f->scanning = false;
	e->dirty = true;
	if (f->counting)
		say_count(e);
	else
		not_found(e);
}

const struct match *find_shown(struct explorer *e)
{
	return e->find.match.n && e->find.in == panes_front(e)->number ? &e->find.match : NULL;
}

bool find_forget(struct explorer *e)
{
	bool shown = find_shown(e) != NULL;

	match_finish(&e->find.match);
	e->dirty |= shown;
	return shown;
}

void find_finish(struct find *f)
{
	strbuf_finish(&f->query);
	match_finish(&f->match);
}
