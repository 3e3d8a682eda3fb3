/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A map as a chart: points brought to cells, the letter of each group in its fullest
 * cell, and beside them what the letters and digits mean.
 */
#include "config.h"

#include <math.h>

#include "base/arena.h"
#include "base/num.h"
#include "base/utf8.h"
#include "view/map_view.h"
#include "view/page.h"

#define SIDE_FROM 66	/* cells: narrower pages have no room beside the plot */
#define SIDE_LEAST 30
#define SIDE_MOST 44
#define PLOT_LEAST 6	/* lines */
#define PLOT_FREE 30	/* of a page that may be as high as it likes */
#define SELECTED '@'
#define CENTRE '+'
#define NAME_MOST 14	/* cells of a region's name */
#define NAME_LEAST 4
#define NAMED_PART 50	/* a region with less than 1 / so many of the points has a letter alone */

struct drawing {
	struct map_view *m;
	struct page *p;
	int y, h, w;		/* of the plot, at the left edge */
};

static uint32_t letter(unsigned group)
{
	return 'A' + group;
}

static enum ink ink_of(unsigned group)
{
	return (enum ink)(INK_SERIES + group);
}

static void add_label(const struct map_view *m, struct strbuf *b, uint32_t product)
{
	struct str label = text_at(&m->cat->product_label, product);

	strbuf_add(b, label.len ? label : text_at(&m->cat->product_id, product));
}

/* --- the plot */

static void make_scatter(const struct drawing *d)
{
	struct map_view *m = d->m;

	if (m->fresh && m->plot_h == d->h && m->plot_w == d->w)
		return;
	scatter_finish(&m->scatter);
	scatter_make(&m->scatter, d->h, d->w, d->p->canvas.glyphs, &m->window, m->x, m->y,
		     m->n_groups ? m->class : NULL, m->n);
	m->plot_h = d->h;
	m->plot_w = d->w;
	map_centres(m);
	m->fresh = true;
}

static void place_cursor(struct map_view *m)
{
	if (!m->placed) {
		m->y_at = m->plot_h / 2;
		m->x_at = m->plot_w / 2;
		if (m->selected != SIZE_MAX)
			scatter_cell(
				&m->scatter,
				(struct scatter_place){m->x[m->selected], m->y[m->selected]},
				&m->y_at, &m->x_at);
	}
	m->y_at = map_within(m->y_at, m->plot_h);
	m->x_at = map_within(m->x_at, m->plot_w);
}

/* Nothing is written there. */
static bool is_free(const struct drawing *d, size_t cell)
{
	enum ink ink = canvas_at(&d->p->canvas, d->y + (int)(cell / (size_t)d->w),
				 (int)(cell % (size_t)d->w))->ink;

	return ink != INK_HEAD && ink != INK_MARK;
}

/* The name of a region behind its letter, where nothing else is written. */
static void draw_name(const struct drawing *d, unsigned k, size_t cell)
{
	const struct map_group *g = &d->m->group[k];
	int y = (int)(cell / (size_t)d->w), x = (int)(cell % (size_t)d->w) + 2, room = 0;

	while (room < NAME_MOST && x + room < d->w && is_free(d, cell + 2 + (size_t)room))
		room++;
	if (room < NAME_LEAST || g->n * NAMED_PART < d->m->n)
		return;
	if (!is_free(d, cell + 1))
		return;
	canvas_put(&d->p->canvas, d->y + y, x - 1, ' ', INK_HEAD);
	canvas_text(&d->p->canvas, (struct rect){d->y + y, x, 1, room}, g->name, INK_HEAD);
}

static void draw_letters(const struct drawing *d)
{
	const struct scatter *s = &d->m->scatter;
	size_t cells = (size_t)d->h * (size_t)d->w, at[INK_SERIES_N];

	for (unsigned k = 0; k < d->m->n_groups; k++) {
		size_t best = SIZE_MAX;

		for (size_t i = 0; i < cells; i++)
			if (s->count[i] && s->class[i] == k && is_free(d, i) &&
			    (best == SIZE_MAX || s->count[i] > s->count[best]))
				best = i;
		at[k] = best;
		if (best != SIZE_MAX)
			canvas_put(&d->p->canvas, d->y + (int)(best / (size_t)d->w),
				   (int)(best % (size_t)d->w), letter(k), ink_of(k));
	}
	for (unsigned k = 0; k < d->m->n_groups; k++)
		if (at[k] != SIZE_MAX)
			draw_name(d, k, at[k]);
}

/* Where the centres of clusters are, under the letters. */
static void draw_centres(const struct drawing *d)
{
	const struct map_view *m = d->m;

	for (uint32_t k = 0; m->centre && k < m->clusters.n; k++) {
		const double *at = m->centre + 2 * (size_t)k;
		int y, x;

		if (!isnan(at[0]) &&
		    scatter_cell(&m->scatter,
				 (struct scatter_place){(float)at[0], (float)at[1]}, &y, &x))
			canvas_put(&d->p->canvas, d->y + y, x, CENTRE, INK_HEAD);
	}
}

static bool cell_of(const struct drawing *d, size_t point, int *y, int *x)
{
	const struct map_view *m = d->m;

	if (point == SIZE_MAX ||
	    !scatter_cell(&m->scatter, (struct scatter_place){m->x[point], m->y[point]}, y, x))
		return false;
	*y += d->y;
	return true;
}

/* The label stands where there is room for it. */
static void draw_selected(const struct drawing *d)
{
	struct canvas *c = &d->p->canvas;
	struct map_view *m = d->m;
	int y, x, gap, room, cells, at;
	STRBUF(b);

	for (size_t k = m->n_near; k-- > 0;)
		if (cell_of(d, map_point(m, m->near[k].id), &y, &x))
			canvas_put(c, y, x, (uint32_t)('1' + k), INK_HEAD);
	if (!cell_of(d, m->selected, &y, &x))
		return;
	add_label(m, &b, m->product[m->selected]);
	gap = x + 1 < d->w && canvas_at(c, y, x + 1)->ink == INK_HEAD ? 3 : 2;
	room = d->w - x - gap > x - 1 ? d->w - x - gap : x - 1;
	cells = (int)utf8_cells(strbuf_str(&b));
	cells = cells < room ? cells : room;
	at = x + gap + cells <= d->w ? x + gap : x - 1 - cells;
	if (cells > 0)
		canvas_text(c, (struct rect){y, at, 1, cells}, strbuf_str(&b), INK_HEAD);
	if (cells > 0 && at > x)
		canvas_put(c, y, at - 1, ' ', INK_HEAD);
	canvas_put(c, y, x, SELECTED, INK_MARK);
}

static int at_edge(int x, int w)
{
	return x < 0 ? 0 : x >= w ? w - 1 : x;
}

static void draw_rectangle(const struct drawing *d)
{
	const struct map_view *m = d->m;
	const struct scatter_view *v = &m->window;
	struct canvas *c = &d->p->canvas;
	int my = at_edge((int)floor((v->y1 - m->mark_y) / (v->y1 - v->y0) * d->h), d->h);
	int mx = at_edge((int)floor((m->mark_x - v->x0) / (v->x1 - v->x0) * d->w), d->w);
	int y0 = my < m->y_at ? my : m->y_at, y1 = my + m->y_at - y0;
	int x0 = mx < m->x_at ? mx : m->x_at, x1 = mx + m->x_at - x0;

	for (int y = y0; y <= y1; y++)
		for (int x = x0; x <= x1; x++)
			if (y == y0 || y == y1 || x == x0 || x == x1)
				canvas_put(c, d->y + y, x, canvas_at(c, d->y + y, x)->c,
					   INK_MARK);
}

static void cursor_label(const struct drawing *d, struct strbuf *b, size_t point)
{
	struct map_view *m = d->m;
	uint32_t p = m->product[point], here;
	int y, x;

	if (m->marking) {
		num_add_grouped(b, (int64_t)map_marked(m, NULL, 0));
		strbuf_adds(b, " products in the rectangle: Enter makes them the filter, v gives "
			       "up");
		return;
	}
	here = m->scatter.count[(size_t)m->y_at * (size_t)d->w + (size_t)m->x_at];
	if (!scatter_cell(&m->scatter, (struct scatter_place){m->x[point], m->y[point]}, &y,
			  &x))
		strbuf_adds(b, "outside: ");
	else if (!here)
		strbuf_adds(b, "nearest: ");
	add_label(m, b, p);
	if (m->cat->product_category[p] != CATALOG_NONE)
		strbuf_addf(b, ", %.*s", STR_ARG(text_at(&m->cat->category_path,
							 m->cat->product_category[p])));
	if (here > 1)
		strbuf_addf(b, ", and %u more in this cell", here - 1);
}

static void draw_cursor(const struct drawing *d)
{
	struct map_view *m = d->m;
	struct page_spot *s =
		page_spot(d->p, (struct rect){d->y + m->y_at, m->x_at, 1, 1});
	size_t point = map_pointed(m);
	STRBUF(b);

	if (point == SIZE_MAX)
		return;
	cursor_label(d, &b, point);
	s->target.product = m->product[point];
	s->label = arena_str(d->p->arena, strbuf_str(&b)).ptr;
}

static void draw_plot(const struct drawing *d)
{
	struct map_view *m = d->m;

	make_scatter(d);
	place_cursor(m);
	if (m->plot_h < 1 || m->plot_w < 1)
		return;
	scatter_draw(&m->scatter, &d->p->canvas, (struct rect){d->y, 0}, m->n_groups > 0);
	draw_centres(d);
	draw_selected(d);
	draw_letters(d);
	if (m->marking)
		draw_rectangle(d);
	draw_cursor(d);
}

/* --- what stands beside it */

/* "A Garden   1,234" */
static void draw_group(const struct drawing *d, struct rect at, unsigned k)
{
	const struct map_group *g = &d->m->group[k];
	struct canvas *c = &d->p->canvas;
	STRBUF(n);

	num_add_grouped(&n, g->n);
	canvas_put(c, at.y, at.x, letter(k), ink_of(k));
	canvas_text(c, (struct rect){at.y, at.x + 2, 1, at.w - 3 - (int)n.len}, g->name,
		    ink_of(k));
	canvas_right(c, (struct rect){at.y, at.x + at.w - (int)n.len, 1, (int)n.len},
		     strbuf_str(&n), INK_DIM);
}

static int draw_groups(const struct drawing *d, struct rect at)
{
	int from = at.y;
	STRBUF(b);

	map_add_colour(d->m, &b);
	at.y += page_text(d->p, at, strbuf_str(&b), INK_HEAD);
	if (!d->m->n_groups) {
		for (int k = 0; k < INK_RAMP_N; k++)
			canvas_put(&d->p->canvas, at.y, at.x + 4 + k,
				   d->p->canvas.glyphs == GLYPHS_ASCII ? '#' : 0x2588,
				   (enum ink)(INK_DENSITY + k));
		canvas_text(&d->p->canvas, (struct rect){at.y, at.x, 1, 3}, STR("few"),
			    INK_DIM);
		canvas_text(&d->p->canvas,
			    (struct rect){at.y++, at.x + 5 + INK_RAMP_N, 1, 4},
			    STR("many"), INK_DIM);
	}
	for (unsigned k = 0; k < d->m->n_groups; k++)
		draw_group(d, (struct rect){at.y++, at.x, 1, at.w}, k);
	if (d->m->clusters.cluster) {
		canvas_put(&d->p->canvas, at.y, at.x, CENTRE, INK_HEAD);
		canvas_text(&d->p->canvas, (struct rect){at.y++, at.x + 2, 1, at.w - 2},
			    STR("centre of a cluster: the mean of its points"), INK_DIM);
	}
	return at.y - from;
}

/* "1 Red skirt   0.912" */
static void draw_near(const struct drawing *d, struct rect at, size_t k)
{
	const struct map_view *m = d->m;
	struct canvas *c = &d->p->canvas;
	STRBUF(label);
	STRBUF(score);

	add_label(m, &label, m->near[k].id);
	strbuf_addf(&score, "%.3f", (double)m->near[k].score);
	canvas_put(c, at.y, at.x, (uint32_t)('1' + k), INK_HEAD);
	canvas_text(c, (struct rect){at.y, at.x + 2, 1, at.w - 3 - (int)score.len},
		    strbuf_str(&label), INK_TEXT);
	canvas_right(c,
		     (struct rect){at.y, at.x + at.w - (int)score.len, 1, (int)score.len},
		     strbuf_str(&score), INK_DIM);
}

static void draw_neighbours(const struct drawing *d, struct rect at, int end)
{
	const struct map_view *m = d->m;
	STRBUF(b);

	if (m->selected == SIZE_MAX || at.y + 2 > end)
		return;
	add_label(m, &b, m->product[m->selected]);
	canvas_put(&d->p->canvas, at.y, at.x, SELECTED, INK_MARK);
	canvas_text(&d->p->canvas, (struct rect){at.y++, at.x + 2, 1, at.w - 2},
		    strbuf_str(&b), INK_HEAD);
	strbuf_reset(&b);
	if (m->n_near)
		strbuf_addf(&b, "nearest by %s, cosine", model_name(m->vectors));
	else
		strbuf_adds(&b, m->vectors ? "nothing is near to it" : "its vectors are gone");
	canvas_text(&d->p->canvas, (struct rect){at.y++, at.x, 1, at.w}, strbuf_str(&b),
		    INK_DIM);
	for (size_t k = 0; k < m->n_near && at.y < end; k++)
		draw_near(d, (struct rect){at.y++, at.x, 1, at.w}, k);
}

/* Is this all, or how much of it. */
static void draw_title(const struct drawing *d, int y, int w)
{
	const struct map_view *m = d->m;
	const json_t *trust = json_object_get(model_meta(m->model), "trust");
	double part = (m->window.x1 - m->window.x0) / (m->whole.x1 - m->whole.x0);
	STRBUF(b);

	strbuf_addf(&b, "%s: ", model_name(m->model));
	if (m->scatter.inside < m->n) {
		num_add_grouped(&b, (int64_t)m->scatter.inside);
		strbuf_adds(&b, " of ");
	}
	num_add_grouped(&b, (int64_t)m->n);
	strbuf_addf(&b, " product%s", m->n == 1 ? "" : "s");
	if (part < 0.999)
		strbuf_addf(&b, ", %.*f times nearer", part > 0.1 ? 1 : 0, 1 / part);
	if (m->place.columns > 2)
		strbuf_addf(&b, ", turned by %u of 360 degrees", m->turn * 30);
	if (m->narrowed)
		strbuf_adds(&b, ", empty bands narrowed");
	if (trust)
		strbuf_addf(&b, ", trust %.3f", json_number_value(trust));
	canvas_text(&d->p->canvas, (struct rect){y, 0, 1, w}, strbuf_str(&b), INK_DIM);
}

static void with_side(struct drawing *d)
{
	struct canvas *c = &d->p->canvas;
	int side = c->w / 3, y, x;

	side = side < SIDE_LEAST ? SIDE_LEAST : side > SIDE_MOST ? SIDE_MOST : side;
	d->w = c->w - side - 2;
	d->h = d->p->h ? d->p->h - 1 : d->w / 2 < PLOT_FREE ? d->w / 2 : PLOT_FREE;
	if (d->h < PLOT_LEAST)
		d->h = PLOT_LEAST;
	d->y = 1;
	x = d->w + 2;
	draw_plot(d);
	draw_title(d, 0, c->w);
	y = 1 + draw_groups(d, (struct rect){1, x, 1, side}) + 1;
	draw_neighbours(d, (struct rect){y, x, 1, side}, d->y + d->h);
}

static void without_side(struct drawing *d)
{
	struct canvas *c = &d->p->canvas;
	int list = d->m->n_near ? 5 : 0;

	d->y = 1 + draw_groups(d, (struct rect){1, 0, 1, c->w}) + 1;
	d->w = c->w;
	d->h = (d->p->h ? d->p->h : PLOT_FREE) - d->y - list;
	if (d->h < PLOT_LEAST)
		d->h = PLOT_LEAST;
	draw_plot(d);
	draw_title(d, 0, c->w);
	draw_neighbours(d, (struct rect){d->y + d->h, 0, 1, c->w}, d->y + d->h + list);
}

void map_page(struct view *v, void *state, struct page *p)
{
	struct drawing d = {.m = state, .p = p};

	p->fills = true;
	if (!d.m->n)	/* the note says why */
		return;
	if (p->canvas.w >= SIDE_FROM)
		with_side(&d);
	else
		without_side(&d);
}

/* --- in words */

static const char *const ninths[9] = {
	"at the upper left", "at the top", "at the upper right", "at the left",
	"in the middle", "at the right", "at the lower left", "at the bottom",
	"at the lower right",
};

static void near_words(const struct map_view *m, struct strbuf *b)
{
	if (m->selected == SIZE_MAX || !m->n_near)
		return;
	strbuf_adds(b, "Nearest to ");
	add_label(m, b, m->product[m->selected]);
	strbuf_adds(b, ", by the cosine of vectors: ");
	for (size_t k = 0; k < m->n_near; k++) {
		strbuf_adds(b, k ? "; " : "");
		add_label(m, b, m->near[k].id);
		strbuf_addf(b, " %.3f", (double)m->near[k].score);
	}
	strbuf_adds(b, ".\n");
}

void map_words(struct view *v, void *state, struct strbuf *b)
{
	const struct map_view *m = state;

	if (!m->n)
		return;
	num_add_grouped(b, (int64_t)m->n);
	strbuf_addf(b, " products on a map of %zu axes", (size_t)m->place.columns);
	if (m->n_groups) {
		strbuf_adds(b, ", by ");
		map_add_colour(m, b);
	}
	strbuf_adds(b, ".\n");
	for (unsigned k = 0; k < m->n_groups; k++) {
		const struct map_group *g = &m->group[k];

		strbuf_addf(b, "%.*s: ", STR_ARG(g->name));
		num_add_grouped(b, g->n);
		strbuf_addf(b, " product%s, %.0f%% of them %s.\n", g->n == 1 ? "" : "s",
			    100 * g->share, ninths[g->place]);
	}
	near_words(m, b);
}
