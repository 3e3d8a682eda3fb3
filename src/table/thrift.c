/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole numbers are zigzag varints, a field's id is told by its distance to the last one. */
#include "config.h"

#include "table/thrift.h"

#define DEPTH 32	/* of structs and lists in one another */

static uint64_t varint(struct thrift *t)
{
	uint64_t x = 0;

	for (unsigned shift = 0; shift < 64 && t->p < t->end; shift += 7) {
		uint8_t byte = *t->p++;

		x |= (uint64_t)(byte & 127) << shift;
		if (!(byte & 128))
			return x;
	}
	t->bad = true;
	t->p = t->end;
	return 0;
}

static int64_t zigzag(uint64_t x)
{
	return (int64_t)(x >> 1) ^ -(int64_t)(x & 1);
}

static int64_t element(struct thrift *t)
{
	return zigzag(varint(t));
}

bool thrift_next(struct thrift *t, struct thrift_field *f)
{
	uint8_t head;
	int64_t id;

	if (t->p >= t->end) {
		t->bad = true;
		return false;
	}
	head = *t->p++;
	f->type = head & 15;
	if (f->type == THRIFT_STOP)
		return false;
	id = head >> 4 ? f->id + (head >> 4) : zigzag(varint(t));
	if (id < 0 || id > INT16_MAX || f->type > THRIFT_STRUCT)
		t->bad = true;
	f->id = t->bad ? 0 : (int)id;
	return !t->bad;
}

int64_t thrift_integer(struct thrift *t, const struct thrift_field *f)
{
	if (f->type == THRIFT_BYTE && t->p < t->end)
		return (int8_t)*t->p++;
	if (f->type == THRIFT_I16 || f->type == THRIFT_I32 || f->type == THRIFT_I64)
		return element(t);
	t->bad = true;
	return 0;
}

struct str thrift_binary(struct thrift *t)
{
	uint64_t n = varint(t);
	struct str s;

	if (n > (uint64_t)(t->end - t->p)) {
		t->bad = true;
		t->p = t->end;
		n = 0;
	}
	s = str_span((const char *)t->p, (size_t)n);
	t->p += n;
	return s;
}

/* Every element takes a byte or more. */
static uint64_t list_head(struct thrift *t, enum thrift_type *element)
{
	uint8_t head;
	uint64_t n;

	if (t->p >= t->end) {
		t->bad = true;
		return 0;
	}
	head = *t->p++;
	*element = head & 15;
	n = head >> 4 == 15 ? varint(t) : head >> 4;
	if (n > (uint64_t)(t->end - t->p)) {
		t->bad = true;
		n = 0;
	}
	return n;
}

uint32_t thrift_list(struct thrift *t, enum thrift_type element)
{
	enum thrift_type found = element;
	uint64_t n = list_head(t, &found);

	if (n && found != element)
		t->bad = true;
	return t->bad || n > UINT32_MAX ? 0 : (uint32_t)n;
}

static void skip_bytes(struct thrift *t, uint64_t n)
{
	if (n > (uint64_t)(t->end - t->p)) {
		t->bad = true;
		n = (uint64_t)(t->end - t->p);
	}
	t->p += n;
}

static void skip(struct thrift *t, enum thrift_type type, unsigned depth);

static void skip_list(struct thrift *t, unsigned depth)
{
	enum thrift_type element;
	uint64_t n = list_head(t, &element);

	/* In lists a truth value is a byte. */
	if (element == THRIFT_TRUE || element == THRIFT_FALSE)
		element = THRIFT_BYTE;
	while (n-- && !t->bad)
		skip(t, element, depth);
}

static void skip_map(struct thrift *t, unsigned depth)
{
	uint64_t n = varint(t);
	uint8_t types;

	if (!n || t->p >= t->end || n > (uint64_t)(t->end - t->p)) {
		t->bad |= n != 0;
		return;
	}
	types = *t->p++;
	while (n-- && !t->bad) {
		skip(t, types >> 4, depth);
		skip(t, types & 15, depth);
	}
}

static void skip(struct thrift *t, enum thrift_type type, unsigned depth)
{
	struct thrift_field f = {0};

	if (depth > DEPTH)
		t->bad = true;
	else if (type == THRIFT_BYTE)
		skip_bytes(t, 1);
	else if (type >= THRIFT_I16 && type <= THRIFT_I64)
		(void)varint(t);
	else if (type == THRIFT_DOUBLE)
		skip_bytes(t, 8);
	else if (type == THRIFT_BINARY)
		(void)thrift_binary(t);
	else if (type == THRIFT_LIST || type == THRIFT_SET)
		skip_list(t, depth + 1);
	else if (type == THRIFT_MAP)
		skip_map(t, depth + 1);
	else if (type == THRIFT_STRUCT)
		while (thrift_next(t, &f))
			skip(t, f.type, depth + 1);
	else if (type != THRIFT_TRUE && type != THRIFT_FALSE)
		t->bad = true;
}

void thrift_skip(struct thrift *t, enum thrift_type type)
{
	skip(t, type, 0);
}
