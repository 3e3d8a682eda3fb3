/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A product as charts: what it is, its events over time, its prices, who suggests it. */
#include "config.h"

#include "base/arena.h"
#include "base/num.h"
#include "base/quote.h"
#include "base/time.h"
#include "base/utf8.h"
#include "chart/chart.h"
#include "view/format.h"
#include "view/page.h"
#include "view/product.h"

#define LINE_ROWS 4
#define NAME 14		/* cells of a field's name, more where one is longer */

struct box {
	const struct product *s;
	struct page *p;
	int y, x, w;
};

static bool is_by(const struct product_field *f)
{
	return str_starts(f->name, STR("suggested_by_")) || str_is(f->name, "price_since") ||
	       str_starts(f->name, STR("history_"));
}

static void draw_fields(struct box *b)
{
	int name = NAME;
	for (unsigned i = 0; i < b->s->n; i++) {
		int cells = (int)utf8_cells(b->s->field[i].name);
		if (!is_by(&b->s->field[i]) && cells > name)
			name = cells < b->w / 2 ? cells : b->w / 2;
	}
	page_heading(b->p, (struct rect){b->y++, b->x, 1, b->w}, "Product", NULL);
	for (unsigned i = 0; i < b->s->n; i++) {
		const struct product_field *f = &b->s->field[i];
		if (is_by(f))
			continue;
		canvas_text(&b->p->canvas, (struct rect){b->y, b->x, 1, name}, f->name,
			    INK_DIM);
		b->y += page_text(
			b->p, (struct rect){b->y, b->x + name + 1, 1, b->w - name - 1},
			f->shown, INK_TEXT);
	}
}

static const char *bin_name(const struct product *s)
{
	return s->days == 1 ? "day" : s->days == 7 ? "week" : s->days == 28 ? "4 weeks" :
	       s->days == 91 ? "13 weeks" : "52 weeks";
}

static void add_bin(struct strbuf *b, const void *ctx, int i)
{
	const struct product *s = ctx;
	time_add_date(b, (s->first_day + (int64_t)i * s->days) * TIME_DAY);
}

static double most_of(const struct product *s, unsigned kind)
{
	double most = 0;
	for (int i = 0; i < s->bins; i++)
		most = s->history[kind][i] > most ? s->history[kind][i] : most;
	return most;
}

static void draw_history(struct box *b, unsigned kind)
{
	const struct product *s = b->s;
	struct canvas *c = &b->p->canvas;
	double most = most_of(s, kind);
	STRBUF(text);
	page_heading(b->p, (struct rect){b->y++, b->x, 1, b->w},
		     arena_printf(b->p->arena, "%ss per %s%s", event_kind_name(kind),
				  bin_name(s), s->cat->zone ? "" : " (UTC)")
			     .ptr,
		     NULL);
	num_add_grouped(&text, (int64_t)most);
	canvas_right(c, (struct rect){b->y, b->x, 1, 7}, strbuf_str(&text), INK_DIM);
	chart_line(c, (struct rect){b->y, b->x + 8, LINE_ROWS, b->w - 8},
		   (struct series){s->history[kind], s->bins, most}, INK_SERIES + kind);
	b->y += LINE_ROWS;
	canvas_right(c, (struct rect){b->y - 1, b->x, 1, 7}, STR("0"), INK_DIM);
	strbuf_reset(&text);
	add_bin(&text, s, 0);
	canvas_text(c, (struct rect){b->y, b->x + 8, 1, 10}, strbuf_str(&text), INK_DIM);
	strbuf_reset(&text);
	add_bin(&text, s, s->bins - 1);
	canvas_right(c, (struct rect){b->y++, b->x + 20, 1, b->w - 20}, strbuf_str(&text),
		     INK_DIM);
}

static void draw_prices(struct box *b)
{
	const struct product *s = b->s;
	int64_t most = 1;
	for (unsigned i = 0; i < s->n_prices; i++)
		most = s->price[i].price > most ? s->price[i].price : most;
	page_heading(b->p, (struct rect){b->y++, b->x, 1, b->w},
		     arena_printf(b->p->arena, "Prices in events, %s",
				  s->cat->currency[0] ? s->cat->currency
			      : s->cat->price_scale > MONEY_DIGITS ? "scaled: they are no money"
						      : "no currency is known")
			     .ptr,
		     NULL);
	for (unsigned i = 0; i < s->n_prices; i++, b->y++) {
		STRBUF(text);
		if (!(s->cat->caps & CAP_UNDATED))
			time_add_date(&text, catalog_clock(s->cat, s->price[i].since));
		canvas_text(&b->p->canvas, (struct rect){b->y, b->x, 1, 10},
			    strbuf_str(&text), INK_DIM);
		strbuf_reset(&text);
		format_money(&text, s->price[i].price, s->cat->price_scale);
		canvas_right(&b->p->canvas, (struct rect){b->y, b->x + 11, 1, 11},
			     strbuf_str(&text), INK_NUMBER);
		chart_bar(&b->p->canvas, (struct rect){b->y, b->x + 23, 1, b->w - 38},
			  (double)s->price[i].price / (double)most, INK_SERIES);
		strbuf_reset(&text);
		num_add_grouped(&text, (int64_t)s->price[i].events);
		strbuf_adds(&text, s->price[i].events == 1 ? " event" : " events");
		canvas_right(&b->p->canvas, (struct rect){b->y, b->x + b->w - 14, 1, 14},
			     strbuf_str(&text), INK_DIM);
	}
	if (s->price_changes + 1 > s->n_prices) {
		STRBUF(text);
		strbuf_adds(&text, "the latest; it changed ");
		num_add_grouped(&text, (int64_t)s->price_changes);
		strbuf_adds(&text, " times in all");
		canvas_text(&b->p->canvas, (struct rect){b->y++, b->x, 1, b->w},
			    strbuf_str(&text), INK_DIM);
	}
}

static void draw_by(struct box *b, enum panel_kind kind)
{
	const struct product *s = b->s;
	const struct str *names;
	uint32_t product[PRODUCT_BY];
	STRBUF(line);

	strbuf_addf(&line, "show %s --product ", kind == PANEL_SIMILAR ? "similar"
								       : "complementary");
	quote_word(&line, text_at(&s->cat->product_id, s->number));
	page_heading(b->p, (struct rect){b->y++, b->x, 1, b->w},
		     kind == PANEL_SIMILAR ? "In the similar panels of"
					   : "In the complementary panels of",
		     arena_str(b->p->arena, strbuf_str(&line)).ptr);
	for (unsigned i = 0; i < s->n_by[kind]; i++)
		product[i] = s->by[kind][i].product;
	names = page_names(b->p, s->cat, product, s->n_by[kind], b->w - 9);
	for (unsigned i = 0; i < s->n_by[kind]; i++, b->y++) {
		const struct product_by *by = &s->by[kind][i];
		STRBUF(rank);
		strbuf_addf(&rank, "rank %u", by->rank);
		canvas_right(&b->p->canvas, (struct rect){b->y, b->x, 1, 7},
			     strbuf_str(&rank), INK_DIM);
		canvas_text(&b->p->canvas, (struct rect){b->y, b->x + 9, 1, b->w - 9},
			    names[i], INK_TEXT);
		struct page_spot *spot = page_spot(b->p, (struct rect){b->y, b->x, 1, b->w});
		spot->target.product = by->product;
		spot->target.with = s->number;
		spot->label = arena_printf(b->p->arena, "%.*s suggests it at rank %u: Enter "
					   "says why", STR_ARG(text_at(&s->cat->product_label,
							       by->product)),
					   by->rank).ptr;
	}
	if (!s->n_by[kind])
		canvas_text(&b->p->canvas, (struct rect){b->y++, b->x, 1, b->w},
			    STR("no product that shares sessions with it"), INK_DIM);
}

void product_page(struct view *v, void *state, struct page *p)
{
	const struct product *s = state;
	struct page_columns columns;
	page_columns(&columns, p->canvas.w);
	for (unsigned part = 0; part < EVENT_KINDS + 4; part++) {
		struct box b = {.s = s, .p = p, .w = columns.w};
		unsigned kind = part - 1;
		bool history = part >= 1 && part <= EVENT_KINDS;
		if (history && (!s->kinds[kind] || s->cat->caps & CAP_UNDATED || s->bins < 2))
			continue;
		if (part == EVENT_KINDS + 1 && !s->n_prices)
			continue;
		int column = page_box(&columns, &b.y, &b.x), top = b.y;
		if (part == 0)
			draw_fields(&b);
		else if (history)
			draw_history(&b, kind);
		else if (part == EVENT_KINDS + 1)
			draw_prices(&b);
		else
			draw_by(&b, part == EVENT_KINDS + 2 ? PANEL_SIMILAR
							    : PANEL_COMPLEMENTARY);
		page_box_end(&columns, column, b.y - top);
	}
}

void product_words(struct view *v, void *state, struct strbuf *b)
{
	const struct product *s = state;
	for (unsigned i = 0; i < s->n; i++)
		if (!is_by(&s->field[i]))
			strbuf_addf(b, "%.*s: %.*s\n", STR_ARG(s->field[i].name),
				    STR_ARG(s->field[i].shown));
	for (unsigned kind = 0; kind < EVENT_KINDS; kind++) {
		STRBUF(name);
		if (!s->kinds[kind] || s->cat->caps & CAP_UNDATED)
			continue;
		strbuf_addf(&name, "%ss per %s", event_kind_name(kind), bin_name(s));
		chart_words(b, strbuf_c(&name), s->history[kind], s->bins, add_bin, s);
		strbuf_adds(b, ".\n");
	}
	for (int kind = 0; kind < PANEL_KINDS; kind++)
		for (unsigned i = 0; i < s->n_by[kind] && i < 5; i++)
			strbuf_addf(b, "At rank %u in the %s panel of %.*s.\n", s->by[kind][i].rank,
				    kind == PANEL_SIMILAR ? "similar" : "complementary",
				    STR_ARG(text_at(&s->cat->product_label,
						    s->by[kind][i].product)));
}
