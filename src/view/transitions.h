/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transitions: what the view of that name knows, for its rows and its heat map. */
#ifndef VIEW_TRANSITIONS_H
#define VIEW_TRANSITIONS_H

#include "panel/flow.h"
#include "view/view.h"

struct transitions {
	const struct catalog *cat;
	struct flow flow;
	uint32_t *order;	/* (n_rows) or NULL */
};

/* transitions_page.c: category x category; the ground says what the view is sorted by,
 * n without. */
void transitions_page(struct view *v, void *state, struct page *p);
void transitions_words(struct view *v, void *state, struct strbuf *b);

/* --- transitions_sketch.c */
void transitions_say(struct view *v, void *state, uint64_t i, struct strbuf *sentence,
		     struct strbuf *what);
void transitions_draw(struct view *v, void *state, struct sketch *s);

#endif
