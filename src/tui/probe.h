/* SPDX-License-Identifier: GPL-3.0-or-later */
/* probe: is a terminal known to terminfo, and good enough to draw on? */
#ifndef TUI_PROBE_H
#define TUI_PROBE_H

#include <stdbool.h>

/* name has a description and it can clear the screen and place the cursor. */
bool probe_known(const char *name, int fd);
/* The terminal that curses drives takes ESC [ n G for a column, and stays in the
 * row when its last cell is written. */
bool probe_columns(void);
/* It says everything that tui/shadow.h says as xterm does: looks, moves, erasing. */
bool probe_plain(void);
/* ESC [ n b repeats the last character, or so its description says. */
bool probe_repeats(void);
/* What clears the screen. */
const char *probe_clear(void);
/* It strikes text through by SGR 9 (smxx), and has italics by SGR 3: curses has no attribute
 * for the one, so the pen says it in place of the other. */
bool probe_strikes(void);
#endif
