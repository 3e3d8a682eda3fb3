/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads TZif files (RFC 8536): 64-bit times where the file has them. */
#include "config.h"

#include "base/zone.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

#define FILE_MAX ((size_t)256 << 10)
#define HEAD 44

static uint64_t big_endian(const unsigned char *p, unsigned bytes)
{
	uint64_t x = 0;
	while (bytes--)
		x = x << 8 | *p++;
	return x;
}

/* The six counts of a header: UT flags, standard flags, leaps, times, types, characters. */
static bool take_head(const unsigned char *p, size_t left, uint32_t count[6])
{
	if (left < HEAD || memcmp(p, "TZif", 4) != 0)
		return false;
	for (unsigned i = 0; i < 6; i++)
		count[i] = (uint32_t)big_endian(p + 20 + 4 * i, 4);
	return count[4] > 0 && count[3] < FILE_MAX && count[4] < 256;
}

static size_t block_size(const uint32_t c[6], unsigned bytes)
{
	return (size_t)c[3] * (bytes + 1) + (size_t)c[4] * 6 + c[5] +
	       (size_t)c[2] * (bytes + 4) + c[1] + c[0];
}

static bool take_block(struct zone *z, const unsigned char *p, size_t left,
		       const uint32_t c[6], unsigned bytes)
{
	const unsigned char *kind = p + (size_t)c[3] * bytes, *type = kind + c[3];
	if (block_size(c, bytes) > left)
		return false;
	z->n = c[3];
	z->from = mem_alloc((z->n + 1) * sizeof *z->from);
	z->offset = mem_alloc((z->n + 1) * sizeof *z->offset);
	z->before = (int32_t)big_endian(type, 4);
	for (size_t i = 0; i < z->n; i++) {
		uint64_t t = big_endian(p + i * bytes, bytes);
		z->from[i] = bytes == 8 ? (int64_t)t : (int32_t)t;
		if (kind[i] >= c[4] || (i && z->from[i] < z->from[i - 1]))
			return false;
		z->offset[i] = (int32_t)big_endian(type + 6 * (size_t)kind[i], 4);
	}
	return true;
}

/* The first block has times of 32 bits, the second one of 64. */
static bool take_file(struct zone *z, const unsigned char *p, size_t n)
{
	uint32_t count[6];
	if (!take_head(p, n, count))
		return false;
	if (p[4] < '2')
		return take_block(z, p + HEAD, n - HEAD, count, 4);
	size_t skip = HEAD + block_size(count, 4);
	return skip < n && take_head(p + skip, n - skip, count) && n - skip > HEAD &&
	       take_block(z, p + skip + HEAD, n - skip - HEAD, count, 8);
}

bool zone_open(struct zone *z, const char *name)
{
	STRBUF(path);
	*z = (struct zone){0};
	if (!*name || *name == '/' || strstr(name, ".."))
		return false;
	strbuf_addf(&path, "/usr/share/zoneinfo/%s", name);
	FILE *f = fopen(strbuf_c(&path), "rbe");
	if (!f)
		return false;
	unsigned char *room = mem_alloc(FILE_MAX);
	size_t n = fread(room, 1, FILE_MAX, f);
	fclose(f);
	bool ok = take_file(z, room, n);
	free(room);
	if (!ok)
		zone_finish(z);
	return ok;
}

void zone_finish(struct zone *z)
{
	free(z->from);
	free(z->offset);
	*z = (struct zone){0};
}

int64_t zone_offset(const struct zone *z, int64_t ms, size_t *hint)
{
	int64_t s = ms >= 0 ? ms / 1000 : -((999 - ms) / 1000);
	size_t lo = 0, hi = z->n;
	if (!z->n || s < z->from[0])
		return (int64_t)z->before * 1000;
	if (*hint >= z->n || s < z->from[*hint] ||
	    (*hint + 1 < z->n && s >= z->from[*hint + 1])) {
		while (hi - lo > 1) {
			size_t mid = lo + (hi - lo) / 2;
			if (z->from[mid] <= s)
				lo = mid;
			else
				hi = mid;
		}
		*hint = lo;
	}
	return (int64_t)z->offset[*hint] * 1000;
}
