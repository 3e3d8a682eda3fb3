/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue: as a table with all that is known and counted, as RecBole's
 * .item, or as Gorse's items. */
#include "config.h"

#include "base/job.h"
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

static void table_row(struct grid *s, uint32_t p)
{
	const struct catalog *cat = s->r->about.catalog;
	uint32_t c = cat->product_category[p];
	const uint32_t *value = cat->product_attribute;

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
	for (unsigned a = 0; FIXED + a < s->emit.n; a++)
		grid_name(s, &cat->attribute_value,
			  value[(size_t)p * cat->n_attributes + a]);
}

/* The parts of the path, a word each: spaces within one become underscores. */
static struct str path_words(struct strbuf *b, struct str path)
{
	strbuf_reset(b);
	strbuf_add(b, path);
	for (size_t i = 0; i < b->len; i++)
		b->ptr[i] = b->ptr[i] == ' ' ? '_' : b->ptr[i] == '.' ? ' ' : b->ptr[i];
	return strbuf_str(b);
}

static void item_row(struct grid *s, uint32_t p)
{
	const struct catalog *cat = s->r->about.catalog;
	uint32_t c = cat->product_category[p];
	STRBUF(words);

	emit_text(&s->emit, text_at(&cat->product_id, p));
	if (c == CATALOG_NONE)
		emit_empty(&s->emit);
	else
		emit_text(&s->emit, path_words(&words, text_at(&cat->category_path, c)));
	add_brand(s, p);
	add_money(s, cat->product_price, p);
	emit_text(&s->emit, text_at(&cat->product_label, p));
}

/* The category and all above it by their paths, from the top, parted by |. */
static struct str path_list(struct strbuf *b, const struct catalog *cat, uint32_t c)
{
	struct str path;

	strbuf_reset(b);
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
	emit_text(&s->emit, path_list(&list, cat, cat->product_category[p]));
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

/* The columns that every store has and the attributes of this one. */
static unsigned table_columns(const struct catalog *cat, struct grid_column *columns,
			      struct strbuf *names)
{
	unsigned n = cat->product_attribute && cat->attribute_name.offsets
		? cat->n_attributes : 0;

	if (n > GRID_COLUMNS - FIXED)
		n = GRID_COLUMNS - FIXED;
	memcpy(columns, fixed, sizeof fixed);
	for (unsigned a = 0; a < n; a++) {
		strbuf_add(names, text_at(&cat->attribute_name, a));
		strbuf_addc(names, '\0');
	}
	for (size_t a = 0, at = 0; a < n; a++) {
		columns[FIXED + a] = (struct grid_column){names->ptr + at, GRID_TEXT};
		at += strlen(names->ptr + at) + 1;
	}
	return FIXED + n;
}

static bool products_run(const struct export_request *r, struct err *err)
{
	struct grid_column columns[GRID_COLUMNS];
	void (*row)(struct grid *s, uint32_t p) = table_row;
	STRBUF(names);
	struct grid s;
	bool ok;

	job_step(r->job, "writing products", r->about.catalog->n_products);
	if (r->format == EXPORT_RECBOLE) {
		grid_init(&s, r, item, sizeof item / sizeof *item);
		row = item_row;
	} else if (r->format == EXPORT_GORSE) {
		grid_init(&s, r, gorse, sizeof gorse / sizeof *gorse);
		row = gorse_row;
	} else {
		grid_init(&s, r, columns, table_columns(r->about.catalog, columns, &names));
	}
	ok = write_rows(&s, row, err);
	grid_finish(&s);
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
