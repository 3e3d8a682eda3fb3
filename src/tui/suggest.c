/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/suggest.h"

#include <math.h>

#include "base/num.h"
#include "base/time.h"
#include "tui/draw.h"

/* Where the parts of a suggestion stand, from the pane's left edge; w 0: not. */
struct part {
	int x, w;
};
struct parts {
	struct part flag, bar, label, n, lift, interval, source;
};

static struct part take_right(int *end, int w)
{
	struct part p = {*end - w, w};

	*end -= w + 1;
	return p;
}

/* counted: some row has evidence of its own to show. */
static struct parts suggest_parts(int w, bool sources, bool counted)
{
	struct parts p = {.flag = {0, 1}, .bar = {2, w >= 60 ? 10 : w >= 44 ? 6 : 5}};
	int end = w;

	if (sources)
		p.source = take_right(&end, w >= 76 ? 13 : 4);
	if (counted) {
		if (w >= 56)
			p.interval = take_right(&end, 11);
		p.lift = take_right(&end, 5);
		p.n = take_right(&end, 5);
	}
	p.label.x = p.bar.x + p.bar.w + 1;
	p.label.w = end - p.label.x;
	return p;
}

/* 0.08x, 3.9x, 41x, 1.2kx: at most 5 cells. */
static void add_times(struct strbuf *b, double x)
{
	if (isnan(x))
		strbuf_addc(b, '-');
	else if (x < 0.095)
		strbuf_addf(b, "%.2fx", x);
	else if (x < 99.5)
		strbuf_addf(b, "%.*fx", x < 9.95 ? 1 : 0, x);
	else
		num_add_short(b, (uint64_t)llround(x)), strbuf_addc(b, 'x');
}

static void add_interval(struct strbuf *b, double low, double high)
{
	if (isnan(low) || isnan(high))
		return;
	add_times(b, low);
	b->len -= b->len ? 1 : 0;	/* the unit stands once */
	b->ptr[b->len] = '\0';
	strbuf_adds(b, "-");
	add_times(b, high);
}

const char *suggest_source_short(enum panel_source s)
{
	static const char *const names[PANEL_SOURCES] = {
		[SOURCE_CO_VIEW] = "view", [SOURCE_CO_PURCHASE] = "buy",
		[SOURCE_CO_CART] = "cart", [SOURCE_VIEW_PURCHASE] = "v-b",
		[SOURCE_ATTRIBUTES] = "like", [SOURCE_TRANSITION] = "cat",
		[SOURCE_POPULAR] = "top",
	};

	return names[s];
}

/* Purchases, carts and transitions are one ranking, see panel.h; the other
 * sources have scores of their own. */
static bool same_ranking(enum panel_source a, enum panel_source b)
{
	static const bool joint[PANEL_SOURCES] = {
		[SOURCE_CO_PURCHASE] = true,
		[SOURCE_CO_CART] = true,
		[SOURCE_TRANSITION] = true,
	};

	return a == b || (joint[a] && joint[b]);
}

/* Bars are parts of the best score of the row's ranking. */
static double bar_share(const struct panel *p, const struct panel_row *row)
{
	double best = 0;

	for (unsigned i = 0; i < p->n_rows; i++)
		if (same_ranking(p->rows[i].source, row->source) &&
		    p->rows[i].score > best)
			best = p->rows[i].score;
	return best > 0 ? row->score / best : 0;
}

static void draw_part(const struct term *t, int y, int x, struct part p, struct str s,
		      enum style st)
{
	if (p.w > 0)
		draw_right(t, y, x + p.x, p.w, s, st);
}

static void draw_suggestion(const struct suggest *s, const struct panel *p,
			    const struct panel_row *row, const struct parts *at,
			    struct rect r, enum style st, enum style bar)
{
	const struct term *t = s->term;
	const struct catalog *cat = s->shown->request.edition->cat;
	bool counted = row->counts.n_all > 0;
	STRBUF(n);
	STRBUF(lift);
	STRBUF(interval);

	draw_fill(t, r.y, r.x, r.w, st);
	if (row->flags & PANEL_ONE_WAY)
		draw_text(t, r.y, r.x + at->flag.x, 1, STR("1"), st);
	draw_bar(t, r.y, r.x + at->bar.x, at->bar.w, bar_share(p, row),
		 st == STYLE_TEXT ? bar : st);
	draw_text(t, r.y, r.x + at->label.x, at->label.w,
		  text_at(&cat->product_label, row->product), st);
	if (counted) {
		num_add_short(&n, row->counts.n);
		add_times(&lift, row->assoc.lift);
		add_interval(&interval, row->assoc.lift_low, row->assoc.lift_high);
	}
	draw_part(t, r.y, r.x, at->n, counted ? strbuf_str(&n) : STR("-"), st);
	draw_part(t, r.y, r.x, at->lift, counted ? strbuf_str(&lift) : STR("-"), st);
	draw_part(t, r.y, r.x, at->interval, strbuf_str(&interval), st);
	if (at->source.w)
		draw_text(t, r.y, r.x + at->source.x, at->source.w,
			  str_from(at->source.w > 4 ? panel_source_name(row->source)
						    : suggest_source_short(row->source)), st);
}

/* A heading on the frame's line, over the right end of its numbers. */
static void draw_head(const struct term *t, struct rect in, struct part p, struct str s)
{
	int cells = (int)s.len;

	if (p.w == 0)
		return;
	draw_text(t, in.y - 1, in.x + p.x + p.w - cells, cells, s, STYLE_HEAD);
	draw_text(t, in.y - 1, in.x + p.x + p.w - cells - 1, 1, STR(" "), STYLE_HEAD);
	if (p.x + p.w < in.w)
		draw_text(t, in.y - 1, in.x + p.x + p.w, 1, STR(" "), STYLE_HEAD);
}

static void draw_heads(const struct term *t, struct rect in, const struct parts *at)
{
	draw_head(t, in, at->n, STR("n"));
	draw_head(t, in, at->lift, STR("lift"));
	draw_head(t, in, at->interval, STR("95%"));
	if (at->source.w)
		draw_head(t, in, (struct part){at->source.x, 2}, STR("by"));
}

/* Cells from the first heading to the right end. */
static int heads_width(struct part first, int cells, int w)
{
	return w - (first.x + first.w - cells) + 2;
}

static bool any_counted(const struct panel *p)
{
	for (unsigned i = 0; i < p->n_rows; i++)
		if (p->rows[i].counts.n_all > 0)
			return true;
	return false;
}

static bool one_source(const struct panel *p)
{
	for (unsigned i = 1; i < p->n_rows; i++)
		if (p->rows[i].source != p->rows[0].source)
			return false;
	return true;
}

static void panel_title(const struct suggest *s, enum panel_kind kind, struct strbuf *b)
{
	const struct panel *p = s->shown ? &s->shown->panel[kind] : NULL;

	strbuf_addf(b, "%d %s", kind == PANEL_SIMILAR ? 3 : 4,
		    kind == PANEL_SIMILAR ? "Similar" : "Complementary");
	if (!p)
		return;
	if (s->named && s->shown->request.product != CATALOG_NONE) {
		strbuf_adds(b, " to ");
		strbuf_add(b, text_at(&s->shown->request.edition->cat->product_label,
				      s->shown->request.product));
	} else if (p->n_rows && one_source(p)) {
		strbuf_addf(b, " by %s", panel_source_name(p->rows[0].source));
	}
}

/* The frame, its title cut where the headings begin. */
static void frame_with_heads(const struct suggest *s, struct rect r, struct str title,
			     int heads)
{
	enum style st = s->dim ? STYLE_DIM : s->focus ? STYLE_TITLE_FOCUS : STYLE_TITLE;
	int room = r.w - 4 - heads, used;

	draw_frame(s->term, r, 0, STR(""), STR(""), s->focus);
	if (room <= 0)
		return;
	draw_text(s->term, r.y, r.x + 1, 1, STR(" "), st);
	used = draw_text(s->term, r.y, r.x + 2, room, title, st);
	draw_text(s->term, r.y, r.x + 2 + used, 1, STR(" "), st);
}

static enum style row_style(const struct suggest *s, bool here, bool small)
{
	if (s->dim)
		return STYLE_DIM;
	if (here && s->focus)
		return STYLE_CURSOR;
	return small ? STYLE_DIM : STYLE_TEXT;
}

static const char *empty_note(const struct suggest *s, const char *note)
{
	if (!s->shown)
		return "computing";
	if (s->shown->err.code != ERR_NONE)
		return s->shown->err.text;
	return *note ? note : "nothing was counted for this product";
}

/* What the panel fell back to, on the frame's lower line. */
static void draw_note(const struct term *t, struct rect r, const char *note)
{
	struct str s = str_from(note);
	int y = r.y + r.h - 1, used;

	if (!*note)
		return;
	/* Its first clause says enough; the message line has all of it. */
	if (draw_cells(t, s) > r.w - 4)
		s.len = strcspn(s.ptr, ":;");
	draw_text(t, y, r.x + 1, 1, STR(" "), STYLE_DIM);
	used = draw_text(t, y, r.x + 2, r.w - 4, s, STYLE_DIM);
	draw_text(t, y, r.x + 2 + used, 1, STR(" "), STYLE_DIM);
}

void suggest_draw(const struct suggest *s, enum panel_kind kind, struct list *list,
		  struct rect r)
{
	struct rect in = rect_inside(r);
	const struct panel *p = s->shown ? &s->shown->panel[kind] : NULL;
	bool rows = p && p->n_rows;
	struct parts at = suggest_parts(in.w, rows && !one_source(p), rows && any_counted(p));
	struct part first = at.n.w ? at.n : (struct part){at.source.x, 2};
	STRBUF(title);

	panel_title(s, kind, &title);
	frame_with_heads(s, r, strbuf_str(&title),
			 rows && first.x ? heads_width(first, 1, in.w) : 0);
	if (!rect_shown(in))
		return;
	if (!rows) {
		draw_wrapped(s->term, in, str_from(empty_note(s, p ? p->note : "")),
			     STYLE_DIM);
		return;
	}
	draw_heads(s->term, in, &at);
	list_fit(list, (unsigned)in.h);
	for (int y = 0; y < in.h && list->top + (uint64_t)y < p->n_rows; y++) {
		uint64_t i = list->top + (uint64_t)y;
		struct rect line = {in.y + y, in.x, 1, in.w};

		draw_suggestion(s, p, &p->rows[i], &at, line,
				row_style(s, i == list->cursor,
					  p->rows[i].flags & PANEL_SMALL),
				kind == PANEL_SIMILAR ? STYLE_SIMILAR
						      : STYLE_COMPLEMENTARY);
	}
	draw_note(s->term, r, p->note);
}

/* --- transitions */

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
	add_times(b, row->assoc.lift);
	strbuf_adds(b, " chance");
}

static struct parts flow_parts(int w)
{
	struct parts p = {0};
	int end = w, rest;

	if (w >= 66)
		p.source = take_right(&end, 12);	/* words */
	p.n = take_right(&end, 5);
	if (w >= 38)
		p.interval = take_right(&end, 10);
	p.lift = take_right(&end, 6);			/* confidence */
	rest = end - 1;
	/* Names first: the bars only compare the shares. */
	p.bar.w = rest >= 60 ? rest / 3 : rest >= 15 ? 2 + rest / 6 : 0;
	p.bar.x = end - p.bar.w;
	p.label = (struct part){1, rest - (p.bar.w ? p.bar.w + 1 : 0)};
	return p;
}

static void flow_title(const struct suggest *s, int w, struct strbuf *b)
{
	const struct flow *f = s->shown ? &s->shown->flow : NULL;
	uint32_t from = s->shown ? s->shown->request.category : CATALOG_NONE;

	strbuf_adds(b, "5 Transitions");
	if (from == CATALOG_NONE)
		return;
	if (f->n_rows)
		from = f->rows[0].from;
	strbuf_adds(b, w >= 60 ? " from " : " ");
	strbuf_add(b, text_at(&s->shown->request.edition->cat->category_name, from));
	if (!f->n_rows)
		return;
	strbuf_adds(b, w >= 60 ? ", " : " n=");
	num_add_short(b, f->rows[0].counts.n_a);
	if (w >= 60)
		strbuf_addf(b, " %s%s", basket_word(f->kind),
			    s->shown->request.multi ? " of two or more" : "");
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
	draw_part(t, r.y, r.x, at->lift, strbuf_str(&share), st);
	draw_part(t, r.y, r.x, at->interval, strbuf_str(&interval), st);
	draw_part(t, r.y, r.x, at->n, strbuf_str(&n), st);
	draw_part(t, r.y, r.x, at->source, strbuf_str(&words), st);
}

void suggest_flow(const struct suggest *s, struct list *list, struct rect r)
{
	struct rect in = rect_inside(r);
	const struct flow *f = s->shown ? &s->shown->flow : NULL;
	bool rows = f && f->n_rows;
	double most = rows ? largest_share(f) : 0;
	struct parts at = flow_parts(in.w);
	int heads = at.interval.w ? heads_width(at.interval, 3, in.w)
				  : heads_width(at.n, 1, in.w);
	STRBUF(title);

	flow_title(s, in.w, &title);
	frame_with_heads(s, r, strbuf_str(&title), rows ? heads : 0);
	if (!rect_shown(in))
		return;
	if (!rows) {
		draw_wrapped(s->term, in, str_from(empty_note(s, f ? f->note : "")),
			     STYLE_DIM);
		return;
	}
	draw_head(s->term, in, at.interval, STR("95%"));
	draw_head(s->term, in, at.n, STR("n"));
	draw_head(s->term, in, at.source, STR("lift"));
	list_fit(list, (unsigned)in.h);
	for (int y = 0; y < in.h && list->top + (uint64_t)y < f->n_rows; y++) {
		uint64_t i = list->top + (uint64_t)y;

		draw_flow_row(s, &f->rows[i], &at, (struct rect){in.y + y, in.x, 1, in.w},
			      row_style(s, i == list->cursor, f->rows[i].small), most);
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
	if (f && f->n_rows) {
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

/* --- the selected product */

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
	add_days(b, cat->product_first[p], cat->product_last[p]);
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
