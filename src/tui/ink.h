/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ink: what the inks of a canvas look like here, and canvases on the screen. */
#ifndef TUI_INK_H
#define TUI_INK_H

#include "chart/canvas.h"
#include "tui/curses.h"

struct term;

struct inks {
	attr_t at[INKS];
	bool grounds;	/* a ramp has colours; else shades stand for it */
};

/* After style_init. Colours 0: attributes alone. */
void inks_init(struct inks *i, bool colour);
/* Cells [x, x + w) of row y of the canvas, at row ty and column tx of the screen. The
 * cells [mark, mark_end) are those of the cursor. */
void ink_draw(const struct term *t, const struct canvas *c, struct rect r, int ty, int tx,
	      int mark, int mark_end);

#endif
