/* SPDX-License-Identifier: GPL-3.0-or-later */
/* list: a cursor that moves over rows of which a page is seen. */
#ifndef TUI_LIST_H
#define TUI_LIST_H

#include <stdbool.h>
#include <stdint.h>

/* cursor < count unless count is 0; top <= cursor < top + page once fitted. */
struct list {
	uint64_t count, cursor, top;
	unsigned page;		/* rows that are seen, >= 1; set when it is drawn */
};

void list_set(struct list *l, uint64_t count, uint64_t cursor);
void list_move(struct list *l, int64_t by);
void list_go(struct list *l, uint64_t row);
/* Put the cursor inside a page of that many rows; call before drawing. A page goes on by a
 * third: what comes next is seen, and most keys move no rows over the line. */
void list_fit(struct list *l, unsigned page);

#endif
