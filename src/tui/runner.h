/* SPDX-License-Identifier: GPL-3.0-or-later */
/* runner: one command of the ':' line at a time, in a thread of its own. */
#ifndef TUI_RUNNER_H
#define TUI_RUNNER_H

#include "base/err.h"
#include "base/job.h"
#include "base/scope.h"
#include "base/str.h"
#include "tui/edition.h"

struct args;
struct cmd_env;
struct command;
struct runner;
struct shown;

/* What a command left behind; borrowed from the runner. */
struct runner_result {
	const char *line;	/* as typed */
	struct str output, said;	/* data, and messages for people */
	struct err err;		/* ERR_NONE: it went well */
	struct shown *shown;	/* of runner_show: see runner_take_shown */
};

bool runner_create(struct runner **r, struct err *err);
/* Cancels the command and waits for it. */
void runner_destroy(struct runner *r);
SCOPED_DEFINE(runner)

int runner_fd(const struct runner *r);	/* readable when it has finished */
bool runner_busy(const struct runner *r);
void runner_cancel(struct runner *r);
/* Start; args become the runner's. Not while it is busy. The environment is
 * copied; out, job, store and say are the runner's own. */
bool runner_start(struct runner *r, const struct cmd_env *env, struct edition *edition,
		  const struct command *c, struct args *a, struct str line,
		  struct err *err);
/* The same for `show`: the view is opened, not printed. */
bool runner_show(struct runner *r, const struct cmd_env *env, struct edition *edition,
		 const struct command *c, struct args *a, struct str line, struct err *err);
/* The data of the next command go to a new file, which appears when it is whole. */
void runner_write_to(struct runner *r, const char *path);
/* Its result, once; NULL when nothing has finished. Valid until the next start. */
const struct runner_result *runner_take(struct runner *r);
/* The view that the last one opened and a reference to the edition that it reads: both
 * become the caller's. NULL: there is none. */
struct shown *runner_take_shown(struct runner *r, struct edition **edition);
/* How far it is, for the message line. */
void runner_progress(struct runner *r, struct strbuf *b);

#endif
