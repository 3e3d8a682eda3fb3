/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter as chips: each term that `and` joins is one, to be taken away alone. */
#include "config.h"

#include <limits.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "query/filter_complete.h"
#include "query/select.h"
#include "tui/draw.h"
#include "tui/state.h"
#include "view/pick.h"

#define CHIP_CELLS 32	/* of one; longer terms are cut */

unsigned chips_count(const struct explorer *e)
{
	return e->lens ? filter_terms(e->lens->filter) : 0;
}

void chips_put(struct explorer *e, const char *where)
{
	struct filter *f = NULL;

	/* Only what was a filter before comes here. */
	if (where && !filter_parse(&f, str_from(where), NULL))
		f = NULL;
	explorer_put_filter(e, f);
}

void chips_move(struct explorer *e)
{
	if (e->lens)
		explorer_put_filter(e, filter_copy(e->lens->filter));
}

/* A change that a person made: it can be undone. f becomes the lens's. */
static void change(struct explorer *e, struct filter *f)
{
	log_add(e, "set where", f ? str_from(filter_text(f)) : STR("none"));
	explorer_changes(e);
	explorer_put_filter(e, f);
	explorer_ask_table(e, e->category, e->panes.chosen);
	e->chips.tried = true;
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
	struct message said = e->message;

	if (!e->chips.tried)
		return false;
	e->chips.tried = false;
	e->message = (struct message){.text = STRBUF_INIT};
	explorer_undo(e);
	undo_cut(&e->undo);
	strbuf_finish(&e->message.text);
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

static const char *name_of(const struct chips *c, const char *term)
{
	for (unsigned i = 0; i < CHIPS_NAMED; i++)
		if (c->named[i].term && strcmp(c->named[i].term, term) == 0)
			return c->named[i].name;
	return NULL;
}

/* A chip's text: its name, else of many products how many they are. */
static void add_chip(const struct explorer *e, unsigned i, struct strbuf *b)
{
	static const char list[] = "product in (";
	const char *name;
	unsigned n = 1;

	filter_add_term(e->lens->filter, i, b);
	name = name_of(&e->chips, strbuf_c(b));
	if (name) {
		strbuf_reset(b);
		strbuf_adds(b, name);
		return;
	}
	if (!str_starts(strbuf_str(b), STR(list)))
		return;
	for (const char *p = b->ptr; *p; p++)
		n += p[0] == '\'' && p[1] == ',';
	if (n < 4)
		return;
	strbuf_reset(b);
	strbuf_addf(b, "%u products", n);
}

static bool is_chip(const struct explorer *e, const char *text)
{
	for (unsigned i = 0; i < chips_count(e); i++) {
		STRBUF(b);

		filter_add_term(e->lens->filter, i, &b);
		if (strcmp(strbuf_c(&b), text) == 0)
			return true;
	}
	return false;
}

/* One term or more, instead of a chip or (UINT_MAX) beside them. */
static bool chips_add(struct explorer *e, struct str text, unsigned instead, struct err *err)
{
	SCOPED(filter) own = NULL;
	struct filter *all;
	STRBUF(b);

	/* By itself first: columns are those of what was typed. */
	if (!filter_parse(&own, text, err) || !selection_check(own, e->edition->cat, err))
		return false;
	if (filter_terms(own) == 1 && is_chip(e, filter_text(own))) {
		explorer_message(e, "%s is a filter already", filter_text(own));
		return true;
	}
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

static char *copy(struct str s)
{
	char *to = mem_zalloc(s.len + 1);

	memcpy(to, s.ptr, s.len);
	return to;
}

/* What one term is called; several keep their texts. */
static void keep_name(struct chips *c, struct str term, struct str name)
{
	SCOPED(filter) f = NULL;
	unsigned i = c->names % CHIPS_NAMED;
	STRBUF(text);

	if (!name.len || !filter_parse(&f, term, NULL) || filter_terms(f) != 1)
		return;
	filter_add_term(f, 0, &text);
	if (name_of(c, strbuf_c(&text)))
		return;
	free(c->named[i].term);
	free(c->named[i].name);
	c->named[i].term = copy(strbuf_str(&text));
	c->named[i].name = copy(name);
	c->names++;
}

void chips_finish(struct chips *c)
{
	for (unsigned i = 0; i < CHIPS_NAMED; i++) {
		free(c->named[i].term);
		free(c->named[i].name);
	}
}

void chips_brush(struct explorer *e, struct str term, struct str name)
{
	struct err err = {0};

	if (!chips_add(e, term, UINT_MAX, &err)) {
		explorer_error(e, &err);
		return;
	}
	keep_name(&e->chips, term, name);
	if (!panes_sheet(e))
		return;
	e->panes.away = true;
	e->panes.trail = e->trail.at;
}

/* --- the filters of the sheet in front: asks of its outlook */

static struct str sheet_asks(const struct explorer *e, enum ask_id id)
{
	return outlook_text(&panes_sheet(e)->shown->asked.outlook, id);
}

/* What is counted anew, or else which of its rows: by its own columns. */
static bool sheet_filter(const struct explorer *e, struct str text, enum ask_id *id,
			 struct strbuf *b, struct err *err)
{
	const struct view_class *c = panes_sheet(e)->class;
	SCOPED(filter) f = NULL;

	if (c->where && filter_parse(&f, text, NULL) && !(filter_classes(f) & ~c->where)) {
		strbuf_adds(b, filter_text(f));
		*id = ASK_WHERE;
		return true;
	}
	*id = ASK_HAVING;
	return pick_check(c, text, b, err);
}

static bool sheet_add(struct explorer *e, struct str text, struct err *err)
{
	enum ask_id id;
	struct str was;
	STRBUF(new);
	STRBUF(b);

	if (!sheet_filter(e, text, &id, &new, err))
		return false;
	was = sheet_asks(e, id);
	if (was.len && e->chips.instead == UINT_MAX)
		strbuf_addf(&b, "(%.*s) and (%s)", STR_ARG(was), strbuf_c(&new));
	else
		strbuf_adds(&b, strbuf_c(&new));
	sheet_ask(e, id, strbuf_str(&b));
	return true;
}

static void sheet_unfilter(struct explorer *e)
{
	const struct pane *s = panes_sheet(e);
	OUTLOOK(o);

	outlook_copy(&o, &s->shown->asked.outlook);
	outlook_set(&o, ASK_WHERE, STR_NULL);
	outlook_set(&o, ASK_HAVING, STR_NULL);
	sheet_open(e, s->class, &o, true);
}

/* --- the prompt */

static void complete(void *ctx, struct str line, size_t cursor, size_t *start,
		     void (*add)(void *add_ctx, struct str word), void *add_ctx)
{
	struct explorer *e = ctx;

	filter_complete(e->edition->cat, panes_selected(e), line, cursor, start, add,
			add_ctx);
}

void chips_prompt(struct explorer *e, unsigned instead, struct str text, size_t cursor)
{
	static struct prompt_completer completer = {.complete = complete};

	completer.ctx = e;
	e->chips.instead = instead;
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
	if (r == PROMPT_ERASED && chips_count(e) && !panes_sheet(e))
		chips_remove(e, chips_count(e) - 1);
	if (r != PROMPT_DONE || str_trim(text).len == 0)
		return;
	if (panes_sheet(e) ? sheet_add(e, text, &err)
				   : chips_add(e, text, e->chips.instead, &err))
		return;
	at = str_starts(str_from(err.text), STR("column ")) ? column_of(&err, text)
							    : text.len;
	chips_prompt(e, e->chips.instead, text, at);
	prompt_say(err.text);
}

/* --- the menu */

static void edit_chip(struct explorer *e, unsigned i)
{
	struct err err = {0};
	STRBUF(b);

	if (i >= chips_count(e)) {
		strbuf_adds(&b, e->menu.item[i]);
		if (!chips_add(e, strbuf_str(&b), UINT_MAX, &err))
			explorer_error(e, &err);
		return;
	}
	filter_add_term(e->lens->filter, i, &b);
	chips_prompt(e, i, strbuf_str(&b), b.len);
}

/* FIELD = 'VALUE' with what the selected product has; the name of an attribute stands in
 * quotes, as it may be no word. */
static void offer(struct explorer *e, struct str field, bool attribute, struct str value)
{
	SCOPED(filter) f = NULL;
	STRBUF(b);

	strbuf_adds(&b, attribute ? "\"" : "");
	strbuf_add(&b, field);
	strbuf_adds(&b, attribute ? "\" = '" : " = '");
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] == '\'')
			strbuf_addc(&b, '\'');
		strbuf_addc(&b, value.ptr[i]);
	}
	strbuf_addc(&b, '\'');
	if (value.len && filter_parse(&f, strbuf_str(&b), NULL) &&
	    !is_chip(e, filter_text(f)))
		menu_add(&e->menu, (struct menu_entry){0, filter_text(f),
						       "add: as the selected product", false});
}

static void offer_price(struct explorer *e, const struct catalog *c, uint32_t p)
{
	STRBUF(b);

	if (!c->product_price || c->product_price[p] == PRICE_NONE)
		return;
	strbuf_adds(&b, "price <= ");
	num_add_decimal(&b, c->product_price[p], c->price_scale, false);
	menu_add(&e->menu,
		 (struct menu_entry){0, strbuf_c(&b),
				     "add: no dearer than the selected product", false});
}

/* Ready-made filters: what one sees of the product under the cursor. */
static void offer_product(struct explorer *e)
{
	const struct catalog *c = e->edition->cat;
	uint32_t p = panes_selected(e);

	if (p >= c->n_products)
		return;
	if (c->product_category[p] < c->n_categories)
		offer(e, STR("category"), false,
		      text_at(&c->category_path, c->product_category[p]));
	if (c->product_brand && c->product_brand[p] < c->n_brands)
		offer(e, STR("brand"), false, text_at(&c->brand_name, c->product_brand[p]));
	offer_price(e, c, p);
	for (uint32_t a = 0; c->product_attribute && a < c->n_attributes; a++) {
		uint32_t v = c->product_attribute[(uint64_t)p * c->n_attributes + a];

		if (v < c->attribute_value.n)
			offer(e, text_at(&c->attribute_name, a), true,
			      text_at(&c->attribute_value, v));
	}
}

static void remove_chip(struct explorer *e, unsigned i)
{
	chips_remove(e, i);
	if (chips_count(e))
		chips_menu(e);
}

void chips_clear(struct explorer *e)
{
	if (panes_sheet(e))
		sheet_unfilter(e);
	else if (e->lens)
		change(e, NULL);
	else
		explorer_message(e, "nothing is filtered: & adds a filter");
}

void chips_menu(struct explorer *e)
{
	if (panes_sheet(e)) {
		struct str having = sheet_asks(e, ASK_HAVING);
		struct str where = having.len ? having : sheet_asks(e, ASK_WHERE);

		chips_prompt(e, 0, where, where.len);
		return;
	}
	menu_open(&e->menu, "Filters", edit_chip);
	menu_removes(&e->menu, remove_chip);
	for (unsigned i = 0; i < chips_count(e); i++) {
		STRBUF(b);

		filter_add_term(e->lens->filter, i, &b);
		menu_add(&e->menu, (struct menu_entry){0, strbuf_c(&b),
						       "edit; Backspace takes it away", false});
	}
	offer_product(e);
}

/* --- drawing */

static void add_shown(const struct explorer *e, struct strbuf *b)
{
	const struct catalog *cat = e->edition->cat;
	struct members m = catalog_members(cat, e->category);

	if (pane_stale(&e->panes.at[PANE_PRODUCTS])) {
		strbuf_adds(b, "counting");
		return;
	}
	num_add_grouped(b, (int64_t)e->panes.at[PANE_PRODUCTS].list.count);
	strbuf_adds(b, " of ");
	num_add_grouped(b, members_count(&m));
	strbuf_adds(b, " shown");
}

/* Cells that all chips would take. */
static int chips_cells(const struct explorer *e)
{
	int sum = 0;

	for (unsigned i = 0; i < chips_count(e); i++) {
		int cells;
		STRBUF(b);

		add_chip(e, i, &b);
		cells = draw_cells(e->term, strbuf_str(&b));
		sum += (cells < CHIP_CELLS ? cells : CHIP_CELLS) + 5;
	}
	return sum;
}

void chips_draw(struct explorer *e, struct rect r)
{
	const struct term *t = e->term;
	int x = r.x + 1, end;
	STRBUF(shown);

	add_shown(e, &shown);
	/* What is filtered comes before how. */
	if (chips_cells(e) + (int)shown.len + 30 <= r.w)
		strbuf_adds(&shown, "   & add  f edit  F clear");
	end = r.x + r.w - 1 - draw_cells(t, strbuf_str(&shown));
	draw_text(t, (struct rect){r.y, end, 1, r.x + r.w - end}, strbuf_str(&shown),
		  STYLE_DIM);
	for (unsigned i = 0; i < CHIPS_SEEN; i++)
		e->chips.at[i] = (struct rect){0};
	for (unsigned i = 0; i < chips_count(e); i++) {
		int room = end - 2 - x;
		STRBUF(b);

		add_chip(e, i, &b);
		if (room < 10 || i == CHIPS_SEEN) {
			draw_text(t, (struct rect){r.y, end - 2, 1, 1},
				  str_from(t->glyphs->ellipsis), STYLE_CHIP);
			return;
		}
		e->chips.at[i] = (struct rect){r.y, x, 1, 0};
		x += draw_text(t, (struct rect){r.y, x, 1, 1}, STR("["), STYLE_CHIP);
		room -= i + 1 < chips_count(e);	/* the ellipsis of those that don't fit */
		room = room - 4 < CHIP_CELLS ? room - 4 : CHIP_CELLS;
		x += draw_text(t, (struct rect){r.y, x, 1, room}, strbuf_str(&b),
			       STYLE_CHIP);
		x += draw_text(t, (struct rect){r.y, x, 1, 3}, STR(" x]"), STYLE_CHIP);
		e->chips.at[i].w = x - e->chips.at[i].x;
		x++;
	}
}
