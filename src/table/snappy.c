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
static bool read_number(struct from *in, unsigned bytes, uint32_t *x)
{
	if ((size_t)(in->end - in->p) < bytes)
		return false;
	*x = 0;
	for (unsigned i = 0; i < bytes; i++)
		*x |= (uint32_t)*in->p++ << (8 * i);
	return true;
}

/* The copy may reach into what it writes: then that repeats. */
static void copy(uint8_t *to, size_t offset, size_t n)
{
	const uint8_t *from = to - offset;

	if (offset >= n) {
		memcpy(to, from, n);
		return;
	}
	while (n--)
		*to++ = *from++;
}

/* Length and offset of a copy whose tag is known. */
static bool copy_tag(struct from *in, uint8_t tag, uint32_t *n, uint32_t *offset)
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
			copy(to, offset, n);
		} else {
			if (n >= 60 && !read_number(&in, n - 59, &n))
				return false;
			if (n >= (size_t)(in.end - in.p) || n >= (size_t)(end - to))
				return false;
			memcpy(to, in.p, ++n);
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
