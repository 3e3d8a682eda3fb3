/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Both panels of a product that the store hasn't got: the nets of product2vec and companion
 * make a vector of what is known of it, as they do of products that nobody bought.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "math/topk.h"
#include "model/network.h"
#include "model/kept.h"
#include "query/select.h"
#include "stats/live.h"
#include "store/store.h"
#include "view/cells.h"

#define ROWS 10u	/* of each panel, unless --limit says it */

enum { COL_PANEL, COL_RANK, COL_PRODUCT, COL_LABEL, COL_CATEGORY, COL_PRICE, COL_SCORE, COLUMNS };

static const struct column columns[COLUMNS] = {
	{"panel", "panel", CELL_TEXT, 13, 0, 0, "similar, or complementary"},
	{"rank", "#", CELL_COUNT, 3, 0, 0, "place in the panel"},
	{"product", "product", CELL_ID, 10, 0, 0, "id of the suggestion"},
	{"label", "label", CELL_TEXT, 28, 0, COLUMN_MAIN, "its label"},
	{"category", "category", CELL_TEXT, 24, 0, COLUMN_SPARE, "path of its category"},
	{"price", "price", CELL_MONEY, 9, 0, 0, "its latest price"},
	{"score", "score", CELL_REAL, 8, 3, 0, "comparable within one panel only"},
};

struct row {
	const char *panel;
	unsigned rank;
	struct hit hit;
};

struct newcomer {
	const struct catalog *cat;
	struct row *rows;
	size_t n;
};

/* --- what is typed */

static const char *const keys[] = {"category", "brand", "price", "words"};
enum { KEY_CATEGORY, KEY_BRAND, KEY_PRICE, KEY_WORDS, KEYS };

/* The key that text begins with, before '='; KEYS: none. */
static unsigned key_at(struct str text, size_t *after)
{
	size_t equal = str_chr(text, '=');

	for (unsigned k = 0; equal != SIZE_MAX && k < KEYS; k++)
		if (str_is(str_trim(str_span(text.ptr, equal)), keys[k])) {
			*after = equal + 1;
			return k;
		}
	return KEYS;
}

/* What stands behind the key, up to a comma with another key behind it. */
static struct str value_of(struct str *rest)
{
	struct str value = *rest;

	for (size_t i = 0; i < rest->len; i++) {
		struct str behind = str_span(rest->ptr + i + 1, rest->len - i - 1);
		size_t after;

		if (rest->ptr[i] != ',' || key_at(behind, &after) == KEYS)
			continue;
		value.len = i;
		*rest = behind;
		return str_trim(value);
	}
	*rest = STR_NULL;
	return str_trim(value);
}

static bool read_price(const struct catalog *c, struct str text, int64_t *price, struct err *err)
{
	struct decimal d;

	if (!c->product_price)
		return err_fail(err, ERR_NO, "--like: the store has no prices");
	if (!num_decimal(text, &d) || d.units < 0 || !num_rescale(d, c->price_scale, price))
		return err_fail(err, ERR_USAGE, "--like: a price of the store has at most %u "
				"decimals, not '%.*s'", c->price_scale, STR_ARG(text));
	return true;
}

static bool read_value(const struct question *q, unsigned key, struct str value,
		       struct features_given *g, struct err *err)
{
	const struct catalog *c = q->catalog;

	switch (key) {
	case KEY_CATEGORY:
		g->category = select_category(c, value);
		return g->category != CATALOG_NONE ||
		       err_fail(err, ERR_NO, "--like: there is no category '%.*s': aisle show "
				"categories lists them", STR_ARG(value));
	case KEY_BRAND:
		g->brand = select_text(&c->brand_name, value);
		return g->brand != CATALOG_NONE ||
		       err_fail(err, ERR_NO, "--like: the store has no brand '%.*s'",
				STR_ARG(value));
	case KEY_PRICE:
		return read_price(c, value, &g->price, err);
	default:
		g->words = value;
		return true;
	}
}

static bool read_given(const struct question *q, struct features_given *g, struct err *err)
{
	struct str rest = outlook_text(q->outlook, ASK_LIKE);
	size_t after = 0;

	if (!rest.ptr)
		return err_fail(err, ERR_USAGE, "newcomer needs --like \"category=..., price=..., "
				"words=...\"");
	*g = (struct features_given){CATALOG_NONE, CATALOG_NONE, PRICE_NONE, STR("")};
	while (rest.ptr) {
		unsigned key = key_at(rest, &after);

		if (key == KEYS)
			return err_fail(err, ERR_USAGE, "--like takes category=, brand=, price= "
					"and words=, parted by commas, not '%.*s'", STR_ARG(rest));
		rest = str_span(rest.ptr + after, rest.len - after);
		if (!read_value(q, key, value_of(&rest), g, err))
			return false;
	}
	return true;
}

/* --- panels */

struct asking {
	const struct question *q;
	const struct features_given *given;
	uint64_t limit;
	struct job *job;
};

static bool score(const struct asking *a, const struct model *m, float *scores,
		  struct err *err)
{
	const struct features_ask ask = {
		.wanted = features_wanted(&m->params),
		.buckets = (unsigned)params_count(&m->params, PARAM_ID_BUCKETS),
	};
	struct features f = {0};
	struct array vectors;
	bool ok;

	if (!model_array(m, "vectors", ARRAY_F32, &vectors, err) ||
	    !features_give(&f, a->q->catalog, &ask, a->given, err))
		return false;
	SCOPED_FREE float *vector = mem_zalloc((vectors.columns + 1) * sizeof *vector);

	ok = network_vector(m, &f, vector, err) &&
	     m->class->score_typed(m, &(struct model_typed){vector, a->given->category},
				   (struct scoring){scores, a->job}, err);
	features_finish(&f);
	return ok;
}

static bool add_panel(struct newcomer *s, const struct asking *a, const struct model *m,
		      const char *panel, struct err *err)
{
	uint32_t n = a->q->catalog->n_products;
	SCOPED_FREE float *scores = mem_big(n, sizeof *scores, "scores", err);
	size_t limit = a->limit < n ? (size_t)a->limit : n;
	SCOPED_FREE struct hit *hits = mem_alloc((limit + 1) * sizeof *hits);
	struct topk best;

	if (!scores || !score(a, m, scores, err))
		return false;
	topk_init(&best, hits, limit);
	for (uint32_t b = 0; b < n; b++)
		if (scores[b] > -INFINITY)
			topk_push(&best, b, scores[b]);
	topk_sort(&best);
	s->rows = mem_resize(s->rows, s->n + best.n + 1, sizeof *s->rows);
	for (size_t i = 0; i < best.n; i++)
		s->rows[s->n++] = (struct row){panel, (unsigned)i + 1, hits[i]};
	return true;
}

static bool newcomer_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct newcomer *s = state;
	const struct question *q = view_question(v);
	SCOPED(model) alike = NULL;
	SCOPED(model) along = NULL;
	struct features_given given;
	struct asking a = {q, &given, asked_rows(q->outlook, ROWS), job};

	s->cat = q->catalog;
	if (!read_given(q, &given, err) ||
	    !kept_model(&alike, q->store, "product2vec", err) ||
	    !kept_model(&along, q->store, "companion", err))
		return false;
	if (!alike && !along)
		return err_fail(err, ERR_NO, "newcomer asks models that learn from what products "
				"are: aisle train product2vec %s makes the one for similar "
				"products, aisle train companion %s the one for complements",
				store_path(q->store), store_path(q->store));
	if ((alike && !add_panel(s, &a, alike, "similar", err)) ||
	    (along && !add_panel(s, &a, along, "complementary", err)))
		return false;
	view_set_note(v, "New, no purchases: from%s%s%s%s.%s%s",
		      given.category != CATALOG_NONE ? " category" : " no category",
		      given.brand != CATALOG_NONE ? ", brand" : "",
		      given.price != PRICE_NONE ? ", price" : "", given.words.len ? ", words" : "",
		      alike ? "" : " No similar products without aisle train product2vec.",
		      along ? "" : " No complements without aisle train companion.");
	return true;
}

static void newcomer_close(void *state)
{
	free(((struct newcomer *)state)->rows);
}

static uint64_t newcomer_count(const void *state)
{
	return ((const struct newcomer *)state)->n;
}

static uint32_t newcomer_product(const void *state, uint64_t i)
{
	return (uint32_t)((const struct newcomer *)state)->rows[i].hit.id;
}

static void newcomer_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct newcomer *s = state;
	const struct row *r = &s->rows[i];
	uint32_t p = (uint32_t)r->hit.id;

	(void)v;
	cells[COL_PANEL] = cell_text(str_from(r->panel));
	cells[COL_RANK] = cell_count(r->rank);
	cells[COL_PRODUCT] = cell_text(text_at(&s->cat->product_id, p));
	cells[COL_LABEL] = cell_text(text_at(&s->cat->product_label, p));
	cells[COL_CATEGORY] = cell_name(&s->cat->category_path, s->cat->product_category[p]);
	cells[COL_PRICE] = cell_empty();
	if (s->cat->product_price && s->cat->product_price[p] != PRICE_NONE)
		cells[COL_PRICE] = cell_count((uint64_t)s->cat->product_price[p]);
	cells[COL_SCORE] = cell_real((double)r->hit.score);
}

const struct view_class vw_newcomer = {
	.name = "newcomer",
	.summary = "Both panels of a product that the store hasn't got, typed in with --like.",
	.asks = MAY(LIKE),
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct newcomer),
	.open = newcomer_open,
	.close = newcomer_close,
	.count = newcomer_count,
	.row = newcomer_row,
	.product = newcomer_product,
};
