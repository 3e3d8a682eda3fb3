/* SPDX-License-Identifier: GPL-3.0-or-later */
/* category_tree: the category tree of a log, nodes in preorder. */
#ifndef IMPORT_CATEGORY_TREE_H
#define IMPORT_CATEGORY_TREE_H

#include "import/seen.h"

struct job;

struct category_tree {
	uint32_t n;
	struct tree_node {
		struct str id, name, path;
		struct str label;	/* the last part of its code, or "" */
		uint32_t parent, end;
		uint8_t depth;
	} *node;
	uint32_t *of;		/* (categories): node of a rank of ID_CATEGORY */
	struct arena *arena;
};
/* path_separator: between the parts of a code; 0: a point. job gets notices. */
bool category_tree_grow(struct category_tree *t, const struct seen *s, char path_separator,
			struct job *job, struct err *err);
void category_tree_finish(struct category_tree *t);
/* category_edges.c: up (categories): the rank of the parent or MAP_NONE; no cycles. */
bool category_edges(const struct seen *s, uint32_t *up, struct job *job, struct err *err);

#endif
