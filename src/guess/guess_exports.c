/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exports that shops' systems write: told by columns that they alone have together. */
#include "config.h"

#include "guess/guess_impl.h"

#include "data/field.h"

#define SIGNS 4
#define NAMED 8

static const struct guess_export {
	const char *what;
	const char *sign[SIGNS];
	struct {
		const char *column;
		enum mapping_key role;
	} named[NAMED];
} exports[] = {
	{"an export of Shopify's orders",
	 {"Name", "Financial Status", "Lineitem name", "Lineitem quantity"},
	 {{"Name", MAP_SESSION}, {"Created at", MAP_TIME}, {"Lineitem sku", MAP_PRODUCT},
	  {"Lineitem name", MAP_NAME}, {"Lineitem price", MAP_PRICE},
	  {"Lineitem quantity", MAP_QUANTITY}, {"Vendor", MAP_BRAND},
	  {"Shipping Country", MAP_COUNTRY}}},
	{"Amazon's report of orders",
	 {"amazon-order-id", "purchase-date", "sku", "quantity"},
	 {{"amazon-order-id", MAP_SESSION}, {"purchase-date", MAP_TIME}, {"sku", MAP_PRODUCT},
	  {"product-name", MAP_NAME}, {"item-price", MAP_PRICE}, {"quantity", MAP_QUANTITY},
	  {"ship-country", MAP_COUNTRY}}},
	{"an export of WooCommerce's orders",
	 {"order_id", "order_number", "item_name", "item_quantity"},
	 {{"order_id", MAP_SESSION}, {"order_date", MAP_TIME}, {"item_sku", MAP_PRODUCT},
	  {"item_name", MAP_NAME}, {"item_quantity", MAP_QUANTITY},
	  {"customer_id", MAP_USER}}},
	{"an export of WooCommerce's orders",
	 {"Order Number", "Order Status", "Item Name", "Item Cost"},
	 {{"Order Number", MAP_SESSION}, {"Order Date", MAP_TIME}, {"SKU", MAP_PRODUCT},
	  {"Item Name", MAP_NAME}, {"Item Cost", MAP_PRICE}, {"Quantity", MAP_QUANTITY},
	  {"Quantity (- Refund)", MAP_QUANTITY}, {"Customer User ID", MAP_USER}}},
	{"trivago's log of sessions",
	 {"session_id", "action_type", "reference", "impressions"},
	 {{"session_id", MAP_SESSION}, {"timestamp", MAP_TIME}, {"reference", MAP_PRODUCT},
	  {"action_type", MAP_EVENT}, {"user_id", MAP_USER}, {"step", MAP_POSITION}}},
	{"an export of Magento's order items",
	 {"increment_id", "created_at", "sku", "qty_ordered"},
	 {{"increment_id", MAP_SESSION}, {"created_at", MAP_TIME}, {"sku", MAP_PRODUCT},
	  {"name", MAP_NAME}, {"price", MAP_PRICE}, {"qty_ordered", MAP_QUANTITY},
	  {"customer_id", MAP_USER}}},
	{"Square's export of items",
	 {"Transaction ID", "Item", "Qty", "Gross Sales"},
	 {{"Transaction ID", MAP_SESSION}, {"Date", MAP_TIME}, {"SKU", MAP_PRODUCT},
	  {"Item", MAP_NAME}, {"Qty", MAP_QUANTITY}, {"Category", MAP_CATEGORY},
	  {"Customer ID", MAP_USER}}},
	{"an export of Google Analytics 4",
	 {"event_timestamp", "event_name", "user_pseudo_id", "item_id"},
	 {{"event_timestamp", MAP_TIME}, {"event_name", MAP_EVENT}, {"item_id", MAP_PRODUCT},
	  {"user_pseudo_id", MAP_USER}, {"ga_session_id", MAP_SESSION},
	  {"item_name", MAP_NAME}, {"item_category", MAP_CATEGORY}, {"item_brand", MAP_BRAND}}},
};

static bool has(const struct guess *g, const char *name)
{
	for (size_t i = 0; i < g->n; i++)
		if (field_same_name(g->column[i].name, str_from(name)))
			return true;
	return false;
}

const struct guess_export *guess_export(const struct guess *g)
{
	for (size_t e = 0; e < sizeof(exports) / sizeof(*exports) && g->header; e++) {
		unsigned n = 0;

		while (n < SIGNS && has(g, exports[e].sign[n]))
			n++;
		if (n == SIGNS)
			return &exports[e];
	}
	return NULL;
}

const char *guess_export_name(const struct guess_export *e)
{
	return e->what;
}

double guess_name_of(const struct guess *g, size_t i, enum mapping_key role)
{
	struct str name = g->column[i].name;

	if (!g->header)
		return 0;
	for (unsigned k = 0; g->export && k < NAMED && g->export->named[k].column; k++)
		if (g->export->named[k].role == role &&
		    field_same_name(name, str_from(g->export->named[k].column)))
			return EXPORTED;
	return guess_name_score(name, role);
}

/* An order's number that stands on its first line alone, as its time does. */
static bool only_with(const struct guess *g, size_t order, size_t time)
{
	const uint32_t *o = g->column[order].code, *t = g->column[time].code;

	if (o[0] == MAP_NONE || g->column[order].filled == g->rows ||
	    g->column[order].filled != g->column[order].distinct)
		return false;
	for (uint32_t r = 0; r < g->rows; r++)
		if ((o[r] == MAP_NONE) != (t[r] == MAP_NONE))
			return false;
	return true;
}

/* Rows of one order, whose first one alone says it. */
static bool only_first(const struct guess *g, size_t order, size_t i)
{
	const uint32_t *o = g->column[order].code, *c = g->column[i].code;
	uint32_t empty = 0, inside = 0;

	for (uint32_t r = 1; r < g->rows; r++) {
		empty += c[r] == MAP_NONE;
		inside += c[r] == MAP_NONE && o[r] == o[r - 1];
	}
	return empty > 0 && inside * 20 >= empty * 19 && g->column[i].filled > 0;
}

static void fill_cell(struct guess_column *c, uint32_t r)
{
	c->code[r] = c->code[r - 1];
	c->count[c->code[r]]++;
	c->filled++;
	c->unknown--;
}

static void fill_down(struct guess *g, size_t order, size_t i)
{
	struct guess_column *c = &g->column[i];

	for (uint32_t r = 1; r < g->rows; r++)
		if (c->code[r] == MAP_NONE && c->code[r - 1] != MAP_NONE &&
		    g->column[order].code[r] == g->column[order].code[r - 1])
			fill_cell(c, r);
}

/* The column of orders: filled, or together with the times' and then made so. */
static size_t find_order(struct guess *g)
{
	size_t order = GUESS_NO;
	double best = 7;

	for (size_t i = 0; i < g->n; i++) {
		bool whole = g->column[i].filled == g->rows;

		if (guess_name_of(g, i, MAP_SESSION) <= best)
			continue;
		for (size_t t = 0; t < g->n && !whole; t++)
			whole = t != i && guess_name_of(g, t, MAP_TIME) >= 8 && only_with(g, i, t);
		if (!whole)
			continue;
		best = guess_name_of(g, i, MAP_SESSION);
		order = i;
	}
	for (uint32_t r = 1; order != GUESS_NO && r < g->rows; r++)
		if (g->column[order].code[r] == MAP_NONE)
			fill_cell(&g->column[order], r);
	return order;
}

void guess_fill(struct guess *g)
{
	size_t order = find_order(g);

	for (size_t i = 0; i < g->n && order != GUESS_NO; i++)
		g->fill |= i != order && guess_name_of(g, i, MAP_TIME) >= 8 &&
			   only_first(g, order, i);
	if (!g->fill)
		return;
	for (size_t i = 0; i < g->n; i++)
		if (i != order && (guess_name_of(g, i, MAP_TIME) >= 8 ||
				   guess_name_of(g, i, MAP_USER) >= 8 ||
				   guess_name_of(g, i, MAP_COUNTRY) >= 8 ||
				   guess_name_of(g, i, MAP_CHANNEL) >= 8 ||
				   guess_name_part(g->column[i].name, PART_STATUS) ||
				   guess_name_part(g->column[i].name, PART_STATE)))
			fill_down(g, order, i);
}
