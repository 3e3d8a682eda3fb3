/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

#include "unit.h"

#define TASKS 10000

struct seen {
	_Atomic unsigned times[TASKS];
	atomic_uint wrong_worker, unblocked;
	atomic_uint_fast64_t workers;	/* bits */
	unsigned threads;
	pthread_t caller;
};

static void look(void *ctx, size_t task, unsigned worker)
{
	struct seen *s = ctx;
	sigset_t set;

	atomic_fetch_add(&s->times[task], 1);
	atomic_fetch_or(&s->workers, UINT64_C(1) << worker);
	if (worker >= s->threads ||
	    (worker == 0) != (pthread_equal(pthread_self(), s->caller) != 0))
		atomic_fetch_add(&s->wrong_worker, 1);
	pthread_sigmask(SIG_BLOCK, NULL, &set);
	if (worker != 0 && !sigismember(&set, SIGINT))
		atomic_fetch_add(&s->unblocked, 1);
}

static void each_task_once(void **state)
{
	static const unsigned threads[] = {1, 2, 3, 8};
	static struct seen s;

	for (size_t k = 0; k < sizeof threads / sizeof *threads; k++) {
		SCOPED(pool) p = pool_create(threads[k]);

		memset(&s, 0, sizeof s);
		s.threads = pool_threads(p);
		s.caller = pthread_self();
		assert_int_equal(s.threads, threads[k]);
		for (unsigned round = 1; round <= 5; round++) {
			pool_run(p, TASKS, look, &s);
			for (size_t i = 0; i < TASKS; i++)
				assert_int_equal(s.times[i], round);
		}
		assert_int_equal(s.wrong_worker, 0);
		assert_int_equal(s.unblocked, 0);
	}
}

static void without_a_pool(void **state)
{
	static struct seen s;

	s.threads = pool_threads(NULL);
	s.caller = pthread_self();
	assert_int_equal(s.threads, 1);
	pool_run(NULL, 7, look, &s);
	pool_run(NULL, 0, look, &s);
	assert_int_equal(s.times[6], 1);
	assert_int_equal(s.wrong_worker, 0);
	pool_destroy(NULL);
}

static void default_size(void **state)
{
	SCOPED(pool) p = pool_create(0);

	assert_true(pool_threads(p) >= 1);
}

static void count(void *ctx, size_t task, unsigned worker)
{
	atomic_fetch_add((atomic_uint *)ctx, 1);
}

/* Many short rounds: a worker that comes late must not take part in the next. */
static void many_rounds(void **state)
{
	SCOPED(pool) p = pool_create(4);
	atomic_uint n = 0;

	for (unsigned i = 0; i < 5000; i++) {
		pool_run(p, i % 5, count, &n);
		pool_run(p, 2, count, &n);
	}
	assert_int_equal(n, 5000 * 2 + 1000 * 10);
}

#define ROWS 200001

static void look_at_rows(void *ctx, struct pool_rows rows, unsigned worker)
{
	_Atomic unsigned char *times = ctx;

	for (size_t i = rows.begin; i < rows.end; i++)
		atomic_fetch_add(&times[i], 1);
}

static void each_row_once(void **state)
{
	static const size_t some[] = {0, 1, 65535, 65536, 65537, ROWS};
	static _Atomic unsigned char times[ROWS + 1];

	for (unsigned threads = 1; threads <= 3; threads += 2) {
		SCOPED(pool) p = pool_create(threads);

		for (size_t k = 0; k < sizeof some / sizeof *some; k++) {
			memset(times, 0, sizeof times);
			pool_run_rows(p, some[k], look_at_rows, times);
			for (size_t i = 0; i <= ROWS; i++)
				assert_int_equal(times[i], i < some[k]);
		}
	}
}

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void idle_costs_nothing(void **state)
{
	SCOPED(pool) p = pool_create(4);
	struct timespec pause = {.tv_nsec = 200000000};
	atomic_uint n = 0;
	double before;

	pool_run(p, 100, count, &n);
	before = cpu_seconds();
	nanosleep(&pause, NULL);
	assert_true(cpu_seconds() - before < 0.02);
}

UNIT_TESTS(pool, UNIT(each_task_once), UNIT(without_a_pool), UNIT(default_size),
	   UNIT(many_rounds), UNIT(each_row_once),
	   UNIT(idle_costs_nothing))
