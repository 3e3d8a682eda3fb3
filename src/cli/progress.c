/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thread of its own draws the line, so that long steps needn't. */
#include "config.h"

#include "cli/progress.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/thread.h"
#include "base/time.h"

#define FRAME_NS 100000000L	/* between two drawings */
#define LINE_SECONDS 5.0	/* between two lines of the same step */
#define SETTLE_SECONDS 1.0	/* before a rate says anything */

struct progress {
	struct job *job;
	enum progress_form form;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop, drawn;
	const char *step;	/* the one that is shown */
	double since, said;	/* monotonic: step began, last line written */
};

static void add_rate(struct strbuf *b, const struct job *job, uint64_t done,
		     uint64_t total, double seconds)
{
	const char *unit = atomic_load_explicit(&job->unit, memory_order_relaxed);
	double rate = (double)done / seconds;
	if (strcmp(unit, "bytes") == 0)
		strbuf_addf(b, "  %.0f MB/s", rate / 1e6);
	else if (strcmp(unit, "words") == 0)
		strbuf_addf(b, "  %.2f M words/s", rate / 1e6);
	if (!total || done >= total || rate <= 0)
		return;
	strbuf_adds(b, "  ");
	time_add_span(b, (double)(total - done) / rate);
	strbuf_adds(b, " left");
}

static void add_number(struct strbuf *b, uint64_t n, const char *what)
{
	if (!n)
		return;
	strbuf_adds(b, "  ");
	num_add_grouped(b, (int64_t)n);
	strbuf_addf(b, " %s", what);
}

/* The bar's text, at most `columns` cells: "reading  42%  1.2M rows  88 MB/s
 * 12 s left  17 rejected". seconds: since the step began. */
static void progress_text(struct strbuf *b, struct job *job, double seconds, unsigned columns)
{
	const char *step = atomic_load_explicit(&job->step, memory_order_acquire);
	uint64_t done = atomic_load_explicit(&job->done, memory_order_relaxed);
	uint64_t total = atomic_load_explicit(&job->total, memory_order_relaxed);
	uint64_t rows = atomic_load_explicit(&job->rows, memory_order_relaxed);
	uint64_t rejected = atomic_load_explicit(&job->rejected, memory_order_relaxed);
	strbuf_adds(b, step && step[0] ? step : "starting");
	if (total)
		strbuf_addf(b, "  %3.0f%%", 100.0 * (double)(done < total ? done : total) /
			    (double)total);
	add_number(b, rows, "rows");
	double loss = atomic_load_explicit(&job->loss, memory_order_relaxed);
	if (loss > 0)
		strbuf_addf(b, "  loss %.4g", loss);
	if (seconds >= SETTLE_SECONDS && done)
		add_rate(b, job, done, total, seconds);
	add_number(b, rejected, "rejected");
	if (columns && b->len > columns)
		b->len = columns;	/* ASCII only */
}

static unsigned terminal_columns(void)
{
	struct winsize size;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || !size.ws_col)
		return 80;
	return size.ws_col;
}

/* stderr may be gone (a closed terminal): the work goes on without it. */
static void put(const struct strbuf *b)
{
	ssize_t n = write(STDERR_FILENO, b->ptr, b->len);
	(void)n;
}

static void draw_bar(struct progress *p, double now)
{
	STRBUF(text);
	STRBUF(line);
	progress_text(&text, p->job, now - p->since, terminal_columns() - 1);
	strbuf_adds(&line, "\r");
	strbuf_add(&line, strbuf_str(&text));
	strbuf_adds(&line, "\033[K");
	put(&line);
	p->drawn = true;
}

static void say_line(struct progress *p, double now, bool new_step)
{
	if (!new_step && now - p->said < LINE_SECONDS)
		return;
	STRBUF(b);
	progress_text(&b, p->job, now - p->since, 0);
	strbuf_addc(&b, '\n');
	put(&b);
	p->said = now;
}

static void show(struct progress *p)
{
	double now = time_now_monotonic();
	const char *step = atomic_load_explicit(&p->job->step, memory_order_acquire);
	bool new_step = step != p->step;
	if (new_step) {
		p->step = step;
		p->since = now;
	}
	if (p->form == PROGRESS_BAR)
		draw_bar(p, now);
	else
		say_line(p, now, new_step);
}

static void *progress_main(void *arg)
{
	struct progress *p = arg;
	pthread_mutex_lock(&p->lock);
	while (!p->stop) {
		struct timespec until;
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += FRAME_NS;
		if (until.tv_nsec >= 1000000000L) {
			until.tv_nsec -= 1000000000L;
			until.tv_sec++;
		}
		pthread_cond_timedwait(&p->wake, &p->lock, &until);
		if (!p->stop)
			show(p);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

struct progress *progress_start(struct job *job, enum progress_form form)
{
	struct progress *p = mem_zalloc(sizeof *p);
	p->job = job;
	p->form = form;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->wake, NULL);
	if (thread_start(&p->thread, progress_main, p) == 0)
		return p;
	free(p);
	return NULL;
}

void progress_destroy(struct progress *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	if (p->drawn && p->form == PROGRESS_BAR) {
		STRBUF(b);
		strbuf_adds(&b, "\r\033[K");
		put(&b);
	}
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
