/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grid: rows of typed cells, written one after another in a table's form. */
#ifndef EXPORT_GRID_H
#define EXPORT_GRID_H

#include "ask/pseudonym.h"
#include "data/emit.h"
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
	struct emit emit;	/* plain cells go there at once: emit_text(&s->emit, ...) */
};

/* Writes the header where the form has one. columns stay the caller's. */
void grid_init(struct grid *s, const struct export_request *r,
	       const struct grid_column *columns, unsigned n);
/* Hands the rest to r->out. */
void grid_finish(struct grid *s);

/* The text of that number; empty when it is CATALOG_NONE or t was not made. */
void grid_name(struct grid *s, const struct text *t, uint32_t number);
/* A user or session by id or pseudonym, as asked; empty where there is none. */
void grid_person(struct grid *s, enum pseudonym_kind kind, struct str id);
/* Empty for PRICE_NONE; revenue has a scale of its own. */
void grid_money(struct grid *s, int64_t units);
void grid_revenue(struct grid *s, int64_t units);
/* RFC 3339 UTC; for RecBole seconds since 1970. */
void grid_time(struct grid *s, int64_t ms);

/* Call it once in a while: false when the job is cancelled or writing failed. */
bool grid_check(struct grid *s, struct err *err);

#endif
