/* SPDX-License-Identifier: GPL-3.0-or-later */
/* press: what keys do to a view by itself; those that it passes mean what they do everywhere. */
#ifndef VIEW_PRESS_H
#define VIEW_PRESS_H

#include "view/view.h"

enum press_key {
	PRESS_NONE,
	PRESS_DOWN,
	PRESS_UP,
	PRESS_LEFT,
	PRESS_RIGHT,
	PRESS_FIRST,
	PRESS_LAST,
	PRESS_HALF_DOWN,
	PRESS_HALF_UP,
	PRESS_PAGE_DOWN,
	PRESS_PAGE_UP,
	PRESS_FOLLOW,
	PRESS_CLOSE,
	PRESS_LEVEL,
	PRESS_BASKETS,
	PRESS_NEARER,
	PRESS_FARTHER,
	PRESS_WHOLE,
	PRESS_COLOUR,
	PRESS_TURN,
	PRESS_RANGE,
};

enum press_did {
	DID_PASS,	/* nothing */
	DID_TAKE,	/* it may look different now, or said why not */
	DID_ASK,	/* changed the outlook: the view is to be opened with it */
	DID_FILTER,	/* term is a filter for all panes */
};

struct press {
	enum press_key key;
	uint64_t count;		/* typed before it, or 0 */
	bool page;		/* charts are shown, not rows */
	uint64_t row;		/* of the cursor; may be moved */
	struct outlook *outlook;	/* that the view was opened with, to be changed */
	struct strbuf said;	/* for the message line */
	struct strbuf term, chip;	/* the filter, and what its chip is called */
};

enum press_did view_press(struct view *v, struct press *p);
void press_finish(struct press *p);

#endif
