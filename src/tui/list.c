/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cursor and page of rows that scroll. */
#include "config.h"

#include "tui/list.h"

void list_go(struct list *l, uint64_t row)
{
	l->cursor = row < l->count ? row : l->count ? l->count - 1 : 0;
}

void list_set(struct list *l, uint64_t count, uint64_t cursor)
{
	l->count = count;
	list_go(l, cursor);
	if (l->top > l->cursor)
		l->top = l->cursor;
}

void list_move(struct list *l, int64_t by)
{
	uint64_t up = by < 0 ? -(uint64_t)by : 0;

	if (by < 0)
		list_go(l, l->cursor > up ? l->cursor - up : 0);
	else if (l->cursor + (uint64_t)by >= l->cursor)
		list_go(l, l->cursor + (uint64_t)by);
}

void list_fit(struct list *l, unsigned page)
{
	uint64_t ahead;

	l->page = page ? page : 1;
	ahead = l->page / 3;
	list_go(l, l->cursor);
	/* A leap shows what is around its end. */
	if (l->cursor + l->page < l->top || l->cursor >= l->top + 2 * (uint64_t)l->page)
		l->top = l->cursor > l->page / 2 ? l->cursor - l->page / 2 : 0;
	if (l->cursor < l->top)
		l->top = l->cursor > ahead ? l->cursor - ahead : 0;
	if (l->cursor >= l->top + l->page)
		l->top = l->cursor - l->page + 1 + ahead;
	/* No empty lines below the last row while rows above are hidden. */
	if (l->top + l->page > l->count)
		l->top = l->count > l->page ? l->count - l->page : 0;
}
