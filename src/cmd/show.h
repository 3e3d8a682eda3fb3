/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show: the view that a `show` command names, for front ends that draw it themselves. */
#ifndef CMD_SHOW_H
#define CMD_SHOW_H

#include "ask/outlook.h"
#include "base/err.h"
#include "base/scope.h"

struct args;
struct cmd_env;
struct pool;
struct store;
struct view;

/* An open view and what it borrows. The store stays the caller's. */
struct shown {
	struct view *view;
	struct pool *pool;
	struct outlook outlook;	/* what was asked, for another store or another view */
};

/* As `show` with these arguments does it; the view's name is operand 0. Of env its threads, job
 * and what is kept in memory. Errors: those of view_open, and ERR_NO for what isn't in the
 * store. */
bool show_open(struct shown **s, const struct store *store, const struct args *a,
	       const struct cmd_env *env, struct err *err);
void shown_destroy(struct shown *s);
SCOPED_DEFINE(shown)

#endif
