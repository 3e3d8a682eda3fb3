/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything known of one product, one field per row. */
#include "config.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "view/cells.h"

enum { COL_FIELD, COL_VALUE, COL_SHOWN, COLUMNS };

static const struct column columns[COLUMNS] = {
	[COL_FIELD] = {"field", "", CELL_TEXT, 14, 0, 0, "name of the field"},
	[COL_VALUE] = {"value", "value", CELL_TEXT, 40, 0, COLUMN_DATA,
		"its exact value as text"},
	[COL_SHOWN] = {"shown", "", CELL_TEXT, 40, 0, COLUMN_MAIN | COLUMN_PEOPLE,
		"its value as people read it"},
};

#define FIELDS_MAX 256

struct field {
	struct str name, value, shown;
};

struct state {
	struct arena *arena;
	unsigned n;
	struct field field[FIELDS_MAX];
};

static void add(struct state *s, struct str name, struct str value, struct str shown)
{
	if (!value.len || s->n == FIELDS_MAX)
		return;
	s->field[s->n++] = (struct field){
		.name = arena_str(s->arena, name),
		.value = arena_str(s->arena, value),
		.shown = arena_str(s->arena, shown),
	};
}

static void add_text(struct state *s, const char *name, struct cell c)
{
	if (!c.empty)
		add(s, str_from(name), c.text, c.text);
}

static void add_count(struct state *s, const char *name, uint64_t n)
{
	STRBUF(exact);
	STRBUF(shown);
	strbuf_addf(&exact, "%llu", (unsigned long long)n);
	num_add_grouped(&shown, (int64_t)n);
	add(s, str_from(name), strbuf_str(&exact), strbuf_str(&shown));
}

static void add_money(struct state *s, const char *name, const struct catalog *cat,
		      int64_t units, unsigned scale)
{
	STRBUF(exact);
	STRBUF(shown);
	num_add_decimal(&exact, units, scale, false);
	num_add_money(&shown, units, scale);
	if (cat->currency[0])
		strbuf_addf(&shown, " %s", cat->currency);
	add(s, str_from(name), strbuf_str(&exact), strbuf_str(&shown));
}

static void add_time(struct state *s, const char *name, const struct catalog *cat,
		     const int64_t *times, uint32_t p)
{
	if (!times || times[p] == TIME_NONE || (cat->caps & CAP_UNDATED))
		return;
	STRBUF(exact);
	STRBUF(shown);
	time_add_rfc3339(&exact, times[p]);
	time_add_date(&shown, times[p]);
	add(s, str_from(name), strbuf_str(&exact), strbuf_str(&shown));
}

static void add_attributes(struct state *s, const struct catalog *cat, uint32_t p)
{
	for (uint32_t i = 0; cat->product_attribute && i < cat->n_attributes; i++) {
		uint32_t value = cat->product_attribute[(size_t)p * cat->n_attributes + i];
		struct cell c = cell_name(&cat->attribute_value, value);
		struct str name = text_at(&cat->attribute_name, i);
		if (!c.empty)
			add(s, name, c.text, c.text);
	}
}

/* Values that few products have. */
static void add_properties(struct state *s, const struct catalog *cat, uint32_t p)
{
	const uint64_t *row = cat->product_property_offsets;
	for (uint64_t i = row ? row[p] : 0; row && i < row[p + 1]; i++) {
		struct cell name = cell_name(&cat->property_name, cat->product_property[i]);
		struct cell value = cell_name(&cat->attribute_value,
					      cat->product_property_value[i]);
		if (!name.empty && !value.empty)
			add(s, name.text, value.text, value.text);
	}
}

static void add_conversion(struct state *s, const struct catalog *cat, uint32_t p)
{
	if (!cat->product_views || !cat->product_purchases || !cat->product_views[p] ||
	    !(cat->caps & CAP_PURCHASES))
		return;
	double x = (double)cat->product_purchases[p] / cat->product_views[p];
	STRBUF(exact);
	STRBUF(shown);
	num_add_exact(&exact, x);
	strbuf_addf(&shown, "%.1f%%", 100 * x);
	add(s, STR("conversion"), strbuf_str(&exact), strbuf_str(&shown));
}

static void add_totals(struct state *s, const struct catalog *cat, uint32_t p)
{
	if (cat->product_views && (cat->caps & CAP_VIEWS))
		add_count(s, "views", cat->product_views[p]);
	if (cat->product_carts && (cat->caps & CAP_CARTS))
		add_count(s, "carts", cat->product_carts[p]);
	if (cat->product_purchases && (cat->caps & CAP_PURCHASES))
		add_count(s, "purchases", cat->product_purchases[p]);
	if (cat->product_revenue && (cat->caps & CAP_PURCHASES))
		add_money(s, "revenue", cat, cat->product_revenue[p], cat->revenue_scale);
	add_conversion(s, cat, p);
	if (cat->product_session_offsets)
		add_count(s, "sessions", cat->product_session_offsets[p + 1] -
			  cat->product_session_offsets[p]);
}

static bool product_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct state *s = state;
	const struct view_request *r = view_request_of(v);
	const struct catalog *cat = r->catalog;
	uint32_t p = r->product, c = cat->product_category[p];
	s->arena = arena_create();
	add_text(s, "label", cell_name(&cat->product_label, p));
	add_text(s, "id", cell_name(&cat->product_id, p));
	add_text(s, "category", cell_name(&cat->category_path, c));
	add_text(s, "category_id", cell_name(&cat->category_id, c));
	if (cat->product_brand)
		add_text(s, "brand", cell_name(&cat->brand_name, cat->product_brand[p]));
	if (cat->product_price && cat->product_price[p] != PRICE_NONE)
		add_money(s, "price", cat, cat->product_price[p], cat->price_scale);
	add_attributes(s, cat, p);
	if (cat->product_description.n)
		add_text(s, "description", cell_name(&cat->product_description, p));
	add_time(s, "first_time", cat, cat->product_first, p);
	add_time(s, "last_time", cat, cat->product_last, p);
	add_totals(s, cat, p);
	add_properties(s, cat, p);
	return true;
}

static void product_close(void *state)
{
	arena_destroy(((struct state *)state)->arena);
}

static uint64_t product_count(const void *state)
{
	return ((const struct state *)state)->n;
}

static void product_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct field *f = &((const struct state *)state)->field[i];
	cells[COL_FIELD] = cell_text(f->name);
	cells[COL_VALUE] = cell_text(f->value);
	cells[COL_SHOWN] = cell_text(f->shown);
}

const struct view_class vw_product = {
	.name = "product",
	.summary = "One product: label, category, price, attributes, days, totals.",
	.needs = NEED_PRODUCT,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = product_open,
	.close = product_close,
	.count = product_count,
	.row = product_row,
};
