/* SPDX-License-Identifier: GPL-3.0-or-later */
/* front: the command line's side of a cmd_env. */
#ifndef CLI_FRONT_H
#define CLI_FRONT_H

#include "base/job.h"
#include "cmd/cmd.h"

struct plain;
struct progress;

struct front {
	struct cmd_env env;
	struct job job;
	struct progress *progress;
	struct strbuf sandbox;	/* what cmd_env.sandbox says */
	bool quiet, verbose;
	/* the shell's */
	bool quit;
	unsigned hidden;	/* enum store_hidden */
	double seconds;		/* that a line may take; 0: any */
	struct plain *plain;	/* the explorer in lines, or NULL */
	struct {
		bool set;
		struct strbuf value;
	} setting[OPT_IDS];
};

/* One line on stderr, with nothing in it that drives a terminal. */
void front_say(void *front, const char *text);
void front_error(const struct err *err);
/* SIGINT and SIGTERM cancel the job; the second one ends the program. */
void front_signals(struct job *job);
/* Run a parsed command; the output is flushed when it succeeded. */
bool front_run(struct front *f, const struct command *c, struct args *a,
	       struct err *err);

#endif
