/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heat cells: the ground says how much, and so does the number on it. */
#include "config.h"

#include <assert.h>
#include <math.h>

#include "base/utf8.h"
#include "chart/chart.h"

uint32_t chart_shade(enum glyph_set glyphs, unsigned step)
{
	static const char ascii[INK_RAMP_N + 1] = " .:-=+*#%@";
	static const uint32_t blocks[INK_RAMP_N] = {
		' ', 0x2591, 0x2591, 0x2591, 0x2592, 0x2592, 0x2592, 0x2593, 0x2593, 0x2588,
	};
	assert(step < INK_RAMP_N);
	if (step >= INK_RAMP_N)
		step = INK_RAMP_N - 1;
	return glyphs == GLYPHS_ASCII ? (uint32_t)ascii[step] : blocks[step];
}

static unsigned step_of(double value)
{
	double step = floor(fmin(fmax(value, 0), 1) * INK_RAMP_N);
	return step >= INK_RAMP_N ? INK_RAMP_N - 1 : (unsigned)step;
}

/* The ground from one of the two ramps. */
static void heat(struct canvas *c, struct rect at, struct heat h, enum ink ramp)
{
	int cells = (int)utf8_cells(h.number);
	if (isnan(h.value)) {
		canvas_right(c, (struct rect){at.y, at.x, 1, at.w - (cells < at.w)}, h.number,
			     INK_DIM);
		return;
	}
	enum ink ink = ramp + step_of(h.value);
	for (int i = 0; i < at.w; i++)
		canvas_put(c, at.y, at.x + i, ' ', ink);
	/* Ground on both sides where there is room, and the mark of a small sample. */
	int end = at.w - (cells + 1 + h.small < at.w);
	canvas_right(c, (struct rect){at.y, at.x, 1, end}, h.number, ink);
	if (h.small && cells < end)
		canvas_put(c, at.y, at.x + end - cells - 1, '?', ink);
}

void chart_heat(struct canvas *c, struct rect at, struct heat h)
{
	heat(c, at, h, INK_RAMP);
}

void chart_heat_around(struct canvas *c, struct rect at, struct heat h)
{
	heat(c, at, h, INK_DIVERGE);
}

struct ends {
	struct str least, most;
};

static void legend(struct canvas *c, struct rect at, struct ends ends, enum ink ramp)
{
	at.x += canvas_text(c, (struct rect){at.y, at.x, 1, c->w - at.x}, ends.least, INK_DIM) +
		1;
	for (unsigned i = 0; i < INK_RAMP_N; i++)
		for (int k = 0; k < 2; k++)
			canvas_put(c, at.y, at.x++, ' ', ramp + i);
	canvas_text(c, (struct rect){at.y, at.x + 1, 1, c->w - at.x - 1}, ends.most, INK_DIM);
}

void chart_heat_legend(struct canvas *c, struct rect at, struct str least, struct str most)
{
	legend(c, at, (struct ends){least, most}, INK_RAMP);
}

void chart_heat_around_legend(struct canvas *c, struct rect at, struct str least,
			      struct str most)
{
	legend(c, at, (struct ends){least, most}, INK_DIVERGE);
}
