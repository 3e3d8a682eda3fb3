/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was drawn at random and is decided: how good the lists are, as people judge them. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/store.h"
#include "suggest/queue.h"
#include "view/cells.h"

enum {COL_DRAW, COL_PRODUCT, COL_LABEL, COL_TRAFFIC, COL_APPROVED, COL_DECIDED, COLUMNS};

static const struct column columns[COLUMNS] = {
	{"draw", "draw", CELL_COUNT, 5, 0, 0, "number of the draw"},
	{"product", "product", CELL_ID, 10, 0, 0, "id of the product that was drawn"},
	{"label", "label", CELL_TEXT, 28, 0, COLUMN_MAIN, "its label"},
	{"traffic", "traffic", CELL_COUNT, 8, 0, 0, "pieces sold; views where nothing is sold"},
	{"approved", "approved", CELL_COUNT, 8, 0, 0, "suggestions of it that were approved"},
	{"decided", "decided", CELL_COUNT, 8, 0, 0, "and those that were decided, skips aside"},
};

struct state {
	struct queue *q;
	struct queue_audit audit;
};

static bool audit_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct state *s = state;
	const struct question *q = view_question(v);
	struct queue_request r = {
		.store = q->store, .category = CATALOG_NONE, .aside = q->aside,
		.who = outlook_text(q->outlook, ASK_WHO),
		.kind = panel_kind_of(outlook_text(q->outlook, ASK_PANEL)),
		.rows = 1,	/* draws are looked at whatever is in order */
	};

	if (!queue_make(&s->q, &r, NULL, (struct work){view_request_of(v)->pool, job}, err))
		return false;
	s->audit = queue_audit(s->q);
	if (s->audit.decided)
		view_set_note(v, "%.1f%% of %u suggestions approved [%.1f-%.1f], of %u products "
			      "drawn at random by traffic: they count for %.1f single draws.",
			      s->audit.rate * 100, s->audit.decided, s->audit.low * 100,
			      s->audit.high * 100, s->audit.draws, s->audit.effective);
	else
		view_set_note(v, "No product that was drawn at random is decided yet: every 20th "
			      "of the review queue is one.");
	return true;
}

static void audit_close(void *state)
{
	queue_destroy(((struct state *)state)->q);
}

static uint64_t audit_count(const void *state)
{
	return ((const struct state *)state)->audit.draws;
}

static void audit_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct state *s = state;
	const struct catalog *c = view_question(v)->catalog;
	struct queue_draw d = queue_draw(s->q, (uint32_t)i);

	cells[COL_DRAW] = cell_count(i + 1);
	cells[COL_PRODUCT] = cell_text(text_at(&c->product_id, d.product));
	cells[COL_LABEL] = cell_text(text_at(&c->product_label, d.product));
	cells[COL_TRAFFIC] = cell_count(d.traffic);
	cells[COL_APPROVED] = cell_count(d.approved);
	cells[COL_DECIDED] = cell_count(d.decided);
}

static uint32_t audit_product(const void *state, uint64_t i)
{
	return queue_draw(((const struct state *)state)->q, (uint32_t)i).product;
}

const struct view_class vw_audit = {
	.name = "audit",
	.summary = "Products that the review drew at random, and the share of their suggestions "
		   "that was approved.",
	.asks = MAY(PANEL) | MAY(WHO),
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.fixed = true,
	.pooled = true,
	.open = audit_open,
	.close = audit_close,
	.count = audit_count,
	.row = audit_row,
	.product = audit_product,
};
