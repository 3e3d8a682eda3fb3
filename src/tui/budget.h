/* SPDX-License-Identifier: GPL-3.0-or-later */
/* budget: the seconds that a visitor's command or view may take. */
#ifndef TUI_BUDGET_H
#define TUI_BUDGET_H

#include <stdbool.h>

struct explorer;

struct budget {
	double seconds;		/* 0: there is none */
	bool command;		/* the command that runs was cancelled for it */
};

/* Cancel what has run too long; leave where that doesn't help. */
void budget_check(struct explorer *e);
/* Seconds until something may be due; INFINITY: nothing runs, or there is no budget. */
double budget_wait(const struct explorer *e);
/* The explorer leaves: what can't be stopped ends it. */
void budget_leave(const struct budget *b);

#endif
