/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tree: the categories that are unfolded, as rows. */
#ifndef TUI_TREE_H
#define TUI_TREE_H

#include "tui/layout.h"
#include "tui/list.h"
#include "tui/edition.h"
#include "tui/lens.h"
#include "tui/term.h"

struct tree {
	const struct catalog *cat;	/* borrowed */
	bool *open;			/* (categories) */
	uint32_t *row;			/* (list.count); CATALOG_NONE: all products */
	struct list list;
};

void tree_init(struct tree *t, const struct catalog *cat);
void tree_finish(struct tree *t);
/* The same branches open in another generation. */
void tree_move(struct tree *t, const struct edition *from, const struct edition *to);

/* The category under the cursor; CATALOG_NONE: all products. */
uint32_t tree_at(const struct tree *t);
/* Put the cursor on a category, opening what is above it. */
void tree_show(struct tree *t, uint32_t category);
/* Open the branch under the cursor; false: it is open or has nothing in it. */
bool tree_open(struct tree *t);
/* Close it, or go up to the branch it is in. */
void tree_close(struct tree *t);
/* lens: the filter that counts the products of categories, or NULL. */
void tree_draw(struct tree *t, const struct term *term, struct rect r,
	       const struct lens *lens, bool focus);

#endif
