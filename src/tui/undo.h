/* SPDX-License-Identifier: GPL-3.0-or-later */
/* undo: how things were looked at before, to be had back. */
#ifndef TUI_UNDO_H
#define TUI_UNDO_H

#include "ask/outlook.h"
#include "tui/layout.h"

#define UNDO_MAX 100

/* All that a change of the view can change: texts, which outlive an import. */
struct sight {
	struct outlook asked;		/* of all panes */
	struct outlook own[PANES];	/* of one: its order, what ranks it */
	bool zoom;
};
void sight_copy(struct sight *to, const struct sight *from);
bool sight_same(const struct sight *a, const struct sight *b);
/* "where, sort and zoom": in what they differ. */
void sight_add_changes(const struct sight *a, const struct sight *b, struct strbuf *text);
void sight_finish(struct sight *s);

struct undo {
	struct sight was[UNDO_MAX];
	unsigned n, at;		/* sights; how many lie behind */
};

/* `now` is about to change. What was undone is forgotten; what is on top already is not
 * noted twice. */
void undo_note(struct undo *u, const struct sight *now);
/* Exchange *now for the sight behind or ahead; false: there is none. */
bool undo_back(struct undo *u, struct sight *now);
bool undo_forward(struct undo *u, struct sight *now);
/* What was undone can't be had again. */
void undo_cut(struct undo *u);
void undo_finish(struct undo *u);

#endif
