/* SPDX-License-Identifier: GPL-3.0-or-later */
/* suggestions: the panes of what follows from the selected product. */
#ifndef TUI_SUGGESTIONS_H
#define TUI_SUGGESTIONS_H

#include "tui/layout.h"
#include "tui/list.h"
#include "tui/term.h"
#include "tui/worker.h"

/* How a pane of suggestions stands on the screen. */
struct suggest {
	const struct term *term;
	const struct panels_result *shown;	/* NULL: nothing computed yet */
	bool named;	/* it belongs to another product and has to say so */
	bool dim;	/* and looks like it */
	bool counting;	/* it belongs to another filter */
	bool focus;
};

/* The source in four cells, for narrow panes. */
const char *suggest_source_short(enum panel_source s);
/* Similar (number 3) or complementary (4) products. */
void suggest_draw(const struct suggest *s, enum panel_kind kind, struct list *list,
		  struct rect r);
/* Transitions of the category: rows of bars with both ends of the interval. */
void suggest_flow(const struct suggest *s, struct list *list, struct rect r);
/* The largest of them in one line. */
void suggest_flow_line(const struct suggest *s, struct rect r);
/* The product itself, from the catalog; CATALOG_NONE: none is selected. */
void suggest_product(const struct term *term, const struct catalog *cat,
		     uint32_t product, struct rect r, bool framed, bool focus);

#endif
