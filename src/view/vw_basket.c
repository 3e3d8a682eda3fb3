/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes with a whole basket (panel/whole.c), or with --model what a trained model ranks by
 * the whole basket in the order given; the counts stand beside its rows. */
#include "config.h"

#include "base/arena.h"
#include "base/num.h"
#include "model/model.h"
#include "stats/live.h"
#include "suggest/door.h"
#include "view/cells.h"
#include "view/ranking.h"

enum {
	COL_RANK, COL_PRODUCT, COL_LABEL, COL_CATEGORY, COL_SCORE, COL_WITH, COL_N,
	COL_BEST, COL_BEST_LABEL, COL_BEST_N, COL_LIFT, COL_FLAGS, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	{"rank", "#", CELL_COUNT, 3, 0, COLUMN_SORT | COLUMN_ASCENDING, "place, from 1"},
	{"product", "product", CELL_ID, 10, 0, COLUMN_SPARE, "id of the suggested product"},
	{"label", "label", CELL_TEXT, 28, 0, COLUMN_MAIN | COLUMN_SORT, "its label"},
	{"category", "category", CELL_TEXT, 16, 0, COLUMN_SPARE | COLUMN_SORT,
	 "path of its category"},
	{"score", "score", CELL_REAL, 7, 2, COLUMN_SORT,
	 "sessions with one of the basket, summed over it, and what second steps and categories "
	 "add; --model: the model's"},
	{"with", "with", CELL_COUNT, 5, 0, 0,
	 "products of the basket that it was seen together with"},
	{"n", "n", CELL_COUNT, 6, 0, 0,
	 "sessions in which it was together with one of them, summed over them"},
	{"best", "best", CELL_ID, 10, 0, COLUMN_DATA,
	 "the product of the basket that speaks most for it"},
	{"best_label", "most with", CELL_TEXT, 18, 0, 0, "its label"},
	{"best_n", "n of it", CELL_COUNT, 6, 0, 0, "sessions with both of these two"},
	{"lift", "lift", CELL_REAL, 7, 2, 0, "lift of these two"},
	{"flags", "flags", CELL_TEXT, 8, 0, COLUMN_SPARE,
	 "small: n of these two is below 20; unseen: in no session with the basket; what people "
	 "decided for one of them: approved, rejected; pinned by a rule"},
};

struct basket {
	const struct question *q;
	struct panel panel;
};

static void describe(struct view *v, const struct basket *s)
{
	const struct model *m = s->q->model;
	STRBUF(b);
	if (!s->panel.n_rows && m) {
		view_set_note(v, "The model %s has nothing to say about this basket.",
			      model_name(m));
		return;
	}
	if (!s->panel.n_rows) {
		view_set_note(v, "No session holds one of these products together with "
			      "another one.");
		return;
	}
	for (unsigned i = 0; i < s->q->n_basket; i++)
		strbuf_addf(&b, "%s%.*s", i ? ", " : "",
			    STR_ARG(text_at(&s->q->catalog->product_label, s->q->basket[i])));
	strbuf_addf(&b, ". Counted by %s in ", relation_name(s->panel.relation));
	num_add_grouped(&b, (int64_t)s->q->catalog->relation[s->panel.relation].total);
	strbuf_adds(&b, " sessions; ");
	if (m)
		strbuf_addf(&b, "ranked by the model %s%s: a score is %s.", model_name(m),
			    model_stale(m) ? " (trained on an earlier import)" : "",
			    model_meaning(m));
	else
		strbuf_adds(&b, "score is the sessions with each product of the basket, added "
			    "up, with what second steps and categories add.");
	view_set_note(v, "Basket: %s", strbuf_c(&b));
}

static bool basket_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct basket *s = state;
	struct panel_request r = {.about = *view_question(v), .kind = PANEL_BASKET};

	s->q = view_question(v);
	r.limit = asked_rows(s->q->outlook, 5 * PANEL_ROWS);
	if (!suggest(&r, &s->panel, job, err))
		return false;
	describe(v, s);
	return true;
}

static void basket_close(void *state)
{
	panel_finish(&((struct basket *)state)->panel);
}

static uint64_t basket_count(const void *state)
{
	return ((const struct basket *)state)->panel.n_rows;
}

static void basket_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct basket *s = state;
	const struct catalog *cat = s->q->catalog;
	const struct panel_row *r = &s->panel.rows[i];
	struct str flags = ranking_flags(v, r->flags);

	cells[COL_RANK] = r->rank ? cell_count(r->rank) : cell_empty();
	cells[COL_PRODUCT] = cell_text(text_at(&cat->product_id, r->product));
	cells[COL_LABEL] = cell_text(text_at(&cat->product_label, r->product));
	cells[COL_CATEGORY] = cell_name(&cat->category_path, cat->product_category[r->product]);
	cells[COL_SCORE] = cell_real(r->score);
	cells[COL_WITH] = cell_count(r->with);
	cells[COL_N] = cell_count(r->together);
	if (!r->with) {
		flags = ranking_flags(v, r->flags & ~(unsigned)PANEL_SMALL);
		flags = arena_printf(view_arena(v), "unseen%s%.*s", flags.len ? "," : "",
				     STR_ARG(flags));
	}
	cells[COL_FLAGS] = cell_text(flags);
	cells[COL_BEST] = cells[COL_BEST_LABEL] = cells[COL_BEST_N] = cells[COL_LIFT] =
		cell_empty();
	if (!r->with)
		return;
	cells[COL_BEST] = cell_text(text_at(&cat->product_id, r->best));
	cells[COL_BEST_LABEL] = cell_text(text_at(&cat->product_label, r->best));
	cells[COL_BEST_N] = cell_count(r->counts.n);
	cells[COL_LIFT] = cell_real(r->assoc.lift);
}

static uint32_t basket_product(const void *state, uint64_t i)
{
	return ((const struct basket *)state)->panel.rows[i].product;
}

const struct view_class vw_basket = {
	.name = "basket",
	.summary = "What goes with a whole basket: --product ID for each of its products.",
	.asks = MUST(PRODUCT) | MAY(SCOPE) | MAY(CODES) | MAY(RELATION) | MAY(MODEL) |
		MAY(VERDICTS) | MAY(RULES),
	.where = WHERE_PRODUCTS | WHERE_EVENTS,
	.parts = LIVE_TOTALS | LIVE_PAIRS | LIVE_PRIOR,
	.many = true,
	.best = true,
	.sorts = &suggest_product_sorts,
	.sorts_by = suggest_sorts_by,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct basket),
	.open = basket_open,
	.close = basket_close,
	.count = basket_count,
	.row = basket_row,
	.product = basket_product,
};
