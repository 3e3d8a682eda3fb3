/* SPDX-License-Identifier: GPL-3.0-or-later */
/* find: looking for a row of the pane in front, a slice of rows at a time. */
#ifndef TUI_FIND_H
#define TUI_FIND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/match.h"
#include "base/str.h"

struct explorer;

struct find {
	struct strbuf query;
	struct match match;
	bool typing;		/* the prompt is open: follow what is typed */
	bool scanning;
	uint64_t origin;	/* row where it began: Esc returns there */
	uint64_t row, left;	/* next row to look at; how many are left */
	int by;			/* +1 or -1 */
	unsigned in;		/* request of the pane whose rows they are */
	bool counting;		/* a row was found: how many hold it, which of them it is */
	uint64_t hits, place;
};

void find_open(struct explorer *e);
void find_typed(struct explorer *e);		/* the prompt's text changed */
void find_close(struct explorer *e, bool accepted);
void find_start(struct explorer *e, struct str query);
void find_again(struct explorer *e, int by);
/* Look at some rows; find.scanning tells whether more are left. */
void find_slice(struct explorer *e);
/* What stands out in the pane in front; NULL: nothing is looked for there. */
const struct match *find_shown(struct explorer *e);
/* Nothing stands out any more; false: nothing did. */
bool find_forget(struct explorer *e);
void find_finish(struct find *f);

#endif
