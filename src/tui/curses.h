/* SPDX-License-Identifier: GPL-3.0-or-later */
/* curses: the library's header, which names functions that banned.h bans. */
#ifndef TUI_CURSES_H
#define TUI_CURSES_H

#define GCC_SCANFLIKE(format, from)
#include <ncursesw/curses.h>

#endif
