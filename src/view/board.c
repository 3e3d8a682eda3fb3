/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boxes are sketches in places of their own. */
#include "config.h"

#include "view/board.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "view/view_impl.h"

void view_board(struct view *v, struct board *b)
{
	assert(b->row < view_count(v));
	b->row = view_state_row(v, b->row);
	view_class_of(v)->board(v, view_state(v), b);
}

void board_finish(struct board *b)
{
	for (unsigned i = 0; i < b->n; i++) {
		strbuf_finish(&b->box[i].title);
		strbuf_finish(&b->box[i].right);
		sketch_finish(&b->box[i].s);
	}
	strbuf_finish(&b->head);
}

struct board_box *board_add(struct board *b, int y, int x, int h, int w)
{
	struct board_box *k;

	assert(b->n < BOARD_BOXES);
	k = &b->box[b->n++];
	*k = (struct board_box){.y = y, .x = x, .h = h, .w = w, .here = -1};
	k->s = (struct sketch){.h = h - 2, .w = w - 2, .marks = b->marks,
			       .arena = arena_create()};
	k->s.n = (unsigned)(h > 2 ? h - 2 : 0);
	k->s.faint = memset(arena_alloc(k->s.arena, k->s.n + 1), 0, k->s.n + 1);
	k->s.struck = memset(arena_alloc(k->s.arena, k->s.n + 1), 0, k->s.n + 1);
	return k;
}
