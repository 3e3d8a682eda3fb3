/* SPDX-License-Identifier: GPL-3.0-or-later */
/* draw: text, frames and bars on stdscr, cut on cell boundaries. */
#ifndef TUI_DRAW_H
#define TUI_DRAW_H

#include "base/match.h"
#include "base/str.h"
#include "tui/layout.h"
#include "tui/term.h"

/* Cells that text takes on this terminal. */
int draw_cells(const struct term *t, struct str s);
/* Characters that the terminal can show, all of which fit behind x, in a look of curses. */
void draw_bytes(int y, int x, struct str s, attr_t a);
/* At most w cells, an ellipsis at the end when cut; returns the cells used. */
int draw_text(const struct term *t, struct rect at, struct str s, enum style st);
/* What m (NULL: nothing) finds of a text that stands at r, one line, stands out there. */
void draw_found(const struct match *m, const struct term *t, struct rect r, struct str text);
/* At the right end of w cells. A number that doesn't fit is shown as '#'. */
void draw_right(const struct term *t, struct rect at, struct str s, enum style st);
void draw_fill(const struct term *t, struct rect at, enum style st);
/* What stands on the top line of a frame. */
struct frame {
	int number;	  /* the pane's for Alt, or 0 */
	struct str title; /* at the left */
	struct str right; /* at the right end */
	bool focus;
};
void draw_frame(const struct term *t, struct rect r, struct frame f);
/* The part `share` (0..1) of w cells filled, in eighths of a cell. */
void draw_bar(const struct term *t, struct rect at, double share, enum style st);
/* Lines that draw_wrapped would take with room enough. */
int draw_lines(const struct term *t, struct str s, int w);
/* Text on several lines, broken at spaces; returns the lines used. */
int draw_wrapped(const struct term *t, struct rect r, struct str s, enum style st);

#endif
