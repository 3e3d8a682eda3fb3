/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes back: views that were opened, finished commands, another import. */
#include "config.h"

#include <unistd.h>

#include "base/time.h"
#include "tui/state.h"

/* A place that was come back to looks as it did. */
static void return_to(struct explorer *e, enum pane_id at)
{
	struct pane *p = &e->panes.at[at];
	const struct place *there = &e->returning;

	if (!e->returns[at] || there->product != panes_selected(e))
		return;
	e->returns[at] = false;
	if (at == PANE_PRODUCTS) {
		p->list.top = p->list.cursor > there->above ? p->list.cursor - there->above : 0;
		return;
	}
	list_go(&p->list, there->list[at].cursor);
	p->list.top = there->list[at].top;
}

static bool take_table(struct explorer *e, struct opened *r)
{
	if (r->view)
		return true;
	explorer_error(e, &r->err);
	/* A filter that names what is not in the store leaves the one before. */
	return !(r->asked.lens && r->asked.lens == e->lens && chips_refused(e));
}

static void table_taken(struct explorer *e)
{
	uint32_t product = panes_selected(e);

	if (product != CATALOG_NONE)
		e->panes.chosen = product;
	return_to(e, PANE_PRODUCTS);
	explorer_ask_panels(e);
	/* Those that stay as they are come back too. */
	for (int p = PANE_SELECTED; p < PANES; p++)
		if (!pane_stale(&e->panes.at[p]))
			return_to(e, (enum pane_id)p);
	if (time_now_monotonic() - e->saved_at > SAVE_AFTER)
		session_save(e);
}

static void take_pane(struct explorer *e, enum pane_id at)
{
	struct pane *p = &e->panes.at[at];
	struct opened *r = worker_take(e->worker, at);
	bool same;

	if (!r)
		return;
	if (r->asked.number != p->number || (at == PANE_PRODUCTS && !take_table(e, r))) {
		opened_destroy(r);
		return;
	}
	/* Exact counts behind estimates leave cursors where they are. */
	same = p->shown && p->shown->asked.number == r->asked.number;
	pane_take(p, r, same);
	if (at >= PANE_SIMILAR)
		e->took = time_now_monotonic() - e->asked_at;
	if (at == PANE_CATEGORIES && r->view && view_reveal(r->view, e->category) != UINT64_MAX)
		list_go(&p->list, view_reveal(r->view, e->category));
	if (at == PANE_PRODUCTS)
		table_taken(e);
	else if (!same)
		return_to(e, at);
	e->dirty = e->unsettled = true;
}

static void take_said(struct explorer *e, enum pane_id at)
{
	struct pane *p = &e->panes.at[at];
	struct view_more *more;
	uint64_t end;
	struct opened *r = worker_take_said(e->worker, at, &more, &end);

	if (!r)
		return;
	if (r == p->shown) {
		view_settle(r->view, more);
		r->said = end;
		e->dirty = e->unsettled = true;
	} else {
		view_more_destroy(more);
	}
	opened_destroy(r);
}

static void take_others(struct explorer *e)
{
	struct opened *sheet = worker_take(e->worker, SLOT_SHEET);
	struct opened *file = worker_take(e->worker, SLOT_FILE);

	if (sheet)
		sheet_take(e, sheet);
	if (sheet && panes_sheet(e) && !e->panes.wanted)
		deciding_return(e, panes_sheet(e));
	if (file && file->err.code == ERR_NONE && file->asked.line)
		line_printed(e, file->asked.line, strbuf_str(&file->text));
	else if (file && file->err.code == ERR_NONE)
		explorer_message(e, "written: %s", file->asked.path);
	else if (file)
		explorer_error(e, &file->err);
	if (sheet || file)
		e->dirty = e->unsettled = true;
	opened_destroy(file);
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
	for (int p = 0; p < PANES && !e->rest; p++) {
		take_pane(e, (enum pane_id)p);
		take_said(e, (enum pane_id)p);
	}
	take_others(e);
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
	uint32_t product = edition_product_in(old, panes_selected(e), new);
	uint32_t category = edition_category_in(old, e->category, new);

	trail_move(&e->trail, old, new);
	marks_move(&e->marks, old, new);
	e->edition = new;
	e->panes.chosen = product;
	chips_move(e);
	panes_forget(e);
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
	if (!edition_open(&new, e->path, e->hidden, &err)) {
		err_context(&err, "the new import can't be opened");
		explorer_error(e, &err);
	} else if (store_generation(new->store) == store_generation(e->edition->store)) {
		edition_destroy(new);
	} else {
		move_over(e, new);
	}
}
