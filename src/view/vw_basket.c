/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What goes with a whole basket: products c that are not in it, ranked by the naive
 * Bayes rule, the products a of the basket taken as independent pieces of evidence:
 *
 *	score(c) = ln P(c) + sum over a of ln (P(c | a) / P(c))
 *	P(c) = n_c / N,  P(c | a) = (n_ac + K P(c)) / (n_a + K)
 *
 * N, n_c and n_ac are sessions of one relation. K sessions of chance are mixed into
 * each P(c | a): a pair that was never seen together counts against c, the more the
 * oftener a was seen, but does not rule it out, and one that was seen once proves little.
 * (Duda, Hart, Stork: Pattern Classification, 2001, section 2.11; a Dirichlet prior.)
 * Products of a basket are not independent, so scores rank and are no chances.
 *
 * With --model a trained model ranks by the whole basket in the order given; the counts
 * stand beside its rows.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "math/topk.h"
#include "model/model.h"
#include "stats/live.h"
#include "stats/relation.h"
#include "view/cells.h"

#define CHANCE 10.0	/* K, sessions */

enum {
	COL_RANK, COL_PRODUCT, COL_LABEL, COL_CATEGORY, COL_SCORE, COL_WITH, COL_N,
	COL_BEST, COL_BEST_LABEL, COL_BEST_N, COL_LIFT, COL_FLAGS, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	{"rank", "#", CELL_COUNT, 3, 0, 0, "place, from 1"},
	{"product", "product", CELL_ID, 10, 0, COLUMN_SPARE, "id of the suggested product"},
	{"label", "label", CELL_TEXT, 28, 0, COLUMN_MAIN, "its label"},
	{"category", "category", CELL_TEXT, 16, 0, COLUMN_SPARE, "path of its category"},
	{"score", "score", CELL_REAL, 7, 2, 0,
	 "ln P(product) + sum of ln (P(product | one of the basket) / P(product)); --model: the "
	 "model's"},
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
	 "small: n of these two is below 20; unseen: in no session with the basket"},
};

struct row {
	uint32_t product, best, with;
	uint32_t best_n;
	uint64_t n;
	double score, best_gain, lift;
};

struct basket {
	const struct question *q;
	const struct catalog *cat;
	enum relation relation;
	struct row *row;	/* (n) the best first */
	size_t n, cap;
	uint32_t *at;		/* (products) row + 1, 0: none; while counting */
	double all_seen;	/* what chance alone gives: sum of ln (K / (n_a + K)) */
};

/* Counts of one product of the basket. */
struct evidence {
	const uint32_t *column, *value;
	uint64_t n;
	struct live_rows rows;
};

static bool read_row(const struct basket *s, uint32_t a, struct evidence *e,
		     struct job *job, struct err *err)
{
	const struct csr *out = &s->cat->relation[s->relation].out;
	struct live *l = s->q->live;
	*e = (struct evidence){0};
	if (l && live_cuts(l)) {
		if (!live_count(l, a, 1u << s->relation, &e->rows, job, err))
			return false;
		e->column = e->rows.row[s->relation].column;
		e->value = e->rows.row[s->relation].value;
		e->n = e->rows.row[s->relation].n;
	} else if (out->offsets) {
		e->column = out->column + out->offsets[a];
		e->value = out->value + out->offsets[a];
		e->n = out->offsets[a + 1] - out->offsets[a];
	}
	return true;
}

static bool in_basket(const struct basket *s, uint32_t c)
{
	for (unsigned i = 0; i < s->q->n_basket; i++)
		if (catalog_variants(s->cat, s->q->basket[i], c))
			return true;
	return false;
}

static bool repeated(const struct basket *s, unsigned i)
{
	for (unsigned k = 0; k < i; k++)
		if (s->q->basket[k] == s->q->basket[i])
			return true;
	return false;
}

/* What a says for c beyond what it would say had they never met. */
static void add_pair(struct basket *s, uint32_t a, uint32_t c, uint32_t n)
{
	const struct relation_counts *k = &s->cat->relation[s->relation];
	double chance = k->to[c] / (double)k->total;
	double gain = log1p(n / (CHANCE * chance));
	struct row *row;
	if (!s->at[c]) {
		MEM_GROW(s->row, s->cap, s->n + 1);
		s->row[s->n++] = (struct row){.product = c, .best = a};
		s->at[c] = (uint32_t)s->n;
		s->row[s->n - 1].score = log(chance);
	}
	row = &s->row[s->at[c] - 1];
	row->score += gain;
	row->with++;
	row->n += n;
	if (gain <= row->best_gain)
		return;
	row->best_gain = gain;
	row->best = a;
	row->best_n = n;
	row->lift = (double)n * (double)k->total / ((double)k->from[a] * k->to[c]);
}

static bool add_product(struct basket *s, uint32_t a, struct job *job, struct err *err)
{
	const struct live *l = s->q->live;
	struct evidence e;
	if (!read_row(s, a, &e, job, err))
		return false;
	for (uint64_t i = 0; i < e.n; i++) {
		uint32_t c = e.column[i];
		if (e.value[i] && !in_basket(s, c) &&
		    (!l || !live_selection(l) || selection_has(live_selection(l), c)))
			add_pair(s, a, c, e.value[i]);
	}
	s->all_seen += log(CHANCE / (s->cat->relation[s->relation].from[a] + CHANCE));
	live_rows_finish(&e.rows);
	return job_check(job, err);
}

static int by_score(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	return x->score != y->score ? (x->score < y->score) - (x->score > y->score)
				    : (x->product > y->product) - (x->product < y->product);
}

static bool collect(struct basket *s, struct job *job, struct err *err)
{
	s->n = 0;
	s->all_seen = 0;
	s->at = mem_big(s->cat->n_products, sizeof *s->at, "basket", err);
	if (!s->at)
		return false;
	memset(s->at, 0, s->cat->n_products * sizeof *s->at);
	bool ok = true;
	for (unsigned i = 0; ok && i < s->q->n_basket; i++)
		ok = repeated(s, i) || add_product(s, s->q->basket[i], job, err);
	free(s->at);
	s->at = NULL;
	for (size_t i = 0; i < s->n; i++)
		s->row[i].score += s->all_seen;
	qsort(s->row, s->n, sizeof *s->row, by_score);
	return ok;
}

static bool counted(const struct basket *s, enum relation rel)
{
	return s->cat->relation[rel].total && s->cat->relation[rel].from &&
	       s->cat->relation[rel].to;
}

/* What is bought together, else put in carts, else viewed together. */
static bool collect_any(struct basket *s, struct job *job, struct err *err)
{
	static const enum relation order[] = {REL_CO_PURCHASE, REL_CO_CART, REL_CO_VIEW};
	if (asked_relation(s->q->outlook, &s->relation))
		return !counted(s, s->relation) || collect(s, job, err);
	for (size_t i = 0; i < sizeof order / sizeof *order && !s->n; i++) {
		if (!counted(s, order[i]))
			continue;
		s->relation = order[i];
		if (!collect(s, job, err))
			return false;
	}
	return true;
}

/* What was counted for each product becomes the evidence of the model's best. */
static bool rank_by_model(struct basket *s, size_t limit, struct job *job, struct err *err)
{
	uint32_t n = s->cat->n_products;
	const struct live *l = s->q->live;
	SCOPED_FREE float *weight = mem_alloc((s->q->n_basket + 1) * sizeof *weight);
	const struct history h = {s->q->basket, weight, s->q->n_basket};
	SCOPED_FREE float *scores = mem_big(n, sizeof *scores, "scores", err);
	SCOPED_FREE uint32_t *at = mem_big(n, sizeof *at, "evidence", err);
	SCOPED_FREE struct hit *hits = mem_alloc((limit + 1) * sizeof *hits);
	struct topk best;
	struct row *rows;

	for (size_t i = 0; i < s->q->n_basket; i++)
		weight[i] = 1;	/* a basket has no order */
	if (!scores || !at || !model_score(s->q->model, &h, scores, job, err))
		return false;
	topk_init(&best, hits, limit);
	for (uint32_t c = 0; c < n; c++)
		if (scores[c] > -INFINITY && scores[c] >= topk_floor(&best) && !in_basket(s, c) &&
		    (!l || selection_has(live_selection(l), c)))
			topk_push(&best, c, scores[c]);
	topk_sort(&best);
	memset(at, 0, n * sizeof *at);
	for (size_t i = 0; i < s->n; i++)
		at[s->row[i].product] = (uint32_t)i + 1;
	rows = mem_resize(NULL, best.n, sizeof *rows);
	for (size_t i = 0; i < best.n; i++) {
		uint32_t c = hits[i].id;
		rows[i] = at[c] ? s->row[at[c] - 1] : (struct row){.product = c,
								   .best = CATALOG_NONE};
		rows[i].score = hits[i].score;
	}
	free(s->row);
	s->row = rows;
	s->n = best.n;
	return job_check(job, err);
}

static void describe(struct view *v, const struct basket *s)
{
	const struct model *m = s->q->model;
	STRBUF(b);
	if (!s->n && m) {
		view_set_note(v, "The model %s has nothing to say about this basket.",
			      model_name(m));
		return;
	}
	if (!s->n) {
		view_set_note(v, "No session holds one of these products together with "
			      "another one.");
		return;
	}
	for (unsigned i = 0; i < s->q->n_basket; i++)
		strbuf_addf(&b, "%s%.*s", i ? ", " : "",
			    STR_ARG(text_at(&s->cat->product_label, s->q->basket[i])));
	strbuf_addf(&b, ". Counted by %s in ", relation_name(s->relation));
	num_add_grouped(&b, (int64_t)s->cat->relation[s->relation].total);
	strbuf_adds(&b, " sessions; ");
	if (m)
		strbuf_addf(&b, "ranked by the model %s%s: a score is %s.", model_name(m),
			    model_stale(m) ? " (trained on an earlier import)" : "",
			    model_meaning(m));
	else
		strbuf_adds(&b, "score is naive Bayes over the basket, with 10 sessions of "
			    "chance mixed in.");
	view_set_note(v, "Basket: %s", strbuf_c(&b));
}

static bool basket_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct basket *s = state;
	s->q = view_question(v);
	s->cat = s->q->catalog;
	s->relation = REL_CO_PURCHASE;
	size_t limit = asked_rows(s->q->outlook, 5 * PANEL_ROWS);
	if (limit > s->cat->n_products)
		limit = s->cat->n_products;
	if (!collect_any(s, job, err) ||
	    (s->q->model && !rank_by_model(s, limit, job, err)))
		return false;
	if (s->n > limit)
		s->n = limit;
	describe(v, s);
	return true;
}

static void basket_close(void *state)
{
	struct basket *s = state;
	free(s->row);
	free(s->at);
}

static uint64_t basket_count(const void *state)
{
	return ((const struct basket *)state)->n;
}

static void basket_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct basket *s = state;
	const struct row *r = &s->row[i];
	cells[COL_RANK] = cell_count(i + 1);
	cells[COL_PRODUCT] = cell_text(text_at(&s->cat->product_id, r->product));
	cells[COL_LABEL] = cell_text(text_at(&s->cat->product_label, r->product));
	cells[COL_CATEGORY] = cell_name(&s->cat->category_path,
					s->cat->product_category[r->product]);
	cells[COL_SCORE] = cell_real(r->score);
	cells[COL_WITH] = cell_count(r->with);
	cells[COL_N] = cell_count(r->n);
	cells[COL_FLAGS] = cell_text(!r->with ? STR("unseen") :
				     r->best_n < 20 ? STR("small") : STR(""));
	cells[COL_BEST] = cells[COL_BEST_LABEL] = cells[COL_BEST_N] = cells[COL_LIFT] =
		cell_empty();
	if (!r->with)
		return;
	cells[COL_BEST] = cell_text(text_at(&s->cat->product_id, r->best));
	cells[COL_BEST_LABEL] = cell_text(text_at(&s->cat->product_label, r->best));
	cells[COL_BEST_N] = cell_count(r->best_n);
	cells[COL_LIFT] = cell_real(r->lift);
}

static uint32_t basket_product(const void *state, uint64_t i)
{
	return ((const struct basket *)state)->row[i].product;
}

const struct view_class vw_basket = {
	.name = "basket",
	.summary = "What goes with a whole basket: --product ID for each of its products.",
	.asks = MUST(PRODUCT) | MAY(RELATION) | MAY(MODEL),
	.where = WHERE_PRODUCTS | WHERE_EVENTS,
	.parts = LIVE_TOTALS | LIVE_PAIRS,
	.many = true,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct basket),
	.open = basket_open,
	.close = basket_close,
	.count = basket_count,
	.row = basket_row,
	.product = basket_product,
};
