/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why b is suggested for a, the answer first: a sentence, both shares against chance, the
 * baskets as areas to scale; then the baskets themselves, days and who else says so. Narrow
 * pages have one column, and the first baskets before all that is looked up later.
 */
#include "config.h"

#include "view/why.h"

#include <math.h>

#include "ask/pseudonym.h"
#include "base/arena.h"
#include "base/num.h"
#include "base/time.h"
#include "base/utf8.h"
#include "chart/chart.h"
#include "model/model.h"
#include "view/evidence.h"
#include "view/names.h"
#include "view/page.h"

#define WIDE 108	/* cells from which two boxes stand side by side */
#define FEW_BASKETS 5	/* before the rest of a narrow page */
#define NAME_MOST 26
#define PERIODS 8

struct sheet {
	const struct why *w;
	struct page *p;
	struct str name[2];	/* of a and b */
	int y;
};

static int width(const struct sheet *s)
{
	return s->p->canvas.w;
}

static void line(struct sheet *s, int x, const struct strbuf *b, enum ink ink)
{
	canvas_text(&s->p->canvas, (struct rect){s->y++, x, 1, width(s) - x},
		    strbuf_str(b), ink);
}

/* --- the sentence */

static void add_sentence(const struct why *w, const struct str name[2], struct strbuf *b)
{
	if (w->relation == RELATIONS || !w->counts.n_all || !w->counts.n_a) {
		strbuf_addf(b, "Nothing was counted of %.*s together with another product.",
			    STR_ARG(name[0]));
	} else if (w->counts.n == 0 && w->place[PANEL_COMPLEMENTARY].rank) {
		evidence_words(b, w->relation, &w->counts,
			       (struct named_pair){name[0], name[1]});
		strbuf_addf(b, " It stands at place %u of the complements as a product %s.",
			    w->place[PANEL_COMPLEMENTARY].rank,
			    panel_source_text(w->place[PANEL_COMPLEMENTARY].row.source));
	} else {
		evidence_words(b, w->relation, &w->counts,
			       (struct named_pair){name[0], name[1]});
		if (w->counts.n_b) {
			strbuf_adds(b, " The other way round: ");
			evidence_share(b, (double)w->counts.n / (double)w->counts.n_b);
			strbuf_addc(b, '.');
		}
	}
	if (w->trend.n) {
		strbuf_addc(b, ' ');
		trend_words(b, &w->trend);
	}
	if (choice_seen(&w->choice)) {
		strbuf_addc(b, ' ');
		evidence_choice(b, &w->choice, name[0], name[1]);
	}
}

static void draw_sentence(struct sheet *s)
{
	STRBUF(b);

	add_sentence(s->w, s->name, &b);
	page_heading(s->p, (struct rect){s->y++, 0, 1, width(s)}, "In words", NULL);
	s->y += page_text(s->p, (struct rect){s->y, 0, 1, width(s)},
			  str_trim(strbuf_str(&b)), INK_TEXT);
}

/* --- against chance */

struct against {
	struct str from, to;
	struct chart_range range;
	double lift;
};

static struct against against(struct str from, struct str to, const struct assoc_counts *c,
			      bool chance)
{
	struct against x = {from, to, {NAN, NAN, NAN, NAN}, NAN};
	struct assoc a;

	assoc_compute(c, &a);
	x.range = (struct chart_range){a.confidence_low, a.confidence, a.confidence_high,
				       chance ? (double)c->n_b / (double)c->n_all : NAN};
	x.lift = chance ? a.lift : NAN;
	return x;
}

static void draw_axis(struct sheet *s, int x, int w, double most)
{
	double step = chart_step(most, w / 9 > 1 ? w / 9 : 1);

	for (int i = 0; i * step <= most * 1.0001; i++) {
		int at = x + (int)lround(i * step / most * (w - 1)), cells;
		STRBUF(b);

		strbuf_addf(&b, "%.3g%%", 100 * i * step);
		cells = (int)b.len;
		at = at + cells > x + w ? x + w - cells : at;
		canvas_text(&s->p->canvas, (struct rect){s->y, at, 1, cells},
			    strbuf_str(&b), INK_DIM);
	}
	s->y++;
}

static void draw_against_row(struct sheet *s, const struct against *r, int name, int w,
			     double most)
{
	struct canvas *c = &s->p->canvas;
	const char *path = c->glyphs == GLYPHS_ASCII ? ">" : "›";
	STRBUF(b);
	STRBUF(half);

	names_cut(&half, r->from, (name - 3) / 2, c->glyphs == GLYPHS_ASCII ? "~" : "…");
	strbuf_addf(&b, "%s %s ", strbuf_c(&half), path);
	names_cut(&b, r->to, name - (int)utf8_cells(strbuf_str(&b)),
		  c->glyphs == GLYPHS_ASCII ? "~" : "…");
	canvas_text(c, (struct rect){s->y, 0, 1, name}, strbuf_str(&b), INK_TEXT);
	chart_interval(c, (struct rect){s->y, name + 1, 1, w}, &r->range, most,
		       INK_SERIES);
	strbuf_reset(&b);
	evidence_share(&b, r->range.middle);
	canvas_right(c, (struct rect){s->y, name + w + 2, 1, 6}, strbuf_str(&b),
		     INK_NUMBER);
	strbuf_reset(&b);
	if (!isnan(r->lift)) {
		evidence_times(&b, r->lift);
		strbuf_addc(&b, 'x');
	}
	canvas_right(c, (struct rect){s->y++, name + w + 9, 1, 7}, strbuf_str(&b),
		     INK_NUMBER);
}

static void draw_against(struct sheet *s)
{
	const struct why *w = s->w;
	struct assoc_counts back = {w->counts.n, w->counts.n_b, w->counts.n_a, w->counts.n_all};
	struct against row[3];
	int n = 0, name = width(s) / 3 < 2 * NAME_MOST ? width(s) / 3 : 2 * NAME_MOST, plot;
	double most = 0;

	if (w->counts.n_a && w->counts.n_all)
		row[n++] = against(s->name[0], s->name[1], &w->counts, true);
	if (w->counts.n_b && w->counts.n_all)
		row[n++] = against(s->name[1], s->name[0], &back, true);
	if (w->has_flow)
		row[n++] = against(text_at(&w->cat->category_name, w->flow.from),
				   text_at(&w->cat->category_name, w->flow.to),
				   &w->flow.counts, w->flow.from != w->flow.to);
	if (!n)
		return;
	for (int i = 0; i < n; i++)
		most = fmax(most, fmax(row[i].range.high, isnan(row[i].range.chance) ? 0
							     : row[i].range.chance));
	plot = width(s) - name - 17;
	page_heading(s->p, (struct rect){s->y++, 0, 1, width(s)},
		     "Against chance: the share, what it may be at 95%, "
		     "and c where chance is",
		     NULL);
	draw_axis(s, name + 1, plot, most);
	for (int i = 0; i < n; i++)
		draw_against_row(s, &row[i], name, plot, most);
}

/* --- the 2x2 table as areas */

struct area {
	uint64_t n;
	uint32_t fill, ascii;
	enum ink ink;
	struct str name;
	const char *what;
};

static void draw_areas(struct sheet *s)
{
	const struct assoc_counts *c = &s->w->counts;
	struct canvas *canvas = &s->p->canvas;
	uint64_t all = c->n_a + c->n_b - c->n;
	struct area area[] = {
		{c->n_a - c->n, 0x2592, '=', INK_SERIES, s->name[0], " alone "},
		{c->n, 0x2588, '#', INK_SERIES + 2, STR("both"), " "},
		{c->n_b - c->n, 0x2591, '-', INK_SERIES + 1, s->name[1], " alone "},
	};
	int w = width(s), used = 0;
	STRBUF(title);
	STRBUF(legend);

	if (!c->n_all || !all)
		return;
	strbuf_adds(&title, "The ");
	num_add_grouped(&title, (int64_t)all);
	strbuf_adds(&title, " with either, of ");
	num_add_grouped(&title, (int64_t)c->n_all);
	page_heading(s->p, (struct rect){s->y++, 0, 1, w}, strbuf_c(&title), NULL);
	for (size_t i = 0; i < 3; i++) {
		int cells = (int)lround((double)area[i].n / (double)all * w);
		uint32_t fill = canvas->glyphs == GLYPHS_ASCII ? area[i].ascii : area[i].fill;

		cells = cells || !area[i].n ? cells : 1;
		for (int k = 0; k < cells && used < w; k++)
			canvas_put(canvas, s->y, used++, fill, area[i].ink);
		strbuf_adds(&legend, i ? "   " : "");
		utf8_add(&legend, fill);
		strbuf_addc(&legend, ' ');
		names_cut(&legend, area[i].name, NAME_MOST, "~");
		strbuf_adds(&legend, area[i].what);
		num_add_grouped(&legend, (int64_t)area[i].n);
	}
	s->y++;
	line(s, 0, &legend, INK_TEXT);
}

/* --- the baskets */

static void draw_baskets(struct sheet *s, unsigned first, unsigned most)
{
	const struct why *w = s->w;
	STRBUF(title);

	if (first >= w->n_baskets)
		return;
	strbuf_adds(&title, first ? "More baskets" : "The baskets");
	strbuf_addf(&title, ", %u of ", w->n_baskets < first + most ? w->n_baskets : first + most);
	num_add_grouped(&title, (int64_t)w->sessions);
	strbuf_adds(&title, ", bought first, newest first: Enter opens one");
	page_heading(s->p, (struct rect){s->y++, 0, 1, width(s)}, strbuf_c(&title), NULL);
	for (unsigned i = first; i < w->n_baskets && i < first + most; i++) {
		uint32_t session = w->basket[i].session;
		struct str name = pseudonym_session(w->q, s->p->arena, session);
		int64_t start = w->cat->event_time[w->cat->session_offsets[session]];
		STRBUF(b);

		page_spot(s->p, (struct rect){s->y, 0, 1, width(s)})->target.session =
			session;
		canvas_text(&s->p->canvas, (struct rect){s->y, 0, 1, 13},
			    name.ptr ? name : STR("session"), INK_DIM);
		if (!(w->cat->caps & CAP_UNDATED))
			time_add_date(&b, catalog_clock(w->cat, start));
		canvas_text(&s->p->canvas, (struct rect){s->y, 14, 1, 10}, strbuf_str(&b),
			    INK_DIM);
		strbuf_reset(&b);
		why_add_basket(w, session, s->name, &b);
		line(s, 26, &b, INK_TEXT);
	}
}

/* --- days */

static void draw_trend(struct sheet *s, int x, int w)
{
	const struct trend *t = &s->w->trend;
	unsigned first = t->n > PERIODS ? t->n - PERIODS : 0;
	double most = 0;
	STRBUF(title);

	strbuf_addf(&title, "By %s: both, of those with %.*s", t->length == TIME_DAY ? "day" :
		    t->length == 7 * TIME_DAY ? "week" : "4 weeks", STR_ARG(s->name[0]));
	page_heading(s->p, (struct rect){s->y++, x, 1, w},
		     arena_str(s->p->arena, strbuf_str(&title)).ptr, NULL);
	for (unsigned k = first; k < t->n; k++)
		most = fmax(most, t->a[k] ? (double)t->both[k] / (double)t->a[k] : 0);
	for (unsigned k = first; k < t->n; k++, s->y++) {
		double share = t->a[k] ? (double)t->both[k] / (double)t->a[k] : NAN;
		STRBUF(b);

		time_add_date(&b, trend_start(t, k));
		canvas_text(&s->p->canvas, (struct rect){s->y, x, 1, 10}, strbuf_str(&b),
			    INK_DIM);
		if (most > 0 && !isnan(share))
			chart_bar(&s->p->canvas, (struct rect){s->y, x + 12, 1, w - 36},
				  share / most, INK_SERIES);
		strbuf_reset(&b);
		if (!isnan(share))
			evidence_share(&b, share);
		canvas_right(&s->p->canvas, (struct rect){s->y, x + w - 23, 1, 6},
			     strbuf_str(&b), INK_NUMBER);
		strbuf_reset(&b);
		num_add_grouped(&b, (int64_t)t->both[k]);
		strbuf_adds(&b, " of ");
		num_add_grouped(&b, (int64_t)t->a[k]);
		canvas_right(&s->p->canvas, (struct rect){s->y, x + w - 16, 1, 16},
			     strbuf_str(&b), INK_DIM);
	}
}

/* Days that are in no period: a part of one would look like a fall. */
static void draw_left_out(struct sheet *s, int x, int w)
{
	const struct catalog *c = s->w->cat;
	const struct trend *t = &s->w->trend;
	int64_t first = catalog_day(c, c->first_time) * TIME_DAY, begin = trend_start(t, 0);
	STRBUF(b);

	if (first < begin) {
		time_add_date(&b, first);
		if (begin - first > TIME_DAY) {
			strbuf_adds(&b, " to ");
			time_add_date(&b, begin - TIME_DAY);
		}
		strbuf_adds(&b, " and ");
	}
	time_add_date(&b, t->end);
	strbuf_adds(&b, " left out: ");
	strbuf_adds(&b, first < begin ? "no whole period" : "the last day may be cut");
	canvas_text(&s->p->canvas, (struct rect){s->y++, x, 1, w}, strbuf_str(&b), INK_DIM);
}

/* --- who says so */

static void say(struct sheet *s, struct span at, const char *who, const struct strbuf *what)
{
	canvas_text(&s->p->canvas, (struct rect){s->y, at.x, 1, 14}, str_from(who), INK_DIM);
	s->y += page_text(s->p, (struct rect){s->y, at.x + 15, 1, at.w - 15}, strbuf_str(what),
			  INK_TEXT);
}

static void say_place(struct sheet *s, int x, int w, enum panel_kind kind)
{
	const struct why_place *p = &s->w->place[kind];
	STRBUF(b);

	if (p->rank) {
		strbuf_addf(&b, "place %u", p->rank);
		strbuf_addf(&b, p->back ? " of its list, the other way round %u" :
			    " of its list, not the other way round", p->back);
		strbuf_addf(&b, ": %s, score %.3g", p->row.source == SOURCE_MODEL
			    ? model_name(s->w->q->model) : panel_source_name(p->row.source),
			    p->row.score);
		if (p->row.flags & PANEL_PENALISED)
			strbuf_adds(&b, ", lowered: bought together more than by chance");
	} else {
		strbuf_adds(&b, "not among the first 1,000");
	}
	say(s, (struct span){x, w}, kind == PANEL_SIMILAR ? "similar" : "complementary", &b);
}

static void say_attributes(struct sheet *s, int x, int w)
{
	const struct catalog *cat = s->w->cat;
	uint32_t n = cat->product_attribute ? cat->n_attributes : 0, known = 0, same = 0;
	STRBUF(names);
	STRBUF(b);

	for (uint32_t i = 0; i < n; i++) {
		uint32_t a = cat->product_attribute[(size_t)s->w->a * n + i];
		uint32_t o = cat->product_attribute[(size_t)s->w->b * n + i];

		known += a != CATALOG_NONE || o != CATALOG_NONE;
		if (a == CATALOG_NONE || a != o)
			continue;
		strbuf_addf(&names, "%s%.*s %.*s", same++ ? ", " : ": ",
			    STR_ARG(text_at(&cat->attribute_name, i)),
			    STR_ARG(text_at(&cat->attribute_value, a)));
	}
	if (!known)
		return;
	strbuf_addf(&b, "%u of %u agree%s", same, known, names.len ? strbuf_c(&names) : "");
	say(s, (struct span){x, w}, "attributes", &b);
}

static void say_relations(struct sheet *s, int x, int w)
{
	for (unsigned r = 0; r < RELATIONS; r++) {
		struct assoc_counts c;
		STRBUF(b);

		if (!why_counted(s->w, r))
			continue;
		c = why_counts(s->w, r, s->w->a, s->w->b);
		num_add_grouped(&b, (int64_t)c.n);
		strbuf_adds(&b, " of ");
		num_add_grouped(&b, (int64_t)c.n_a);
		if (relation_directed(r)) {
			c = why_counts(s->w, r, s->w->b, s->w->a);
			strbuf_adds(&b, ", back ");
			num_add_grouped(&b, (int64_t)c.n);
			strbuf_adds(&b, " of ");
			num_add_grouped(&b, (int64_t)c.n_a);
		}
		say(s, (struct span){x, w}, relation_name(r), &b);
	}
}

static void say_reasons(struct sheet *s, int x, int w)
{
	struct model_reason reason[4];
	const struct model *m = s->w->q->model;
	unsigned n =
		m ? model_explain(m, s->w->a, s->w->b, (struct reasons){reason, 4}) : 0;

	for (unsigned i = 0; i < n; i++) {
		STRBUF(b);

		strbuf_addf(&b, "%.0f%% of its score", 100 * reason[i].share);
		if (reason[i].via != CATALOG_NONE)
			strbuf_addf(&b, " by way of %.*s",
				    STR_ARG(names_product(s->w->cat, reason[i].via, NAME_MOST,
							  s->p->arena)));
		strbuf_addf(&b, ": %s", reason[i].text);
		say(s, (struct span){x, w}, model_name(m), &b);
	}
}

static void draw_sayers(struct sheet *s, int x, int w)
{
	page_heading(s->p, (struct rect){s->y++, x, 1, w}, "Who says so", NULL);
	say_place(s, x, w, PANEL_COMPLEMENTARY);
	say_place(s, x, w, PANEL_SIMILAR);
	say_reasons(s, x, w);
	say_relations(s, x, w);
	say_attributes(s, x, w);
}

/* --- measures, what they mean, and what there isn't */

static void measure(struct sheet *s, const char *name, const struct strbuf *value,
		    const char *meaning)
{
	struct page_spot *spot = page_spot(s->p, (struct rect){s->y, 0, 1, width(s)});

	canvas_text(&s->p->canvas, (struct rect){s->y, 0, 1, 11}, str_from(name),
		    INK_DIM);
	canvas_text(&s->p->canvas, (struct rect){s->y, 12, 1, 24}, strbuf_str(value),
		    INK_NUMBER);
	spot->label = meaning;
	s->y += page_text(s->p, (struct rect){s->y, 37, 1, width(s) - 37},
			  str_from(meaning), INK_DIM);
}

static void draw_measures(struct sheet *s)
{
	const struct why *w = s->w;
	struct assoc a;
	STRBUF(b);

	if (w->relation == RELATIONS || !w->counts.n_a || !w->counts.n_b)
		return;
	assoc_compute(&w->counts, &a);
	page_heading(s->p, (struct rect){s->y++, 0, 1, width(s)}, "Measures", NULL);
	strbuf_addf(&b, "%.3g [%.3g to %.3g]", a.lift, a.lift_low, a.lift_high);
	measure(s, "lift", &b, "times as often together as by chance, and what it may be at 95%");
	strbuf_reset(&b);
	strbuf_addf(&b, "%.2g", assoc_q(w->cat->relation[w->relation].q, a.p));
	measure(s, "q", &b, "the share of pairs as strong as this that chance makes");
	strbuf_reset(&b);
	strbuf_addf(&b, "%.4g", a.g2);
	measure(s, "G2", &b, "how far from chance, with n in it; below 0: rarer than that");
	strbuf_reset(&b);
	strbuf_addf(&b, "%.2g bits", a.pmi);
	if (!isnan(a.pmi))
		measure(s, "PMI", &b, "the logarithm of lift: 1 bit is twice as often");
	strbuf_reset(&b);
	evidence_share(&b, a.support);
	measure(s, "support", &b, "of all, those with both");
}

static void draw_missing(struct sheet *s)
{
	STRBUF(b);

	for (unsigned r = 0; r < RELATIONS; r++)
		if (!why_counted(s->w, r))
			strbuf_addf(&b, "%s%s", b.len ? ", " : "Not counted in this store: ",
				    relation_name(r));
	if (b.len)
		line(s, 0, &b, INK_DIM);
}

/* --- the page */

static void name_both(const struct why *w, struct str name[2], int most, struct arena *arena)
{
	const uint32_t both[2] = {w->a, w->b};

	names_products(&(struct names){.cat = w->cat, .at = both, .n = 2, .w = most}, arena, name);
}

void why_page(struct view *v, void *state, struct page *p)
{
	struct sheet s = {.w = state, .p = p};
	bool wide = p->canvas.w >= WIDE;
	int half = wide ? (p->canvas.w - 3) / 2 : p->canvas.w, top, end;

	name_both(s.w, s.name, NAME_MOST, p->arena);
	draw_sentence(&s);
	draw_against(&s);
	draw_areas(&s);
	if (!wide)
		draw_baskets(&s, 0, FEW_BASKETS);
	top = s.y;
	if (!s.w->trend.lack && s.w->trend.n)
		draw_trend(&s, 0, half), draw_left_out(&s, 0, half);
	end = s.y;
	if (wide)
		s.y = top;
	draw_sayers(&s, wide && end > top ? half + 3 : 0, wide && end > top ? half : p->canvas.w);
	s.y = s.y > end ? s.y : end;
	draw_baskets(&s, wide ? 0 : FEW_BASKETS, WHY_BASKETS);
	draw_measures(&s);
	draw_missing(&s);
	(void)v;
}

void why_words(struct view *v, void *state, struct strbuf *b)
{
	const struct why *w = state;
	SCOPED(arena) a = arena_create();
	struct str name[2];

	name_both(w, name, 0, a);
	add_sentence(w, name, b);
	while (b->len && b->ptr[b->len - 1] == ' ')
		b->ptr[--b->len] = '\0';
	strbuf_addc(b, '\n');
	for (uint64_t i = 0; i < view_count(v); i++) {
		view_add_sentence(v, i, b);
		strbuf_addc(b, '\n');
	}
}
