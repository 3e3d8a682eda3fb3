/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked of the worker, and whether it is late. */
#include "config.h"

#include <stdio.h>

#include "base/time.h"
#include "tui/state.h"
#include "view/view.h"

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
		.select = select,
	};
	const struct catalog *cat = e->edition->cat;
	const char *sort = sorted_by(&e->sight.own[PANE_PRODUCTS], view_find(STR("products")),
				     &r.reverse);
	bool busy = worker_busy(e->worker);

	snprintf(r.sort, sizeof r.sort, "%s", sort ? sort : "");
	e->category = category;
	outlook_set(&e->sight.asked, ASK_CATEGORY, category < cat->n_categories ?
		    text_at(&cat->category_id, category) : STR_NULL);
	e->table.stale = true;
	worker_ask_table(e->worker, &r);
	asked_something(e, busy);
}

bool panels_same(const struct panels_request *a, const struct panels_request *b)
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
		.same = explorer_same(e),
		.level = explorer_level(e),
		.multi = explorer_multi(e),
	};
	bool busy = worker_busy(e->worker);

	snprintf(r.model, sizeof r.model, "%.*s",
		 STR_ARG(outlook_text(&e->sight.asked, ASK_MODEL)));
	e->dirty = true;
	if (e->table.stale)
		return;
	if (r.product != CATALOG_NONE) {
		e->table.chosen = r.product;
		if (cat->product_category[r.product] < cat->n_categories)
			r.category = cat->product_category[r.product];
	}
	if (panels_same(&r, &e->asked))
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
	       (e->panels && !panels_same(&e->panels->request, &e->asked));
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
