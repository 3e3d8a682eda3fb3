/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trail: where a person has been, for going back and forward, and places that were marked. */
#ifndef TUI_TRAIL_H
#define TUI_TRAIL_H

#include "base/str.h"
#include "tui/edition.h"
#include "tui/layout.h"

#define TRAIL_MAX 200

struct place {
	uint32_t category, product;	/* or CATALOG_NONE */
	enum pane_id focus;
	uint64_t above;			/* rows of the table above the cursor's */
	struct {
		uint64_t cursor, top;
	} list[PANES];			/* of the suggestion panes; top of the tree */
};

struct trail {
	struct place place[TRAIL_MAX];
	unsigned n, at;		/* places; how many lie behind */
};

#define MARKS 128	/* by ASCII character */

/* What the next key, which names a mark, is for. */
enum awaited {
	AWAIT_NOTHING,
	AWAIT_MARK,	/* to set it */
	AWAIT_JUMP,	/* to jump to it */
};

struct marks {
	enum awaited awaited;
	struct place at[MARKS];
	bool set[MARKS];
};

/* Leave `here` for somewhere new: what lay ahead is forgotten. */
void trail_leave(struct trail *t, const struct place *here);
/* Exchange `here` for the place behind or ahead; false: there is none. */
bool trail_back(struct trail *t, const struct place *here, struct place *there);
bool trail_forward(struct trail *t, const struct place *here, struct place *there);
/* The same places in another generation; those that are gone are dropped. */
void trail_move(struct trail *t, const struct edition *from, const struct edition *to);

/* The same of marks. */
void marks_move(struct marks *m, const struct edition *from, const struct edition *to);
/* " a b": those that are set. */
void marks_add(const struct marks *m, struct strbuf *b);

#endif
