/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks behind and ahead; the oldest gives way. */
#include "config.h"

#include "tui/undo.h"

#include <stdlib.h>
#include <string.h>

bool look_same(const struct look *a, const struct look *b)
{
	return strcmp(a->where ? a->where : "", b->where ? b->where : "") == 0 &&
	       a->category == b->category && strcmp(a->sort, b->sort) == 0 &&
	       a->reverse == b->reverse && a->multi == b->multi && a->zoom == b->zoom &&
	       a->same == b->same && a->level == b->level &&
	       strcmp(a->model, b->model) == 0;
}

void look_finish(struct look *o)
{
	free(o->where);
	*o = (struct look){0};
}

void undo_cut(struct undo *u)
{
	while (u->n > u->at)
		look_finish(&u->was[--u->n]);
}

void undo_note(struct undo *u, struct look *now)
{
	undo_cut(u);
	if (u->n == UNDO_MAX) {
		look_finish(&u->was[0]);
		memmove(u->was, u->was + 1, (UNDO_MAX - 1) * sizeof u->was[0]);
		u->n--;
	}
	u->was[u->n++] = *now;
	*now = (struct look){0};
	u->at = u->n;
}

/* was[at] is free for `now` while someone walks among the old ones. */
static void exchange(struct look *place, struct look *now, struct look *then)
{
	*then = *place;
	*place = *now;
	*now = (struct look){0};
}

bool undo_back(struct undo *u, struct look *now, struct look *then)
{
	if (u->at == 0)
		return false;
	exchange(&u->was[--u->at], now, then);
	return true;
}

bool undo_forward(struct undo *u, struct look *now, struct look *then)
{
	if (u->at == u->n)
		return false;
	exchange(&u->was[u->at++], now, then);
	return true;
}

void undo_move(struct undo *u, const struct edition *from, const struct edition *to)
{
	for (unsigned i = 0; i < u->n; i++)
		u->was[i].category = edition_category_in(from, u->was[i].category, to);
}

void undo_finish(struct undo *u)
{
	u->at = 0;
	undo_cut(u);
}
