/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page: a view drawn as charts, with the places on it that lead somewhere. */
#ifndef VIEW_PAGE_H
#define VIEW_PAGE_H

#include "chart/canvas.h"
#include "view/view.h"

struct arena;

struct page_spot {
	int y, x, w;
	struct view_target target;	/* what Enter follows there, or ... */
	const char *line;		/* the command that it runs; NULL: the target */
	const char *label;		/* all that the cells have no room for, or NULL */
	const char *term, *chip;	/* the filter that it is, and what its chip is called;
					   NULL: none, the filter's own text */
};

struct page {
	struct canvas canvas;
	struct page_spot *spot;		/* (n) */
	size_t n, cap;
	int freeze_y, freeze_x;		/* rows and columns that stay when it scrolls */
	int still_y;			/* of those rows, that don't scroll sideways either */
	int step_x;			/* and behind them columns of that width; 0: any */
	int h;				/* lines that there are, or 0: as many as it likes */
	bool fills;			/* it is drawn for so many */
	struct arena *arena;		/* of lines and labels */
};

/* What a page is made for: h lines (0: any) of w cells. */
struct page_room {
	int h, w;
	enum glyph_set glyphs;
};
/* The chart of a view that has one (view_has_page), made for h lines (0: any) of w cells; it
 * may be larger and then scrolls. Release it with page_finish. */
bool view_has_page(const struct view *v);
void view_page(struct view *v, struct page_room room, struct page *p);
void page_finish(struct page *p);
/* What the chart says, in sentences, one a line; the note where a view has no words. */
void view_add_words(struct view *v, struct strbuf *b);

/* For implementations. A spot that leads nowhere yet: set its target or line. */
struct page_spot *page_spot(struct page *p, struct rect at);
/* A heading across w cells, "Title ------"; with a line it is a spot. */
void page_heading(struct page *p, struct rect at, const char *title, const char *line);
/* Text on as many lines as it needs, broken at spaces; returns them. */
int page_text(struct page *p, struct rect at, struct str s, enum ink ink);
/* What n products of a list are called in w cells each (view/names.h); in the page's arena. */
const struct str *page_names(struct page *p, const struct catalog *cat, const uint32_t *product,
			     unsigned n, int w);
/* Boxes side by side, each put under the shortest column so far. */
struct page_columns {
	int n, w, gap, y[4];
};
void page_columns(struct page_columns *c, int w);
/* The place of the next box; page_box_end takes its height. */
int page_box(const struct page_columns *c, int *y, int *x);
void page_box_end(struct page_columns *c, int column, int h);

#endif
