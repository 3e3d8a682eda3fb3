/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks at how long the runner and the worker are at it whenever the loop comes by. */
#include "config.h"

#include "tui/budget.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "tui/state.h"

#define LOOK 0.25	/* s between two looks */
#define GRACE_TIMES 3	/* of the seconds; then it is no use waiting */

void budget_check(struct explorer *e)
{
	double most = e->budget.seconds, runs, opens;

	if (!most)
		return;
	runs = runner_seconds(e->runner);
	opens = worker_seconds(e->worker);
	if (runs > most) {
		runner_cancel(e->runner);
		e->budget.command = true;
	}
	if (opens > most) {
		for (unsigned s = 0; s < SLOTS; s++)
			worker_cancel(e->worker, s);
		e->panes.wanted = 0;
		explorer_message(e, "that took longer than the %g s that visitors have", most);
		e->message.error = true;
	}
	if (fmax(runs, opens) > GRACE_TIMES * most)
		e->quit = true;
}

double budget_wait(const struct explorer *e)
{
	return e->budget.seconds && (runner_busy(e->runner) || worker_busy(e->worker))
		? LOOK : INFINITY;
}

static void on_alarm(int sig)
{
	static const char text[] = "aisle: a command took too long and could not be stopped\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);

	(void)sig;
	(void)ignored;
	quick_exit(err_exit_code(ERR_LOCKED));
}

void budget_leave(const struct budget *b)
{
	if (!b->seconds)
		return;
	signal(SIGALRM, on_alarm);
	alarm(1);
}
