/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Apart from term.c: terminfo's header has a struct term of its own. */
#include "config.h"

#include "tui/probe.h"

#include "tui/curses.h"

#include <string.h>
#include <term.h>

bool probe_known(const char *name, int fd)
{
	int status;
	bool can;

	if (setupterm(name, fd, &status) != OK)
		return false;
	can = cursor_address && clear_screen;
	del_curterm(cur_term);
	return can;
}

bool probe_strikes(void)
{
	const char *smxx = cur_term ? tigetstr("smxx") : NULL;

	return smxx && smxx != (char *)-1 && strcmp(smxx, "\033[9m") == 0 &&
	       enter_italics_mode && strcmp(enter_italics_mode, "\033[3m") == 0;
}

bool probe_columns(void)
{
	return cur_term && column_address && eat_newline_glitch &&
	       strcmp(column_address, "\033[%i%p1%dG") == 0;
}

static bool says(const char *capability, const char *text)
{
	return capability && strcmp(capability, text) == 0;
}

/* Colours by SGR 30 to 37, and where there are more by 90 to 97 and 38;5. */
static bool plain_colours(void)
{
	if (max_colors < 8)
		return max_colors <= 0;
	if (!set_a_foreground || !says(tiparm(set_a_foreground, 3), "\033[33m") ||
	    !set_a_background || !says(tiparm(set_a_background, 3), "\033[43m"))
		return false;
	return max_colors == 8 || (max_colors == 256 &&
				   says(tiparm(set_a_foreground, 244), "\033[38;5;244m"));
}

bool probe_plain(void)
{
	return cur_term && probe_columns() && back_color_erase && no_color_video <= 0 &&
	       says(cursor_address, "\033[%i%p1%d;%p2%dH") && says(clr_eol, "\033[K") &&
	       says(parm_right_cursor, "\033[%p1%dC") && says(erase_chars, "\033[%p1%dX") &&
	       says(enter_reverse_mode, "\033[7m") && says(enter_bold_mode, "\033[1m") &&
	       plain_colours();
}

bool probe_repeats(void)
{
	return cur_term && says(repeat_char, "%p1%c\033[%p2%{1}%-%db");
}

const char *probe_clear(void)
{
	return cur_term && clear_screen ? clear_screen : "";
}
