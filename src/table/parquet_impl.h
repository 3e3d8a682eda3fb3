/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parquet_impl: what the parts of the Parquet reader share; for parquet*.c alone. */
#ifndef TABLE_PARQUET_IMPL_H
#define TABLE_PARQUET_IMPL_H

#include <stdatomic.h>

#include "base/arena.h"
#include "table/parquet.h"
#include "table/parquet_form.h"
#include "table/runs.h"
#include "table/thrift.h"

/* A column: a leaf of the schema. */
struct leaf {
	struct str name;
	enum parquet_type type;
	enum parquet_meaning meaning;
	int32_t length;			/* bytes of a value of fixed length */
	int32_t scale;			/* decimals */
	uint8_t defined, repeated;	/* levels of a value that is there */
	/* Of a list: the level from which on it has an element. */
	uint8_t element;
	bool readable;
};

/* Where a column's pages of one row group are. */
struct chunk {
	uint64_t at, bytes, values;
	enum parquet_codec codec;
};

struct row_group {
	uint64_t rows;
	struct chunk *chunk;		/* (leaves) */
};

struct parquet {
	char *path;
	int fd;				/* or -1 */
	struct str bytes;		/* without a file */
	uint64_t size;
	char *footer;
	size_t footer_len;
	struct arena *arena;		/* names */
	struct leaf *leaf;
	unsigned n_leaves;
	struct row_group *group;
	unsigned n_groups;
	uint32_t *chosen;		/* (n_chosen) leaves */
	unsigned n_chosen;
};

struct parquet_group {
	const struct parquet *file;
	unsigned number;
	atomic_uint owners;
	uint64_t bytes;			/* of the chosen columns */
};
/* n bytes of the file from `at` on. */
bool parquet_read_at(const struct parquet *p, uint64_t at, char *to, size_t n,
		     struct err *err);

/* ERR_FORMAT with the file's name, group and column (PARQUET_NONE: of none). */
struct parquet_place {
	const struct parquet *file;
	uint32_t group, leaf;
};
bool parquet_fail(const struct parquet_place *at, struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4), cold));
/* parquet_schema.c: leaves and row groups of the footer. */
bool parquet_read_footer(struct parquet *p, struct err *err);

/* parquet_page.c: the pages of a chunk, one after another. */
struct page_head {
	int64_t kind, size, packed_size;	/* size: unpacked, with its levels */
	int64_t values, rows, encoding;		/* rows: of version 2, else 0 */
	int64_t defined, repeated;		/* bytes of levels in version 2 */
	int64_t level_encoding[2];		/* of version 1 */
	bool packed;
};
struct page {
	enum parquet_encoding encoding;
	uint32_t values;		/* missing ones too */
	struct str repeated, defined;	/* levels */
	struct str data;
};
struct pages {
	struct parquet_place at;
	enum parquet_codec codec;
	const struct leaf *leaf;
	const struct chunk *chunk;
	struct str window;		/* its bytes from `start` on; pages lie in it */
	uint64_t start, pos;		/* in the chunk */
	char *read;			/* what the window is read into */
	size_t cap_read;
	uint64_t left;			/* values of pages to come */
	bool peeked;			/* head is that of the page at pos */
	struct page_head head;
	char *room;			/* what the last page was unpacked to */
	size_t cap;
	struct ZSTD_DCtx_s *zstd;	/* what unpacks, from page to page */
};
/* The head of the next data or dictionary page; false where none may follow. */
bool pages_peek(struct pages *s, struct err *err);
/* The page that was peeked at: open it, or pass it by. */
bool pages_open(struct pages *s, struct page *page, struct err *err);
/* To the start of another chunk; leaf and at are set by the caller. */
void pages_start(struct pages *s, const struct chunk *chunk);
void pages_finish(struct pages *s);
void pages_skip(struct pages *s);

/* parquet_value.c: texts of values. */
#define VALUE_TEXT 64	/* bytes that a text needs that isn't borrowed */
/* Bytes of a value in the plain encoding; 0: they differ or are bits. */
unsigned value_bytes(const struct leaf *leaf);
/* Texts of a column's values; date empty: nothing was written yet. */
struct value_texts {
	const struct leaf *leaf;
	int64_t day;		/* whose date is */
	char date[16];
	int64_t known;		/* of the last value, see struct parquet_known */
};
enum parquet_kind value_kind(const struct leaf *leaf);
/* Its text, borrowed or made at `room`. */
struct str value_text(struct value_texts *t, struct str raw, char *room);
struct str value_of_integer(struct value_texts *t, int64_t x, char *room);
/* Texts and what is known of n values that lie behind each other, of value_bytes each. */
struct value_cells {
	struct str *text;	/* (n, stride): the first of each row */
	unsigned stride;
	char *room;		/* (n, VALUE_TEXT) */
	int64_t *known;		/* (n) or NULL */
};
void value_run(struct value_texts *t, const char *raw, uint32_t n, struct value_cells to);

#endif
