/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table: the products, of which only the rows on the screen are ever made. */
#ifndef TUI_TABLE_H
#define TUI_TABLE_H

#include "tui/layout.h"
#include "tui/list.h"
#include "tui/edition.h"
#include "tui/term.h"
#include "tui/worker.h"

struct table {
	struct table_result *shown;	/* NULL: nothing yet */
	struct list list;
	unsigned first_column;		/* columns scrolled out behind the label */
	bool stale;			/* another one was asked for */
	uint32_t chosen;		/* the product under the cursor, kept over reloads */
};

void table_finish(struct table *t);
/* Take a new result over; the cursor goes to the row it found. */
void table_set(struct table *t, struct table_result *r);
/* The product under the cursor, or CATALOG_NONE. */
uint32_t table_product(const struct table *t);
uint32_t table_product_at(const struct table *t, uint64_t row);
/* Scroll the columns behind the label; false: there are no more. */
bool table_scroll(struct table *t, int by);
/* The key of the column whose heading is at x of the screen, if it can be sorted by;
 * `in` is the table without its frame. */
const char *table_heading(const struct table *t, struct rect in, int x);
/* dim: a stale table looks like it. */
void table_draw(struct table *t, const struct term *term, struct rect r, bool focus,
		bool dim);

#endif
