/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The category tree, depth-first, with the totals of each subtree. */
#include "config.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/num.h"
#include "stats/live.h"
#include "store/store.h"
#include "view/cells.h"
#include "view/press.h"
#include "view/sketch.h"

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
	/* of a pane: all categories whose branches are open, a row for all products first */
	bool *open;		/* (categories), or NULL: no pane */
	uint32_t *row;		/* (rows) */
	uint64_t rows;
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
	struct members m = catalog_members(s->cat, c);

	return s->only ? selection_members(s->only, &m) : members_count(&m);
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
	uint32_t several = catalog_several(cat);
	STRBUF(b);
	if (known < cat->n_products)
		strbuf_addf(&b, "%u of %u products have no category.",
			    cat->n_products - known, cat->n_products);
	if (several)
		strbuf_addf(&b, "%s%u %s in several categories and %s once in each.",
			    b.len ? " " : "", several,
			    several == 1 ? "product is" : "products are",
			    several == 1 ? "counts" : "count");
	if (b.len)
		view_set_note(v, "%s", strbuf_c(&b));
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

static uint32_t categories_category(const void *state, uint64_t i);

/* --- as a pane: a tree that is folded and unfolded */

static bool has_children(const struct catalog *cat, uint32_t c)
{
	return cat->category_end[c] > c + 1;
}

static void fold(struct state *s)
{
	s->rows = 0;
	s->row[s->rows++] = CATALOG_NONE;
	for (uint32_t c = 0; c < s->cat->n_categories;) {
		s->row[s->rows++] = c;
		c = s->open[c] ? c + 1 : s->cat->category_end[c];
	}
}

static bool open_tree(struct state *s, struct err *err)
{
	uint32_t n = s->cat->n_categories;

	s->open = mem_big(n + 1, sizeof *s->open, "the tree", err);
	s->row = s->open ? mem_big(n + 1, sizeof *s->row, "the tree", err) : NULL;
	if (!s->row)
		return false;
	memset(s->open, 0, (n + 1) * sizeof *s->open);
	/* A single root says nothing by itself. */
	s->open[0] = n && s->cat->category_end[0] == n;
	fold(s);
	return true;
}

static uint64_t categories_reveal(void *state, uint32_t category)
{
	struct state *s = state;
	uint64_t i = 0;

	if (!s->open || category >= s->cat->n_categories)
		return s->open ? 0 : UINT64_MAX;
	for (uint32_t c = s->cat->category_parent[category]; c < s->cat->n_categories;
	     c = s->cat->category_parent[c])
		s->open[c] = true;
	fold(s);
	while (i < s->rows && s->row[i] != category)
		i++;
	return i < s->rows ? i : UINT64_MAX;
}

static bool unfold(struct state *s, uint32_t c)
{
	if (c == CATALOG_NONE || s->open[c] || !has_children(s->cat, c))
		return false;
	s->open[c] = true;
	fold(s);
	return true;
}

/* Close the branch, or go up to the one that it is in. */
static uint64_t fold_up(struct state *s, uint64_t row)
{
	uint32_t c = s->row[row];

	if (c == CATALOG_NONE)
		return row;
	if (!s->open[c] || !has_children(s->cat, c))
		return categories_reveal(s, s->cat->category_parent[c]);
	s->open[c] = false;
	fold(s);
	return row;
}

static unsigned categories_key(struct view *v, void *state, struct press *p)
{
	struct state *s = state;

	if (!s->open || p->row >= s->rows)
		return DID_PASS;
	if (p->key == PRESS_LEFT) {
		p->row = fold_up(s, p->row);
		return DID_TAKE;
	}
	if (p->key == PRESS_FOLLOW)
		unfold(s, s->row[p->row]);
	return p->key == PRESS_RIGHT && unfold(s, s->row[p->row]) ? DID_TAKE : DID_PASS;
}

/* The same branches are open; in another import those of the same ids. */
static void categories_inherit(struct view *v, void *state, const struct view *from,
			       const void *old_state)
{
	const struct state *old = old_state;
	const struct store *store = view_question(v)->store;
	bool same = store == view_question(from)->store;
	struct state *s = state;

	for (uint32_t c = 0; s->open && old->open && c < old->cat->n_categories; c++) {
		uint32_t there = same ? c : !old->open[c] ? CATALOG_NONE :
				 store_find(store, "category", text_at(&old->cat->category_id, c));

		if (there < s->cat->n_categories)
			s->open[there] = old->open[c];
	}
	if (s->open && old->open)
		fold(s);
}

static void draw_branch(const struct state *s, struct sketch *k, int y, uint32_t c)
{
	const struct catalog *cat = s->cat;
	bool all = c == CATALOG_NONE;
	int indent = all ? 0 : 2 * cat->category_depth[c], room = k->w - 7;
	STRBUF(b);

	/* Deep branches move left rather than out of sight. */
	if (indent > room - 10)
		indent = room > 10 ? room - 10 : 0;
	if (!all && s->open && has_children(cat, c))
		sketch_text(k, (struct stretch){y, (struct span){1 + indent, 1}},
			    str_from(s->open[c] ? k->marks.open : k->marks.closed), INK_TEXT);
	sketch_text(k, (struct stretch){y, (struct span){3 + indent, room - indent - 3}},
		    all	       ? STR("All products")
		    : s->order ? text_at(&cat->category_path, c)
			       : text_at(&cat->category_name, c),
		    INK_TEXT);
	num_add_short(&b, all ? s->only ? s->only->count : cat->n_products : products_of(s, c));
	sketch_right(k, (struct stretch){y, (struct span){k->w - 6, 6}}, &b, INK_TEXT);
}

static void categories_draw(struct view *v, void *state, struct sketch *k)
{
	const struct state *s = state;

	k->right = "items";
	for (unsigned i = 0; i < k->n; i++)
		draw_branch(s, k, (int)i, categories_category(s, k->row[i]));
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
	if (view_request_of(v)->pane && !view_sort(v))
		return open_tree(s, err);
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
	free(s->open);
	free(s->row);
}

static uint64_t categories_count(const void *state)
{
	const struct state *s = state;

	return s->open ? s->rows : s->n;
}

static uint32_t categories_category(const void *state, uint64_t i)
{
	const struct state *s = state;

	if (s->open)
		return s->row[i];
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

	if (c == CATALOG_NONE) {
		for (unsigned k = 0; k < COLUMNS; k++)
			cells[k] = cell_empty();
		cells[COL_TREE] = cell_text(STR("All products"));
		return;
	}
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
	.title = "Categories",
	.draw = categories_draw,
	.key = categories_key,
	.reveal = categories_reveal,
	.inherit = categories_inherit,
};
