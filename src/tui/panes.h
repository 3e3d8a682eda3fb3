/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panes: the six that stand side by side and the sheets over them: what they ask for, which
 * one is in front, and where its cursor is. */
#ifndef TUI_PANES_H
#define TUI_PANES_H

#include "tui/pane.h"

struct explorer;

/* How panes that belong to another product than the selected one look. */
enum late {
	LATE_NOT,	/* as ever: they are right, or will be before one sees it */
	LATE_NAMED,	/* their titles name the product that they belong to */
	LATE_DIM,	/* and all of them is dim */
};

struct panes {
	struct pane at[PANES];
	enum pane_id focus;
	struct layout layout;
	struct layout_wish wish;	/* wider; the rest is set at every frame */
	unsigned numbers;		/* of requests so far */
	uint32_t chosen;		/* product selected last, kept while a filter hides it */
	bool walks;			/* the tree's cursor moved since it got the focus */

	struct pane *sheet;		/* (n) the last one is on top */
	size_t n, cap;
	bool away;			/* the panes are in front: Enter went there */
	unsigned trail;			/* places behind when it did */
	unsigned wanted;		/* request of the sheet that is being made, or 0 */
	const struct view_class *wanted_class;
	struct outlook wanted_as;	/* what that was asked */
	bool replaces;			/* it takes the place of the top one */
	struct strbuf making;		/* its command */
};

void panes_start(struct explorer *e);
void panes_finish(struct panes *p);
/* The sheet that is in front, or NULL. */
struct pane *panes_sheet(const struct explorer *e);
/* That, or the focused pane. */
struct pane *panes_front(struct explorer *e);
/* The selected product, the one that the front points at; or CATALOG_NONE. */
uint32_t panes_selected(const struct explorer *e);
uint32_t panes_pointed(struct explorer *e);
/* What a pane is asked, the outlook of its command. */
void panes_outlook(const struct explorer *e, enum pane_id at, struct outlook *o);
/* The filter that a pane is counted under, or NULL; borrowed. */
struct lens *panes_lens(const struct explorer *e, enum pane_id at);
/* The command that prints what is in front. */
void panes_add_line(struct explorer *e, struct strbuf *b);
/* The cursor of that pane leads the others: it selects what they are about. */
bool pane_leads(enum pane_id at);

/* Ask for rows of a category (CATALOG_NONE: all), cursor on `select`. */
void explorer_ask_table(struct explorer *e, uint32_t category, uint32_t select);
/* Ask for what is about the product under the cursor, where it is another. */
void explorer_ask_panels(struct explorer *e);
/* Forget what panes asked for and ask again: filter, model or import are others. */
void explorer_again(struct explorer *e);
void panes_forget(struct explorer *e);
/* Another order of the pane or sheet in front. */
void panes_sort(struct explorer *e, const char *column, bool turned);
/* The same order, and by that column where it says nothing. */
void panes_sort_then(struct explorer *e, const char *column);
/* What the rows that are seen say later, and more rows where there are only the first. */
void panes_say(struct explorer *e);
/* Some of what is on the screen belongs to another product. */
bool explorer_stale(const struct explorer *e);
enum late explorer_late(const struct explorer *e);

/* Open a view as a sheet; replaces: instead of the one in front. */
void sheet_open(struct explorer *e, const struct view_class *c, const struct outlook *o,
		bool replaces);
/* Its rows as a text, the output of that line (line_printed). */
struct printing {
	struct str line;
	enum format format;
};
void sheet_print(struct explorer *e, const struct view_class *c, const struct outlook *o,
		 struct printing what);
/* Something to be shown or written is being made: panes.making says what. */
bool panes_making(const struct explorer *e);
/* No more; false: nothing was. */
bool panes_stop_making(struct explorer *e);
/* The one in front with another value of an ask (STR_NULL: without it). */
void sheet_ask(struct explorer *e, enum ask_id id, struct str value);
/* The store was imported again: open it once more. */
void sheet_refresh(struct explorer *e);
void sheet_close(struct explorer *e);
/* A result of SLOT_SHEET, which becomes the sheets'. */
void sheet_take(struct explorer *e, struct opened *r);

#endif
