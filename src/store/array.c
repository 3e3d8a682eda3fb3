/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sizes and names of types; heads are sealed by a checksum of their own. */
#include "config.h"

#include "store/array.h"

#include <stddef.h>

#include "base/crc32c.h"
#include "base/err.h"

static const struct {
	const char *name;
	unsigned size;
} types[] = {
	[ARRAY_U8] = {"u8", 1},
	[ARRAY_U32] = {"u32", 4},
	[ARRAY_U64] = {"u64", 8},
	[ARRAY_I64] = {"i64", 8},
	[ARRAY_F32] = {"f32", 4},
	[ARRAY_F64] = {"f64", 8},
};
#define TYPES (sizeof types / sizeof types[0])

unsigned array_size(enum array_type type)
{
	return (unsigned)type < TYPES ? types[type].size : 0;
}

const char *array_type_name(enum array_type type)
{
	return array_size(type) ? types[type].name : "unknown";
}

void array_head_seal(struct array_head *h, uint32_t crc)
{
	h->crc = crc;
	h->head_crc = crc32c(0, h, offsetof(struct array_head, head_crc));
}

bool array_head_check(const struct array_head *h, size_t value_size, const char *name,
		      struct err *err)
{
	uint64_t row, bytes;

	if (value_size < ARRAY_HEAD || memcmp(h->magic, ARRAY_MAGIC, sizeof h->magic) != 0)
		return err_fail(err, ERR_STORE,
				"the store is damaged: %s is not an array", name);
	if (h->head_crc != crc32c(0, h, offsetof(struct array_head, head_crc)))
		return err_fail(err, ERR_STORE,
				"the store is damaged: the head of array %s", name);
	row = (uint64_t)array_size((enum array_type)h->type) * h->columns;
	if (row == 0 || h->parts == 0 || h->part >= h->parts || h->part_rows > h->rows ||
	    __builtin_mul_overflow(row, h->part_rows, &bytes) ||
	    bytes != value_size - ARRAY_HEAD)
		return err_fail(err, ERR_STORE,
				"the store is damaged: array %s has %zu bytes, which its "
				"head contradicts", name, value_size);
	return true;
}
