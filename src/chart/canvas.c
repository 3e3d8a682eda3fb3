/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text is clipped by cells; what lies beside the canvas is not drawn. */
#include "config.h"

#include "chart/canvas.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "chart/chart.h"

void canvas_init(struct canvas *c, int w, enum glyph_set glyphs)
{
	assert(w >= 0);
	*c = (struct canvas){.w = w > 1 ? w : 1, .glyphs = glyphs};
}

void canvas_finish(struct canvas *c)
{
	free(c->at);
	*c = (struct canvas){0};
}

void canvas_need(struct canvas *c, int h)
{
	assert(h >= 0);
	if (h <= c->h)
		return;
	size_t from = (size_t)c->h * (size_t)c->w, to = (size_t)h * (size_t)c->w;
	MEM_GROW(c->at, c->cap, to);
	for (size_t i = from; i < to; i++)
		c->at[i] = (struct canvas_cell){' ', INK_TEXT};
	c->h = h;
}

void canvas_put(struct canvas *c, int y, int x, uint32_t ch, enum ink ink)
{
	assert((unsigned)ink < INKS);
	if (y < 0 || x < 0 || x >= c->w)
		return;
	canvas_need(c, y + 1);
	c->at[(size_t)y * (size_t)c->w + (size_t)x] =
		(struct canvas_cell){ch, (uint8_t)ink};
}

int canvas_text(struct canvas *c, struct rect at, struct str s, enum ink ink)
{
	int used = 0;
	if (at.x + at.w > c->w)
		at.w = c->w - at.x;
	if (at.w <= 0)
		return 0;
	bool cut = utf8_cells(s) > (size_t)at.w;
	int room = cut ? at.w - 1 : at.w;
	for (size_t pos = 0; pos < s.len;) {
		uint32_t ch = utf8_next(s, &pos);
		int cells = utf8_width(ch);
		if (used + cells > room)
			break;
		if (cells <= 0)
			continue;	/* a cell holds one character: marks go */
		if (c->glyphs == GLYPHS_ASCII && ch >= 0x7f)
			ch = '?';
		canvas_put(c, at.y, at.x + used, ch, ink);
		if (cells == 2)
			canvas_put(c, at.y, at.x + used + 1, ch == '?' ? '?' : 0, ink);
		used += cells;
	}
	if (cut)
		canvas_put(c, at.y, at.x + used++,
			   c->glyphs == GLYPHS_ASCII ? '~' : 0x2026, ink);
	return used;
}

void canvas_right(struct canvas *c, struct rect at, struct str s, enum ink ink)
{
	int cells = (int)utf8_cells(s);
	if (cells <= at.w) {
		canvas_text(c, (struct rect){at.y, at.x + at.w - cells, 1, cells}, s,
			    ink);
		return;
	}
	for (int i = 0; i < at.w; i++)
		canvas_put(c, at.y, at.x + i, '#', ink);
}

uint32_t canvas_char(const struct canvas *c, int y, int x)
{
	const struct canvas_cell *cell = canvas_at(c, y, x);
	assert(y >= 0 && y < c->h && x >= 0 && x < c->w);
	if (cell->c == ' ' && cell->ink >= INK_RAMP && cell->ink < INK_DENSITY)
		return chart_shade(c->glyphs, (cell->ink - INK_RAMP) % INK_RAMP_N);
	return cell->c;
}

void canvas_add_row(const struct canvas *c, int y, struct strbuf *b)
{
	size_t start = b->len;
	assert(y >= 0 && y < c->h);
	for (int x = 0; x < c->w && y < c->h; x++)
		if (canvas_char(c, y, x))
			utf8_add(b, canvas_char(c, y, x));
	while (b->len > start && b->ptr[b->len - 1] == ' ')
		b->ptr[--b->len] = '\0';
}
