/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pool: the program's one set of worker threads. */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stddef.h>

#include "base/scope.h"

struct pool;

/* threads = 0: one per processor that this process may use. The caller's own
 * thread works too, so threads = 1 starts none. Where a thread can't be had the
 * pool has fewer. */
struct pool *pool_create(unsigned threads);
void pool_destroy(struct pool *p);
SCOPED_DEFINE(pool)
/* A NULL pool is one thread, here and in pool_run. */
unsigned pool_threads(const struct pool *p);

/*
 * Call work(ctx, task, worker) for every task in [0, tasks), handed out in
 * order, and return when all are done. worker is in [0, pool_threads): use it
 * for per-worker scratch memory. Which worker gets which task is not fixed, so
 * results must not depend on it. Not reentrant. Signals are blocked in the
 * workers.
 */
void pool_run(struct pool *p, size_t tasks,
	      void (*work)(void *ctx, size_t task, unsigned worker), void *ctx);

/* The same with the rows [0, n), POOL_ROWS of them to a task: rows.begin / POOL_ROWS numbers
 * it, and the last one has fewer. */
#define POOL_ROWS ((size_t)1 << 16)
struct pool_rows {
	size_t begin, end;
};
void pool_run_rows(struct pool *p, size_t n,
		   void (*work)(void *ctx, struct pool_rows rows, unsigned worker), void *ctx);

#endif
