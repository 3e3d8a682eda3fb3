/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The product table. The store keeps an order of all products per sortable
 * column; a subtree of categories is one range of products, so its order is
 * the stored one filtered once (4 bytes per product of the subtree).
 */
#include "config.h"

#include "base/mem.h"
#include "stats/live.h"
#include "view/cells.h"

enum {
	COL_PRODUCT, COL_LABEL, COL_CATEGORY, COL_BRAND, COL_PRICE, COL_VIEWS, COL_CARTS,
	COL_PURCHASES, COL_REVENUE, COL_CONVERSION, COLUMNS,
};

static const struct column columns[COLUMNS] = {
	[COL_PRODUCT] = {"product", "product", CELL_ID, 10, 0, 0, "id as in the source"},
	[COL_LABEL] = {"label", "label", CELL_TEXT, 30, 0,
		COLUMN_MAIN | COLUMN_SORT | COLUMN_ASCENDING,
		"name, or brand, category and price where there is none"},
	[COL_CATEGORY] = {"category", "category", CELL_TEXT, 24, 0, COLUMN_DATA,
		"path of its category"},
	[COL_BRAND] = {"brand", "brand", CELL_TEXT, 12, 0, COLUMN_DATA, "brand"},
	[COL_PRICE] = {"price", "price", CELL_MONEY, 9, 0, COLUMN_SORT,
		"latest price"},
	[COL_VIEWS] = {"views", "views", CELL_COUNT, 8, 0, COLUMN_SORT, "views"},
	[COL_CARTS] = {"carts", "carts", CELL_COUNT, 7, 0, COLUMN_SORT | COLUMN_SPARE,
		"times it was put into a cart"},
	[COL_PURCHASES] = {"purchases", "sold", CELL_COUNT, 7, 0, COLUMN_SORT,
		"pieces sold"},
	[COL_REVENUE] = {"revenue", "revenue", CELL_REVENUE, 11, 0, COLUMN_SORT,
		"sum of the prices paid"},
	[COL_CONVERSION] = {"conversion", "conv", CELL_SHARE, 6, 1, COLUMN_SORT,
		"purchases / views"},
};

struct state {
	const struct catalog *cat;
	struct members of;
	uint32_t n;
	const uint32_t *order;	/* (n) products, or NULL: by number from first */
	uint32_t *own;		/* order when it had to be filtered */
	uint32_t known;		/* those with a value; the others end every order */
	bool reverse;
};

static const uint32_t *stored_order(const struct catalog *cat, const char *sort)
{
	const struct {
		unsigned column;
		const uint32_t *order;
	} orders[] = {
		{COL_LABEL, cat->order_label},
		{COL_PRICE, cat->order_price},
		{COL_VIEWS, cat->order_views},
		{COL_CARTS, cat->order_carts},
		{COL_PURCHASES, cat->order_purchases},
		{COL_REVENUE, cat->order_revenue},
		{COL_CONVERSION, cat->order_conversion},
	};
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
		if (strcmp(columns[orders[i].column].key, sort) == 0)
			return orders[i].order;
	return NULL;
}

/* The column that it is sorted by says something of the product. */
static bool is_known(const struct catalog *cat, const char *sort, uint32_t p)
{
	if (strcmp(sort, columns[COL_PRICE].key) == 0)
		return cat->product_price && cat->product_price[p] != PRICE_NONE;
	return strcmp(sort, columns[COL_CONVERSION].key) != 0 ||
		(cat->product_views && cat->product_views[p] > 0);
}

static uint32_t count_known(const struct state *s, const char *sort)
{
	uint32_t low = 0, high = s->n;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		if (is_known(s->cat, sort, s->order[mid]))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* What the data set can't say is empty, not 0. */
static struct cell count_of(const struct catalog *cat, enum capability cap,
			    const uint32_t *values, uint32_t p)
{
	return values && (cat->caps & cap) ? cell_count(values[p]) : cell_empty();
}

static struct cell money_of(const int64_t *values, uint32_t p)
{
	if (!values || values[p] == PRICE_NONE)
		return cell_empty();
	return (struct cell){.count = values[p]};
}

static struct cell conversion_of(const struct catalog *cat, uint32_t p)
{
	if (!cat->product_views || !cat->product_purchases || !(cat->caps & CAP_PURCHASES))
		return cell_empty();
	return cell_conversion(cat->product_purchases[p], cat->product_views[p]);
}

struct sorting {
	const struct state *s;
	unsigned column;
};

static double sort_key(const void *ctx, uint32_t i)
{
	const struct sorting *k = ctx;
	const struct catalog *cat = k->s->cat;
	uint32_t p = k->s->own[i];
	struct cell c;
	switch (k->column) {
	case COL_VIEWS:
		c = count_of(cat, CAP_VIEWS, cat->product_views, p);
		break;
	case COL_CARTS:
		c = count_of(cat, CAP_CARTS, cat->product_carts, p);
		break;
	case COL_PURCHASES:
		c = count_of(cat, CAP_PURCHASES, cat->product_purchases, p);
		break;
	case COL_REVENUE:
		c = money_of(cat->product_revenue, p);
		break;
	default:
		c = conversion_of(cat, p);
		return c.empty ? NAN : c.real;
	}
	return c.empty ? NAN : (double)c.count;
}

/* The category's products that the filter lets in, in the order `all` (NULL:
 * by number). */
static bool filter_order(struct state *s, const uint32_t *all,
			 const struct selection *only, struct err *err)
{
	s->own = mem_big(s->n, sizeof *s->own, "the products chosen", err);
	if (!s->own)
		return false;
	uint32_t k = 0, n = all ? s->cat->n_products : s->n;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t p = all ? all[i] : members_at(&s->of, i);
		if ((!all || members_has(&s->of, p)) && selection_has(only, p))
			s->own[k++] = p;
	}
	s->n = k;
	s->order = s->own;
	return true;
}

/* Totals under a filter of events have no stored order. */
static bool sort_live(struct state *s, const char *sort, const struct selection *only,
		      struct err *err)
{
	struct sorting k = {.s = s};
	SCOPED_FREE uint32_t *order = NULL;
	while (strcmp(columns[k.column].key, sort) != 0)
		k.column++;
	if (!filter_order(s, NULL, only, err) ||
	    !cells_order(&order, s->n, false, sort_key, &k, err))
		return false;
	for (uint32_t i = 0; i < s->n; i++)
		order[i] = s->own[order[i]];
	memcpy(s->own, order, s->n * sizeof *order);
	return true;
}

static bool products_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct state *s = state;
	const struct question *q = view_question(v);
	const struct selection *only = q->live ? live_selection(q->live) : NULL;
	bool ok = true;
	s->cat = q->catalog;
	s->reverse = view_turned(v);
	s->of = catalog_members(s->cat, q->category);
	s->n = members_count(&s->of);
	const uint32_t *all = view_sort(v) ? stored_order(s->cat, view_sort(v)) : NULL;
	if (view_sort(v) && !all && q->live && live_cuts(q->live))
		ok = sort_live(s, view_sort(v), only, err);
	else if (view_sort(v) && !all)
		return err_fail(err, ERR_NO, "this store has no %s to sort by", view_sort(v));
	else if (only || (all && s->n < s->cat->n_products))
		ok = filter_order(s, all, only, err);
	else
		s->order = all;
	if (!ok)
		return false;
	s->known = view_sort(v) ? count_known(s, view_sort(v)) : s->n;
	if (!s->n)
		view_set_note(v, "There are no products here.");
	return true;
}

static void products_close(void *state)
{
	free(((struct state *)state)->own);
}

static uint64_t products_count(const void *state)
{
	return ((const struct state *)state)->n;
}

static uint32_t products_product(const void *state, uint64_t i)
{
	const struct state *s = state;
	uint32_t k = (uint32_t)i;
	if (s->reverse && k < s->known)
		k = s->known - 1 - k;
	return s->order ? s->order[k] : members_at(&s->of, k);
}

static void products_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct state *s = state;
	const struct catalog *cat = s->cat;
	uint32_t p = products_product(s, i);
	cells[COL_PRODUCT] = cell_text(text_at(&cat->product_id, p));
	cells[COL_LABEL] = cell_text(text_at(&cat->product_label, p));
	cells[COL_CATEGORY] = cell_name(&cat->category_path, cat->product_category[p]);
	cells[COL_BRAND] = cat->product_brand
		? cell_name(&cat->brand_name, cat->product_brand[p]) : cell_empty();
	cells[COL_PRICE] = money_of(cat->product_price, p);
	cells[COL_VIEWS] = count_of(cat, CAP_VIEWS, cat->product_views, p);
	cells[COL_CARTS] = count_of(cat, CAP_CARTS, cat->product_carts, p);
	cells[COL_PURCHASES] = count_of(cat, CAP_PURCHASES, cat->product_purchases, p);
	cells[COL_REVENUE] = cat->caps & CAP_PURCHASES ? money_of(cat->product_revenue, p)
						       : cell_empty();
	cells[COL_CONVERSION] = conversion_of(cat, p);
}

const struct view_class vw_products = {
	.name = "products",
	.summary = "Products of the shop or of a category, by category or sorted.",
	.asks = MAY(CATEGORY),
	.where = WHERE_PRODUCTS | WHERE_EVENTS,
	.parts = LIVE_TOTALS,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = products_open,
	.close = products_close,
	.count = products_count,
	.row = products_row,
	.product = products_product,
	.title = "Products",
};
