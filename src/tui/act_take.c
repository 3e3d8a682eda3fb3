/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is taken along: to the clipboard, into files. */
#include "config.h"

#include <unistd.h>

#include "base/quote.h"
#include "cmd/show.h"
#include "tui/state.h"
#include "view/view.h"

static const char *const pane_view[PANES] = {
	"categories", "products", "product", "similar", "complementary", "transitions",
};

/* --- the pane as a command */

static void add_option(struct strbuf *b, const char *option, struct str value)
{
	strbuf_addf(b, " --%s ", option);
	quote_word(b, value);
}

/* What each pane takes of all that is asked. */
static const uint64_t follows[PANES] = {
	[PANE_CATEGORIES] = MAY(WHERE),
	[PANE_PRODUCTS] = MAY(CATEGORY) | MAY(WHERE),
	[PANE_SELECTED] = MAY(PRODUCT),
	[PANE_SIMILAR] = MAY(PRODUCT) | MAY(SAME_CATEGORY) | MAY(MODEL) | MAY(WHERE),
	[PANE_COMPLEMENTARY] = MAY(PRODUCT) | MAY(SAME_CATEGORY) | MAY(WHERE),
	[PANE_TRANSITIONS] = MAY(CATEGORY) | MAY(LEVEL) | MAY(BASKETS) | MAY(WHERE),
};

/* The command of the focused pane as a table. */
static void add_pane(struct strbuf *b, const struct explorer *e)
{
	const struct view_class *v = view_find(str_from(pane_view[e->focus]));
	const struct catalog *cat = e->edition->cat;
	uint32_t product = table_product(&e->table), category = CATALOG_NONE;
	OUTLOOK(o);
	STRBUF(terms);

	outlook_copy(&o, &e->sight.asked);
	/* The terms that the view takes: others are for other panes. */
	if (e->lens)
		filter_add_terms(e->lens->filter, v->where, &terms);
	outlook_set(&o, ASK_WHERE, terms.len ? strbuf_str(&terms) : STR_NULL);
	outlook_set(&o, ASK_SORT, outlook_text(&e->sight.own[e->focus], ASK_SORT));
	if (product != CATALOG_NONE)
		outlook_set(&o, ASK_PRODUCT, text_at(&cat->product_id, product));
	if (e->focus == PANE_TRANSITIONS && e->panels)
		category = e->panels->request.category;
	if (category < cat->n_categories)
		outlook_set(&o, ASK_CATEGORY, text_at(&cat->category_id, category));
	strbuf_addf(b, "show %s", v->name);
	outlook_print(&o, follows[e->focus] | MAY(SORT), b);
}

/* What is in front as a line for the shell (store given) or for the ':' line. */
static void add_command(struct strbuf *b, const struct explorer *e, const char *store)
{
	const struct sheet *s = sheets_top(&e->sheets);
	STRBUF(line);

	if (s)
		sheet_add_line(s, NULL, &line);
	else
		add_pane(&line, e);
	if (!store) {
		strbuf_add(b, strbuf_str(&line));
		return;
	}
	/* `show VIEW` comes first in each: the store stands behind it. */
	struct str rest = strbuf_str(&line), show, view;

	str_next(&rest, ' ', &show);
	str_next(&rest, ' ', &view);
	strbuf_addf(b, "aisle %.*s %.*s ", STR_ARG(show), STR_ARG(view));
	quote_word(b, str_from(store));
	if (rest.len)
		strbuf_addf(b, " %.*s", STR_ARG(rest));
}

/* --- to the clipboard */

static void yank_id(struct explorer *e)
{
	uint32_t p = action_pointed(e);

	if (p != CATALOG_NONE)
		clip_copy(e, "the id", text_at(&e->edition->cat->product_id, p));
	else
		explorer_message(e, "this row is no product");
}

/* The cursor's row in the table that the pane's command prints. */
static bool pane_row(const struct explorer *e, uint64_t *row)
{
	const struct sheet *s = sheets_top(&e->sheets);
	struct list *l = s ? NULL : action_list((struct explorer *)e, e->focus);

	*row = s ? s->list.cursor : l ? l->cursor : 0;
	if (s || e->focus == PANE_SELECTED)
		return !s || s->list.count > 0;
	if (e->focus != PANE_CATEGORIES)
		return l->count > 0;
	*row = tree_at(&e->tree);
	return *row != CATALOG_NONE;
}

/* A sheet may be a part of its view already. */
static void add_sheet_row(struct strbuf *b, const struct sheet *s)
{
	OUTLOOK(o);
	STRBUF(offset);

	strbuf_addf(&offset, "%llu", (unsigned long long)sheet_row(s, s->list.cursor));
	outlook_copy(&o, &s->shown->outlook);
	outlook_set(&o, ASK_OFFSET, strbuf_str(&offset));
	outlook_set(&o, ASK_LIMIT, STR("1"));
	sheet_add_line(s, &o, b);
}

static void yank_row(struct explorer *e, const char *format)
{
	const struct sheet *s = sheets_top(&e->sheets);
	bool all = e->focus == PANE_SELECTED;
	uint64_t row;
	STRBUF(b);

	if (!pane_row(e, &row) || (explorer_stale(e) && !s)) {
		explorer_message(e, "there is no row to copy");
		return;
	}
	if (s)
		add_sheet_row(&b, s);
	else
		add_command(&b, e, NULL);
	strbuf_addf(&b, " --format %s", format);
	if (!s && !all)
		strbuf_addf(&b, " --offset %llu --limit 1", (unsigned long long)row);
	line_take(e, strbuf_str(&b), LINE_COPY);
}

static void choose_yank(struct explorer *e, unsigned i)
{
	switch (i) {
	case 0:
		yank_id(e);
		break;
	case 1:
		yank_row(e, "tsv");
		break;
	case 2:
		yank_row(e, "jsonl");
		break;
	default:
		act_yank_command(e, 0);
		break;
	}
}

void act_yank(struct explorer *e, uint64_t count)
{
	menu_open(&e->menu, "Copy", choose_yank);
	menu_add(&e->menu, 'y', "id", "of the product under the cursor", true);
	menu_add(&e->menu, 't', "row", "its values, separated by tabs", false);
	menu_add(&e->menu, 'o', "JSON", "the row as an object with names", false);
	menu_add(&e->menu, 'c', "command", "that prints this pane in the shell", false);
}

void act_yank_command(struct explorer *e, uint64_t count)
{
	STRBUF(b);

	add_command(&b, e, e->path);
	clip_copy(e, "the command", strbuf_str(&b));
}

/* --- into a file */

void act_export(struct explorer *e, uint64_t count)
{
	const struct sheet *s = sheets_top(&e->sheets);
	const char *view = s ? view_class_of(s->shown->view)->name : pane_view[e->focus];
	STRBUF(b);

	if (e->kiosk) {
		explorer_message(e, "a kiosk writes no files");
		return;
	}
	strbuf_addf(&b, "%s.csv", view);
	prompt_open('>', NULL);
	prompt_put(strbuf_str(&b), b.len);
}

/* The format that the end of a file's name says, or NULL. */
static const char *format_of(struct str path)
{
	static const char *const formats[] = {"csv", "tsv", "jsonl", "json"};

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		size_t n = strlen(formats[i]);

		if (path.len > n + 1 && path.ptr[path.len - n - 1] == '.' &&
		    memcmp(path.ptr + path.len - n, formats[i], n) == 0)
			return formats[i];
	}
	return NULL;
}

void take_export(struct explorer *e, struct str path)
{
	const char *format;
	bool over;
	STRBUF(file);
	STRBUF(b);

	path = str_trim(path);
	over = path.len && path.ptr[path.len - 1] == '!';
	path.len -= over;
	if (path.len == 0)
		return;
	strbuf_add(&file, path);
	format = format_of(path);
	if (!format) {
		explorer_message(e, "%s: its name has to end with .csv, .tsv, .json or .jsonl",
				 strbuf_c(&file));
	} else if (!over && access(strbuf_c(&file), F_OK) == 0) {
		explorer_message(e, "%s exists: e %s! writes over it", strbuf_c(&file),
				 strbuf_c(&file));
	} else {
		add_command(&b, e, NULL);
		strbuf_addf(&b, " --format %s", format);
		strbuf_reset(&e->file);
		strbuf_add(&e->file, path);
		line_take(e, strbuf_str(&b), LINE_FILE);
		return;
	}
	e->message.error = true;
}

/* --- why */

void act_why(struct explorer *e, uint64_t count)
{
	const struct catalog *cat = e->edition->cat;
	uint32_t a = table_product(&e->table), b = action_pointed(e);
	STRBUF(line);

	if (sheet_why(e))
		return;
	if (e->focus != PANE_SIMILAR && e->focus != PANE_COMPLEMENTARY) {
		explorer_message(e, "why: first choose a suggestion (Alt-3, Alt-4)");
		return;
	}
	if (a == CATALOG_NONE || b == CATALOG_NONE || explorer_stale(e))
		return;
	strbuf_adds(&line, "show why");
	add_option(&line, "product", text_at(&cat->product_id, a));
	add_option(&line, "with", text_at(&cat->product_id, b));
	outlook_print(&e->sight.asked, follows[e->focus] & (MAY(SAME_CATEGORY) | MAY(MODEL)),
		      &line);
	line_run(e, strbuf_str(&line));
}
