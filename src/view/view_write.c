/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Views for programs are rows of cells (data/emit); for people see format_text and sentence. */
#include "config.h"

#include <assert.h>

#include "base/job.h"
#include "base/out.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "data/emit.h"
#include "view/format.h"
#include "view/page.h"

#define COLUMNS_MAX 64
#define POLL_ROWS 4096	/* rows between two looks at the reader and the job */

struct printing {
	struct view *v;
	uint64_t first, end;		/* rows */
	unsigned n, column[COLUMNS_MAX];	/* those that are written */
	struct emit emit;
};

static void choose_columns(struct printing *p)
{
	const struct view_class *c = view_class_of(p->v);
	uint64_t wanted = view_columns(p->v);

	for (unsigned i = 0; i < c->n_columns && i < COLUMNS_MAX; i++)
		if ((!wanted || wanted >> i & 1) && !(c->columns[i].flags & COLUMN_PEOPLE))
			p->column[p->n++] = i;
}

static void put_cell(struct emit *r, enum cell_type type, const struct cell *cell,
		     const struct catalog *cat)
{
	if (cell->empty) {
		emit_empty(r);
		return;
	}
	switch (type) {
	case CELL_TEXT:
	case CELL_ID:
		emit_text(r, cell->text);
		break;
	case CELL_COUNT:
		emit_count(r, cell->count);
		break;
	case CELL_REAL:
	case CELL_SHARE:
		emit_real(r, cell->real);
		break;
	case CELL_MONEY:
		emit_decimal(r, cell->count, cat->price_scale);
		break;
	case CELL_REVENUE:
		emit_decimal(r, cell->count, cat->revenue_scale);
		break;
	case CELL_TIME:
		emit_time(r, cell->count);
		break;
	}
}

/* Rows that the view has, then those that it makes meanwhile. */
static bool put_rows(struct printing *p, struct err *err)
{
	const struct column *columns = view_class_of(p->v)->columns;
	const struct catalog *cat = view_question(p->v)->catalog;
	struct cell cells[COLUMNS_MAX];

	for (uint64_t i = p->first; i < p->end; i++) {
		if (i >= view_count(p->v) && !view_reach(p->v, i + 1, err))
			return false;
		if (i >= view_count(p->v))
			break;
		view_row(p->v, i, cells);
		for (unsigned k = 0; k < p->n; k++)
			put_cell(&p->emit, columns[p->column[k]].type, &cells[p->column[k]], cat);
		if (i % POLL_ROWS)
			continue;
		if (out_failed(p->emit.out))
			break;
		if (!job_check(view_request_of(p->v)->job, err))
			return false;
	}
	return true;
}

static void begin_document(const struct view *v, struct out *out)
{
	STRBUF(b);

	strbuf_addf(&b, "{\"view\":\"%s\",\"note\":", view_class_of(v)->name);
	quote_json(&b, str_from(view_note(v)));
	strbuf_adds(&b, ",\"rows\":[");
	out_add(out, strbuf_str(&b));
}

static bool write_rows(struct printing *p, enum format f, struct out *out, struct err *err)
{
	static const enum emit_form form[] = {
		[FORMAT_TSV] = EMIT_TSV, [FORMAT_CSV] = EMIT_CSV, [FORMAT_JSON] = EMIT_JSON,
		[FORMAT_JSONL] = EMIT_JSONL,
	};
	bool ok;

	choose_columns(p);
	emit_init(&p->emit, form[f], p->n, out);
	for (unsigned k = 0; k < p->n; k++)
		emit_key(&p->emit, k, view_class_of(p->v)->columns[p->column[k]].key);
	if (f == FORMAT_JSON)
		begin_document(p->v, out);
	emit_head(&p->emit, NULL);
	ok = put_rows(p, err);
	emit_finish(&p->emit, ok);
	if (ok && f == FORMAT_JSON)
		out_add(out, STR("}\n"));
	return ok && (!out_failed(out) || out_flush(out, err));
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
		view_page(v, (struct page_room){0, (int)columns, GLYPHS_BRAILLE}, &p);
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
	uint64_t wanted = limit < UINT64_MAX - offset ? offset + limit : UINT64_MAX;
	bool streams = f == FORMAT_TEXT || f == FORMAT_TSV || f == FORMAT_CSV || f == FORMAT_JSONL;
	uint64_t count, first, end;

	assert(out);
	if (!streams && !(f == FORMAT_WORDS && view_class_of(v)->words) &&
	    !view_reach(v, wanted, err))
		return false;
	count = view_count(v);
	end = wanted < count || (streams && view_is_partial(v)) ? wanted : count;
	first = offset < end ? offset : end;
	if ((f == FORMAT_CHART && view_has_page(v)) ||
	    (f == FORMAT_WORDS && view_class_of(v)->words))
		return write_chart(v, f, out, err);
	if (f == FORMAT_WORDS)
		return format_write_sentences(v, (struct row_range){first, end}, out, err);
	if (f == FORMAT_TEXT || f == FORMAT_CHART)
		return format_write_text(v, (struct row_range){first, end}, out, err);
	struct printing p = {.v = v, .first = first, .end = end};
	return write_rows(&p, f, out, err);
}
