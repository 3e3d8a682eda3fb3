/* SPDX-License-Identifier: GPL-3.0-or-later */
/* curses: the library's header, which names functions that banned.h bans, and its widths. */
#ifndef TUI_CURSES_H
#define TUI_CURSES_H

#define GCC_SCANFLIKE(format, from)
#include <ncursesw/curses.h>
#include <wchar.h>

/* Cells of c as curses counts them, -1 where it is none to show; lines, blocks and dots at
 * once. */
static inline int curses_width(wchar_t c)
{
	bool plain = (c >= 0x20 && c < 0x7f) || (c >= 0x2500 && c < 0x25a0) ||
		     (c >= 0x2800 && c < 0x2900);

	return plain ? 1 : wcwidth(c);
}

#endif
