/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pane keeps what it asked for and what it shows; its view draws rows, or columns do. */
#include "config.h"

#include "tui/pane.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/match.h"
#include "base/num.h"
#include "tui/draw.h"
#include "view/sketch.h"

void pane_finish(struct pane *p)
{
	page_finish(&p->page);
	opened_destroy(p->shown);
	outlook_finish(&p->asked);
	strbuf_finish(&p->note);
	free(p->marked);
	*p = (struct pane){0};
}

struct view *pane_view(const struct pane *p)
{
	return p->shown ? p->shown->view : NULL;
}

bool pane_stale(const struct pane *p)
{
	return p->number && (!p->shown || p->shown->asked.number != p->number);
}

uint64_t pane_row(const struct pane *p, uint64_t row)
{
	return p->offset + row;
}

/* The rows that were asked for, of those that the view has. */
static uint64_t set_offset(struct pane *p)
{
	const struct outlook *o = &p->shown->asked.outlook;
	uint64_t n = view_count(pane_view(p)), limit = outlook_count(o, ASK_LIMIT, n);

	p->offset = outlook_count(o, ASK_OFFSET, 0);
	n = p->offset < n ? n - p->offset : 0;
	return limit < n ? limit : n;
}

void pane_take(struct pane *p, struct opened *r, bool same)
{
	struct opened *old = p->shown;

	p->shown = r;
	p->class = r->asked.class;
	if (r->view && old && old->view)
		view_inherit(r->view, old->view);
	opened_destroy(old);
	page_finish(&p->page);
	p->page_w = 0;
	p->n_marked = 0;
	if (!same)
		p->list.top = 0;
	list_set(&p->list, r->view ? set_offset(p) : 0, same ? p->list.cursor : r->row);
	/* Not at the edge of the page when the cursor lands in the middle. */
	if (!same && p->list.page && r->row > p->list.page / 2)
		p->list.top = r->row - p->list.page / 2;
}

bool pane_at(const struct pane *p, struct view_target *t)
{
	const struct page_spot *spot = pane_spot(p);

	if (!pane_view(p) || (p->chart && !spot))
		return false;
	if (p->chart)
		*t = spot->target;
	else if (p->list.count)
		view_target(pane_view(p), pane_row(p, p->list.cursor), t);
	return p->chart || p->list.count;
}

uint32_t pane_product(const struct pane *p)
{
	struct view_target t;

	return pane_at(p, &t) ? t.product : CATALOG_NONE;
}

uint32_t pane_category(const struct pane *p)
{
	struct view_target t;

	return pane_at(p, &t) ? t.category : CATALOG_NONE;
}

void pane_add_line(const struct pane *p, const struct outlook *o, struct strbuf *b)
{
	strbuf_addf(b, "show %s", p->shown->asked.class->name);
	outlook_print(o ? o : &p->shown->asked.outlook, UINT64_MAX, b);
}

void pane_add_cell(const struct pane *p, unsigned column, const struct cell *cells,
		   struct strbuf *b)
{
	const struct view *v = pane_view(p);

	assert(column < p->class->n_columns);
	strbuf_reset(b);
	view_add_cell(b, &view_class_of(v)->columns[column], &cells[column],
		      view_question(v)->catalog);
}

bool pane_holds(struct pane *p, uint64_t row, const struct match *m)
{
	const struct view_class *c = view_class_of(pane_view(p));
	struct cell cells[PANE_COLUMNS] = {0};
	STRBUF(texts);
	STRBUF(scratch);

	assert(row < p->list.count);
	if (c->n_columns > PANE_COLUMNS)
		return false;
	view_row(pane_view(p), pane_row(p, row), cells);
	for (unsigned k = 0; k < c->n_columns; k++) {
		const struct column *col = &c->columns[k];

		if (cells[k].empty || (col->flags & COLUMN_DATA) ||
		    (col->type != CELL_TEXT && col->type != CELL_ID))
			continue;
		strbuf_add(&texts, cells[k].text);
		strbuf_addc(&texts, '\n');	/* no word goes over it */
	}
	return match_found(m, strbuf_str(&texts), &scratch);
}

bool pane_scroll(struct pane *p, int by)
{
	if (by < 0 ? p->first == 0 : p->first + 2 >= p->n)
		return false;
	p->first = by < 0 ? p->first - 1 : p->first + 1;
	return true;
}

/* --- drawing */

static enum style style_of(enum ink ink)
{
	return ink == INK_DIM ? STYLE_DIM : ink == INK_HEAD ? STYLE_KEY :
	       ink >= INK_SERIES && ink < INK_SERIES + 3 ? STYLE_SIMILAR + (ink - INK_SERIES)
							 : STYLE_TEXT;
}

/* flat: the look of all that is on the line, or STYLES: each part has its own. */
void pane_draw_part(const struct pane_look *look, const struct sketch_part *k, struct rect in,
		    enum style flat)
{
	const struct term *t = look->term;
	enum style st = flat < STYLES ? flat : style_of(k->ink);
	int y = in.y + k->y, x = in.x + k->x;

	if (k->kind == SKETCH_BAR && flat == STYLE_STRUCK)
		st = flat = STYLE_DIM;
	if (k->kind == SKETCH_BAR && flat == STYLE_CURSOR_STRUCK)
		st = flat = STYLE_CURSOR;
	switch (k->kind) {
	case SKETCH_TEXT:
		draw_text(t, (struct rect){y, x, 1, k->w}, k->text, st);
		draw_found(look->found, t, (struct rect){y, x, 1, k->w}, k->text);
		break;
	case SKETCH_RIGHT:
		draw_right(t, (struct rect){y, x, 1, k->w}, k->text, st);
		break;
	case SKETCH_BAR:
		draw_bar(t, (struct rect){y, x, 1, k->w}, k->share, st);
		if (!isnan(k->tick))
			draw_text(t,
				  (struct rect){y, x + (int)lround(k->tick * (k->w - 1)),
						1, 1},
				  STR("|"), flat < STYLES ? flat : STYLE_KEY);
		break;
	case SKETCH_WRAPPED:
		draw_wrapped(t, (struct rect){y, x, in.h - k->y, k->w}, k->text, st);
		break;
	case SKETCH_HEAD:
		draw_text(t, (struct rect){in.y - 1, x, 1, k->w}, k->text, STYLE_HEAD);
		draw_text(t, (struct rect){in.y - 1, x - 1, 1, 1}, STR(" "), STYLE_HEAD);
		if (k->x + k->w < in.w)
			draw_text(t, (struct rect){in.y - 1, x + k->w, 1, 1}, STR(" "),
				  STYLE_HEAD);
		break;
	}
}

static enum style line_style(const struct pane *p, const struct pane_look *look,
			     const struct sketch *s, int y)
{
	bool struck = y < (int)s->n && s->struck[y];

	if (look->dim)
		return STYLE_DIM;
	if (p->list.count && p->list.top + (uint64_t)y == p->list.cursor) {
		if (look->focus)
			return struck ? STYLE_CURSOR_STRUCK : STYLE_CURSOR;
		if (look->leads)
			return STYLE_CURSOR_IDLE;
	}
	return struck ? STYLE_STRUCK : y < (int)s->n && s->faint[y] ? STYLE_DIM : STYLES;
}

static void draw_parts(const struct pane *p, const struct pane_look *look,
		       const struct sketch *s, struct rect in)
{
	enum style here;

	for (int y = 0; y < (int)s->n && y < in.h; y++) {
		here = line_style(p, look, s, y);
		draw_fill(look->term, (struct rect){in.y + y, in.x, 1, in.w},
			  here < STYLES ? here : STYLE_TEXT);
		if (here == STYLE_CURSOR_IDLE)
			draw_text(look->term, (struct rect){in.y + y, in.x, 1, 1},
				  str_from(look->term->glyphs->cursor), here);
	}
	for (size_t i = 0; i < s->parts; i++) {
		const struct sketch_part *k = &s->part[i];

		if (k->y < in.h)
			pane_draw_part(look, k, in, line_style(p, look, s, k->y));
	}
}

/* ", n down": what rows are sorted by, where it isn't their own order. */
static void add_order(struct strbuf *b, const struct view *v, const struct term *t)
{
	const struct view_class *c = view_class_of(v);

	bool up = true;		/* as attributes go */

	for (unsigned i = 0; view_sort(v) && i < c->n_columns; i++)
		if (c->columns[i].key == view_sort(v))
			up = column_ascends(&c->columns[i]);
	if (view_sort(v))
		strbuf_addf(b, ", %s%s", view_sort(v), up != view_turned(v) ? t->glyphs->up
									    : t->glyphs->down);
}

/* "3 Similar, sampled +-5% by co-view", cut where the headings begin. */
static void draw_title(const struct pane *p, const struct pane_look *look,
		       const struct sketch *s, struct rect r)
{
	enum style st = look->dim ? STYLE_DIM : look->focus ? STYLE_TITLE_FOCUS : STYLE_TITLE;
	int room = r.w - 4 - sketch_heads(s), used;
	STRBUF(b);

	draw_frame(look->term, r,
		   (struct frame){0, STR(""), str_from(s->right ? s->right : ""), look->focus});
	strbuf_addf(&b, "%d %s", look->number, p->class->title);
	if (look->counting) {
		strbuf_adds(&b, ": counting under the filter");
	} else {
		if (p->shown->sampled[0])
			strbuf_addf(&b, ", sampled +-%.0f%%", ceil(p->shown->sample_error * 100));
		add_order(&b, pane_view(p), look->term);
		strbuf_add(&b, strbuf_str(&s->detail));
	}
	if (s->right)
		room -= draw_cells(look->term, str_from(s->right)) + 3;
	if (room <= 0)
		return;
	draw_text(look->term, (struct rect){r.y, r.x + 1, 1, 1}, STR(" "), st);
	used = draw_text(look->term, (struct rect){r.y, r.x + 2, 1, room}, strbuf_str(&b),
			 st);
	draw_text(look->term, (struct rect){r.y, r.x + 2 + used, 1, 1}, STR(" "), st);
}

/* What the rows rest on, on the frame's lower line. */
static void draw_foot(const struct term *t, struct rect r, struct str s)
{
	int y = r.y + r.h - 1, used;

	if (!s.len)
		return;
	/* Its first clause says enough; the message line has all of it. */
	if (draw_cells(t, s) > r.w - 4)
		s.len = strcspn(s.ptr, ":;");
	draw_text(t, (struct rect){y, r.x + 1, 1, 1}, STR(" "), STYLE_DIM);
	used = draw_text(t, (struct rect){y, r.x + 2, 1, r.w - 4}, s, STYLE_DIM);
	draw_text(t, (struct rect){y, r.x + 2 + used, 1, 1}, STR(" "), STYLE_DIM);
}

static struct sketch sketch_for(const struct pane_look *look)
{
	const struct glyphs *g = look->term->glyphs;

	return (struct sketch){
		.named = look->named,
		.marks = {g->path, g->open, g->closed, g->ellipsis},
	};
}

static void draw_sketch(struct pane *p, const struct pane_look *look, struct rect r,
			struct rect in)
{
	struct sketch s = sketch_for(look);

	list_fit(&p->list, (unsigned)in.h);
	s.h = in.h;
	s.w = in.w;
	s.first = pane_row(p, p->list.top);
	view_sketch(pane_view(p), &s);
	if (look->framed)
		draw_title(p, look, &s, r);
	draw_parts(p, look, &s, in);
	if (!s.parts && s.note.len)
		draw_wrapped(look->term, in, strbuf_str(&s.note), STYLE_DIM);
	if (s.foot)
		draw_foot(look->term, r, strbuf_str(&s.note));
	strbuf_add(&p->note, strbuf_str(&s.note));
	sketch_finish(&s);
}

/* Nothing is shown: why not. */
static void draw_none(const struct pane *p, const struct pane_look *look, struct rect r,
		      struct rect in)
{
	if (look->framed)
		draw_frame(look->term, r,
			   (struct frame){look->number, str_from(p->class->title), STR(""),
					  look->focus});
	draw_wrapped(look->term, in, str_from(!p->number && p->idle ? p->idle :
					      !p->shown ? "computing" : p->shown->err.text),
		     STYLE_DIM);
}

void pane_draw(struct pane *p, const struct pane_look *look, struct rect r)
{
	struct rect in = look->framed ? rect_inside(r) : r;

	strbuf_reset(&p->note);
	if (!pane_view(p) || !p->number)
		draw_none(p, look, r, in);
	else if (p->class->draw && rect_shown(in))
		draw_sketch(p, look, r, in);
	else
		pane_columns_draw(p, look, r);
	pane_draw_marks(p, look->term, r);
}

void pane_draw_line(struct pane *p, const struct pane_look *look, const char *name,
		    struct rect r)
{
	enum style flat = look->dim ? STYLE_DIM : STYLE_TEXT;
	struct sketch s = sketch_for(look);
	int x = r.x + draw_text(look->term, r, str_from(name), flat);
	const char *text = look->counting ? "counting under the filter" :
			   !p->number && p->idle ? p->idle : !pane_view(p) ? "computing" :
			   !view_count(pane_view(p)) ? "none was counted: t says why" : NULL;

	r.w -= x - r.x;
	r.x = x;
	if (text) {
		draw_text(look->term, r, str_from(text), flat);
		return;
	}
	s.line = true;
	s.h = 1;
	s.w = r.w;
	view_sketch(pane_view(p), &s);
	for (size_t i = 0; i < s.parts; i++)
		pane_draw_part(look, &s.part[i], r, flat);
	sketch_finish(&s);
}

/* Text of a sheet keeps a distance from the frame. */
static struct rect inside(const struct pane *p, struct rect r)
{
	struct rect in = rect_inside(r);

	in.x += p->sheet;
	in.w -= 2 * p->sheet;
	return in;
}

bool pane_has_heading(const struct pane *p)
{
	if (!p->sheet)
		return !p->class->draw;
	for (unsigned k = 0; k < p->n; k++)
		if (p->shown->asked.class->columns[p->column[k]].title[0])
			return true;
	return false;
}

bool pane_click(struct pane *p, struct rect r, int y, int x)
{
	struct rect in = inside(p, r);
	int row = y - (p->lines.h ? p->lines.y : in.y + pane_has_heading(p));

	if (p->chart) {
		pane_page_click(p, in, y, x);
		return true;
	}
	if (row < 0 || row >= (int)p->list.page || p->list.top + (uint64_t)row >= p->list.count)
		return false;
	list_go(&p->list, p->list.top + (uint64_t)row);
	return true;
}

void pane_cursor(const struct pane *p, struct rect r, int *y, int *x)
{
	struct rect in = inside(p, r);

	*x = p->lines.h ? p->lines.x : in.x;
	*y = p->lines.h ? p->lines.y : in.y + pane_has_heading(p);
	if (p->list.cursor >= p->list.top)
		*y += (int)(p->list.cursor - p->list.top);
	if (p->chart)
		pane_page_cursor(p, in, y, x);
}
