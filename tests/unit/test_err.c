/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/err.h"

#include <errno.h>

#include "base/job.h"
#include "base/time.h"
#include "unit.h"

static void text_and_code(void **state)
{
	struct err err = {0};

	assert_false(err_fail(&err, ERR_FORMAT, "line %d: %s", 7, "price is empty"));
	assert_int_equal(err.code, ERR_FORMAT);
	assert_string_equal(err.text, "line 7: price is empty");
	assert_false(err_context(&err, "%s", "log.csv"));
	assert_string_equal(err.text, "log.csv: line 7: price is empty");
	assert_int_equal(err.code, ERR_FORMAT);
	/* nobody cares: nothing happens */
	assert_false(err_fail(NULL, ERR_NO, "x"));
	assert_false(err_context(NULL, "x"));
	assert_false(err_errno(NULL, EIO, "x"));
}

static void own_text_as_argument(void **state)
{
	struct err err = {0};

	err_fail(&err, ERR_NO, "inner");
	err_fail(&err, ERR_STORE, "outer (%s)", err.text);
	assert_string_equal(err.text, "outer (inner)");
}

static void cut_between_characters(void **state)
{
	char euros[3 * 600 + 1];
	struct err err;

	for (size_t i = 0; i < sizeof euros - 1; i += 3)
		memcpy(euros + i, "\xe2\x82\xac", 3);
	euros[sizeof euros - 1] = '\0';
	for (int lead = 0; lead < 3; lead++) {
		size_t len;

		err_fail(&err, ERR_NO, "%.*s%s", lead, "ab", euros);
		len = strlen(err.text);
		assert_in_range(len, sizeof err.text - 4, sizeof err.text - 1);
		assert_int_equal((len - (size_t)lead) % 3, 0);
		/* and once more through a full text */
		err_context(&err, "c");
		assert_int_equal((strlen(err.text) - (size_t)lead) % 3, 0);
	}
}

static void system_errors(void **state)
{
	struct err err;

	err_errno(&err, ENOSPC, "writing %s", "a");
	assert_int_equal(err.code, ERR_NOSPACE);
	assert_string_equal(err.text, "writing a: disk full");
	err_errno(&err, EDQUOT, "x");
	assert_int_equal(err.code, ERR_NOSPACE);
	err_errno(&err, ENOMEM, "x");
	assert_int_equal(err.code, ERR_NOMEM);
	err_errno(&err, EPIPE, "x");
	assert_int_equal(err.code, ERR_PIPE);
	err_errno(&err, EACCES, "x");
	assert_int_equal(err.code, ERR_IO);
}

static void exit_codes(void **state)
{
	assert_int_equal(err_exit_code(ERR_NONE), 0);
	assert_int_equal(err_exit_code(ERR_NO), 1);
	assert_int_equal(err_exit_code(ERR_FORMAT), 1);
	assert_int_equal(err_exit_code(ERR_USAGE), 2);
	assert_int_equal(err_exit_code(ERR_STORE), 3);
	assert_int_equal(err_exit_code(ERR_LOCKED), 4);
	assert_int_equal(err_exit_code(ERR_IO), 5);
	assert_int_equal(err_exit_code(ERR_NOSPACE), 5);
	assert_int_equal(err_exit_code(ERR_NOMEM), 5);
	assert_int_equal(err_exit_code(ERR_PIPE), 0);
	assert_int_equal(err_exit_code(ERR_CANCELLED), 130);
}

static void remember(void *ctx, const char *text)
{
	snprintf(ctx, 32, "%s", text);
}

static void jobs(void **state)
{
	char seen[32] = "";
	struct job job;
	struct err err;

	job_init(&job);
	job.notice = remember;
	job.notice_ctx = seen;
	job_step(&job, "reading", 10);
	job_advance(&job, 4);
	job_advance(&job, 3);
	assert_int_equal(atomic_load(&job.done), 7);
	assert_int_equal(atomic_load(&job.total), 10);
	assert_string_equal(atomic_load(&job.step), "reading");
	job_step(&job, "counting", 0);
	assert_int_equal(atomic_load(&job.done), 0);
	job_notice(&job, "%d rows", 3);
	assert_string_equal(seen, "3 rows");
	assert_true(job_check(&job, &err));
	atomic_store(&job.cancel, true);
	assert_false(job_check(&job, &err));
	assert_int_equal(err.code, ERR_CANCELLED);
	/* its time */
	atomic_store(&job.cancel, false);
	atomic_store(&job.until, time_now_monotonic() + 1e6);
	assert_true(job_check(&job, &err));
	assert_false(job_late(&job));
	atomic_store(&job.until, 1e-9);
	assert_false(job_check(&job, &err));
	assert_true(job_late(&job));
	atomic_store(&job.until, 0);
	assert_true(job_check(&job, &err));
	/* without a job */
	assert_false(job_late(NULL));
	job_step(NULL, "x", 1);
	job_advance(NULL, 1);
	job_notice(NULL, "x");
	assert_true(job_check(NULL, &err));
}

UNIT_TESTS(err, UNIT(text_and_code), UNIT(own_text_as_argument),
	   UNIT(cut_between_characters), UNIT(system_errors), UNIT(exit_codes),
	   UNIT(jobs))
