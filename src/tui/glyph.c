/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The three sets of marks: for full fonts, for consoles and in ASCII. */
#include "config.h"

#include "tui/glyph.h"

#include <string.h>

static const struct glyphs full = {
	.h = "─", .v = "│", .tl = "┌", .tr = "┐", .bl = "└", .br = "┘",
	.fh = "═", .fv = "║", .ftl = "╔", .ftr = "╗", .fbl = "╚", .fbr = "╝",
	.open = "▾", .closed = "▸", .cursor = "›",
	.ellipsis = "…", .up = "▲", .down = "▼", .path = "›",
	.bar = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"},
	.track = " ",
};

static const struct glyphs console = {
	.h = "─", .v = "│", .tl = "┌", .tr = "┐", .bl = "└", .br = "┘",
	.fh = "═", .fv = "║", .ftl = "╔", .ftr = "╗", .fbl = "╚", .fbr = "╝",
	.open = "▼", .closed = "►", .cursor = ">",
	.ellipsis = "~", .up = "▲", .down = "▼", .path = ">",
	.bar = {" ", " ", "▌", "▌", "▌", "▌", "█", "█", "█"},
	.track = " ",
};

static const struct glyphs ascii = {
	.h = "-", .v = "|", .tl = "+", .tr = "+", .bl = "+", .br = "+",
	.fh = "=", .fv = "|", .ftl = "+", .ftr = "+", .fbl = "+", .fbr = "+",
	.open = "v", .closed = ">", .cursor = ">",
	.ellipsis = "~", .up = "^", .down = "v", .path = ">",
	.bar = {".", ".", ".", ".", "#", "#", "#", "#", "#"},
	.track = ".",
};

const struct glyphs *glyphs_for(bool utf8, const char *term)
{
	if (!utf8)
		return &ascii;
	return strncmp(term, "linux", 5) == 0 ? &console : &full;
}
