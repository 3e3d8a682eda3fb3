/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A panel as a pane: flag, bar, label, n, lift, its interval and where it comes from. */
#include "config.h"

#include <math.h>

#include "ask/asked.h"
#include "base/arena.h"
#include "base/match.h"
#include "base/num.h"
#include "base/utf8.h"
#include "model/model.h"
#include "model/sequences.h"
#include "stats/live.h"
#include "stats/scan.h"
#include "view/evidence.h"
#include "view/format.h"
#include "view/names.h"
#include "view/ranking.h"
#include "view/sketch.h"

/* Columns that stand where there is room for them, the first ones first. */
enum more {
	MORE_WHISKER, MORE_INTERVAL, MORE_CONFIDENCE, MORE_PRICE, MORE_NEW, MORE_CHOICE,
	MORE_CATEGORY, MORE_N_A, MORE_N_B, MORE_Q, MORE_N,
};

/* Where the parts of a row stand. */
struct spans {
	struct span flag, bar, label, n, lift, source, more[MORE_N];
};

#define LABEL_LEAST 16	/* cells of a label that a bar leaves */
#define BAR_LEAST 3
#define BAR_MOST 10

/* What a pane shows. */
struct shown {
	bool sources;		/* rows come from several */
	bool counted;		/* some row has evidence of its own */
	bool has[MORE_N];	/* there is something to put there */
	int label;		/* cells of the longest label */
	double least, most;	/* ends of the whiskers' scale, doublings */
	const struct str *new;	/* (rows of the panel) see ranking_new */
};

static const struct {
	int w;
	const char *head;
} more_columns[MORE_N] = {
	[MORE_WHISKER] = {13, "1 = chance"}, [MORE_INTERVAL] = {11, "95%"},
	[MORE_NEW] = {34, "nobody bought it yet: known of its"},
	[MORE_CONFIDENCE] = {6, "conf"}, [MORE_PRICE] = {9, "price"},
	[MORE_CHOICE] = {11, "a/b/both"}, [MORE_CATEGORY] = {18, "category"},
	[MORE_N_A] = {6, "n a"}, [MORE_N_B] = {6, "n b"}, [MORE_Q] = {7, "q"},
};

/* The label gets its width before bars and intervals do. */
static struct spans places_of(int w, const struct shown *x)
{
	struct spans p = {.flag = {0, 1}};
	int end = w, room;

	if (x->sources)
		p.source = span_right(&end, w >= 76 ? 13 : 4);
	room = end - 2 - (x->counted ? 12 : 0) - x->label - BAR_LEAST - 3;
	for (unsigned k = 0; k < MORE_N; k++) {
		if (!x->has[k] || room < more_columns[k].w + 1)
			continue;
		p.more[k] = span_right(&end, more_columns[k].w);
		room -= more_columns[k].w + 1;
	}
	if (x->counted) {
		p.lift = span_right(&end, 5);
		p.n = span_right(&end, 5);
	}
	p.bar = (struct span){2, end - 2 - x->label - 1};
	p.bar.w = p.bar.w > BAR_MOST ? BAR_MOST : p.bar.w < BAR_LEAST ? BAR_LEAST : p.bar.w;
	if (end - 2 - p.bar.w - 1 < LABEL_LEAST)
		p.bar.w = 0;
	p.label.x = 2 + p.bar.w + (p.bar.w > 0);
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

/* "  |  [--o---]" on a scale of doublings that holds the panel's, | where chance is. */
static void add_whisker(struct strbuf *b, const struct assoc *a, const struct shown *x, int w)
{
	double span = x->most - x->least;
	const double at[3] = {a->lift_low, a->lift, a->lift_high};
	char cell[32];
	int place[3], one = (int)lround(-x->least / span * (w - 1));

	for (int i = 0; i < 3; i++) {
		double share = (log2(fmax(at[i], 1e-9)) - x->least) / span;

		place[i] = (int)lround(fmin(fmax(share, 0), 1) * (w - 1));
	}
	for (int i = 0; i < w; i++)
		cell[i] = i >= place[0] && i <= place[2] ? '-' : ' ';
	cell[one] = '|';
	if (place[0] < place[2]) {
		cell[place[0]] = '[';
		cell[place[2]] = ']';
	}
	cell[place[1]] = 'o';
	strbuf_add(b, str_span(cell, (size_t)w));
}

const char *ranking_source_short(enum panel_source s)
{
	static const char *const names[PANEL_SOURCES] = {
		[SOURCE_CO_VIEW] = "view", [SOURCE_CO_PURCHASE] = "buy",
		[SOURCE_CO_CART] = "cart", [SOURCE_SECOND] = "2nd",
		[SOURCE_VIEW_PURCHASE] = "v-b", [SOURCE_ACROSS] = "view",
		[SOURCE_ATTRIBUTES] = "like", [SOURCE_TRANSITION] = "cat",
		[SOURCE_POPULAR] = "top", [SOURCE_MODEL] = "mod",
		[SOURCE_PIN] = "pin", [SOURCE_WEIGHTED] = "all",
	};

	return names[s];
}

/* Bars are parts of the best score. */
static double bar_share(const struct panel *p, const struct panel_row *row)
{
	double best = 0;

	for (unsigned i = 0; i < p->n_rows; i++)
		best = p->rows[i].score > best ? p->rows[i].score : best;
	return best > 0 ? row->score / best : 0;
}

/* What people decided comes before what the counts say. */
static struct str flag_of(const struct ranking *r, const struct panel_row *row)
{
	return row->flags & PANEL_REJECTED ? STR("R") : row->flags & PANEL_PINNED ? STR("P") :
	       row->flags & PANEL_APPROVED ? STR("A") :
	       row->flags & PANEL_ONE_WAY ? STR("1") : STR("");
}

/* Without its interval a large lift of few is what is sure of it. */
static void add_lift(struct strbuf *b, const struct panel_row *row, bool interval)
{
	if (!interval && row->assoc.lift >= 999.5 && row->counts.n < 20) {
		strbuf_addc(b, '>');
		sketch_add_times(b, fmin(row->assoc.lift_low, 999));
	} else {
		sketch_add_times(b, row->assoc.lift);
	}
}

static void add_more(struct strbuf *b, enum more k, const struct ranking *r,
		     const struct panel_row *row, const struct shown *x)
{
	const struct catalog *cat = r->cat;
	const struct choice *c;

	switch (k) {
	case MORE_WHISKER:
		if (row->counts.n_all && !isnan(row->assoc.lift))
			add_whisker(b, &row->assoc, x, more_columns[k].w);
		break;
	case MORE_INTERVAL:
		if (row->counts.n_all)
			add_interval(b, row->assoc.lift_low, row->assoc.lift_high);
		break;
	case MORE_NEW:
		strbuf_add(b, x->new[row - r->panel.rows]);
		break;
	case MORE_CONFIDENCE:
		if (row->counts.n_all && !isnan(row->assoc.confidence))
			evidence_share(b, row->assoc.confidence);
		else if (row->counts.n_all)
			strbuf_addc(b, '-');
		break;
	case MORE_PRICE:
		if (cat->product_price && cat->product_price[row->product] != PRICE_NONE)
			format_money(b, cat->product_price[row->product], cat->price_scale);
		break;
	case MORE_CHOICE:
		c = &r->choice[row - r->panel.rows];
		if (choice_seen(c))
			strbuf_addf(b, "%u/%u/%u", c->only_a, c->only_b, c->both);
		break;
	case MORE_CATEGORY:
		if (cat->product_category[row->product] != CATALOG_NONE)
			names_cut(b, text_at(&cat->category_name,
					     cat->product_category[row->product]),
				  more_columns[k].w, "~");
		break;
	case MORE_N_A:
	case MORE_N_B:
		if (row->counts.n_all)
			num_add_short(b, k == MORE_N_A ? row->counts.n_a : row->counts.n_b);
		break;
	case MORE_Q:
		if (!isnan(row->q))
			strbuf_addf(b, "%.2g", row->q);
		break;
	case MORE_N:
		break;
	}
}

static void draw_row(struct sketch *s, int y, const struct ranking *r,
		     const struct panel_row *row, const struct spans *at,
		     const struct shown *x, struct str name)
{
	bool counted = row->counts.n_all > 0;
	STRBUF(n);
	STRBUF(lift);

	s->faint[y] = row->flags & PANEL_SMALL;
	s->struck[y] = row->flags & PANEL_REJECTED;
	sketch_text(s, (struct stretch){y, at->flag}, flag_of(r, row), INK_TEXT);
	sketch_bar(s, (struct stretch){y, at->bar}, bar_share(&r->panel, row),
		   INK_SERIES + r->kind);
	sketch_text(s, (struct stretch){y, at->label}, name, INK_TEXT);
	if (counted) {
		num_add_short(&n, row->counts.n);
		add_lift(&lift, row, at->more[MORE_INTERVAL].w > 0);
	} else if (x->new[row - r->panel.rows].len) {
		strbuf_adds(&lift, "new");
	} else {
		strbuf_addc(&n, '-');
		strbuf_addc(&lift, '-');
	}
	sketch_right(s, (struct stretch){y, at->n}, &n, INK_TEXT);
	sketch_right(s, (struct stretch){y, at->lift}, &lift, INK_TEXT);
	for (unsigned k = 0; k < MORE_N; k++) {
		STRBUF(text);

		if (!at->more[k].w)
			continue;
		add_more(&text, k, r, row, x);
		if (k == MORE_CATEGORY || k == MORE_WHISKER || k == MORE_NEW)
			sketch_made(s, (struct stretch){y, at->more[k]}, &text, INK_TEXT);
		else
			sketch_right(s, (struct stretch){y, at->more[k]}, &text, INK_TEXT);
	}
	sketch_text(s, (struct stretch){y, at->source},
		    str_from(at->source.w > 4 ? panel_source_name(row->source)
					      : ranking_source_short(row->source)),
		    INK_TEXT);
}

/* "Coffee 34.0% [33.0-35.0], lift 2.1": how often baskets with the product's category hold it. */
static void draw_category(struct sketch *s, int y, const struct ranking *r, uint32_t category)
{
	const struct flow_row *f = ranking_flow(r, category);
	struct str name = category == CATALOG_NONE ? STR("(no category)") :
			  text_at(&r->cat->category_name, category);
	int cells;
	STRBUF(b);
	STRBUF(said);

	if (f) {
		if (f->to != category)
			strbuf_addf(&said, " in %.*s",
				    STR_ARG(text_at(&r->cat->category_name, f->to)));
		strbuf_addf(&said, " %.1f%% [%.1f-%.1f]", 100 * f->assoc.confidence,
			    100 * f->assoc.confidence_low, 100 * f->assoc.confidence_high);
		if (!isnan(f->assoc.lift))
			strbuf_addf(&said, ", lift %.*f", f->assoc.lift < 10 ? 1 : 0,
				    f->assoc.lift);
	}
	cells = s->w - (int)utf8_cells(strbuf_str(&said));
	names_cut(&b, name, cells < 8 ? 8 : cells, s->marks.ellipsis);
	strbuf_add(&b, strbuf_str(&said));
	sketch_made(s, (struct stretch){y, {0, s->w}}, &b, INK_HEAD);
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

/* Where a filter leaves some of the baskets: among how many was counted. */
static void add_population(struct sketch *s, const struct question *q, const struct ranking *r)
{
	const struct panel_row *row = r->panel.rows;
	unsigned n = r->panel.n_rows;
	enum relation rel;

	while (n && !row->counts.n_all)
		row++, n--;
	rel = n ? ranking_relation(r, row) : RELATIONS;
	if (!q->live || !live_cuts(q->live) || rel == RELATIONS)
		return;
	strbuf_adds(&s->detail, " among ");
	num_add_grouped(&s->detail, (int64_t)row->counts.n_all);
	strbuf_addf(&s->detail, " %s", evidence_unit(rel));
	strbuf_adds(&s->note, "Among ");
	num_add_grouped(&s->note, (int64_t)row->counts.n_all);
	strbuf_addf(&s->note, " %s under the filter%s", evidence_unit(rel),
		    r->panel.note[0] ? ". " : ".");
}

/* It learnt from what was bought and from nothing else that the store has. */
static bool of_baskets(const struct ranking *r)
{
	unsigned kinds = sequences_kinds(r->cat, &r->model->params);

	if (!(r->cat->caps & CAP_VIEWS))
		kinds &= ~KIND_BIT(EVENT_VIEW);
	if (!(r->cat->caps & CAP_CARTS))
		kinds &= ~KIND_BIT(EVENT_CART);
	return params_takes(&r->model->params, PARAM_ID_EVENTS) &&
	       kinds == KIND_BIT(EVENT_PURCHASE);
}

/* All rows are of one source: what they are, in words. A model of baskets alone can't tell what
 * is bought instead of what is bought along. */
static void add_source(struct sketch *s, const struct ranking *r)
{
	static const char *const words[PANEL_SOURCES] = {
		[SOURCE_CO_VIEW] = "seen together", [SOURCE_CO_PURCHASE] = "bought together",
		[SOURCE_CO_CART] = "in carts together", [SOURCE_VIEW_PURCHASE] = "bought later",
		[SOURCE_ACROSS] = "other categories, seen together",
		[SOURCE_ATTRIBUTES] = "by attributes", [SOURCE_TRANSITION] = "by category",
		[SOURCE_POPULAR] = "what is popular", [SOURCE_WEIGHTED] = "weighed together",
	};
	enum panel_source source = r->panel.rows[0].source;

	strbuf_adds(&s->detail, ": ");
	if (source != SOURCE_MODEL)
		strbuf_adds(&s->detail, words[source] ? words[source] : panel_source_name(source));
	else
		strbuf_addf(&s->detail, "%sby model %s", r->kind == PANEL_SIMILAR &&
			    of_baskets(r) ? "bought alike, " : "",
			    model_name(r->model));
}

/* Whose panel it is, where that is to be said, or where all of it comes from. */
static void add_detail(struct sketch *s, const struct view *v, const struct ranking *r)
{
	const struct panel *p = &r->panel;

	if (asked_whole_shop(view_question(v)->outlook))
		strbuf_adds(&s->detail, ", whole shop");
	else if (view_question(v)->live && live_selection(view_question(v)->live))
		strbuf_adds(&s->detail, ", under the filter");
	if (s->named) {
		strbuf_adds(&s->detail, " to ");
		strbuf_add(&s->detail, text_at(&r->cat->product_label, view_question(v)->product));
	} else if (p->n_rows && one_source(p)) {
		add_source(s, r);
	}
	add_population(s, view_question(v), r);
}

/* What its rows are called, given how wide and what stands beside. */
static const struct str *name_rows(struct sketch *s, const struct ranking *r, struct names how)
{
	unsigned n = r->panel.n_rows;
	uint32_t *product = arena_alloc(s->arena, (n + 1) * sizeof *product);
	struct str *name = arena_alloc(s->arena, (n + 1) * sizeof *name);

	for (unsigned i = 0; i < n; i++)
		product[i] = r->panel.rows[i].product;
	how.cat = r->cat;
	how.at = product;
	how.n = n;
	how.ellipsis = s->marks.ellipsis;
	names_products(&how, s->arena, name);
	return name;
}

static struct shown shown_of(const struct ranking *r, struct sketch *s)
{
	const struct catalog *cat = r->cat;
	struct shown x = {.sources = !one_source(&r->panel), .counted = any_counted(&r->panel)};
	const struct str *name = name_rows(s, r, (struct names){0});
	struct str *new = arena_alloc(s->arena, (r->panel.n_rows + 1) * sizeof *new);
	bool any_new = false;

	for (unsigned i = 0; i < s->n; i++) {
		const struct panel_row *row = ranking_at(r, s->row[i]);
		int cells = row ? (int)utf8_cells(name[row - r->panel.rows]) : 0;

		x.label = cells > x.label ? cells : x.label;
	}
	for (unsigned i = 0; i < r->panel.n_rows; i++) {
		new[i] = ranking_new(s->arena, r, &r->panel.rows[i]);
		any_new |= new[i].len > 0;
	}
	x.new = new;
	x.counted |= any_new;
	x.label = x.label > s->w / 2 ? s->w / 2 : x.label;
	x.least = -1;
	x.most = 1;
	for (unsigned i = 0; i < r->panel.n_rows; i++) {
		const struct panel_row *row = &r->panel.rows[i];

		if (!row->counts.n_all || isnan(row->assoc.lift))
			continue;
		x.least = fmin(x.least, fmax(log2(fmax(row->assoc.lift_low, 1e-9)), -4));
		x.most = fmax(x.most, fmin(log2(row->assoc.lift_high), 14));
	}
	for (unsigned k = 0; k < MORE_N; k++)
		x.has[k] = k == MORE_NEW ? any_new :
			   k == MORE_PRICE ? cat->product_price && (cat->caps & CAP_PRICES) :
			   k == MORE_CATEGORY ? cat->n_categories > 0 && !r->line :
			   k == MORE_CHOICE ? r->choice && r->kind == PANEL_SIMILAR : x.counted;
	return x;
}

void ranking_draw(struct view *v, void *state, struct sketch *s)
{
	const struct ranking *r = state;
	const struct panel *p = &r->panel;
	const struct str *name;
	struct spans at;
	struct shown x;

	add_detail(s, v, r);
	if (!ranking_bought(r->cat, view_question(v)->product))
		strbuf_addf(&s->note, "Nobody bought this product yet: what follows is from %s. ",
			    r->model ? "what it is" : "its category, or what was seen");
	strbuf_adds(&s->note, !p->n_rows && !p->note[0] ?
		    "nothing was counted for this product" : p->note);
	if (p->n_rows && !s->note.len)
		strbuf_adds(&s->note, "bar: score, the best one's is full");
	s->foot = p->n_rows;
	if (!p->n_rows)
		return;
	x = shown_of(r, s);
	at = places_of(s->w, &x);
	name = name_rows(s, r, (struct names){.w = at.label.w,
					      .priced = at.more[MORE_PRICE].w > 0});
	sketch_head(s, at.n, STR("n"));
	sketch_head(s, at.lift, STR("lift"));
	for (unsigned k = 0; k < MORE_N; k++)
		sketch_head(s, at.more[k], str_from(more_columns[k].head));
	if (x.sources)
		sketch_head(s, (struct span){at.source.x, 2}, STR("by"));
	for (unsigned i = 0; i < s->n; i++) {
		const struct panel_row *row = ranking_at(r, s->row[i]);

		if (row)
			draw_row(s, (int)i, r, row, &at, &x, name[row - p->rows]);
		else
			draw_category(s, (int)i, r, r->line[s->row[i]].category);
	}
}

/* --- the row under the cursor */

/* What one wants to know of a product that is suggested: which it is, where it is from, what
 * it costs, what it is like. */
static void add_product(struct strbuf *b, const struct catalog *cat, uint32_t p)
{
	strbuf_addf(b, "%.*s #%.*s", STR_ARG(text_at(&cat->product_label, p)),
		    STR_ARG(text_at(&cat->product_id, p)));
	if (cat->product_category[p] != CATALOG_NONE)
		strbuf_addf(b, ", %.*s",
			    STR_ARG(text_at(&cat->category_path, cat->product_category[p])));
	if (cat->product_price && cat->product_price[p] != PRICE_NONE) {
		strbuf_adds(b, ", price ");
		format_money(b, cat->product_price[p], cat->price_scale);
		strbuf_addf(b, "%s%s", cat->currency[0] ? " " : "", cat->currency);
	}
	if (cat->product_brand && cat->product_brand[p] != CATALOG_NONE)
		strbuf_addf(b, ", brand %.*s",
			    STR_ARG(text_at(&cat->brand_name, cat->product_brand[p])));
	for (uint32_t i = 0; cat->product_attribute && i < cat->n_attributes; i++) {
		uint32_t v = cat->product_attribute[(size_t)p * cat->n_attributes + i];

		if (v < cat->attribute_value.n &&
		    !match_equal(STR("unknown"), text_at(&cat->attribute_value, v)))
			strbuf_addf(b, ", %.*s %.*s", STR_ARG(text_at(&cat->attribute_name, i)),
				    STR_ARG(text_at(&cat->attribute_value, v)));
	}
}

/* Attributes that agree, of those that are known of either. */
static void add_agreement(struct strbuf *b, const struct catalog *cat, uint32_t x, uint32_t y)
{
	uint32_t same = 0, known = 0;

	for (uint32_t i = 0; cat->product_attribute && i < cat->n_attributes; i++) {
		uint32_t v = cat->product_attribute[(size_t)x * cat->n_attributes + i];
		uint32_t u = cat->product_attribute[(size_t)y * cat->n_attributes + i];

		known += v != CATALOG_NONE || u != CATALOG_NONE;
		if (v == CATALOG_NONE || v != u)
			continue;
		strbuf_addf(b, "%s%.*s", same++ ? ", " : "agrees in ",
			    STR_ARG(text_at(&cat->attribute_name, i)));
	}
	if (known)
		strbuf_addf(b, "%s%u of %u attributes", same ? ": " : "agrees in ", same, known);
}

/* Of a category's own row. */
static void say_category(const struct ranking *r, uint32_t category, struct strbuf *b)
{
	const struct flow_row *f = ranking_flow(r, category);

	if (category == CATALOG_NONE)
		return;
	strbuf_addf(b, "%.*s", STR_ARG(text_at(&r->cat->category_path, f ? f->to : category)));
	if (!f) {
		strbuf_adds(b, ": no basket holds it along with this product's category.");
		return;
	}
	strbuf_adds(b, " is in ");
	num_add_grouped(b, (int64_t)f->counts.n);
	strbuf_adds(b, " of ");
	num_add_grouped(b, (int64_t)f->counts.n_a);
	strbuf_addf(b, " baskets with this product's category, %.1f%% (%.1f to %.1f)",
		    100 * f->assoc.confidence, 100 * f->assoc.confidence_low,
		    100 * f->assoc.confidence_high);
	if (!isnan(f->assoc.lift))
		strbuf_addf(b, ", %.2f times as often as by chance", f->assoc.lift);
	strbuf_addc(b, '.');
}

void ranking_say(struct view *v, void *state, uint64_t i, struct strbuf *sentence,
		 struct strbuf *what)
{
	const struct ranking *r = state;
	const struct panel_row *row = ranking_at(r, i);
	uint32_t from = view_question(v)->product;
	enum relation rel = row ? ranking_relation(r, row) : RELATIONS;
	struct str new = row ? ranking_new(view_arena(v), r, row) : STR("");

	if (!row) {
		say_category(r, r->line[i].category, sentence);
		return;
	}
	if (row->counts.n_all && rel != RELATIONS) {
		evidence_words(
			sentence, rel, &row->counts,
			(struct named_pair){text_at(&r->cat->product_label, from),
					    text_at(&r->cat->product_label, row->product)});
		strbuf_addc(sentence, '\n');
		evidence_brief(sentence, rel, &row->counts);
	} else {
		strbuf_addf(sentence, "A product %s", panel_source_text(row->source));
		strbuf_adds(sentence, ": ");
		add_agreement(sentence, r->cat, from, row->product);
		while (sentence->len && strchr(": ", sentence->ptr[sentence->len - 1]))
			sentence->ptr[--sentence->len] = '\0';
		strbuf_addc(sentence, '.');
		if (r->cat->product_attribute) {
			strbuf_addc(sentence, '\n');
			add_agreement(sentence, r->cat, from, row->product);
		}
	}
	if (new.len)
		strbuf_addf(what, "No purchases: from %.*s. ", STR_ARG(new));
	add_product(what, r->cat, row->product);
	strbuf_addf(what, ". Place %u of this list", row->rank);
	if (row->reverse_rank)
		strbuf_addf(what, "; in its own list the selected one is at place %u",
			    row->reverse_rank);
	strbuf_addf(what, ". By %s: %s.", panel_source_name(row->source),
		    panel_source_text(row->source));
	i = (uint64_t)(row - r->panel.rows);
	if (r->choice && choice_seen(&r->choice[i])) {
		strbuf_addc(what, ' ');
		evidence_choice(what, &r->choice[i], STR("the selected one"), STR("this one"));
	}
}
