/* SPDX-License-Identifier: GPL-3.0-or-later */
/* worker: the thread that opens views, so that the one that draws never waits. */
#ifndef TUI_WORKER_H
#define TUI_WORKER_H

#include "tui/opener.h"

struct worker;

bool worker_create(struct worker **w, struct opener_options o, struct err *err);
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
