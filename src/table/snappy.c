/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block is its length, then literals and copies of what was written before. */
#include "config.h"

#include "table/snappy.h"

#include <string.h>

struct from {
	const uint8_t *p, *end;
};

static bool read_length(struct from *in, uint64_t *n)
{
	*n = 0;
	for (unsigned shift = 0; shift < 35 && in->p < in->end; shift += 7) {
		uint8_t byte = *in->p++;

		*n |= (uint64_t)(byte & 127) << shift;
		if (!(byte & 128))
			return true;
	}
	return false;
}

/* A number of 1 to 4 bytes, little endian. */
static inline bool read_number(struct from *in, unsigned bytes, uint32_t *x)
{
	if ((size_t)(in->end - in->p) < bytes)
		return false;
	*x = 0;
	for (unsigned i = 0; i < bytes; i++)
		*x |= (uint32_t)*in->p++ << (8 * i);
	return true;
}

/* n bytes, by sixteens as long as `room` bytes may be written: most pieces are short. */
static inline void put(uint8_t *to, const uint8_t *from, size_t n, size_t room)
{
	if (n > 64 || n + 16 > room) {
		memcpy(to, from, n);
		return;
	}
	for (size_t i = 0; i < n; i += 16)
		memcpy(to + i, from + i, 16);
}

/* The copy may reach into what it writes: then that repeats. */
static inline void copy(uint8_t *to, size_t offset, size_t n, size_t room)
{
	const uint8_t *from = to - offset;

	if (offset >= 16 && n + 16 <= room) {
		for (size_t i = 0; i < n; i += 16)
			memcpy(to + i, from + i, 16);
	} else if (offset >= 8 && n + 8 <= room) {
		for (size_t i = 0; i < n; i += 8)
			memcpy(to + i, from + i, 8);
	} else if (offset >= n) {
		memcpy(to, from, n);
	} else {
		while (n--)
			*to++ = *from++;
	}
}

/* Length and offset of a copy whose tag is known. */
static inline bool copy_tag(struct from *in, uint8_t tag, uint32_t *n, uint32_t *offset)
{
	static const uint8_t bytes[] = {0, 1, 2, 4};

	if (!read_number(in, bytes[tag & 3], offset))
		return false;
	*n = (tag & 3) == 1 ? 4 + (uint32_t)(tag >> 2 & 7) : 1 + (uint32_t)(tag >> 2);
	if ((tag & 3) == 1)
		*offset |= (uint32_t)(tag >> 5) << 8;
	return true;
}

bool snappy_unpack(const uint8_t *bytes, size_t n_bytes, uint8_t *out, size_t size)
{
	struct from in = {bytes, bytes + n_bytes};
	uint8_t *to = out, *end = out + size;
	uint64_t all;

	if (!read_length(&in, &all) || all != size)
		return false;
	while (in.p < in.end) {
		uint8_t tag = *in.p++;
		uint32_t n = tag >> 2, offset;

		if (tag & 3) {
			if (!copy_tag(&in, tag, &n, &offset) || offset == 0 ||
			    offset > (size_t)(to - out) || n > (size_t)(end - to))
				return false;
			copy(to, offset, n, (size_t)(end - to));
		} else {
			if (n >= 60 && !read_number(&in, n - 59, &n))
				return false;
			if (n >= (size_t)(in.end - in.p) || n >= (size_t)(end - to))
				return false;
			n++;
			if ((size_t)(in.end - in.p) >= n + 16)
				put(to, in.p, n, (size_t)(end - to));
			else
				memcpy(to, in.p, n);
			in.p += n;
		}
		to += n;
	}
	return to == end;
}

size_t snappy_most(size_t n)
{
	/* Three bytes copy 64. */
	return n * 22 + 64;
}
