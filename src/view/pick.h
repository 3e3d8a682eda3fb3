/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pick: rows of any view chosen and ordered by what its columns say. */
#ifndef VIEW_PICK_H
#define VIEW_PICK_H

#include "view/view.h"

#define PICK_KEYS 2

struct sort_key {
	unsigned column;	/* from n_columns on: attributes of the rows' products */
	bool up;		/* A to Z, the least first */
};

/* Both take rows (n), or NULL: all of the view's, and give others, which are the caller's to
 * free. Every row is made once: O(n). Errors: ERR_USAGE for a name that is no column and all
 * that a filter can have wrong; ERR_CANCELLED, ERR_NOMEM. */
bool pick_having(struct view *v, struct str filter, uint64_t **rows, uint64_t *n,
		 struct job *job, struct err *err);
/* Rows without a value come last; those that are equal keep their order. */
bool pick_sorted(struct view *v, const struct sort_key *key, unsigned keys, uint64_t **rows,
		 uint64_t *n, struct job *job, struct err *err);
/* Would the text do as a filter of that class's rows? Appends its canonical form. */
bool pick_check(const struct view_class *c, struct str filter, struct strbuf *b,
		struct err *err);

#endif
