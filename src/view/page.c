/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Headings, boxes and columns on a canvas, and the list of its spots. */
#include "config.h"

#include "view/page.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "view/names.h"
#include "view/view_impl.h"

bool view_has_page(const struct view *v)
{
	return view_class_of(v)->page && !outlook_asks(view_question(v)->outlook, ASK_HAVING);
}

void view_page(struct view *v, struct page_room room, struct page *p)
{
	*p = (struct page){.arena = arena_create(), .h = room.h};
	canvas_init(&p->canvas, room.w, room.glyphs);
	view_class_of(v)->page(v, view_state(v), p);
}

void page_finish(struct page *p)
{
	canvas_finish(&p->canvas);
	free(p->spot);
	if (p->arena)
		arena_destroy(p->arena);
	*p = (struct page){0};
}

void view_add_words(struct view *v, struct strbuf *b)
{
	if (view_class_of(v)->words)
		view_class_of(v)->words(v, view_state(v), b);
	if (view_note(v)[0])
		strbuf_addf(b, "%s\n", view_note(v));
}

struct page_spot *page_spot(struct page *p, struct rect at)
{
	MEM_GROW(p->spot, p->cap, p->n + 1);
	p->spot[p->n] = (struct page_spot){at.y,
					   at.x,
					   at.w,
					   {CATALOG_NONE, CATALOG_NONE, CATALOG_NONE,
					    CATALOG_NONE, CATALOG_NONE, CATALOG_NONE},
					   NULL,
					   NULL,
					   NULL,
					   NULL};
	return &p->spot[p->n++];
}

void page_heading(struct page *p, struct rect at, const char *title, const char *line)
{
	int used = canvas_text(&p->canvas, at, str_from(title), INK_HEAD);
	for (int i = used + 1; i < at.w; i++)
		canvas_put(&p->canvas, at.y, at.x + i,
			   p->canvas.glyphs == GLYPHS_ASCII ? '-' : 0x2500, INK_DIM);
	if (line)
		page_spot(p, (struct rect){at.y, at.x, 1, used})->line = line;
}

int page_text(struct page *p, struct rect at, struct str s, enum ink ink)
{
	int lines = 0;
	while (s.len && at.w > 0) {
		size_t used, n = utf8_clip(s, (size_t)at.w, &used), end = n;
		while (n < s.len && end > 0 && s.ptr[end] != ' ')
			end--;
		if (n < s.len && end > 0)
			n = end;
		if (!n)
			break;
		canvas_text(&p->canvas, (struct rect){at.y + lines++, at.x, 1, at.w},
			    str_span(s.ptr, n), ink);
		s = str_trim(str_span(s.ptr + n, s.len - n));
	}
	return lines;
}

const struct str *page_names(struct page *p, const struct catalog *cat, const uint32_t *product,
			     unsigned n, int w)
{
	struct str *names = arena_alloc(p->arena, (n + 1) * sizeof *names);
	bool ascii = p->canvas.glyphs == GLYPHS_ASCII;

	names_products(&(struct names){.cat = cat, .at = product, .n = n, .w = w,
				       .ellipsis = ascii ? "~" : NULL}, p->arena, names);
	return names;
}

void page_columns(struct page_columns *c, int w)
{
	*c = (struct page_columns){.n = w >= 165 ? 3 : w >= 96 ? 2 : 1, .gap = 3};
	c->w = (w - c->gap * (c->n - 1)) / c->n;
}

int page_box(const struct page_columns *c, int *y, int *x)
{
	int best = 0;
	for (int i = 1; i < c->n; i++)
		best = c->y[i] < c->y[best] ? i : best;
	*y = c->y[best];
	*x = best * (c->w + c->gap);
	return best;
}

void page_box_end(struct page_columns *c, int column, int h)
{
	c->y[column] += h + 1;
}
