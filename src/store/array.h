/* SPDX-License-Identifier: GPL-3.0-or-later */
/* array: the form of a named typed array in a store file, read in place. */
#ifndef STORE_ARRAY_H
#define STORE_ARRAY_H

#include <stdint.h>

#include "base/str.h"

enum array_type {
	ARRAY_U8 = 1,
	ARRAY_U32,
	ARRAY_U64,
	ARRAY_I64,
	ARRAY_F32,
	ARRAY_F64,
};

/* Bytes of one element, or 0 for an unknown type. */
unsigned array_size(enum array_type type);
const char *array_type_name(enum array_type type);

/*
 * A value in the file is a head of ARRAY_HEAD bytes and then the data. The
 * value lives on LMDB overflow pages, whose payload starts at +16, so the data
 * start on a page boundary: aligned for any vector unit, and the parts of an
 * array longer than ARRAY_PART can be mapped side by side, which gives kernels
 * one span however long the array is. Little-endian (checked when building).
 */
#define ARRAY_MAGIC "aislear1"
#define ARRAY_HEAD 4080u
#define ARRAY_PART (UINT64_C(1) << 29)	/* bytes of data in one value */

struct array_head {
	char magic[8];		/* ARRAY_MAGIC, without its NUL */
	uint32_t type;		/* enum array_type */
	uint32_t columns;	/* elements per row, >= 1 */
	uint64_t rows;		/* of the whole array, all parts */
	uint64_t part_rows;	/* of this part */
	uint32_t part, parts;
	uint32_t crc;		/* CRC-32C of this part's data */
	uint32_t head_crc;	/* CRC-32C of the bytes above */
};
_Static_assert(sizeof(struct array_head) == 48, "array head is 48 bytes");

/* Set both checksums of a head that is filled otherwise; crc is of its data. */
void array_head_seal(struct array_head *h, uint32_t crc);
/* The value (head and data) is what its head says; ERR_STORE names the array. */
struct err;
bool array_head_check(const struct array_head *h, size_t value_size, const char *name,
		      struct err *err);

/* A borrowed view of one array: data (rows, columns), row-major. */
struct array {
	const void *data;
	uint64_t rows;
	uint32_t columns;
	enum array_type type;
};

/* n texts: text i is bytes[offsets[i] .. offsets[i+1]), offsets (n + 1). */
struct text {
	const uint64_t *offsets;
	const char *bytes;
	uint64_t n;
};
static inline struct str text_at(const struct text *t, uint64_t i)
{
	return str_span(t->bytes + t->offsets[i],
			(size_t)(t->offsets[i + 1] - t->offsets[i]));
}

/* n texts that are made when they are asked for; an index wants them ascending, distinct. */
struct text_source {
	uint64_t n;
	struct str (*text)(const void *ctx, uint64_t i);
	const void *ctx;
};
struct id_source {
	uint32_t n;
	struct str (*id)(const void *ctx, uint64_t i);
	const void *ctx;
	const uint32_t *number; /* (n) NULL: 0, 1, 2 ... */
};

/* Compressed sparse rows: the entries of row r are
 * column[offsets[r] .. offsets[r+1]), ascending within a row where its maker
 * says so; value runs beside column or is NULL. offsets (rows + 1). */
struct csr {
	const uint64_t *offsets;
	const uint32_t *column;
	const uint32_t *value;
	uint64_t rows, entries;
};

#endif
