/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bars, ranks and shares as the panes of suggestions and transitions draw them. */
#include "config.h"

#include "tui/parts.h"

#include <math.h>

#include "base/num.h"
#include "tui/draw.h"

struct part parts_right(int *end, int w)
{
	struct part p = {*end - w, w};

	*end -= w + 1;
	return p;
}

/* 0.08x, 3.9x, 41x, 1.2kx: at most 5 cells. */
void parts_add_times(struct strbuf *b, double x)
{
	if (isnan(x))
		strbuf_addc(b, '-');
	else if (x < 0.095)
		strbuf_addf(b, "%.2fx", x);
	else if (x < 99.5)
		strbuf_addf(b, "%.*fx", x < 9.95 ? 1 : 0, x);
	else
		num_add_short(b, (uint64_t)llround(x)), strbuf_addc(b, 'x');
}

void parts_draw(const struct term *t, int y, int x, struct part p, struct str s,
		      enum style st)
{
	if (p.w > 0)
		draw_right(t, y, x + p.x, p.w, s, st);
}

/* A heading on the frame's line, over the right end of its numbers. */
void parts_head(const struct term *t, struct rect in, struct part p, struct str s)
{
	int cells = (int)s.len;

	if (p.w == 0)
		return;
	draw_text(t, in.y - 1, in.x + p.x + p.w - cells, cells, s, STYLE_HEAD);
	draw_text(t, in.y - 1, in.x + p.x + p.w - cells - 1, 1, STR(" "), STYLE_HEAD);
	if (p.x + p.w < in.w)
		draw_text(t, in.y - 1, in.x + p.x + p.w, 1, STR(" "), STYLE_HEAD);
}

/* Cells from the first heading to the right end. */
int parts_heads_width(struct part first, int cells, int w)
{
	return w - (first.x + first.w - cells) + 2;
}

/* The frame, its title cut where the headings begin. */
void parts_frame(const struct suggest *s, struct rect r, struct str title,
			     int heads)
{
	enum style st = s->dim ? STYLE_DIM : s->focus ? STYLE_TITLE_FOCUS : STYLE_TITLE;
	int room = r.w - 4 - heads, used;

	draw_frame(s->term, r, 0, STR(""), STR(""), s->focus);
	if (room <= 0)
		return;
	draw_text(s->term, r.y, r.x + 1, 1, STR(" "), st);
	used = draw_text(s->term, r.y, r.x + 2, room, title, st);
	draw_text(s->term, r.y, r.x + 2 + used, 1, STR(" "), st);
}

enum style parts_row_style(const struct suggest *s, bool here, bool small)
{
	if (s->dim)
		return STYLE_DIM;
	if (here && s->focus)
		return STYLE_CURSOR;
	return small ? STYLE_DIM : STYLE_TEXT;
}

const char *parts_empty(const struct suggest *s, const char *note)
{
	if (!s->shown)
		return "computing";
	if (s->shown->err.code != ERR_NONE)
		return s->shown->err.text;
	return *note ? note : "nothing was counted for this product";
}
