/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sheet of boxes: frames here, what stands in them by the view. */
#include "config.h"

#include "tui/draw.h"
#include "tui/pane.h"
#include "view/board.h"

#define LEAST_H 16
#define LEAST_W 72

bool pane_has_board(const struct pane *p)
{
	return p->sheet && p->class->board && p->list.count;
}

static enum style line_style(const struct board_box *k, int y, bool focus)
{
	bool struck = y >= 0 && y < (int)k->s.n && k->s.struck[y];

	if (y == k->here && focus)
		return struck ? STYLE_CURSOR_STRUCK : STYLE_CURSOR;
	if (y == k->here)
		return STYLE_CURSOR_IDLE;
	return struck ? STYLE_STRUCK : y < (int)k->s.n && k->s.faint[y] ? STYLE_DIM : STYLES;
}

static void draw_box(const struct pane_look *look, const struct board_box *k, struct rect r,
		     bool focus)
{
	struct rect in = rect_inside(r);

	draw_frame(look->term, r, (struct frame){0, strbuf_str(&k->title), strbuf_str(&k->right),
						 focus});
	if (k->here >= 0 && k->here < in.h) {
		draw_fill(look->term, (struct rect){in.y + k->here, in.x, 1, in.w},
			  line_style(k, k->here, focus));
		if (!focus)
			draw_text(look->term, (struct rect){in.y + k->here, in.x, 1, 1},
				  str_from(look->term->glyphs->cursor), STYLE_CURSOR_IDLE);
	}
	for (size_t i = 0; i < k->s.parts; i++)
		if (k->s.part[i].y < in.h)
			pane_draw_part(look, &k->s.part[i], in,
				       line_style(k, k->s.part[i].y, focus));
}

bool pane_board_draw(struct pane *p, const struct pane_look *look, struct rect r)
{
	const struct glyphs *g = look->term->glyphs;
	struct board b = {
		.h = r.h, .w = r.w, .row = pane_row(p, p->list.cursor), .side = p->side,
		.marks = {g->path, g->open, g->closed, g->ellipsis}, .beside = look->beside,
	};

	p->lines.h = 0;
	if (!pane_has_board(p) || r.h < LEAST_H || r.w < LEAST_W)
		return false;
	view_board(pane_view(p), &b);
	draw_text(look->term, (struct rect){r.y, r.x + 1, 1, r.w - 2}, strbuf_str(&b.head),
		  STYLE_TITLE);
	for (unsigned i = 0; i < b.n; i++) {
		const struct board_box *k = &b.box[i];
		struct rect at = {r.y + k->y, r.x + k->x, k->h, k->w};

		draw_box(look, k, at, look->focus && i == (p->side ? b.lead : b.list));
		if (i != b.list)
			continue;
		p->lines = (struct rect){at.y + 1, at.x + 1, (int)k->s.n, at.w - 2};
		p->list.top = b.first - p->offset;
		p->list.page = k->s.n ? k->s.n : 1;
		pane_draw_marks(p, look->term, at);
	}
	board_finish(&b);
	return true;
}
