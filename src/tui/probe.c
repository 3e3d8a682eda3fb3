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
