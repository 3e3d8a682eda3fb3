/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where panes stand, by the size of the screen and what a person widened. */
#include "config.h"

#include "tui/layout.h"

#include <assert.h>
#include <string.h>

#define MIN_ROWS 8
#define MIN_COLS 40
#define PANES_ROWS 18
#define PANES_COLS 60
#define THREE_COLS 100
#define FOUR_COLS 160
#define COLUMN_MIN 16

/* Cut `h` rows off the top of r. */
static struct rect cut_top(struct rect *r, int h)
{
	struct rect part = {r->y, r->x, h, r->w};

	r->y += h;
	r->h -= h;
	return part;
}

/* Cut `w` columns off the left of r. */
static struct rect cut_left(struct rect *r, int w)
{
	struct rect part = {r->y, r->x, r->h, w};

	r->x += w;
	r->w -= w;
	return part;
}

static int columns_of(const struct layout *l)
{
	return l->form == LAYOUT_FOUR ? 4 : l->form == LAYOUT_THREE ? 3 :
	       l->form == LAYOUT_TWO ? 2 : 1;
}

/* Cut column i off, `percent` of the screen and what a person added; every column
 * behind it keeps its least width. */
static struct rect cut_column(const struct layout *l, struct rect *r,
			      const struct layout_wish *w, int i, int percent)
{
	int behind = (columns_of(l) - 1 - i) * COLUMN_MIN;
	int cells = l->body.w * percent / 100 + w->wider[l->form][i];

	assert(percent >= 0 && percent <= 100);
	if (cells > r->w - behind)
		cells = r->w - behind;
	return cut_left(r, cells < COLUMN_MIN ? COLUMN_MIN : cells);
}

static void layout_two(struct layout *l, const struct layout_wish *w)
{
	enum pane_id focus = w->focus;
	struct rect right = l->body, left;
	bool over = focus == PANE_TRANSITIONS;

	l->form = LAYOUT_TWO;
	left = cut_column(l, &right, w, 0, 45);
	/* Categories open over the products, transitions over the panels, and all
	 * that is known of the product over both. */
	l->pane[focus == PANE_CATEGORIES ? PANE_CATEGORIES : PANE_PRODUCTS] = left;
	if (focus == PANE_SELECTED) {
		l->selected_framed = true;
		l->pane[PANE_SELECTED] = right;
		return;
	}
	l->pane[PANE_SELECTED] = cut_top(&right, 3);
	if (over) {
		l->pane[PANE_TRANSITIONS] = right;
		return;
	}
	l->flow = (struct rect){right.y + right.h - 1, right.x, 1, right.w};
	right.h--;
	l->pane[PANE_SIMILAR] = cut_top(&right, (right.h + 1) / 2);
	l->pane[PANE_COMPLEMENTARY] = right;
}

static void layout_three(struct layout *l, const struct layout_wish *w)
{
	struct rect right = l->body;

	l->form = LAYOUT_THREE;
	l->selected_framed = true;
	l->pane[PANE_CATEGORIES] = cut_column(l, &right, w, 0, 20);
	l->pane[PANE_PRODUCTS] = cut_column(l, &right, w, 1, 40);
	l->pane[PANE_SELECTED] = cut_top(&right, right.h >= 30 ? 7 : 5);
	l->pane[PANE_SIMILAR] = cut_top(&right, right.h * 37 / 100);
	l->pane[PANE_COMPLEMENTARY] = cut_top(&right, right.h * 55 / 100);
	l->pane[PANE_TRANSITIONS] = right;
}

static void layout_four(struct layout *l, const struct layout_wish *w)
{
	struct rect right = l->body;
	struct rect middle;

	l->form = LAYOUT_FOUR;
	l->selected_framed = true;
	l->pane[PANE_CATEGORIES] = cut_column(l, &right, w, 0, 13);
	l->pane[PANE_PRODUCTS] = cut_column(l, &right, w, 1, 28);
	middle = cut_column(l, &right, w, 2, 34);
	l->pane[PANE_SELECTED] = cut_top(&middle, middle.h >= 30 ? 8 : 5);
	l->pane[PANE_SIMILAR] = cut_top(&middle, (middle.h + 1) / 2);
	l->pane[PANE_COMPLEMENTARY] = middle;
	l->pane[PANE_TRANSITIONS] = right;
}

/* Its cells go to the pane above or below it in its column, else to the columns beside. */
static void give_away(struct layout *l, enum pane_id hidden)
{
	struct rect gone = l->pane[hidden];
	bool given = false;

	l->pane[hidden] = (struct rect){0};
	for (int p = PANES - 1; p >= 0 && !given; p--) {
		struct rect *r = &l->pane[p];

		given = rect_shown(*r) && r->x == gone.x && r->w == gone.w &&
			(r->y + r->h == gone.y || r->y == gone.y + gone.h);
		l->selected_framed |= given && p == PANE_SELECTED;
		if (given && r->y > gone.y)
			r->y = gone.y;
		if (given)
			r->h += gone.h;
	}
	if (!given && rect_shown(l->flow)) {	/* the last above the one line of transitions */
		gone.h += l->flow.h;
		l->flow = (struct rect){0};
	}
	if (given || gone.h != l->body.h)
		return;
	for (int p = 0; p < PANES; p++)
		given |= rect_shown(l->pane[p]) && l->pane[p].x + l->pane[p].w == gone.x;
	for (int p = 0; p < PANES; p++) {
		struct rect *r = &l->pane[p];

		if (!rect_shown(*r) || (given ? r->x + r->w != gone.x : r->x != gone.x + gone.w))
			continue;
		r->w += gone.w;
		r->x -= given ? 0 : gone.w;
	}
}

static void hide(struct layout *l, const struct layout_wish *w)
{
	if (w->hidden >> PANE_TRANSITIONS & 1 && rect_shown(l->flow)) {
		for (int p = 0; p < PANES; p++)
			if (rect_shown(l->pane[p]) && l->pane[p].x == l->flow.x &&
			    l->pane[p].y + l->pane[p].h == l->flow.y)
				l->pane[p].h++;
		l->flow = (struct rect){0};
	}
	for (int p = 0; p < PANES; p++)
		if (w->hidden >> p & 1 && p != (int)w->focus && p != PANE_PRODUCTS &&
		    rect_shown(l->pane[p]))
			give_away(l, (enum pane_id)p);
}

void layout_make(struct layout *l, int rows, int cols, const struct layout_wish *w)
{
	assert(rows >= 0 && cols >= 0);
	memset(l, 0, sizeof *l);
	l->body = (struct rect){0, 0, rows, cols};
	if (rows < MIN_ROWS || cols < MIN_COLS) {
		l->form = LAYOUT_TOO_SMALL;
		return;
	}
	l->top = cut_top(&l->body, 1);
	if (w->chips)
		l->chips = cut_top(&l->body, 1);
	l->body.h -= 2;
	l->message = (struct rect){rows - 2, 0, 1, cols};
	l->footer = (struct rect){rows - 1, 0, 1, cols};
	if (w->zoom || rows < PANES_ROWS || cols < PANES_COLS) {
		l->form = LAYOUT_SINGLE;
		l->selected_framed = true;
		l->pane[w->focus] = l->body;
	} else if (cols < THREE_COLS) {
		layout_two(l, w);
	} else if (cols < FOUR_COLS) {
		layout_three(l, w);
	} else {
		layout_four(l, w);
	}
	if (l->form > LAYOUT_SINGLE)
		hide(l, w);
}

int layout_column(const struct layout *l, enum pane_id pane)
{
	int x = l->pane[pane].x, before = 0, seen[PANES];

	if (!rect_shown(l->pane[pane]))
		return -1;
	for (int p = 0; p < PANES; p++) {
		bool new = rect_shown(l->pane[p]) && l->pane[p].x < x;

		for (int i = 0; i < before; i++)
			new = new && seen[i] != l->pane[p].x;
		if (new)
			seen[before++] = l->pane[p].x;
	}
	return before;
}

struct rect rect_inside(struct rect r)
{
	if (r.h < 2 || r.w < 4)
		return (struct rect){r.y, r.x, 0, 0};
	return (struct rect){r.y + 1, r.x + 1, r.h - 2, r.w - 2};
}
