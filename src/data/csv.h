/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv: the records of a piece of delimited text, fields unquoted by libcsv. */
#ifndef DATA_CSV_H
#define DATA_CSV_H

#include <csv.h>

#include "base/str.h"
#include "data/record_split.h"

#define CSV_FIELDS (1u << 17)

struct csv_record {
	const struct str *field;	/* (n), see `copied`; csv.field unless of Parquet */
	unsigned n;		/* fields; more than CSV_FIELDS are counted only */
	struct str text;	/* as in the file, without its line end */
	uint64_t line;		/* line ends of the piece before the record */
	bool cut;		/* the file ends here without a line end */
	bool copied;		/* texts aren't in the piece but last until the next
				 * record, as do those of earlier ones of a table;
				 * others last as long as the piece */
	/* Of Parquet: what is known of the fields beside their texts; else at NULL. */
	struct known_row known;
	/* Malformed: n is 0 and text its first physical line. */
	enum reject_reason reason;	/* REJECT_NONE, _QUOTE, _LONG or _NUL */
	unsigned column;	/* 0-based; UINT_MAX: the whole record */
	uint64_t flaw_line;	/* of the quote that is wrong or never closed */
};

/*
 * Records without a quote are cut by a vector scan; a record with one is
 * checked by split_record and goes through libcsv (strict, nothing trimmed, a
 * field capped). Both give the same fields: the tests compare them with libcsv
 * reading the whole file. Blank lines are skipped.
 */
struct csv {
	const char *pos, *end, *limit;
	const char *block;	/* of 64 bytes that `mask` speaks of */
	uint64_t mask;		/* separators, quotes, line ends not yet seen */
	uint64_t line;
	bool eof, nul, plain;
	char sep, quote;
	const struct split_limits *limits;
	struct csv_parser parser;
	struct table_rows table;	/* while the piece is a table's */
	bool names;		/* they are to come */
	struct str record;	/* of JSON, that is being read */
	uint64_t record_line;
	struct err err;		/* why a table's rows ended early */
	struct strbuf text;	/* unquoted fields of the record */
	struct str *field;	/* of the record */
	size_t *start;		/* of libcsv's fields in text */
	size_t cap, cap_start;
	unsigned n;
};
/* limits stay the caller's. */
void csv_reader_init(struct csv *c, char separator, const struct split_limits *limits);
void csv_reader_finish(struct csv *c);
/* Start on a piece; lines are counted from 0. */
void csv_reader_start(struct csv *c, const struct split_piece *piece);
/* Send every record through libcsv (tests). */
void csv_reader_slow(struct csv *c, bool slow);
/* False at the end of the piece; then c->line is its number of line ends (of Parquet:
 * rows), and c->err tells whether it ended early. */
bool csv_reader_next(struct csv *c, struct csv_record *r);

/* A spreadsheet would take it for a formula, or has an apostrophe for that: any
 * apostrophes and then = + - @, their full-width forms, tab, CR or LF. Exports
 * put one apostrophe in front of such a text; csv_without_apostrophe takes it
 * away again, so that any text survives. */
bool csv_is_formula(struct str s);
struct str csv_without_apostrophe(struct str s);

#endif
