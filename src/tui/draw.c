/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text, frames and bars on stdscr, cut on the borders of cells. */
#include "config.h"

#include "tui/draw.h"

#include <math.h>

#include "base/mem.h"
#include "base/scope.h"
#include "base/utf8.h"

/* What the terminal can show of c, and its cells there: curses measures with
 * wcwidth, so the same is used here. */
static int glyph_width(const struct term *t, uint32_t *c)
{
	int w;

	if (*c < 0x20 || *c == 0x7f || *c == UTF8_BAD)
		*c = t->utf8 ? 0xfffd : '?';
	if (*c < 0x7f)
		return 1;
	if (!t->utf8) {
		w = utf8_width(*c);
		*c = '?';
		return w > 0;
	}
	w = curses_width((wchar_t)*c);
	if (w >= 0)
		return w;
	*c = 0xfffd;
	return 1;
}

int draw_cells(const struct term *t, struct str s)
{
	int cells = 0;

	for (size_t pos = 0; pos < s.len;) {
		uint32_t c = utf8_next(s, &pos);

		cells += glyph_width(t, &c);
	}
	return cells;
}

/* Copy what fits into w cells; returns the cells. */
static int copy_cells(const struct term *t, struct strbuf *b, struct str s, int w)
{
	int used = 0;

	for (size_t pos = 0; pos < s.len;) {
		uint32_t c = utf8_next(s, &pos);
		int cells = glyph_width(t, &c);

		if (used + cells > w)
			break;
		used += cells;
		utf8_add(b, c);
	}
	return used;
}

/* Curses measures each character that it is given in bytes, and looks for its control
 * characters; cells it takes as they are. */
void draw_bytes(int y, int x, struct str s, attr_t a)
{
	SCOPED_FREE cchar_t *cell = mem_alloc((s.len + 1) * sizeof *cell);
	short pair = (short)PAIR_NUMBER(a);
	int n = 0;

	for (size_t pos = 0; pos < s.len; n++) {
		wchar_t text[2] = {(wchar_t)utf8_next(s, &pos)};

		if (curses_width(text[0]) != 1 ||
		    setcchar(&cell[n], text, a & ~A_COLOR, pair, NULL) == ERR) {
			attrset(a);
			mvaddnstr(y, x, s.ptr, (int)s.len);
			attrset(A_NORMAL);
			return;
		}
	}
	if (n)
		mvadd_wchnstr(y, x, cell, n);
}

static void put(const struct term *t, struct rect at, struct str s, enum style st)
{
	draw_bytes(at.y, at.x, s, t->style[st]);
}

int draw_text(const struct term *t, struct rect at, struct str s, enum style st)
{
	STRBUF(b);
	int used;

	if (at.w <= 0 || at.y < 0 || at.y >= t->rows || at.x < 0 || at.x >= t->cols)
		return 0;
	if (at.x + at.w > t->cols)
		at.w = t->cols - at.x;
	if (draw_cells(t, s) <= at.w) {
		used = copy_cells(t, &b, s, at.w);
	} else {
		used = copy_cells(t, &b, s, at.w - 1) + 1;
		strbuf_adds(&b, t->glyphs->ellipsis);
	}
	put(t, at, strbuf_str(&b), st);
	return used;
}

void draw_found(const struct match *m, const struct term *t, struct rect r, struct str text)
{
	size_t from = 0, end;
	int room = r.w - (draw_cells(t, text) > r.w);

	while (m && match_next(m, text, &from, &end)) {
		struct str hit = str_span(text.ptr + from, end - from);
		int before = draw_cells(t, str_span(text.ptr, from)), w = draw_cells(t, hit);

		if (before + w > room)
			break;
		draw_text(t, (struct rect){r.y, r.x + before, 1, w}, hit, STYLE_MATCH);
		from = end;
	}
}

void draw_fill(const struct term *t, struct rect at, enum style st)
{
	STRBUF(b);

	if (at.x < 0 || at.y < 0 || at.y >= t->rows || at.x >= t->cols)
		return;
	if (at.x + at.w > t->cols)
		at.w = t->cols - at.x;
	if (at.w <= 0)
		return;
	strbuf_fill(&b, ' ', (size_t)at.w);
	/* A line is drawn through text, not through the room around it. */
	put(t, at, strbuf_str(&b), st == STYLE_STRUCK ? STYLE_DIM :
	    st == STYLE_CURSOR_STRUCK ? STYLE_CURSOR : st);
}

void draw_right(const struct term *t, struct rect at, struct str s, enum style st)
{
	STRBUF(b);
	int cells = draw_cells(t, s);

	if (at.w <= 0)
		return;
	if (cells > at.w) {
		/* A cut number would be another number. */
		strbuf_fill(&b, '#', (size_t)at.w);
		s = strbuf_str(&b);
		cells = at.w;
	}
	draw_fill(t, (struct rect){at.y, at.x, 1, at.w - cells}, st);
	draw_text(t, (struct rect){at.y, at.x + at.w - cells, 1, cells}, s, st);
}

static void repeat(const struct term *t, struct rect at, const char *glyph, enum style st)
{
	STRBUF(b);

	for (int i = 0; i < at.w; i++)
		strbuf_adds(&b, glyph);
	if (at.w > 0)
		put(t, at, strbuf_str(&b), st);
}

void draw_frame(const struct term *t, struct rect r, struct frame f)
{
	const struct glyphs *g = t->glyphs;
	enum style st = f.focus ? STYLE_FRAME_FOCUS : STYLE_FRAME;
	enum style text = f.focus ? STYLE_TITLE_FOCUS : STYLE_TITLE;
	int end = r.x + r.w - 1, x = r.x + 2, room;
	STRBUF(b);

	if (r.h < 2 || r.w < 4)
		return;
	repeat(t, (struct rect){r.y, r.x, 1, 1}, f.focus ? g->ftl : g->tl, st);
	repeat(t, (struct rect){r.y, r.x + 1, 1, r.w - 2}, f.focus ? g->fh : g->h, st);
	repeat(t, (struct rect){r.y, end, 1, 1}, f.focus ? g->ftr : g->tr, st);
	for (int y = r.y + 1; y < r.y + r.h - 1; y++) {
		repeat(t, (struct rect){y, r.x, 1, 1}, f.focus ? g->fv : g->v, st);
		repeat(t, (struct rect){y, end, 1, 1}, f.focus ? g->fv : g->v, st);
	}
	repeat(t, (struct rect){r.y + r.h - 1, r.x, 1, 1}, f.focus ? g->fbl : g->bl, st);
	repeat(t, (struct rect){r.y + r.h - 1, r.x + 1, 1, r.w - 2}, f.focus ? g->fh : g->h,
	       st);
	repeat(t, (struct rect){r.y + r.h - 1, end, 1, 1}, f.focus ? g->fbr : g->br, st);
	if (f.number)
		strbuf_addf(&b, "%d ", f.number);
	strbuf_add(&b, f.title);
	room = r.w - 4 - (f.right.len ? draw_cells(t, f.right) + 3 : 0);
	if (b.len && room > 0) {
		put(t, (struct rect){r.y, x - 1}, STR(" "), text);
		x += draw_text(t, (struct rect){r.y, x, 1, room}, strbuf_str(&b), text);
		put(t, (struct rect){r.y, x}, STR(" "), text);
	}
	if (f.right.len && draw_cells(t, f.right) + 3 < end - x) {
		x = end - 2 - draw_cells(t, f.right);
		put(t, (struct rect){r.y, x - 1}, STR(" "), STYLE_HEAD);
		x += draw_text(t, (struct rect){r.y, x, 1, end - x}, f.right, STYLE_HEAD);
		put(t, (struct rect){r.y, x}, STR(" "), STYLE_HEAD);
	}
}

void draw_bar(const struct term *t, struct rect at, double share, enum style st)
{
	const struct glyphs *g = t->glyphs;
	int eighths, full;
	STRBUF(b);

	if (at.w <= 0 || isnan(share))
		return;
	share = share < 0 ? 0 : share > 1 ? 1 : share;
	eighths = (int)lround(share * at.w * 8);
	/* What is there is seen, however little it is. */
	if (eighths == 0 && share > 0)
		eighths = 1;
	full = eighths / 8;
	for (int i = 0; i < at.w; i++)
		strbuf_adds(&b, i < full ? g->bar[8] :
			    i == full && eighths % 8 ? g->bar[eighths % 8] : g->track);
	put(t, at, strbuf_str(&b), st);
}

/* Bytes of the first line of s that fit into w cells, broken at a space. */
static size_t line_bytes(const struct term *t, struct str s, int w)
{
	size_t pos = 0, space = 0, last = 0;
	int used = 0;

	while (pos < s.len) {
		uint32_t c;

		last = pos;
		c = utf8_next(s, &pos);
		if (c == ' ')
			space = last;
		used += glyph_width(t, &c);
		if (used > w)
			return space ? space : last ? last : pos;
	}
	return s.len;
}

int draw_lines(const struct term *t, struct str s, int w)
{
	int lines = 0;

	for (; s.len && w > 0; lines++) {
		size_t n = line_bytes(t, s, w);

		while (n < s.len && s.ptr[n] == ' ')
			n++;
		s = str_span(s.ptr + n, s.len - n);
	}
	return lines;
}

int draw_wrapped(const struct term *t, struct rect r, struct str s, enum style st)
{
	int y = 0;

	for (; s.len && y < r.h && r.w > 0; y++) {
		size_t n = line_bytes(t, s, r.w);

		draw_text(t, (struct rect){r.y + y, r.x, 1, r.w}, str_span(s.ptr, n), st);
		while (n < s.len && s.ptr[n] == ' ')
			n++;
		s = str_span(s.ptr + n, s.len - n);
	}
	return y;
}
