/* SPDX-License-Identifier: GPL-3.0-or-later */
/* emit: rows of cells for other programs, in one of six forms. */
#ifndef DATA_EMIT_H
#define DATA_EMIT_H

#include "base/str.h"

struct out;
struct parquet_writer;

enum emit_form {
	EMIT_CSV,	/* RFC 4180 with LF, quoted only where it must be */
	EMIT_TSV,	/* tab, line end and backslash as \t, \n, \r, \\ */
	EMIT_JSON,	/* an array of objects, a line each */
	EMIT_JSONL,	/* an object a line */
	EMIT_PARQUET,	/* columns hold what their first cells say */
	EMIT_TOKENS,	/* tsv without escapes: tab, line end and double quote are a space */
};

/* Cells come in the order of the columns; the last one ends the row. */
struct emit {
	enum emit_form form;
	const char **key;	/* (n) names of the columns, JSON's without escapes */
	unsigned n, at;
	uint64_t done;		/* whole rows */
	bool formulas;		/* what a spreadsheet would take for a formula gets an apostrophe
				   in front; of csv and tsv */
	bool tty;		/* nothing in a cell may drive the terminal */
	struct out *out;
	struct parquet_writer *parquet;	/* once there is a cell */
	struct strbuf text, clean;
};

/* n columns, whose keys emit_key sets next; out stays the caller's. */
void emit_init(struct emit *r, enum emit_form form, unsigned n, struct out *out);
void emit_key(struct emit *r, unsigned i, const char *key);
/* The line of the column names; nothing in JSON. suffix (n) or NULL is put behind each. */
void emit_head(struct emit *r, const char *const *suffix);
/* Hands on what is left and ends JSON's array and Parquet's file; not whole: what is left
 * is dropped. */
void emit_finish(struct emit *r, bool whole);

void emit_empty(struct emit *r);	/* null in JSON, else nothing */
void emit_text(struct emit *r, struct str text);
void emit_count(struct emit *r, int64_t n);
void emit_real(struct emit *r, double x);	/* exact; empty when it is not finite */
void emit_decimal(struct emit *r, int64_t units, unsigned scale);
void emit_time(struct emit *r, int64_t ms);	/* RFC 3339 UTC */

#endif
