/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thread per errand, which counts an eventfd up at its end: the loop polls that, then joins. */
#include "config.h"

#include "tui/errand.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/scope.h"
#include "base/thread.h"

#define NICE 10

bool errand_open(struct errand *e, struct err *err)
{
	e->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return e->done >= 0 || err_errno(err, errno, "eventfd");
}

static void *run(void *arg)
{
	struct errand *e = arg;
	uint64_t one = 1;
	ssize_t ignored;

	if (e->gives_way)
		thread_give_way(NICE);
	e->work(e->ctx);
	ignored = write(e->done, &one, sizeof one);
	(void)ignored;
	return NULL;
}

int errand_start(struct errand *e, void (*work)(void *ctx), void *ctx)
{
	int fail;

	assert(!e->busy);
	job_init(&e->job);
	e->work = work;
	e->ctx = ctx;
	fail = thread_start(&e->thread, run, e);
	e->busy = fail == 0;
	return fail;
}

void errand_cancel(struct errand *e)
{
	atomic_store(&e->job.cancel, true);
}

static void finish(struct errand *e)
{
	if (e->busy)
		pthread_join(e->thread, NULL);
	e->busy = false;
}

bool errand_take(struct errand *e)
{
	uint64_t n;

	if (read(e->done, &n, sizeof n) != (ssize_t)sizeof n)
		return false;
	finish(e);
	return true;
}

void errand_close(struct errand *e)
{
	errand_cancel(e);
	finish(e);
	scope_close(&e->done);
}
