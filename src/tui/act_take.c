/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is taken along: to the clipboard, into files. */
#include "config.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/num.h"
#include "base/out.h"
#include "base/quote.h"
#include "tui/state.h"
#include "view/view.h"

#define YANK_MOST 1000	/* rows that are copied at once; e writes all */

/* What is in front as a line for the shell: `show VIEW` comes first, the store behind it. */
static void add_shell(struct strbuf *b, struct explorer *e)
{
	struct str rest, show, view;
	STRBUF(line);

	panes_add_line(e, &line);
	rest = strbuf_str(&line);
	str_next(&rest, ' ', &show);
	str_next(&rest, ' ', &view);
	strbuf_addf(b, "aisle %.*s %.*s ", STR_ARG(show), STR_ARG(view));
	quote_word(b, e->kiosk ? STR("STORE") : str_from(e->path));
	if (rest.len)
		strbuf_addf(b, " %.*s", STR_ARG(rest));
}

/* --- to the clipboard */

static void yank_id(struct explorer *e)
{
	const struct catalog *c = e->edition->cat;
	struct pane *p = panes_front(e);
	uint32_t product = panes_pointed(e);
	unsigned ids = 0;
	STRBUF(b);
	STRBUF(what);

	for (size_t i = 0; i < p->n_marked; i++) {
		struct view_target t;

		view_target(pane_view(p), pane_row(p, p->marked[i]), &t);
		if (t.product < c->n_products)
			strbuf_addf(&b, "%s%.*s", ids++ ? "\n" : "",
				    STR_ARG(text_at(&c->product_id, t.product)));
	}
	if (!p->n_marked && product != CATALOG_NONE) {
		strbuf_add(&b, text_at(&c->product_id, product));
		ids = 1;
	}
	if (ids > 1)
		strbuf_addf(&what, "%u ids", ids);
	if (ids)
		clip_copy(e, ids > 1 ? strbuf_c(&what) : "the id", strbuf_str(&b));
	else
		explorer_message(e, p->n_marked ? "the marked rows are no products"
						: "this row is no product");
}

/* The cursor's row or the marked ones, as their view prints them; of a table the lines
 * without the heading. */
static void yank_row(struct explorer *e, enum format format)
{
	struct pane *p = panes_front(e);
	struct str text;
	struct err err = {0};
	STRBUF(b);
	STRBUF(what);
	SCOPED(out) out = out_buffer(&b);

	if (pane_stale(p) || !pane_view(p) || !p->list.count) {
		explorer_message(e, "there is no row to copy");
		return;
	}
	if (!pane_write_taken(p, format, out, &err) || !out_close(out, &err)) {
		explorer_error(e, &err);
		return;
	}
	text = strbuf_str(&b);
	if (format == FORMAT_TSV)
		str_next(&text, '\n', &(struct str){0});
	if (p->n_marked > 1)
		strbuf_addf(&what, "%zu rows", p->n_marked);
	clip_copy(e, p->n_marked > 1 ? strbuf_c(&what) : "the row", str_trim(text));
}

/* Rows of tabs as a table of Markdown: what stands in cells has its bars escaped. */
static void add_markdown(struct strbuf *b, struct str tsv)
{
	struct str line;
	size_t row = 0;

	while (tsv.len) {
		size_t columns = 1;

		if (!str_next(&tsv, '\n', &line)) {
			line = tsv;
			tsv.len = 0;
		}
		if (!line.len)
			continue;
		strbuf_adds(b, "| ");
		for (size_t i = 0; i < line.len; i++) {
			columns += line.ptr[i] == '\t';
			if (line.ptr[i] == '|')
				strbuf_addc(b, '\\');
			if (line.ptr[i] == '\t')
				strbuf_adds(b, " | ");
			else
				strbuf_addc(b, line.ptr[i]);
		}
		strbuf_adds(b, " |\n");
		for (size_t i = 0; row == 0 && i < columns; i++)
			strbuf_adds(b, i + 1 < columns ? "| --- " : "| --- |\n");
		row++;
	}
}

/* The rows that are copied as a table, from which one on: the marked ones, as many as a number
 * typed first says, or all. */
static uint64_t table_rows(const struct explorer *e, const struct pane *p, uint64_t *from)
{
	uint64_t n;

	*from = e->yank_rows ? p->list.cursor : 0;
	n = p->list.count - *from;
	n = e->yank_rows && e->yank_rows < n ? e->yank_rows : n;
	return p->n_marked ? p->n_marked : n < YANK_MOST ? n : YANK_MOST;
}

static void yank_table(struct explorer *e, enum format format, bool markdown)
{
	struct pane *p = panes_front(e);
	struct err err = {0};
	uint64_t from, n;
	bool ok;
	STRBUF(rows);
	STRBUF(table);
	STRBUF(what);
	SCOPED(out) out = out_buffer(&rows);

	if (pane_stale(p) || !pane_view(p) || !p->list.count) {
		explorer_message(e, "there are no rows to copy");
		return;
	}
	n = table_rows(e, p, &from);
	ok = p->n_marked ? pane_write_taken(p, format, out, &err) :
	     view_write(pane_view(p), format, pane_row(p, from), n, out, &err);
	if (!ok || !out_close(out, &err)) {
		explorer_error(e, &err);
		return;
	}
	if (markdown)
		add_markdown(&table, strbuf_str(&rows));
	num_add_grouped(&what, (int64_t)n);
	strbuf_adds(&what, n == 1 ? " row" : " rows");
	clip_copy(e, strbuf_c(&what), str_trim(strbuf_str(markdown ? &table : &rows)));
}

static void choose_yank(struct explorer *e, unsigned i)
{
	switch (i) {
	case 0:
		yank_id(e);
		break;
	case 1:
		yank_row(e, FORMAT_TSV);
		break;
	case 2:
		yank_row(e, FORMAT_JSONL);
		break;
	case 3:
		yank_table(e, FORMAT_TSV, false);
		break;
	case 4:
		yank_table(e, FORMAT_TSV, true);
		break;
	case 5:
		yank_table(e, FORMAT_JSON, false);
		break;
	default:
		act_yank_command(e, 0);
		break;
	}
}

void act_mark_row(struct explorer *e, uint64_t count)
{
	struct pane *p = panes_front(e);

	if (p->chart || pane_stale(p) || !p->list.count) {
		explorer_message(e, p->chart ? "rows are marked, not charts: Tab shows them"
					     : "there is no row to mark");
		return;
	}
	for (uint64_t i = 0; i < (count ? count : 1); i++) {
		bool last = p->list.cursor + 1 >= p->list.count;

		pane_turn_mark(p, p->list.cursor);
		if (last)
			break;
		list_move(&p->list, 1);
	}
	explorer_led(e);
	explorer_message(e, "%zu row%s marked: y copies, e writes", p->n_marked,
			 p->n_marked == 1 ? "" : "s");
}

void act_yank(struct explorer *e, uint64_t count)
{
	bool many = panes_front(e)->n_marked > 0;

	if (deciding_draft(e))
		return;
	e->yank_rows = count;
	menu_open(&e->menu, "Copy", choose_yank);
	menu_add(&e->menu, (struct menu_entry){'y', "id",
					       many ? "of the marked products, one a line"
						    : "of the product under the cursor",
					       true});
	menu_add(&e->menu,
		 (struct menu_entry){'t', many ? "rows" : "row",
				     many ? "the marked ones, values separated by tabs"
					  : "its values, separated by tabs",
				     false});
	menu_add(&e->menu, (struct menu_entry){'o', "JSON",
					       many ? "the marked rows as objects with names"
						    : "the row as an object with names",
					       false});
	menu_add(&e->menu,
		 (struct menu_entry){
			 'T', "table",
			 many ? "the marked rows with a heading and tabs"
			      : "all rows, or N from here (5y), with a heading and tabs",
			 false});
	menu_add(&e->menu, (struct menu_entry){'m', "Markdown",
					       "the same rows as a table of Markdown", false});
	menu_add(&e->menu, (struct menu_entry){'O', "JSON list",
					       "the same rows as a list of objects", false});
	menu_add(&e->menu, (struct menu_entry){'c', "command",
					       "that prints this pane in the shell", false});
}

void act_yank_command(struct explorer *e, uint64_t count)
{
	STRBUF(b);

	add_shell(&b, e);
	clip_copy(e, "the command", strbuf_str(&b));
}

/* --- into a file */

void act_export(struct explorer *e, uint64_t count)
{
	STRBUF(b);

	if (e->kiosk) {
		explorer_message(e, "a kiosk writes no files");
		return;
	}
	strbuf_addf(&b, "%s.csv", panes_front(e)->class->name);
	prompt_open('>', NULL);
	prompt_put(strbuf_str(&b), b.len);
}

/* The format that the end of a file's name says; false: none. */
static bool format_of(struct str path, enum format *f)
{
	size_t dot = path.len;
	struct str end;

	while (dot > 0 && path.ptr[dot - 1] != '.')
		dot--;
	end = str_span(path.ptr + dot, path.len - dot);
	return dot > 1 && format_parse(end, f) &&
	       (*f == FORMAT_CSV || *f == FORMAT_TSV || *f == FORMAT_JSON || *f == FORMAT_JSONL);
}

/* Marked rows are there: they are written from what is open. */
static void write_marked(struct explorer *e, struct str path, enum format format)
{
	struct pane *p = panes_front(e);
	struct err err = {0};
	STRBUF(file);

	strbuf_add(&file, path);
	SCOPED(out) out = out_file(strbuf_c(&file), &err);
	if (out && pane_write_taken(p, format, out, &err) && out_close(out, &err))
		explorer_message(e, "%zu marked row%s written: %s", p->n_marked,
				 p->n_marked == 1 ? "" : "s", strbuf_c(&file));
	else
		explorer_error(e, &err);
}

/* The view is opened once more, whole: a pane has left some of it out. */
static void write_front(struct explorer *e, struct str path, enum format format)
{
	struct pane *p = panes_front(e);
	struct opening o = {
		.slot = SLOT_FILE, .number = ++e->panes.numbers, .class = p->class,
		.edition = edition_ref(p->sheet ? p->shown->asked.edition : e->edition),
		.lens = lens_ref(p->sheet ? p->shown->asked.lens : panes_lens(e, e->panes.focus)),
		.some = !p->sheet, .select = CATALOG_NONE, .format = format,
	};
	STRBUF(copy);

	if (p->sheet)
		outlook_copy(&o.outlook, &p->shown->asked.outlook);
	else
		panes_outlook(e, e->panes.focus, &o.outlook);
	strbuf_add(&copy, path);
	o.path = strbuf_detach(&copy);
	strbuf_reset(&e->panes.making);
	strbuf_addf(&e->panes.making, "export to %s", o.path);
	worker_ask(e->worker, &o);
	e->unsettled = true;
}

/* ~ is the person's home, as for a shell. */
static void add_file(struct strbuf *b, struct str path)
{
	const char *home = getenv("HOME");

	if (home && (str_is(path, "~") || str_starts(path, STR("~/")))) {
		strbuf_adds(b, home);
		path = str_span(path.ptr + 1, path.len - 1);
	}
	strbuf_add(b, path);
}

void take_export(struct explorer *e, struct str path)
{
	enum format format;
	bool over;
	STRBUF(file);

	path = str_trim(path);
	over = path.len && path.ptr[path.len - 1] == '!';
	path.len -= over;
	if (path.len == 0)
		return;
	add_file(&file, path);
	if (!format_of(path, &format)) {
		explorer_message(e, "%s: its name has to end with .csv, .tsv, .json or .jsonl",
				 strbuf_c(&file));
	} else if (!over && access(strbuf_c(&file), F_OK) == 0) {
		explorer_message(e, "%s exists: e %s! writes over it", strbuf_c(&file),
				 strbuf_c(&file));
	} else {
		if (panes_front(e)->n_marked)
			write_marked(e, strbuf_str(&file), format);
		else
			write_front(e, strbuf_str(&file), format);
		return;
	}
	e->message.error = true;
}
