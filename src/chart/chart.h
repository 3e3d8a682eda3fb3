/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chart: marks on a canvas. Bars, columns and lines stand on zero; what is there is
 * seen, however little it is; numbers are the caller's to put beside, and words of what
 * a series does come from here too.
 */
#ifndef CHART_CHART_H
#define CHART_CHART_H

#include "chart/canvas.h"

/* The share (0..1) of w cells, from the left. */
void chart_bar(struct canvas *c, struct rect at, double share, enum ink ink);
/* What a line or columns show: values from 0 to `most` (<= 0: the largest of these). */
struct series {
	const double *value; /* (n) */
	int n;
	double most;
};
/* One cell a value, bottom-up, of the largest (`most` <= 0: of these). */
void chart_spark(struct canvas *c, struct rect at, struct series s, enum ink ink);
/* n values brought to `cells` by adding neighbours up; returns how many there are: at most
 * cells, n where that is less. out (cells) may be values. */
int chart_squeeze(const double *values, int n, int cells, double *out);
/* Columns bottom-up in h rows, each w cells wide, `gap` apart. */
void chart_columns(struct canvas *c, struct rect at, int gap, struct series s, enum ink ink);

/* Dots of a rectangle of cells, as fine as the glyphs allow. */
struct dots {
	int h, w;		/* cells */
	int dy, dx;		/* dots in a cell */
	enum glyph_set glyphs;
	uint8_t *bits;		/* (h, w) bit dx * row + column */
};
void dots_init(struct dots *d, int h, int w, enum glyph_set glyphs);
void dots_finish(struct dots *d);
void dots_set(struct dots *d, int y, int x);	/* in dots; outside: nothing */
/* The character of a cell; ' ' without a dot. */
uint32_t dots_char(const struct dots *d, int y, int x);

/* A line through n values from the left to the right of h x w cells, zero at the
 * bottom, `most` at the top; cells that have another line's dots stay its. */
void chart_line(struct canvas *c, struct rect at, struct series s, enum ink ink);

/* What a heat cell says: a ground of value (0..1, NAN: none), and a number. */
struct heat {
	double value;
	struct str number;
	bool small; /* of a small sample */
};
/* A heat cell: w cells with the ground of value (0..1, NAN: none) and the number near
 * their right end, "?" before it for a small sample; the ground is a shade of characters
 * on poor terminals. */
void chart_heat(struct canvas *c, struct rect at, struct heat h);
/* "less .:-= more": the scale of chart_heat, with the texts at its ends. */
void chart_heat_legend(struct canvas *c, struct rect at, struct str least, struct str most);
/* The same around a middle, 0.5: less than it in one colour, more in another, both the
 * stronger the farther from it. */
void chart_heat_around(struct canvas *c, struct rect at, struct heat h);
void chart_heat_around_legend(struct canvas *c, struct rect at, struct str least,
			      struct str most);
/* The shade of a step of the ramp where there are no colours. */
uint32_t chart_shade(enum glyph_set glyphs, unsigned step);

/* A value, what it may be, and what chance would do (NAN: not known), all from 0 to `most` of
 * the axis: "├──o───┤" and c where chance is. */
struct chart_range {
	double low, middle, high, chance;
};
void chart_interval(struct canvas *c, struct rect at, const struct chart_range *r,
		    double most, enum ink ink);
/* Between the numbers of an axis to `most`: 1, 2 or 5 times a power of ten, at most n steps. */
double chart_step(double most, int n);

/*
 * What a series does, in words: "views rise from 812 in 2008-04 to 1,430 in 2008-08;
 * lowest 700 in 2008-05, highest 1,600 in 2008-07". `at` writes where value i is.
 */
void chart_words(struct strbuf *b, const char *name, const double *values, int n,
		 void (*at)(struct strbuf *b, const void *ctx, int i), const void *ctx);

#endif
