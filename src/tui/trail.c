/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places behind and ahead in one array; the oldest is forgotten. */
#include "config.h"

#include "tui/trail.h"

#include <string.h>

static void drop_oldest(struct trail *t)
{
	memmove(t->place, t->place + 1, (t->n - 1) * sizeof t->place[0]);
	t->n--;
	t->at--;
}

void trail_leave(struct trail *t, const struct place *here)
{
	t->n = t->at;
	if (t->n == TRAIL_MAX)
		drop_oldest(t);
	t->place[t->n++] = *here;
	t->at = t->n;
}

/* place[at] is free for `here` while someone walks among the old places. */
bool trail_back(struct trail *t, const struct place *here, struct place *there)
{
	if (t->at == 0)
		return false;
	t->at--;
	*there = t->place[t->at];
	t->place[t->at] = *here;
	return true;
}

bool trail_forward(struct trail *t, const struct place *here, struct place *there)
{
	if (t->at == t->n)
		return false;
	*there = t->place[t->at];
	t->place[t->at] = *here;
	t->at++;
	return true;
}

/* false: it is gone. */
static bool move_place(struct place *p, const struct edition *from, const struct edition *to)
{
	bool product = p->product != CATALOG_NONE;

	p->category = edition_category_in(from, p->category, to);
	p->product = edition_product_in(from, p->product, to);
	return !product || p->product != CATALOG_NONE;
}

void trail_move(struct trail *t, const struct edition *from, const struct edition *to)
{
	unsigned kept = 0, at = 0;

	for (unsigned i = 0; i < t->n; i++) {
		struct place p = t->place[i];

		if (!move_place(&p, from, to))
			continue;
		at += i < t->at;
		t->place[kept++] = p;
	}
	t->n = kept;
	t->at = at;
}

void marks_move(struct marks *m, const struct edition *from, const struct edition *to)
{
	for (int c = 0; c < MARKS; c++)
		m->set[c] = m->set[c] && move_place(&m->at[c], from, to);
}

void marks_add(const struct marks *m, struct strbuf *b)
{
	for (int c = 0; c < MARKS; c++)
		if (m->set[c])
			strbuf_addf(b, " %c", c);
}
