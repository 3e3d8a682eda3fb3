/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/crc32c.h"

#include "base/rng.h"
#include "unit.h"

/* RFC 3720, appendix B.4, and the usual check value. */
static void known_values(void **state)
{
	static const struct {
		int first, step;
		uint32_t crc;
	} rows[] = {
		{0, 0, 0x8a9136aa}, {0xff, 0, 0x62a8ab43}, {0, 1, 0x46dd794e},
		{31, -1, 0x113fdb5c},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned char bytes[32];

		for (int k = 0; k < 32; k++)
			bytes[k] = (unsigned char)(rows[i].first + rows[i].step * k);
		assert_true(crc32c(0, bytes, 32) == rows[i].crc);
		assert_true(crc32c_table(0, bytes, 32) == rows[i].crc);
	}
	assert_true(crc32c(0, "123456789", 9) == 0xe3069283);
	assert_true(crc32c_table(0, "123456789", 9) == 0xe3069283);
	assert_true(crc32c(0, "", 0) == 0);
}

static void both_ways_agree(void **state)
{
	static unsigned char bytes[100000];
	struct rng r;

	rng_init(&r, 1, 0);
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)rng_next(&r);
	for (size_t n = 0; n < 1200; n++)
		assert_true(crc32c(7, bytes + n % 9, n) ==
			    crc32c_table(7, bytes + n % 9, n));
	for (int i = 0; i < 300; i++) {
		size_t begin = rng_below(&r, sizeof bytes);
		size_t n = rng_below(&r, sizeof bytes - begin);
		size_t cut = n ? rng_below(&r, n) : 0;
		uint32_t seed = (uint32_t)rng_next(&r);
		uint32_t want = crc32c_table(seed, bytes + begin, n);

		assert_true(crc32c(seed, bytes + begin, n) == want);
		/* in two parts */
		assert_true(crc32c(crc32c(seed, bytes + begin, cut),
				   bytes + begin + cut, n - cut) == want);
	}
}

UNIT_TESTS(crc32c, UNIT(known_values), UNIT(both_ways_agree))
