/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The panes of suggested products: rank, bar, score, rank back and title. */
#include "config.h"

#include "tui/suggestions.h"

#include <math.h>

#include "base/num.h"
#include "tui/draw.h"
#include "tui/parts.h"

/* counted: some row has evidence of its own to show. */
static struct parts suggest_parts(int w, bool sources, bool counted)
{
	struct parts p = {.flag = {0, 1}, .bar = {2, w >= 60 ? 10 : w >= 44 ? 6 : 5}};
	int end = w;

	if (sources)
		p.source = parts_right(&end, w >= 76 ? 13 : 4);
	if (counted) {
		if (w >= 56)
			p.interval = parts_right(&end, 11);
		p.lift = parts_right(&end, 5);
		p.n = parts_right(&end, 5);
	}
	p.label.x = p.bar.x + p.bar.w + 1;
	p.label.w = end - p.label.x;
	return p;
}

static void add_interval(struct strbuf *b, double low, double high)
{
	if (isnan(low) || isnan(high))
		return;
	parts_add_times(b, low);
	b->len -= b->len ? 1 : 0;	/* the unit stands once */
	b->ptr[b->len] = '\0';
	strbuf_adds(b, "-");
	parts_add_times(b, high);
}

const char *suggest_source_short(enum panel_source s)
{
	static const char *const names[PANEL_SOURCES] = {
		[SOURCE_CO_VIEW] = "view", [SOURCE_CO_PURCHASE] = "buy",
		[SOURCE_CO_CART] = "cart", [SOURCE_VIEW_PURCHASE] = "v-b",
		[SOURCE_ATTRIBUTES] = "like", [SOURCE_TRANSITION] = "cat",
		[SOURCE_POPULAR] = "top", [SOURCE_MODEL] = "mod",
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
		parts_add_times(&lift, row->assoc.lift);
		add_interval(&interval, row->assoc.lift_low, row->assoc.lift_high);
	}
	parts_draw(t, r.y, r.x, at->n, counted ? strbuf_str(&n) : STR("-"), st);
	parts_draw(t, r.y, r.x, at->lift, counted ? strbuf_str(&lift) : STR("-"), st);
	parts_draw(t, r.y, r.x, at->interval, strbuf_str(&interval), st);
	if (at->source.w)
		draw_text(t, r.y, r.x + at->source.x, at->source.w,
			  str_from(at->source.w > 4 ? panel_source_name(row->source)
						    : suggest_source_short(row->source)), st);
}

static void draw_heads(const struct term *t, struct rect in, const struct parts *at)
{
	parts_head(t, in, at->n, STR("n"));
	parts_head(t, in, at->lift, STR("lift"));
	parts_head(t, in, at->interval, STR("95%"));
	if (at->source.w)
		parts_head(t, in, (struct part){at->source.x, 2}, STR("by"));
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
	if (s->counting) {
		strbuf_adds(b, ": counting under the filter");
		return;
	}
	if (s->shown->sampled[0])
		strbuf_addf(b, ", sampled +-%.0f%%", ceil(s->shown->sample_error * 100));
	if (s->named && s->shown->request.product != CATALOG_NONE) {
		strbuf_adds(b, " to ");
		strbuf_add(b, text_at(&s->shown->request.edition->cat->product_label,
				      s->shown->request.product));
	} else if (p->n_rows && one_source(p)) {
		strbuf_addf(b, " by %s", panel_source_name(p->rows[0].source));
		if (p->rows[0].source == SOURCE_MODEL)
			strbuf_addf(b, " %s", s->shown->request.model);
	}
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
	parts_frame(s, r, strbuf_str(&title),
			 rows && first.x ? parts_heads_width(first, 1, in.w) : 0);
	if (!rect_shown(in))
		return;
	if (!rows) {
		draw_wrapped(s->term, in, str_from(parts_empty(s, p ? p->note : "")),
			     STYLE_DIM);
		return;
	}
	draw_heads(s->term, in, &at);
	list_fit(list, (unsigned)in.h);
	for (int y = 0; y < in.h && list->top + (uint64_t)y < p->n_rows; y++) {
		uint64_t i = list->top + (uint64_t)y;
		struct rect line = {in.y + y, in.x, 1, in.w};

		draw_suggestion(s, p, &p->rows[i], &at, line,
				parts_row_style(s, i == list->cursor,
					  p->rows[i].flags & PANEL_SMALL),
				kind == PANEL_SIMILAR ? STYLE_SIMILAR
						      : STYLE_COMPLEMENTARY);
	}
	draw_note(s->term, r, p->note);
}
