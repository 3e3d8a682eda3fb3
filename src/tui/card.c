/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The selected product, from the catalog. */
#include "config.h"

#include "tui/suggestions.h"

#include "base/num.h"
#include "base/time.h"
#include "tui/draw.h"

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
static void add_place(struct strbuf *b, const struct term *t, const struct catalog *cat,
		      uint32_t p, int w)
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
			strbuf_addf(b, "%s %s ", t->glyphs->ellipsis, t->glyphs->path);
		for (unsigned d = from; d <= cat->category_depth[c]; d++) {
			uint32_t a = catalog_ancestor(cat, c, d);

			strbuf_add(b, text_at(&cat->category_name, a));
			if (d < cat->category_depth[c])
				strbuf_addf(b, " %s ", t->glyphs->path);
		}
		if (draw_cells(t, strbuf_str(b)) <= w)
			return;
	}
}

static void add_price(struct strbuf *b, const struct catalog *cat, uint32_t p)
{
	if (!cat->product_price || cat->product_price[p] == PRICE_NONE)
		return;
	num_add_money(b, cat->product_price[p], cat->price_scale);
	if (cat->currency[0])
		strbuf_addf(b, " %s", cat->currency);
	strbuf_adds(b, "  ");
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
	num_add_money(&sum, cat->product_revenue[p], cat->revenue_scale);
	if (cat->currency[0])
		strbuf_addf(&sum, " %s", cat->currency);
	if (b->len + sum.len <= (size_t)w)
		strbuf_add(b, strbuf_str(&sum));
}

static void cut_line(struct rect *in)
{
	in->y++;
	in->h--;
}

static void text_line(const struct term *term, struct rect *in, const struct strbuf *b)
{
	if (in->h <= 0)
		return;
	draw_text(term, in->y, in->x, in->w, strbuf_str(b), STYLE_TEXT);
	cut_line(in);
}

/* In one line, or in two where the pane is tall enough for what is too long. */
static void name_lines(const struct term *term, const struct catalog *cat, uint32_t p,
		       struct rect *in)
{
	struct str label = text_at(&cat->product_label, p);
	int cells;
	STRBUF(id);

	strbuf_addf(&id, "#%.*s", STR_ARG(text_at(&cat->product_id, p)));
	cells = draw_cells(term, strbuf_str(&id));
	if (in->h > 5 && draw_cells(term, label) + 1 + cells > in->w) {
		draw_text(term, in->y, in->x, in->w, label, STYLE_KEY);
		cut_line(in);
		draw_text(term, in->y, in->x, in->w, strbuf_str(&id), STYLE_DIM);
	} else {
		if (cells > in->w / 2)
			cells = in->w / 2;
		draw_text(term, in->y, in->x, in->w - cells - 1, label, STYLE_KEY);
		draw_text(term, in->y, in->x + in->w - cells, cells, strbuf_str(&id),
			  STYLE_DIM);
	}
	cut_line(in);
}

static void product_lines(const struct term *term, const struct catalog *cat, uint32_t p,
			  struct rect *in)
{
	STRBUF(place);
	STRBUF(counts);
	STRBUF(more);

	name_lines(term, cat, p, in);
	add_price(&place, cat, p);
	add_place(&place, term, cat, p, in->w);
	text_line(term, in, &place);
	if (cat->caps & CAP_VIEWS)
		add_count(&counts, cat->product_views, p, "view");
	if (cat->caps & CAP_CARTS)
		add_count(&counts, cat->product_carts, p, "cart");
	if (cat->caps & CAP_PURCHASES)
		add_sold(&counts, cat, p, in->w);
	text_line(term, in, &counts);
	add_seen(&more, cat, p);
	text_line(term, in, &more);
}

/* Brand and attributes, one a line. */
static void attribute_lines(const struct term *term, const struct catalog *cat,
			    uint32_t p, struct rect in)
{
	uint32_t brand = cat->product_brand ? cat->product_brand[p] : CATALOG_NONE;
	STRBUF(b);

	if (brand < cat->n_brands) {
		strbuf_adds(&b, "brand ");
		strbuf_add(&b, text_at(&cat->brand_name, brand));
	}
	for (uint32_t a = 0; cat->product_attribute && a < cat->n_attributes; a++) {
		uint32_t v = cat->product_attribute[(uint64_t)p * cat->n_attributes + a];

		if (v >= cat->attribute_value.n)
			continue;
		if (b.len)
			strbuf_adds(&b, "  ");
		strbuf_add(&b, text_at(&cat->attribute_name, a));
		strbuf_addc(&b, ' ');
		strbuf_add(&b, text_at(&cat->attribute_value, v));
	}
	draw_wrapped(term, in, strbuf_str(&b), STYLE_TEXT);
}

void suggest_product(const struct term *term, const struct catalog *cat, uint32_t product,
		     struct rect r, bool framed, bool focus)
{
	struct rect in = framed ? rect_inside(r) : r;

	in.x++;
	in.w -= 2;
	if (framed)
		draw_frame(term, r, 6, STR("Selected"), STR(""), focus);
	if (!rect_shown(in))
		return;
	if (product >= cat->n_products) {
		draw_text(term, in.y, in.x, in.w, STR("no product is selected"),
			  STYLE_DIM);
		return;
	}
	product_lines(term, cat, product, &in);
	attribute_lines(term, cat, product, in);
}
