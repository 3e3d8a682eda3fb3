/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counters that one thread writes and any other reads. */
#include "config.h"

#include "base/job.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "base/time.h"

void job_init(struct job *j)
{
	atomic_init(&j->cancel, false);
	atomic_init(&j->until, 0);
	atomic_init(&j->step, "");
	atomic_init(&j->unit, "rows");
	atomic_init(&j->done, 0);
	atomic_init(&j->total, 0);
	atomic_init(&j->rows, 0);
	atomic_init(&j->rejected, 0);
	atomic_init(&j->loss, 0);
	j->notice = NULL;
	j->notice_ctx = NULL;
}

void job_step(struct job *j, const char *step, uint64_t total)
{
	assert(step);
	if (!j)
		return;
	atomic_store_explicit(&j->done, 0, memory_order_relaxed);
	atomic_store_explicit(&j->loss, 0, memory_order_relaxed);
	atomic_store_explicit(&j->total, total, memory_order_relaxed);
	atomic_store_explicit(&j->step, step, memory_order_release);
}

void job_advance(struct job *j, uint64_t n)
{
	if (j)
		atomic_fetch_add_explicit(&j->done, n, memory_order_relaxed);
}

bool job_late(struct job *j)
{
	double until = j ? atomic_load_explicit(&j->until, memory_order_relaxed) : 0;

	return until > 0 && time_now_monotonic() > until;
}

bool job_check(struct job *j, struct err *err)
{
	if (!job_cancelled(j))
		return true;
	return err_fail(err, ERR_CANCELLED, "stopped");
}

void job_notice(struct job *j, const char *fmt, ...)
{
	STRBUF(text);
	va_list ap;

	if (!j || !j->notice)
		return;
	va_start(ap, fmt);
	strbuf_vaddf(&text, fmt, ap);
	va_end(ap);
	j->notice(j->notice_ctx, strbuf_c(&text));
}
