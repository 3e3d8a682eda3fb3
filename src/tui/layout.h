/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layout: which pane stands where, for any size of the screen. */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include <stdbool.h>

#include "chart/canvas.h"

enum pane_id {
	PANE_CATEGORIES,
	PANE_PRODUCTS,
	PANE_SELECTED,
	PANE_SIMILAR,
	PANE_COMPLEMENTARY,
	PANE_TRANSITIONS,
	PANES,
};

enum layout_form {
	LAYOUT_TOO_SMALL,	/* below 40x8 */
	LAYOUT_SINGLE,		/* one pane: below 60x18, or zoomed */
	LAYOUT_TWO,		/* products | panels */
	LAYOUT_THREE,		/* categories | products | panels */
	LAYOUT_FOUR,		/* and a column of transitions */
	LAYOUT_FORMS,
};
#define LAYOUT_COLUMNS 3	/* that can be made wider */

struct layout {
	enum layout_form form;
	struct rect top, message, footer;	/* one line each */
	struct rect chips;			/* the filter, or h = 0 */
	struct rect body;			/* what is between them */
	struct rect flow;	/* transitions in one line (LAYOUT_TWO), or h = 0 */
	struct rect pane[PANES];		/* with frames */
	bool selected_framed;
};

/* What a person wants of it. */
struct layout_wish {
	enum pane_id focus;
	bool zoom, chips;
	unsigned hidden;	/* panes (1 << enum pane_id) that don't stand beside others; the
				   focused one does all the same, and the products always do */
	/* Cells that a column of panes is wider than by itself, by form; the last column
	 * takes what is left. */
	int wider[LAYOUT_FORMS][LAYOUT_COLUMNS];
};

/* Pure. The focused pane is always shown. */
void layout_make(struct layout *l, int rows, int cols, const struct layout_wish *w);
/* The column of panes that a pane stands in, from 0, or -1. */
int layout_column(const struct layout *l, enum pane_id pane);
/* r without its frame. */
struct rect rect_inside(struct rect r);
static inline bool rect_shown(struct rect r)
{
	return r.h > 0 && r.w > 0;
}

#endif
