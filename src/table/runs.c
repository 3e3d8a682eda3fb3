/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packed numbers are cut out of eight bytes at a time. */
#include "config.h"

#include "table/runs.h"

static uint64_t varint(const uint8_t **p, const uint8_t *end, bool *bad)
{
	uint64_t x = 0;

	for (unsigned shift = 0; shift < 64 && *p < end; shift += 7) {
		uint8_t byte = *(*p)++;

		x |= (uint64_t)(byte & 127) << shift;
		if (!(byte & 128))
			return x;
	}
	*bad = true;
	return 0;
}

/* `width` bits (at most 56) from bit `at` on; what lies behind the end is zero. */
static inline uint64_t bits_at(const uint8_t *p, const uint8_t *end, uint64_t at,
			       unsigned width)
{
	uint64_t word = 0;

	p += at / 8;
	if (end - p >= 8)
		memcpy(&word, p, 8);
	else if (end > p)
		memcpy(&word, p, (size_t)(end - p));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word >> (at % 8) & ((UINT64_C(1) << width) - 1);
}

void runs_start(struct runs *r, struct str bytes, unsigned width)
{
	const uint8_t *p = (const uint8_t *)(bytes.len ? bytes.ptr : "");

	*r = (struct runs){.p = p,
			   .end = p + bytes.len,
			   .width = width};
}

static bool next_run(struct runs *r)
{
	bool bad = false;
	uint64_t head = varint(&r->p, r->end, &bad), n = head >> 1, bytes;

	r->packed = head & 1;
	if (bad || n == 0 || n > UINT32_MAX / 8)
		return false;
	bytes = r->packed ? n * r->width : (r->width + 7) / 8;
	/* The last packed run may leave out what pads it. */
	if (bytes > (uint64_t)(r->end - r->p)) {
		if (!r->packed || r->width == 0)
			return false;
		bytes = (uint64_t)(r->end - r->p);
	}
	r->left = (uint32_t)(r->packed ? r->width ? bytes * 8 / r->width : n * 8 : n);
	if (r->packed && r->left > n * 8)
		r->left = (uint32_t)(n * 8);
	r->bits = r->p;
	r->at = 0;
	r->value = (uint32_t)(r->packed ? 0 : bits_at(r->p, r->end, 0, r->width));
	r->p += bytes;
	return r->left > 0;
}

static void unpack(struct runs *r, uint32_t *to, uint32_t n)
{
	const uint8_t *bits = r->bits, *end = r->p;
	const uint64_t mask = (UINT64_C(1) << r->width) - 1;
	uint64_t at = r->at, word;
	uint32_t i = 0;

	/* As long as eight bytes are there, without looking. */
	for (; i < n && end - bits >= 8 && at / 8 <= (uint64_t)(end - bits) - 8; i++) {
		memcpy(&word, bits + at / 8, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		word = __builtin_bswap64(word);
#endif
		to[i] = (uint32_t)(word >> (at % 8) & mask);
		at += r->width;
	}
	for (; i < n; i++, at += r->width)
		to[i] = (uint32_t)bits_at(bits, end, at, r->width);
	r->at = at;
}

bool runs_get(struct runs *r, uint32_t *to, uint32_t n)
{
	while (n) {
		uint32_t some;

		if (!r->left && !next_run(r))
			return false;
		some = r->left < n ? r->left : n;
		for (uint32_t i = 0; i < some && !r->packed; i++)
			to[i] = r->value;
		if (r->packed)
			unpack(r, to, some);
		r->left -= some;
		to += some;
		n -= some;
	}
	return true;
}

bool runs_same(struct runs *r, uint32_t x, uint32_t n)
{
	if ((!r->left && !next_run(r)) || r->packed || r->value != x || r->left < n)
		return false;
	r->left -= n;
	return true;
}

/* ---- deltas */

bool deltas_start(struct deltas *d, struct str bytes, bool narrow)
{
	const uint8_t *p = (const uint8_t *)(bytes.len ? bytes.ptr : "");
	bool bad = false;
	uint64_t block, parts, first;

	*d = (struct deltas){.p = p,
			     .end = p + bytes.len,
			     .first = true, .narrow = narrow};
	block = varint(&d->p, d->end, &bad);
	parts = varint(&d->p, d->end, &bad);
	d->left = varint(&d->p, d->end, &bad);
	first = varint(&d->p, d->end, &bad);
	if (bad || block == 0 || block > 1 << 20 || parts == 0 || parts > block ||
	    block % parts || block / parts % 8 || d->left > UINT32_MAX)
		return false;
	d->value = first >> 1 ^ -(first & 1);
	d->per_block = (uint32_t)block;
	d->per_part = (uint32_t)(block / parts);
	d->part = d->parts = (uint32_t)parts;
	d->in_part = d->per_part;
	return true;
}

/* The next part of a block, or the next block. */
static bool next_part(struct deltas *d)
{
	if (d->part + 1 < d->parts) {
		d->p += (uint64_t)d->per_part / 8 * d->widths[d->part++];
	} else {
		bool bad = false;
		uint64_t least;

		if (d->widths)
			d->p += (uint64_t)d->per_part / 8 * d->widths[d->part];
		least = varint(&d->p, d->end, &bad);
		if (bad || (uint64_t)(d->end - d->p) < d->parts)
			return false;
		d->least = least >> 1 ^ -(least & 1);
		d->widths = d->p;
		d->p += d->parts;
		d->part = 0;
	}
	d->in_part = 0;
	return d->widths[d->part] <= 64 &&
	       (uint64_t)d->per_part / 8 * d->widths[d->part] <= (uint64_t)(d->end - d->p);
}

static uint64_t difference(const struct deltas *d)
{
	unsigned width = d->widths[d->part], half = width > 32 ? 32 : width;
	uint64_t at = (uint64_t)d->in_part * width, low;

	low = bits_at(d->p, d->end, at, half);
	return width > half ? low | bits_at(d->p, d->end, at + half, width - half) << half
			    : low;
}

bool deltas_get(struct deltas *d, int64_t *to, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (!d->left)
			return false;
		d->left--;
		if (!d->first) {
			if (d->in_part == d->per_part && !next_part(d))
				return false;
			d->value += d->least + difference(d);
			d->in_part++;
		}
		d->first = false;
		to[i] = d->narrow ? (int32_t)(uint32_t)d->value : (int64_t)d->value;
	}
	return true;
}

const uint8_t *deltas_end(const struct deltas *d)
{
	return d->widths ? d->p + (uint64_t)d->per_part / 8 * d->widths[d->part] : d->p;
}
