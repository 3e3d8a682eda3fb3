/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue: as a table with all that is known and counted, as RecBole's
 * .item, or as Gorse's items. An attribute of which every value is written as a number is
 * a column of numbers. */
#include "config.h"

#include "base/job.h"
#include "base/num.h"
#include "base/quote.h"
#include "base/time.h"
#include "base/utf8.h"
#include "export/grid.h"
#include "query/filter.h"
#include "stats/live.h"

enum { FIXED = 12 };
static const struct grid_column fixed[FIXED] = {
	{"product", GRID_ID}, {"label", GRID_TEXT}, {"category_id", GRID_ID},
	{"category", GRID_TEXT}, {"brand", GRID_TEXT}, {"price", GRID_NUMBER},
	{"views", GRID_NUMBER}, {"carts", GRID_NUMBER}, {"purchases", GRID_NUMBER},
	{"revenue", GRID_NUMBER}, {"first", GRID_TIME}, {"last", GRID_TIME},
};
static const struct grid_column item[] = {
	{"item_id", GRID_ID}, {"categories", GRID_TOKENS}, {"brand", GRID_TEXT},
	{"price", GRID_NUMBER}, {"name", GRID_TOKENS},
};
static const struct grid_column gorse[] = {
	{"item_id", GRID_ID}, {"is_hidden", GRID_TEXT}, {"categories", GRID_TEXT},
	{"time_stamp", GRID_TIME}, {"labels", GRID_TEXT}, {"description", GRID_TEXT},
};

/* What the values of an attribute are. */
enum values {
	VALUES_TEXTS,
	VALUES_INTEGERS,
	VALUES_NUMBERS,		/* some have decimals */
};

/* The grid of the table, and what it knows of its attributes. */
struct table {
	struct grid grid;
	unsigned n_attributes;
	enum values of[GRID_COLUMNS];	/* (n_attributes) */
};

/* A number as it would be written: no code with zeros in front, no +. */
static bool is_number(struct str s, struct decimal *d)
{
	STRBUF(b);

	if (!num_decimal(s, d))
		return false;
	num_add_decimal(&b, d->units, d->scale, false);
	return str_eq(strbuf_str(&b), s);
}

static enum values values_of(const struct catalog *cat, unsigned attribute)
{
	enum values are = VALUES_TEXTS;
	struct decimal d;

	for (uint32_t p = 0; p < cat->n_products; p++) {
		uint32_t v = cat->product_attribute[(size_t)p * cat->n_attributes + attribute];

		if (v >= cat->attribute_value.n)
			continue;
		if (!is_number(text_at(&cat->attribute_value, v), &d))
			return VALUES_TEXTS;
		if (d.scale || are == VALUES_TEXTS)
			are = d.scale ? VALUES_NUMBERS : VALUES_INTEGERS;
	}
	return are;
}

/* What the data set can't say is empty, not 0. */
static void add_total(struct grid *s, enum capability cap, const uint32_t *n, uint32_t p)
{
	if (n && (s->r->about.catalog->caps & cap))
		emit_count(&s->emit, n[p]);
	else
		emit_empty(&s->emit);
}

static void add_money(struct grid *s, const int64_t *units, uint32_t p)
{
	grid_money(s, units ? units[p] : PRICE_NONE);
}

static void add_time(struct grid *s, const int64_t *ms, uint32_t p)
{
	if (ms && ms[p] != TIME_NONE)
		grid_time(s, ms[p]);
	else
		emit_empty(&s->emit);
}

static void add_brand(struct grid *s, uint32_t p)
{
	const struct catalog *cat = s->r->about.catalog;

	grid_name(s, &cat->brand_name, cat->product_brand ? cat->product_brand[p]
							   : CATALOG_NONE);
}

static void add_value(struct grid *s, uint32_t value, enum values are)
{
	const struct text *t = &s->r->about.catalog->attribute_value;
	struct decimal d;

	if (are == VALUES_TEXTS || value >= t->n || !num_decimal(text_at(t, value), &d))
		grid_name(s, t, value);
	else if (are == VALUES_INTEGERS)
		emit_count(&s->emit, d.units);
	else
		emit_decimal(&s->emit, d.units, d.scale);
}

/* The paths of further categories, parted by |. */
static struct str more_paths(struct strbuf *b, const struct catalog *cat, uint32_t p)
{
	uint32_t n;
	const uint32_t *place = catalog_places(cat, p, &n);

	strbuf_reset(b);
	for (uint32_t i = 0; i < n; i++) {
		strbuf_adds(b, i ? "|" : "");
		strbuf_add(b, text_at(&cat->category_path, place[i]));
	}
	return strbuf_str(b);
}

static void table_row(struct grid *s, uint32_t p)
{
	const struct table *t = (const struct table *)s;
	const struct catalog *cat = s->r->about.catalog;
	uint32_t c = cat->product_category[p];
	const uint32_t *value = cat->product_attribute;
	STRBUF(more);

	emit_text(&s->emit, text_at(&cat->product_id, p));
	emit_text(&s->emit, text_at(&cat->product_label, p));
	grid_name(s, &cat->category_id, c);
	grid_name(s, &cat->category_path, c);
	add_brand(s, p);
	add_money(s, cat->product_price, p);
	add_total(s, CAP_VIEWS, cat->product_views, p);
	add_total(s, CAP_CARTS, cat->product_carts, p);
	add_total(s, CAP_PURCHASES, cat->product_purchases, p);
	grid_revenue(s, cat->product_revenue && (cat->caps & CAP_PURCHASES)
		     ? cat->product_revenue[p] : PRICE_NONE);
	add_time(s, cat->product_first, p);
	add_time(s, cat->product_last, p);
	for (unsigned a = 0; a < t->n_attributes; a++)
		add_value(s, value[(size_t)p * cat->n_attributes + a], t->of[a]);
	if (cat->product_place_offsets)
		emit_text(&s->emit, more_paths(&more, cat, p));
}

/* The parts of the path behind what is there, a word each: spaces within one become
 * underscores. */
static struct str path_words(struct strbuf *b, struct str path)
{
	size_t from = b->len;

	if (from)
		strbuf_addc(b, ' ');
	strbuf_add(b, path);
	for (size_t i = from; i < b->len; i++)
		b->ptr[i] = b->ptr[i] == ' ' ? '_' : b->ptr[i] == '.' ? ' ' : b->ptr[i];
	return strbuf_str(b);
}

static void item_row(struct grid *s, uint32_t p)
{
	const struct catalog *cat = s->r->about.catalog;
	uint32_t c = cat->product_category[p], n;
	const uint32_t *place = catalog_places(cat, p, &n);
	STRBUF(words);

	emit_text(&s->emit, text_at(&cat->product_id, p));
	for (uint32_t i = 0; i < n; i++)
		path_words(&words, text_at(&cat->category_path, place[i]));
	if (c == CATALOG_NONE)
		emit_empty(&s->emit);
	else
		emit_text(&s->emit, path_words(&words, text_at(&cat->category_path, c)));
	add_brand(s, p);
	add_money(s, cat->product_price, p);
	emit_text(&s->emit, text_at(&cat->product_label, p));
}

/* Is the category within one that was listed: the first, or a place before the i-th? */
static bool is_above_listed(const struct catalog *cat, uint32_t p, uint32_t i, uint32_t c)
{
	uint32_t n;
	const uint32_t *place = catalog_places(cat, p, &n);
	uint32_t first = cat->product_category[p];

	if (first >= c && first < cat->category_end[c])
		return true;
	for (uint32_t k = 0; k < i; k++)
		if (place[k] >= c && place[k] < cat->category_end[c])
			return true;
	return false;
}

/* The category and all above it by their paths, from the top, parted by |. */
static struct str path_list(struct strbuf *b, const struct catalog *cat, uint32_t c)
{
	struct str path;

	if (c == CATALOG_NONE)
		return STR("");
	path = text_at(&cat->category_path, c);
	for (size_t i = 0; i <= path.len; i++) {
		if (i < path.len && path.ptr[i] != '.')
			continue;
		if (b->len)
			strbuf_addc(b, '|');
		for (size_t k = 0; k < i; k++)
			strbuf_addc(b, path.ptr[k] == '|' ? '/' : path.ptr[k]);
	}
	return strbuf_str(b);
}

/* Behind it the further categories and those above them, each path once. */
static struct str all_paths(struct strbuf *b, const struct catalog *cat, uint32_t p)
{
	uint32_t n;
	const uint32_t *place = catalog_places(cat, p, &n);

	strbuf_reset(b);
	path_list(b, cat, cat->product_category[p]);
	for (uint32_t i = 0; i < n; i++)
		for (unsigned d = 0; d <= cat->category_depth[place[i]]; d++) {
			uint32_t c = catalog_ancestor(cat, place[i], d);
			struct str path = text_at(&cat->category_path, c);

			if (is_above_listed(cat, p, i, c))
				continue;
			strbuf_addc(b, '|');
			for (size_t k = 0; k < path.len; k++)
				strbuf_addc(b, path.ptr[k] == '|' ? '/' : path.ptr[k]);
		}
	return strbuf_str(b);
}

/* {"brand":"X"}, or null. */
static struct str labels_of(struct strbuf *b, const struct catalog *cat, uint32_t p)
{
	uint32_t brand = cat->product_brand ? cat->product_brand[p] : CATALOG_NONE;

	strbuf_reset(b);
	if (brand == CATALOG_NONE)
		return STR("null");
	strbuf_adds(b, "{\"brand\":");
	quote_json(b, text_at(&cat->brand_name, brand));
	strbuf_addc(b, '}');
	return strbuf_str(b);
}

static void gorse_row(struct grid *s, uint32_t p)
{
	const struct catalog *cat = s->r->about.catalog;
	STRBUF(list);

	emit_text(&s->emit, text_at(&cat->product_id, p));
	emit_text(&s->emit, STR("false"));
	emit_text(&s->emit, all_paths(&list, cat, p));
	add_time(s, cat->product_first, p);
	emit_text(&s->emit, labels_of(&list, cat, p));
	emit_text(&s->emit, text_at(&cat->product_label, p));
}

static bool write_rows(struct grid *s, void (*row)(struct grid *s, uint32_t p),
		       struct err *err)
{
	for (uint32_t p = 0; p < s->r->about.catalog->n_products; p++) {
		if (export_has(s->r, p))
			row(s, p);
		job_advance(s->r->job, 1);
		if (p % 1024 == 0 && !grid_check(s, err))
			return false;
	}
	return true;
}

/* The columns that every store has, the attributes of this one, and further categories. */
static unsigned table_columns(struct table *t, const struct catalog *cat,
			      struct grid_column *columns, struct strbuf *names)
{
	unsigned n = cat->product_attribute && cat->attribute_name.offsets
		? cat->n_attributes : 0;

	if (n > GRID_COLUMNS - FIXED - 1)
		n = GRID_COLUMNS - FIXED - 1;
	t->n_attributes = n;
	memcpy(columns, fixed, sizeof fixed);
	for (unsigned a = 0; a < n; a++) {
		strbuf_add(names, text_at(&cat->attribute_name, a));
		strbuf_addc(names, '\0');
	}
	for (size_t a = 0, at = 0; a < n; a++) {
		t->of[a] = values_of(cat, (unsigned)a);
		columns[FIXED + a] = (struct grid_column){names->ptr + at,
							  t->of[a] ? GRID_NUMBER : GRID_TEXT};
		at += strlen(names->ptr + at) + 1;
	}
	if (cat->product_place_offsets)
		columns[FIXED + n++] = (struct grid_column){"more_categories", GRID_TEXT};
	return FIXED + n;
}

static bool products_run(const struct export_request *r, struct err *err)
{
	struct grid_column columns[GRID_COLUMNS];
	void (*row)(struct grid *s, uint32_t p) = table_row;
	STRBUF(names);
	struct table t = {.n_attributes = 0};
	struct grid *s = &t.grid;
	bool ok;

	job_step(r->job, "writing products", r->about.catalog->n_products);
	if (r->format == EXPORT_RECBOLE) {
		grid_init(s, r, item, sizeof item / sizeof *item);
		row = item_row;
	} else if (r->format == EXPORT_GORSE) {
		grid_init(s, r, gorse, sizeof gorse / sizeof *gorse);
		row = gorse_row;
	} else {
		unsigned n = table_columns(&t, r->about.catalog, columns, &names);

		grid_init(s, r, columns, n);
	}
	ok = write_rows(s, row, err);
	grid_finish(s);
	return ok;
}

const struct export_class ex_products = {
	.name = "products",
	.summary = "The catalogue with all that was counted; as recbole the .item file, as "
		"gorse its items.",
	.asks = MAY(CATEGORY),
	.formats = EXPORT_TABLES | 1u << EXPORT_RECBOLE | 1u << EXPORT_GORSE,
	.dflt = EXPORT_CSV,
	.where = FILTER_PRODUCT | FILTER_EVENT | FILTER_SESSION,
	.parts = LIVE_TOTALS,
	.run = products_run,
};
