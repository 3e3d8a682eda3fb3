/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What goes along with a product, category by category: a row for each category with how
 * often baskets with the product's category hold it, and below it the suggestions of that
 * category. Categories stand in the order of their best suggestion.
 */
#include "config.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "model/model.h"
#include "panel/flow.h"
#include "stats/live.h"
#include "suggest/door.h"
#include "view/cells.h"
#include "view/ranking.h"

#define EACH STR("3")	/* of a category, unless --per-category says it */
#define ROWS 30u	/* suggestions, unless --limit or --categories do */
#define MOST 1000u

enum {
	COL_CATEGORY, COL_SHARE, COL_LOW, COL_HIGH, COL_LIFT, COL_PRODUCT, COL_LABEL,
	COL_SCORE, COL_SOURCE, COL_N, COL_NEW, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	[COL_CATEGORY] = {"category", "category", CELL_TEXT, 18, 0, 0,
		"path of the category, on its own row and on those of its products"},
	[COL_SHARE] = {"confidence", "conf", CELL_SHARE, 6, 1, 0,
		"share of the baskets with the product's category that hold this one too"},
	[COL_LOW] = {"low", "from", CELL_SHARE, 6, 1, 0, "lower end of its Wilson 95% interval"},
	[COL_HIGH] = {"high", "to", CELL_SHARE, 6, 1, 0, "upper end of it"},
	[COL_LIFT] = {"lift", "lift", CELL_REAL, 7, 2, 0,
		"how much more often than by chance; empty for the product's own category"},
	[COL_PRODUCT] = {"product", "product", CELL_ID, 10, 0, 0,
		"id of the suggestion; empty on a category's row"},
	[COL_LABEL] = {"label", "label", CELL_TEXT, 28, 0, COLUMN_MAIN, "its label"},
	[COL_SCORE] = {"score", "score", CELL_REAL, 7, 3, 0, "comparable within one source only"},
	[COL_SOURCE] = {"source", "source", CELL_TEXT, 13, 0, 0, "where the score comes from"},
	[COL_N] = {"n", "n", CELL_COUNT, 6, 0, 0, "sessions or baskets with both"},
	[COL_NEW] = {"new", "new", CELL_TEXT, 12, 0, COLUMN_SPARE,
		"no purchases: what stands behind a suggestion that nobody bought yet"},
};

struct along {
	struct ranking list;	/* first: what ranking.h offers takes it */
	struct outlook outlook;	/* the one asked, with --per-category */
};

/* The rows of the panel by category, each in its order. */
static void group(struct ranking *s)
{
	unsigned n = s->panel.n_rows;
	SCOPED_FREE bool *done = mem_zalloc(n + 1);

	s->line = mem_alloc((2 * (size_t)n + 1) * sizeof *s->line);
	for (unsigned i = 0; i < n; i++) {
		uint32_t category = s->cat->product_category[s->panel.rows[i].product];

		if (done[i])
			continue;
		s->line[s->n_lines++] = (struct ranking_line){category, RANKING_HEADER};
		for (unsigned j = i; j < n; j++) {
			if (s->cat->product_category[s->panel.rows[j].product] != category)
				continue;
			done[j] = true;
			s->line[s->n_lines++] = (struct ranking_line){category, j};
		}
	}
}

static bool read_flow(struct ranking *s, const struct question *q, struct job *job,
		      struct err *err)
{
	struct flow_request r = {
		.catalog = q->catalog, .from = q->catalog->product_category[q->product],
		.kind = BASKET_KINDS, .level = UINT32_MAX,
	};

	if (r.from == CATALOG_NONE)
		return true;
	if (q->live && !live_flow(q->live, r.kind, &r.catalog, job, err))
		return false;
	return flow_compute(&r, &s->flow, err);
}

/* As many as --categories have room for, where it is asked. */
static unsigned rows_of(const struct outlook *o)
{
	uint64_t categories = outlook_count(o, ASK_CATEGORIES, 0);
	uint64_t n = categories * outlook_count(o, ASK_PER_CATEGORY, 1);

	return asked_rows(o, n ? (unsigned)(n < MOST ? n : MOST) : ROWS);
}

static bool along_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct along *a = state;
	struct ranking *s = &a->list;
	const struct question *q = view_question(v);
	bool bought = ranking_bought(q->catalog, q->product);

	s->cat = q->catalog;
	s->model = q->model;
	s->kind = PANEL_COMPLEMENTARY;
	if (q->outlook)
		outlook_copy(&a->outlook, q->outlook);
	if (!outlook_asks(&a->outlook, ASK_PER_CATEGORY))
		outlook_set(&a->outlook, ASK_PER_CATEGORY, EACH);
	s->request = (struct panel_request){.about = *q, .kind = PANEL_COMPLEMENTARY,
					    .limit = rows_of(&a->outlook)};
	s->request.about.outlook = &a->outlook;
	if (!suggest(&s->request, &s->panel, job, err) || !read_flow(s, q, job, err))
		return false;
	group(s);
	view_set_note(v, "%s%s%s", bought ? "" :
		      "Nobody bought this product yet: what follows is known of its category, "
		      "or by the model of what it is.", bought || !s->panel.note[0] ? "" : " ",
		      s->panel.note);
	return true;
}

static void along_close(void *state)
{
	struct along *a = state;

	ranking_close(&a->list);
	outlook_finish(&a->outlook);
}

static uint32_t along_category(const void *state, uint64_t i)
{
	const struct ranking *s = state;

	return s->line[i].at == RANKING_HEADER ? s->line[i].category : CATALOG_NONE;
}

static void header_cells(const struct ranking *s, uint32_t category, struct cell *cells)
{
	const struct flow_row *f = ranking_flow(s, category);
	struct str path = category == CATALOG_NONE ? STR("(no category)") :
			  text_at(&s->cat->category_path, category);

	cells[COL_LABEL] = cell_text(path);
	if (!f || f->to != category)
		return;
	cells[COL_SHARE] = cell_real(f->assoc.confidence);
	cells[COL_LOW] = cell_real(f->assoc.confidence_low);
	cells[COL_HIGH] = cell_real(f->assoc.confidence_high);
	cells[COL_LIFT] = cell_real(f->assoc.lift);
	cells[COL_N] = cell_count(f->counts.n);
}

static void along_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct ranking *s = state;
	const struct panel_row *r = ranking_at(s, i);
	struct str new;

	for (unsigned c = 0; c < COLUMNS; c++)
		cells[c] = cell_empty();
	cells[COL_CATEGORY] = cell_name(&s->cat->category_path, s->line[i].category);
	if (!r) {
		header_cells(s, s->line[i].category, cells);
		return;
	}
	new = ranking_new(view_arena(v), s, r);
	cells[COL_PRODUCT] = cell_text(text_at(&s->cat->product_id, r->product));
	cells[COL_LABEL] = cell_text(text_at(&s->cat->product_label, r->product));
	cells[COL_SCORE] = cell_real(r->score);
	cells[COL_SOURCE] = cell_text(r->source == SOURCE_MODEL ?
		arena_printf(view_arena(v), "model %s", model_name(s->model)) :
		str_from(panel_source_name(r->source)));
	if (r->counts.n_all)
		cells[COL_N] = cell_count(r->counts.n);
	cells[COL_NEW] = cell_text(!new.len ? STR("") :
				   arena_printf(view_arena(v), "no purchases: from %.*s",
						STR_ARG(new)));
}

const struct view_class vw_along = {
	.name = "along",
	.summary = "What goes along with a product, category by category, the best --per-category "
		   "of each.",
	.asks = MUST(PRODUCT) | MAY(SCOPE) | MAY(CODES) |
		MAY(CATEGORY) | MAY(SAME_CATEGORY) | MAY(TAIL) |
		MAY(DIVERSIFY) | MAY(PER_CATEGORY) | MAY(CATEGORIES) | MAY(MODEL) |
		MAY(VERDICTS) | MAY(RULES),
	.where = WHERE_PRODUCTS | WHERE_EVENTS | WHERE_ROWS,
	.parts = LIVE_TOTALS | LIVE_PAIRS | LIVE_PRIOR,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct along),
	.open = along_open,
	.close = along_close,
	.count = ranking_count,
	.row = along_row,
	.product = ranking_product,
	.category = along_category,
	.mark = ranking_mark,
	.title = "Complementary",
	.draw = ranking_draw,
	.say = ranking_say,
};
