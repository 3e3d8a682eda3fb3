/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals on an axis: "├──o───┤" and the mark of what chance would do. */
#include "config.h"

#include <assert.h>
#include <math.h>

#include "chart/chart.h"

static int place(double value, double most, int w)
{
	int at = (int)lround(value / most * (w - 1));

	return at < 0 ? 0 : at > w - 1 ? w - 1 : at;
}

void chart_interval(struct canvas *c, struct rect at, const struct chart_range *r,
		    double most, enum ink ink)
{
	bool ascii = c->glyphs == GLYPHS_ASCII;
	int from, to;

	if (at.w < 2 || !(most > 0) || isnan(r->middle))
		return;
	from = place(r->low, most, at.w);
	to = place(r->high, most, at.w);
	for (int i = from; i <= to; i++)
		canvas_put(c, at.y, at.x + i, ascii ? '-' : 0x2500, ink);
	if (from < to) {
		canvas_put(c, at.y, at.x + from, ascii ? '[' : 0x251c, ink);
		canvas_put(c, at.y, at.x + to, ascii ? ']' : 0x2524, ink);
	}
	canvas_put(c, at.y, at.x + place(r->middle, most, at.w), 'o', ink);
	if (!isnan(r->chance))
		canvas_put(c, at.y, at.x + place(r->chance, most, at.w), 'c', INK_HEAD);
}

/* 1, 2 or 5 times a power of ten, so that at most n steps reach `most`. */
double chart_step(double most, int n)
{
	double step;

	assert(n > 0);
	if (!(most > 0) || n < 1)
		return 1;
	step = pow(10, floor(log10(most / n)));
	while (step * n < most) {
		double unit = step / pow(10, floor(log10(step) + 1e-9));

		step *= unit < 1.5 ? 2 : unit < 3 ? 2.5 : 2;
	}
	return step;
}
