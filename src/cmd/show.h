/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show: the view that a `show` command names, for front ends that draw it themselves. */
#ifndef CMD_SHOW_H
#define CMD_SHOW_H

#include "ask/outlook.h"
#include "base/err.h"
#include "base/scope.h"

struct args;
struct job;
struct pool;
struct store;
struct view;

/* An open view and what it borrows. The store stays the caller's. */
struct shown {
	struct view *view;
	struct pool *pool;
	struct outlook outlook;	/* what was asked, for another store or another view */
};

/* As `show` with these arguments does it; the view's name is operand 0. threads 0: all.
 * Errors: those of view_open, and ERR_NO for what isn't in the store. */
bool show_open(struct shown **s, const struct store *store, const struct args *a,
	       unsigned threads, struct job *job, struct err *err);
void shown_destroy(struct shown *s);
SCOPED_DEFINE(shown)

#endif
