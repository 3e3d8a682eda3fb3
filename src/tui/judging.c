/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thread of the lowest priority opens the models of an edition once and asks them; what they
 * said of one product stays until another one is under review. */
#include "config.h"

#include "tui/judging.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/job.h"
#include "base/mem.h"
#include "suggest/opinion.h"

#define NICE 10
#define SECONDS 2.0	/* after which no model is begun with */

struct judging {
	pthread_t thread;
	bool busy;		/* the thread exists */
	int done;		/* eventfd */
	struct job job;
	struct edition *edition;	/* a reference: whose models are open; NULL: none are */
	bool opened;
	struct judges judges;
	uint32_t product;	/* that is being asked about */
	struct opinions said;	/* by the thread while it is busy */
	bool known;		/* they are of `product` */
};

bool judging_create(struct judging **out, struct err *err)
{
	struct judging *j = mem_zalloc(sizeof *j);

	j->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	j->product = CATALOG_NONE;
	if (j->done < 0) {
		free(j);
		return err_errno(err, errno, "eventfd");
	}
	*out = j;
	return true;
}

static void *run(void *arg)
{
	struct judging *j = arg;
	uint64_t one = 1;
	ssize_t ignored;
	struct err err;

	(void)setpriority(PRIO_PROCESS, 0, NICE);	/* of this thread alone */
	if (!j->opened)
		judges_open(&j->judges, j->edition->store);
	j->opened = true;
	j->known = opinions_ask(&j->said, &j->judges, j->edition->store, j->product, SECONDS,
				&j->job, &err);
	ignored = write(j->done, &one, sizeof one);
	(void)ignored;
	return NULL;
}

static void finish(struct judging *j)
{
	if (j->busy)
		pthread_join(j->thread, NULL);
	j->busy = false;
}

static void close_models(struct judging *j)
{
	judges_finish(&j->judges);
	edition_destroy(j->edition);
	j->edition = NULL;
	j->opened = j->known = false;
	j->product = CATALOG_NONE;
}

void judging_destroy(struct judging *j)
{
	if (!j)
		return;
	atomic_store(&j->job.cancel, true);
	finish(j);
	close_models(j);
	scope_close(&j->done);
	free(j);
}

int judging_fd(const struct judging *j)
{
	return j->done;
}

bool judging_busy(const struct judging *j)
{
	return j->busy;
}

bool judging_take(struct judging *j)
{
	uint64_t n;

	if (read(j->done, &n, sizeof n) != (ssize_t)sizeof n)
		return false;
	finish(j);
	return true;
}

static void start(struct judging *j, struct edition *edition, uint32_t product)
{
	sigset_t all, old;

	if (j->edition != edition)
		close_models(j);
	if (!j->edition)
		j->edition = edition_ref(edition);
	job_init(&j->job);
	j->product = product;
	j->known = false;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	j->busy = pthread_create(&j->thread, NULL, run, j) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

void judging_add(struct judging *j, struct edition *edition, const uint32_t pair[2],
		 struct strbuf *b)
{
	bool same = j->edition == edition && j->product == pair[0];

	if (same && !j->busy && j->known)
		opinions_add(&j->said, pair[1], b);
	else if (j->busy && !same)
		atomic_store(&j->job.cancel, true);	/* it is begun when that one has ended */
	else if (!j->busy && !same)
		start(j, edition, pair[0]);
}
