/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The thread that computes table and panels; the newest request wins. */
#include "config.h"

#include "tui/worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/time.h"
#include "model/model.h"
#include "stats/live.h"
#include "suggest/door.h"
#include "view/view.h"

#define LIST_ROWS 60	/* of a panel: more than a tall screen shows */
#define HURRY 0.007	/* s to count in for each of the two panels, at first */
#define BACK_SECONDS 0.004	/* that ranks back may take before the first result */
#define PROBES 64	/* rows looked at for columns without values */

enum task {
	TASK_NONE,
	TASK_TABLE,
	TASK_PANELS,
};

struct worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	int ready;			/* eventfd */
	unsigned threads, slow_ms, sample;
	struct pool *pool;		/* NULL until something is filtered */
	struct job job;			/* of what is being done */
	/* the model that was asked for last */
	struct model *model;
	struct edition *model_edition;	/* a reference: what it was opened on */
	/* under lock from here */
	bool quit;
	enum task doing;
	struct table_request *table;	/* wanted next, or NULL */
	struct panels_request *panels;
	struct panels_request *exact;	/* shown as estimates or without ranks back, to be
					   done in full, or NULL */
	struct table_result *table_done;
	struct panels_result *panels_done;
};

static void table_request_free(struct table_request *r)
{
	if (r) {
		lens_destroy(r->lens);
		edition_destroy(r->edition);
	}
	free(r);
}

static void panels_request_free(struct panels_request *r)
{
	if (r) {
		lens_destroy(r->lens);
		edition_destroy(r->edition);
	}
	free(r);
}

void table_result_destroy(struct table_result *r)
{
	if (!r)
		return;
	view_destroy(r->view);
	lens_destroy(r->request.lens);
	edition_destroy(r->request.edition);
	free(r);
}

void panels_result_destroy(struct panels_result *r)
{
	if (!r)
		return;
	for (int k = 0; k < PANEL_KINDS; k++)
		panel_finish(&r->panel[k]);
	flow_finish(&r->flow);
	lens_destroy(r->request.lens);
	edition_destroy(r->request.edition);
	free(r);
}

/* --- in the worker's thread, without the lock */

static bool find_row(const struct table_result *r, struct job *job, uint64_t *row)
{
	uint64_t n = view_count(r->view);

	if (r->request.select == CATALOG_NONE)
		return false;
	for (uint64_t i = 0; i < n; i++) {
		if (view_product(r->view, i) == r->request.select) {
			*row = i;
			return true;
		}
		if (i % 65536 == 0 && job_cancelled(job))
			return false;
	}
	return false;
}

/* Columns without a value in any of some rows spread over the table. */
static uint32_t blank_columns(struct view *v)
{
	const struct view_class *c = view_class_of(v);
	uint64_t n = view_count(v), step = n / PROBES + 1;
	uint32_t blank = n ? UINT32_MAX : 0;
	struct cell cells[32];

	if (c->n_columns > 32)
		return 0;
	for (uint64_t i = 0; i < n; i += step) {
		memset(cells, 0, sizeof cells);
		view_row(v, i, cells);
		for (unsigned k = 0; k < c->n_columns; k++)
			if (!cells[k].empty)
				blank &= ~(UINT32_C(1) << k);
	}
	return blank;
}

/* Threads are started with the first filter: most people look without. */
static bool make_lens(struct worker *w, struct lens *l, unsigned parts, struct err *err)
{
	if (!w->pool)
		w->pool = pool_create(w->threads);
	return lens_make(l, parts, w->pool, &w->job, err);
}

static void compute_table(struct worker *w, struct table_result *r)
{
	const struct table_request *q = &r->request;
	const struct view_class *class = view_find(STR("products"));
	OUTLOOK(o);
	STRBUF(sort);
	struct view_request v = {.about = question_of(q->edition->store, &o)};

	v.about.category = q->category;
	if (q->sort[0]) {
		view_add_sort(class, q->sort, q->reverse, &sort);
		outlook_set(&o, ASK_SORT, strbuf_str(&sort));
	}
	if (q->lens && !make_lens(w, q->lens, LIVE_TOTALS, &r->err))
		return;
	v.about.live = q->lens ? q->lens->live : NULL;
	v.where_some = true;	/* tests of pairs are for the panels */
	if (!view_open(&r->view, class, &v, &w->job, &r->err))
		return;
	r->blank = blank_columns(r->view);
	r->found = find_row(r, &w->job, &r->row);
}

/* What a slow panel does: it polls its job like any other. */
static void be_slow(unsigned ms, struct job *job)
{
	struct timespec step = {.tv_nsec = 1000000};

	for (unsigned i = 0; i < ms && !job_cancelled(job); i++)
		nanosleep(&step, NULL);
}

/* Rows that the filter's tests of rows keep out. */
static void drop_rows(struct flow *f, const struct live *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->n_rows; i++) {
		const struct assoc_counts *c = &f->rows[i].counts;
		bool diagonal = f->rows[i].from == f->rows[i].to;

		if (live_row_passes(l, (double)c->n, (double)c->n_a,
				    diagonal ? 0 : (double)c->n_b, (double)c->n_all))
			f->rows[kept++] = f->rows[i];
	}
	f->n_rows = kept;
}

static bool compute_flow(struct worker *w, struct panels_result *r)
{
	const struct panels_request *q = &r->request;
	struct flow_request f = {
		.catalog = q->edition->cat,
		.from = q->category,
		.kind = BASKET_KINDS,
		.level = q->level,
		.multi = q->multi,
	};

	if (q->category == CATALOG_NONE)
		return true;
	if (q->lens && !live_flow(q->lens->live, f.kind, &f.catalog, &w->job, &r->err))
		return false;
	if (!flow_compute(&f, &r->flow, &r->err))
		return false;
	if (q->lens)
		drop_rows(&r->flow, q->lens->live);
	return true;
}

static void drop_model(struct worker *w)
{
	model_destroy(w->model);
	edition_destroy(w->model_edition);
	w->model = NULL;
	w->model_edition = NULL;
}

/* Open it unless it is the one that is open; one that was trained again is not. */
static bool need_model(struct worker *w, const struct panels_request *q, struct err *err)
{
	if (w->model && w->model_edition == q->edition &&
	    strcmp(model_name(w->model), q->model) == 0 && model_latest(w->model))
		return true;
	drop_model(w);
	if (!model_open(&w->model, q->edition->store, q->model, err))
		return false;
	w->model_edition = edition_ref(q->edition);
	return true;
}

/* By a model; one that can't be had leaves an empty panel that says why. */
static bool compute_similar(struct worker *w, struct panel_request *p, struct panels_result *r)
{
	struct panel *out = &r->panel[PANEL_SIMILAR];

	if (!need_model(w, &r->request, &r->err)) {
		snprintf(out->note, sizeof out->note, "%.*s", (int)sizeof out->note - 1,
			 r->err.text);
		r->err = (struct err){0};
		return true;
	}
	p->about.model = w->model;
	return suggest(p, out, &w->job, &r->err);
}

/* What was estimated, if anything was. */
static void note_sample(struct panels_result *r)
{
	struct live_sample s;
	STRBUF(b);

	if (!r->request.lens || !live_sampled(r->request.lens->live, &s))
		return;
	live_add_sample(&s, &b);
	r->sample_error = live_sample_error(&s);
	snprintf(r->sampled, sizeof r->sampled, "%s", strbuf_c(&b));
}

/* Ranks back cost a panel per row: in a hurry they are there at once where that is soon
 * done, else in a second result. p: what was asked, in took seconds. */
static bool add_back(struct worker *w, const struct panel_request *p, double took,
		     struct panels_result *r)
{
	unsigned rows = 0;

	for (int k = 0; k < PANEL_KINDS; k++)
		rows += r->panel[k].n_rows;
	r->ranks_later = took / PANEL_KINDS * rows > BACK_SECONDS;
	for (int k = 0; k < PANEL_KINDS && !r->ranks_later; k++)
		if (!suggest_back(&p[k], r->panel[k].rows, r->panel[k].n_rows, &w->job,
				  &r->err))
			return false;
	return true;
}

/* In a hurry the counts of popular products are estimates. */
static bool compute_panels(struct worker *w, struct panels_result *r, bool hurry)
{
	const struct panels_request *q = &r->request;
	unsigned parts = LIVE_TOTALS | LIVE_PAIRS | LIVE_PRIOR;
	struct panel_request p[PANEL_KINDS];
	double began = time_now_monotonic();
	struct live *live;
	bool back;
	OUTLOOK(o);

	outlook_set(&o, ASK_SAME_CATEGORY, str_from(same_category_name(q->same)));
	be_slow(w->slow_ms, &w->job);
	if (q->lens && !make_lens(w, q->lens, parts, &r->err))
		return false;
	live = q->lens ? q->lens->live : NULL;
	/* Cut, each row would be another product to count. */
	back = !live || !live_cuts(live);
	if (live)
		live_hurry(live, !hurry ? 0 : w->sample ? 1e-9 : HURRY, w->sample);
	for (int k = 0; k < PANEL_KINDS && q->product != CATALOG_NONE; k++) {
		p[k] = (struct panel_request){
			.about = question_of(q->edition->store, &o),
			.kind = (enum panel_kind)k,
			.limit = LIST_ROWS,
			.reverse = back && !hurry,
		};
		p[k].about.catalog = lens_catalog(q->lens, q->edition);
		p[k].about.product = q->product;
		p[k].about.live = live;

		if (k == PANEL_SIMILAR && q->model[0] ? !compute_similar(w, &p[k], r) :
		    !suggest(&p[k], &r->panel[k], &w->job, &r->err))
			return false;
	}
	if (back && hurry && q->product != CATALOG_NONE &&
	    !add_back(w, p, time_now_monotonic() - began, r))
		return false;
	note_sample(r);
	return compute_flow(w, r);
}

/* --- the loop; everything below holds the lock unless it says otherwise */

static void tell(struct worker *w)
{
	uint64_t one = 1;
	ssize_t ignored = write(w->ready, &one, sizeof one);

	(void)ignored;
}

static void do_table(struct worker *w)
{
	struct table_result *r = mem_zalloc(sizeof *r);

	r->request = *w->table;
	free(w->table);
	w->table = NULL;
	pthread_mutex_unlock(&w->lock);
	compute_table(w, r);
	pthread_mutex_lock(&w->lock);
	if (w->table || w->quit) {
		table_result_destroy(r);
		return;
	}
	table_result_destroy(w->table_done);
	w->table_done = r;
}

/* Newly asked for, or (not in a hurry) what the first result left open. */
static void do_panels(struct worker *w)
{
	struct panels_result *r = mem_zalloc(sizeof *r);
	struct panels_request **next = w->panels ? &w->panels : &w->exact;
	bool ok, hurry = next == &w->panels;

	r->request = **next;
	free(*next);
	*next = NULL;
	pthread_mutex_unlock(&w->lock);
	ok = compute_panels(w, r, hurry);
	pthread_mutex_lock(&w->lock);
	if (!w->panels && !w->quit && !ok && r->err.code == ERR_CANCELLED) {
		/* A table came first: do this one again behind it. */
		w->panels = mem_dup(&r->request, sizeof r->request);
		r->request.edition = NULL;
		r->request.lens = NULL;
	}
	if (w->panels || w->quit) {
		panels_result_destroy(r);
		return;
	}
	panels_result_destroy(w->panels_done);
	w->panels_done = r;
	if (!r->sampled[0] && !r->ranks_later)
		return;
	w->exact = mem_dup(&r->request, sizeof r->request);
	edition_ref(r->request.edition);
	lens_ref(r->request.lens);
}

static void *worker_main(void *arg)
{
	struct worker *w = arg;

	pthread_mutex_lock(&w->lock);
	while (!w->quit) {
		if (!w->table && !w->panels && !w->exact) {
			pthread_cond_wait(&w->wake, &w->lock);
			continue;
		}
		job_init(&w->job);
		w->doing = w->table ? TASK_TABLE : TASK_PANELS;
		if (w->doing == TASK_TABLE)
			do_table(w);
		else
			do_panels(w);
		w->doing = TASK_NONE;
		tell(w);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

bool worker_create(struct worker **out, unsigned threads, unsigned slow_ms,
		   unsigned sample, struct err *err)
{
	struct worker *w = mem_zalloc(sizeof *w);
	sigset_t all, old;
	int fail;

	w->threads = threads;
	w->slow_ms = slow_ms;
	w->sample = sample;
	w->ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	job_init(&w->job);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	/* Signals are the drawing thread's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	fail = w->ready < 0 ? errno : pthread_create(&w->thread, NULL, worker_main, w);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (fail) {
		scope_close(&w->ready);
		free(w);
		return err_errno(err, fail, "the explorer's worker can't be started");
	}
	*out = w;
	return true;
}

static void cancel(struct worker *w)
{
	atomic_store(&w->job.cancel, true);
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
	table_request_free(w->table);
	panels_request_free(w->panels);
	panels_request_free(w->exact);
	table_result_destroy(w->table_done);
	panels_result_destroy(w->panels_done);
	pool_destroy(w->pool);
	drop_model(w);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	scope_close(&w->ready);
	free(w);
}

int worker_fd(const struct worker *w)
{
	return w->ready;
}

void worker_ask_table(struct worker *w, const struct table_request *r)
{
	pthread_mutex_lock(&w->lock);
	table_request_free(w->table);
	w->table = mem_dup(r, sizeof *r);
	table_result_destroy(w->table_done);
	w->table_done = NULL;
	if (w->doing != TASK_NONE)
		cancel(w);
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
}

void worker_ask_panels(struct worker *w, const struct panels_request *r)
{
	pthread_mutex_lock(&w->lock);
	panels_request_free(w->panels);
	panels_request_free(w->exact);
	w->exact = NULL;
	w->panels = mem_dup(r, sizeof *r);
	panels_result_destroy(w->panels_done);
	w->panels_done = NULL;
	if (w->doing == TASK_PANELS)
		cancel(w);
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
}

struct table_result *worker_take_table(struct worker *w)
{
	struct table_result *r;

	pthread_mutex_lock(&w->lock);
	r = w->table_done;
	w->table_done = NULL;
	pthread_mutex_unlock(&w->lock);
	return r;
}

struct panels_result *worker_take_panels(struct worker *w)
{
	struct panels_result *r;

	pthread_mutex_lock(&w->lock);
	r = w->panels_done;
	w->panels_done = NULL;
	pthread_mutex_unlock(&w->lock);
	return r;
}

bool worker_busy(struct worker *w)
{
	bool busy;

	pthread_mutex_lock(&w->lock);
	busy = w->doing != TASK_NONE || w->table || w->panels || w->exact || w->table_done ||
	       w->panels_done;
	pthread_mutex_unlock(&w->lock);
	return busy;
}
