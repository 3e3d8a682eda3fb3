/* SPDX-License-Identifier: GPL-3.0-or-later */
/* undo: how things were looked at before, to be had back. */
#ifndef TUI_UNDO_H
#define TUI_UNDO_H

#include "panel/panel.h"
#include "store/trained.h"
#include "tui/edition.h"

#define UNDO_MAX 100

/* All that a change of the view can change. */
struct look {
	char *where;		/* the filter's text, owned; NULL: none */
	uint32_t category;	/* or CATALOG_NONE */
	char sort[32];
	bool reverse, multi, zoom;
	enum same_category same;
	char model[TRAINED_NAME_MAX + 1];
	unsigned level;
};

struct undo {
	struct look was[UNDO_MAX];
	unsigned n, at;		/* outlooks; how many lie behind */
};

bool look_same(const struct look *a, const struct look *b);
void look_finish(struct look *o);
/* `now` is about to change: it becomes the stack's. What was undone is forgotten. */
void undo_note(struct undo *u, struct look *now);
/* Exchange `now` (which becomes the stack's) for the outlook behind or ahead (which
 * becomes the caller's); false: there is none, and nothing changes hands. */
bool undo_back(struct undo *u, struct look *now, struct look *then);
bool undo_forward(struct undo *u, struct look *now, struct look *then);
/* The same in another generation; categories that are gone become all products. */
void undo_move(struct undo *u, const struct edition *from, const struct edition *to);
/* What was undone can't be had again. */
void undo_cut(struct undo *u);
void undo_finish(struct undo *u);

#endif
