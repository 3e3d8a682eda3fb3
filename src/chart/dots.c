/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dots and lines of them. */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "chart/chart.h"

void dots_init(struct dots *d, int h, int w, enum glyph_set glyphs)
{
	assert(h >= 0 && w >= 0);
	*d = (struct dots){.h = h, .w = w, .glyphs = glyphs};
	d->dy = glyphs == GLYPHS_BRAILLE ? 4 : 2;
	d->dx = glyphs <= GLYPHS_QUADRANT ? 2 : 1;
	d->bits = mem_zalloc((size_t)h * (size_t)w + 1);
}

void dots_finish(struct dots *d)
{
	free(d->bits);
	*d = (struct dots){0};
}

void dots_set(struct dots *d, int y, int x)
{
	if (y < 0 || x < 0 || y >= d->h * d->dy || x >= d->w * d->dx)
		return;
	d->bits[y / d->dy * d->w + x / d->dx] |=
		(uint8_t)(1u << (d->dx * (y % d->dy) + x % d->dx));
}

/* Bresenham's. */
static void dots_line(struct dots *d, int y0, int x0, int y1, int x1)
{
	int dx = abs(x1 - x0), dy = -abs(y1 - y0), sum = dx + dy;
	for (;;) {
		dots_set(d, y0, x0);
		if (x0 == x1 && y0 == y1)
			return;
		int twice = 2 * sum;
		if (twice >= dy) {
			sum += dy;
			x0 += x0 < x1 ? 1 : -1;
		}
		if (twice <= dx) {
			sum += dx;
			y0 += y0 < y1 ? 1 : -1;
		}
	}
}

/* Bits by rows to the order of the Unicode block, which counts down the columns and has
 * the last row behind. */
static uint32_t braille(unsigned bits)
{
	static const uint8_t dot[8] = {0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80};
	uint32_t c = 0x2800;
	for (unsigned i = 0; i < 8; i++)
		c |= bits >> i & 1 ? dot[i] : 0;
	return c;
}

uint32_t dots_char(const struct dots *d, int y, int x)
{
	static const uint32_t quadrant[16] = {
		' ', 0x2598, 0x259d, 0x2580, 0x2596, 0x258c, 0x259e, 0x259b,
		0x2597, 0x259a, 0x2590, 0x259c, 0x2584, 0x2599, 0x259f, 0x2588,
	};
	static const uint32_t half[4] = {' ', 0x2580, 0x2584, 0x2588};
	static const char ascii[4] = " '.:";
	unsigned bits = d->bits[y * d->w + x];
	assert(y >= 0 && y < d->h && x >= 0 && x < d->w);
	if (!bits)
		return ' ';
	switch (d->glyphs) {
	case GLYPHS_BRAILLE:
		return braille(bits);
	case GLYPHS_QUADRANT:
		return quadrant[bits & 15];
	case GLYPHS_BLOCK:
		return half[bits & 3];
	case GLYPHS_ASCII:
		break;
	}
	return (uint32_t)ascii[bits & 3];
}

void chart_line(struct canvas *c, struct rect at, struct series s, enum ink ink)
{
	struct dots d;
	int last_x = 0, last_y = 0;
	if (at.h < 1 || at.w < 1)
		return;
	dots_init(&d, at.h, at.w, c->glyphs);
	for (int i = 0; i < s.n; i++) {
		double share = s.most > 0 ? fmin(fmax(s.value[i] / s.most, 0), 1) : 0;
		int dot_x =
			s.n > 1 ? (int)lround((double)i / (s.n - 1) * (at.w * d.dx - 1)) : 0;
		int dot_y = (int)lround((1 - share) * (at.h * d.dy - 1));
		dots_line(&d, i ? last_y : dot_y, i ? last_x : dot_x, dot_y, dot_x);
		last_x = dot_x;
		last_y = dot_y;
	}
	canvas_need(c, at.y + at.h);
	for (int row = 0; row < at.h; row++)
		for (int k = 0; k < at.w && at.x + k < c->w; k++) {
			uint32_t ch = dots_char(&d, row, k);
			if (ch != ' ' &&
			    canvas_at(c, at.y + row, at.x + k)->ink < INK_SERIES)
				canvas_put(c, at.y + row, at.x + k, ch, ink);
		}
	dots_finish(&d);
}
