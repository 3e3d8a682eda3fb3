/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows as lines for those who hear or feel them: "2. Name: price 7.59, views 14." */
#include "config.h"

#include <assert.h>

#include "base/job.h"
#include "base/out.h"
#include "base/utf8.h"
#include "view/format.h"

#define COLUMNS_MAX 64

/* Not a number of the row, which begins the line anyway, nor what only programs read. */
static bool is_told(const struct view_class *c, unsigned i, uint64_t wanted)
{
	if (wanted)
		return wanted >> i & 1;
	return !(c->columns[i].flags & COLUMN_DATA) && strcmp(c->columns[i].title, "#") != 0;
}

/* The column that names the row: the main one, or the first that is told. */
static unsigned naming_column(const struct view_class *c, uint64_t wanted)
{
	unsigned first = c->n_columns;
	for (unsigned i = c->n_columns; i-- > 0;) {
		if (!is_told(c, i, wanted))
			continue;
		if (c->columns[i].flags & COLUMN_MAIN)
			return i;
		first = i;
	}
	return first;
}

/* A key says more than a title, which has little room: "lift low", not "from". */
static void add_label(struct strbuf *b, const char *key)
{
	for (; *key; key++)
		strbuf_addc(b, *key == '_' ? ' ' : *key);
	strbuf_addc(b, ' ');
}

static bool is_empty(const struct column *c, const struct cell *cell)
{
	return cell->empty || ((c->type == CELL_TEXT || c->type == CELL_ID) &&
			       !cell->text.len);
}

/* A list of facts has no titles: its cells say themselves what they are. */
static bool is_facts(const struct view_class *c)
{
	for (unsigned i = 0; i < c->n_columns; i++)
		if (c->columns[i].title[0] && !(c->columns[i].flags & COLUMN_DATA))
			return false;
	return true;
}

/* "lift: 12.86  95%: 7.57 to 21.85" */
static void add_fact(struct strbuf *b, const struct view *v, const struct cell *cells)
{
	const struct view_class *c = view_class_of(v);
	bool any = false;
	for (unsigned k = 0; k < c->n_columns && k < COLUMNS_MAX; k++) {
		if (!is_told(c, k, view_columns(v)) || is_empty(&c->columns[k], &cells[k]))
			continue;
		strbuf_adds(b, any ? ": " : "");
		view_add_cell(b, &c->columns[k], &cells[k], view_question(v)->catalog);
		any = true;
	}
}

void view_add_sentence(struct view *v, uint64_t i, struct strbuf *b)
{
	const struct view_class *c = view_class_of(v);
	const struct catalog *cat = view_question(v)->catalog;
	unsigned name = naming_column(c, view_columns(v));
	struct cell cells[COLUMNS_MAX];
	bool any = false;

	assert(i < view_count(v));
	view_row(v, i, cells);
	if (is_facts(c)) {
		add_fact(b, v, cells);
		return;
	}
	if (name < c->n_columns)
		view_add_cell(b, &c->columns[name], &cells[name], cat);
	for (unsigned k = 0; k < c->n_columns && k < COLUMNS_MAX; k++) {
		if (k == name || !is_told(c, k, view_columns(v)) ||
		    is_empty(&c->columns[k], &cells[k]))
			continue;
		strbuf_adds(b, any ? ", " : ": ");
		add_label(b, c->columns[k].key);
		view_add_cell(b, &c->columns[k], &cells[k], cat);
		any = true;
	}
}

bool format_write_sentences(struct view *v, struct row_range rows, struct out *out,
			    struct err *err)
{
	struct job *job = view_request_of(v)->job;
	STRBUF(b);
	for (uint64_t i = rows.first; i < rows.end && !out_failed(out) && !job_cancelled(job);
	     i++) {
		strbuf_reset(&b);
		strbuf_addf(&b, "%llu. ", (unsigned long long)i + 1);
		view_add_sentence(v, i, &b);
		strbuf_addc(&b, '\n');
		out_add(out, strbuf_str(&b));
	}
	strbuf_reset(&b);
	if (view_note(v)[0]) {
		sanitize(&b, str_from(view_note(v)), SANITIZE_LINE);
		strbuf_addc(&b, '\n');
	} else if (rows.end == rows.first) {
		strbuf_adds(&b, "nothing\n");
	}
	out_add(out, strbuf_str(&b));
	return job_check(job, err) && (!out_failed(out) || out_flush(out, err));
}
