/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Views as tables for people. Columns get the width of what stands in the
 * first rows; on a terminal the table is made to fit: the widest text columns
 * give way first, then spare columns and at last others are left out, from the
 * right, and the reader is told.
 */
#include "config.h"

#include "base/job.h"
#include "base/out.h"
#include "base/utf8.h"
#include "view/format.h"

#define COLUMNS_MAX 64
#define SAMPLE 1000	/* rows that decide the widths */
#define TEXT_LEAST 8	/* cells that a shortened text column keeps */
#define MAIN_LEAST 20	/* the same for the one that names the row */
#define TEXT_MOST 60	/* cells of a text column where there is no terminal */

struct table {
	struct view *v;
	const struct view_class *class;
	const struct catalog *cat;
	struct out *out;
	unsigned n;
	unsigned column[COLUMNS_MAX];
	size_t width[COLUMNS_MAX];
	unsigned dropped;
	struct strbuf line, cell;
};

static const struct column *column_at(const struct table *t, unsigned k)
{
	return &t->class->columns[t->column[k]];
}

static void choose_columns(struct table *t)
{
	uint64_t wanted = view_columns(t->v);
	for (unsigned i = 0; i < t->class->n_columns && i < COLUMNS_MAX; i++) {
		bool shown = wanted ? wanted >> i & 1
			: !(t->class->columns[i].flags & COLUMN_DATA);
		if (shown)
			t->column[t->n++] = i;
	}
}

static struct str shown(struct table *t, unsigned k, const struct cell *cells)
{
	strbuf_reset(&t->cell);
	view_add_cell(&t->cell, column_at(t, k), &cells[t->column[k]], t->cat);
	return strbuf_str(&t->cell);
}

/* Widths of the sample; a column in which nothing stands is left out. */
static void measure(struct table *t, uint64_t first, uint64_t end)
{
	struct cell cells[COLUMNS_MAX];
	bool used[COLUMNS_MAX] = {false};
	uint64_t wanted = view_columns(t->v);
	for (unsigned k = 0; k < t->n; k++)
		t->width[k] = utf8_cells(str_from(column_at(t, k)->title));
	for (uint64_t i = first; i < end && i < first + SAMPLE; i++) {
		view_row(t->v, i, cells);
		for (unsigned k = 0; k < t->n; k++) {
			struct cell *c = &cells[t->column[k]];
			size_t w = utf8_cells(shown(t, k, cells));
			if (w > t->width[k])
				t->width[k] = w;
			used[k] |= !c->empty && (cell_is_number(column_at(t, k)->type) ||
						 column_at(t, k)->type == CELL_TIME ||
						 c->text.len);
		}
	}
	unsigned kept = 0;
	for (unsigned k = 0; k < t->n; k++) {
		if (!used[k] && end > first && !wanted)
			continue;
		t->column[kept] = t->column[k];
		t->width[kept++] = t->width[k];
	}
	t->n = kept;
}

static size_t total_width(const struct table *t)
{
	size_t sum = t->n ? 2 * (t->n - 1) : 0;
	for (unsigned k = 0; k < t->n; k++)
		sum += t->width[k];
	return sum;
}

/* The widest text column that can still give way, or -1. */
static int widest_text(const struct table *t)
{
	int widest = -1;
	for (unsigned k = 0; k < t->n; k++) {
		size_t least = column_at(t, k)->flags & COLUMN_MAIN ? MAIN_LEAST : TEXT_LEAST;
		if (column_at(t, k)->type != CELL_TEXT || t->width[k] <= least)
			continue;
		if (widest < 0 || t->width[k] > t->width[widest])
			widest = (int)k;
	}
	return widest;
}

/* Leave out the last spare column; when there is none, the last one that doesn't
 * identify the row. */
static bool drop_column(struct table *t)
{
	unsigned gone = 0;
	for (unsigned k = 1; k < t->n; k++) {
		unsigned flags = column_at(t, k)->flags;
		bool better = !(column_at(t, gone)->flags & COLUMN_SPARE);
		if (!(flags & COLUMN_MAIN) && (!gone || better || (flags & COLUMN_SPARE)))
			gone = k;
	}
	if (!gone)
		return false;
	for (unsigned j = gone + 1; j < t->n; j++) {
		t->column[j - 1] = t->column[j];
		t->width[j - 1] = t->width[j];
	}
	t->n--;
	t->dropped++;
	return true;
}

static void fit(struct table *t, size_t columns)
{
	for (unsigned k = 0; k < t->n; k++)
		if (column_at(t, k)->type == CELL_TEXT && t->width[k] > TEXT_MOST)
			t->width[k] = TEXT_MOST;
	while (columns && total_width(t) > columns) {
		int k = widest_text(t);
		if (k >= 0)
			t->width[k]--;
		else if (!drop_column(t))
			break;
	}
}

static void add_padded(struct table *t, unsigned k, struct str s)
{
	bool last = k + 1 == t->n;
	size_t cells = utf8_cells(s), width = t->width[k];
	if (cell_is_number(column_at(t, k)->type)) {
		strbuf_fill(&t->line, ' ', cells < width ? width - cells : 0);
		strbuf_add(&t->line, s);
	} else if (last && cells <= width) {
		strbuf_add(&t->line, s);
	} else {
		utf8_fit(&t->line, s, width, "…");
	}
	if (!last)
		strbuf_adds(&t->line, "  ");
}

static void end_line(struct table *t)
{
	while (t->line.len && t->line.ptr[t->line.len - 1] == ' ')
		t->line.len--;
	strbuf_addc(&t->line, '\n');
	out_add(t->out, strbuf_str(&t->line));
	strbuf_reset(&t->line);
}

static void write_heading(struct table *t)
{
	bool any = false;
	for (unsigned k = 0; k < t->n; k++)
		any |= column_at(t, k)->title[0] != '\0';
	if (!any)
		return;
	for (unsigned k = 0; k < t->n; k++)
		add_padded(t, k, str_from(column_at(t, k)->title));
	end_line(t);
}

static bool has_money(const struct table *t)
{
	for (unsigned k = 0; k < t->n; k++)
		if (column_at(t, k)->type == CELL_MONEY ||
		    column_at(t, k)->type == CELL_REVENUE)
			return true;
	return false;
}

static void write_notes(struct table *t, bool any_rows)
{
	const char *note = view_note(t->v);
	bool money;
	STRBUF(unit);
	format_money_note(&unit, t->cat);
	money = any_rows && has_money(t) && unit.len;
	if (!note[0] && !money && !t->dropped)
		return;
	if (any_rows)
		strbuf_addc(&t->line, '\n');
	sanitize(&t->line, str_from(note), SANITIZE_LINE);
	if (money) {
		strbuf_adds(&t->line, note[0] ? " " : "");
		strbuf_add(&t->line, strbuf_str(&unit));
	}
	if (t->dropped)
		strbuf_addf(&t->line, "%s%u column%s not fit this terminal.",
			    note[0] || money ? " " : "", t->dropped,
			    t->dropped == 1 ? " does" : "s do");
	end_line(t);
}

bool format_write_text(struct view *v, struct row_range rows, struct out *out, struct err *err)
{
	struct cell cells[COLUMNS_MAX];
	struct table t = {
		.v = v,
		.class = view_class_of(v),
		.cat = view_question(v)->catalog,
		.out = out,
	};
	struct job *job = view_request_of(v)->job;
	uint64_t sample = rows.end - rows.first < SAMPLE ? rows.end : rows.first + SAMPLE;
	if (!view_reach(v, sample, err))
		return false;
	if (rows.first > view_count(v))
		rows.first = view_count(v);
	choose_columns(&t);
	measure(&t, rows.first, sample < view_count(v) ? sample : view_count(v));
	fit(&t, out_columns(out));
	bool ok = true, any = rows.first < rows.end && rows.first < view_count(v);
	if (any)
		write_heading(&t);
	for (uint64_t i = rows.first; i < rows.end && !out_failed(out) && !job_cancelled(job);
	     i++) {
		ok = i < view_count(v) || view_reach(v, i + 1, err);
		if (!ok || i >= view_count(v))
			break;
		view_row(v, i, cells);
		for (unsigned k = 0; k < t.n; k++)
			add_padded(&t, k, shown(&t, k, cells));
		end_line(&t);
	}
	write_notes(&t, any);
	strbuf_finish(&t.line);
	strbuf_finish(&t.cell);
	return ok && job_check(job, err) && (!out_failed(out) || out_flush(out, err));
}
