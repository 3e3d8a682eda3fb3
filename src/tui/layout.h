/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layout: which pane stands where, for any size of the screen. */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include <stdbool.h>

enum pane {
	PANE_CATEGORIES,
	PANE_PRODUCTS,
	PANE_SELECTED,
	PANE_SIMILAR,
	PANE_COMPLEMENTARY,
	PANE_TRANSITIONS,
	PANES,
};

/* In cells, y and x from 0; h = 0: not shown. */
struct rect {
	int y, x, h, w;
};

enum layout_form {
	LAYOUT_TOO_SMALL,	/* below 40x8 */
	LAYOUT_SINGLE,		/* one pane: below 60x18, or zoomed */
	LAYOUT_TWO,		/* products | panels */
	LAYOUT_THREE,		/* categories | products | panels */
	LAYOUT_FOUR,		/* and a column of transitions */
};

struct layout {
	enum layout_form form;
	struct rect top, message, footer;	/* one line each */
	struct rect body;			/* what is between them */
	struct rect flow;	/* transitions in one line (LAYOUT_TWO), or h = 0 */
	struct rect pane[PANES];		/* with frames */
	bool selected_framed;
};

/* Pure. The focused pane is always shown. */
void layout_make(struct layout *l, int rows, int cols, bool zoom, enum pane focus);
/* r without its frame. */
struct rect rect_inside(struct rect r);
static inline bool rect_shown(struct rect r)
{
	return r.h > 0 && r.w > 0;
}

#endif
