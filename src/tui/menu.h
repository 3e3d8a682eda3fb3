/* SPDX-License-Identifier: GPL-3.0-or-later */
/* menu: a short list over the panes to choose from. */
#ifndef TUI_MENU_H
#define TUI_MENU_H

#include "base/str.h"
#include "tui/layout.h"
#include "tui/list.h"
#include "tui/term.h"

#define MENU_MAX 64

struct explorer;

struct menu {
	bool open;
	const char *title;
	void (*chosen)(struct explorer *e, unsigned i);
	void (*removed)(struct explorer *e, unsigned i);	/* or NULL */
	void (*second)(struct explorer *e, unsigned i);	/* or NULL: Tab does it */
	const char *keys;	/* what they do, in the frame */
	char *item[MENU_MAX], *help[MENU_MAX];	/* help may be NULL */
	char key[MENU_MAX];	/* that chooses it at once, or 0 */
	struct list list;
};

/* title stays the caller's. chosen is called when the menu has been closed. */
void menu_open(struct menu *m, const char *title,
	       void (*chosen)(struct explorer *e, unsigned i));
/* Backspace takes an item away. */
void menu_removes(struct menu *m, void (*removed)(struct explorer *e, unsigned i));
/* Tab does that with an item; what the keys do stays the caller's. */
void menu_second(struct menu *m, void (*second)(struct explorer *e, unsigned i),
		 const char *keys);
struct menu_entry {
	char key;		 /* chooses it at once, or 0 */
	const char *item, *help; /* help may be NULL */
	bool chosen;
};
void menu_add(struct menu *m, struct menu_entry x);
void menu_close(struct menu *m);
/* The item with that key, or -1. */
int menu_item(const struct menu *m, uint32_t key);
/* Within body, at its left edge. */
void menu_draw(struct menu *m, const struct term *term, struct rect body);

#endif
