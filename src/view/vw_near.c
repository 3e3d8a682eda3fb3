/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * near: products by the vectors of a model, from a sum as "A13 - C1 + oak table". For
 * cosine each term is a vector of length 1 (Mikolov, Yih and Zweig 2013, "Linguistic
 * regularities in continuous space word representations"), for the other metrics it is
 * what the model has. A name stands for the mean of the products that have all its words.
 */
#include "config.h"

#include <math.h>

#include "base/mem.h"
#include "model/vector_scores.h"
#include "query/sum.h"
#include "stats/live.h"
#include "store/store.h"
#include "view/cells.h"

enum { COL_RANK, COL_PRODUCT, COL_LABEL, COL_CATEGORY, COL_SCORE, COLUMNS };
static const struct column columns[COLUMNS] = {
	{"rank", "#", CELL_COUNT, 3, 0, 0, "place in the list"},
	{"product", "product", CELL_ID, 12, 0, 0, "id of the product"},
	{"label", "label", CELL_TEXT, 28, 0, COLUMN_MAIN, "its name"},
	{"category", "category", CELL_TEXT, 24, 0, COLUMN_SPARE, "path of its category"},
	{"score", "score", CELL_REAL, 7, 3, 0,
	 "cosine (1: the same direction), the product (dot), or the distance (l2)"},
};

enum { DEFAULT_ROWS = 20 };

static const char *const score_texts[] = {
	[METRIC_COSINE] = "a cosine, 1 for the same direction",
	[METRIC_DOT] = "a product of two vectors, more for nearer and longer ones",
	[METRIC_L2] = "a distance, 0 for the same place",
};

struct state {
	const struct catalog *cat;
	enum metric metric;
	struct hit *hits;
	size_t n;
};

/* What the sum comes to. */
struct near_to {
	const struct question *q;
	enum metric metric;
	struct pool *pool;
	float *sum;		/* (dim) */
	float *term;		/* (dim) */
	uint32_t skip[SUM_TERMS];	/* products that were named by id */
	unsigned n_skip;
	struct strbuf note;
};

static void add_scaled(float *to, const float *x, unsigned dim, double w)
{
	kernels_best()->axpy((float)w, x, to, dim);
}

static double length(const float *x, unsigned dim)
{
	return sqrt((double)kernels_best()->dot(x, x, dim));
}

/* Add the product's vector to the term; false when it has none. */
static bool add_product(struct near_to *a, uint32_t p)
{
	unsigned dim = vectors_dim(a->q->model);
	const float *x = vectors_of(a->q->model, p);
	bool unit = a->metric == METRIC_COSINE;
	if (x)
		add_scaled(a->term, x, dim, unit ? 1 / length(x, dim) : 1);
	return x;
}

/* Every word is in the label, whatever the case of ASCII letters. */
static bool has_words(struct str label, struct str words)
{
	struct str word;
	while (str_next(&words, ' ', &word))
		if (word.len > 0 && str_find_nocase(label, word) == SIZE_MAX)
			return false;
	return true;
}

static bool no_product(const struct sum_term *t, const char *what, struct err *err)
{
	return err_fail(err, ERR_NO, "column %u: %s '%.*s'", t->column, what, STR_ARG(t->text));
}

static bool add_named(struct near_to *a, const struct sum_term *t, struct err *err)
{
	const struct catalog *cat = a->q->catalog;
	uint32_t named = 0, with = 0;
	for (uint32_t p = 0; p < cat->n_products; p++) {
		if (!has_words(text_at(&cat->product_label, p), t->text))
			continue;
		named++;
		with += add_product(a, p);
	}
	if (named == 0)
		return no_product(t, "no product has this id or name (near --text reads any "
				  "words):", err);
	if (with == 0)
		return no_product(t, "the model has no vector of any product named", err);
	strbuf_addf(&a->note, "%s'%.*s' is the mean of %u product%s", a->note.len ? ", " : "",
		    STR_ARG(t->text), with, with == 1 ? "" : "s");
	return true;
}

static bool add_term(struct near_to *a, const struct sum_term *t, struct err *err)
{
	unsigned dim = vectors_dim(a->q->model);
	uint32_t p = store_find(a->q->store, "product", t->text);
	memset(a->term, 0, dim * sizeof *a->term);
	if (p < a->q->catalog->n_products) {
		if (!add_product(a, p))
			return no_product(t, "the model has no vector of the product", err);
		a->skip[a->n_skip++] = p;
	} else if (!add_named(a, t, err)) {
		return false;
	}
	double scale = 1 / length(a->term, dim);
	if (a->metric != METRIC_COSINE || !isfinite(scale))
		scale = 1;
	add_scaled(a->sum, a->term, dim, t->minus ? -scale : scale);
	return true;
}

static bool resolve(struct near_to *a, struct err *err)
{
	struct sum sum;
	struct str text = outlook_text(a->q->outlook, ASK_TEXT);
	if (text.ptr) {
		strbuf_addf(&a->note, "'%.*s' as it reads", STR_ARG(text));
		return vectors_phrase(a->q->model, text, a->sum, err);
	}
	if (!sum_parse(&sum, outlook_text(a->q->outlook, ASK_TO), err))
		return false;
	for (unsigned i = 0; i < sum.n; i++)
		if (!add_term(a, &sum.term[i], err))
			return false;
	return true;
}

static bool search(struct state *s, const struct near_to *a, struct job *job, struct err *err)
{
	const struct question *q = a->q;
	const struct selection *only = q->live ? live_selection(q->live) : NULL;
	struct vectors_query to = {
		.q = a->sum, .metric = a->metric, .allow = only ? only->bits : NULL,
		.skip = a->skip, .n_skip = a->n_skip,
		.limit = asked_rows(q->outlook, DEFAULT_ROWS),
	};
	if (to.limit > q->catalog->n_products)
		to.limit = q->catalog->n_products;
	s->hits = mem_big(to.limit, sizeof *s->hits, "neighbours", err);
	return s->hits && vectors_near(q->model, &to, s->hits, &s->n,
				       (struct work){a->pool, job}, err);
}

static bool near_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct state *s = state;
	const struct question *q = view_question(v);
	bool sum_asked = outlook_asks(q->outlook, ASK_TO);
	bool text_asked = outlook_asks(q->outlook, ASK_TEXT);
	if (!sum_asked && !text_asked)
		return err_fail(err, ERR_USAGE, "near needs --to SUM, a sum of products, or "
				"--text WORDS, and a model with vectors");
	if (sum_asked && text_asked)
		return err_fail(err, ERR_USAGE, "near takes a sum of products or words of "
				"--text, one of them");
	unsigned dim = vectors_dim(q->model);
	SCOPED_FREE float *sum = mem_zalloc(dim * sizeof *sum);
	SCOPED_FREE float *term = mem_zalloc(dim * sizeof *term);
	struct near_to a = {.q = q, .pool = view_request_of(v)->pool, .sum = sum, .term = term};
	metric_parse(outlook_text(q->outlook, ASK_METRIC), &a.metric);
	s->cat = q->catalog;
	s->metric = a.metric;
	bool ok = resolve(&a, err) && search(s, &a, job, err);
	if (ok)
		view_set_note(v, "%s%sBy the vectors of %s%s: a score is %s.",
			      strbuf_str(&a.note).ptr, a.note.len ? ". " : "",
			      model_name(q->model),
			      model_stale(q->model) ? " (trained on an earlier import)" : "",
			      score_texts[s->metric]);
	strbuf_finish(&a.note);
	return ok;
}

static void near_close(void *state)
{
	free(((struct state *)state)->hits);
}

static uint64_t near_count(const void *state)
{
	return ((const struct state *)state)->n;
}

static uint32_t near_product(const void *state, uint64_t i)
{
	return ((const struct state *)state)->hits[i].id;
}

static void near_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct state *s = state;
	uint32_t p = s->hits[i].id;
	double score = s->hits[i].score;
	cells[COL_RANK] = cell_count(i + 1);
	cells[COL_PRODUCT] = cell_text(text_at(&s->cat->product_id, p));
	cells[COL_LABEL] = cell_text(text_at(&s->cat->product_label, p));
	cells[COL_CATEGORY] = cell_name(&s->cat->category_path, s->cat->product_category[p]);
	cells[COL_SCORE] = cell_real(s->metric == METRIC_L2 ? sqrt(fabs(score)) : score);
}

const struct view_class vw_near = {
	.name = "near",
	.summary = "Products whose vectors are near to a sum of others, or to words, by a trained "
		   "model.",
	.asks = MAY(TO) | MAY(TEXT) | MAY(VECTORS) | MAY(METRIC),
	.where = WHERE_PRODUCTS,
	.best = true,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = near_open,
	.close = near_close,
	.count = near_count,
	.row = near_row,
	.product = near_product,
};
