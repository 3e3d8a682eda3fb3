/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rankings for one product side by side. A ranking is a panel, a trained model or the
 * raw counts of a relation; the first one is what the others are compared with. The
 * overlap@k of two is the share of the k best that both have: |A and B| / k.
 */
#include "config.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "chart/chart.h"
#include "model/model.h"
#include "stats/live.h"
#include "suggest/door.h"
#include "view/cells.h"
#include "view/page.h"

#define RANKINGS 6
#define MODELS_SHOWN 3		/* of the trained ones, where none is named */

enum {
	COL_RANKING, COL_RANK, COL_PRODUCT, COL_LABEL, COL_SCORE, COL_FIRST, COL_CHANGE,
	COL_OTHERS, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	{"ranking", "ranking", CELL_TEXT, 14, 0, 0,
	 "similar, complementary, a trained model, or the counts of a relation"},
	{"rank", "#", CELL_COUNT, 3, 0, 0, "place in it, from 1"},
	{"product", "product", CELL_ID, 10, 0, COLUMN_SPARE, "id of the suggested product"},
	{"label", "label", CELL_TEXT, 28, 0, COLUMN_MAIN, "its label"},
	{"score", "score", CELL_REAL, 9, 3, 0, "comparable within one ranking only"},
	{"first_rank", "in first", CELL_COUNT, 4, 0, 0,
	 "its place in the first ranking; empty: not in it"},
	{"change", "change", CELL_COUNT, 6, 0, 0,
	 "places that it stands higher here (negative: lower) than in the first ranking"},
	{"others", "others", CELL_COUNT, 6, 0, 0, "how many of the other rankings have it"},
};

struct ranked {
	uint32_t product;
	double score;
};

struct ranking {
	const char *name;
	struct ranked *at;	/* (n) the best first */
	unsigned n;
	const char *note;	/* why it is empty, or "" */
};

struct compare {
	struct arena *arena;
	const struct catalog *cat;
	struct ranking ranking[RANKINGS];
	unsigned n, limit;
	uint64_t sum[RANKINGS + 1];	/* rows before each ranking */
};

/* --- what can be compared */

static bool rank_panel(struct compare *s, const struct question *q,
		       enum panel_kind kind, const struct model *m, struct ranking *to,
		       struct job *job, struct err *err)
{
	struct panel_request r = {.about = *q, .kind = kind, .limit = s->limit};
	struct panel p = {0};
	r.about.model = m;
	if (!suggest(&r, &p, job, err))
		return false;
	to->at = arena_alloc(s->arena, (p.n_rows + 1) * sizeof *to->at);
	for (unsigned i = 0; i < p.n_rows; i++)
		to->at[to->n++] = (struct ranked){p.rows[i].product, p.rows[i].score};
	to->note = arena_str(s->arena, str_from(p.note)).ptr;
	panel_finish(&p);
	return true;
}

static int by_score(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	return x->score != y->score ? (x->score < y->score) - (x->score > y->score)
				    : (x->product > y->product) - (x->product < y->product);
}

/* A row of counts, from the catalog or under a filter from the sessions. */
static bool rank_counts(struct compare *s, const struct question *q,
			enum relation relation, struct ranking *to, struct job *job,
			struct err *err)
{
	const struct csr *out = &q->catalog->relation[relation].out;
	bool cuts = q->live && live_cuts(q->live);
	struct live_rows rows = {0};
	const uint32_t *column = NULL, *value = NULL;
	uint64_t n = 0;
	if (cuts && !live_count(q->live, q->product, 1u << relation, &rows, job, err))
		return false;
	if (cuts) {
		column = rows.row[relation].column;
		value = rows.row[relation].value;
		n = rows.row[relation].n;
	} else if (out->offsets) {
		column = out->column + out->offsets[q->product];
		value = out->value + out->offsets[q->product];
		n = out->offsets[q->product + 1] - out->offsets[q->product];
	}
	SCOPED_FREE struct ranked *all = mem_alloc((n + 1) * sizeof *all);
	unsigned k = 0;
	for (uint64_t i = 0; i < n; i++)
		if (!catalog_variants(q->catalog, q->product, column[i]) &&
		    (!q->live || !live_selection(q->live) ||
		     selection_has(live_selection(q->live), column[i])))
			all[k++] = (struct ranked){column[i], value[i]};
	qsort(all, k, sizeof *all, by_score);
	to->n = k < s->limit ? k : s->limit;
	to->at = arena_alloc(s->arena, (to->n + 1) * sizeof *to->at);
	memcpy(to->at, all, to->n * sizeof *all);
	to->note = to->n ? "" : "no session holds it with another product";
	live_rows_finish(&rows);
	return true;
}

static bool add_model(struct compare *s, const struct question *q, const char *name,
		      struct ranking *to, struct job *job, struct err *err)
{
	SCOPED(model) m = NULL;
	return model_open(&m, q->store, name, err) &&
	       rank_panel(s, q, PANEL_SIMILAR, m, to, job, err);
}

static bool add_ranking(struct compare *s, const struct question *q, struct str name,
			struct job *job, struct err *err)
{
	struct ranking *to = &s->ranking[s->n];
	enum relation relation;
	bool ok;
	if (s->n == RANKINGS)
		return err_fail(err, ERR_USAGE, "compare takes at most %d rankings", RANKINGS);
	*to = (struct ranking){.name = arena_str(s->arena, name).ptr, .note = ""};
	if (str_is(name, "similar") || str_is(name, "panel"))
		ok = rank_panel(s, q, PANEL_SIMILAR, NULL, to, job, err);
	else if (str_is(name, "complementary"))
		ok = rank_panel(s, q, PANEL_COMPLEMENTARY, NULL, to, job, err);
	else if (relation_parse(name, &relation))
		ok = rank_counts(s, q, relation, to, job, err);
	else
		ok = add_model(s, q, to->name, to, job, err);
	s->n += ok;
	return ok;
}

static bool has_relation(const struct question *q, enum relation rel)
{
	return q->catalog->relation[rel].total > 0;
}

/* The panels, the trained models, and the counts behind the panels. */
static bool add_usual(struct compare *s, const struct question *q, struct job *job,
		      struct err *err)
{
	struct model_list l;
	size_t shown = 0;
	bool ok = add_ranking(s, q, STR("similar"), job, err) &&
		  add_ranking(s, q, STR("complementary"), job, err);
	if (!ok)
		return false;
	models_of(q->store, &l);
	for (size_t i = 0; ok && i < l.n && shown < MODELS_SHOWN; i++)
		if (l.at[i].class && model_offered(l.at[i].class)) {
			ok = add_ranking(s, q, str_from(l.at[i].name), job, err);
			shown++;
		}
	model_list_finish(&l);
	if (ok && !shown && has_relation(q, REL_CO_VIEW))
		ok = add_ranking(s, q, STR("co-view"), job, err);
	if (ok && !shown && has_relation(q, REL_CO_PURCHASE))
		ok = add_ranking(s, q, STR("co-purchase"), job, err);
	return ok;
}

static bool add_all(struct compare *s, const struct question *q, struct job *job,
		    struct err *err)
{
	struct str rest = outlook_text(q->outlook, ASK_MODELS), name;
	if (!rest.ptr)
		return add_usual(s, q, job, err);
	while (str_next(&rest, ',', &name))
		if (!add_ranking(s, q, str_trim(name), job, err))
			return false;
	return true;
}

/* --- how they differ */

/* 1-based place of a product in a ranking, 0: none. */
static unsigned place(const struct ranking *r, uint32_t product)
{
	for (unsigned i = 0; i < r->n; i++)
		if (r->at[i].product == product)
			return i + 1;
	return 0;
}

/* Of the k best; where both have fewer, of as many as the longer one has. */
static double overlap(const struct ranking *a, const struct ranking *b, unsigned k)
{
	unsigned both = 0, of = a->n > b->n ? a->n : b->n;
	of = of < k ? of : k;
	for (unsigned i = 0; i < a->n && i < k; i++) {
		unsigned at = place(b, a->at[i].product);
		both += at && at <= k;
	}
	return of ? (double)both / of : NAN;
}

static unsigned others(const struct compare *s, unsigned self, uint32_t product)
{
	unsigned n = 0;
	for (unsigned i = 0; i < s->n; i++)
		n += i != self && place(&s->ranking[i], product);
	return n;
}

static void describe(struct view *v, const struct compare *s)
{
	STRBUF(b);
	for (unsigned i = 1; i < s->n; i++) {
		double x = overlap(&s->ranking[0], &s->ranking[i], 10);
		if (i == 1)
			strbuf_addf(&b, "overlap@10 of %s with ", s->ranking[0].name);
		strbuf_addf(&b, "%s%s ", i > 1 ? ", " : "", s->ranking[i].name);
		if (isnan(x))
			strbuf_adds(&b, "-");
		else
			strbuf_addf(&b, "%.0f%%", 100 * x);
	}
	if (b.len)
		strbuf_adds(&b, ".");
	for (unsigned i = 0; i < s->n; i++)
		if (!s->ranking[i].n)
			strbuf_addf(&b, "%s%s is empty: %s", b.len ? " " : "",
				    s->ranking[i].name, s->ranking[i].note[0]
				    ? s->ranking[i].note : "it has nothing for this product.");
	view_set_note(v, "%s", strbuf_c(&b));
}

static bool compare_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct compare *s = state;
	const struct question *q = view_question(v);
	s->arena = arena_create();
	s->cat = q->catalog;
	s->limit = asked_rows(q->outlook, PANEL_ROWS);
	if (!add_all(s, q, job, err))
		return false;
	for (unsigned i = 0; i < s->n; i++)
		s->sum[i + 1] = s->sum[i] + s->ranking[i].n;
	describe(v, s);
	return true;
}

static void compare_close(void *state)
{
	arena_destroy(((struct compare *)state)->arena);
}

static uint64_t compare_count(const void *state)
{
	const struct compare *s = state;
	return s->sum[s->n];
}

static const struct ranked *row_at(const struct compare *s, uint64_t i, unsigned *ranking)
{
	*ranking = 0;
	while (i >= s->sum[*ranking + 1])
		(*ranking)++;
	return &s->ranking[*ranking].at[i - s->sum[*ranking]];
}

static void compare_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct compare *s = state;
	unsigned ranking;
	const struct ranked *x = row_at(s, i, &ranking);
	unsigned rank = (unsigned)(i - s->sum[ranking]) + 1;
	unsigned first = place(&s->ranking[0], x->product);
	cells[COL_RANKING] = cell_text(str_from(s->ranking[ranking].name));
	cells[COL_RANK] = cell_count(rank);
	cells[COL_PRODUCT] = cell_text(text_at(&s->cat->product_id, x->product));
	cells[COL_LABEL] = cell_text(text_at(&s->cat->product_label, x->product));
	cells[COL_SCORE] = cell_real(x->score);
	cells[COL_FIRST] = first ? cell_count(first) : cell_empty();
	cells[COL_CHANGE] = first ? (struct cell){.count = (int64_t)first - rank}
				  : cell_empty();
	cells[COL_OTHERS] = cell_count(others(s, ranking, x->product));
}

static uint32_t compare_product(const void *state, uint64_t i)
{
	unsigned ranking;
	return row_at(state, i, &ranking)->product;
}

/* --- side by side */

static void draw_ranking(struct view *v, const struct compare *s, struct page *p,
			 unsigned k, struct rect at)
{
	const struct ranking *r = &s->ranking[k];
	struct canvas *c = &p->canvas;
	uint32_t *product = arena_alloc(p->arena, (r->n + 1) * sizeof *product);
	const struct str *names;

	for (unsigned i = 0; i < r->n; i++)
		product[i] = r->at[i].product;
	names = page_names(p, s->cat, product, r->n, at.w - (k ? 7 : 3));
	page_heading(p, at, r->name, NULL);
	for (unsigned i = 0; i < r->n; i++) {
		unsigned first = place(&s->ranking[0], r->at[i].product);
		STRBUF(mark);
		STRBUF(rank);
		struct page_spot *spot =
			page_spot(p, (struct rect){at.y + 1 + (int)i, at.x, 1, at.w});
		if (k && !first)
			strbuf_adds(&mark, "new");
		else if (k && first == i + 1)
			strbuf_adds(&mark, "=");
		else if (k)
			strbuf_addf(&mark, "%+d", (int)first - (int)i - 1);
		strbuf_addf(&rank, "%u", i + 1);
		canvas_right(c, (struct rect){at.y + 1 + (int)i, at.x, 1, 2},
			     strbuf_str(&rank), INK_DIM);
		canvas_right(c, (struct rect){at.y + 1 + (int)i, at.x + 2, 1, k ? 4 : 0},
			     strbuf_str(&mark), first ? INK_DIM : INK_SERIES + 1);
		canvas_text(c,
			    (struct rect){at.y + 1 + (int)i, at.x + (k ? 7 : 3), 1,
					  at.w - (k ? 7 : 3)},
			    names[i],
			    others(s, k, r->at[i].product) ? INK_NUMBER : INK_TEXT);
		spot->target.product = r->at[i].product;
		spot->label = arena_printf(p->arena, "%s %u, score %.4g, in %u of %u others: %.*s",
					   r->name, i + 1, r->at[i].score,
					   others(s, k, r->at[i].product), s->n - 1,
					   STR_ARG(text_at(&s->cat->product_label,
							   r->at[i].product))).ptr;
	}
	if (!r->n)
		canvas_text(c, (struct rect){at.y + 1, at.x, 1, at.w},
			    str_from(r->note[0] ? r->note : "nothing"), INK_DIM);
}

static int draw_overlap(const struct compare *s, struct page *p, int y, unsigned k)
{
	STRBUF(title);
	int label = 18, w = 9;
	strbuf_addf(&title, "overlap@%u, %% of the %u best that both have", k, k);
	page_heading(p, (struct rect){y++, 0, 1, p->canvas.w}, strbuf_c(&title), NULL);
	for (unsigned j = 0; j < s->n; j++) {
		STRBUF(head);
		strbuf_addf(&head, "with %u", j + 1);
		canvas_right(&p->canvas, (struct rect){y, label + (int)j * w, 1, w - 1},
			     strbuf_str(&head), INK_DIM);
	}
	y++;
	for (unsigned i = 0; i < s->n; i++) {
		STRBUF(name);
		strbuf_addf(&name, "%u %s", i + 1, s->ranking[i].name);
		canvas_text(&p->canvas, (struct rect){y, 0, 1, label - 1},
			    strbuf_str(&name), INK_TEXT);
		for (unsigned j = 0; j < s->n; j++) {
			double x = overlap(&s->ranking[i], &s->ranking[j], k);
			STRBUF(n);
			if (isnan(x))
				strbuf_addc(&n, '-');
			else
				strbuf_addf(&n, "%.0f%%", 100 * x);
			chart_heat(&p->canvas, (struct rect){y, label + (int)j * w, 1, w},
				   (struct heat){i == j ? NAN : x,
						 i == j ? STR("") : strbuf_str(&n), false});
		}
		y++;
	}
	return y + 1;
}

static void compare_page(struct view *v, void *state, struct page *p)
{
	const struct compare *s = state;
	const struct question *q = view_question(v);
	int fit = p->canvas.w / 30, per = fit < 1 ? 1 : fit > (int)s->n ? (int)s->n : fit;
	int w = s->n ? (p->canvas.w - 2 * (per - 1)) / per : 0, y = 0;
	unsigned longest = 0;
	canvas_text(&p->canvas, (struct rect){y++, 0, 1, p->canvas.w},
		    text_at(&s->cat->product_label, q->product), INK_HEAD);
	canvas_text(&p->canvas, (struct rect){y++, 0, 1, p->canvas.w},
		    arena_printf(p->arena,
				 "+2: two places higher than in %s; new: not in it",
				 s->n ? s->ranking[0].name : "-"),
		    INK_DIM);
	for (unsigned k = 0; k < s->n; k++) {
		int column = (int)k % per;
		if (k && column == 0) {
			y += (int)longest + 2;
			longest = 0;
		}
		draw_ranking(v, s, p, k, (struct rect){y, column * (w + 2), 1, w});
		longest = s->ranking[k].n > longest ? s->ranking[k].n : longest;
	}
	y += (int)(longest ? longest : 1) + 2;
	if (s->n > 1) {
		y = draw_overlap(s, p, y, 5);
		y = draw_overlap(s, p, y, 10);
		draw_overlap(s, p, y, 20);
	}
}

static void compare_words(struct view *v, void *state, struct strbuf *b)
{
	const struct compare *s = state;
	for (unsigned k = 0; k < s->n; k++) {
		strbuf_addf(b, "%s: ", s->ranking[k].name);
		for (unsigned i = 0; i < s->ranking[k].n && i < 5; i++)
			strbuf_addf(b, "%s%.*s", i ? ", " : "",
				    STR_ARG(text_at(&s->cat->product_label,
						    s->ranking[k].at[i].product)));
		strbuf_adds(b, s->ranking[k].n ? ".\n" : "nothing.\n");
	}
}

const struct view_class vw_compare = {
	.name = "compare",
	.summary = "Rankings for a product side by side: panels, trained models "
		"(--model NAME,NAME), counts of relations.",
	.asks = MUST(PRODUCT) | MAY(SCOPE) | MAY(CODES) | MAY(SAME_CATEGORY) | MAY(MODELS),
	.where = WHERE_PRODUCTS | WHERE_EVENTS | WHERE_ROWS,
	.parts = LIVE_TOTALS | LIVE_PAIRS | LIVE_PRIOR,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct compare),
	.open = compare_open,
	.close = compare_close,
	.count = compare_count,
	.row = compare_row,
	.product = compare_product,
	.page = compare_page,
	.words = compare_words,
};
