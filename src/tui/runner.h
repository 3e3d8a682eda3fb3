/* SPDX-License-Identifier: GPL-3.0-or-later */
/* runner: one command of the ':' line at a time, in a thread of its own. */
#ifndef TUI_RUNNER_H
#define TUI_RUNNER_H

#include "base/err.h"
#include "base/job.h"
#include "base/scope.h"
#include "base/str.h"
#include "tui/lens.h"

struct args;
struct cmd_env;
struct command;
struct runner;

/* What runs; edition and lens (NULL: none) are lent: references are taken. */
struct running {
	struct edition *edition;
	struct lens *lens;	/* through which one looks: an export shares what it has read */
	const struct command *command;
	struct args *args;	/* become the runner's */
	struct str line;	/* as typed */
};

/* What a command left behind; borrowed from the runner. */
struct runner_result {
	const char *line;	/* as typed */
	struct str output, said;	/* data, and messages for people */
	struct err err;		/* ERR_NONE: it went well */
};

bool runner_create(struct runner **r, struct err *err);
/* Cancels the command and waits for it. */
void runner_destroy(struct runner *r);
SCOPED_DEFINE(runner)

int runner_fd(const struct runner *r);	/* readable when it has finished */
bool runner_busy(const struct runner *r);
/* Since the command was started; 0: none runs. */
double runner_seconds(const struct runner *r);
void runner_cancel(struct runner *r);
/* Start. Not while it is busy. The environment is copied; out, job, store, counted and say are
 * the runner's own. */
bool runner_start(struct runner *r, const struct cmd_env *env, struct running what,
		  struct err *err);
/* Its result, once; NULL when nothing has finished. Valid until the next start. */
const struct runner_result *runner_take(struct runner *r);
/* How far it is, for the message line. */
void runner_progress(struct runner *r, struct strbuf *b);

#endif
