/* SPDX-License-Identifier: GPL-3.0-or-later */
/* board: a view as a sheet of several boxes, each with a frame of its own; one opening makes all
 * of them, so that they never tell of different states. */
#ifndef VIEW_BOARD_H
#define VIEW_BOARD_H

#include "view/sketch.h"

#define BOARD_BOXES 8u

struct board_box {
	int y, x, h, w;		/* of the frame, in the board */
	struct strbuf title, right;
	struct sketch s;	/* h - 2 by w - 2 cells; its rows are filled where they are rows */
	int here;		/* line of the cursor, -1: none */
};

/* A rule that a board proposes, beside those whose hash is `rules`. */
struct board_rule {
	const char *rule;	/* a line, static */
	enum panel_kind kind;
	uint64_t rules;
};
/* What takes long to count is asked of those above, who have time for it; at once, as far as it
 * is there: what a rule would touch and cost, or how far it is counted; the places that models
 * give `with` for the product. NULL: nobody counts. */
struct board_beside {
	void (*price)(void *ctx, const struct board_rule *rule, struct strbuf *b);
	void (*models)(void *ctx, const uint32_t pair[2], struct strbuf *b);
	void *ctx;
	/* Who decides with the keys, empty: nobody may; rules may be kept as drafts, and that of
	 * decision `drafted` is. */
	struct str who;
	bool drafts;
	uint64_t drafted;
};

/* h, w, row, side, marks and beside are asked for; view_board makes the rest. */
struct board {
	int h, w;
	uint64_t row;		/* of the cursor */
	bool side;		/* keys move in `lead`, not in `list` */
	struct sketch_marks marks;
	struct board_beside beside;

	struct strbuf head;	/* the line above all boxes */
	struct board_box box[BOARD_BOXES];
	unsigned n;
	unsigned list, lead;	/* the box of the rows, and that of what they belong to */
	uint64_t first;		/* row of the first line of `list` */
};

/* Release it with board_finish. */
void view_board(struct view *v, struct board *b);
void board_finish(struct board *b);
/* For implementations: the next box, empty. */
struct board_box *board_add(struct board *b, int y, int x, int h, int w);

#endif
