/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transitions: where the baskets of a category go. */
#include "config.h"

#include "tui/suggestions.h"

#include <math.h>

#include "base/num.h"
#include "tui/draw.h"
#include "tui/parts.h"

static const char *basket_word(enum basket_kind k)
{
	return k == BASKET_PURCHASE ? "purchases" : k == BASKET_CART ? "carts" : "sessions";
}

static void add_percent(struct strbuf *b, double x)
{
	if (isnan(x))
		strbuf_addc(b, '-');
	else
		strbuf_addf(b, "%.1f%%", 100 * x);
}

/* "3.9x chance", or what can be said where chance is not defined. */
static void add_flow_words(struct strbuf *b, const struct flow_row *row)
{
	if (row->from == row->to) {
		strbuf_adds(b, "two of them");
		return;
	}
	if (isnan(row->assoc.lift))
		return;
	parts_add_times(b, row->assoc.lift);
	strbuf_adds(b, " chance");
}

static struct parts flow_parts(int w)
{
	struct parts p = {0};
	int end = w, rest;

	if (w >= 66)
		p.source = parts_right(&end, 12);	/* words */
	p.n = parts_right(&end, 5);
	if (w >= 38)
		p.interval = parts_right(&end, 10);
	p.lift = parts_right(&end, 6);			/* confidence */
	rest = end - 1;
	/* Names first: the bars only compare the shares. */
	p.bar.w = rest >= 60 ? rest / 3 : rest >= 15 ? 2 + rest / 6 : 0;
	p.bar.x = end - p.bar.w;
	p.label = (struct part){1, rest - (p.bar.w ? p.bar.w + 1 : 0)};
	return p;
}

/* The name, cut where b has no room for it within `room` cells. */
static void add_name(const struct suggest *s, struct strbuf *b, struct str name, int room)
{
	const struct term *t = s->term;
	const char *cut = t->glyphs->ellipsis;
	size_t len = name.len;

	room -= draw_cells(t, strbuf_str(b));
	if (draw_cells(t, name) > room) {
		room -= draw_cells(t, str_from(cut));
		while (len && draw_cells(t, str_span(name.ptr, len)) > room)
			do
				len--;
			while (len && (name.ptr[len] & 0xc0) == 0x80);
	}
	strbuf_add(b, str_span(name.ptr, len));
	if (len < name.len)
		strbuf_adds(b, cut);
}

/* The name gives way to the count: half a number is another number. */
static void flow_title(const struct suggest *s, int w, int heads, struct strbuf *b)
{
	STRBUF(count);
	struct str name;
	const struct flow *f = s->shown ? &s->shown->flow : NULL;
	uint32_t from = s->shown ? s->shown->request.category : CATALOG_NONE;

	strbuf_adds(b, "5 Transitions");
	if (s->counting) {
		strbuf_adds(b, ": counting under the filter");
		return;
	}
	if (from == CATALOG_NONE)
		return;
	if (f->n_rows)
		from = f->rows[0].from;
	if (f->n_rows) {
		strbuf_adds(&count, w >= 60 ? ", " : " n=");
		num_add_short(&count, f->rows[0].counts.n_a);
		if (w >= 60)
			strbuf_addf(&count, " %s%s", basket_word(f->kind),
				    s->shown->request.multi ? " of two or more" : "");
	}
	name = text_at(&s->shown->request.edition->cat->category_name, from);
	strbuf_adds(b, w >= 60 ? " from " : " ");
	add_name(s, b, name, w - heads - 2 - draw_cells(s->term, strbuf_str(&count)));
	strbuf_add(b, strbuf_str(&count));
}

static double largest_share(const struct flow *f)
{
	double most = 0;

	for (size_t i = 0; i < f->n_rows; i++)
		most = fmax(most, f->rows[i].assoc.confidence);
	return most;
}

/* most: the share that fills the bar. */
static void draw_flow_row(const struct suggest *s, const struct flow_row *row,
			  const struct parts *at, struct rect r, enum style st,
			  double most)
{
	const struct term *t = s->term;
	const struct catalog *cat = s->shown->request.edition->cat;
	STRBUF(share);
	STRBUF(interval);
	STRBUF(n);
	STRBUF(words);

	draw_fill(t, r.y, r.x, r.w, st);
	draw_text(t, r.y, r.x + at->label.x, at->label.w,
		  text_at(&cat->category_name, row->to), st);
	if (at->bar.w)
		draw_bar(t, r.y, r.x + at->bar.x, at->bar.w,
			 most > 0 ? row->assoc.confidence / most : 0,
			 st == STYLE_TEXT ? STYLE_FLOW : st);
	add_percent(&share, row->assoc.confidence);
	strbuf_addf(&interval, "%.1f-%.1f", 100 * row->assoc.confidence_low,
		    100 * row->assoc.confidence_high);
	num_add_short(&n, row->counts.n);
	add_flow_words(&words, row);
	parts_draw(t, r.y, r.x, at->lift, strbuf_str(&share), st);
	parts_draw(t, r.y, r.x, at->interval, strbuf_str(&interval), st);
	parts_draw(t, r.y, r.x, at->n, strbuf_str(&n), st);
	parts_draw(t, r.y, r.x, at->source, strbuf_str(&words), st);
}

static const char *why_empty(const struct suggest *s)
{
	const struct panels_result *p = s->shown;

	if (!p || p->request.category != CATALOG_NONE)
		return p ? p->flow.note : "";
	return p->request.edition->cat->n_categories ? "this product has no category"
						     : "this log names no categories";
}

void suggest_flow(const struct suggest *s, struct list *list, struct rect r)
{
	struct rect in = rect_inside(r);
	const struct flow *f = s->shown ? &s->shown->flow : NULL;
	bool rows = f && f->n_rows;
	double most = rows ? largest_share(f) : 0;
	struct parts at = flow_parts(in.w);
	int heads = at.interval.w ? parts_heads_width(at.interval, 3, in.w)
				  : parts_heads_width(at.n, 1, in.w);
	STRBUF(title);

	flow_title(s, in.w, rows ? heads : 0, &title);
	parts_frame(s, r, strbuf_str(&title), rows ? heads : 0);
	if (!rect_shown(in))
		return;
	if (!rows) {
		draw_wrapped(s->term, in, str_from(parts_empty(s, why_empty(s))),
			     STYLE_DIM);
		return;
	}
	parts_head(s->term, in, at.interval, STR("95%"));
	parts_head(s->term, in, at.n, STR("n"));
	parts_head(s->term, in, at.source, STR("lift"));
	list_fit(list, (unsigned)in.h);
	for (int y = 0; y < in.h && list->top + (uint64_t)y < f->n_rows; y++) {
		uint64_t i = list->top + (uint64_t)y;

		draw_flow_row(s, &f->rows[i], &at, (struct rect){in.y + y, in.x, 1, in.w},
			      parts_row_style(s, i == list->cursor, f->rows[i].small), most);
	}
}

/* " teapots 39%" if all of it fits into w cells, or if it must be there. */
static bool add_share(const struct suggest *s, struct strbuf *b,
		      const struct flow_row *row, int w, bool must)
{
	const struct catalog *cat = s->shown->request.edition->cat;
	size_t len = b->len;

	strbuf_addc(b, ' ');
	strbuf_add(b, text_at(&cat->category_name, row->to));
	strbuf_addf(b, " %.0f%%", 100 * row->assoc.confidence);
	if (must || draw_cells(s->term, strbuf_str(b)) <= w)
		return true;
	b->len = len;
	b->ptr[len] = '\0';
	return false;
}

void suggest_flow_line(const struct suggest *s, struct rect r)
{
	const struct flow *f = s->shown ? &s->shown->flow : NULL;
	STRBUF(b);

	strbuf_adds(&b, "t flow ");
	if (s->counting) {
		strbuf_adds(&b, "counting under the filter");
	} else if (f && f->n_rows) {
		strbuf_adds(&b, "n=");
		num_add_short(&b, f->rows[0].counts.n_a);
		strbuf_addf(&b, " %s", s->term->glyphs->path);
		for (size_t i = 0; i < f->n_rows && i < 3; i++)
			if (!add_share(s, &b, &f->rows[i], r.w - 1, i == 0))
				break;
	} else {
		strbuf_adds(&b, s->shown ? "none was counted: t says why" : "computing");
	}
	draw_text(s->term, r.y, r.x + 1, r.w - 1, strbuf_str(&b),
		  s->dim ? STYLE_DIM : STYLE_TEXT);
}
