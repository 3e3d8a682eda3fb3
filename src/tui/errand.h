/* SPDX-License-Identifier: GPL-3.0-or-later */
/* errand: one piece of work at a time in a thread of its own, beside the loop. */
#ifndef TUI_ERRAND_H
#define TUI_ERRAND_H

#include <pthread.h>

#include "base/err.h"
#include "base/job.h"

struct errand {
	pthread_t thread;
	bool busy;		/* the thread exists */
	bool gives_way;		/* to all others; set it before a start */
	int done;		/* eventfd: readable when the work was done */
	struct job job;		/* of the work that is being done, or was last */
	void (*work)(void *ctx);
	void *ctx;
};
bool errand_open(struct errand *e, struct err *err);
/* Ends what runs. */
void errand_close(struct errand *e);
/* While it isn't busy: work(ctx) begins, with a new job, as by thread_start (base/thread.h). An
 * errno, 0 when it did begin. */
int errand_start(struct errand *e, void (*work)(void *ctx), void *ctx);
void errand_cancel(struct errand *e);
/* True once for each that was done; it isn't busy any more. */
bool errand_take(struct errand *e);

#endif
