/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thrift: structs of Apache Thrift's compact protocol, as Parquet writes its metadata. */
#ifndef TABLE_THRIFT_H
#define TABLE_THRIFT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum thrift_type {
	THRIFT_STOP,
	THRIFT_TRUE,
	THRIFT_FALSE,
	THRIFT_BYTE,
	THRIFT_I16,
	THRIFT_I32,
	THRIFT_I64,
	THRIFT_DOUBLE,
	THRIFT_BINARY,
	THRIFT_LIST,
	THRIFT_SET,
	THRIFT_MAP,
	THRIFT_STRUCT,
};

/* Where the reader is. Once `bad`, everything that is read is zero and lists are empty. */
struct thrift {
	const uint8_t *p, *end;
	bool bad;
};
static inline struct thrift thrift_of(struct str s)
{
	return (struct thrift){(const uint8_t *)s.ptr, (const uint8_t *)s.ptr + s.len, false};
}

/* A field of a struct; zero before the first one. */
struct thrift_field {
	int id;
	enum thrift_type type;
};
/* The next field's head; false at the struct's end or when it is bad. What the caller
 * doesn't read of it, it skips. */
bool thrift_next(struct thrift *t, struct thrift_field *f);
void thrift_skip(struct thrift *t, enum thrift_type type);
/* The value of a field of a whole number's type; others are bad. */
int64_t thrift_integer(struct thrift *t, const struct thrift_field *f);
/* A field that is true or false: its type says which. */
static inline bool thrift_bool(const struct thrift_field *f)
{
	return f->type == THRIFT_TRUE;
}
/* Borrowed from the text. */
struct str thrift_binary(struct thrift *t);
/* Elements of a list of that type, never more than bytes are left. */
uint32_t thrift_list(struct thrift *t, enum thrift_type element);

#endif
