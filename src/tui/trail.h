/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trail: where a person has been, for going back and forward. */
#ifndef TUI_TRAIL_H
#define TUI_TRAIL_H

#include "tui/layout.h"
#include "tui/edition.h"

#define TRAIL_MAX 200

struct place {
	uint32_t category, product;	/* or CATALOG_NONE */
	enum pane focus;
	uint64_t above;			/* rows of the table above the cursor's */
	struct {
		uint64_t cursor, top;
	} list[PANES];			/* of the suggestion panes; top of the tree */
};

struct trail {
	struct place place[TRAIL_MAX];
	unsigned n, at;		/* places; how many lie behind */
};

/* Leave `here` for somewhere new: what lay ahead is forgotten. */
void trail_leave(struct trail *t, const struct place *here);
/* Exchange `here` for the place behind or ahead; false: there is none. */
bool trail_back(struct trail *t, const struct place *here, struct place *there);
bool trail_forward(struct trail *t, const struct place *here, struct place *there);
/* The same places in another generation; those that are gone are dropped. */
void trail_move(struct trail *t, const struct edition *from, const struct edition *to);

#endif
