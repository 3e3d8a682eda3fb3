/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The products: of a view with millions of rows those on the screen are made. */
#include "config.h"

#include "tui/table.h"

#include "base/num.h"
#include "tui/draw.h"
#include "view/view.h"

#define COLUMNS_MAX 32

/* Columns that are drawn, the main one first. */
struct columns {
	unsigned n, index[COLUMNS_MAX];
	int x[COLUMNS_MAX], w[COLUMNS_MAX];	/* from the pane's left edge */
};

void table_finish(struct table *t)
{
	table_result_destroy(t->shown);
	*t = (struct table){.chosen = CATALOG_NONE};
}

static bool is_number(const struct column *c)
{
	return c->type != CELL_TEXT && c->type != CELL_ID;
}

/* Columns for people that have values, without the main one; ids last, the
 * selected product's stands in its own pane. */
static unsigned side_columns(const struct table *t, unsigned *index)
{
	const struct view_class *v = view_class_of(t->shown->view);
	unsigned n = 0;

	for (int ids = 0; ids < 2; ids++)
		for (unsigned i = 0; i < v->n_columns && n < COLUMNS_MAX - 1; i++)
			if (!(v->columns[i].flags & (COLUMN_DATA | COLUMN_MAIN)) &&
			    !(t->shown->blank >> i & 1) &&
			    (v->columns[i].type == CELL_ID) == ids)
				index[n++] = i;
	return n;
}

/* Another table may have fewer columns. */
static void keep_scrolled(struct table *t)
{
	unsigned index[COLUMNS_MAX], n = t->shown->view ? side_columns(t, index) : 0;

	if (t->first_column >= n)
		t->first_column = n ? n - 1 : 0;
}

void table_set(struct table *t, struct table_result *r)
{
	table_result_destroy(t->shown);
	t->shown = r;
	t->stale = false;
	t->list.top = 0;
	list_set(&t->list, r->view ? view_count(r->view) : 0, r->row);
	/* Not at the edge of the page when the cursor lands in the middle. */
	if (t->list.page && r->row > t->list.page / 2)
		t->list.top = r->row - t->list.page / 2;
	t->chosen = table_product(t);
	keep_scrolled(t);
}

uint32_t table_product_at(const struct table *t, uint64_t row)
{
	if (!t->shown || !t->shown->view || row >= t->list.count)
		return CATALOG_NONE;
	return view_product(t->shown->view, row);
}

uint32_t table_product(const struct table *t)
{
	return table_product_at(t, t->list.cursor);
}

bool table_scroll(struct table *t, int by)
{
	unsigned index[COLUMNS_MAX], n;

	if (!t->shown || !t->shown->view)
		return false;
	n = side_columns(t, index);
	if (by < 0 ? t->first_column == 0 : t->first_column + 1 >= n)
		return false;
	t->first_column = by < 0 ? t->first_column - 1 : t->first_column + 1;
	return true;
}

/* Cells for heading and numbers. A count that is too long is shortened (12k). */
static int column_width(const struct column *c)
{
	int title = (int)strlen(c->title) + 1;
	int cells = c->type == CELL_COUNT ? 6 : (int)c->width;

	return title > cells ? title : cells;
}

static bool sorts_by(const struct table_request *q, const struct column *c)
{
	return strcmp(q->sort, c->key) == 0;
}

/* How many of the columns fit; *left gets what is left for the label. */
static unsigned fitting(const struct view_class *v, const unsigned *side, unsigned n,
			int w, int *left)
{
	int least = w < 44 ? 16 : w < 60 ? 20 : 24;
	unsigned i;

	*left = w - 1;
	for (i = 0; i < n; i++) {
		int need = column_width(&v->columns[side[i]]) + 1;

		if (*left - need < least)
			break;
		*left -= need;
	}
	return i;
}

/* The column that sorts is seen, whatever the width. */
static void sorted_first(const struct table *t, const struct view_class *v,
			 unsigned *side, unsigned n, unsigned fit)
{
	for (unsigned i = fit; i < n; i++) {
		unsigned sorted = side[i];

		if (!sorts_by(&t->shown->request, &v->columns[sorted]))
			continue;
		memmove(side + 1, side, i * sizeof *side);
		side[0] = sorted;
		return;
	}
}

static void choose_columns(const struct table *t, const struct view_class *v, int w,
			   struct columns *cols)
{
	unsigned all[COLUMNS_MAX], n = side_columns(t, all);
	unsigned *side = all + t->first_column;
	int left, x;

	n -= t->first_column;
	if (t->first_column == 0)
		sorted_first(t, v, side, n, fitting(v, side, n, w, &left));
	n = fitting(v, side, n, w, &left);
	for (unsigned i = 0; i < v->n_columns; i++)
		if (v->columns[i].flags & COLUMN_MAIN)
			cols->index[0] = i;
	cols->n = n + 1;
	cols->x[0] = 1;
	cols->w[0] = left;
	x = 1 + left;
	for (unsigned i = 0; i < n; i++) {
		cols->index[i + 1] = side[i];
		cols->x[i + 1] = x + 1;
		cols->w[i + 1] = column_width(&v->columns[side[i]]);
		x += cols->w[i + 1] + 1;
	}
}

const char *table_heading(const struct table *t, struct rect in, int x)
{
	const struct view_class *v;
	struct columns cols = {0};

	if (!t->shown || !t->shown->view || t->list.count == 0)
		return NULL;
	v = view_class_of(t->shown->view);
	choose_columns(t, v, in.w, &cols);
	for (unsigned i = 0; i < cols.n; i++) {
		const struct column *c = &v->columns[cols.index[i]];
		int from = in.x + cols.x[i];

		if (x >= from && x <= from + cols.w[i])
			return c->flags & COLUMN_SORT ? c->key : NULL;
	}
	return NULL;
}

static void draw_head(const struct table *t, const struct term *term, struct rect r,
		      const struct view_class *v, const struct columns *cols)
{
	const struct table_request *q = &t->shown->request;

	for (unsigned i = 0; i < cols->n; i++) {
		const struct column *c = &v->columns[cols->index[i]];
		bool sorted = sorts_by(q, c);
		bool up = !(c->flags & COLUMN_ASCENDING) == q->reverse;
		enum style st = sorted ? STYLE_HEAD_SORT : STYLE_HEAD;
		STRBUF(b);

		strbuf_adds(&b, c->title);
		if (sorted)
			strbuf_adds(&b, up ? term->glyphs->up : term->glyphs->down);
		if (is_number(c))
			draw_right(term, r.y, r.x + cols->x[i], cols->w[i],
				   strbuf_str(&b), st);
		else
			draw_text(term, r.y, r.x + cols->x[i], cols->w[i],
				  strbuf_str(&b), st);
	}
}

static void draw_row(const struct table *t, const struct term *term, struct rect r, int y,
		     uint64_t row, const struct columns *cols, enum style st)
{
	const struct view_class *v = view_class_of(t->shown->view);
	struct cell cells[COLUMNS_MAX] = {0};

	if (v->n_columns > COLUMNS_MAX)
		return;
	view_row(t->shown->view, row, cells);
	draw_fill(term, y, r.x, r.w, st);
	for (unsigned i = 0; i < cols->n; i++) {
		const struct column *c = &v->columns[cols->index[i]];
		STRBUF(b);

		view_add_cell(&b, c, &cells[cols->index[i]], t->shown->request.edition->cat);
		if (c->type == CELL_COUNT && (int)b.len > cols->w[i]) {
			strbuf_reset(&b);
			num_add_short(&b, (uint64_t)cells[cols->index[i]].count);
		}
		if (is_number(c))
			draw_right(term, y, r.x + cols->x[i], cols->w[i], strbuf_str(&b),
				   st);
		else
			draw_text(term, y, r.x + cols->x[i], cols->w[i], strbuf_str(&b),
				  st);
	}
}

static void draw_rows(struct table *t, const struct term *term, struct rect in, bool focus,
		      bool dim)
{
	const struct view_class *v = view_class_of(t->shown->view);
	struct columns cols = {0};

	choose_columns(t, v, in.w, &cols);
	draw_head(t, term, in, v, &cols);
	list_fit(&t->list, (unsigned)(in.h - 1));
	for (int y = 0; y < in.h - 1 && t->list.top + (uint64_t)y < t->list.count; y++) {
		uint64_t row = t->list.top + (uint64_t)y;
		bool here = row == t->list.cursor;

		draw_row(t, term, in, in.y + 1 + y, row, &cols,
			 t->stale && dim ? STYLE_DIM : !here ? STYLE_TEXT :
			 focus ? STYLE_CURSOR : STYLE_CURSOR_IDLE);
		if (here && !focus)
			draw_text(term, in.y + 1 + y, in.x, 1,
				  str_from(term->glyphs->cursor), STYLE_CURSOR_IDLE);
	}
}

void table_draw(struct table *t, const struct term *term, struct rect r, bool focus,
		bool dim)
{
	struct rect in = rect_inside(r);
	struct str title = STR("Products");
	const char *note = "";
	STRBUF(place);

	if (t->shown && t->shown->request.category != CATALOG_NONE)
		title = text_at(&t->shown->request.edition->cat->category_name,
				t->shown->request.category);
	if (t->list.count) {
		num_add_grouped(&place, (int64_t)t->list.cursor + 1);
		strbuf_adds(&place, " of ");
		num_add_grouped(&place, (int64_t)t->list.count);
	}
	draw_frame(term, r, 2, title, strbuf_str(&place), focus);
	if (!rect_shown(in))
		return;
	if (!t->shown)
		note = "reading the products";
	else if (!t->shown->view)
		note = t->shown->err.text;
	else if (t->list.count == 0)
		note = *view_note(t->shown->view) ? view_note(t->shown->view)
						  : "no product is in this category";
	if (t->shown && t->shown->view && t->list.count == 0 && t->shown->request.lens)
		note = "no product here is let in by the filter: f edits it, F clears it";
	if (*note)
		draw_wrapped(term, in, str_from(note), STYLE_DIM);
	else if (in.h > 1)
		draw_rows(t, term, in, focus, dim);
}
