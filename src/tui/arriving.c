/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes back: results of the worker, finished commands, another import. */
#include "config.h"

#include <unistd.h>

#include "base/time.h"
#include "tui/state.h"

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
		panels_same(&e->panels->request, &r->request);
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

void explorer_end_rest(struct explorer *e)
{
	e->rest = 0;
	e->asked_at = time_now_monotonic();	/* late only from here on */
	e->dirty = e->unsettled = true;
	explorer_take_results(e);
}

/* --- a new generation */

static void move_over(struct explorer *e, struct edition *new)
{
	struct edition *old = e->edition;
	uint32_t product = edition_product_in(old, table_product(&e->table), new);
	uint32_t category = edition_category_in(old, e->category, new);

	tree_move(&e->tree, old, new);
	trail_move(&e->trail, old, new);
	marks_move(&e->marks, old, new);
	e->edition = new;
	chips_move(e);
	e->asked.edition = NULL;
	e->beside = CATALOG_NONE;
	explorer_ask_table(e, category, product);
	edition_destroy(old);	/* closes once the screen shows nothing of it */
	sheet_refresh(e);
	explorer_message(e, "the store was imported again: now at import %llu",
			 (unsigned long long)store_generation(new->store));
}

void explorer_reload(struct explorer *e)
{
	struct edition *new;
	struct err err = {0};

	e->unsettled = true;
	if (!edition_open(&new, e->path, e->mask_prices, &err)) {
		err_context(&err, "the new import can't be opened");
		explorer_error(e, &err);
	} else if (store_generation(new->store) == store_generation(e->edition->store)) {
		edition_destroy(new);
	} else {
		move_over(e, new);
	}
}

