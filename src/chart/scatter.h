/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scatter: many points in few cells: dots, how many, and of which class. */
#ifndef CHART_SCATTER_H
#define CHART_SCATTER_H

#include <stddef.h>

#include "chart/chart.h"

#define SCATTER_NONE UINT32_MAX

/* What is seen: points inside [x0, x1] x [y0, y1], y upwards. Points with a NAN are
 * nowhere. */
struct scatter_view {
	double x0, y0, x1, y1;
};
/* All points and a margin of 2%. */
void scatter_all(struct scatter_view *v, const float *x, const float *y, size_t n);
/* Nearer (factor < 1) or farther about a point that stays where it is. */
void scatter_zoom(struct scatter_view *v, double x, double y, double factor);
/* By parts of its own size, to the right and upwards. */
void scatter_pan(struct scatter_view *v, double dx, double dy);

/* Points brought to cells once; drawing it costs what the cells cost. */
struct scatter {
	struct scatter_view view;
	struct dots dots;
	uint32_t *count;	/* (h, w) points of a cell */
	uint8_t *class;		/* (h, w) the most frequent one, the lowest of equals */
	uint32_t *first;	/* (h, w) the lowest point of a cell, or SCATTER_NONE */
	uint32_t most;		/* points in the fullest cell */
	uint64_t inside;	/* points that are seen */
};

/* class (n) below INK_SERIES_N, or NULL: cells are inked by how many there are, on a log
 * scale. One pass over the points. */
void scatter_make(struct scatter *s, int h, int w, enum glyph_set glyphs,
		  const struct scatter_view *view, const float *x, const float *y,
		  const uint8_t *class, size_t n);
void scatter_finish(struct scatter *s);
/* classes: ink is that of the class, faint where few points are beside the fullest cell;
 * else of the density. */
void scatter_draw(const struct scatter *s, struct canvas *c, struct rect at, bool classes);
/* Where a point stands, in the points' own units. */
struct scatter_place {
	double x, y;
};
/* The cell where a point stands; false: it is not seen. */
bool scatter_cell(const struct scatter *s, struct scatter_place p, int *y, int *x);
/* The middle of a cell in the points' own units. */
void scatter_point(const struct scatter *s, int y, int x, double *px, double *py);

#endif
