/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/style.h"

#define NONE (-1)

/* Colours of the 256 palette are told apart by people with any kind of colour
 * vision (after Okabe and Ito); attributes carry the meaning without colours. */
static const struct {
	short rich, plain;	/* of 256 colours, of 8 */
	attr_t with, without;	/* attributes beside colours, and instead of them */
} rows[STYLES] = {
	[STYLE_TEXT] = {NONE, NONE, A_NORMAL, A_NORMAL},
	[STYLE_DIM] = {244, NONE, A_NORMAL, A_DIM},
	[STYLE_FRAME] = {242, NONE, A_NORMAL, A_NORMAL},
	[STYLE_FRAME_FOCUS] = {74, COLOR_CYAN, A_NORMAL, A_BOLD},
	[STYLE_TITLE] = {NONE, NONE, A_NORMAL, A_NORMAL},
	[STYLE_TITLE_FOCUS] = {74, COLOR_CYAN, A_BOLD, A_BOLD},
	[STYLE_HEAD] = {244, NONE, A_NORMAL, A_NORMAL},
	[STYLE_HEAD_SORT] = {NONE, NONE, A_BOLD, A_BOLD},
	[STYLE_CURSOR] = {NONE, NONE, A_REVERSE, A_REVERSE},
	[STYLE_CURSOR_IDLE] = {NONE, NONE, A_BOLD, A_BOLD},
	[STYLE_SIMILAR] = {74, COLOR_CYAN, A_NORMAL, A_NORMAL},
	[STYLE_COMPLEMENTARY] = {178, COLOR_YELLOW, A_NORMAL, A_NORMAL},
	[STYLE_FLOW] = {36, COLOR_GREEN, A_NORMAL, A_NORMAL},
	[STYLE_KEY] = {NONE, NONE, A_BOLD, A_BOLD},
	[STYLE_MESSAGE] = {NONE, NONE, A_NORMAL, A_NORMAL},
	[STYLE_ERROR] = {166, COLOR_RED, A_BOLD, A_BOLD},
	[STYLE_CHIP] = {178, COLOR_YELLOW, A_NORMAL, A_BOLD},
	[STYLE_MATCH] = {178, COLOR_YELLOW, A_BOLD, A_UNDERLINE},
};

void style_init(attr_t style[STYLES], bool colour)
{
	bool on = colour && has_colors() && start_color() == OK;
	bool own = on && use_default_colors() == OK;
	short background = own ? -1 : COLOR_BLACK;

	for (short i = 0; i < STYLES; i++) {
		short c = COLORS >= 256 ? rows[i].rich : rows[i].plain;

		style[i] = on ? rows[i].with : rows[i].without;
		/* On 8 colours there is no grey: dim is the attribute. */
		if (on && c == NONE && COLORS < 256)
			style[i] = rows[i].with | (rows[i].without & A_DIM);
		if (!on || c == NONE)
			continue;
		if (init_pair(i + 1, c, background) == OK)
			style[i] |= (attr_t)COLOR_PAIR(i + 1);
	}
}
