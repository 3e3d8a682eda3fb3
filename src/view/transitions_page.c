/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transitions as a heat map: a row goes to a column; ground and number say how much. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/quote.h"
#include "base/csr.h"
#include "base/sort.h"
#include "base/utf8.h"
#include "chart/chart.h"
#include "view/page.h"
#include "view/transitions.h"

#define MOST 80		/* categories that are drawn: the others have fewer baskets */
#define CELL_LEAST 6
#define CELL_MOST 12
#define LABEL_MOST 28
#define LIFT_REACH 4	/* doublings from 1 to either end of the ground */

enum measure { BY_N, BY_CONFIDENCE, BY_SHARE, BY_LIFT };

struct map {
	const struct transitions *t;
	const struct view *v;
	struct page *p;
	enum measure by;
	uint32_t n, *category;		/* (n) rows and columns, in the order of the tree */
	uint32_t left_out;
	const struct flow_row **cell;	/* (n, n) or NULL: none */
	double most;			/* of the measure */
	int label, w;			/* cells of row labels and of a column */
	bool names;			/* the columns have room for names, not numbers */
};

static enum measure measure_of(const struct view *v)
{
	struct str sort = str_from(view_sort(v));

	return str_is(sort, "confidence") ? BY_CONFIDENCE : str_is(sort, "share") ? BY_SHARE :
	       str_is(sort, "n") ? BY_N : BY_LIFT;
}

static double value_of(const struct map *m, const struct flow_row *r)
{
	switch (m->by) {
	case BY_CONFIDENCE:
		return r->assoc.confidence;
	case BY_SHARE:
		return r->share;
	case BY_LIFT:
		return r->assoc.lift;
	case BY_N:
		break;
	}
	return (double)r->counts.n;
}

struct weighed {
	uint32_t category;
	uint64_t n;
};

static int by_weight(const void *a, const void *b)
{
	const struct weighed *x = a, *y = b;
	return x->n != y->n ? (x->n < y->n) - (x->n > y->n)
			    : (x->category > y->category) - (x->category < y->category);
}

/* The categories with the most baskets, in the order of the tree. */
static void choose_categories(struct map *m)
{
	const struct flow *f = &m->t->flow;
	uint32_t n = m->t->cat->n_categories, kept = 0;
	SCOPED_FREE struct weighed *w = mem_zalloc((n + 1) * sizeof *w);
	for (uint32_t c = 0; c < n; c++)
		w[c].category = c;
	for (size_t i = 0; i < f->n_rows; i++) {
		w[f->rows[i].from].n = f->rows[i].counts.n_a;
		if (f->rows[i].from != f->rows[i].to)
			w[f->rows[i].to].n = f->rows[i].counts.n_b;
	}
	qsort(w, n, sizeof *w, by_weight);
	while (kept < n && w[kept].n)
		kept++;
	m->n = kept < MOST ? kept : MOST;
	m->left_out = kept - m->n;
	m->category = arena_alloc(m->p->arena, (m->n + 1) * sizeof *m->category);
	for (uint32_t i = 0; i < m->n; i++)
		m->category[i] = w[i].category;
	sort_u32(m->category, m->n);
}

static uint32_t place_of(const struct map *m, uint32_t category)
{
	size_t at = csr_lower(m->category, m->n, category);

	return at < m->n && m->category[at] == category ? (uint32_t)at : UINT32_MAX;
}

static void fill_cells(struct map *m)
{
	const struct flow *f = &m->t->flow;
	size_t cells = (size_t)m->n * m->n;
	m->cell = arena_alloc(m->p->arena, (cells + 1) * sizeof *m->cell);
	memset(m->cell, 0, cells * sizeof *m->cell);
	for (size_t i = 0; i < f->n_rows; i++) {
		uint32_t a = place_of(m, f->rows[i].from), b = place_of(m, f->rows[i].to);
		if (a == UINT32_MAX || b == UINT32_MAX)
			continue;
		m->cell[(size_t)a * m->n + b] = &f->rows[i];
		if (!isnan(value_of(m, &f->rows[i])))
			m->most = fmax(m->most, value_of(m, &f->rows[i]));
	}
}

static struct str name_of(const struct map *m, uint32_t i)
{
	return text_at(&m->t->cat->category_name, m->category[i]);
}

static void measure_cells(struct map *m)
{
	int longest = 0, room;
	for (uint32_t i = 0; i < m->n; i++) {
		int cells = (int)utf8_cells(name_of(m, i));
		longest = cells > longest ? cells : longest;
	}
	m->label = (longest < LABEL_MOST ? longest : LABEL_MOST) + 4;
	room = (m->p->canvas.w - m->label) / (int)(m->n ? m->n : 1);
	m->w = room < CELL_LEAST ? CELL_LEAST : room > CELL_MOST ? CELL_MOST : room;
	m->names = longest < m->w;
	/* A map that is too wide scrolls. */
	if (m->label + m->w * (int)m->n > m->p->canvas.w) {
		enum glyph_set g = m->p->canvas.glyphs;
		canvas_finish(&m->p->canvas);
		canvas_init(&m->p->canvas, m->label + m->w * (int)m->n, g);
	}
}

/* 0..1 of the ramp. Counts and shares run over orders of magnitude, lifts both ways. */
static double ground_of(const struct map *m, double x)
{
	if (isnan(x) || !(m->most > 0))
		return NAN;
	if (m->by == BY_LIFT)
		return x > 0 ? 0.5 + log2(x) / (2 * LIFT_REACH) : 0;
	return m->by == BY_N ? log1p(x) / log1p(m->most) : x / m->most;
}

static void add_number(const struct map *m, struct strbuf *b, const struct flow_row *r)
{
	double x = value_of(m, r);
	if (isnan(x))
		strbuf_addc(b, '-');
	else if (m->by == BY_N)
		num_add_short(b, r->counts.n);
	else if (m->by != BY_LIFT)
		strbuf_addf(b, x < 0.0995 ? "%.1f" : "%.0f", 100 * x);
	else
		strbuf_addf(b, x < 9.95 ? "%.1f" : "%.0f", x);
}

static void add_label(const struct map *m, struct strbuf *b, const struct flow_row *r)
{
	const struct catalog *cat = m->t->cat;
	num_add_grouped(b, (int64_t)r->counts.n);
	strbuf_adds(b, " of ");
	num_add_grouped(b, (int64_t)r->counts.n_a);
	strbuf_addf(b, " baskets with %.*s hold %.*s%.*s: %.1f%%",
		    STR_ARG(text_at(&cat->category_name, r->from)),
		    r->from == r->to ? 8 : 0, "another ",
		    STR_ARG(text_at(&cat->category_name, r->to)), 100 * r->assoc.confidence);
	if (!isnan(r->assoc.lift))
		strbuf_addf(b, ", %.2f times as often as by chance (%.2f to %.2f)",
			    r->assoc.lift, r->assoc.lift_low, r->assoc.lift_high);
	strbuf_adds(b, r->small ? ", a small sample" : "");
}

/* The product pairs behind a cell. */
static const char *pairs_line(const struct map *m, const struct flow_row *r)
{
	STRBUF(b);
	STRBUF(where);
	STRBUF(id);
	struct str to = text_at(&m->t->cat->category_id, r->to);
	strbuf_addf(&b, "show pairs --relation %s --category ",
		    relation_name(basket_relation(m->t->flow.kind)));
	quote_word(&b, text_at(&m->t->cat->category_id, r->from));
	for (size_t i = 0; i < to.len; i++) {
		strbuf_addc(&id, to.ptr[i]);
		if (to.ptr[i] == '\'')
			strbuf_addc(&id, '\'');
	}
	strbuf_addf(&where, "category='%s'", strbuf_c(&id));
	strbuf_adds(&b, " --sort n --where ");
	quote_word(&b, strbuf_str(&where));
	return arena_str(m->p->arena, strbuf_str(&b)).ptr;
}

static void draw_cell(const struct map *m, struct rect at, uint32_t a, uint32_t b)
{
	const struct flow_row *r = m->cell[(size_t)a * m->n + b];
	STRBUF(number);
	STRBUF(label);
	struct page_spot *s = page_spot(m->p, (struct rect){at.y, at.x, 1, m->w});
	if (!r) {
		canvas_right(&m->p->canvas, (struct rect){at.y, at.x, 1, m->w}, STR("."),
			     INK_DIM);
		s->label = arena_printf(m->p->arena, "%.*s > %.*s: in no basket together",
					STR_ARG(name_of(m, a)), STR_ARG(name_of(m, b))).ptr;
		return;
	}
	add_number(m, &number, r);
	add_label(m, &label, r);
	(m->by == BY_LIFT ? chart_heat_around : chart_heat)(
		&m->p->canvas, (struct rect){at.y, at.x, 1, m->w},
		(struct heat){ground_of(m, value_of(m, r)),
		strbuf_str(&number), r->small});
	s->label = arena_str(m->p->arena, strbuf_str(&label)).ptr;
	s->line = pairs_line(m, r);
	s->target.category = r->from;
	s->target.to = r->to;
}

static void draw_heads(const struct map *m, int y)
{
	for (uint32_t j = 0; j < m->n; j++) {
		STRBUF(number);
		strbuf_addf(&number, "%u", j + 1);
		canvas_right(&m->p->canvas,
			     (struct rect){y, m->label + (int)j * m->w, 1, m->w},
			     m->names ? name_of(m, j) : strbuf_str(&number), INK_HEAD);
	}
}

/* A category leads to its own row as a list. */
static void draw_side(const struct map *m, int y, uint32_t i)
{
	struct canvas *c = &m->p->canvas;
	struct page_spot *s = page_spot(m->p, (struct rect){y, 0, 1, m->label - 1});
	STRBUF(line);
	STRBUF(number);
	strbuf_addf(&number, "%u", i + 1);
	if (!m->names)
		canvas_right(c, (struct rect){y, 0, 1, 2}, strbuf_str(&number), INK_DIM);
	canvas_text(c, (struct rect){y, 3, 1, m->label - 4}, name_of(m, i), INK_TEXT);
	strbuf_adds(&line, "show transitions --category ");
	quote_word(&line, text_at(&m->t->cat->category_id, m->category[i]));
	strbuf_addf(&line, " --level %u%s", m->t->flow.level + 1,
		    m->t->flow.multi ? " --baskets multi" : " --baskets all");
	s->line = arena_str(m->p->arena, strbuf_str(&line)).ptr;
	s->label = arena_printf(m->p->arena, "%.*s: Enter lists where its baskets go",
				STR_ARG(text_at(&m->t->cat->category_path, m->category[i]))).ptr;
}

static void draw_title(const struct map *m, int y)
{
	static const char *const what[] = {
		[BY_N] = "n: %s with products of both",
		[BY_CONFIDENCE] = ("confidence, %%: of %s with the row, those with the "
				   "column too"),
		[BY_SHARE] = "share, %%: of the row's product pairs in %s",
		[BY_LIFT] = "lift: times more often together in %s than by chance",
	};
	STRBUF(b);
	const char *text = what[m->by];
	STRBUF(kind);

	strbuf_addf(&kind, "%s baskets%s", basket_kind_name(m->t->flow.kind),
		    m->t->flow.multi ? " of two or more" : "");
	for (; *text; text++)
		if (text[0] == '%' && text[1] == 's')
			strbuf_add(&b, strbuf_str(&kind)), text++;
		else if (text[0] == '%' && text[1] == '%')
			strbuf_addc(&b, '%'), text++;
		else
			strbuf_addc(&b, *text);
	canvas_text(&m->p->canvas, (struct rect){y, 0, 1, m->p->canvas.w}, strbuf_str(&b),
		    INK_DIM);
}

static void draw_legend(const struct map *m, int y)
{
	STRBUF(most);
	if (m->by == BY_N)
		num_add_grouped(&most, (int64_t)m->most);
	else if (m->by == BY_LIFT)
		strbuf_adds(&most, "more, 1 in the middle   ? n below 20   - not defined");
	else
		strbuf_addf(&most, "%.1f%%   ? n below 20", 100 * m->most);
	if (m->by == BY_N)
		strbuf_adds(&most, " (log)   ? n below 20   . none");
	if (m->by == BY_LIFT)
		chart_heat_around_legend(&m->p->canvas, (struct rect){y, 0},
					 STR("less than by chance"), strbuf_str(&most));
	else
		chart_heat_legend(&m->p->canvas, (struct rect){y, 0}, STR("0"),
				  strbuf_str(&most));
}

void transitions_page(struct view *v, void *state, struct page *p)
{
	struct map m = {.t = state, .v = v, .p = p};
	int y = 0;
	if (!m.t->flow.n_rows) {
		canvas_text(&p->canvas, (struct rect){0, 0, 1, p->canvas.w},
			    str_from(view_note(v)), INK_DIM);
		return;
	}
	m.by = measure_of(v);
	choose_categories(&m);
	fill_cells(&m);
	measure_cells(&m);
	draw_title(&m, y++);
	draw_legend(&m, y++);
	p->still_y = y;
	draw_heads(&m, y++);
	p->freeze_y = y;
	p->freeze_x = m.label;
	p->step_x = m.w;
	for (uint32_t i = 0; i < m.n; i++, y++) {
		draw_side(&m, y, i);
		for (uint32_t j = 0; j < m.n; j++)
			draw_cell(&m, (struct rect){y, m.label + (int)j * m.w}, i, j);
	}
	if (m.left_out) {
		STRBUF(b);
		strbuf_addf(&b, "%u more categories have fewer baskets: Tab lists all.",
			    m.left_out);
		canvas_text(&p->canvas, (struct rect){y, 0, 1, p->canvas.w},
			    strbuf_str(&b), INK_DIM);
	}
}

#define SAID 10

void transitions_words(struct view *v, void *state, struct strbuf *b)
{
	const struct transitions *t = state;
	for (size_t i = 0; i < t->flow.n_rows && i < SAID; i++) {
		const struct flow_row *r = &t->flow.rows[t->order ? t->order[i] : i];
		strbuf_addf(b, "Of the baskets with %.*s, %.1f%% hold %s%.*s too: ",
			    STR_ARG(text_at(&t->cat->category_path, r->from)),
			    100 * r->assoc.confidence, r->from == r->to ? "another of " : "",
			    STR_ARG(text_at(&t->cat->category_path, r->to)));
		num_add_grouped(b, (int64_t)r->counts.n);
		strbuf_adds(b, " of ");
		num_add_grouped(b, (int64_t)r->counts.n_a);
		if (!isnan(r->assoc.lift))
			strbuf_addf(b, ", %.2f times as often as by chance", r->assoc.lift);
		strbuf_adds(b, r->small ? " (a small sample).\n" : ".\n");
	}
}
