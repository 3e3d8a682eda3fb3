/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * shadow: what the terminal shows, and the fewest bytes from there to what curses wants.
 *
 * Curses counts cells and takes each for a byte: to skip two borders it writes them anew, six
 * bytes and two changes of colour, where a move takes three. Here bytes are counted; runs are
 * repeated (REP) and erased (ECH, EL) where that is shorter, moves are relative, and blanks keep
 * whatever colour there is.
 */
#ifndef TUI_SHADOW_H
#define TUI_SHADOW_H

#include "tui/curses.h"
#include "tui/pen.h"

struct shown;

/* Starts as zero. */
struct shadow {
	struct shown *at;	/* (rows, cols) */
	struct shown *want;	/* (cols): of the row at hand */
	cchar_t *raw;		/* (rows + 1, cols + 1): the same as curses has it */
	int rows, cols;
	int y, x;		/* where the cursor was left */
	bool valid;		/* it is what the terminal shows */
	bool strikes;		/* italics are said as struck through, as by the pen */
	bool repeats;		/* ESC [ n b repeats a character */
};
void shadow_finish(struct shadow *s);
/* Curses has drawn all that it wants: remember it. false: there are looks in it that only
 * curses knows, so that it must go on drawing. */
bool shadow_take(struct shadow *s);
/*
 * Append to out, through p, what changes the screen to what curses wants (its newscr, whose
 * touched rows are looked at), and put the cursor there. false: nothing was appended, and
 * curses must draw all anew.
 */
bool shadow_draw(struct shadow *s, struct pen *p, struct strbuf *out);

#endif
