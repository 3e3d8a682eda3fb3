/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Four words of state, two rounds for every 8 bytes and four at the end, as the paper has
 * them; words are read in little endian order.
 */
#include "config.h"

#include "base/siphash.h"

#include <endian.h>
#include <string.h>

static uint64_t rotate(uint64_t x, unsigned by)
{
	return x << by | x >> (64 - by);
}

static void rounds(uint64_t v[4], unsigned n)
{
	while (n--) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] = rotate(v[0], 32);
		v[2] += v[1];
		v[0] += v[3];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[2] = rotate(v[2], 32);
	}
}

static void take(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	rounds(v, 2);
	v[0] ^= word;
}

uint64_t siphash(struct str text, const struct siphash_key *key)
{
	uint64_t v[4] = {
		key->half[0] ^ 0x736f6d6570736575u, key->half[1] ^ 0x646f72616e646f6du,
		key->half[0] ^ 0x6c7967656e657261u, key->half[1] ^ 0x7465646279746573u,
	};
	uint64_t word;
	size_t at = 0;

	for (; text.len - at >= sizeof word; at += sizeof word) {
		memcpy(&word, text.ptr + at, sizeof word);
		take(v, le64toh(word));
	}
	word = (uint64_t)text.len << 56;
	for (unsigned i = 0; at + i < text.len; i++)
		word |= (uint64_t)(unsigned char)text.ptr[at + i] << 8 * i;
	take(v, word);
	v[2] ^= 0xff;
	rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
