/* SPDX-License-Identifier: GPL-3.0-or-later */
/* job: long work that reports how far it is and can be cancelled. */
#ifndef BASE_JOB_H
#define BASE_JOB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct err;

/*
 * Shared between the worker and whoever shows it. The worker adds to the
 * counters (relaxed atomics, batched) and polls job_cancelled in every loop
 * over a million items; the front end reads them when it likes. Notices
 * (warnings that don't stop the work) go to `notice`, which may be NULL and
 * may be called from any thread.
 */
struct job {
	atomic_bool cancel;
	_Atomic(double) until;		/* of time_now_monotonic: ends it as cancel does; 0: none */
	_Atomic(const char *) step;	/* "reading", "counting co-view" (static) */
	_Atomic(const char *) unit;	/* of done and total: "bytes", "rows", "words" */
	atomic_uint_fast64_t done, total;	/* of this step; total 0: unknown */
	atomic_uint_fast64_t rows, rejected;
	_Atomic(double) loss;		/* of training, of late; 0: none */
	void (*notice)(void *ctx, const char *text);
	void *notice_ctx;
};

void job_init(struct job *j);
/* Start a step; done and loss are set to 0. job may be NULL in every call. */
void job_step(struct job *j, const char *step, uint64_t total);
void job_advance(struct job *j, uint64_t n);
/* Its time is up. */
bool job_late(struct job *j);
static inline bool job_cancelled(struct job *j)
{
	return j && (atomic_load_explicit(&j->cancel, memory_order_relaxed) || job_late(j));
}
/* false with ERR_CANCELLED when it is cancelled. */
bool job_check(struct job *j, struct err *err);
void job_notice(struct job *j, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
