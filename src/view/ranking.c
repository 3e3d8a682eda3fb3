/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A panel as rows, for `similar` and `complementary`. */
#include "config.h"

#include "view/ranking.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/num.h"
#include "model/model.h"
#include "stats/live.h"
#include "suggest/door.h"

#define CHOICE_MOST 50000	/* sessions of a product that are read for a panel */
#define PANE_ROWS 60	/* more than a tall screen shows */

const struct column ranking_columns[PANEL_COLUMNS] = {
	{"rank", "#", CELL_COUNT, 3, 0, COLUMN_SORT | COLUMN_ASCENDING,
	 "place in the panel's own order, from 1"},
	{"product", "product", CELL_ID, 10, 0, 0, "id of the suggested product"},
	{"label", "label", CELL_TEXT, 28, 0, COLUMN_MAIN | COLUMN_SORT, "its label"},
	{"score", "score", CELL_REAL, 7, 3, COLUMN_SORT, "comparable within one source only"},
	{"source", "source", CELL_TEXT, 13, 0, 0, "where the score comes from"},
	COLUMNS_EVIDENCE,
	{"reverse_rank", "back", CELL_COUNT, 4, 0, 0,
	 "rank of the product asked for in the suggestion's own panel; empty: not in it"},
	{"flags", "flags", CELL_TEXT, 18, 0, COLUMN_SPARE,
	 "one-way: the first 20 of the suggestion's panel don't hold the product; small: n "
	 "below 20; penalised: bought together more than by chance; same-category; what people "
	 "decided: approved, rejected, pinned (also by a rule)"},
};

enum relation ranking_relation(const struct ranking *r, const struct panel_row *row)
{
	/* A model's rows stand beside what was counted first of these. */
	for (unsigned i = 0; row->source == SOURCE_MODEL && i < RELATIONS; i++) {
		static const enum relation order[RELATIONS] = {
			REL_CO_PURCHASE, REL_CO_VIEW, REL_CO_CART, REL_VIEW_PURCHASE,
			REL_ADJACENT_VIEW};
		const struct relation_counts *c = &r->cat->relation[order[i]];

		if (c->from && c->total == row->counts.n_all &&
		    c->from[r->request.about.product] == row->counts.n_a &&
		    c->to[row->product] == row->counts.n_b)
			return order[i];
	}
	return panel_source_relation(row->source);
}

/* What those bought who saw both, of similar products; not of millions of sessions. */
static bool count_choice(struct ranking *s, struct job *job, struct err *err)
{
	const struct catalog *c = s->cat;
	uint32_t a = s->request.about.product;
	unsigned n = s->panel.n_rows;
	SCOPED_FREE uint32_t *product = mem_alloc((n + 1) * sizeof *product);

	if (s->kind != PANEL_SIMILAR || !n || !choice_known(c) ||
	    c->product_session_offsets[a + 1] - c->product_session_offsets[a] > CHOICE_MOST)
		return true;
	for (unsigned i = 0; i < n; i++)
		product[i] = s->panel.rows[i].product;
	s->choice = mem_zalloc((n + 1) * sizeof *s->choice);
	return choice_count(c, a, product, n, s->choice, job, err);
}

bool ranking_open(struct view *v, struct ranking *s, enum panel_kind kind,
		   struct job *job, struct err *err)
{
	const struct question *q = view_question(v);
	bool cuts = q->live && live_cuts(q->live), pane = view_request_of(v)->pane;
	struct panel_request r = {
		.about = *q,
		.kind = kind,
		.limit = asked_rows(q->outlook, pane ? PANE_ROWS : PANEL_ROWS),
		/* Under a filter of events each row would be another product to count. */
		.reverse = !pane && (!cuts || (view_columns(v) >> PANEL_COL_REVERSE_RANK & 1)),
	};

	s->model = q->model;
	s->cat = q->catalog;
	s->kind = kind;
	s->request = r;
	if (pane && !cuts)
		view_set_later(v);
	if (!suggest(&r, &s->panel, job, err) || !count_choice(s, job, err))
		return false;
	STRBUF(family);
	if (s->panel.family > 0) {
		strbuf_adds(&family, s->panel.note[0] ? " q over the " : "q over the ");
		num_add_grouped(&family, (int64_t)s->panel.family);
		strbuf_adds(&family, " pairs of this product.");
	}
	if (cuts && !r.reverse)
		strbuf_adds(&family, family.len || s->panel.note[0] ?
			    " --columns reverse_rank counts back ranks too." :
			    "--columns reverse_rank counts back ranks too.");
	view_set_note(v, "%s%s", s->panel.note, strbuf_c(&family));
	return true;
}

bool ranking_later(const void *state, struct view_more *more, struct work work,
		   struct err *err)
{
	const struct ranking *s = state;
	struct panel p = {.rows = more->made, .n_rows = more->n};

	for (unsigned i = 0; i < more->n; i++)
		p.rows[i] = s->panel.rows[more->row[i]];
	return suggest_back(&s->request, &p, work, err);
}

void ranking_settle(void *state, const struct view_more *more)
{
	struct ranking *s = state;
	const struct panel_row *rows = more->made;

	for (unsigned i = 0; i < more->n; i++)
		s->panel.rows[more->row[i]] = rows[i];
}

void ranking_close(void *state)
{
	struct ranking *s = state;

	panel_finish(&s->panel);
	flow_finish(&s->flow);
	free(s->choice);
	free(s->line);
}

uint64_t ranking_count(const void *state)
{
	const struct ranking *s = state;

	return s->line ? s->n_lines : s->panel.n_rows;
}

const struct panel_row *ranking_at(const struct ranking *r, uint64_t i)
{
	assert(i < ranking_count(r));
	if (r->line)
		i = r->line[i].at;
	return i == RANKING_HEADER ? NULL : &r->panel.rows[i];
}

uint32_t ranking_product(const void *state, uint64_t i)
{
	const struct panel_row *row = ranking_at(state, i);

	return row ? row->product : CATALOG_NONE;
}

bool ranking_bought(const struct catalog *c, uint32_t p)
{
	return !c->product_purchases || !(c->caps & CAP_PURCHASES) || c->product_purchases[p] > 0;
}

struct str ranking_new(struct arena *arena, const struct ranking *r, const struct panel_row *row)
{
	const struct catalog *c = r->cat;

	if (ranking_bought(c, row->product))
		return STR("");
	if (row->source != SOURCE_MODEL)
		return row->source == SOURCE_TRANSITION ? STR("category") :
		       str_from(panel_source_name(row->source));
	return arena_printf(arena, "category%s%s%s%s", c->product_brand ? ", brand" : "",
			    c->product_price ? ", price" : "",
			    c->product_attribute ? ", attributes" : "",
			    c->caps & CAP_NAMES ? ", words" : "");
}

const struct flow_row *ranking_flow(const struct ranking *r, uint32_t category)
{
	if (category != CATALOG_NONE && r->flow.n_rows)
		category = catalog_ancestor(r->cat, category, r->flow.level);
	for (size_t i = 0; i < r->flow.n_rows; i++)
		if (r->flow.rows[i].to == category)
			return &r->flow.rows[i];
	return NULL;
}

char ranking_mark(const void *state, uint64_t i)
{
	const struct panel_row *row = ranking_at(state, i);
	unsigned flags = row ? row->flags : 0;

	return flags & PANEL_REJECTED ? 'R' : flags & PANEL_PINNED ? 'P' :
	       flags & PANEL_APPROVED ? 'A' : 0;
}

struct str ranking_flags(struct view *v, unsigned flags)
{
	static const struct {
		unsigned flag;
		const char *name;
	} names[] = {
		{PANEL_ONE_WAY, "one-way"},
		{PANEL_SMALL, "small"},
		{PANEL_PENALISED, "penalised"},
		{PANEL_SAME_CATEGORY, "same-category"},
		{PANEL_APPROVED, "approved"},
		{PANEL_REJECTED, "rejected"},
		{PANEL_PINNED, "pinned"},
	};
	struct str s = STR("");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (flags & names[i].flag)
			s = arena_printf(view_arena(v), "%.*s%s%s", STR_ARG(s),
					 s.len ? "," : "", names[i].name);
	return s;
}

void ranking_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct ranking *s = state;
	const struct panel_row *r = &s->panel.rows[i];

	assert(i < ranking_count(state));
	cells[PANEL_COL_RANK] = r->rank ? cell_count(r->rank) : cell_empty();
	cells[PANEL_COL_PRODUCT] = cell_text(text_at(&s->cat->product_id, r->product));
	cells[PANEL_COL_LABEL] = cell_text(text_at(&s->cat->product_label, r->product));
	cells[PANEL_COL_SCORE] = cell_real(r->score);
	cells[PANEL_COL_SOURCE] = cell_text(r->source == SOURCE_MODEL ?
		arena_printf(view_arena(v), "model %s", model_name(s->model)) :
		str_from(panel_source_name(r->source)));
	cells_evidence(&cells[PANEL_COL_EVIDENCE], &r->counts, &r->assoc, r->q);
	cells[PANEL_COL_REVERSE_RANK] = r->reverse_rank ? cell_count(r->reverse_rank)
							: cell_empty();
	cells[PANEL_COL_FLAGS] = cell_text(ranking_flags(v, r->flags));
}
