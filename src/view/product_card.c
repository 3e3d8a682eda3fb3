/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A product as a pane: what stands in the catalog, without a count that takes time. */
#include "config.h"

#include "base/num.h"
#include "base/time.h"
#include "base/utf8.h"
#include "view/format.h"
#include "view/product.h"
#include "view/sketch.h"

/* All of a line but for a cell at each side. */
static struct span line_of(const struct sketch *s)
{
	return (struct span){1, s->w - 2};
}

static void add_count(struct strbuf *b, const uint32_t *counts, uint32_t p,
		      const char *unit)
{
	if (!counts)
		return;
	if (b->len)
		strbuf_adds(b, "  ");
	num_add_grouped(b, counts[p]);
	strbuf_addf(b, " %s%s", unit, counts[p] == 1 ? "" : "s");
}

/* Category > path > of the product; what is too long loses its upper end. */
static void add_place(struct strbuf *b, const struct sketch *s, const struct catalog *cat,
		      uint32_t p)
{
	uint32_t c = cat->product_category[p];
	size_t start = b->len;

	if (c >= cat->n_categories) {
		strbuf_adds(b, "no category");
		return;
	}
	for (unsigned from = 0; from <= cat->category_depth[c]; from++) {
		if (b->ptr)
			b->ptr[b->len = start] = '\0';
		if (from)
			strbuf_addf(b, "%s %s ", s->marks.ellipsis, s->marks.path);
		for (unsigned d = from; d <= cat->category_depth[c]; d++) {
			uint32_t a = catalog_ancestor(cat, c, d);

			strbuf_add(b, text_at(&cat->category_name, a));
			if (d < cat->category_depth[c])
				strbuf_addf(b, " %s ", s->marks.path);
		}
		if (utf8_cells(strbuf_str(b)) <= (size_t)line_of(s).w)
			return;
	}
}

static void add_price(struct strbuf *b, const struct catalog *cat, uint32_t p)
{
	if (!cat->product_price || cat->product_price[p] == PRICE_NONE)
		return;
	strbuf_adds(b, cat->currency[0] ? "" : "price ");
	format_money(b, cat->product_price[p], cat->price_scale);
	strbuf_addf(b, "%s%s  ", cat->currency[0] ? " " : "", cat->currency);
}

static void add_days(struct strbuf *b, int64_t first, int64_t last)
{
	STRBUF(from);
	STRBUF(to);

	time_add_date(&from, first);
	time_add_date(&to, last);
	strbuf_add(b, strbuf_str(&from));
	if (!str_eq(strbuf_str(&from), strbuf_str(&to)))
		strbuf_addf(b, " to %s", strbuf_c(&to));
}

static void add_seen(struct strbuf *b, const struct catalog *cat, uint32_t p)
{
	if (!cat->product_first || !cat->product_last || (cat->caps & CAP_UNDATED))
		return;
	if (cat->product_first[p] == TIME_NONE) {
		strbuf_adds(b, "never seen");
		return;
	}
	strbuf_adds(b, "seen ");
	add_days(b, catalog_clock(cat, cat->product_first[p]),
		 catalog_clock(cat, cat->product_last[p]));
}

/* How many and, where there is room, for how much: cut, it would be another. */
static void add_sold(struct strbuf *b, const struct catalog *cat, uint32_t p, int w)
{
	STRBUF(sum);

	if (cat->product_purchases) {
		strbuf_adds(b, b->len ? "  " : "");
		num_add_grouped(b, cat->product_purchases[p]);
		strbuf_adds(b, " sold");
	}
	if (!cat->product_revenue || !(cat->caps & CAP_PRICES) ||
	    !(cat->product_purchases && cat->product_purchases[p]))
		return;
	strbuf_adds(&sum, " for ");
	format_money(&sum, cat->product_revenue[p], cat->revenue_scale);
	if (cat->currency[0])
		strbuf_addf(&sum, " %s", cat->currency);
	if (b->len + sum.len <= (size_t)w)
		strbuf_add(b, strbuf_str(&sum));
}

static int text_line(struct sketch *s, int y, const struct strbuf *b)
{
	if (y < s->h)
		sketch_made(s, (struct stretch){y, line_of(s)}, b, INK_TEXT);
	return y + 1;
}

/* In one line, or in two where the pane is tall enough for what is too long. */
static int name_lines(struct sketch *s, const struct catalog *cat, uint32_t p)
{
	struct str label = text_at(&cat->product_label, p);
	struct span at = line_of(s), right;
	int cells;
	STRBUF(id);

	strbuf_addf(&id, "#%.*s", STR_ARG(text_at(&cat->product_id, p)));
	cells = (int)utf8_cells(strbuf_str(&id));
	if (s->h > 5 && (int)utf8_cells(label) + 1 + cells > at.w) {
		sketch_cut(s, (struct stretch){0, at}, label, INK_HEAD);
		sketch_made(s, (struct stretch){1, at}, &id, INK_DIM);
		return 2;
	}
	if (cells > at.w / 2)
		cells = at.w / 2;
	right = (struct span){at.x + at.w - cells, cells};
	at.w -= cells + 1;
	sketch_cut(s, (struct stretch){0, at}, label, INK_HEAD);
	sketch_made(s, (struct stretch){0, right}, &id, INK_DIM);
	return 1;
}

/* Further categories, brand and attributes. */
static void add_attributes(struct strbuf *b, const struct catalog *cat, uint32_t p)
{
	uint32_t brand = cat->product_brand ? cat->product_brand[p] : CATALOG_NONE, places;
	const uint32_t *place = catalog_places(cat, p, &places);

	for (uint32_t i = 0; i < places; i++) {
		strbuf_adds(b, i ? ", " : "also in ");
		strbuf_add(b, text_at(&cat->category_path, place[i]));
	}
	if (brand < cat->n_brands) {
		strbuf_adds(b, b->len ? "  brand " : "brand ");
		strbuf_add(b, text_at(&cat->brand_name, brand));
	}
	for (uint32_t a = 0; cat->product_attribute && a < cat->n_attributes; a++) {
		uint32_t v = cat->product_attribute[(uint64_t)p * cat->n_attributes + a];

		if (v >= cat->attribute_value.n)
			continue;
		strbuf_adds(b, b->len ? "  " : "");
		strbuf_add(b, text_at(&cat->attribute_name, a));
		strbuf_addc(b, ' ');
		strbuf_add(b, text_at(&cat->attribute_value, v));
	}
}

void product_draw(struct view *v, void *state, struct sketch *s)
{
	const struct product *product = state;
	const struct catalog *cat = product->cat;
	uint32_t p = product->number;
	int y = name_lines(s, cat, p);
	STRBUF(place);
	STRBUF(counts);
	STRBUF(more);
	STRBUF(attributes);

	add_price(&place, cat, p);
	add_place(&place, s, cat, p);
	y = text_line(s, y, &place);
	if (cat->caps & CAP_VIEWS)
		add_count(&counts, cat->product_views, p, "view");
	if (cat->caps & CAP_CARTS)
		add_count(&counts, cat->product_carts, p, "cart");
	if (cat->caps & CAP_PURCHASES)
		add_sold(&counts, cat, p, line_of(s).w);
	y = text_line(s, y, &counts);
	add_seen(&more, cat, p);
	y = text_line(s, y, &more);
	add_attributes(&attributes, cat, p);
	sketch_wrapped(s, y, line_of(s), &attributes);
}
