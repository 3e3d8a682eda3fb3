/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Points become dots and cells counts; a cell's class is the most frequent one in it. */
#include "config.h"

#include "chart/scatter.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

#define CROWD 16	/* points: dots alone tell fewer apart */

void scatter_all(struct scatter_view *v, const float *x, const float *y, size_t n)
{
	bool any = false;
	*v = (struct scatter_view){0, 0, 1, 1};
	for (size_t i = 0; i < n; i++) {
		if (isnan(x[i]) || isnan(y[i]))
			continue;
		if (!any)
			*v = (struct scatter_view){x[i], y[i], x[i], y[i]};
		any = true;
		v->x0 = fmin(v->x0, x[i]);
		v->x1 = fmax(v->x1, x[i]);
		v->y0 = fmin(v->y0, y[i]);
		v->y1 = fmax(v->y1, y[i]);
	}
	double mx = 0.02 * (v->x1 - v->x0), my = 0.02 * (v->y1 - v->y0);
	if (!(mx > 0))
		mx = 0.5;	/* all on one line: any width will do */
	if (!(my > 0))
		my = 0.5;
	*v = (struct scatter_view){v->x0 - mx, v->y0 - my, v->x1 + mx, v->y1 + my};
}

void scatter_zoom(struct scatter_view *v, double x, double y, double factor)
{
	assert(factor > 0);
	v->x0 = x + (v->x0 - x) * factor;
	v->x1 = x + (v->x1 - x) * factor;
	v->y0 = y + (v->y0 - y) * factor;
	v->y1 = y + (v->y1 - y) * factor;
}

void scatter_pan(struct scatter_view *v, double dx, double dy)
{
	double w = v->x1 - v->x0, h = v->y1 - v->y0;
	v->x0 += dx * w;
	v->x1 += dx * w;
	v->y0 += dy * h;
	v->y1 += dy * h;
}

/* The dot of a point; false: outside. */
static bool dot_of(const struct scatter *s, struct scatter_place p, int *y, int *x)
{
	const struct scatter_view *v = &s->view;
	double fx = (p.x - v->x0) / (v->x1 - v->x0), fy = (v->y1 - p.y) / (v->y1 - v->y0);
	int w = s->dots.w * s->dots.dx, h = s->dots.h * s->dots.dy;
	if (!(fx >= 0 && fx <= 1 && fy >= 0 && fy <= 1))
		return false;
	*x = (int)(fx * w);
	*y = (int)(fy * h);
	*x = *x < w ? *x : w - 1;
	*y = *y < h ? *y : h - 1;
	return true;
}

void scatter_make(struct scatter *s, int h, int w, enum glyph_set glyphs,
		  const struct scatter_view *view, const float *x, const float *y,
		  const uint8_t *class, size_t n)
{
	assert(h >= 0 && w >= 0 && view->x0 <= view->x1 && view->y0 <= view->y1);
	h = h > 1 ? h : 1;
	w = w > 1 ? w : 1;
	size_t cells = (size_t)h * (size_t)w;
	*s = (struct scatter){.view = *view};
	dots_init(&s->dots, h, w, glyphs);
	s->count = mem_zalloc(cells * sizeof *s->count);
	s->class = mem_zalloc(cells);
	s->first = mem_alloc(cells * sizeof *s->first);
	memset(s->first, 0xff, cells * sizeof *s->first);
	SCOPED_FREE uint32_t *of = class ? mem_zalloc(cells * INK_SERIES_N * sizeof *of) : NULL;
	for (size_t i = 0; i < n; i++) {
		int dy, dx;
		if (!dot_of(s, (struct scatter_place){x[i], y[i]}, &dy, &dx))
			continue;
		size_t cell = (size_t)(dy / s->dots.dy) * (size_t)w + (size_t)(dx / s->dots.dx);
		dots_set(&s->dots, dy, dx);
		s->inside++;
		if (!s->count[cell]++)
			s->first[cell] = (uint32_t)i;
		if (s->count[cell] > s->most)
			s->most = s->count[cell];
		if (class && class[i] < INK_SERIES_N)
			of[cell * INK_SERIES_N + class[i]]++;
	}
	for (size_t cell = 0; class && cell < cells; cell++)
		for (uint8_t k = 1; k < INK_SERIES_N; k++)
			if (of[cell * INK_SERIES_N + k] > of[cell * INK_SERIES_N + s->class[cell]])
				s->class[cell] = k;
}

void scatter_finish(struct scatter *s)
{
	dots_finish(&s->dots);
	free(s->count);
	free(s->class);
	free(s->first);
	*s = (struct scatter){0};
}

/* 0..1 of the fullest cell, on a log scale. */
static double density(const struct scatter *s, uint32_t count)
{
	double top = log1p(s->most);
	return top > 0 ? log1p(count) / top : 1;
}

static enum ink by_density(const struct scatter *s, uint32_t count)
{
	unsigned step = (unsigned)(density(s, count) * INK_RAMP_N);
	return INK_DENSITY + (step < INK_RAMP_N ? step : INK_RAMP_N - 1);
}

/* Where cells are full of dots only their brightness tells how many points there are. */
static enum ink by_class(const struct scatter *s, size_t cell)
{
	bool faint = s->most > CROWD && density(s, s->count[cell]) < 0.6;
	return (enum ink)((faint ? INK_FAINT : INK_SERIES) + s->class[cell]);
}

void scatter_draw(const struct scatter *s, struct canvas *c, struct rect at, bool classes)
{
	canvas_need(c, at.y + s->dots.h);
	for (int row = 0; row < s->dots.h; row++)
		for (int k = 0; k < s->dots.w; k++) {
			size_t cell = (size_t)row * (size_t)s->dots.w + (size_t)k;
			if (s->count[cell])
				canvas_put(c, at.y + row, at.x + k, dots_char(&s->dots, row, k),
					   classes ? by_class(s, cell)
						   : by_density(s, s->count[cell]));
		}
}

bool scatter_cell(const struct scatter *s, struct scatter_place p, int *y, int *x)
{
	int dy, dx;
	if (!dot_of(s, p, &dy, &dx))
		return false;
	*y = dy / s->dots.dy;
	*x = dx / s->dots.dx;
	return true;
}

void scatter_point(const struct scatter *s, int y, int x, double *px, double *py)
{
	const struct scatter_view *v = &s->view;
	*px = v->x0 + (x + 0.5) / s->dots.w * (v->x1 - v->x0);
	*py = v->y1 - (y + 0.5) / s->dots.h * (v->y1 - v->y0);
}
