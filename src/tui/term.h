/* SPDX-License-Identifier: GPL-3.0-or-later */
/* term: the terminal from start to restore; frames go to it in one write. */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <stdbool.h>

#include "base/scope.h"
#include "base/str.h"
#include "tui/curses.h"
#include "tui/glyph.h"
#include "tui/ink.h"
#include "tui/style.h"

struct err;

/* Above this the window is used in part: a client may claim any size. */
#define TERM_ROWS_MAX 500
#define TERM_COLS_MAX 1000

struct term {
	int rows, cols;		/* of the window, clamped */
	bool utf8;
	const struct glyphs *glyphs;
	attr_t style[STYLES];
	attr_t strike;		/* strikes text through; 0: the terminal can't */
	struct inks inks;
	enum glyph_set charts;	/* of charts */
	const char *note;	/* something to tell at the start, or NULL */
	struct term_own *own;
};

/*
 * Take over the controlling terminal: the locale's encoding (C.UTF-8 where the
 * wanted one is not installed), TERM (xterm-256color where it is unknown), raw
 * keys, the alternate screen, bracketed paste. Errors: ERR_USAGE where there is
 * no terminal or TERM is unset or dumb. Only one at a time.
 */
bool term_open(struct term **t, bool colour, struct err *err);
/* Restores everything. */
void term_destroy(struct term *t);
SCOPED_DEFINE(term)

/* Other colours, from the next frame on. */
void term_theme(struct term *t, enum theme theme);
/* Other marks: GLYPHS_ASCII draws frames and bars in ASCII too; rich: as the terminal
 * has them. What it can't show stays ASCII. */
void term_glyphs(struct term *t, bool rich, enum glyph_set charts);
int term_fd(const struct term *t);
/* Read the window's size again and repaint everything at the next frame. */
void term_resize(struct term *t);
/* Forget what is on the screen. */
void term_redraw(struct term *t);
/* Leave the screen, stop the process as Ctrl-Z does, come back. */
void term_suspend(struct term *t);
/* Come back after someone else stopped and continued the process. */
void term_resume(struct term *t);
void term_mouse(struct term *t, bool on);

/*
 * Send what was drawn on stdscr since the last call, and the question for the
 * terminal's status behind it if `ask`. *sent gets the bytes, 0 if nothing changed.
 * While the terminal takes nothing, input on interrupt_fd ends the wait. false:
 * hung up.
 */
bool term_flush(struct term *t, bool ask, int interrupt_fd, size_t *sent);
/* The question that goes with the first frame (see term.c): ESC [ 6 n, and the column in which
 * the cursor stands, in the second row, where the terminal repeats characters. Who hears that
 * reply calls term_repeats. */
#define TERM_WHERE "\033[6n"
#define TERM_REPEATS 4
void term_repeats(struct term *t);
/* Have every frame heard by `heard`, which gets ctx, before it is sent; nothing is asked of the
 * terminal any more. */
void term_listen(struct term *t, void (*heard)(void *ctx, struct str bytes), void *ctx);
/* Bytes that are no drawing (the clipboard), sent with the next frame. */
void term_queue(struct term *t, const char *bytes, size_t n);

#endif
