/* SPDX-License-Identifier: GPL-3.0-or-later */
/* glyph: the marks that draw frames, bars and trees, for three kinds of fonts. */
#ifndef TUI_GLYPH_H
#define TUI_GLYPH_H

#include <stdbool.h>

/* Each is one cell wide, in the encoding of the terminal. */
struct glyphs {
	const char *h, *v, *tl, *tr, *bl, *br;		/* a pane's frame */
	const char *fh, *fv, *ftl, *ftr, *fbl, *fbr;	/* the focused pane's */
	const char *open, *closed;	/* a branch of the tree */
	const char *cursor;		/* the selected row of an idle pane */
	const char *ellipsis, *up, *down, *path;
	const char *bar[9];		/* 0 to 8 eighths of a cell */
	const char *track;		/* the empty part of a bar */
};

/* UTF-8 with eighth blocks; UTF-8 with what the Linux console's 512 glyphs
 * hold; ASCII. */
const struct glyphs *glyphs_for(bool utf8, const char *term);

#endif
