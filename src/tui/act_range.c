/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A range goes from the row where v was pressed to the cursor. What of the list stood on the
 * screen since is kept as one stretch around its beginning: whatever a key skipped over, or a
 * slow line hasn't shown yet, is in the range and is not decided.
 */
#include "config.h"

#include "tui/state.h"

static bool is_of(const struct range *r, const struct pane *p)
{
	return r->number && pane_view(p) && p->shown->asked.number == r->number;
}

void range_end(struct explorer *e)
{
	e->deciding.range = (struct range){0};
}

static struct in_frame front_of(struct explorer *e)
{
	struct pane *p = panes_front(e);
	struct view_target t;

	if (e->menu.open || e->pager.open || p->chart || pane_stale(p) || !pane_at(p, &t))
		return (struct in_frame){0};
	return (struct in_frame){
		p->shown->asked.number, p->list.cursor, p->list.top,
		p->list.top + p->list.page, t.product, t.with,
	};
}

void range_drawn(struct explorer *e)
{
	e->deciding.drawn = front_of(e);
}

bool deciding_saw(struct explorer *e)
{
	const struct in_frame *s = &e->deciding.seen;
	struct in_frame now = front_of(e);

	return now.number && now.number == s->number && now.row == s->row &&
	       now.product == s->product && now.with == s->with;
}

void range_seen(struct explorer *e)
{
	struct range *r = &e->deciding.range;
	const struct in_frame *s = &e->deciding.seen;

	if (!e->pace.waiting)
		e->deciding.seen = e->deciding.drawn;
	if (r->number && !is_of(r, panes_front(e)) && !e->menu.open && !e->pager.open) {
		range_end(e);
		explorer_message(e, "the list is another one: v begins a range again");
	}
	if (r->number != s->number || s->top > r->high || s->end < r->low)
		return;
	r->low = s->top < r->low ? s->top : r->low;
	r->high = s->end > r->high ? s->end : r->high;
}

uint64_t range_rows(const struct explorer *e, const struct pane *p, uint64_t *from)
{
	const struct range *r = &e->deciding.range;
	uint64_t a = r->anchor, b = p->list.cursor;

	*from = b;
	if (!is_of(r, p))
		return 1;
	*from = a < b ? a : b;
	return (a < b ? b - a : a - b) + 1;
}

bool range_shown(const struct explorer *e, const struct pane *p, uint64_t row)
{
	const struct range *r = &e->deciding.range;

	return !is_of(r, p) || (row >= r->low && row < r->high);
}

void range_show(struct explorer *e)
{
	struct pane *p = panes_front(e);

	for (int i = 0; i < PANES; i++)
		e->panes.at[i].chosen = 0;
	p->chosen = is_of(&e->deciding.range, p) ? range_rows(e, p, &p->chosen_from) : 0;
}

/* On suggestions; elsewhere what the cursor is on becomes a filter, and a map has taken the
 * key before. */
void act_range(struct explorer *e, uint64_t count)
{
	struct range *r = &e->deciding.range;
	struct pane *p = panes_front(e);

	(void)count;
	if (is_of(r, p)) {
		range_end(e);
		explorer_message(e, "no range any more");
	} else if (p->chart || !p->list.count || pane_stale(p) || !deciding_takes(p)) {
		filter_by_cursor(e);
	} else {
		*r = (struct range){p->shown->asked.number, p->list.cursor, p->list.cursor,
				    p->list.cursor + 1};
		range_seen(e);
		explorer_message(e, "a range: j and k make it longer, a x . p decide all of it, v "
				 "ends it");
	}
	e->dirty = true;
}
