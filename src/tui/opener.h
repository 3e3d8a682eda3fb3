/* SPDX-License-Identifier: GPL-3.0-or-later */
/* opener: opens views, and keeps what they borrow from one to the next. */
#ifndef TUI_OPENER_H
#define TUI_OPENER_H

#include <stdatomic.h>

#include "ask/outlook.h"
#include "base/job.h"
#include "base/scope.h"
#include "base/str.h"
#include "suggest/queue.h"
#include "tui/edition.h"
#include "tui/layout.h"
#include "tui/lens.h"
#include "view/view.h"

struct aside;
struct loan;
struct pool;

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
struct opened *opened_ref(struct opened *o);
void opened_destroy(struct opened *o);	/* gives a reference back */
SCOPED_DEFINE(opened)
void opening_free(struct opening *o);

struct opener_options {
	unsigned threads; /* count what is filtered; 0: all */
	/* For tests: a delay of every panel; and about so many sessions from which a
	 * product's counts are estimated however little time all of them would take, 0: no. */
	unsigned slow_ms, sample;
};
/* Of one thread. Zero but for the options until the first view; opener_finish. */
struct opener {
	struct opener_options options;
	struct aside *aside, *notes;	/* decisions and notes beside the store's; others' */
	struct job job;			/* of what is being done */
	struct pool *pool;		/* NULL until something is filtered */
	struct loan *model, *vetting;	/* what was asked for last, or NULL */
	double read_at;			/* when decisions were looked at last */
	struct queue_keep queue;	/* the review queue, as it was opened last */
	struct edition *queue_of;	/* a reference: its edition, or NULL */
};
/* Open or write what r asks for; false with r->err. */
bool opener_open(struct opener *x, struct opened *r);
/* The threads, which are started with the first thing that takes long. */
struct pool *opener_pool(struct opener *x);
void opener_finish(struct opener *x);

#endif
