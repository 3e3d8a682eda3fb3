/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thread opens what the slots want: panes first, then sheets and files, then what was
 * put off: exact counts behind estimates, and what rows say later. */
#include "config.h"

#include "tui/worker.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/thread.h"
#include "base/time.h"

#define NICE 5

/* What a slot waits for; under the lock. */
struct slot {
	struct opening *wanted, *exact;	/* newly asked for; shown as estimates, to be counted */
	struct opened *done;
	struct opened *say;		/* whose rows are to say more, or NULL */
	uint64_t say_from, say_end;
	struct opened *said;		/* whose rows have, and what */
	struct view_more *more;
	uint64_t said_end;
};

struct worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	int ready;			/* eventfd */
	struct opener opener;
	/* under lock from here */
	bool quit;
	unsigned doing;			/* slot, or SLOTS */
	double began;			/* with it, time_now_monotonic */
	bool drop;			/* nobody wants what is being done any more */
	struct slot slot[SLOTS];
};

/* Those of one rank are shown together; a lower one comes first. */
static unsigned rank_of(unsigned slot)
{
	static const unsigned ranks[SLOTS] = {
		[PANE_SIMILAR] = 1, [PANE_COMPLEMENTARY] = 1, [PANE_TRANSITIONS] = 1,
		[SLOT_SHEET] = 2, [SLOT_FILE] = 3,
	};

	return ranks[slot];
}

/* --- the loop; everything below holds the lock unless it says otherwise */

static void tell(struct worker *w)
{
	uint64_t one = 1;
	ssize_t ignored = write(w->ready, &one, sizeof one);

	(void)ignored;
}

static void cancel(struct worker *w)
{
	atomic_store(&w->opener.job.cancel, true);
}

/* Nothing else is wanted that would be shown with it. */
static bool complete(const struct worker *w, unsigned rank)
{
	for (unsigned s = 0; s < SLOTS; s++)
		if (w->slot[s].wanted && rank_of(s) == rank)
			return false;
	return true;
}

/* What the rows in sight say later is begun without being asked for. */
static void say_on(struct slot *s)
{
	const struct opened *r = s->done;

	if (!r->view || !view_is_later(r->view) || r->said || !r->asked.rows)
		return;
	opened_destroy(s->say);
	s->say = opened_ref(s->done);
	s->say_from = 0;
	s->say_end = r->asked.rows;
}

static void do_open(struct worker *w, unsigned at, struct opening **from)
{
	struct slot *s = &w->slot[at];
	struct opened *r = mem_zalloc(sizeof *r);
	bool ok;

	atomic_init(&r->refs, 1);
	r->asked = **from;
	free(*from);
	*from = NULL;
	w->doing = at;
	w->began = time_now_monotonic();
	w->drop = false;
	job_init(&w->opener.job);
	pthread_mutex_unlock(&w->lock);
	ok = opener_open(&w->opener, r);
	pthread_mutex_lock(&w->lock);
	w->doing = SLOTS;
	if (!s->wanted && !w->quit && !w->drop && !ok && r->err.code == ERR_CANCELLED) {
		/* Something more urgent came first: do this one again behind it. */
		s->wanted = mem_dup(&r->asked, sizeof r->asked);
		r->asked = (struct opening){0};
	}
	if (s->wanted || w->quit || w->drop) {
		opened_destroy(r);
		return;
	}
	if (r->sampled[0]) {
		s->exact = mem_dup(&r->asked, sizeof r->asked);
		s->exact->hurry = false;
		s->exact->outlook = (struct outlook){0};
		outlook_copy(&s->exact->outlook, &r->asked.outlook);
		edition_ref(r->asked.edition);
		lens_ref(r->asked.lens);
	}
	opened_destroy(s->done);
	s->done = r;
	say_on(s);
	if (complete(w, rank_of(at)))
		tell(w);
}

/* Panels are filled in together. */
static bool all_said(const struct worker *w)
{
	for (unsigned s = 0; s < SLOTS; s++)
		if (w->slot[s].say)
			return false;
	return true;
}

static void do_say(struct worker *w, struct slot *s, unsigned at)
{
	struct opened *r = s->say;
	uint64_t from = s->say_from, end = s->say_end;
	struct view_more *more;
	struct err err = {0};
	bool ok;

	s->say = NULL;
	w->doing = at;
	w->began = time_now_monotonic();
	w->drop = false;
	job_init(&w->opener.job);
	pthread_mutex_unlock(&w->lock);
	more = view_more_create(r->view, from, (unsigned)(end - from));
	ok = view_later(r->view, more,
			(struct work){opener_pool(&w->opener), &w->opener.job}, &err);
	pthread_mutex_lock(&w->lock);
	w->doing = SLOTS;
	if (!ok || s->wanted || w->quit || w->drop) {
		view_more_destroy(more);
		opened_destroy(r);
		return;
	}
	opened_destroy(s->said);
	view_more_destroy(s->more);
	s->said = r;
	s->more = more;
	s->said_end = end;
	if (all_said(w))
		tell(w);
}

/* What is most urgent; false: nothing. */
static bool do_next(struct worker *w)
{
	unsigned best = SLOTS;

	for (unsigned s = 0; s < SLOTS; s++)
		if (w->slot[s].wanted && (best == SLOTS || rank_of(s) < rank_of(best)))
			best = s;
	if (best < SLOTS) {
		do_open(w, best, &w->slot[best].wanted);
		return true;
	}
	for (unsigned s = 0; s < SLOTS; s++)
		if (w->slot[s].exact) {
			do_open(w, s, &w->slot[s].exact);
			return true;
		}
	for (unsigned s = 0; s < SLOTS; s++)
		if (w->slot[s].say) {
			do_say(w, &w->slot[s], s);
			return true;
		}
	return false;
}

static void *worker_main(void *arg)
{
	struct worker *w = arg;

	thread_give_way(NICE);	/* frames come first */
	pthread_mutex_lock(&w->lock);
	while (!w->quit)
		if (!do_next(w))
			pthread_cond_wait(&w->wake, &w->lock);
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

bool worker_create(struct worker **out, struct opener_options o, struct err *err)
{
	struct worker *w = mem_zalloc(sizeof *w);
	int fail;

	w->opener.options = o;
	w->doing = SLOTS;
	w->ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	job_init(&w->opener.job);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	fail = w->ready < 0 ? errno : thread_start(&w->thread, worker_main, w);
	if (fail) {
		scope_close(&w->ready);
		free(w);
		return err_errno(err, fail, "the explorer's worker can't be started");
	}
	*out = w;
	return true;
}

/* All that the slot waits for or has left. */
static void clear(struct slot *s)
{
	opening_free(s->wanted);
	opening_free(s->exact);
	opened_destroy(s->done);
	opened_destroy(s->say);
	opened_destroy(s->said);
	view_more_destroy(s->more);
	*s = (struct slot){0};
}

void worker_destroy(struct worker *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->quit = true;
	cancel(w);
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	for (unsigned s = 0; s < SLOTS; s++)
		clear(&w->slot[s]);
	opener_finish(&w->opener);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	scope_close(&w->ready);
	free(w);
}

void worker_keep_aside(struct worker *w, struct aside *aside, struct aside *notes)
{
	w->opener.aside = aside;
	w->opener.notes = notes;
}

int worker_fd(const struct worker *w)
{
	return w->ready;
}

void worker_ask(struct worker *w, struct opening *o)
{
	struct slot *s = &w->slot[o->slot];

	assert(o->slot < SLOTS && o->class && o->edition);
	pthread_mutex_lock(&w->lock);
	clear(s);
	o->asked_at = time_now_monotonic();
	s->wanted = mem_dup(o, sizeof *o);
	*o = (struct opening){0};
	if (w->doing < SLOTS && (w->doing == s->wanted->slot ||
				 rank_of(w->doing) > rank_of(s->wanted->slot)))
		cancel(w);
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
}

void worker_say(struct worker *w, struct opened *o, uint64_t end)
{
	struct slot *s = &w->slot[o->asked.slot];

	assert(o->view && o->asked.slot < SLOTS);
	pthread_mutex_lock(&w->lock);
	if (!s->wanted) {
		opened_destroy(s->say);
		s->say = opened_ref(o);
		s->say_from = o->said;
		s->say_end = end;
		pthread_cond_signal(&w->wake);
	}
	pthread_mutex_unlock(&w->lock);
}

void worker_cancel(struct worker *w, unsigned slot)
{
	assert(slot < SLOTS);
	pthread_mutex_lock(&w->lock);
	clear(&w->slot[slot]);
	if (w->doing == slot) {
		w->drop = true;
		cancel(w);
	}
	pthread_mutex_unlock(&w->lock);
}

struct opened *worker_take(struct worker *w, unsigned slot)
{
	struct opened *r;

	assert(slot < SLOTS);
	pthread_mutex_lock(&w->lock);
	r = w->slot[slot].done;
	w->slot[slot].done = NULL;
	pthread_mutex_unlock(&w->lock);
	return r;
}

struct opened *worker_take_said(struct worker *w, unsigned slot, struct view_more **more,
				uint64_t *end)
{
	struct slot *s = &w->slot[slot];
	struct opened *r;

	assert(slot < SLOTS);
	pthread_mutex_lock(&w->lock);
	r = s->said;
	*more = s->more;
	*end = s->said_end;
	s->said = NULL;
	s->more = NULL;
	pthread_mutex_unlock(&w->lock);
	return r;
}

static bool waits(const struct worker *w, unsigned slot)
{
	const struct slot *s = &w->slot[slot];

	return w->doing == slot || s->wanted || s->exact || s->done || s->say || s->said;
}

bool worker_waits(struct worker *w, unsigned slot)
{
	bool is;

	assert(slot < SLOTS);
	pthread_mutex_lock(&w->lock);
	is = waits(w, slot);
	pthread_mutex_unlock(&w->lock);
	return is;
}

bool worker_busy(struct worker *w)
{
	bool busy = false;

	pthread_mutex_lock(&w->lock);
	for (unsigned s = 0; s < SLOTS; s++)
		busy = busy || waits(w, s);
	pthread_mutex_unlock(&w->lock);
	return busy;
}

double worker_seconds(struct worker *w)
{
	double s;

	pthread_mutex_lock(&w->lock);
	s = w->doing < SLOTS ? time_now_monotonic() - w->began : 0;
	pthread_mutex_unlock(&w->lock);
	return s;
}

void worker_progress(struct worker *w, struct strbuf *b)
{
	const char *step = atomic_load(&w->opener.job.step);
	uint64_t total = atomic_load(&w->opener.job.total), done = atomic_load(&w->opener.job.done);

	if (step && *step)
		strbuf_addf(b, ": %s", step);
	if (total)
		strbuf_addf(b, " %llu%%", (unsigned long long)(100 * done / total));
}
