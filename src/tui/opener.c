/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A view is opened with its filter counted, a model and the log of decisions, which are kept as
 * long as the next view asks for the same. */
#include "config.h"

#include "tui/opener.h"

#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "base/out.h"
#include "base/pool.h"
#include "base/time.h"
#include "model/model.h"
#include "stats/live.h"
#include "vet/vetting.h"

#define HURRY 0.007	/* s to count in for each panel, at first */
#define LATER_SECONDS 0.002	/* that the rest of a panel may take before it is shown */
#define MORE_SECONDS 0.3	/* of work at more rows of a sheet before they are shown */
#define PROBES 64	/* rows looked at for columns without values */

/* What views borrow while they are shown: a model, or what lists obey. */
struct loan {
	atomic_uint refs;
	struct model *model;
	struct vetting *vetting;
	struct edition *edition;	/* a reference: what it was opened on */
};

static void opening_finish(struct opening *o)
{
	outlook_finish(&o->outlook);
	lens_destroy(o->lens);
	edition_destroy(o->edition);
	free(o->path);
	free(o->line);
	*o = (struct opening){0};
}

void opening_free(struct opening *o)
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

struct opened *opened_ref(struct opened *o)
{
	atomic_fetch_add(&o->refs, 1);
	return o;
}

/* --- opening */

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

struct pool *opener_pool(struct opener *x)
{
	if (!x->pool)
		x->pool = pool_create(x->options.threads);
	return x->pool;
}

static bool make_lens(struct opener *x, struct lens *l, unsigned parts, struct err *err)
{
	return lens_make(l, parts, (struct work){opener_pool(x), &x->job}, err);
}

/* What a slow panel does: it polls its job like any other. */
static void be_slow(unsigned ms, struct job *job)
{
	struct timespec step = {.tv_nsec = 1000000};

	for (unsigned i = 0; i < ms && !job_cancelled(job); i++)
		nanosleep(&step, NULL);
}

/* Open it unless it is the one that is open; one that was trained again is not. */
static bool need_model(struct opener *x, const struct opening *o, struct err *err)
{
	const char *name = outlook_text(&o->outlook, ASK_MODEL).ptr;
	struct loan *l = x->model;

	if (l && l->edition == o->edition && strcmp(model_name(l->model), name) == 0 &&
	    model_latest(l->model))
		return true;
	forget(&x->model);
	x->model = loan_create(o->edition);
	return model_open(&x->model->model, o->edition->store, name, err) ||
	       forget(&x->model);
}

/* Read the log of decisions unless what was read last is what q would find. Panes that were
 * asked for together look at it once: writers wait for each look. */
static bool need_vetting(struct opener *x, const struct opening *o, struct question *q,
			 struct err *err)
{
	double now = time_now_monotonic();
	struct vetting *v = NULL;

	q->just_read = x->read_at > o->asked_at;
	x->read_at = q->just_read ? x->read_at : now;

	if (x->vetting && x->vetting->edition == o->edition)
		v = x->vetting->vetting;
	if (!question_vetting(q, &v, err))
		return forget(&x->vetting);
	if (x->vetting && x->vetting->vetting == v)
		return true;
	forget(&x->vetting);
	if (v) {
		x->vetting = loan_create(o->edition);
		x->vetting->vetting = v;
	}
	return true;
}

/* Panes keep the model open from product to product. */
static bool lend_model(struct opener *x, struct opened *r, struct question *q)
{
	if (r->asked.slot >= PANES || !outlook_asks(&r->asked.outlook, ASK_MODEL))
		return true;
	if (!need_model(x, &r->asked, &r->err))
		return false;
	r->model = loan_ref(x->model);
	q->model = r->model->model;
	return true;
}

/* Lists obey it; rows of other views are marked alone. */
static bool lend_vetting(struct opener *x, struct opened *r, struct view_request *v)
{
	bool obeys = asks_take(view_asks(r->asked.class), ASK_VERDICTS);
	struct question q = v->about;
	struct err err = {0};

	q.marked |= !obeys;
	/* Where it can't be read lists say so; what needs no more than marks is shown. */
	if (!need_vetting(x, &r->asked, &q, &err) && obeys) {
		r->err = err;
		return false;
	}
	r->vetting = loan_ref(x->vetting);
	v->verdicts = r->vetting ? r->vetting->vetting : NULL;
	if (obeys)
		v->about.vetting = v->verdicts;
	return true;
}

/* The queue of another import has other numbers. */
static struct queue_keep *lend_queue(struct opener *x, struct edition *edition)
{
	if (x->queue_of != edition) {
		queue_keep_finish(&x->queue);
		edition_destroy(x->queue_of);
		x->queue_of = edition_ref(edition);
	}
	return &x->queue;
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
static bool say_at_once(struct opener *x, struct opened *r, double took)
{
	struct view_more *more;

	if (!view_is_later(r->view) || took * r->asked.rows > LATER_SECONDS)
		return true;
	more = view_more_create(r->view, 0, r->asked.rows);
	if (!view_later(r->view, more, (struct work){.job = &x->job}, &r->err)) {
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

static bool open_view(struct opener *x, struct opened *r)
{
	const struct opening *o = &r->asked;
	struct view_request q = {
		.about = question_of(o->edition->store, &o->outlook),
		.where_some = o->some,
		.pane = o->slot < PANES,
		.partly = o->slot >= PANES,
		.seconds = o->more ? MORE_SECONDS : 0,
		.job = is_written(o) ? &x->job : NULL,
	};
	unsigned sample = x->options.sample;

	if (o->lens && !make_lens(x, o->lens, o->class->parts, &r->err))
		return question_where_failed(&r->err);
	q.about.live = o->lens ? o->lens->live : NULL;
	if (o->class->pooled)
		opener_pool(x);
	q.pool = x->pool;
	if (o->lens)
		live_hurry(q.about.live, !o->hurry ? 0 : sample ? 1e-9 : HURRY, sample);
	q.about.marked = q.pane;
	q.about.aside = x->aside;
	q.about.notes = x->notes;
	if (o->class->decides)
		q.about.reviewed = lend_queue(x, o->edition);
	return lend_model(x, r, &q.about) && lend_vetting(x, r, &q) &&
	       view_open(&r->view, o->class, &q, &x->job, &r->err);
}

bool opener_open(struct opener *x, struct opened *r)
{
	const struct opening *o = &r->asked;
	double began = time_now_monotonic();

	if (o->class->later && o->slot < PANES)
		be_slow(x->options.slow_ms, &x->job);
	if (!open_view(x, r))
		return false;
	if (is_written(o)) {
		write_down(r);
		return r->err.code == ERR_NONE;
	}
	note_sample(r);
	if (o->slot >= PANES || !o->class->draw)
		r->blank = blank_columns(r->view);
	find_row(r, &x->job);
	if (!say_at_once(x, r, time_now_monotonic() - began)) {
		view_destroy(r->view);
		r->view = NULL;
	}
	return r->view;
}

void opener_finish(struct opener *x)
{
	pool_destroy(x->pool);
	queue_keep_finish(&x->queue);
	edition_destroy(x->queue_of);
	loan_destroy(x->model);
	loan_destroy(x->vetting);
}
