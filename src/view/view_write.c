/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Views in the formats for programs: tsv, csv, json, jsonl. */
#include "config.h"

#include "base/job.h"
#include "base/out.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "view/format.h"
#include "view/page.h"

#define COLUMNS_MAX 64
#define CHUNK ((size_t)64 << 10)	/* bytes handed on at once; a tty gets lines */
#define POLL_ROWS 4096	/* rows between two looks at the reader and the job */

struct writer {
	struct view *v;
	const struct view_class *class;
	const struct catalog *cat;
	struct out *out;
	bool tty;		/* nothing in a cell may drive the terminal */
	unsigned n;
	unsigned column[COLUMNS_MAX];	/* those that are written */
	struct strbuf line, cell, clean;
};

static void choose_columns(struct writer *w)
{
	uint64_t wanted = view_columns(w->v);
	for (unsigned i = 0; i < w->class->n_columns && i < COLUMNS_MAX; i++) {
		if (wanted && !(wanted >> i & 1))
			continue;
		if (!(w->class->columns[i].flags & COLUMN_PEOPLE))
			w->column[w->n++] = i;
	}
}

/* The text of a cell that is no number; borrowed until the next one. */
static struct str text_of(struct writer *w, const struct column *c,
			  const struct cell *cell)
{
	if (!w->tty && c->type != CELL_TIME)
		return cell->empty ? STR("") : cell->text;
	strbuf_reset(&w->cell);
	cell_add_exact(&w->cell, c, cell, w->cat);
	if (!w->tty)
		return strbuf_str(&w->cell);
	strbuf_reset(&w->clean);
	sanitize(&w->clean, strbuf_str(&w->cell), SANITIZE_LINE);
	return strbuf_str(&w->clean);
}

static void add_key(struct strbuf *b, const char *key)
{
	strbuf_addc(b, '"');
	strbuf_adds(b, key);
	strbuf_add(b, STR("\":"));
}

/* Numbers go to the line at once: they need no quotes, and a number that is
 * none (not finite) leaves nothing. */
static void add_number(struct writer *w, bool json, const struct column *c,
		       const struct cell *cell)
{
	size_t before = w->line.len;
	cell_add_exact(&w->line, c, cell, w->cat);
	if (json && w->line.len == before)
		strbuf_add(&w->line, STR("null"));
}

/* One row without its end: fields side by side, or an object. */
static void add_row(struct writer *w, enum format f, const struct cell *cells)
{
	bool json = f == FORMAT_JSON || f == FORMAT_JSONL;
	for (unsigned k = 0; k < w->n; k++) {
		const struct column *c = &w->class->columns[w->column[k]];
		const struct cell *cell = &cells[w->column[k]];
		if (k)
			strbuf_addc(&w->line, f == FORMAT_TSV ? '\t' : ',');
		if (json)
			add_key(&w->line, c->key);
		if (cell_is_number(c->type))
			add_number(w, json, c, cell);
		else if (f == FORMAT_TSV)
			quote_tsv(&w->line, text_of(w, c, cell));
		else if (f == FORMAT_CSV)
			quote_csv(&w->line, text_of(w, c, cell), ',');
		else if (cell->empty)
			strbuf_add(&w->line, STR("null"));
		else
			quote_json(&w->line, text_of(w, c, cell));
	}
}

static void add_header(struct writer *w, enum format f)
{
	for (unsigned k = 0; k < w->n; k++) {
		if (k)
			strbuf_addc(&w->line, f == FORMAT_TSV ? '\t' : ',');
		strbuf_adds(&w->line, w->class->columns[w->column[k]].key);
	}
	strbuf_addc(&w->line, '\n');
}

static void add_top(struct writer *w, enum format f)
{
	if (f == FORMAT_TSV || f == FORMAT_CSV)
		add_header(w, f);
	if (f != FORMAT_JSON)
		return;
	strbuf_addf(&w->line, "{\"view\":\"%s\",\"note\":", w->class->name);
	quote_json(&w->line, str_from(view_note(w->v)));
	strbuf_adds(&w->line, ",\"rows\":[");
}

static bool write_rows(struct writer *w, enum format f, uint64_t first, uint64_t end,
		       struct err *err)
{
	struct cell cells[COLUMNS_MAX];
	add_top(w, f);
	for (uint64_t i = first; i < end; i++) {
		view_row(w->v, i, cells);
		if (f == FORMAT_JSON)
			strbuf_adds(&w->line, i > first ? ",\n" : "\n");
		if (f == FORMAT_JSON || f == FORMAT_JSONL)
			strbuf_addc(&w->line, '{');
		add_row(w, f, cells);
		if (f == FORMAT_JSON || f == FORMAT_JSONL)
			strbuf_addc(&w->line, '}');
		if (f != FORMAT_JSON)
			strbuf_addc(&w->line, '\n');
		if (w->line.len >= CHUNK || w->tty) {
			out_add(w->out, strbuf_str(&w->line));
			strbuf_reset(&w->line);
		}
		if (i % POLL_ROWS)
			continue;
		if (out_failed(w->out))
			break;
		if (!job_check(view_request_of(w->v)->job, err))
			return false;
	}
	if (f == FORMAT_JSON)
		strbuf_adds(&w->line, end > first ? "\n]}\n" : "]}\n");
	out_add(w->out, strbuf_str(&w->line));
	return !out_failed(w->out) || out_flush(w->out, err);
}

/* Where a line of a chart ends when there is no terminal. */
#define CHART_COLUMNS 100

static bool write_chart(struct view *v, enum format f, struct out *out, struct err *err)
{
	unsigned columns = out_columns(out) ? out_columns(out) : CHART_COLUMNS;
	struct page p = {0};
	STRBUF(b);
	if (f == FORMAT_WORDS) {
		view_add_words(v, &b);
	} else {
		view_page(v, 0, (int)columns, GLYPHS_BRAILLE, &p);
		for (int y = 0; y < p.canvas.h; y++) {
			canvas_add_row(&p.canvas, y, &b);
			strbuf_addc(&b, '\n');
		}
		page_finish(&p);
		if (view_note(v)[0])
			strbuf_addf(&b, "\n%s\n", view_note(v));
	}
	STRBUF(clean);
	sanitize(&clean, strbuf_str(&b), SANITIZE_TEXT);
	out_add(out, strbuf_str(&clean));
	return !out_failed(out) || out_flush(out, err);
}

bool view_write(struct view *v, enum format f, uint64_t offset, uint64_t limit,
		struct out *out, struct err *err)
{
	uint64_t count = view_count(v);
	uint64_t first = offset < count ? offset : count;
	uint64_t end = limit < count - first ? first + limit : count;
	if ((f == FORMAT_CHART && view_has_page(v)) ||
	    (f == FORMAT_WORDS && view_class_of(v)->words))
		return write_chart(v, f, out, err);
	if (f == FORMAT_WORDS)
		return format_write_sentences(v, first, end, out, err);
	if (f == FORMAT_TEXT || f == FORMAT_CHART)
		return format_write_text(v, first, end, out, err);
	struct writer w = {
		.v = v,
		.class = view_class_of(v),
		.cat = view_question(v)->catalog,
		.out = out,
		.tty = out_is_tty(out),
	};
	choose_columns(&w);
	bool ok = write_rows(&w, f, first, end, err);
	strbuf_finish(&w.line);
	strbuf_finish(&w.cell);
	strbuf_finish(&w.clean);
	return ok;
}
