/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter as chips: each term that `and` joins is one, to be taken away alone. */
#include "config.h"

#include <stdlib.h>

#include "base/num.h"
#include "query/complete.h"
#include "tui/draw.h"
#include "tui/state.h"

#define CHIP_CELLS 32	/* of one; longer terms are cut */

unsigned chips_count(const struct explorer *e)
{
	return e->lens ? filter_terms(e->lens->filter) : 0;
}

static void set_lens(struct explorer *e, struct filter *f)
{
	lens_destroy(e->lens);
	e->lens = f ? lens_create(e->edition, f) : NULL;
	e->asked.edition = NULL;	/* panels are others now */
}

void chips_put(struct explorer *e, const char *where)
{
	struct filter *f = NULL;

	/* Only what was a filter before comes here. */
	if (where && !filter_parse(&f, str_from(where), NULL))
		f = NULL;
	set_lens(e, f);
}

void chips_move(struct explorer *e)
{
	if (e->lens)
		set_lens(e, filter_copy(e->lens->filter));
}

/* A change that a person made: it can be undone. f becomes the lens's. */
static void change(struct explorer *e, struct filter *f)
{
	explorer_changes(e);
	set_lens(e, f);
	explorer_ask_table(e, e->category, e->table.chosen);
	e->chips_tried = true;
}

bool chips_set(struct explorer *e, struct str text, struct err *err)
{
	struct filter *f = NULL;

	text = str_trim(text);
	if (text.len && !str_is(text, "none") && !filter_parse(&f, text, err))
		return false;
	change(e, f);
	return true;
}

bool chips_refused(struct explorer *e)
{
	struct strbuf said = e->message;

	if (!e->chips_tried)
		return false;
	e->chips_tried = false;
	e->message = (struct strbuf)STRBUF_INIT;
	explorer_undo(e);
	undo_cut(&e->undo);
	strbuf_finish(&e->message);
	e->message = said;
	return true;
}

/* Terms of the filter but `without`, each in parentheses, joined by and. */
static void add_terms(const struct explorer *e, unsigned without, struct strbuf *b)
{
	for (unsigned i = 0; i < chips_count(e); i++) {
		if (i == without)
			continue;
		strbuf_adds(b, b->len ? " and (" : "(");
		filter_add_term(e->lens->filter, i, b);
		strbuf_addc(b, ')');
	}
}

bool chips_add(struct explorer *e, struct str text, unsigned instead, struct err *err)
{
	SCOPED(filter) own = NULL;
	struct filter *all;
	STRBUF(b);

	/* By itself first: columns are those of what was typed. */
	if (!filter_parse(&own, text, err))
		return false;
	add_terms(e, instead, &b);
	strbuf_addf(&b, "%s(%s)", b.len ? " and " : "", filter_text(own));
	if (!filter_parse(&all, strbuf_str(&b), err))
		return false;
	change(e, all);
	return true;
}

void chips_remove(struct explorer *e, unsigned i)
{
	struct filter *f = NULL;
	STRBUF(b);

	if (i >= chips_count(e))
		return;
	add_terms(e, i, &b);
	if (b.len && !filter_parse(&f, strbuf_str(&b), NULL))
		return;
	change(e, f);
}

void chips_clear(struct explorer *e)
{
	if (e->lens)
		change(e, NULL);
}

/* --- the prompt */

static void complete(void *ctx, struct str line, size_t cursor, size_t *start,
		     void (*add)(void *add_ctx, struct str word), void *add_ctx)
{
	struct explorer *e = ctx;

	filter_complete(e->edition->cat, table_product(&e->table), line, cursor, start, add,
			add_ctx);
}

void chips_prompt(struct explorer *e, unsigned instead, struct str text, size_t cursor)
{
	static struct prompt_completer completer = {.complete = complete};

	completer.ctx = e;
	e->chip_instead = instead;
	prompt_open('&', &completer);
	prompt_put(text, cursor);
}

/* "column 7: ..." is the character to stand on. */
static size_t column_of(const struct err *err, struct str text)
{
	uint64_t column = 0;
	size_t at = 0;

	for (const char *p = err->text + strlen("column "); *p >= '0' && *p <= '9'; p++)
		column = column * 10 + (uint64_t)(*p - '0');
	while (at < text.len && column > 1)
		column -= ((unsigned char)text.ptr[++at] & 0xc0) != 0x80 || at == text.len;
	return at;
}

void chips_typed(struct explorer *e, enum prompt_result r, struct str text)
{
	struct err err = {0};
	size_t at;

	/* Backspace in front of nothing takes the chip before it away. */
	if (r == PROMPT_ERASED && chips_count(e))
		chips_remove(e, chips_count(e) - 1);
	if (r != PROMPT_DONE || str_trim(text).len == 0)
		return;
	if (chips_add(e, text, e->chip_instead, &err))
		return;
	at = str_starts(str_from(err.text), STR("column ")) ? column_of(&err, text)
							    : text.len;
	chips_prompt(e, e->chip_instead, text, at);
	prompt_say(err.text);
}

/* --- the menu */

static void edit_chip(struct explorer *e, unsigned i)
{
	STRBUF(b);

	if (i >= chips_count(e))
		return;
	filter_add_term(e->lens->filter, i, &b);
	chips_prompt(e, i, strbuf_str(&b), b.len);
}

static void remove_chip(struct explorer *e, unsigned i)
{
	chips_remove(e, i);
	if (chips_count(e))
		chips_menu(e);
}

void chips_menu(struct explorer *e)
{
	if (!e->lens) {
		explorer_message(e, "nothing is filtered: & adds a filter");
		return;
	}
	menu_open(&e->menu, "Filters", edit_chip);
	menu_removes(&e->menu, remove_chip);
	for (unsigned i = 0; i < chips_count(e); i++) {
		STRBUF(b);

		filter_add_term(e->lens->filter, i, &b);
		menu_add(&e->menu, 0, strbuf_c(&b), NULL, false);
	}
}

/* --- drawing */

static void add_shown(const struct explorer *e, struct strbuf *b)
{
	const struct catalog *cat = e->edition->cat;
	uint32_t first = 0, end = cat->n_products;

	if (e->category < cat->n_categories)
		catalog_products(cat, e->category, &first, &end);
	if (e->table.stale) {
		strbuf_adds(b, "counting");
		return;
	}
	num_add_grouped(b, (int64_t)e->table.list.count);
	strbuf_adds(b, " of ");
	num_add_grouped(b, end - first);
	strbuf_adds(b, " shown");
}

void chips_draw(struct explorer *e, struct rect r)
{
	const struct term *t = e->term;
	int x = r.x + 1, end;
	STRBUF(shown);

	add_shown(e, &shown);
	if (r.w >= 60)
		strbuf_adds(&shown, "   & add  f edit  F clear");
	end = r.x + r.w - 1 - draw_cells(t, strbuf_str(&shown));
	draw_text(t, r.y, end, r.x + r.w - end, strbuf_str(&shown), STYLE_DIM);
	for (unsigned i = 0; i < CHIPS_SEEN; i++)
		e->chip[i] = (struct rect){0};
	for (unsigned i = 0; i < chips_count(e); i++) {
		int room = end - 2 - x;
		STRBUF(b);

		filter_add_term(e->lens->filter, i, &b);
		if (room < 10 || i == CHIPS_SEEN) {
			draw_text(t, r.y, x, room, str_from(t->glyphs->ellipsis),
				  STYLE_DIM);
			return;
		}
		e->chip[i] = (struct rect){r.y, x, 1, 0};
		x += draw_text(t, r.y, x, 1, STR("["), STYLE_CHIP);
		room = room - 4 < CHIP_CELLS ? room - 4 : CHIP_CELLS;
		x += draw_text(t, r.y, x, room, strbuf_str(&b), STYLE_CHIP);
		x += draw_text(t, r.y, x, 3, STR(" x]"), STYLE_CHIP);
		e->chip[i].w = x - e->chip[i].x;
		x++;
	}
}
