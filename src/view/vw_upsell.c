/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Alternatives to a product that are as near, of a price that is asked for:
 *
 *	score(b | a) = cosine of their texts + 0.05 x equal attributes + 0.02 ln(1 + sold)
 *
 * The cosine is of the model of --model, or of the model "text" where the store has it, else
 * 0. Attributes are those of the catalog, its brand and its category. Of a variant group the
 * best comes, never a variant of the product itself. The weights are those that kept a list's
 * type best on a clothing shop while popular products rise among equals.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "ask/asked.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "math/kernel.h"
#include "math/topk.h"
#include "model/vector_scores.h"
#include "query/select.h"
#include "stats/live.h"
#include "view/cells.h"

#define PER_ATTRIBUTE 0.05F
#define PER_SOLD 0.02F
#define ROOM 8		/* so many times as many are kept before variants go */

enum {
	COL_RANK, COL_PRODUCT, COL_LABEL, COL_CATEGORY, COL_PRICE, COL_TIMES, COL_SCORE, COL_TEXT,
	COL_EQUAL, COL_OF, COL_SOLD, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	{"rank", "#", CELL_COUNT, 3, 0, 0, "place, from 1"},
	{"product", "product", CELL_ID, 10, 0, COLUMN_SPARE, "id of the alternative"},
	{"label", "label", CELL_TEXT, 28, 0, COLUMN_MAIN, "its label"},
	{"category", "category", CELL_TEXT, 16, 0, COLUMN_SPARE, "path of its category"},
	{"price", "price", CELL_MONEY, 9, 0, 0, "its latest price"},
	{"times", "x price", CELL_REAL, 7, 2, 0, "its price over that of the product"},
	{"score", "score", CELL_REAL, 7, 3, 0,
	 "text + 0.05 x equal attributes + 0.02 ln(1 + sold)"},
	{"text", "text", CELL_REAL, 6, 3, 0, "cosine of the two texts: 1 reads the same"},
	{"equal", "equal", CELL_COUNT, 5, 0, 0,
	 "attributes that both have alike, brand and category among them"},
	{"of", "of", CELL_COUNT, 3, 0, COLUMN_SPARE, "attributes that the product has"},
	{"sold", "sold", CELL_COUNT, 7, 0, 0, "how many were bought"},
};

struct band {
	double from, to;	/* of the price, in units; 0 and INFINITY where nothing is asked */
	bool asked;
};

struct state {
	const struct question *q;
	const struct catalog *cat;
	const struct model *texts;	/* or NULL */
	struct model *own;		/* the same, where nobody named it */
	struct band band;
	struct hit *hits;		/* (n) */
	size_t n;
};

static int64_t price_of(const struct catalog *c, uint32_t p)
{
	return c->product_price ? c->product_price[p] : PRICE_NONE;
}

/* "20" or, times the product's price, "1.5x"; nothing is no bound. */
static bool parse_end(const struct state *s, struct str text, double *out)
{
	bool times = text.len && text.ptr[text.len - 1] == 'x';
	double x;

	if (!text.len)
		return true;
	if (times)
		text.len--;
	if (!num_real(text, &x) || !(x >= 0))
		return false;
	*out = x * (times ? (double)price_of(s->cat, s->q->product)
			  : pow(10, s->cat->price_scale));
	return true;
}

/* FROM..TO */
static bool read_band(struct state *s, struct err *err)
{
	struct str text = outlook_text(s->q->outlook, ASK_PRICE);
	size_t at = 0;

	s->band = (struct band){0, INFINITY, text.ptr != NULL};
	if (!text.ptr)
		return true;
	if (price_of(s->cat, s->q->product) == PRICE_NONE)
		return err_fail(err, ERR_NO, "no price of the product is known to compare with");
	while (at + 1 < text.len && (text.ptr[at] != '.' || text.ptr[at + 1] != '.'))
		at++;
	if (at + 1 >= text.len || !parse_end(s, str_span(text.ptr, at), &s->band.from) ||
	    !parse_end(s, str_span(text.ptr + at + 2, text.len - at - 2), &s->band.to))
		return err_fail(err, ERR_USAGE, "--price takes FROM..TO, each a price or times the "
				"product's as 1.5x, as 1x..1.5x or 20.., not '%.*s'",
				STR_ARG(text));
	return true;
}

static bool in_band(const struct state *s, uint32_t p)
{
	int64_t price = price_of(s->cat, p);

	return !s->band.asked || (price != PRICE_NONE && (double)price >= s->band.from - 0.5 &&
				  (double)price <= s->band.to + 0.5);
}

/* Attributes that both have alike; *of: that a has. */
static unsigned equal_attributes(const struct catalog *c, uint32_t a, uint32_t b, unsigned *of)
{
	unsigned n = 0;

	*of = 0;
	for (uint32_t i = 0; c->product_attribute && i < c->n_attributes; i++) {
		uint32_t x = c->product_attribute[(size_t)a * c->n_attributes + i];

		*of += x != CATALOG_NONE;
		n += x != CATALOG_NONE &&
			x == c->product_attribute[(size_t)b * c->n_attributes + i];
	}
	if (c->product_brand && c->product_brand[a] != CATALOG_NONE) {
		++*of;
		n += c->product_brand[a] == c->product_brand[b];
	}
	*of += c->product_category[a] != CATALOG_NONE;
	return n + catalog_same_category(c, a, b);
}

static uint32_t sold(const struct catalog *c, uint32_t p)
{
	return c->product_purchases ? c->product_purchases[p] : 0;
}

/* NAN where one has no text. */
static float text_cosine(const struct state *s, uint32_t a, uint32_t b)
{
	const float *x = s->texts ? vectors_of(s->texts, a) : NULL;
	const float *y = x ? vectors_of(s->texts, b) : NULL;
	const struct kernels *k = kernels_best();
	unsigned dim = x ? vectors_dim(s->texts) : 0;

	return y ? k->dot(x, y, dim) / sqrtf(k->dot(x, x, dim) * k->dot(y, y, dim)) : NAN;
}

static float score_of(const struct state *s, uint32_t b)
{
	uint32_t a = s->q->product;
	float text = text_cosine(s, a, b);
	unsigned of, n = equal_attributes(s->cat, a, b, &of);

	return (isnan(text) ? 0 : text) + PER_ATTRIBUTE * (float)n +
		PER_SOLD * log1pf((float)sold(s->cat, b));
}

/* The best of each variant group stays. */
static void drop_variants(struct state *s, size_t limit)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->n && kept < limit; i++) {
		size_t j = 0;

		while (j < kept && !catalog_variants(s->cat, s->hits[i].id, s->hits[j].id))
			j++;
		if (j == kept)
			s->hits[kept++] = s->hits[i];
	}
	s->n = kept;
}

static bool rank(struct state *s, size_t limit, struct job *job, struct err *err)
{
	const struct selection *only = s->q->live ? live_selection(s->q->live) : NULL;
	struct members m = catalog_members(s->cat, s->q->category);
	struct topk best;

	s->hits = mem_alloc((limit * ROOM + 1) * sizeof *s->hits);
	topk_init(&best, s->hits, limit * ROOM);
	for (uint32_t i = 0; i < members_count(&m); i++) {
		uint32_t b = members_at(&m, i);

		if (i % 8192 == 0 && !job_check(job, err))
			return false;
		if (selection_has(only, b) && in_band(s, b) &&
		    !catalog_variants(s->cat, s->q->product, b))
			topk_push(&best, b, score_of(s, b));
	}
	topk_sort(&best);
	s->n = best.n;
	drop_variants(s, limit);
	return true;
}

/* The one that was named, or the store's own texts. */
static void find_texts(struct state *s)
{
	s->texts = s->q->model;
	if (!s->texts && s->q->store && model_open(&s->own, s->q->store, "text", NULL))
		s->texts = s->own;
	if (s->texts && !(s->texts->class->flags & MODEL_VECTORS))
		s->texts = NULL;
}

static void describe(struct view *v, const struct state *s)
{
	struct str label = text_at(&s->cat->product_label, s->q->product);
	const char *by = s->texts ? model_name(s->texts) : NULL;

	if (!s->n)
		view_set_note(v, "Nothing stands in for %.*s at that price.", STR_ARG(label));
	else if (by)
		view_set_note(v, "Instead of %.*s: as near by what is written of it (model %s) and "
			      "by its attributes; popular ones first among equals.",
			      STR_ARG(label), by);
	else
		view_set_note(v, "Instead of %.*s: as near by its attributes; popular ones first "
			      "among equals. Texts would tell more: aisle train text.",
			      STR_ARG(label));
}

static bool upsell_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct state *s = state;

	s->q = view_question(v);
	s->cat = s->q->catalog;
	find_texts(s);
	if (!read_band(s, err) || !rank(s, asked_rows(s->q->outlook, PANEL_ROWS), job, err))
		return false;
	describe(v, s);
	return true;
}

static void upsell_close(void *state)
{
	struct state *s = state;

	model_destroy(s->own);
	free(s->hits);
}

static uint64_t upsell_count(const void *state)
{
	return ((const struct state *)state)->n;
}

static void upsell_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct state *s = state;
	const struct catalog *c = s->cat;
	uint32_t a = s->q->product, b = s->hits[i].id;
	int64_t price = price_of(c, b), own = price_of(c, a);
	unsigned of, n = equal_attributes(c, a, b, &of);

	(void)v;
	cells[COL_RANK] = cell_count(i + 1);
	cells[COL_PRODUCT] = cell_text(text_at(&c->product_id, b));
	cells[COL_LABEL] = cell_text(text_at(&c->product_label, b));
	cells[COL_CATEGORY] = cell_name(&c->category_path, c->product_category[b]);
	cells[COL_PRICE] = price != PRICE_NONE ? (struct cell){.count = price} : cell_empty();
	cells[COL_TIMES] = cell_real(price != PRICE_NONE && own != PRICE_NONE && own > 0 ?
				     (double)price / (double)own : NAN);
	cells[COL_SCORE] = cell_real(s->hits[i].score);
	cells[COL_TEXT] = cell_real(text_cosine(s, a, b));
	cells[COL_EQUAL] = cell_count(n);
	cells[COL_OF] = cell_count(of);
	cells[COL_SOLD] = c->product_purchases ? cell_count(sold(c, b)) : cell_empty();
}

static uint32_t upsell_product(const void *state, uint64_t i)
{
	return ((const struct state *)state)->hits[i].id;
}

const struct view_class vw_upsell = {
	.name = "upsell",
	.summary = "What could be sold instead of --product: as near by text and attributes, in a "
		   "band of prices (--price 1x..1.5x), one of each variant group.",
	.asks = MUST(PRODUCT) | MAY(MODEL) | MAY(PRICE) | MAY(CATEGORY),
	.where = WHERE_PRODUCTS,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = upsell_open,
	.close = upsell_close,
	.count = upsell_count,
	.row = upsell_row,
	.product = upsell_product,
};
