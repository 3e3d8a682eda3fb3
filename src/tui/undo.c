/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sights behind and ahead; the oldest gives way. */
#include "config.h"

#include "tui/undo.h"

#include <string.h>

void sight_copy(struct sight *to, const struct sight *from)
{
	outlook_copy(&to->asked, &from->asked);
	for (int p = 0; p < PANES; p++)
		outlook_copy(&to->own[p], &from->own[p]);
	to->zoom = from->zoom;
}

static bool own_same(const struct sight *a, const struct sight *b, uint64_t asks)
{
	for (int p = 0; p < PANES; p++)
		if (!outlook_same(&a->own[p], &b->own[p], asks))
			return false;
	return true;
}

bool sight_same(const struct sight *a, const struct sight *b)
{
	return a->zoom == b->zoom && outlook_same(&a->asked, &b->asked, UINT64_MAX) &&
	       own_same(a, b, UINT64_MAX);
}

static void add_name(struct strbuf *b, const char *name)
{
	strbuf_addf(b, "%s%s", b->len ? ", " : "", name);
}

void sight_add_changes(const struct sight *a, const struct sight *b, struct strbuf *text)
{
	for (enum ask_id i = 0; i < ASK_IDS; i++)
		if (!outlook_same(&a->asked, &b->asked, UINT64_C(1) << i))
			add_name(text, ask_table[i].name);
	if (!own_same(a, b, MAY(SORT)))
		add_name(text, ask_table[ASK_SORT].name);
	if (!own_same(a, b, MAY(MODEL)))
		add_name(text, "what ranks complements");
	if (a->zoom != b->zoom)
		add_name(text, "zoom");
}

void sight_finish(struct sight *s)
{
	outlook_finish(&s->asked);
	for (int p = 0; p < PANES; p++)
		outlook_finish(&s->own[p]);
}

void undo_cut(struct undo *u)
{
	while (u->n > u->at)
		sight_finish(&u->was[--u->n]);
}

void undo_note(struct undo *u, const struct sight *now)
{
	if (u->at && u->at == u->n && sight_same(now, &u->was[u->at - 1]))
		return;
	undo_cut(u);
	if (u->n == UNDO_MAX) {
		sight_finish(&u->was[0]);
		memmove(u->was, u->was + 1, (UNDO_MAX - 1) * sizeof u->was[0]);
		u->n--;
	}
	u->was[u->n] = (struct sight){0};
	sight_copy(&u->was[u->n++], now);
	u->at = u->n;
}

/* was[at] is free for `now` while someone walks among the old ones. */
static void exchange(struct sight *place, struct sight *now)
{
	struct sight then = *place;

	*place = *now;
	*now = then;
}

bool undo_back(struct undo *u, struct sight *now)
{
	if (u->at == 0)
		return false;
	exchange(&u->was[--u->at], now);
	return true;
}

bool undo_forward(struct undo *u, struct sight *now)
{
	if (u->at == u->n)
		return false;
	exchange(&u->was[u->at++], now);
	return true;
}

void undo_finish(struct undo *u)
{
	u->at = 0;
	undo_cut(u);
}
