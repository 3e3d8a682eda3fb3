/* SPDX-License-Identifier: GPL-3.0-or-later */
/* noted: rows of a view as a note keeps them, and what has become of them since. */
#ifndef VIEW_NOTED_H
#define VIEW_NOTED_H

#include "view/view.h"

struct arena;

/* Put what the view was asked, and its rows [first, first + n), into the object: view, asks,
 * first, columns and rows of vet/notes.h. */
void noted_take(struct view *v, uint64_t first, uint64_t n, json_t *note);
/* What a note's view was asked; its class, or NULL: this program has no such view. */
const struct view_class *noted_asked(const json_t *note, struct outlook *o);
/* Have the view list as far as the rows that were seen, and so far that one which fell a little
 * is found: lists are usually shorter than a screen. */
void noted_reach(const json_t *note, const struct view_class *c, struct outlook *o);
/* The command that shows it: "show similar --product 7". */
void noted_command(const json_t *note, struct strbuf *b);

struct noted_row {
	struct str label;	/* in the arena, as all texts */
	struct str moved;	/* "n 153 > 160, lift 29 > 31"; of a row that is gone that it is */
};
/* What differs in the view as it is now. */
struct noted_since {
	unsigned values, moved;	/* that were kept; of them */
	struct noted_row *row;	/* (n) that have one that moved, in their order */
	unsigned n;
};
void noted_compare(const json_t *note, struct view *now, struct arena *arena,
		   struct noted_since *since);

#endif
