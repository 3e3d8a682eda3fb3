/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table: files whose records aren't delimited text, Parquet and JSON, for the readers of it. */
#ifndef DATA_TABLE_H
#define DATA_TABLE_H

#include "base/err.h"
#include "base/scope.h"
#include "base/str.h"

struct json_lines;
struct parquet_group;
struct parquet_known;

/* Which columns rows hold, in which order. */
struct table_choice {
	const char *const *name;
	const bool *used;	/* (n) others are empty texts */
	unsigned n;
};

struct table;
/* A part of a table that is no text: rows of a row group, or the names alone. */
struct table_part {
	const struct table *of;		/* NULL: the piece is delimited text */
	const struct parquet_group *group;	/* of Parquet */
	uint64_t first, rows;
	bool names;
	bool fresh;			/* the first one of its group */
};

/* choice NULL: all columns. ERR_FORMAT for a column that it has not. */
bool table_parquet(struct table **t, const char *path, const struct table_choice *choice,
		   struct err *err);
/* JSON, a record a line, that begins with `head`. */
struct table *table_json(struct str head, const struct table_choice *choice);
void table_destroy(struct table *t);
SCOPED_DEFINE(table)
bool table_is_text(const struct table *t);	/* its pieces are cut at line ends */
/* Bytes of the file that were read. */
uint64_t table_position(const struct table *t);
/* The next part, the names first; part->of NULL at the end. *held is a group that the
 * caller keeps (and gives back here or by parquet_group_destroy) while it reads the part;
 * *bytes is how many of the file no part before it has. */
bool table_next(struct table *t, struct table_part *part, struct parquet_group **held,
		uint64_t *bytes, struct err *err);
/* The CRC-32C of those, after seed. */
bool table_part_crc(const struct table_part *part, uint32_t seed, uint32_t *crc,
		    struct err *err);

/* What reads them, one thread's; zero it first. */
struct table_rows {
	const struct table *table;
	struct parquet_cursor *cursor;
	const struct str *cells;	/* rows that wait */
	const struct parquet_known *known;	/* of them */
	unsigned n_cells, at;
	uint64_t rows;			/* of the part; 0: it is the names alone */
	struct json_record *json;
	bool items;			/* the record has more rows */
	struct strbuf names;
};
void table_rows_finish(struct table_rows *r);
void table_rows_start(struct table_rows *r, const struct table_part *part);
unsigned table_columns(const struct table *t);
/* The names, as the first record. */
void table_names(struct table_rows *r, struct str *cell, struct str *text);
/* Parquet: the next row, lent; *last: its texts last until the next call only, those of rows
 * before it too. False at the end, or with err->code. */
bool table_next_row(struct table_rows *r, const struct str **cell, bool *last,
		    struct err *err);
/* JSON: a record's text, then its rows until it returns false; *bad: it breaks off. */
bool table_json_start(struct table_rows *r, struct str text, struct str *cell);
bool table_json_row(struct table_rows *r, struct str *cell, bool *copied, bool *bad);

#endif
