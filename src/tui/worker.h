/* SPDX-License-Identifier: GPL-3.0-or-later */
/* worker: the thread that opens views, so that the one that draws never waits. */
#ifndef TUI_WORKER_H
#define TUI_WORKER_H

#include <stdatomic.h>

#include "ask/outlook.h"
#include "base/scope.h"
#include "base/str.h"
#include "tui/edition.h"
#include "tui/layout.h"
#include "tui/lens.h"
#include "view/view.h"

struct loan;
struct aside;
struct worker;

/* Who wants a view: each of the six panes, a sheet, a file. The newest that a slot asks for
 * wins. */
enum {
	SLOT_SHEET = PANES,
	SLOT_FILE,
	SLOTS,
};

struct opening {
	unsigned slot;
	unsigned number;		/* of the request, from 1, higher for newer ones */
	const struct view_class *class;
	struct outlook outlook;		/* its own */
	struct edition *edition;	/* a reference that it owns */
	struct lens *lens;		/* a reference too: the filter, counted once for all that
					   share it; NULL: none */
	bool some;		/* tests of the filter that the view doesn't take are let be */
	bool hurry;		/* for a pane: soon, and in full later */
	bool more;		/* of a sheet that has its first rows (view_is_partial) */
	uint32_t select;	/* find the row of that product, or CATALOG_NONE */
	unsigned rows;		/* that are seen at once */
	double asked_at;	/* time_now_monotonic; worker_ask fills it in */
	char *path;		/* of a file to be written instead, or NULL */
	char *line;		/* the command whose output that is instead, or NULL */
	enum format format;
};

/* What came of it; shared by reference. */
struct opened {
	atomic_uint refs;
	struct opening asked;
	struct view *view;	/* NULL: err says why, or a file was written */
	struct loan *model, *vetting;	/* what the view borrows, or NULL */
	uint64_t row;		/* of `select`, else 0 */
	uint64_t blank;		/* bit per column: the data set can't say it */
	char sampled[160];	/* what was estimated, ""; exact counts follow then */
	double sample_error;	/* live_sample_error of that */
	uint64_t said;		/* rows before this one have all that view_later makes */
	struct strbuf text;	/* of asked.line */
	struct err err;
};
void opened_destroy(struct opened *o);	/* gives a reference back */
SCOPED_DEFINE(opened)

struct worker_options {
	unsigned threads; /* count what is filtered; 0: all */
	/* For tests: a delay of every panel; and about so many sessions from which a
	 * product's counts are estimated however little time all of them would take, 0: no. */
	unsigned slow_ms, sample;
};
bool worker_create(struct worker **w, struct worker_options o, struct err *err);
/* Before anything is asked: decisions are those of the store and of `aside`, notes those of
 * `notes`, which outlive it. */
void worker_keep_aside(struct worker *w, struct aside *aside, struct aside *notes);
/* Cancels what is being done and waits for it. */
void worker_destroy(struct worker *w);
SCOPED_DEFINE(worker)

/* Readable when results are there: of panes that belong together all at once. */
int worker_fd(const struct worker *w);
/* The request becomes the worker's; an older one of its slot is cancelled and its result
 * never seen. Slots of panes are served first. */
void worker_ask(struct worker *w, struct opening *o);
/* The result of a slot's newest request, once, or NULL. Estimates are followed by a second
 * one of the same number. */
struct opened *worker_take(struct worker *w, unsigned slot);
/* What rows [o->said, end) say later (view_later); the newest call of a slot wins. */
void worker_say(struct worker *w, struct opened *o, uint64_t end);
/* That, once: a reference to what it is of, and more, both the caller's. end: rows before
 * it are said then. */
struct opened *worker_take_said(struct worker *w, unsigned slot, struct view_more **more,
				uint64_t *end);
/* Forget what the slot asked for. */
void worker_cancel(struct worker *w, unsigned slot);
/* Something was asked whose result has not been taken; of that slot. */
bool worker_busy(struct worker *w);
/* What is being done now takes so long already, in s; 0: nothing is. */
double worker_seconds(struct worker *w);
bool worker_waits(struct worker *w, unsigned slot);
/* How far what is being done is: ": counting 40%". */
void worker_progress(struct worker *w, struct strbuf *b);

#endif
