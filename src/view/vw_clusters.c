/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clusters of a model's vectors, and what is typical of each. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "view/cells.h"
#include "view/clusters.h"

enum {
	COL_CLUSTER, COL_PRODUCTS, COL_SHARE, COL_DISTANCE, COL_CATEGORY, COL_CATEGORY_SHARE,
	COL_BRAND, COL_BRAND_SHARE, COL_WORDS, COL_MEMBERS, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	{"cluster", "#", CELL_COUNT, 4, 0, 0, "number of the cluster, from 1"},
	{"products", "products", CELL_COUNT, 8, 0, COLUMN_SORT, "how many it has"},
	{"share", "share", CELL_SHARE, 6, 1, 0, "of all products with a vector"},
	{"distance", "distance", CELL_REAL, 8, 3, COLUMN_SORT | COLUMN_SPARE,
	 "mean distance to its centre"},
	{"category", "typical category", CELL_TEXT, 22, 0, 0,
	 "the category whose share here stands out most: x log(x / y), y its share of all"},
	{"category_share", "of it", CELL_SHARE, 6, 1, 0, "its share here"},
	{"brand", "brand", CELL_TEXT, 12, 0, COLUMN_SPARE, "the same for brands"},
	{"brand_share", "of it", CELL_SHARE, 6, 1, COLUMN_SPARE, "its share here"},
	{"words", "words", CELL_TEXT, 28, 0, 0, "the same for words of labels, at most 4"},
	{"members", "nearest to its centre", CELL_TEXT, 36, 0, COLUMN_MAIN,
	 "labels of the three products nearest to its centre"},
};

static double sort_key(const void *ctx, uint32_t i)
{
	const struct clusters *s = ctx;

	return s->groups.by_distance ? s->mean[i] : s->typical.group[i].size;
}

static bool clusters_open(struct view *v, void *state, struct job *job, struct err *err)
{
	const struct question *q = view_question(v);
	struct clusters *s = state;

	s->cat = q->catalog;
	if (!groups_open(&s->groups, v, err))
		return false;
	if (!s->groups.cluster)
		return true;
	if (!typical_make(&s->typical, s->cat, s->groups.cluster, s->groups.n, job, err))
		return false;
	s->mean = groups_means(&s->groups, &s->typical);
	if (!view_sort(v))
		return true;
	s->groups.by_distance = str_is(str_from(view_sort(v)), "distance");
	return cells_order(&s->order, s->groups.n, view_turned(v), sort_key, s, err);
}

static void clusters_close(void *state)
{
	struct clusters *s = state;

	groups_finish(&s->groups);
	typical_finish(&s->typical);
	free(s->order);
	free(s->mean);
}

static uint64_t clusters_count(const void *state)
{
	return ((const struct clusters *)state)->groups.n;
}

static struct cell words(struct view *v, const struct typical *t,
			 const struct typical_group *g)
{
	STRBUF(b);

	for (unsigned i = 0; i < TYPICAL_WORDS && g->word[i].number != CATALOG_NONE; i++) {
		strbuf_adds(&b, i ? " " : "");
		strbuf_add(&b, typical_word(t, g->word[i].number));
	}
	return b.len ? cell_text(arena_str(view_arena(v), strbuf_str(&b))) : cell_empty();
}

static struct cell members(struct view *v, const struct clusters *s, uint32_t cluster)
{
	uint32_t best[3];
	unsigned n = groups_nearest(&s->groups, &s->typical, cluster, best, 3);
	STRBUF(b);

	for (unsigned i = 0; i < n; i++) {
		strbuf_adds(&b, i ? "; " : "");
		strbuf_add(&b, text_at(&s->cat->product_label, best[i]));
	}
	return b.len ? cell_text(arena_str(view_arena(v), strbuf_str(&b))) : cell_empty();
}

static void clusters_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	struct clusters *s = state;
	uint32_t at = s->order ? s->order[i] : (uint32_t)i;
	const struct typical_group *g = &s->typical.group[at];
	uint32_t with = s->cat->n_products - s->typical.outside;

	cells[COL_CLUSTER] = cell_count(at + 1);
	cells[COL_PRODUCTS] = cell_count(g->size);
	cells[COL_SHARE] = cell_real(with ? (double)g->size / with : NAN);
	cells[COL_DISTANCE] = cell_real(s->mean[at]);
	cells[COL_CATEGORY] = cell_name(&s->cat->category_path, g->category.number);
	cells[COL_CATEGORY_SHARE] = cell_real(g->category.number == CATALOG_NONE ? NAN :
					      g->category.share);
	cells[COL_BRAND] = cell_name(&s->cat->brand_name, g->brand.number);
	cells[COL_BRAND_SHARE] = cell_real(g->brand.number == CATALOG_NONE ? NAN :
					   g->brand.share);
	cells[COL_WORDS] = words(v, &s->typical, g);
	cells[COL_MEMBERS] = members(v, s, at);
}

static uint32_t clusters_product(const void *state, uint64_t i)
{
	const struct clusters *s = state;
	uint32_t best = CATALOG_NONE;

	groups_nearest(&s->groups, &s->typical, s->order ? s->order[i] : (uint32_t)i, &best,
		       1);
	return best;
}

const struct view_class vw_clusters = {
	.name = "clusters",
	.summary = "Clusters of a model's vectors with what is typical of each (--model, made "
		   "by aisle train clusters).",
	.asks = MAY(MODEL),
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct clusters),
	.open = clusters_open,
	.close = clusters_close,
	.count = clusters_count,
	.row = clusters_row,
	.product = clusters_product,
	.page = clusters_page,
	.words = clusters_words,
};
