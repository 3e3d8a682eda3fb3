/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A panel as a pane: flag, bar, label, n, lift, its interval and where it comes from. */
#include "config.h"

#include <math.h>

#include "base/num.h"
#include "model/model.h"
#include "view/ranking.h"
#include "view/sketch.h"

/* Where the parts of a row stand. */
struct places {
	struct span flag, bar, label, n, lift, interval, source;
};

/* counted: some row has evidence of its own to show. */
static struct places places_of(int w, bool sources, bool counted)
{
	struct places p = {.flag = {0, 1}, .bar = {2, w >= 60 ? 10 : w >= 44 ? 6 : 5}};
	int end = w;

	if (sources)
		p.source = span_right(&end, w >= 76 ? 13 : 4);
	if (counted) {
		if (w >= 56)
			p.interval = span_right(&end, 11);
		p.lift = span_right(&end, 5);
		p.n = span_right(&end, 5);
	}
	p.label.x = p.bar.x + p.bar.w + 1;
	p.label.w = end - p.label.x;
	return p;
}

static void add_interval(struct strbuf *b, double low, double high)
{
	if (isnan(low) || isnan(high))
		return;
	sketch_add_times(b, low);
	b->len -= b->len ? 1 : 0;	/* the unit stands once */
	b->ptr[b->len] = '\0';
	strbuf_adds(b, "-");
	sketch_add_times(b, high);
}

const char *ranking_source_short(enum panel_source s)
{
	static const char *const names[PANEL_SOURCES] = {
		[SOURCE_CO_VIEW] = "view", [SOURCE_CO_PURCHASE] = "buy",
		[SOURCE_CO_CART] = "cart", [SOURCE_VIEW_PURCHASE] = "v-b",
		[SOURCE_ATTRIBUTES] = "like", [SOURCE_TRANSITION] = "cat",
		[SOURCE_POPULAR] = "top", [SOURCE_MODEL] = "mod",
		[SOURCE_PIN] = "pin",
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
		if (same_ranking(p->rows[i].source, row->source) && p->rows[i].score > best)
			best = p->rows[i].score;
	return best > 0 ? row->score / best : 0;
}

/* What people decided comes before what the counts say. */
static const char *flag_of(const struct panel_row *row)
{
	return row->flags & PANEL_REJECTED ? "R" : row->flags & PANEL_PINNED ? "P" :
	       row->flags & PANEL_APPROVED ? "A" : row->flags & PANEL_ONE_WAY ? "1" : NULL;
}

static void draw_row(struct sketch *s, int y, const struct ranking *r,
		     const struct panel_row *row, const struct places *at)
{
	bool counted = row->counts.n_all > 0;
	STRBUF(n);
	STRBUF(lift);
	STRBUF(interval);

	s->faint[y] = row->flags & (PANEL_SMALL | PANEL_REJECTED);
	if (flag_of(row))
		sketch_text(s, y, at->flag, str_from(flag_of(row)), INK_TEXT);
	sketch_bar(s, y, at->bar, bar_share(&r->panel, row),
		   INK_SERIES + r->kind);
	sketch_text(s, y, at->label, text_at(&r->cat->product_label, row->product), INK_TEXT);
	if (counted) {
		num_add_short(&n, row->counts.n);
		sketch_add_times(&lift, row->assoc.lift);
		add_interval(&interval, row->assoc.lift_low, row->assoc.lift_high);
	} else {
		strbuf_addc(&n, '-');
		strbuf_addc(&lift, '-');
	}
	sketch_right(s, y, at->n, &n, INK_TEXT);
	sketch_right(s, y, at->lift, &lift, INK_TEXT);
	sketch_right(s, y, at->interval, &interval, INK_TEXT);
	sketch_text(s, y, at->source, str_from(at->source.w > 4 ? panel_source_name(row->source)
						   : ranking_source_short(row->source)), INK_TEXT);
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

/* Whose panel it is, where that is to be said, or where all of it comes from. */
static void add_detail(struct sketch *s, const struct view *v, const struct ranking *r)
{
	const struct panel *p = &r->panel;

	if (s->named) {
		strbuf_adds(&s->detail, " to ");
		strbuf_add(&s->detail, text_at(&r->cat->product_label, view_question(v)->product));
	} else if (p->n_rows && one_source(p)) {
		strbuf_addf(&s->detail, " by %s", panel_source_name(p->rows[0].source));
		if (p->rows[0].source == SOURCE_MODEL)
			strbuf_addf(&s->detail, " %s", model_name(r->model));
	}
}

void ranking_draw(struct view *v, void *state, struct sketch *s)
{
	const struct ranking *r = state;
	const struct panel *p = &r->panel;
	bool sources = p->n_rows && !one_source(p);
	struct places at = places_of(s->w, sources, p->n_rows && any_counted(p));

	add_detail(s, v, r);
	strbuf_adds(&s->note, p->n_rows || p->note[0] ? p->note :
		    "nothing was counted for this product");
	s->foot = p->n_rows;
	if (!p->n_rows)
		return;
	sketch_head(s, at.n, STR("n"));
	sketch_head(s, at.lift, STR("lift"));
	sketch_head(s, at.interval, STR("95%"));
	if (sources)
		sketch_head(s, (struct span){at.source.x, 2}, STR("by"));
	for (unsigned i = 0; i < s->n; i++)
		draw_row(s, (int)i, r, &p->rows[s->row[i]], &at);
}
