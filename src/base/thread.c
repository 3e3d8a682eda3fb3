/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new thread inherits what is blocked where it is made. */
#include "config.h"

#include "base/thread.h"

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>

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

void thread_give_way(int nice)
{
	struct sched_param none = {0};

	(void)pthread_setschedparam(pthread_self(), SCHED_BATCH, &none);
	(void)setpriority(PRIO_PROCESS, 0, nice);	/* 0: this thread alone */
}
