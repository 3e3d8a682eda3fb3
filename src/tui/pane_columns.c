/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of a view in a pane: the main one first, as many others as fit behind it; of a
 * view with millions of rows those on the screen are made. */
#include "config.h"

#include "base/arena.h"
#include "base/num.h"
#include "tui/draw.h"
#include "tui/pane.h"
#include "view/names.h"

#define COLUMNS_MAX PANE_COLUMNS

/* Columns that are drawn, the main one first. */
struct columns {
	unsigned n, index[COLUMNS_MAX];
	int x[COLUMNS_MAX], w[COLUMNS_MAX];	/* from the pane's left edge */
};

static bool is_number(const struct column *c)
{
	return c->type != CELL_TEXT && c->type != CELL_ID;
}

/* Columns for people that have values, without the main one; ids last, the
 * selected product's stands in its own pane. */
static unsigned side_columns(const struct pane *p, unsigned *index)
{
	const struct view_class *v = p->class;
	unsigned n = 0;

	for (int ids = 0; ids < 2; ids++)
		for (unsigned i = 0; i < v->n_columns && n < COLUMNS_MAX - 1; i++)
			if (!(v->columns[i].flags & (COLUMN_DATA | COLUMN_MAIN)) &&
			    !(p->shown->blank >> i & 1) &&
			    (v->columns[i].type == CELL_ID) == ids)
				index[n++] = i;
	return n;
}

bool pane_columns_scroll(struct pane *p, int by)
{
	unsigned index[COLUMNS_MAX], n;

	if (!pane_view(p))
		return false;
	n = side_columns(p, index);
	if (by < 0 ? p->first == 0 : p->first + 1 >= n)
		return false;
	p->first = by < 0 ? p->first - 1 : p->first + 1;
	return true;
}

/* Cells for heading and numbers. A count that is too long is shortened (12k). */
static int column_width(const struct column *c)
{
	int title = (int)strlen(c->title) + 1;
	int cells = c->type == CELL_COUNT ? 6 : (int)c->width;

	return title > cells ? title : cells;
}

static bool sorts_by(const struct pane *p, const struct column *c)
{
	return view_sort(pane_view(p)) == c->key;
}

/* How many of the columns fit; *left gets what is left for the label. */
static unsigned fitting(const struct view_class *v, const unsigned *side, unsigned n,
			int w, int *left)
{
	int least = w < 38 ? 18 : w < 44 ? 20 : w < 60 ? 24 : 30;
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
static void sorted_first(const struct pane *p, const struct view_class *v,
			 unsigned *side, unsigned n, unsigned fit)
{
	for (unsigned i = fit; i < n; i++) {
		unsigned sorted = side[i];

		if (!sorts_by(p, &v->columns[sorted]))
			continue;
		memmove(side + 1, side, i * sizeof *side);
		side[0] = sorted;
		return;
	}
}

static void choose_columns(const struct pane *p, const struct view_class *v, int w,
			   struct columns *cols)
{
	unsigned all[COLUMNS_MAX], n = side_columns(p, all);
	unsigned *side = all + p->first;
	int left, x;

	n -= p->first;
	if (p->first == 0)
		sorted_first(p, v, side, n, fitting(v, side, n, w, &left));
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

const char *pane_heading(const struct pane *p, struct rect in, int x)
{
	const struct view_class *v;
	struct columns cols = {0};

	if (!pane_view(p) || p->list.count == 0)
		return NULL;
	v = p->class;
	choose_columns(p, v, in.w, &cols);
	for (unsigned i = 0; i < cols.n; i++) {
		const struct column *c = &v->columns[cols.index[i]];
		int from = in.x + cols.x[i];

		if (x >= from && x <= from + cols.w[i])
			return c->flags & COLUMN_SORT ? c->key : NULL;
	}
	return NULL;
}

static void draw_cell(const struct term *term, struct rect at, const struct column *c,
		      struct str text, enum style st)
{
	if (is_number(c))
		draw_right(term, at, text, st);
	else
		draw_text(term, at, text, st);
}

static void draw_head(const struct pane *p, const struct term *term, struct rect r,
		      const struct columns *cols)
{
	for (unsigned i = 0; i < cols->n; i++) {
		const struct column *c = &p->class->columns[cols->index[i]];
		bool sorted = sorts_by(p, c);
		bool up = column_ascends(c) != view_turned(pane_view(p));
		STRBUF(b);

		strbuf_adds(&b, c->title);
		if (sorted)
			strbuf_adds(&b, up ? term->glyphs->up : term->glyphs->down);
		draw_cell(term, (struct rect){r.y, r.x + cols->x[i], 1, cols->w[i]}, c,
			  strbuf_str(&b), sorted ? STYLE_HEAD_SORT : STYLE_HEAD);
	}
}

/* A price stands beside the label. */
static bool has_price(const struct pane *p, const struct columns *cols)
{
	for (unsigned i = 1; i < cols->n; i++)
		if (p->class->columns[cols->index[i]].type == CELL_MONEY)
			return true;
	return false;
}

/* The names of n rows from `top` on, where rows are products and are called by their labels:
 * those that would read alike are told apart. w 0: in full. NULL: they are called as they
 * are. */
static struct str *name_rows(const struct pane *p, uint64_t top, unsigned n, int w,
			     const struct columns *cols, struct arena *arena)
{
	const struct catalog *cat = view_question(pane_view(p))->catalog;
	uint32_t *product = arena_alloc(arena, (n + 1) * sizeof *product);
	struct str *name = arena_alloc(arena, (n + 1) * sizeof *name);
	struct cell cells[COLUMNS_MAX] = {0};

	if (p->class->columns[cols->index[0]].type != CELL_TEXT || !n)
		return NULL;
	for (unsigned i = 0; i < n; i++) {
		product[i] = view_product(pane_view(p), pane_row(p, top + i));
		if (product[i] >= cat->n_products)
			return NULL;
	}
	view_row(pane_view(p), pane_row(p, top), cells);
	if (cells[cols->index[0]].empty || !str_eq(cells[cols->index[0]].text,
						  text_at(&cat->product_label, product[0])))
		return NULL;
	names_products(&(struct names){.cat = cat, .at = product, .n = n, .w = w,
				       .priced = has_price(p, cols)}, arena, name);
	return name;
}

/* name: of the row, or NULL: as the cell says. */
static void draw_row(const struct pane *p, const struct term *term, struct rect r,
		     uint64_t row, const struct columns *cols, const struct str *name,
		     enum style st)
{
	struct cell cells[COLUMNS_MAX] = {0};

	view_row(pane_view(p), pane_row(p, row), cells);
	draw_fill(term, r, st);
	for (unsigned i = 0; i < cols->n; i++) {
		const struct column *c = &p->class->columns[cols->index[i]];
		STRBUF(b);

		if (i == 0 && name)
			strbuf_add(&b, *name);
		else
			pane_add_cell(p, cols->index[i], cells, &b);
		if (c->type == CELL_COUNT && (int)b.len > cols->w[i]) {
			strbuf_reset(&b);
			num_add_short(&b, (uint64_t)cells[cols->index[i]].count);
		}
		draw_cell(term, (struct rect){r.y, r.x + cols->x[i], 1, cols->w[i]}, c,
			  strbuf_str(&b), st);
		if (!is_number(c))
			draw_found(p->found, term, (struct rect){r.y, r.x + cols->x[i], 1,
								 cols->w[i]}, strbuf_str(&b));
	}
}

static void draw_rows(struct pane *p, const struct pane_look *look, struct rect in)
{
	const struct term *term = look->term;
	SCOPED(arena) arena = arena_create();
	struct columns cols = {0};
	const struct str *name;
	uint64_t n;

	p->found = look->found;
	list_fit(&p->list, (unsigned)(in.h - 1));
	n = p->list.count - p->list.top;
	n = n < (uint64_t)in.h - 1 ? n : (uint64_t)in.h - 1;
	choose_columns(p, p->class, in.w, &cols);
	draw_head(p, term, in, &cols);
	name = name_rows(p, p->list.top, (unsigned)n, cols.w[0], &cols, arena);
	for (int y = 0; y < in.h - 1 && p->list.top + (uint64_t)y < p->list.count; y++) {
		struct rect line = {in.y + 1 + y, in.x, 1, in.w};
		uint64_t row = p->list.top + (uint64_t)y;
		bool here = row == p->list.cursor;

		draw_row(p, term, line, row, &cols, name ? &name[y] : NULL, look->dim ? STYLE_DIM :
			 !here ? STYLE_TEXT : look->focus ? STYLE_CURSOR : STYLE_CURSOR_IDLE);
		if (here && !look->focus)
			draw_text(term, (struct rect){line.y, in.x, 1, 1},
				  str_from(term->glyphs->cursor), STYLE_CURSOR_IDLE);
	}
}

/* The category that it is narrowed to, or what it is. */
static struct str title_of(const struct pane *p)
{
	const struct question *q = view_question(pane_view(p));

	return q->category != CATALOG_NONE ? text_at(&q->catalog->category_name, q->category)
					   : str_from(p->class->title);
}

void pane_columns_draw(struct pane *p, const struct pane_look *look, struct rect r)
{
	struct rect in = rect_inside(r);
	STRBUF(place);

	if (p->list.count) {
		num_add_grouped(&place, (int64_t)p->list.cursor + 1);
		strbuf_adds(&place, " of ");
		num_add_grouped(&place, (int64_t)p->list.count);
	} else {
		strbuf_adds(&p->note, p->shown->asked.lens ?
			    "no product here is let in by the filter: f edits it, F clears it" :
			    view_note(pane_view(p)));
	}
	draw_frame(look->term, r,
		   (struct frame){look->number, title_of(p), strbuf_str(&place), look->focus});
	if (!rect_shown(in))
		return;
	if (p->note.len)
		draw_wrapped(look->term, in, strbuf_str(&p->note), STYLE_DIM);
	else if (in.h > 1 && p->class->n_columns <= COLUMNS_MAX)
		draw_rows(p, look, in);
}
