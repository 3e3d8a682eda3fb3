/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marked rows of a list, as ascending numbers: they are of what is open, and gone with it. */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "base/out.h"
#include "base/sort.h"
#include "tui/draw.h"
#include "tui/pane.h"

static bool is_marked(const struct pane *p, uint64_t row)
{
	size_t at = sort_u64_before(p->marked, p->n_marked, row);

	return at < p->n_marked && p->marked[at] == row;
}

void pane_turn_mark(struct pane *p, uint64_t row)
{
	size_t at = sort_u64_before(p->marked, p->n_marked, row);
	size_t behind = p->n_marked - at;

	assert(row < p->list.count);
	if (is_marked(p, row)) {
		memmove(&p->marked[at], &p->marked[at + 1], (behind - 1) * sizeof *p->marked);
		p->n_marked--;
		return;
	}
	MEM_GROW(p->marked, p->marked_cap, p->n_marked + 1);
	memmove(&p->marked[at + 1], &p->marked[at], behind * sizeof *p->marked);
	p->marked[at] = row;
	p->n_marked++;
}

bool pane_write_taken(struct pane *p, enum format f, struct out *out, struct err *err)
{
	size_t n = p->n_marked ? p->n_marked : 1;
	SCOPED_FREE uint64_t *row = mem_alloc(n * sizeof *row);
	struct view *some;
	bool ok;

	row[0] = pane_row(p, p->list.cursor);
	for (size_t i = 0; i < p->n_marked; i++)
		row[i] = pane_row(p, p->marked[i]);
	some = view_some(pane_view(p), row, n);
	ok = view_write(some, f, 0, n, out, err);
	view_some_destroy(some);
	return ok;
}

void pane_draw_marks(const struct pane *p, const struct term *t, struct rect r)
{
	struct rect at = {0, r.x, 1, 1};
	int first, x;

	if ((!p->n_marked && !p->chosen) || p->chart || !pane_view(p))
		return;
	pane_cursor(p, r, &first, &x);
	first -= (int)(p->list.cursor - p->list.top);
	for (unsigned i = 0; i < p->list.page; i++) {
		uint64_t row = p->list.top + i;

		at.y = first + (int)i;
		if (at.y >= r.y + r.h - 1)
			break;
		if (row >= p->chosen_from && row - p->chosen_from < p->chosen)
			draw_text(t, at, STR("v"), STYLE_KEY);
		else if (is_marked(p, row))
			draw_text(t, at, STR("*"), STYLE_KEY);
	}
}
