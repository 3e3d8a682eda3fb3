/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything known of one product, one field per row. */
#include "config.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "chart/chart.h"
#include "view/cells.h"
#include "view/format.h"
#include "view/product.h"

enum { COL_FIELD, COL_VALUE, COL_SHOWN, COLUMNS };

static const struct column columns[COLUMNS] = {
	[COL_FIELD] = {"field", "", CELL_TEXT, 14, 0, 0, "name of the field"},
	[COL_VALUE] = {"value", "value", CELL_TEXT, 40, 0, COLUMN_DATA,
		"its exact value as text"},
	[COL_SHOWN] = {"shown", "", CELL_TEXT, 40, 0, COLUMN_MAIN | COLUMN_PEOPLE,
		"its value as people read it"},
};

static void add(struct product *s, struct str name, struct str value, struct str shown)
{
	if (!value.len || s->n == PRODUCT_FIELDS)
		return;
	s->field[s->n++] = (struct product_field){
		.name = arena_str(s->arena, name),
		.value = arena_str(s->arena, value),
		.shown = arena_str(s->arena, shown),
		.product = CATALOG_NONE,
	};
}

static void add_text(struct product *s, const char *name, struct cell c)
{
	if (!c.empty)
		add(s, str_from(name), c.text, c.text);
}

static void add_count(struct product *s, const char *name, uint64_t n)
{
	STRBUF(exact);
	STRBUF(shown);
	strbuf_addf(&exact, "%llu", (unsigned long long)n);
	num_add_grouped(&shown, (int64_t)n);
	add(s, str_from(name), strbuf_str(&exact), strbuf_str(&shown));
}

static void add_money(struct product *s, const char *name, const struct catalog *cat,
		      int64_t units, unsigned scale)
{
	STRBUF(exact);
	STRBUF(shown);
	num_add_decimal(&exact, units, scale, false);
	format_money(&shown, units, scale);
	if (!cat->currency[0] && cat->price_scale > MONEY_DIGITS)
		strbuf_adds(&shown, " (scaled, no money)");
	if (cat->currency[0])
		strbuf_addf(&shown, " %s", cat->currency);
	add(s, str_from(name), strbuf_str(&exact), strbuf_str(&shown));
}

static void add_time(struct product *s, const char *name, const struct catalog *cat,
		     const int64_t *times, uint32_t p)
{
	if (!times || times[p] == TIME_NONE || (cat->caps & CAP_UNDATED))
		return;
	STRBUF(exact);
	STRBUF(shown);
	time_add_rfc3339(&exact, times[p]);
	time_add_date(&shown, catalog_clock(cat, times[p]));
	add(s, str_from(name), strbuf_str(&exact), strbuf_str(&shown));
}

static void add_attributes(struct product *s, const struct catalog *cat, uint32_t p)
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
static void add_properties(struct product *s, const struct catalog *cat, uint32_t p)
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

/* Further categories, one a line. */
static void add_places(struct product *s, const struct catalog *cat, uint32_t p)
{
	uint32_t n;
	const uint32_t *place = catalog_places(cat, p, &n);

	for (uint32_t i = 0; i < n; i++)
		add_text(s, "more_category", cell_name(&cat->category_path, place[i]));
}

static void add_conversion(struct product *s, const struct catalog *cat, uint32_t p)
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

static void add_ratings(struct product *s)
{
	STRBUF(exact);
	STRBUF(shown);
	if (!s->ratings)
		return;
	num_add_exact(&exact, s->rating_sum / (double)s->ratings);
	strbuf_addf(&shown, "%.2f on average", s->rating_sum / (double)s->ratings);
	add(s, STR("rating"), strbuf_str(&exact), strbuf_str(&shown));
	add_count(s, "ratings", s->ratings);
}

static void add_totals(struct product *s, const struct catalog *cat, uint32_t p)
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

/* A digit's worth of a sparkline per bin, the numbers for data. */
static void add_history(struct product *s, unsigned kind)
{
	struct canvas c;
	STRBUF(name);
	STRBUF(exact);
	STRBUF(shown);
	strbuf_addf(&name, "history_%s", event_kind_name(kind));
	for (int i = 0; i < s->bins; i++)
		strbuf_addf(&exact, "%s%.0f", i ? " " : "", s->history[kind][i]);
	canvas_init(&c, PRODUCT_BINS, GLYPHS_BRAILLE);
	canvas_need(&c, 1);
	chart_spark(&c, (struct rect){0}, (struct series){s->history[kind], s->bins, 0},
		    INK_SERIES);
	canvas_add_row(&c, 0, &shown);
	canvas_finish(&c);
	strbuf_addf(&shown, "  in %d steps of %d day%s from ", s->bins, s->days,
		    s->days == 1 ? "" : "s");
	time_add_date(&shown, s->first_day * TIME_DAY);
	add(s, strbuf_str(&name), strbuf_str(&exact), strbuf_str(&shown));
}

static void add_prices(struct product *s)
{
	bool undated = s->cat->caps & CAP_UNDATED;
	for (unsigned i = 0; i < s->n_prices && s->n_prices > 1; i++) {
		const struct product_price *p = &s->price[i];
		STRBUF(exact);
		STRBUF(shown);
		if (!undated) {
			time_add_rfc3339(&exact, p->since);
			strbuf_addc(&exact, ' ');
		}
		num_add_decimal(&exact, p->price, s->cat->price_scale, false);
		format_money(&shown, p->price, s->cat->price_scale);
		strbuf_addf(&shown, "%s%s", s->cat->currency[0] ? " " : "", s->cat->currency);
		if (!undated) {
			strbuf_adds(&shown, " from ");
			time_add_date(&shown, catalog_clock(s->cat, p->since));
		}
		strbuf_adds(&shown, ", in ");
		num_add_grouped(&shown, (int64_t)p->events);
		strbuf_adds(&shown, p->events == 1 ? " event" : " events");
		add(s, STR("price_since"), strbuf_str(&exact), strbuf_str(&shown));
	}
}

static void add_suggested(struct product *s, enum panel_kind kind)
{
	for (unsigned i = 0; i < s->n_by[kind] && s->n < PRODUCT_FIELDS; i++) {
		const struct product_by *by = &s->by[kind][i];
		STRBUF(exact);
		STRBUF(shown);
		struct str id = text_at(&s->cat->product_id, by->product);
		strbuf_addf(&exact, "%u %.*s", by->rank, STR_ARG(id));
		strbuf_addf(&shown, "rank %u in that of %.*s", by->rank,
			    STR_ARG(text_at(&s->cat->product_label, by->product)));
		add(s, kind == PANEL_SIMILAR ? STR("suggested_by_similar")
					     : STR("suggested_by_complementary"),
		    strbuf_str(&exact), strbuf_str(&shown));
		s->field[s->n - 1].product = by->product;
	}
}

static bool product_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct product *s = state;
	const struct question *q = view_question(v);
	const struct catalog *cat = q->catalog;
	uint32_t p = q->product, c = cat->product_category[p];
	s->arena = arena_create();
	s->cat = cat;
	s->number = p;
	if (view_request_of(v)->pane)	/* which is drawn from the catalog */
		return true;
	if (!product_history(s, q, job, err))
		return false;
	add_text(s, "label", cell_name(&cat->product_label, p));
	add_text(s, "id", cell_name(&cat->product_id, p));
	add_text(s, "category", cell_name(&cat->category_path, c));
	add_text(s, "category_id", cell_name(&cat->category_id, c));
	add_places(s, cat, p);
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
	add_ratings(s);
	add_properties(s, cat, p);
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		if (s->kinds[k] && !(cat->caps & CAP_UNDATED))
			add_history(s, k);
	add_prices(s);
	add_suggested(s, PANEL_SIMILAR);
	add_suggested(s, PANEL_COMPLEMENTARY);
	return true;
}

static void product_close(void *state)
{
	arena_destroy(((struct product *)state)->arena);
}

static uint64_t product_count(const void *state)
{
	return ((const struct product *)state)->n;
}

static void product_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct product_field *f = &((const struct product *)state)->field[i];
	cells[COL_FIELD] = cell_text(f->name);
	cells[COL_VALUE] = cell_text(f->value);
	cells[COL_SHOWN] = cell_text(f->shown);
}

static uint32_t product_product(const void *state, uint64_t i)
{
	return ((const struct product *)state)->field[i].product;
}

/* Those that suggest it: why they do. */
static void product_target(const void *state, uint64_t i, struct view_target *t)
{
	const struct product *s = state;
	if (t->product != CATALOG_NONE)
		t->with = s->number;
}

const struct view_class vw_product = {
	.name = "product",
	.summary = "One product in full: attributes, prices, totals, history, who suggests it.",
	.asks = MUST(PRODUCT) | MAY(SAME_CATEGORY),
	.fixed = true,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct product),
	.open = product_open,
	.close = product_close,
	.count = product_count,
	.row = product_row,
	.product = product_product,
	.target = product_target,
	.page = product_page,
	.words = product_words,
	.title = "Selected",
	.draw = product_draw,
};
