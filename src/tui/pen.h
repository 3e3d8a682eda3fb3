/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pen: what curses wrote, said with fewer bytes. Curses resets all looks with
 * several sequences whenever one ends, even before a jump; here a look is sent when
 * text needs it, in its shortest form. Jumps within a row name the column alone.
 * In all a sixth of the bytes of a frame.
 */
#ifndef TUI_PEN_H
#define TUI_PEN_H

#include <stdbool.h>

#include "base/str.h"

/* Attributes and the two colours as SGR codes name them: 0 for the terminal's
 * own, else 1 + a palette index. */
struct rendition {
	unsigned attributes;	/* bit n: SGR n, 1 to 9 */
	int fg, bg;
};

/* What the terminal has and what curses thinks that it has. Zeroed: nothing is
 * known, and the first look is set in full. */
struct pen {
	bool columns;	/* the terminal has ESC [ n G */
	bool strikes;	/* SGR 3 is said as SGR 9: struck through (tui/probe.h) */
	bool known;
	unsigned row;	/* that the cursor is in, from 1; 0: unknown */
	struct rendition have, want;
};

void pen_init(struct pen *p, bool columns);
/* The terminal may have got something else: know nothing of it. */
void pen_forget(struct pen *p);
/* Append `in`, bytes that curses wrote, to `out`. Looks that are left open at the
 * end are sent with the next text. */
void pen_write(struct pen *p, struct strbuf *out, struct str in);
/* Append what brings the terminal to a look: the caller moves the cursor and writes, and
 * curses, which knows nothing of it, wants what it wanted. */
void pen_look(struct pen *p, struct strbuf *out, const struct rendition *look);

#endif
