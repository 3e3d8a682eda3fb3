/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The category tree, depth-first, with the totals of each subtree. */
#include "config.h"

#include "base/arena.h"
#include "base/mem.h"
#include "stats/live.h"
#include "view/cells.h"

enum {
	COL_TREE, COL_DEPTH, COL_ID, COL_NAME, COL_PATH, COL_PRODUCTS, COL_VIEWS, COL_CARTS,
	COL_PURCHASES, COL_REVENUE, COL_CONVERSION, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	[COL_TREE] = {"tree", "Category", CELL_TEXT, 26, 0, COLUMN_MAIN | COLUMN_PEOPLE,
		"the category, indented by its depth"},
	[COL_DEPTH] = {"depth", "depth", CELL_COUNT, 5, 0, COLUMN_DATA,
		"depth in the tree, 0 at the top"},
	[COL_ID] = {"id", "id", CELL_ID, 10, 0, COLUMN_DATA, "id as in the source"},
	[COL_NAME] = {"name", "name", CELL_TEXT, 20, 0, COLUMN_DATA,
		"last part of the path"},
	[COL_PATH] = {"path", "path", CELL_TEXT, 30, 0, COLUMN_DATA, "path: a.b.c"},
	[COL_PRODUCTS] = {"products", "products", CELL_COUNT, 8, 0, COLUMN_SORT,
		"products of the category and all below it"},
	[COL_VIEWS] = {"views", "views", CELL_COUNT, 9, 0, COLUMN_SORT, "views of them"},
	[COL_CARTS] = {"carts", "carts", CELL_COUNT, 8, 0, COLUMN_SORT,
		"times they were put into a cart"},
	[COL_PURCHASES] = {"purchases", "sold", CELL_COUNT, 8, 0, COLUMN_SORT,
		"pieces sold"},
	[COL_REVENUE] = {"revenue", "revenue", CELL_REVENUE, 12, 0, COLUMN_SORT,
		"sum of the prices paid"},
	[COL_CONVERSION] = {"conversion", "conv", CELL_SHARE, 6, 1, COLUMN_SORT,
		"purchases / views"},
};

struct state {
	const struct catalog *cat;
	uint32_t first, n;
	uint32_t *order;	/* (n) offsets from first, or NULL: the tree's order */
	const struct selection *only;	/* products that a filter lets in; NULL: all */
	uint32_t *left;		/* (n) offsets of categories with such products, or NULL */
};

/* Offset from first of the i-th category that is shown, in the tree's order. */
static uint32_t offset_of(const struct state *s, uint32_t i)
{
	return s->left ? s->left[i] : i;
}

/* What the data set can't say is empty, not 0. */
static struct cell revenue(const struct catalog *cat, uint32_t c)
{
	if (!cat->category_revenue || !(cat->caps & CAP_PURCHASES))
		return cell_empty();
	return (struct cell){.count = cat->category_revenue[c]};
}

static struct cell total(const struct catalog *cat, enum capability cap,
			 const uint64_t *values, uint32_t c)
{
	return values && (cat->caps & cap) ? cell_count(values[c]) : cell_empty();
}

static uint64_t products_of(const struct state *s, uint32_t c)
{
	uint32_t first, end;
	catalog_products(s->cat, c, &first, &end);
	return s->only ? selection_count(s->only, first, end) : end - first;
}

static struct cell conversion(const struct catalog *cat, uint32_t c)
{
	if (!cat->category_views || !cat->category_purchases ||
	    !(cat->caps & CAP_PURCHASES))
		return cell_empty();
	return cell_conversion(cat->category_purchases[c], cat->category_views[c]);
}

static double number(struct cell c)
{
	return c.empty ? NAN : (double)c.count;
}

struct sorting {
	const struct state *s;
	unsigned column;
};

static double sort_key(const void *ctx, uint32_t i)
{
	const struct sorting *k = ctx;
	const struct catalog *cat = k->s->cat;
	uint32_t c = k->s->first + offset_of(k->s, i);
	struct cell conv;
	switch (k->column) {
	case COL_PRODUCTS:
		return (double)products_of(k->s, c);
	case COL_VIEWS:
		return number(total(cat, CAP_VIEWS, cat->category_views, c));
	case COL_CARTS:
		return number(total(cat, CAP_CARTS, cat->category_carts, c));
	case COL_PURCHASES:
		return number(total(cat, CAP_PURCHASES, cat->category_purchases, c));
	case COL_REVENUE:
		return number(revenue(cat, c));
	default:
		conv = conversion(cat, c);
		return conv.empty ? NAN : conv.real;
	}
}

static void note_unknown(struct view *v, const struct catalog *cat)
{
	uint32_t known = cat->n_categories ? cat->category_product[cat->n_categories] : 0;
	if (known < cat->n_products)
		view_set_note(v, "%u of %u products have no category.",
			      cat->n_products - known, cat->n_products);
}

/* Categories without a product that the filter lets in are left out. */
static bool leave_some(struct state *s, struct err *err)
{
	uint32_t kept = 0;
	s->left = mem_big(s->n, sizeof *s->left, "the categories left", err);
	if (!s->left)
		return false;
	for (uint32_t i = 0; i < s->n; i++)
		if (products_of(s, s->first + i))
			s->left[kept++] = i;
	s->n = kept;
	return true;
}

static bool categories_open(struct view *v, void *state, struct job *job,
			    struct err *err)
{
	struct state *s = state;
	const struct question *q = view_question(v);
	s->cat = q->catalog;
	s->n = s->cat->n_categories;
	if (q->category != CATALOG_NONE) {
		s->first = q->category;
		s->n = s->cat->category_end[q->category] - s->first;
	}
	if (q->category == CATALOG_NONE)
		note_unknown(v, s->cat);
	s->only = q->live ? live_selection(q->live) : NULL;
	if (s->only && !leave_some(s, err))
		return false;
	if (!view_sort(v))
		return true;
	struct sorting k = {.s = s};
	while (strcmp(columns[k.column].key, view_sort(v)) != 0)
		k.column++;
	return cells_order(&s->order, s->n, view_turned(v), sort_key, &k, err);
}

static void categories_close(void *state)
{
	struct state *s = state;
	free(s->order);
	free(s->left);
}

static uint64_t categories_count(const void *state)
{
	return ((const struct state *)state)->n;
}

static uint32_t categories_category(const void *state, uint64_t i)
{
	const struct state *s = state;
	return s->first + offset_of(s, s->order ? s->order[i] : (uint32_t)i);
}

static struct cell tree_cell(struct view *v, const struct state *s, uint32_t c)
{
	const struct catalog *cat = s->cat;
	if (s->order)
		return cell_text(text_at(&cat->category_path, c));
	struct str name = text_at(&cat->category_name, c);
	int indent = 2 * (cat->category_depth[c] - cat->category_depth[s->first]);
	return cell_text(arena_printf(view_arena(v), "%*s%.*s", indent > 0 ? indent : 0, "",
				      STR_ARG(name)));
}

static void categories_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct state *s = state;
	const struct catalog *cat = s->cat;
	uint32_t c = categories_category(s, i);
	cells[COL_TREE] = tree_cell(v, s, c);
	cells[COL_DEPTH] = cell_count(cat->category_depth[c]);
	cells[COL_ID] = cell_text(text_at(&cat->category_id, c));
	cells[COL_NAME] = cell_text(text_at(&cat->category_name, c));
	cells[COL_PATH] = cell_text(text_at(&cat->category_path, c));
	cells[COL_PRODUCTS] = cell_count(products_of(s, c));
	cells[COL_VIEWS] = total(cat, CAP_VIEWS, cat->category_views, c);
	cells[COL_CARTS] = total(cat, CAP_CARTS, cat->category_carts, c);
	cells[COL_PURCHASES] = total(cat, CAP_PURCHASES, cat->category_purchases, c);
	cells[COL_REVENUE] = revenue(cat, c);
	cells[COL_CONVERSION] = conversion(cat, c);
}

const struct view_class vw_categories = {
	.name = "categories",
	.summary = "The category tree with products, events, revenue and conversion.",
	.asks = MAY(CATEGORY),
	.where = WHERE_PRODUCTS | WHERE_EVENTS,
	.parts = LIVE_TOTALS,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = categories_open,
	.close = categories_close,
	.count = categories_count,
	.row = categories_row,
	.category = categories_category,
};
