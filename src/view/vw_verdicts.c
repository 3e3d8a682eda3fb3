/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was decided, pair by pair: the verdict that holds, whose it is, and what others say. */
#include "config.h"

#include <stdlib.h>

#include "ask/pseudonym.h"
#include "base/mem.h"
#include "store/store.h"
#include "vet/verdicts.h"
#include "view/cells.h"

enum {
	COL_PANEL, COL_PRODUCT, COL_SUGGESTION, COL_VERDICT, COL_WHO, COL_TIME, COL_OTHERS,
	COL_SCOPE, COL_POSITION, COL_REASON, COL_RANK, COL_N, COL_STATE, COL_LABEL,
	COL_LABEL_WITH, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	{"panel", "panel", CELL_TEXT, 13, 0, 0, "the panel that the suggestion stands in"},
	{"product", "product", CELL_ID, 10, 0, 0, "id of the product"},
	{"suggestion", "suggestion", CELL_ID, 10, 0, 0, "id of what is suggested for it"},
	{"verdict", "verdict", CELL_TEXT, 8, 0, 0,
	 "approve, reject or pin, of who decided last; skip: only left open so far"},
	{"who", "who", CELL_TEXT, 8, 0, 0, "who decided it"},
	{"time", "when", CELL_TIME, 10, 0, 0, "when, UTC"},
	{"others", "others", CELL_TEXT, 12, 0, 0, "what other people decided on it"},
	{"scope", "scope", CELL_TEXT, 10, 0, COLUMN_SPARE,
	 "pair; both ways; every variant of the suggestion; or everywhere"},
	{"position", "place", CELL_COUNT, 5, 0, COLUMN_SPARE, "of a pin: its place in the list"},
	{"reason", "reason", CELL_TEXT, 16, 0, 0, "why"},
	{"rank", "rank then", CELL_COUNT, 9, 0, COLUMN_SPARE, "its place when it was decided"},
	{"n", "n then", CELL_COUNT, 6, 0, COLUMN_SPARE,
	 "sessions with both when it was decided"},
	{"state", "state", CELL_TEXT, 8, 0, 0,
	 "holds; or gone: the store has one of the products no longer"},
	{"label", "of", CELL_TEXT, 18, 0, 0, "label of the product"},
	{"label_suggestion", "suggested", CELL_TEXT, 18, 0, COLUMN_MAIN,
	 "label of the suggestion"},
};

struct state {
	struct verdicts *v;
	const struct store *store;
	const struct catalog *cat;
	const struct decision **row;	/* (n) the latest first */
	uint64_t n;
};

static int by_seq(const void *a, const void *b)
{
	const struct decision *x = *(const struct decision *const *)a;
	const struct decision *y = *(const struct decision *const *)b;

	return x->seq < y->seq ? 1 : -1;
}

static const struct decision *verdict_or_skip(const struct verdicts *v, uint32_t pair)
{
	const struct decision *d = verdicts_of(v, pair, false);

	return d ? d : verdicts_next(v, pair, NULL);
}

static bool concerns(const struct question *q, const struct decision *d)
{
	return q->product == CATALOG_NONE ||
	       store_find(q->store, "product", d->product) == q->product;
}

static bool verdicts_view_open(struct view *view, void *state, struct job *job,
			       struct err *err)
{
	struct state *s = state;
	const struct question *q = view_question(view);
	struct journal_place at = {store_path(q->store), "aisle show verdicts", VERDICTS_PATIENCE,
				   q->aside};

	s->store = q->store;
	s->cat = q->catalog;
	if (!verdicts_open(&s->v, &at, err))
		return false;
	s->row = mem_alloc(verdicts_pairs(s->v) * sizeof *s->row);
	for (uint32_t pair = 0; pair < verdicts_pairs(s->v); pair++) {
		const struct decision *d = verdict_or_skip(s->v, pair);

		if (d && concerns(q, d))
			s->row[s->n++] = d;
	}
	if (s->n)
		qsort(s->row, s->n, sizeof *s->row, by_seq);
	else
		view_set_note(view, "Nothing was decided yet: aisle verdict approve, reject, skip "
			      "or pin does it.");
	return true;
}

static void verdicts_view_close(void *state)
{
	struct state *s = state;

	verdicts_destroy(s->v);
	free(s->row);
}

static uint64_t verdicts_view_count(const void *state)
{
	return ((const struct state *)state)->n;
}

/* "bob reject, eve approve" */
static struct str others(struct view *view, const struct state *s, const struct decision *d)
{
	uint32_t pair = verdicts_find(s->v, d->panel, d->product, d->with);
	const struct decision *o = NULL;
	STRBUF(b);

	while ((o = verdicts_next(s->v, pair, o)) != NULL)
		if (!str_eq(o->who, d->who))
			strbuf_addf(&b, "%s%.*s %s", b.len ? ", " : "",
				    STR_ARG(pseudonym_person(view_question(view),
							     view_arena(view), o->who)),
				    decision_kind_name(o->kind));
	return arena_str(view_arena(view), strbuf_str(&b));
}

static struct cell count_or_empty(uint64_t n)
{
	return n ? cell_count(n) : cell_empty();
}

static void verdicts_view_row(struct view *view, void *state, uint64_t i, struct cell *cells)
{
	struct state *s = state;
	const struct decision *d = s->row[i];
	uint32_t a = store_find(s->store, "product", d->product);
	uint32_t b = store_find(s->store, "product", d->with);

	cells[COL_PANEL] = cell_text(d->panel);
	cells[COL_PRODUCT] = cell_text(d->product);
	cells[COL_SUGGESTION] = cell_text(d->with);
	cells[COL_VERDICT] = cell_text(str_from(decision_kind_name(d->kind)));
	cells[COL_WHO] = cell_text(pseudonym_person(view_question(view), view_arena(view),
						     d->who));
	cells[COL_TIME] = (struct cell){.count = d->time};
	cells[COL_OTHERS] = cell_text(others(view, s, d));
	cells[COL_SCOPE] = cell_text(str_from(decision_scope_name(d->scope)));
	cells[COL_POSITION] = count_or_empty(d->position);
	cells[COL_REASON] = cell_text(d->reason);
	cells[COL_RANK] = count_or_empty(d->rank);
	cells[COL_N] = count_or_empty(d->n);
	cells[COL_STATE] = cell_text(a == UINT32_MAX || b == UINT32_MAX ? STR("gone") :
				     STR("holds"));
	cells[COL_LABEL] = cell_name(&s->cat->product_label, a);
	cells[COL_LABEL_WITH] = cell_name(&s->cat->product_label, b);
}

static void verdicts_view_target(const void *state, uint64_t i, struct view_target *t)
{
	const struct state *s = state;

	t->product = store_find(s->store, "product", s->row[i]->product);
	t->with = store_find(s->store, "product", s->row[i]->with);
}

const struct view_class vw_verdicts = {
	.name = "verdicts",
	.summary = "What people decided on suggestions, the latest first.",
	.asks = MAY(PRODUCT),
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = verdicts_view_open,
	.close = verdicts_view_close,
	.count = verdicts_view_count,
	.row = verdicts_view_row,
	.target = verdicts_view_target,
};
