/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is taken along: clipboard, command lines. */
#include "config.h"

#include <limits.h>

#include "base/quote.h"
#include "tui/state.h"
#include "view/view.h"

/* The product that the focused pane points at. */
static uint32_t pointed(const struct explorer *e)
{
	if (sheets_top(&e->sheets))
		return sheet_product(e);

	int kind = e->focus == PANE_SIMILAR ? PANEL_SIMILAR :
		   e->focus == PANE_COMPLEMENTARY ? PANEL_COMPLEMENTARY : PANEL_KINDS;
	uint64_t row = e->list[e->focus].cursor;

	if (kind == PANEL_KINDS || !e->panels || explorer_stale(e))
		return table_product(&e->table);
	return row < e->panels->panel[kind].n_rows
		       ? e->panels->panel[kind].rows[row].product : CATALOG_NONE;
}

/* OSC 52 carries it base64: terminals and ssh pass it on to the clipboard. */
static void to_clipboard(struct explorer *e, struct str text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";
	STRBUF(b);

	strbuf_adds(&b, "\033]52;c;");
	for (size_t i = 0; i < text.len; i += 3) {
		uint32_t v = 0;

		for (size_t k = 0; k < 3; k++)
			v = v << 8 | (i + k < text.len ? (unsigned char)text.ptr[i + k] : 0);
		for (unsigned k = 0; k < 4; k++)
			strbuf_addc(&b, i + k > text.len ? '=' : digits[v >> (18 - 6 * k) & 63]);
	}
	strbuf_addc(&b, '\a');
	term_queue(e->term, b.ptr, b.len);
	explorer_message(e, "sent to the terminal's clipboard: %.*s", STR_ARG(text));
}

void act_yank(struct explorer *e, uint64_t count)
{
	uint32_t p = pointed(e);

	if (p != CATALOG_NONE)
		to_clipboard(e, text_at(&e->edition->cat->product_id, p));
}

/* The options of `show` that make its table what the pane is. */
static void add_pane_options(struct strbuf *b, const struct explorer *e)
{
	const struct view_class *v = view_find(STR("products"));
	bool panel = e->focus == PANE_SIMILAR || e->focus == PANE_COMPLEMENTARY;

	for (unsigned i = 0; i < v->n_columns && e->focus == PANE_PRODUCTS; i++)
		if (strcmp(v->columns[i].key, e->sort) == 0)
			strbuf_addf(b, " --sort %s%s", e->sort, !e->reverse ? "" :
				    v->columns[i].flags & COLUMN_ASCENDING ? ":desc" : ":asc");
	if (panel && e->same != SAME_WEIGH)
		strbuf_addf(b, " --same-category %s", same_category_name(e->same));
	if (e->focus != PANE_TRANSITIONS)
		return;
	if (e->level != UINT_MAX)
		strbuf_addf(b, " --level %u", e->level);
	if (e->multi)
		strbuf_adds(b, " --baskets multi");
}

/* Views that a filter narrows. */
static bool needs_where(enum pane pane)
{
	return pane != PANE_SELECTED;
}

void act_yank_command(struct explorer *e, uint64_t count)
{
	static const char *const view[PANES] = {
		"categories", "products", "product", "similar", "complementary",
		"transitions",
	};
	const struct catalog *cat = e->edition->cat;
	uint32_t product = table_product(&e->table);
	bool needs = e->focus >= PANE_SELECTED && e->focus != PANE_TRANSITIONS;
	uint32_t category = e->focus == PANE_PRODUCTS ? e->category :
			    e->focus == PANE_TRANSITIONS && e->panels
				    ? e->panels->request.category : CATALOG_NONE;
	STRBUF(b);

	strbuf_addf(&b, "aisle show %s ", view[e->focus]);
	quote_word(&b, str_from(e->path));
	if (needs && product != CATALOG_NONE) {
		strbuf_adds(&b, " --product ");
		quote_word(&b, text_at(&cat->product_id, product));
	}
	if (category < cat->n_categories) {
		strbuf_adds(&b, " --category ");
		quote_word(&b, text_at(&cat->category_id, category));
	}
	if (e->lens && needs_where(e->focus)) {
		strbuf_adds(&b, " --where ");
		quote_word(&b, str_from(filter_text(e->lens->filter)));
	}
	add_pane_options(&b, e);
	to_clipboard(e, strbuf_str(&b));
}

void act_why(struct explorer *e, uint64_t count)
{
	const struct catalog *cat = e->edition->cat;
	uint32_t a = table_product(&e->table), b = pointed(e);
	STRBUF(line);

	if (sheet_why(e))
		return;
	if (e->focus != PANE_SIMILAR && e->focus != PANE_COMPLEMENTARY) {
		explorer_message(e, "why: first choose a suggestion (Alt-3, Alt-4)");
		return;
	}
	if (a == CATALOG_NONE || b == CATALOG_NONE || explorer_stale(e))
		return;
	strbuf_adds(&line, "show why --product ");
	quote_word(&line, text_at(&cat->product_id, a));
	strbuf_adds(&line, " --with ");
	quote_word(&line, text_at(&cat->product_id, b));
	if (e->same != SAME_WEIGH)
		strbuf_addf(&line, " --same-category %s", same_category_name(e->same));
	line_run(e, strbuf_str(&line));
}
