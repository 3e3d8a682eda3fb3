/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parts: what the panes of suggestions and of transitions draw alike. */
#ifndef TUI_PARTS_H
#define TUI_PARTS_H

#include "tui/suggestions.h"

/* Where the parts of a suggestion stand, from the pane's left edge; w 0: not. */
struct part {
	int x, w;
};
struct parts {
	struct part flag, bar, label, n, lift, interval, source;
};

/* Cut w cells off the right end. */
struct part parts_right(int *end, int w);
/* 0.08x, 3.9x, 41x, 1.2kx: at most 5 cells. */
void parts_add_times(struct strbuf *b, double x);
/* Text at the right end of a part; nothing in a part that is not there. */
void parts_draw(const struct term *t, int y, int x, struct part p, struct str s,
		enum style st);
/* A heading on the frame's line, over the right end of its numbers. */
void parts_head(const struct term *t, struct rect in, struct part p, struct str s);
/* Cells from the first heading to the right end. */
int parts_heads_width(struct part first, int cells, int w);
/* The frame, its title cut where the headings begin. */
void parts_frame(const struct suggest *s, struct rect r, struct str title, int heads);
enum style parts_row_style(const struct suggest *s, bool here, bool small);
/* Why there are no rows. */
const char *parts_empty(const struct suggest *s, const char *note);

#endif
