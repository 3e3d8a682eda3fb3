/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new thread inherits what is blocked where it is made. */
#include "config.h"

#include "base/thread.h"

#include <signal.h>

int thread_start(pthread_t *t, void *(*run)(void *ctx), void *ctx)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
	sigset_t set, old;
	int fail;

	sigfillset(&set);
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		sigdelset(&set, faults[i]);
	pthread_sigmask(SIG_SETMASK, &set, &old);
	fail = pthread_create(t, NULL, run, ctx);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return fail;
}
