/* SPDX-License-Identifier: GPL-3.0-or-later */
/* menu: a short list over the panes to choose from. */
#ifndef TUI_MENU_H
#define TUI_MENU_H

#include "base/str.h"
#include "tui/layout.h"
#include "tui/list.h"
#include "tui/term.h"

#define MENU_MAX 32

struct menu {
	bool open;
	const char *title;
	const char *item[MENU_MAX], *help[MENU_MAX];	/* borrowed; help may be NULL */
	struct list list;
};

void menu_open(struct menu *m, const char *title);
void menu_add(struct menu *m, const char *item, const char *help, bool chosen);
/* Within body, at its left edge. */
void menu_draw(struct menu *m, const struct term *term, struct rect body);

#endif
