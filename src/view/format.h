/* SPDX-License-Identifier: GPL-3.0-or-later */
/* format: cells as text, for the writers of view_write. */
#ifndef VIEW_FORMAT_H
#define VIEW_FORMAT_H

#include "view/view.h"

/* Right-aligned for people, without quotes in JSON. */
bool cell_is_number(enum cell_type type);
/* Rows [first, end). */
struct row_range {
	uint64_t first, end;
};
/* Rows [first, end) for people, as far as there are so many. */
bool format_write_text(struct view *v, struct row_range rows, struct out *out, struct err *err);
/* The same as lines that a screen reader can say: "1. Name: label value, ...". */
bool format_write_sentences(struct view *v, struct row_range rows, struct out *out,
			    struct err *err);

#define MONEY_DIGITS 4	/* after the point; what has more is no price that anyone asks */

/* A price as few digits tell it: 33.20 of cents; where prices are scaled (smaller than what
 * money has) three significant digits: 0.0424. */
void format_money(struct strbuf *b, int64_t units, unsigned scale);

/* "Money in USD.", or that prices are scaled; nothing where neither is to be said. */
void format_money_note(struct strbuf *b, const struct catalog *cat);

#endif
