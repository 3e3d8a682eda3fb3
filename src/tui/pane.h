/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pane: a view that is open on the screen: one of the six, or a sheet over all of it. */
#ifndef TUI_PANE_H
#define TUI_PANE_H

#include "base/match.h"
#include "tui/layout.h"
#include "tui/list.h"
#include "tui/term.h"
#include "tui/worker.h"
#include "view/board.h"
#include "view/page.h"

#define PANE_COLUMNS 64

struct pane {
	const struct view_class *class;
	struct opened *shown;	/* NULL: nothing yet */
	unsigned number;	/* of the newest request; 0: nothing is asked for */
	struct outlook asked;	/* what that was */
	const struct edition *edition;	/* and of what: borrowed, to be compared */
	const struct lens *lens;
	const char *idle;	/* why nothing is asked for */

	struct list list;	/* of the rows from --offset, --limit of them */
	uint64_t offset;
	unsigned first;		/* columns scrolled out behind the main one */
	const struct match *found;	/* what stands out in its texts while it is drawn */
	struct strbuf note;	/* what it said when it was drawn last */
	uint64_t *marked;	/* (n_marked) rows of the list, ascending */
	size_t n_marked, marked_cap;

	uint64_t chosen_from, chosen;	/* rows from there on that are a range, or 0 */

	bool sheet;		/* over the whole screen, else one of the six */
	bool over;		/* it was opened over panes that a sheet had been left for; */
	unsigned over_trail;	/* places behind when that was */
	unsigned n, column[PANE_COLUMNS];	/* that have values */
	int width[PANE_COLUMNS];	/* cells of their longest text among some rows */
	bool side;		/* keys move in the box that leads */
	bool ended;		/* more of its rows can't be made */
	struct rect lines;	/* of the rows, where boxes were drawn (view/board.h); h 0:
				   they weren't */
	bool chart;		/* the charts are shown, not the rows */
	struct page page;	/* made for page_w, page_h cells; 0: not yet */
	int page_w, page_h, top, left, seen_h, seen_w;
	size_t spot;		/* the cursor's */
};

void pane_finish(struct pane *p);
/* Takes a result over: its rows, the cursor where it was looked for or (same) where it is. */
void pane_take(struct pane *p, struct opened *r, bool same);
/* As a sheet: columns and widths, the chart first where there is one. */
void pane_measure(struct pane *p);
/* The view, or NULL. */
struct view *pane_view(const struct pane *p);
/* Another view was asked for. */
bool pane_stale(const struct pane *p);
/* The row of its view that a row of the list is. */
uint64_t pane_row(const struct pane *p, uint64_t row);
/* What the cursor is at; false: nothing. */
bool pane_at(const struct pane *p, struct view_target *t);
/* The same of its product and category, or CATALOG_NONE. */
uint32_t pane_product(const struct pane *p);
uint32_t pane_category(const struct pane *p);
/* "show VIEW --name VALUE ...", of its own outlook or of o. */
void pane_add_line(const struct pane *p, const struct outlook *o, struct strbuf *b);
/* Text of a cell as people read it. */
void pane_add_cell(const struct pane *p, unsigned column, const struct cell *cells,
		   struct strbuf *b);
/* Texts of the row hold all words; numbers are not searched. */
bool pane_holds(struct pane *p, uint64_t row, const struct match *m);
/* Columns scroll behind the main one; false: there are no more. */
bool pane_scroll(struct pane *p, int by);

/* How it stands on the screen. */
struct pane_look {
	const struct term *term;
	int number;		/* of the six, or 0 */
	bool focus, framed;
	bool leads;		/* its cursor is seen when it has not the focus */
	bool named;		/* it belongs to what was selected before, and has to say so */
	bool dim;		/* and looks like it */
	bool counting;		/* it belongs to another filter */
	const struct match *found;	/* what stands out in its texts, or NULL */
	struct board_beside beside;	/* of what a board proposes */
};
void pane_draw(struct pane *p, const struct pane_look *look, struct rect r);
/* In one line of r, behind a name. */
void pane_draw_line(struct pane *p, const struct pane_look *look, const char *name,
		    struct rect r);
/* The cursor goes to the row or spot that stands there; false: no row does. */
bool pane_click(struct pane *p, struct rect r, int y, int x);
/* Where the cursor stands in r. */
void pane_cursor(const struct pane *p, struct rect r, int *y, int *x);

/* --- pane_columns.c: the columns of a view in a narrow pane */
void pane_columns_draw(struct pane *p, const struct pane_look *look, struct rect in);
/* The key of the column whose heading is at x of the screen, if it can be sorted by. */
const char *pane_heading(const struct pane *p, struct rect in, int x);
bool pane_columns_scroll(struct pane *p, int by);

/* Names of columns stand over its rows. */
bool pane_has_heading(const struct pane *p);

/* --- pane_sheet.c: over the whole screen, with notes below */
void pane_sheet_draw(struct pane *p, const struct pane_look *look, struct rect r);
/* Texts of the cursor's row that had to be cut, or what the spot is. */
void pane_add_cut(struct pane *p, const struct term *t, struct strbuf *b);

/* --- pane_board.c: as boxes; false: there is no room, or it has none */
bool pane_board_draw(struct pane *p, const struct pane_look *look, struct rect r);
bool pane_has_board(const struct pane *p);

/* --- pane.c, for those that draw sketches: flat is the look of all on the line, or STYLES */
struct sketch_part;
void pane_draw_part(const struct pane_look *look, const struct sketch_part *k, struct rect in,
		    enum style flat);

/* --- pane_marks.c: rows that are taken along */
/* The row gets a mark, or loses it. */
void pane_turn_mark(struct pane *p, uint64_t row);
/* The marked rows, or without marks the cursor's, as they are printed in a data format. */
bool pane_write_taken(struct pane *p, enum format f, struct out *out, struct err *err);
/* Beside the rows of r that are seen. */
void pane_draw_marks(const struct pane *p, const struct term *t, struct rect r);

/* --- pane_page.c: as charts */
const struct page_spot *pane_spot(const struct pane *p);	/* NULL: none, or rows */
void pane_page_move(struct pane *p, int dy, int dx);
void pane_page_scroll(struct pane *p, int64_t lines);
void pane_page_draw(struct pane *p, const struct term *t, struct rect in, bool focus);
void pane_page_click(struct pane *p, struct rect in, int y, int x);
void pane_page_place(const struct pane *p, struct strbuf *b);
void pane_page_cursor(const struct pane *p, struct rect in, int *y, int *x);

#endif
