/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walking on a map: what is seen of it, and what the cursor is at. */
#include "config.h"

#include <assert.h>
#include <math.h>

#include "base/csr.h"
#include "model/vector_scores.h"
#include "view/map_view.h"

#define TURNS 12
#define NEAREST 1e-4	/* of the whole: no nearer */
#define PAN (1.0 / 8)
#define BINS 64
#define KEPT 4u		/* bins of a thin band */
#define THIN 1000	/* a bin with at most 1 / THIN of the points is thin */
#define POINTS_LEAST 200u

static const float *place_of(const struct map_view *m, uint32_t product)
{
	uint32_t i = m->model->inside ? m->model->inside[product] : product;

	return (const float *)m->place.data + (size_t)i * m->place.columns;
}

/*
 * How far islands are from each other says nothing on such a map, so a band with hardly a point
 * is drawn no wider than it takes to see it: values in more than KEPT thin bins on end move
 * nearer, all in their order.
 */
static bool narrow(float *v, size_t n)
{
	uint32_t count[BINS] = {0};
	double from[BINS + 1] = {0}, low = INFINITY, high = -INFINITY, w;
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		low = fmin(low, (double)v[i]);
		high = fmax(high, (double)v[i]);
	}
	if (n < POINTS_LEAST || !(high > low) || !isfinite(high - low))
		return false;
	w = (high - low) / BINS;
	for (size_t i = 0; i < n; i++)
		count[(size_t)fmin(((double)v[i] - low) / w, BINS - 1)]++;
	for (unsigned k = 0, run = 0; k < BINS; k += run ? run : 1) {
		double wide;

		for (run = 0; k + run < BINS && count[k + run] <= n / THIN; run++)
			;
		wide = run > KEPT ? w * KEPT / run : w;
		any |= run > KEPT;
		for (unsigned i = 0; i < (run ? run : 1); i++)
			from[k + i + 1] = from[k + i] + wide;
	}
	for (size_t i = 0; any && i < n; i++) {
		double at = ((double)v[i] - low) / w;
		unsigned k = at >= BINS - 1 ? BINS - 1 : (unsigned)at;

		v[i] = (float)(low + from[k] + (at - k) * (from[k + 1] - from[k]));
	}
	return any;
}

void map_place_points(struct map_view *m)
{
	double angle = 2 * M_PI * m->turn / TURNS;

	for (size_t i = 0; i < m->n; i++) {
		const float *at = place_of(m, m->product[i]);

		m->x[i] = at[0];
		m->y[i] = at[1];
		if (m->place.columns > 2 && m->turn)
			m->x[i] = (float)(at[0] * cos(angle) + at[2] * sin(angle));
	}
	m->narrowed = narrow(m->x, m->n);
	m->narrowed |= narrow(m->y, m->n);
	scatter_all(&m->whole, m->x, m->y, m->n);
	map_whole(m);
}

static void look_elsewhere(struct map_view *m)
{
	m->fresh = false;
}

void map_whole(struct map_view *m)
{
	m->window = m->whole;
	look_elsewhere(m);
}

bool map_turn(struct map_view *m)
{
	if (m->place.columns < 3)
		return false;
	m->turn = (m->turn + 1) % TURNS;
	m->marking = false;
	map_place_points(m);
	return true;
}

/* In the middle where the map was never drawn. */
static void cursor_point(const struct map_view *m, double *x, double *y)
{
	const struct scatter_view *v = &m->window;

	*x = (v->x0 + v->x1) / 2;
	*y = (v->y0 + v->y1) / 2;
	if (m->plot_h)
		scatter_point(&m->scatter, m->y_at, m->x_at, x, y);
}

static double width(const struct scatter_view *v)
{
	return v->x1 - v->x0;
}

void map_zoom(struct map_view *m, double factor)
{
	double x, y;

	assert(factor > 0);
	if (factor < 1 && width(&m->window) * factor < width(&m->whole) * NEAREST)
		return;
	cursor_point(m, &x, &y);
	scatter_zoom(&m->window, x, y, factor);
	if (width(&m->window) > width(&m->whole) * 1.001)
		m->window = m->whole;
	look_elsewhere(m);
}

/* There is more of the map on that side. */
static bool may_pan(const struct map_view *m, int dy, int dx)
{
	const struct scatter_view *v = &m->window, *all = &m->whole;

	return (dx <= 0 || v->x1 < all->x1) && (dx >= 0 || v->x0 > all->x0) &&
	       (dy <= 0 || v->y0 > all->y0) && (dy >= 0 || v->y1 < all->y1);
}

static void pan(struct map_view *m, int dy, int dx)
{
	if (!may_pan(m, dy, dx))
		return;
	scatter_pan(&m->window, dx * PAN, -dy * PAN);
	m->y_at -= (int)(dy * m->plot_h * PAN);
	m->x_at -= (int)(dx * m->plot_w * PAN);
	look_elsewhere(m);
}

void map_move(struct map_view *m, int dy, int dx)
{
	int y = m->y_at + dy, x = m->x_at + dx;

	if (!m->plot_h)
		return;
	if (y < 0 || y >= m->plot_h || x < 0 || x >= m->plot_w)
		pan(m, (y >= m->plot_h) - (y < 0), (x >= m->plot_w) - (x < 0));
	y = m->y_at + dy;
	x = m->x_at + dx;
	m->y_at = map_within(y, m->plot_h);
	m->x_at = map_within(x, m->plot_w);
	m->placed = true;
}

void map_mark(struct map_view *m)
{
	m->marking = !m->marking;
	if (m->marking)
		cursor_point(m, &m->mark_x, &m->mark_y);
}

size_t map_pointed(const struct map_view *m)
{
	double x, y, best = INFINITY;
	double sx = m->plot_w / width(&m->window);
	double sy = 2 * m->plot_h / (m->window.y1 - m->window.y0);	/* cells are high */
	size_t found = SIZE_MAX;

	if (!m->plot_h)
		return SIZE_MAX;
	cursor_point(m, &x, &y);
	for (size_t i = 0; i < m->n; i++) {
		double dx = (m->x[i] - x) * sx, dy = (m->y[i] - y) * sy;

		if (dx * dx + dy * dy < best) {
			best = dx * dx + dy * dy;
			found = i;
		}
	}
	return found;
}

/* The cells of both corners belong to it. */
size_t map_marked(const struct map_view *m, uint32_t *out, size_t most)
{
	const struct scatter_view *v = &m->window;
	double hx = width(v) / m->plot_w / 2, hy = (v->y1 - v->y0) / m->plot_h / 2, x, y;
	size_t n = 0;

	if (!m->plot_h)
		return 0;
	cursor_point(m, &x, &y);
	for (size_t i = 0; i < m->n; i++) {
		if (!(m->x[i] >= fmin(x, m->mark_x) - hx && m->x[i] <= fmax(x, m->mark_x) + hx &&
		      m->y[i] >= fmin(y, m->mark_y) - hy && m->y[i] <= fmax(y, m->mark_y) + hy))
			continue;
		if (n < most)
			out[n] = m->product[i];
		n++;
	}
	return n;
}

static bool neighbours(struct map_view *m, uint32_t product, struct err *err)
{
	const float *x = vectors_of(m->vectors, product);
	struct vectors_query q = {
		.q = x, .metric = METRIC_COSINE, .skip = &product, .n_skip = 1,
		.limit = MAP_NEAR,
	};

	m->n_near = 0;
	return !x ||
	       vectors_near(m->vectors, &q, m->near, &m->n_near, (struct work){0}, err);
}

size_t map_point(const struct map_view *m, uint32_t product)
{
	size_t at = csr_lower(m->product, m->n, product);

	return at < m->n && m->product[at] == product ? at : SIZE_MAX;
}

bool map_select(struct map_view *m, uint32_t product, struct err *err)
{
	m->selected = map_point(m, product);
	m->n_near = 0;
	return m->selected == SIZE_MAX || !m->vectors || neighbours(m, product, err);
}
