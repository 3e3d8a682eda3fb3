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

/* h, w, row, side and marks are asked for; view_board makes the rest. */
struct board {
	int h, w;
	uint64_t row;		/* of the cursor */
	bool side;		/* keys move in `lead`, not in `list` */
	struct sketch_marks marks;

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
