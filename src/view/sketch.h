/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sketch: what a view draws as a pane: texts, numbers and bars in cells, and its title. */
#ifndef VIEW_SKETCH_H
#define VIEW_SKETCH_H

#include "chart/canvas.h"
#include "view/view.h"

struct arena;

enum sketch_kind {
	SKETCH_TEXT,	/* from the left, cut at the end */
	SKETCH_RIGHT,	/* a number at the right end; # where it doesn't fit */
	SKETCH_BAR,
	SKETCH_HEAD,	/* a heading on the frame's line, y 0 */
	SKETCH_WRAPPED,	/* text on as many lines as are left */
};

/* INK_TEXT, INK_DIM, INK_HEAD (stands out) and the first of INK_SERIES have looks here. */
struct sketch_part {
	int y, x, w;
	enum sketch_kind kind;
	enum ink ink;
	struct str text;
	double share;		/* of a bar, 0..1 */
	double tick;		/* a mark on it, 0..1; NAN: none */
};

/* Marks that the terminal's font has, each one cell wide. */
struct sketch_marks {
	const char *path, *open, *closed, *ellipsis;
};

/* The first lines are asked for; view_sketch makes the rest. */
struct sketch {
	int h, w;		/* cells that there are */
	bool line;		/* all in one line, beside other things */
	bool named;		/* the product is another one than is selected: to be said */
	uint64_t first;		/* row of the line y 0 */
	struct sketch_marks marks;

	const uint64_t *row;	/* (n) rows of the lines from y 0 */
	bool *faint;		/* (n) those of small samples: all of the line is dim */
	bool *struck;		/* (n) those that were rejected: dim, and struck through */
	unsigned n;
	struct sketch_part *part;
	size_t parts, cap;
	struct strbuf detail;	/* behind the class's title: " by co-view" */
	const char *right;	/* at the right end of the frame's line, or NULL */
	struct strbuf note;	/* what the rows rest on, or why there are none */
	bool foot;		/* and it stands below them too */
	struct arena *arena;	/* of the texts */
};

/* Release it with sketch_finish. Borrowed texts live as long as v. */
void view_sketch(struct view *v, struct sketch *s);
void sketch_finish(struct sketch *s);

/* --- for implementations */
/* A place on line y. */
struct stretch {
	int y;
	struct span at;
};
/* Cut w cells off the right end. */
struct span span_right(int *end, int w);
void sketch_text(struct sketch *s, struct stretch to, struct str text, enum ink ink);
/* Cut in the middle where it is too long (view/names.h). */
void sketch_cut(struct sketch *s, struct stretch to, struct str text, enum ink ink);
/* Keeps the text. */
void sketch_made(struct sketch *s, struct stretch to, const struct strbuf *text, enum ink ink);
void sketch_right(struct sketch *s, struct stretch to, const struct strbuf *text, enum ink ink);
void sketch_bar(struct sketch *s, struct stretch to, double share, enum ink ink);
/* The last part is a bar: what it is compared with. */
void sketch_tick(struct sketch *s, double tick);
/* Over the right end of its numbers. */
void sketch_head(struct sketch *s, struct span at, struct str text);
void sketch_wrapped(struct sketch *s, int y, struct span at, const struct strbuf *text);
/* Cells from the first heading to the right end, as the title has to spare them. */
int sketch_heads(const struct sketch *s);
/* 0.08x, 3.9x, 41x, 1204x, 12kx: at most 5 cells. */
void sketch_add_times(struct strbuf *b, double x);

#endif
