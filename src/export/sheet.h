/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sheet: rows of typed cells, written one after another in a table's form. */
#ifndef EXPORT_SHEET_H
#define EXPORT_SHEET_H

#include "export/export.h"

#define SHEET_COLUMNS 64

enum sheet_type {
	SHEET_ID,	/* text that names something */
	SHEET_TEXT,
	SHEET_TOKENS,	/* text that is a list of words for RecBole */
	SHEET_NUMBER,	/* count, real, money */
	SHEET_TIME,
};

struct sheet_column {
	const char *key;
	enum sheet_type type;
};

/* Cells come in the order of the columns; the last one ends the row. */
struct sheet {
	const struct export_request *r;
	const struct sheet_column *columns;
	unsigned n, at;
	bool tty;
	uint64_t rows;
	struct strbuf text, clean, safe;
};

/* Writes the header where the form has one. columns stay the caller's. */
void sheet_init(struct sheet *s, const struct export_request *r,
		const struct sheet_column *columns, unsigned n);
/* Hands the rest to r->out. */
void sheet_finish(struct sheet *s);

void sheet_empty(struct sheet *s);	/* null in json lines, else nothing */
void sheet_text(struct sheet *s, struct str text);
/* The text of that number; empty when it is CATALOG_NONE or t was not made. */
void sheet_name(struct sheet *s, const struct text *t, uint32_t number);
void sheet_count(struct sheet *s, uint64_t n);
void sheet_real(struct sheet *s, double x);	/* empty when it is not finite */
/* Empty for PRICE_NONE; revenue has a scale of its own. */
void sheet_money(struct sheet *s, int64_t units);
void sheet_revenue(struct sheet *s, int64_t units);
/* RFC 3339 UTC; for RecBole seconds since 1970. */
void sheet_time(struct sheet *s, int64_t ms);

/* Call it once in a while: false when the job is cancelled or writing failed. */
bool sheet_check(struct sheet *s, struct err *err);

#endif
