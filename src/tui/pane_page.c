/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Panes as charts: a canvas that scrolls, and a cursor that goes from spot to spot. */
#include "config.h"

#include <stdlib.h>

#include "tui/draw.h"
#include "tui/pane.h"

#define PAGE_LEAST 38	/* cells; a narrower screen scrolls */

static void make(struct pane *s, const struct term *t, int h, int w)
{
	w = w > PAGE_LEAST ? w : PAGE_LEAST;
	if (s->page_w == w && (s->page_h == h || !s->page.fills))
		return;
	page_finish(&s->page);
	view_page(pane_view(s), (struct page_room){h, w, t->charts}, &s->page);
	s->page_w = w;
	s->page_h = h;
	if (s->spot >= s->page.n)
		s->spot = s->page.n ? s->page.n - 1 : 0;
}

const struct page_spot *pane_spot(const struct pane *s)
{
	return s->chart && s->spot < s->page.n ? &s->page.spot[s->spot] : NULL;
}

static int clamp(int x, int least, int most)
{
	return x > most ? (most > least ? most : least) : x < least ? least : x;
}

/* Bring [from, end) into the part of the canvas that is seen. */
static int reveal(int top, int seen, int freeze, int from, int end)
{
	if (from < freeze)
		return top;
	if (end - top > seen)
		top = end - seen;
	return from - top < freeze ? from - freeze : top;
}

static void scroll_to(struct pane *s, int top, int left)
{
	s->top = clamp(top, 0, s->page.canvas.h - s->seen_h);
	s->left = clamp(left, 0, s->page.canvas.w - s->seen_w);
}

static void reveal_spot(struct pane *s)
{
	const struct page_spot *p = pane_spot(s);

	if (p)
		scroll_to(s, reveal(s->top, s->seen_h, s->page.freeze_y, p->y, p->y + 1),
		       reveal(s->left, s->seen_w, s->page.freeze_x, p->x, p->x + p->w));
}

static bool seen(const struct pane *s, const struct page_spot *p)
{
	return p->y < s->page.freeze_y ||
	       (p->y >= s->top + s->page.freeze_y && p->y < s->top + s->seen_h);
}

/* The nearest spot in a direction, or SIZE_MAX. Away from the way costs more. */
static size_t nearest(const struct pane *s, int dy, int dx)
{
	const struct page_spot *here = &s->page.spot[s->spot];
	size_t best = SIZE_MAX;
	int64_t cost = INT64_MAX;

	for (size_t i = 0; i < s->page.n; i++) {
		const struct page_spot *p = &s->page.spot[i];
		int64_t y = p->y - here->y, x = p->x - here->x;
		int64_t ahead = dy ? y * dy : x * dx, aside = dy ? x : y, c;

		if (ahead <= 0 || (dx && aside && llabs(aside) > ahead))
			continue;
		c = dy ? ahead * 4 + llabs(aside) * 2 : ahead + llabs(aside) * 8;
		if (c < cost) {
			cost = c;
			best = i;
		}
	}
	return best;
}

void pane_page_move(struct pane *s, int dy, int dx)
{
	size_t to = s->spot < s->page.n ? nearest(s, dy, dx) : SIZE_MAX;

	/* What lies between two spots is read by scrolling past it. */
	if (dy && (to == SIZE_MAX || !seen(s, &s->page.spot[to]))) {
		int top = s->top;

		scroll_to(s, s->top + dy, s->left);
		if (to != SIZE_MAX && seen(s, &s->page.spot[to]))
			s->spot = to;
		else if (top == s->top && to != SIZE_MAX)
			s->spot = to, reveal_spot(s);
		return;
	}
	if (to == SIZE_MAX) {
		scroll_to(s, s->top, s->left + 8 * dx);
		return;
	}
	s->spot = to;
	reveal_spot(s);
}

/* The first spot that is seen takes the cursor, from the end when going up. */
static void settle(struct pane *s, bool up)
{
	size_t found = SIZE_MAX;

	if (s->spot < s->page.n && seen(s, &s->page.spot[s->spot]))
		return;
	for (size_t i = 0; i < s->page.n; i++) {
		const struct page_spot *p = &s->page.spot[i];

		if (!seen(s, p))
			continue;
		if (found == SIZE_MAX || (up ? p->y > s->page.spot[found].y
					     : p->y < s->page.spot[found].y))
			found = i;
	}
	if (found != SIZE_MAX)
		s->spot = found;
}

void pane_page_scroll(struct pane *s, int64_t lines)
{
	int64_t top = s->top + lines;

	scroll_to(s, top < 0 ? 0 : top > s->page.canvas.h ? s->page.canvas.h : (int)top, s->left);
	settle(s, lines < 0);
}

static void draw_row(const struct pane *s, const struct term *t, struct rect in, int row,
		     int y)
{
	const struct page_spot *p = pane_spot(s);
	int still = row < s->page.still_y ? in.w : s->page.freeze_x;
	int frozen = still < in.w ? still : in.w;
	int mark = p && p->y == y ? p->x : -1, end = mark >= 0 ? p->x + p->w : -1;

	ink_draw(t, &s->page.canvas, (struct rect){y, 0, 1, frozen}, in.y + row, in.x,
		 mark, end);
	ink_draw(t, &s->page.canvas,
		 (struct rect){y, s->left + frozen, 1, s->seen_w - frozen}, in.y + row,
		 in.x + frozen, mark, end);
}

void pane_page_draw(struct pane *s, const struct term *t, struct rect in, bool focus)
{
	make(s, t, in.h, in.w);
	s->seen_h = in.h;
	s->seen_w = in.w;
	/* Half a column would show half a number. */
	if (s->page.step_x > 0 && s->page.canvas.w > in.w && in.w > s->page.freeze_x)
		s->seen_w -= (in.w - s->page.freeze_x) % s->page.step_x;
	scroll_to(s, s->top, s->left);
	for (int row = 0; row < in.h; row++)
		draw_row(s, t, in, row, row < s->page.freeze_y ? row : s->top + row);
}

void pane_page_click(struct pane *s, struct rect in, int y, int x)
{
	int row = y - in.y, col = x - in.x;

	row += row >= s->page.freeze_y ? s->top : 0;
	col += col >= s->page.freeze_x ? s->left : 0;
	for (size_t i = 0; i < s->page.n; i++) {
		const struct page_spot *p = &s->page.spot[i];

		if (p->y == row && col >= p->x && col < p->x + p->w)
			s->spot = i;
	}
}

void pane_page_place(const struct pane *s, struct strbuf *b)
{
	int end = s->top + s->seen_h;

	if (s->page.canvas.h <= s->seen_h)
		return;
	strbuf_addf(b, "lines %d-%d of %d", s->top + 1,
		    end < s->page.canvas.h ? end : s->page.canvas.h, s->page.canvas.h);
}

void pane_page_cursor(const struct pane *s, struct rect in, int *y, int *x)
{
	const struct page_spot *p = pane_spot(s);
	int px = p ? p->x - (p->x >= s->page.freeze_x ? s->left : 0) : 0;
	int py = p ? p->y - (p->y >= s->page.freeze_y ? s->top : 0) : 0;

	*y = in.y + clamp(py, 0, in.h - 1);
	*x = in.x + clamp(px, 0, in.w - 1);
}
