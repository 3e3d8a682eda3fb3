/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A field's head is the distance to the last one's id and its type. */
#include "config.h"

#include "table/thrift_put.h"

#include <assert.h>

static void put_varint(struct strbuf *b, uint64_t x)
{
	for (; x > 127; x >>= 7)
		strbuf_addc(b, (char)(x | 128));
	strbuf_addc(b, (char)x);
}

static void put_head(struct thrift_put *t, int id, enum thrift_type type)
{
	int *last = &t->last[t->depth];

	assert(id > *last && id - *last < 16);
	strbuf_addc(t->to, (char)((id - *last) << 4 | (int)type));
	*last = id;
}

void thrift_put_number(struct thrift_put *t, int64_t x)
{
	put_varint(t->to, (uint64_t)x << 1 ^ (uint64_t)(x >> 63));
}

void thrift_put_i32(struct thrift_put *t, int id, int64_t x)
{
	put_head(t, id, THRIFT_I32);
	thrift_put_number(t, x);
}

void thrift_put_i64(struct thrift_put *t, int id, int64_t x)
{
	put_head(t, id, THRIFT_I64);
	thrift_put_number(t, x);
}

void thrift_put_word(struct thrift_put *t, struct str s)
{
	put_varint(t->to, s.len);
	strbuf_add(t->to, s);
}

void thrift_put_text(struct thrift_put *t, int id, struct str s)
{
	put_head(t, id, THRIFT_BINARY);
	thrift_put_word(t, s);
}

void thrift_put_list(struct thrift_put *t, int id, enum thrift_type element, uint32_t n)
{
	put_head(t, id, THRIFT_LIST);
	strbuf_addc(t->to, (char)((n < 15 ? n : 15) << 4 | element));
	if (n >= 15)
		put_varint(t->to, n);
}

void thrift_put_item(struct thrift_put *t)
{
	assert(t->depth + 1 < THRIFT_DEPTH);
	t->last[++t->depth] = 0;
}

void thrift_put_struct(struct thrift_put *t, int id)
{
	put_head(t, id, THRIFT_STRUCT);
	thrift_put_item(t);
}

void thrift_put_end(struct thrift_put *t)
{
	strbuf_addc(t->to, 0);
	if (t->depth)
		t->depth--;
}
