/* SPDX-License-Identifier: GPL-3.0-or-later */
/* record_split: cuts a file of delimited text into pieces that end where a record ends. */
#ifndef DATA_RECORD_SPLIT_H
#define DATA_RECORD_SPLIT_H

#include "base/err.h"
#include "base/scope.h"
#include "base/str.h"
#include "data/dataset.h"
#include "data/form.h"
#include "data/table.h"

/*
 * What a record is, for every reader of delimited text in this program:
 * fields parted by the separator; a line end is LF, CR LF or a lone CR and ends
 * the record unless it stands in a quoted field; a quoted field starts with " (or `quote`)
 * as its very first byte, doubles the quotes in it and is followed by a
 * separator or the record's end; blank lines are no records.
 *
 * A record that breaks these rules, or has a field over `field` or a total of
 * over `record` bytes, is malformed: it takes its first physical line with it
 * and the next line starts a record again. So a quote that is never closed
 * costs one line, not the file.
 */
struct split_limits {
	size_t field, record;	/* bytes; longer ones are malformed */
	size_t piece;		/* a piece has about so many bytes */
	size_t window;		/* bytes held at once, beside one longest record */
	size_t read;		/* bytes of one read(), 0: what fits */
	bool no_quotes;		/* " is a byte like others */
	char quote;		/* what encloses fields instead of "; 0: nothing else */
	const struct form *form;	/* what is put right before; NULL: nothing */
	bool tables;		/* Parquet and JSON are read too; else refused */
	const struct table_choice *choice;	/* of their columns; NULL: all */
};
/* What encloses fields; without quotes NUL stands for it, which no text has. */
static inline char split_quote(const struct split_limits *limits)
{
	return limits->no_quotes ? 0 : limits->quote ? limits->quote : '"';
}
#define SPLIT_FIELD_MAX ((size_t)1 << 20)
#define SPLIT_RECORD_MAX ((size_t)4 << 20)
/* Sensible ones for so many threads. */
struct split_limits split_limits_default(unsigned threads);

enum split_result {
	SPLIT_OK,	/* *len bytes, the line end included */
	SPLIT_BAD,	/* malformed: see split_flaw */
	SPLIT_MORE,	/* can't tell before more bytes are there */
};
struct split_flaw {
	enum reject_reason reason;	/* REJECT_QUOTE or REJECT_LONG */
	unsigned column;		/* 0-based; UINT_MAX: the whole record */
	size_t at;			/* offset of the quote or field in the record */
};
/* Look at the record at the start of s; `eof`: nothing follows s. */
enum split_result split_record(struct str s, bool eof, char separator,
			       const struct split_limits *limits, size_t *len,
			       struct split_flaw *flaw);
/* Bytes of the first physical line, its end included; s.len when it has none. */
size_t split_line(struct str s);
/* Line ends in s. */
uint64_t split_count_lines(struct str s);

/* Pieces of one window stand side by side in one buffer; a record that starts in
 * a piece may be looked at up to `limit` (that is how a malformed one is told). */
struct split_piece {
	const char *ptr, *end, *limit;
	bool eof;		/* nothing comes after limit */
	struct table_part part;	/* of a table: which one it is; of Parquet [ptr, end) is empty */
};
/* The CRC-32C, after seed, of what of the file no piece before it has. */
bool split_crc(const struct split_piece *piece, uint32_t seed, uint32_t *crc,
	       struct err *err);
/* The end of the file: nothing in it. */
static inline bool split_piece_empty(const struct split_piece *p)
{
	return p->ptr == p->end && !p->part.rows && !p->part.names;
}

struct split;
/*
 * Read path, "-" being standard input; gzip, zstd and xz are unpacked. The first
 * bytes decide what is refused (ERR_FORMAT, by name): UTF-16 and UTF-32, other
 * compressed files. A UTF-8 byte order mark is skipped.
 */
bool split_open(struct split **s, const char *path, char separator,
		const struct split_limits *limits, struct err *err);
/* The same for text of another encoding (NULL: UTF-8), which is turned into UTF-8
 * first; what means nothing in it becomes U+FFFD. Tables are read as they are. */
bool split_open_encoded(struct split **s, const char *path, const char *encoding,
			char separator, const struct split_limits *limits,
			struct err *err);
/* Are its records those of a table, and not delimited text? */
bool split_is_table(const struct split *s);
/* Bytes read of the file itself, which may be compressed. */
uint64_t split_position(const struct split *s);
/* What else than a signal ends waiting for a pipe. */
struct job;
void split_watch(struct split *s, struct job *job);
void split_destroy(struct split *s);
SCOPED_DEFINE(split)
/*
 * The next pieces, in file order: *n of them, 0 at the end. They are valid
 * until the next call. *bytes (may be NULL) gets how many bytes of the file
 * were used up by this call.
 */
bool split_next(struct split *s, const struct split_piece **pieces, size_t *n,
		uint64_t *bytes, struct err *err);

/* A buffer of a caller's own; zero it first. */
struct split_room {
	char *buf;
	size_t cap, pos, len;	/* [pos, len) is not used up */
	struct parquet_group *group;	/* that the piece is of */
};
void split_room_finish(struct split_room *r);
/*
 * The next piece alone, read into r and valid as long as that is left alone; at the
 * end it is empty. So several threads, each with a room of its own, can take turns
 * (one at a time) and keep what they took. Don't mix with split_next.
 */
bool split_pull(struct split *s, struct split_room *r, struct split_piece *piece,
		uint64_t *bytes, struct err *err);

#endif
