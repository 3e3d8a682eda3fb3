/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked of the worker, and what comes back. */
#include "config.h"

#include <unistd.h>

#include "base/time.h"
#include "tui/state.h"
#include "view/view.h"

/* --- asking the worker */

/* was_busy: the one before is slow, so this one won't make the frame either. */
static void asked_something(struct explorer *e, bool was_busy)
{
	double now = time_now_monotonic();

	e->dirty = e->unsettled = true;
	if (!explorer_stale(e) || !was_busy)
		e->asked_at = now;
	e->grace = was_busy || e->rest || e->took > GRACE ? 0 : now + GRACE;
}

void explorer_ask_table(struct explorer *e, uint32_t category, uint32_t select)
{
	struct table_request r = {
		.edition = edition_ref(e->edition),
		.lens = lens_ref(e->lens),
		.category = category,
		.reverse = e->reverse,
		.select = select,
	};

	bool busy = worker_busy(e->worker);

	memcpy(r.sort, e->sort, sizeof r.sort);
	e->category = category;
	e->table.stale = true;
	worker_ask_table(e->worker, &r);
	asked_something(e, busy);
}

static bool same_request(const struct panels_request *a, const struct panels_request *b)
{
	return a->edition == b->edition && a->lens == b->lens && a->product == b->product &&
	       a->category == b->category && a->same == b->same &&
	       a->level == b->level && a->multi == b->multi &&
	       strcmp(a->model, b->model) == 0;
}

void explorer_ask_panels(struct explorer *e)
{
	const struct catalog *cat = e->edition->cat;
	struct panels_request r = {
		.edition = e->edition,
		.lens = e->lens,
		.product = table_product(&e->table),
		.category = e->category,
		.same = e->same,
		.level = e->level,
		.multi = e->multi,
	};
	bool busy = worker_busy(e->worker);

	memcpy(r.model, e->model, sizeof r.model);
	e->dirty = true;
	if (e->table.stale)
		return;
	if (r.product != CATALOG_NONE) {
		e->table.chosen = r.product;
		if (cat->product_category[r.product] < cat->n_categories)
			r.category = cat->product_category[r.product];
	}
	if (same_request(&r, &e->asked))
		return;
	e->asked = r;
	edition_ref(r.edition);
	lens_ref(r.lens);
	worker_ask_panels(e->worker, &r);
	for (int p = PANE_SIMILAR; p < PANES; p++)
		e->list[p] = (struct list){.page = e->list[p].page};
	asked_something(e, busy);
}

void explorer_again(struct explorer *e)
{
	e->asked.edition = NULL;
	explorer_ask_panels(e);
}

bool explorer_stale(const struct explorer *e)
{
	return e->table.stale ||
	       (e->panels && !same_request(&e->panels->request, &e->asked));
}

bool explorer_counting(const struct explorer *e)
{
	return e->panels && e->panels->request.lens != e->lens;
}

const struct lens *explorer_lens(const struct explorer *e)
{
	const struct table_result *r = e->table.shown;

	return r && r->view ? r->request.lens : NULL;
}

enum late explorer_late(const struct explorer *e)
{
	double age = time_now_monotonic() - e->asked_at;

	if (!explorer_stale(e))
		return LATE_NOT;
	if (e->rest)
		return LATE_NAMED;
	return age < NAME_AFTER ? LATE_NOT : age < DIM_AFTER ? LATE_NAMED : LATE_DIM;
}

bool explorer_lean(const struct explorer *e)
{
	return e->lean == WHEN_ON || (e->lean == WHEN_AUTO && pace_slow(&e->pace));
}

void explorer_moved(struct explorer *e)
{
	double now = time_now_monotonic();

	double rest = e->beside_delay;

	/* Twice the wait spares many frames of panels and is hardly felt. */
	if (explorer_lean(e))
		rest *= 2;
	e->rest = rest > 0 && now - e->moved_at < rest ? now + rest : 0;
	e->moved_at = now;
}

/* --- results */

/* A place that was come back to looks as it did. */
static void return_table(struct explorer *e)
{
	struct list *l = &e->table.list;

	if (e->returning_table && e->returning.product == table_product(&e->table))
		l->top = l->cursor > e->returning.above ? l->cursor - e->returning.above : 0;
	e->returning_table = false;
}

static void return_panels(struct explorer *e)
{
	if (e->returning_panels &&
	    e->panels->request.product == e->returning.product)
		for (int p = PANE_SIMILAR; p < PANES; p++) {
			list_go(&e->list[p], e->returning.list[p].cursor);
			e->list[p].top = e->returning.list[p].top;
		}
	e->returning_panels = false;
}

static void take_table(struct explorer *e)
{
	struct table_result *r = worker_take_table(e->worker);

	if (!r)
		return;
	if (r->request.edition != e->edition) {	/* of a generation that was left */
		table_result_destroy(r);
		return;
	}
	if (!r->view)
		explorer_error(e, &r->err);
	/* A filter that names what is not in the store leaves the one before. */
	if (!r->view && r->request.lens && r->request.lens == e->lens &&
	    chips_refused(e)) {
		table_result_destroy(r);
		return;
	}
	table_set(&e->table, r);
	return_table(e);
	explorer_ask_panels(e);
	e->dirty = e->unsettled = true;
	if (time_now_monotonic() - e->saved_at > SAVE_AFTER)
		session_save(e);
}

static void take_panels(struct explorer *e)
{
	struct panels_result *r = worker_take_panels(e->worker);
	bool again;

	if (!r)
		return;
	/* Exact counts behind estimates, and ranks back, leave cursors where they are. */
	again = e->panels && (e->panels->sampled[0] || e->panels->ranks_later) &&
		same_request(&e->panels->request, &r->request);
	panels_result_destroy(e->panels);
	e->panels = r;
	e->took = time_now_monotonic() - e->asked_at;
	list_set(&e->list[PANE_SIMILAR], r->panel[PANEL_SIMILAR].n_rows,
		 again ? e->list[PANE_SIMILAR].cursor : 0);
	list_set(&e->list[PANE_COMPLEMENTARY], r->panel[PANEL_COMPLEMENTARY].n_rows,
		 again ? e->list[PANE_COMPLEMENTARY].cursor : 0);
	list_set(&e->list[PANE_TRANSITIONS], r->flow.n_rows,
		 again ? e->list[PANE_TRANSITIONS].cursor : 0);
	return_panels(e);
	e->dirty = e->unsettled = true;
}

static void drain(int fd)
{
	uint64_t n;
	ssize_t ignored = read(fd, &n, sizeof n);

	(void)ignored;
}

void explorer_take_results(struct explorer *e)
{
	const struct runner_result *r;

	drain(worker_fd(e->worker));
	if (!e->rest) {
		take_table(e);
		take_panels(e);
	}
	r = runner_take(e->runner);
	if (r) {
		line_finished(e, r);
		e->dirty = e->unsettled = true;
	}
}

/* The keys have rested: what waited for that is drawn. */
void explorer_end_rest(struct explorer *e)
{
	e->rest = 0;
	e->asked_at = time_now_monotonic();	/* late only from here on */
	e->dirty = e->unsettled = true;
	explorer_take_results(e);
}

