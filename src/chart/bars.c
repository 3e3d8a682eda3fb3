/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bars, columns and sparklines: eighths of a cell, or whole ones of ASCII. */
#include "config.h"

#include <assert.h>
#include <math.h>

#include "chart/chart.h"

#define LEFT_EIGHTHS 0x2590	/* minus n: U+258F is 1/8 from the left, U+2588 all */
#define LOWER_EIGHTHS 0x2580	/* plus n: U+2581 is 1/8 from below, U+2588 all */

/* Eighths of `cells` that a share takes: at least one where there is anything. */
static int eighths(double share, int cells)
{
	if (!(share > 0))
		return 0;
	int n = (int)lround(fmin(share, 1) * cells * 8);
	return n ? n : 1;
}

void chart_bar(struct canvas *c, struct rect at, double share, enum ink ink)
{
	int n = eighths(share, at.w);
	if (c->glyphs == GLYPHS_ASCII) {
		int cells = (n + 4) / 8 ? (n + 4) / 8 : n > 0;
		for (int i = 0; i < cells; i++)
			canvas_put(c, at.y, at.x + i, '#', ink);
		return;
	}
	for (int i = 0; n > 0; i++, n -= 8)
		canvas_put(c, at.y, at.x + i, (uint32_t)(LEFT_EIGHTHS - (n > 8 ? 8 : n)),
			   ink);
}

static double largest(const double *values, int n)
{
	double most = 0;
	for (int i = 0; i < n; i++)
		most = fmax(most, values[i]);
	return most;
}

/* A cell filled from below by n of 8. */
static uint32_t lower(const struct canvas *c, int n)
{
	static const char ascii[] = " .:-=+*#@";
	if (n <= 0)
		return ' ';
	if (n > 8)
		n = 8;
	return c->glyphs == GLYPHS_ASCII ? (uint32_t)ascii[n] : (uint32_t)(LOWER_EIGHTHS + n);
}

void chart_spark(struct canvas *c, struct rect at, struct series s, enum ink ink)
{
	if (!(s.most > 0))
		s.most = largest(s.value, s.n);
	for (int i = 0; i < s.n; i++)
		canvas_put(c, at.y, at.x + i,
			   lower(c, s.most > 0 ? eighths(s.value[i] / s.most, 1) : 0), ink);
}

int chart_squeeze(const double *values, int n, int cells, double *out)
{
	int m = n < cells ? n : cells, at = 0;
	assert(n >= 0 && cells >= 0);
	for (int i = 0; i < m; i++) {
		int end = (int)((int64_t)(i + 1) * n / m);
		double sum = 0;
		while (at < end)
			sum += values[at++];
		out[i] = sum;
	}
	return m;
}

void chart_columns(struct canvas *c, struct rect at, int gap, struct series s, enum ink ink)
{
	assert(s.n >= 0 && at.h >= 0 && at.w >= 0 && gap >= 0);
	if (!(s.most > 0))
		s.most = largest(s.value, s.n);
	for (int i = 0; i < s.n; i++) {
		int full = s.most > 0 ? eighths(s.value[i] / s.most, at.h) : 0;
		for (int row = 0; row < at.h; row++) {
			uint32_t ch = lower(c, full - 8 * (at.h - 1 - row));
			for (int k = 0; ch != ' ' && k < at.w; k++)
				canvas_put(c, at.y + row, at.x + i * (at.w + gap) + k, ch,
					   ink);
		}
	}
	canvas_need(c, at.y + at.h);
}
