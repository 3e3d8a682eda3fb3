/* SPDX-License-Identifier: GPL-3.0-or-later */
/* canvas: a sheet of cells that charts draw on: characters and what they mean. */
#ifndef CHART_CANVAS_H
#define CHART_CANVAS_H

#include "base/scope.h"
#include "base/str.h"

/* From rich to poor: dots of 2x4 in a cell, of 2x2, of 1x2, ASCII. Bars and columns are
 * drawn in eighths of a cell by all but the last. */
enum glyph_set {
	GLYPHS_BRAILLE,
	GLYPHS_QUADRANT,
	GLYPHS_BLOCK,
	GLYPHS_ASCII,
};

#define INK_SERIES_N 8
#define INK_RAMP_N 10

/* What a cell means; the front end knows what that looks like. */
enum ink {
	INK_TEXT,
	INK_DIM,		/* axes, notes, small samples */
	INK_HEAD,		/* headings */
	INK_NUMBER,		/* of what a chart shows */
	INK_SERIES,		/* lines, bars and points of one kind: INK_SERIES_N */
	INK_RAMP = INK_SERIES + INK_SERIES_N,	/* a ground from least to most: INK_RAMP_N */
	INK_DIVERGE = INK_RAMP + INK_RAMP_N,	/* from less to more than usual: INK_RAMP_N */
	INK_DENSITY = INK_DIVERGE + INK_RAMP_N,	/* the same as the ink of characters */
	INK_FAINT = INK_DENSITY + INK_RAMP_N,	/* the series where there are few: INK_SERIES_N */
	INK_MARK = INK_FAINT + INK_SERIES_N,	/* what is chosen: stands out, colours or not */
	INKS,
};

struct canvas_cell {
	uint32_t c;		/* 0: the right half of the wide character before it */
	uint8_t ink;
};

/* In cells, y and x from 0; h = 0: not shown. Where one line of it is drawn, that is y.
 */
struct rect {
	int y, x, h, w;
};

/* A place on each line; w 0: it isn't there. */
struct span {
	int x, w;
};

/* Rows are added when something is drawn on them; what lies beyond w is cut off. */
struct canvas {
	int w, h;
	enum glyph_set glyphs;
	struct canvas_cell *at;	/* (h, w) row-major */
	size_t cap;
};

void canvas_init(struct canvas *c, int w, enum glyph_set glyphs);
void canvas_finish(struct canvas *c);
/* At least that many rows. */
void canvas_need(struct canvas *c, int h);
static inline const struct canvas_cell *canvas_at(const struct canvas *c, int y, int x)
{
	return &c->at[(size_t)y * (size_t)c->w + (size_t)x];
}
void canvas_put(struct canvas *c, int y, int x, uint32_t ch, enum ink ink);
/* Clean text (what sanitize wrote) in at most w cells, an ellipsis at the end when it
 * is cut; returns the cells taken. */
int canvas_text(struct canvas *c, struct rect at, struct str s, enum ink ink);
/* The same at the right end of w cells. A number that doesn't fit is shown as #. */
void canvas_right(struct canvas *c, struct rect at, struct str s, enum ink ink);
/* What stands in a cell where there are no colours: a ground is a shade then. */
uint32_t canvas_char(const struct canvas *c, int y, int x);
/* These characters of row y, without spaces at its end. */
void canvas_add_row(const struct canvas *c, int y, struct strbuf *b);

#endif
