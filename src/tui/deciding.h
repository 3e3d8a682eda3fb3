/* SPDX-License-Identifier: GPL-3.0-or-later */
/* deciding: verdicts under keys, and those that others give meanwhile. */
#ifndef TUI_DECIDING_H
#define TUI_DECIDING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct explorer;
struct aside;
struct pane;
struct verdicts;

/* Rows of a list, from the one where v was pressed to the cursor. */
struct range {
	unsigned number;	/* of the request that the list came of; 0: there is no range */
	uint64_t anchor;
	uint64_t low, high;	/* rows [low, high) have been on the screen since */
};

/* What of the list in front stands in a frame; number 0: no list does. */
struct in_frame {
	unsigned number;	/* of the request that the list came of */
	uint64_t row, top, end;	/* the cursor's, and rows [top, end) */
	uint32_t product, with;	/* what the cursor is at */
};

struct deciding {
	struct verdicts *verdicts;	/* NULL: nobody has decided here yet */
	struct strbuf who;		/* --as, or the login name */
	struct aside *aside;		/* of a kiosk, whose decisions go with it */
	uint64_t known;			/* of those that are shown, about */
	bool behind;			/* others wrote since they were followed */
	double followed;		/* when that was, time_now_monotonic */
	struct aside *notes;		/* the same of notes */
	uint64_t last;			/* seq of the decision that c is about, 0: none */
	uint64_t drafted;		/* that whose rule was kept as a draft */
	uint64_t n;			/* decisions made with it, by one key */
	uint64_t group, undone;		/* decisions that the next u, the next Ctrl-R is about */
	struct range range;
	struct in_frame drawn, seen;	/* by the last frame; by the last that the terminal has */
	struct strbuf reasons;		/* NAME,NAME: a person's short list */
	/* The row that a sheet shall come back to. */
	bool returns;
	uint32_t product, with;
	uint64_t row, top;
};

void deciding_start(struct explorer *e, struct str who);
void deciding_finish(struct deciding *d);
/* A sheet came back: to the row that was aimed at. */
void deciding_return(struct explorer *e, struct pane *p);
/* The reason that was typed. */
void deciding_reason(struct explorer *e, struct str reason);
/* The review screen proposes a rule for what was just rejected: it is kept as a draft, once. */
bool deciding_draft(struct explorer *e);
/* Someone may decide here. */
bool deciding_may(const struct explorer *e);
/* All decisions, opened when first asked for; NULL, and said: they can't be read. */
struct verdicts *deciding_verdicts(struct explorer *e);
/* The panel that a list's decisions are kept under. */
struct str deciding_panel(const struct pane *p);
/* Ask again for what obeys verdicts; cursors stay. */
void deciding_show(struct explorer *e);
/* Its rows can be decided on. */
bool deciding_takes(const struct pane *p);

/* --- act_range.c */
/* The row under the cursor stands in a frame that the terminal has. */
bool deciding_saw(struct explorer *e);
/* A frame was drawn. */
void range_drawn(struct explorer *e);
/* A key came: what the terminal has acknowledged has been seen. A range of a list that was
 * made anew ends. */
void range_seen(struct explorer *e);
void range_end(struct explorer *e);
/* Rows that a decision is about, from *from: those of the range, or the cursor's alone. */
uint64_t range_rows(const struct explorer *e, const struct pane *p, uint64_t *from);
/* The row of the range has been on the screen. */
bool range_shown(const struct explorer *e, const struct pane *p, uint64_t row);
/* Panes know what of them is chosen, to draw it. */
void range_show(struct explorer *e);

/* A command has ended: what it decided aside is shown. */
void deciding_aside(struct explorer *e);
/* Someone wrote to the store's decisions: what is shown follows, twice a second at the most and
 * not before what it shows already is on the screen. Where many decide all the time every row
 * would be asked for again before anyone has seen it, and what wasn't seen can't be decided. */
void deciding_watch(struct explorer *e, double now);
/* Seconds until then; INFINITY: nobody wrote, or what is asked for has to come first. */
double deciding_wait(const struct explorer *e, double now);

#endif
