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

void trail_move(struct trail *t, const struct edition *from, const struct edition *to)
{
	unsigned kept = 0, at = 0;

	for (unsigned i = 0; i < t->n; i++) {
		struct place p = t->place[i];
		bool lost;

		lost = p.product != CATALOG_NONE;
		p.category = edition_category_in(from, p.category, to);
		p.product = edition_product_in(from, p.product, to);
		if (lost && p.product == CATALOG_NONE)
			continue;
		if (i < t->at)
			at++;
		t->place[kept++] = p;
	}
	t->n = kept;
	t->at = at;
}
