/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chips: the filter as its terms, each to be added, edited and taken away alone. */
#ifndef TUI_CHIPS_H
#define TUI_CHIPS_H

#include "base/err.h"
#include "base/str.h"
#include "tui/layout.h"
#include "tui/prompt.h"

#define CHIPS_SEEN 16
#define CHIPS_NAMED 32

struct explorer;

struct chips {
	bool tried;		/* the filter is new: undone if the store refuses it */
	unsigned instead;	/* the chip that the prompt's text replaces, or UINT_MAX */
	struct rect at[CHIPS_SEEN];	/* where they are, for the mouse */
	struct {
		char *term, *name;
	} named[CHIPS_NAMED];	/* what terms that were marked on charts are called; the oldest
				   gives way */
	unsigned names;		/* so far */
};

unsigned chips_count(const struct explorer *e);
/* Another filter (NULL: none) that parses; asks for nothing. */
void chips_put(struct explorer *e, const char *where);
/* The same filter on the edition that is open now. */
void chips_move(struct explorer *e);
/* All of it, typed by a person; "none" or nothing takes it away. */
bool chips_set(struct explorer *e, struct str text, struct err *err);
/* A term that was marked on a chart or list becomes a filter for all panes, which come to the
 * front; name: what its chip is called, or nothing. */
void chips_brush(struct explorer *e, struct str term, struct str name);
void chips_finish(struct chips *c);
void chips_remove(struct explorer *e, unsigned i);
/* Of the sheet in front, if there is one; so do the prompt and the menu. */
void chips_clear(struct explorer *e);
/* The store has not what the new filter names: the one before is back. false: it was
 * not new. */
bool chips_refused(struct explorer *e);
void chips_prompt(struct explorer *e, unsigned instead, struct str text, size_t cursor);
void chips_typed(struct explorer *e, enum prompt_result r, struct str text);
void chips_menu(struct explorer *e);
void chips_draw(struct explorer *e, struct rect r);

#endif
