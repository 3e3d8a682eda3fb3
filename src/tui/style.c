/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours and attributes of the parts of the screen, by theme and number of colours. */
#include "config.h"

#include "tui/style.h"

#define NONE (-1)

struct row {
	short rich, plain;	/* of 256 colours, of 8 */
	attr_t with, without;	/* attributes beside colours, and instead of them */
};

/* Colours of the 256 palette are told apart by people with any kind of colour
 * vision (after Okabe and Ito); attributes carry the meaning without colours. Text and
 * ground stay the terminal's own. */
static const struct row rows[STYLES] = {
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
	[STYLE_STRUCK] = {244, NONE, A_NORMAL, A_DIM},
	[STYLE_CURSOR_STRUCK] = {NONE, NONE, A_REVERSE, A_REVERSE},
};

/* What a theme has other colours for, of 256 and of 8; 0: as above. Light grounds want
 * darker inks, dark ones lighter; contrast is at least 4.5 : 1 for text, 3 : 1 for
 * bars. colour-blind is blue, orange and yellow alone: two of them never differ by red
 * and green. */
static const struct {
	short rich, plain;
} other[THEMES][STYLES] = {
	[THEME_LIGHT] = {
		[STYLE_DIM] = {241, 0}, [STYLE_FRAME] = {248, 0},
		[STYLE_FRAME_FOCUS] = {25, COLOR_BLUE}, [STYLE_TITLE_FOCUS] = {25, COLOR_BLUE},
		[STYLE_HEAD] = {241, 0}, [STYLE_SIMILAR] = {25, COLOR_BLUE},
		[STYLE_COMPLEMENTARY] = {130, COLOR_RED}, [STYLE_FLOW] = {29, 0},
		[STYLE_ERROR] = {124, 0}, [STYLE_CHIP] = {130, COLOR_RED},
		[STYLE_MATCH] = {130, COLOR_RED}, [STYLE_STRUCK] = {241, 0},
	},
	[THEME_DARK] = {
		[STYLE_DIM] = {246, 0}, [STYLE_FRAME] = {240, 0},
		[STYLE_FRAME_FOCUS] = {117, 0}, [STYLE_TITLE_FOCUS] = {117, 0},
		[STYLE_HEAD] = {246, 0}, [STYLE_SIMILAR] = {117, 0},
		[STYLE_COMPLEMENTARY] = {220, 0}, [STYLE_FLOW] = {79, 0},
		[STYLE_ERROR] = {209, 0}, [STYLE_CHIP] = {220, 0}, [STYLE_MATCH] = {220, 0},
		[STYLE_STRUCK] = {246, 0},
	},
	[THEME_COLOUR_BLIND] = {
		[STYLE_COMPLEMENTARY] = {214, 0}, [STYLE_FLOW] = {228, COLOR_WHITE},
		[STYLE_ERROR] = {214, COLOR_YELLOW}, [STYLE_CHIP] = {228, 0},
		[STYLE_MATCH] = {228, 0},
	},
};

static const char *const names[THEMES] = {
	[THEME_DEFAULT] = "default",
	[THEME_LIGHT] = "light",
	[THEME_DARK] = "dark",
	[THEME_COLOUR_BLIND] = "colour-blind",
	[THEME_MONO] = "mono",
};

const char *theme_name(enum theme t)
{
	return names[t];
}

static short colour_of(enum theme t, int style)
{
	short rich = other[t][style].rich, plain = other[t][style].plain;

	if (COLORS >= 256)
		return rich ? rich : rows[style].rich;
	return plain ? plain : rows[style].plain;
}

void style_init(attr_t style[STYLES], bool colour, enum theme theme, attr_t strike)
{
	bool on = colour && theme != THEME_MONO && has_colors() && start_color() == OK;
	bool own = on && use_default_colors() == OK;
	short background = own ? -1 : COLOR_BLACK;

	for (short i = 0; i < STYLES; i++) {
		short c = colour_of(theme, i);

		style[i] = on ? rows[i].with : rows[i].without;
		/* On 8 colours there is no grey: dim is the attribute. */
		if (on && c == NONE && COLORS < 256)
			style[i] = rows[i].with | (rows[i].without & A_DIM);
		if (!on || c == NONE)
			continue;
		if (init_pair(i + 1, c, background) == OK)
			style[i] |= (attr_t)COLOR_PAIR(i + 1);
	}
	style[STYLE_STRUCK] |= strike;
	style[STYLE_CURSOR_STRUCK] |= strike;
}
