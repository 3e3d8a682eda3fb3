/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pager: text that scrolls and can be searched: help, output of commands. */
#ifndef TUI_PAGER_H
#define TUI_PAGER_H

#include "base/str.h"
#include "tui/layout.h"
#include "tui/list.h"
#include "tui/term.h"

struct pager {
	bool open;
	struct strbuf title, text;	/* text is sanitised */
	size_t *line;		/* (lines + 1) where they begin */
	size_t cap;
	struct list list;	/* the cursor's line is the top one that is seen */
	int left;		/* cells scrolled to the right */
	bool keys;		/* the help of keys: @KEY looks in their column */
	struct strbuf query;	/* what is searched for, "" */
};

/* Show text; ANSI sequences and the like in it are made visible. */
void pager_open(struct pager *p, struct str title, struct str text);
void pager_close(struct pager *p);
void pager_finish(struct pager *p);
void pager_scroll(struct pager *p, int64_t lines);
void pager_go(struct pager *p, uint64_t line);
/* The next line with the query, from the cursor's (`here`: that one counts), in
 * direction by; false: none. */
bool pager_find(struct pager *p, struct str query, int by, bool here);
void pager_draw(struct pager *p, const struct term *term, struct rect r);

#endif
