/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads wait for a round of tasks and take them one by one from a counter. */
#include "config.h"

#include "base/pool.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/thread.h"

#define THREADS_MAX 1024u

struct worker {
	struct pool *pool;
	pthread_t thread;
	unsigned number;	/* 1 .. threads - 1; 0 is the caller of pool_run */
};

struct pool {
	struct worker *workers;	/* (threads - 1) */
	unsigned threads;
	pthread_mutex_t lock;
	pthread_cond_t wake, done;
	/* under lock */
	uint64_t round;		/* counts pool_run: a new number is new work */
	unsigned busy;		/* workers that still are in this round */
	bool quit;
	/* written before a round starts, read during it */
	void (*work)(void *ctx, size_t task, unsigned worker);
	void *ctx;
	size_t tasks;
	atomic_size_t next;
};

static void take_tasks(struct pool *p, unsigned worker)
{
	size_t task;

	while ((task = atomic_fetch_add(&p->next, 1)) < p->tasks)
		p->work(p->ctx, task, worker);
}

static void *worker_main(void *arg)
{
	struct worker *w = arg;
	struct pool *p = w->pool;
	uint64_t seen = 0;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		while (p->round == seen && !p->quit)
			pthread_cond_wait(&p->wake, &p->lock);
		if (p->quit)
			break;
		seen = p->round;
		pthread_mutex_unlock(&p->lock);
		take_tasks(p, w->number);
		pthread_mutex_lock(&p->lock);
		if (--p->busy == 0)
			pthread_cond_signal(&p->done);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static unsigned processors(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	if (sched_getaffinity(0, sizeof set, &set) != 0)
		return 1;
	return CPU_COUNT(&set) > 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

struct pool *pool_create(unsigned threads)
{
	struct pool *p = mem_zalloc(sizeof *p);

	threads = threads ? threads : processors();
	if (threads > THREADS_MAX)
		threads = THREADS_MAX;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->wake, NULL);
	pthread_cond_init(&p->done, NULL);
	p->threads = 1;
	p->workers = mem_resize(NULL, threads - 1, sizeof *p->workers);
	/* A thread that can't be had makes the work slower, not wrong. */
	while (p->threads < threads) {
		struct worker *w = &p->workers[p->threads - 1];

		*w = (struct worker){.pool = p, .number = p->threads};
		if (thread_start(&w->thread, worker_main, w) != 0)
			break;
		p->threads++;
	}
	return p;
}

void pool_destroy(struct pool *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->quit = true;
	pthread_cond_broadcast(&p->wake);
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i + 1 < p->threads; i++)
		pthread_join(p->workers[i].thread, NULL);
	pthread_cond_destroy(&p->done);
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	free(p->workers);
	free(p);
}

unsigned pool_threads(const struct pool *p)
{
	return p ? p->threads : 1;
}

void pool_run(struct pool *p, size_t tasks,
	      void (*work)(void *ctx, size_t task, unsigned worker), void *ctx)
{
	if (!p || p->threads == 1 || tasks <= 1) {
		for (size_t i = 0; i < tasks; i++)
			work(ctx, i, 0);
		return;
	}
	p->work = work;
	p->ctx = ctx;
	p->tasks = tasks;
	atomic_store(&p->next, 0);
	pthread_mutex_lock(&p->lock);
	assert(p->busy == 0);	/* not reentrant */
	p->round++;
	p->busy = p->threads - 1;
	pthread_cond_broadcast(&p->wake);
	pthread_mutex_unlock(&p->lock);

	take_tasks(p, 0);

	pthread_mutex_lock(&p->lock);
	while (p->busy > 0)
		pthread_cond_wait(&p->done, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

/* ---- rows */

struct by_rows {
	size_t n;
	void (*work)(void *ctx, struct pool_rows rows, unsigned worker);
	void *ctx;
};

static void rows_task(void *ctx, size_t task, unsigned worker)
{
	const struct by_rows *r = ctx;
	size_t begin = task * POOL_ROWS;
	size_t end = r->n - begin < POOL_ROWS ? r->n : begin + POOL_ROWS;

	r->work(r->ctx, (struct pool_rows){begin, end}, worker);
}

void pool_run_rows(struct pool *p, size_t n,
		   void (*work)(void *ctx, struct pool_rows rows, unsigned worker), void *ctx)
{
	struct by_rows r = {n, work, ctx};

	pool_run(p, n / POOL_ROWS + (n % POOL_ROWS > 0), rows_task, &r);
}
