/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sheet: a view over the whole screen; sheets lie on one another. */
#ifndef TUI_SHEET_H
#define TUI_SHEET_H

#include "base/str.h"
#include "tui/edition.h"
#include "tui/layout.h"
#include "tui/list.h"
#include "tui/term.h"
#include "view/page.h"

struct outlook;
struct shown;

#define SHEET_COLUMNS 64

struct sheet {
	struct shown *shown;		/* the view, and the outlook that it was asked with */
	struct edition *edition;	/* that it reads; a reference */
	struct list list;		/* of the rows from --offset, --limit of them */
	uint64_t offset;
	unsigned n, column[SHEET_COLUMNS];	/* that have values */
	int width[SHEET_COLUMNS];	/* cells of their longest text among some rows */
	unsigned first;			/* columns scrolled out behind the main one */
	struct strbuf query;		/* what was searched for, "" */
	uint64_t origin;		/* row where the search began */
	bool chart;			/* the charts are shown, not the rows */
	struct page page;		/* made for page_w cells; 0: not yet */
	int page_w, top, left, seen_h, seen_w;
	size_t spot;			/* the cursor's */
};

struct sheets {
	struct sheet *at;		/* (n) the last one is on top */
	size_t n, cap;
	bool away;		/* the panes are in front: Enter went there */
	unsigned trail;		/* places behind when it did */
	bool finding;		/* the prompt is open for a search in the top one */
	bool again;		/* the next line is for the top one */
	bool replace;		/* so the result that comes takes the place of the top one */
	bool unwanted;		/* and that one was closed meanwhile */
	bool computing;		/* the runner makes a sheet */
	struct strbuf next;	/* the line that was asked for since, "" */
};

/* The sheet that is in front, or NULL. */
struct sheet *sheets_top(const struct sheets *s);
/* Takes the view and the edition over. */
void sheets_push(struct sheets *s, struct shown *shown, struct edition *edition);
void sheets_pop(struct sheets *s);
void sheets_finish(struct sheets *s);

/* The command that makes the sheet, or would make it with the outlook o (NULL: its own);
 * without a store: show VIEW --name VALUE ... */
void sheet_add_line(const struct sheet *s, const struct outlook *o, struct strbuf *b);
/* The view's row that a row of the list is. */
uint64_t sheet_row(const struct sheet *s, uint64_t row);
/* Rows of the view's table, in a frame. */
void sheet_draw(struct sheet *s, const struct term *term, struct rect r, bool focus);
/* Columns scroll behind the main one; false: there are no more. */
bool sheet_scroll(struct sheet *s, int by);
/* The next row that holds the query, from the cursor in direction by; `here`: the
 * cursor's row counts. Gives up after a while. */
enum sheet_found { SHEET_FOUND, SHEET_NOT_FOUND, SHEET_GAVE_UP };
enum sheet_found sheet_find(struct sheet *s, struct str query, int by, bool here);
/* Texts of the cursor's row that the table had to cut. */
void sheet_add_cut(struct sheet *s, const struct term *term, struct strbuf *b);
/* The cursor goes to the row or spot that stands there. */
void sheet_click(struct sheet *s, struct rect r, int y, int x);
/* What the cursor is at; false: nothing. */
bool sheet_at(const struct sheet *s, struct view_target *t);
/* Where the cursor stands in r. */
void sheet_cursor(const struct sheet *s, struct rect r, int *y, int *x);

/* --- sheet_page.c: the same as charts */
/* The spot under the cursor; NULL: there is none, or rows are shown. */
const struct page_spot *sheet_spot(const struct sheet *s);
void sheet_page_move(struct sheet *s, int dy, int dx);
void sheet_page_scroll(struct sheet *s, int64_t lines);
void sheet_page_draw(struct sheet *s, const struct term *t, struct rect in, bool focus);
void sheet_page_click(struct sheet *s, struct rect in, int y, int x);
void sheet_page_place(const struct sheet *s, struct strbuf *b);
void sheet_page_cursor(const struct sheet *s, struct rect in, int *y, int *x);

#endif
