/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress: shows on stderr how far a job is. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>

#include "base/scope.h"
#include "base/str.h"

struct job;
struct progress;

enum progress_form {
	PROGRESS_BAR,	/* one line of a terminal, ten times a second */
	PROGRESS_LINES,	/* a line per step and every five seconds */
};

/* Start a thread that shows the job until progress_destroy. NULL (nothing is
 * shown) when no thread can be had. */
struct progress *progress_start(struct job *job, enum progress_form form);
/* Takes the bar away. */
void progress_destroy(struct progress *p);

#endif
