/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * parquet: the rows of Parquet files as texts, read by several threads at once.
 *
 * Read are data pages of both versions, plain, by dictionary and run lengths, delta-packed
 * numbers and lengths, numbers split into bytes; not packed or by snappy, gzip and zstd;
 * all physical types; columns that are optional or lie in optional groups, and lists of
 * plain values. Any other thing is refused by its name, with column and row group.
 * Source: apache/parquet-format, README.md, Encodings.md, LogicalTypes.md, parquet.thrift.
 *
 * A value's text is what a CSV would say: texts as they are, numbers in the fewest digits
 * that read back the same, true and false, dates as 2024-01-31, instants as
 * 2024-01-31T10:20:30.5Z, times that name no zone as 2024-01-31 10:20:30.5; a value that is
 * missing or no number is the empty text. Values of a list are parted by |.
 */
#ifndef TABLE_PARQUET_H
#define TABLE_PARQUET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/scope.h"
#include "base/str.h"

#define PARQUET_COLUMNS 4096	/* of a file; more are refused */
#define PARQUET_LIST ((size_t)1 << 20)	/* bytes of a list's text */
#define PARQUET_NONE UINT32_MAX

/* A file; after parquet_choose it doesn't change. */
struct parquet;
/* Does a file begin so? 4 bytes tell. */
bool parquet_is(struct str bytes);
/* path: a regular file. */
bool parquet_open(struct parquet **p, const char *path, struct err *err);
/* The same of bytes that outlive it. */
bool parquet_parse(struct parquet **p, struct str bytes, const char *name, struct err *err);
void parquet_destroy(struct parquet *p);
SCOPED_DEFINE(parquet)
/* Its columns, in the file's order: "a", or "a.b" in groups. */
unsigned parquet_columns(const struct parquet *p);
struct str parquet_column(const struct parquet *p, unsigned i);
/* Can it be read? Lists of groups and lists of lists can't. */
bool parquet_readable(const struct parquet *p, unsigned i);
/* What its end says of it all. */
struct str parquet_footer(const struct parquet *p);
unsigned parquet_groups(const struct parquet *p);
uint64_t parquet_group_rows(const struct parquet *p, unsigned group);
/* The columns that rows are to hold (n); PARQUET_NONE: an empty text. */
void parquet_choose(struct parquet *p, const uint32_t *column, unsigned n);

/* A row group, checked for these columns; cursors read its pages one by one. */
struct parquet_group;
bool parquet_load(const struct parquet *p, unsigned group, struct parquet_group **g,
		  struct err *err);
/* Another owner; threads may share it. */
struct parquet_group *parquet_group_share(struct parquet_group *g);
void parquet_group_destroy(struct parquet_group *g);
/* Bytes of these columns, and their CRC-32C in the order of the choice, after seed. */
uint64_t parquet_group_bytes(const struct parquet_group *g);
bool parquet_group_crc(const struct parquet_group *g, uint32_t seed, uint32_t *crc,
		       struct err *err);

/* One thread's place among the rows. */
struct parquet_cursor;
struct parquet_cursor *parquet_cursor_create(void);
void parquet_cursor_destroy(struct parquet_cursor *c);
/* To the rows [first, first + rows) of a group, which the caller keeps as long. */
void parquet_seek(struct parquet_cursor *c, const struct parquet_group *g, uint64_t first,
		  uint64_t rows);
/*
 * The next rows: *n of them, 0 at the end, each of as many texts as columns were chosen,
 * one row behind the other; they are valid until the next call.
 */
bool parquet_next(struct parquet_cursor *c, const struct str **cells, unsigned *n,
		  struct err *err);
/* What is known of a column's values beside their texts. */
enum parquet_kind {
	PARQUET_TEXT,		/* nothing */
	PARQUET_INSTANT_AT,	/* ms since 1970 UTC, decimals cut off */
	PARQUET_WALL_AT,	/* the same of what a clock showed */
	PARQUET_HUNDREDTHS,	/* of a number */
};
#define PARQUET_UNKNOWN INT64_MIN
struct parquet_known {
	enum parquet_kind kind;
	const int64_t *x;	/* (rows) or PARQUET_UNKNOWN; valid as long as the texts */
};
/* (columns) of the rows that parquet_next gave last. */
const struct parquet_known *parquet_known(const struct parquet_cursor *c);

#endif
