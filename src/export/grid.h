/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grid: rows of typed cells, written one after another in a table's form. */
#ifndef EXPORT_GRID_H
#define EXPORT_GRID_H

#include "export/export.h"

#define GRID_COLUMNS 64

enum grid_type {
	GRID_ID,	/* text that names something */
	GRID_TEXT,
	GRID_TOKENS,	/* text that is a list of words for RecBole */
	GRID_NUMBER,	/* count, real, money */
	GRID_TIME,
};

struct grid_column {
	const char *key;
	enum grid_type type;
};

/* Cells come in the order of the columns; the last one ends the row. */
struct grid {
	const struct export_request *r;
	const struct grid_column *columns;
	unsigned n, at;
	bool tty;
	uint64_t rows;
	struct strbuf text, clean, safe;
};

/* Writes the header where the form has one. columns stay the caller's. */
void grid_init(struct grid *s, const struct export_request *r,
	       const struct grid_column *columns, unsigned n);
/* Hands the rest to r->out. */
void grid_finish(struct grid *s);

void grid_empty(struct grid *s);	/* null in json lines, else nothing */
void grid_text(struct grid *s, struct str text);
/* The text of that number; empty when it is CATALOG_NONE or t was not made. */
void grid_name(struct grid *s, const struct text *t, uint32_t number);
void grid_count(struct grid *s, uint64_t n);
void grid_real(struct grid *s, double x);	/* empty when it is not finite */
/* Empty for PRICE_NONE; revenue has a scale of its own. */
void grid_money(struct grid *s, int64_t units);
void grid_revenue(struct grid *s, int64_t units);
/* RFC 3339 UTC; for RecBole seconds since 1970. */
void grid_time(struct grid *s, int64_t ms);

/* Call it once in a while: false when the job is cancelled or writing failed. */
bool grid_check(struct grid *s, struct err *err);

#endif
