/* SPDX-License-Identifier: GPL-3.0-or-later */
/* style: what the parts of the screen look like, by the colours there are. */
#ifndef TUI_STYLE_H
#define TUI_STYLE_H

#include <stdbool.h>

#include "tui/curses.h"

enum style {
	STYLE_TEXT,
	STYLE_DIM,		/* small samples, old panels, notes */
	STYLE_FRAME,
	STYLE_FRAME_FOCUS,
	STYLE_TITLE,
	STYLE_TITLE_FOCUS,
	STYLE_HEAD,		/* column headings */
	STYLE_HEAD_SORT,	/* of the column that sorts */
	STYLE_CURSOR,		/* the selected row of the focused pane */
	STYLE_CURSOR_IDLE,	/* of the others */
	STYLE_SIMILAR,		/* bars */
	STYLE_COMPLEMENTARY,
	STYLE_FLOW,
	STYLE_KEY,		/* a key's name in the footer */
	STYLE_MESSAGE,
	STYLE_ERROR,
	STYLE_CHIP,		/* a term of the filter */
	STYLE_MATCH,		/* what was searched for */
	STYLE_STRUCK,		/* text of a row that was rejected */
	STYLE_CURSOR_STRUCK,	/* and the cursor is on it */
	STYLES,
};

enum theme {
	THEME_DEFAULT,		/* readable on light and dark grounds */
	THEME_LIGHT,
	THEME_DARK,
	THEME_COLOUR_BLIND,
	THEME_MONO,		/* bold, reverse and underline alone */
	THEMES,
};
const char *theme_name(enum theme t);

/* Curses must be started; may be called again. No colours: as THEME_MONO. Text and
 * background stay the terminal's own. strike: what strikes text through, or 0. */
void style_init(attr_t style[STYLES], bool colour, enum theme theme, attr_t strike);

#endif
