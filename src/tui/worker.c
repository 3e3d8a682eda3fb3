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
#include <time.h>
#include <unistd.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/pool.h"
#include "base/thread.h"
#include "base/time.h"
#include "model/model.h"
#include "stats/live.h"
#include "suggest/queue.h"
#include "vet/vetting.h"

#define HURRY 0.007	/* s to count in for each panel, at first */
#define LATER_SECONDS 0.002	/* that the rest of a panel may take before it is shown */
#define MORE_SECONDS 0.3	/* of work at more rows of a sheet before they are shown */
#define PROBES 64	/* rows looked at for columns without values */
#define NICE 5

/* What views borrow while they are shown: a model, or what lists obey. */
struct loan {
	atomic_uint refs;
	struct model *model;
	struct vetting *vetting;
	struct edition *edition;	/* a reference: what it was opened on */
};

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
	unsigned threads, slow_ms, sample;
	struct pool *pool;		/* NULL until something is filtered */
	struct job job;			/* of what is being done */
	struct loan *model, *vetting;	/* what was asked for last, or NULL */
	double read_at;			/* when decisions were looked at last */
	struct queue_keep queue;	/* the review queue, as it was opened last */
	struct edition *queue_of;	/* a reference: its edition, or NULL */
	struct aside *aside, *notes;	/* see worker_keep_aside */
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

static void opening_finish(struct opening *o)
{
	outlook_finish(&o->outlook);
	lens_destroy(o->lens);
	edition_destroy(o->edition);
	free(o->path);
	free(o->line);
	*o = (struct opening){0};
}

static void opening_free(struct opening *o)
{
	if (o)
		opening_finish(o);
	free(o);
}

static struct loan *loan_create(struct edition *edition)
{
	struct loan *l = mem_zalloc(sizeof *l);

	atomic_init(&l->refs, 1);
	l->edition = edition_ref(edition);
	return l;
}

static struct loan *loan_ref(struct loan *l)
{
	if (l)
		atomic_fetch_add(&l->refs, 1);
	return l;
}

static void loan_destroy(struct loan *l)
{
	if (!l || atomic_fetch_sub(&l->refs, 1) != 1)
		return;
	model_destroy(l->model);
	vetting_destroy(l->vetting);
	edition_destroy(l->edition);
	free(l);
}

/* Let go of what is kept; NULL. */
static struct loan *forget(struct loan **kept)
{
	loan_destroy(*kept);
	return *kept = NULL;
}

void opened_destroy(struct opened *o)
{
	if (!o || atomic_fetch_sub(&o->refs, 1) != 1)
		return;
	view_destroy(o->view);
	loan_destroy(o->model);
	loan_destroy(o->vetting);
	opening_finish(&o->asked);
	strbuf_finish(&o->text);
	free(o);
}

static struct opened *opened_ref(struct opened *o)
{
	atomic_fetch_add(&o->refs, 1);
	return o;
}

/* --- in the worker's thread, without the lock */

static void find_row(struct opened *r, struct job *job)
{
	uint64_t n = view_count(r->view);

	for (uint64_t i = 0; r->asked.select != CATALOG_NONE && i < n; i++) {
		if (view_product(r->view, i) == r->asked.select) {
			r->row = i;
			return;
		}
		if (i % 65536 == 0 && job_cancelled(job))
			return;
	}
}

/* Columns without a value in any of some rows spread over the table. */
static uint64_t blank_columns(struct view *v)
{
	const struct view_class *c = view_class_of(v);
	uint64_t n = view_count(v), step = n / PROBES + 1, blank;
	struct cell cells[64];

	if (n == 0 || c->n_columns >= sizeof cells / sizeof *cells)
		return 0;
	blank = (UINT64_C(1) << c->n_columns) - 1;
	for (uint64_t i = 0; blank && i < n; i += step) {
		view_row(v, i, cells);
		for (unsigned k = 0; k < c->n_columns; k++)
			if (!cells[k].empty)
				blank &= ~(UINT64_C(1) << k);
	}
	return blank;
}

/* Threads are started with the first thing that takes long. */
static struct pool *need_pool(struct worker *w)
{
	if (!w->pool)
		w->pool = pool_create(w->threads);
	return w->pool;
}

static bool make_lens(struct worker *w, struct lens *l, unsigned parts, struct err *err)
{
	return lens_make(l, parts, (struct work){need_pool(w), &w->job}, err);
}

/* What a slow panel does: it polls its job like any other. */
static void be_slow(unsigned ms, struct job *job)
{
	struct timespec step = {.tv_nsec = 1000000};

	for (unsigned i = 0; i < ms && !job_cancelled(job); i++)
		nanosleep(&step, NULL);
}

/* Open it unless it is the one that is open; one that was trained again is not. */
static bool need_model(struct worker *w, const struct opening *o, struct err *err)
{
	const char *name = outlook_text(&o->outlook, ASK_MODEL).ptr;
	struct loan *l = w->model;

	if (l && l->edition == o->edition && strcmp(model_name(l->model), name) == 0 &&
	    model_latest(l->model))
		return true;
	forget(&w->model);
	w->model = loan_create(o->edition);
	return model_open(&w->model->model, o->edition->store, name, err) ||
	       forget(&w->model);
}

/* Read the log of decisions unless what was read last is what q would find. Panes that were
 * asked for together look at it once: writers wait for each look. */
static bool need_vetting(struct worker *w, const struct opening *o, struct question *q,
			 struct err *err)
{
	double now = time_now_monotonic();
	struct vetting *v = NULL;

	q->just_read = w->read_at > o->asked_at;
	w->read_at = q->just_read ? w->read_at : now;

	if (w->vetting && w->vetting->edition == o->edition)
		v = w->vetting->vetting;
	if (!question_vetting(q, &v, err))
		return forget(&w->vetting);
	if (w->vetting && w->vetting->vetting == v)
		return true;
	forget(&w->vetting);
	if (v) {
		w->vetting = loan_create(o->edition);
		w->vetting->vetting = v;
	}
	return true;
}

/* Panes keep the model open from product to product. */
static bool lend_model(struct worker *w, struct opened *r, struct question *q)
{
	if (r->asked.slot >= PANES || !outlook_asks(&r->asked.outlook, ASK_MODEL))
		return true;
	if (!need_model(w, &r->asked, &r->err))
		return false;
	r->model = loan_ref(w->model);
	q->model = r->model->model;
	return true;
}

/* Lists obey it; rows of other views are marked alone. */
static bool lend_vetting(struct worker *w, struct opened *r, struct view_request *v)
{
	bool obeys = asks_take(view_asks(r->asked.class), ASK_VERDICTS);
	struct question q = v->about;
	struct err err = {0};

	q.marked |= !obeys;
	/* Where it can't be read lists say so; what needs no more than marks is shown. */
	if (!need_vetting(w, &r->asked, &q, &err) && obeys) {
		r->err = err;
		return false;
	}
	r->vetting = loan_ref(w->vetting);
	v->verdicts = r->vetting ? r->vetting->vetting : NULL;
	if (obeys)
		v->about.vetting = v->verdicts;
	return true;
}

/* The queue of another import has other numbers. */
static struct queue_keep *lend_queue(struct worker *w, struct edition *edition)
{
	if (w->queue_of != edition) {
		queue_keep_finish(&w->queue);
		edition_destroy(w->queue_of);
		w->queue_of = edition_ref(edition);
	}
	return &w->queue;
}

/* What was estimated, if anything was. */
static void note_sample(struct opened *r)
{
	struct live_sample s;
	STRBUF(b);

	if (!r->asked.lens || !live_sampled(r->asked.lens->live, &s))
		return;
	live_add_sample(&s, &b);
	r->sample_error = live_sample_error(&s);
	snprintf(r->sampled, sizeof r->sampled, "%s", strbuf_c(&b));
}

/* What rows say later is there at once where that is soon made: a row costs about what
 * the view took. */
static bool say_at_once(struct worker *w, struct opened *r, double took)
{
	struct view_more *more;

	if (!view_is_later(r->view) || took * r->asked.rows > LATER_SECONDS)
		return true;
	more = view_more_create(r->view, 0, r->asked.rows);
	if (!view_later(r->view, more, (struct work){.job = &w->job}, &r->err)) {
		view_more_destroy(more);
		return false;
	}
	view_settle(r->view, more);
	r->said = r->asked.rows;
	return true;
}

/* To a file or a text; not as a view that is shown. */
static bool is_written(const struct opening *o)
{
	return o->path || o->line;
}

static void write_down(struct opened *r)
{
	const struct outlook *o = &r->asked.outlook;
	SCOPED(out) out = r->asked.path ? out_file(r->asked.path, &r->err) :
			  out_buffer(&r->text);

	if (out && view_write(r->view, r->asked.format, outlook_count(o, ASK_OFFSET, 0),
			      outlook_count(o, ASK_LIMIT, UINT64_MAX), out, &r->err))
		out_close(out, &r->err);
	view_destroy(r->view);
	r->view = NULL;
}

static bool open_view(struct worker *w, struct opened *r)
{
	const struct opening *o = &r->asked;
	struct view_request q = {
		.about = question_of(o->edition->store, &o->outlook),
		.where_some = o->some,
		.pane = o->slot < PANES,
		.partly = o->slot >= PANES,
		.seconds = o->more ? MORE_SECONDS : 0,
		.job = is_written(o) ? &w->job : NULL,
	};

	if (o->lens && !make_lens(w, o->lens, o->class->parts, &r->err))
		return question_where_failed(&r->err);
	q.about.live = o->lens ? o->lens->live : NULL;
	if (o->class->pooled && !w->pool)
		w->pool = pool_create(w->threads);
	q.pool = w->pool;
	if (o->lens)
		live_hurry(q.about.live, !o->hurry ? 0 : w->sample ? 1e-9 : HURRY, w->sample);
	q.about.marked = q.pane;
	q.about.aside = w->aside;
	q.about.notes = w->notes;
	if (o->class->decides)
		q.about.reviewed = lend_queue(w, o->edition);
	return lend_model(w, r, &q.about) && lend_vetting(w, r, &q) &&
	       view_open(&r->view, o->class, &q, &w->job, &r->err);
}

static bool compute(struct worker *w, struct opened *r)
{
	const struct opening *o = &r->asked;
	double began = time_now_monotonic();

	if (o->class->later && o->slot < PANES)
		be_slow(w->slow_ms, &w->job);
	if (!open_view(w, r))
		return false;
	if (is_written(o)) {
		write_down(r);
		return r->err.code == ERR_NONE;
	}
	note_sample(r);
	if (o->slot >= PANES || !o->class->draw)
		r->blank = blank_columns(r->view);
	find_row(r, &w->job);
	if (!say_at_once(w, r, time_now_monotonic() - began)) {
		view_destroy(r->view);
		r->view = NULL;
	}
	return r->view;
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
	atomic_store(&w->job.cancel, true);
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
	job_init(&w->job);
	pthread_mutex_unlock(&w->lock);
	ok = compute(w, r);
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
	job_init(&w->job);
	pthread_mutex_unlock(&w->lock);
	more = view_more_create(r->view, from, (unsigned)(end - from));
	ok = view_later(r->view, more, (struct work){need_pool(w), &w->job}, &err);
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

bool worker_create(struct worker **out, struct worker_options o, struct err *err)
{
	struct worker *w = mem_zalloc(sizeof *w);
	int fail;

	w->threads = o.threads;
	w->slow_ms = o.slow_ms;
	w->sample = o.sample;
	w->doing = SLOTS;
	w->ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	job_init(&w->job);
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
	pool_destroy(w->pool);
	queue_keep_finish(&w->queue);
	edition_destroy(w->queue_of);
	loan_destroy(w->model);
	loan_destroy(w->vetting);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	scope_close(&w->ready);
	free(w);
}

void worker_keep_aside(struct worker *w, struct aside *aside, struct aside *notes)
{
	w->aside = aside;
	w->notes = notes;
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
	const char *step = atomic_load(&w->job.step);
	uint64_t total = atomic_load(&w->job.total), done = atomic_load(&w->job.done);

	if (step && *step)
		strbuf_addf(b, ": %s", step);
	if (total)
		strbuf_addf(b, " %llu%%", (unsigned long long)(100 * done / total));
}
