/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Canvases of charts on the screen, in the colours that the terminal has. */
#include "config.h"

#include "tui/ink.h"

#include "base/utf8.h"
#include "tui/draw.h"
#include "tui/term.h"

/* Of the 256 palette. Series are after Okabe and Ito; the ramp is cividis and the
 * densities viridis, in steps whose lightness rises for every kind of colour vision. */
static const short series[INK_SERIES_N] = {74, 178, 36, 166, 175, 220, 25, 247};
static const short plain[INK_SERIES_N] = {
	COLOR_CYAN, COLOR_YELLOW, COLOR_GREEN, COLOR_RED, COLOR_MAGENTA, COLOR_WHITE,
	COLOR_BLUE, COLOR_WHITE,
};
static const short ramp[INK_RAMP_N] = {17, 237, 239, 240, 242, 243, 101, 143, 178, 220};
/* Blue to orange, the lighter the farther from the middle. */
static const short diverge[INK_RAMP_N] = {75, 68, 61, 60, 239, 239, 94, 130, 172, 214};
static const short density[INK_RAMP_N] = {53, 54, 24, 60, 30, 36, 107, 77, 148, 220};
#define DARK_STEPS 6	/* of the ramp: white numbers stand out on them, black on others */

static attr_t pair(short *next, short fg, short bg)
{
	short p = (*next)++;

	return p < COLOR_PAIRS && init_pair(p, fg, bg) == OK ? (attr_t)COLOR_PAIR(p) : A_NORMAL;
}

void inks_init(struct inks *i, bool colour)
{
	bool on = colour && has_colors(), rich = on && COLORS >= 256;
	short next = STYLES + 1, ground = use_default_colors() == OK ? -1 : COLOR_BLACK;

	*i = (struct inks){.grounds = rich};
	i->at[INK_DIM] = rich ? pair(&next, 244, ground) : A_DIM;
	i->at[INK_HEAD] = A_BOLD;
	i->at[INK_MARK] = A_REVERSE;
	for (int k = 0; on && k < INK_SERIES_N; k++)
		i->at[INK_SERIES + k] = pair(&next, rich ? series[k] : plain[k], ground);
	for (int k = 0; k < INK_SERIES_N; k++)
		i->at[INK_FAINT + k] = i->at[INK_SERIES + k] | A_DIM;
	for (int k = 0; k < INK_RAMP_N; k++) {
		if (rich)
			i->at[INK_RAMP + k] = pair(&next, k < DARK_STEPS ? 231 : 16, ramp[k]);
		if (rich)
			i->at[INK_DIVERGE + k] = pair(&next, k > 1 && k < 8 ? 231 : 16, diverge[k]);
		i->at[INK_DENSITY + k] = rich ? pair(&next, density[k], ground)
					      : k < 3 ? A_DIM : k > 6 ? A_BOLD : A_NORMAL;
	}
}

static void put(int y, int x, struct strbuf *b, attr_t a)
{
	if (!b->len)
		return;
	draw_bytes(y, x, strbuf_str(b), a);
	strbuf_reset(b);
}

void ink_draw(const struct term *t, const struct canvas *c, struct rect r, int ty, int tx,
	      int mark, int mark_end)
{
	attr_t now = A_NORMAL;
	int from = tx;
	STRBUF(b);

	for (int k = 0; k < r.w && r.x + k < c->w && r.y < c->h; k++) {
		const struct canvas_cell *cell = canvas_at(c, r.y, r.x + k);
		uint32_t ch = t->inks.grounds ? cell->c : canvas_char(c, r.y, r.x + k);
		attr_t a = t->inks.at[cell->ink];

		if (r.x + k >= mark && r.x + k < mark_end)
			a |= cell->ink == INK_MARK ? A_UNDERLINE : A_REVERSE;
		if (a != now) {
			put(ty, from, &b, now);
			from = tx + k;
			now = a;
		}
		/* Half a wide character at an edge is none. */
		if (!ch && k > 0)
			continue;
		utf8_add(&b, !ch || (k + 1 == r.w && utf8_width(ch) == 2) ? ' ' : ch);
	}
	put(ty, from, &b, now);
}
