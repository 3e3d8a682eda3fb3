/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Schubfach: x = c 2^q. With k = floor(log10 2^q) the interval of what rounds to
 * x, scaled by 10^-k, is wider than 1 and narrower than 10, so that it holds a
 * multiple of 10 or one of the two integers beside x. The scaled ends are taken
 * from the upper 128 bits of 10^-k, rounded up, with the bits that fall off kept
 * as one sticky bit, which decides every comparison rightly (the paper's proof).
 */
#include "config.h"

#include "base/shortest.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

__extension__ typedef unsigned __int128 u128;	/* the compiler's own name */

#define POWER_STEP 27
#define POWER_FIRST (-11)

/*
 * The first 192 bits of 10^(27 i), cut off, from i = POWER_FIRST. Times a power
 * of five they give the first 128 bits of every power of ten from 10^-292 to
 * 10^324 exactly (all were compared with long integers).
 */
static const uint64_t powers[24][3] = {
	{UINT64_C(0xa76c582338ed2621), UINT64_C(0xaf2af2b80af6f24e),
	 UINT64_C(0x657c8f4d43323a36)},
	{UINT64_C(0x873e4f75e2224e68), UINT64_C(0x5a7744a6e804a291),
	 UINT64_C(0xcc35eddfcf0996d7)},
	{UINT64_C(0xda7f5bf590966848), UINT64_C(0xaf39a475506a899e),
	 UINT64_C(0xa30294cc2934e662)},
	{UINT64_C(0xb080392cc4349dec), UINT64_C(0xbd8d794d96aacfb3),
	 UINT64_C(0xfe13a5c86af64418)},
	{UINT64_C(0x8e938662882af53e), UINT64_C(0x547eb47b7282ee9c),
	 UINT64_C(0x41b0230e1421487d)},
	{UINT64_C(0xe65829b3046b0afa), UINT64_C(0x0cb4a5a3112a5112),
	 UINT64_C(0xa3b561b1cb208396)},
	{UINT64_C(0xba121a4650e4ddeb), UINT64_C(0x92f34d62616ce413),
	 UINT64_C(0x21a0183e10583cd3)},
	{UINT64_C(0x964e858c91ba2655), UINT64_C(0x3a6a07f8d510f86f),
	 UINT64_C(0xe9082f25e9c5e9ec)},
	{UINT64_C(0xf2d56790ab41c2a2), UINT64_C(0xfae27299423fb9c3),
	 UINT64_C(0x3695dad7e8858901)},
	{UINT64_C(0xc428d05aa4751e4c), UINT64_C(0xaa97e14c3c26b886),
	 UINT64_C(0x96842dc95323f5a8)},
	{UINT64_C(0x9e74d1b791e07e48), UINT64_C(0x775ea264cf55347d),
	 UINT64_C(0xca49f1c05120c9c7)},
	{UINT64_C(0x8000000000000000), UINT64_C(0x0000000000000000),
	 UINT64_C(0x0000000000000000)},
	{UINT64_C(0xcecb8f27f4200f3a), UINT64_C(0x0000000000000000),
	 UINT64_C(0x0000000000000000)},
	{UINT64_C(0xa70c3c40a64e6c51), UINT64_C(0x999090b65f67d924),
	 UINT64_C(0x0000000000000000)},
	{UINT64_C(0x86f0ac99b4e8dafd), UINT64_C(0x69a028bb3ded71a3),
	 UINT64_C(0xdf9f915627c04e28)},
	{UINT64_C(0xda01ee641a708de9), UINT64_C(0xe80e6f4820cc9495),
	 UINT64_C(0xd74baad03bc1d8d3)},
	{UINT64_C(0xb01ae745b101e9e4), UINT64_C(0x5ec05dcff72e7f8f),
	 UINT64_C(0xc04c79ffe324301f)},
	{UINT64_C(0x8e41ade9fbebc27d), UINT64_C(0x14588f13be847307),
	 UINT64_C(0x23bd6a2059c002f5)},
	{UINT64_C(0xe5d3ef282a242e81), UINT64_C(0x8f1668c8a86da5fa),
	 UINT64_C(0xf0b5ccf5176ecc7c)},
	{UINT64_C(0xb9a74a0637ce2ee1), UINT64_C(0x6d953e2bd7173692),
	 UINT64_C(0x88efb0037ac08bde)},
	{UINT64_C(0x95f83d0a1fb69cd9), UINT64_C(0x4abdaf101564f98e),
	 UINT64_C(0x0d5a4af7b3a98e47)},
	{UINT64_C(0xf24a01a73cf2dccf), UINT64_C(0xbc633b39673c8cec),
	 UINT64_C(0x3d9c44cd2f36917c)},
	{UINT64_C(0xc3b8358109e84f07), UINT64_C(0x0a862f80ec4700c8),
	 UINT64_C(0x02606ea01029dc37)},
	{UINT64_C(0x9e19db92b4e31ba9), UINT64_C(0x6c07a2c26a8346d1),
	 UINT64_C(0x4944d9f52cd0dec2)},
};

/* 5^i, shifted until the highest bit is set. */
static const uint64_t fives[POWER_STEP] = {
	UINT64_C(0x8000000000000000), UINT64_C(0xa000000000000000), UINT64_C(0xc800000000000000),
	UINT64_C(0xfa00000000000000), UINT64_C(0x9c40000000000000), UINT64_C(0xc350000000000000),
	UINT64_C(0xf424000000000000), UINT64_C(0x9896800000000000), UINT64_C(0xbebc200000000000),
	UINT64_C(0xee6b280000000000), UINT64_C(0x9502f90000000000), UINT64_C(0xba43b74000000000),
	UINT64_C(0xe8d4a51000000000), UINT64_C(0x9184e72a00000000), UINT64_C(0xb5e620f480000000),
	UINT64_C(0xe35fa931a0000000), UINT64_C(0x8e1bc9bf04000000), UINT64_C(0xb1a2bc2ec5000000),
	UINT64_C(0xde0b6b3a76400000), UINT64_C(0x8ac7230489e80000), UINT64_C(0xad78ebc5ac620000),
	UINT64_C(0xd8d726b7177a8000), UINT64_C(0x878678326eac9000), UINT64_C(0xa968163f0a57b400),
	UINT64_C(0xd3c21bcecceda100), UINT64_C(0x84595161401484a0), UINT64_C(0xa56fa5b99019a5c8),
};

/* ceil(10^e / 2^s) for the s that makes it 128 bits long. */
static void power_of_ten(int e, uint64_t *high, uint64_t *low)
{
	int i = (e - POWER_FIRST * POWER_STEP) / POWER_STEP;
	const uint64_t *p = powers[i];
	uint64_t five = fives[e - (i + POWER_FIRST) * POWER_STEP];
	u128 a = (u128)p[2] * five;
	u128 b = (u128)p[1] * five + (uint64_t)(a >> 64);
	u128 c = (u128)p[0] * five + (uint64_t)(b >> 64);

	if (!(c >> 127))
		c = c << 1 | (uint64_t)b >> 63;
	/* Powers up to 10^55 fit and are exact; others are rounded up. */
	if (e < 0 || e > 55)
		c++;
	*high = (uint64_t)(c >> 64);
	*low = (uint64_t)c;
}

static int floor_log10_pow2(int e)
{
	return (e * 1262611) >> 22;
}

static int floor_log10_three_quarters_pow2(int e)
{
	return (e * 1262611 - 524031) >> 22;
}

static int floor_log2_pow10(int e)
{
	return (e * 1741647) >> 19;
}

/* floor(g cp / 2^128), odd when anything was cut off. */
static uint64_t round_to_odd(uint64_t high, uint64_t low, uint64_t cp)
{
	u128 x = (u128)low * cp;
	u128 y = (u128)high * cp + (uint64_t)(x >> 64);

	return (uint64_t)(y >> 64) | ((uint64_t)y > 1);
}

/* c 2^q; `closer`: the double below is only half as far away. */
static uint64_t schubfach(uint64_t c, int q, bool closer, int *exponent)
{
	int k = closer ? floor_log10_three_quarters_pow2(q) : floor_log10_pow2(q);
	int h = q + floor_log2_pow10(-k) + 1;
	uint64_t high, low, lower, upper, middle, s, tens;
	bool odd = c & 1, below, above;

	power_of_ten(-k, &high, &low);
	/* All three are four times the value; the ends belong to x if it is even. */
	lower = round_to_odd(high, low, (4 * c - 2 + closer) << h) + odd;
	middle = round_to_odd(high, low, (4 * c) << h);
	upper = round_to_odd(high, low, (4 * c + 2) << h) - odd;
	s = middle / 4;
	tens = s / 10;
	*exponent = k + 1;
	below = lower <= 40 * tens;
	above = 40 * tens + 40 <= upper;
	if (s >= 10 && below != above)
		return tens + above;
	*exponent = k;
	below = lower <= 4 * s;
	above = 4 * s + 4 <= upper;
	if (below != above)
		return s + above;
	if (middle != 4 * s + 2)
		return s + (middle > 4 * s + 2);
	return s + (s & 1);
}

static uint64_t strip_zeros(uint64_t digits, int *exponent)
{
	while (digits % 10 == 0) {
		digits /= 10;
		++*exponent;
	}
	return digits;
}

void shortest(double x, uint64_t *digits, int *exponent)
{
	const uint64_t hidden = UINT64_C(1) << 52;
	uint64_t bits, c;
	int biased, q;

	assert(digits && exponent);
	memcpy(&bits, &x, sizeof bits);
	biased = (int)(bits >> 52);
	c = bits & (hidden - 1);
	q = biased ? biased - 1075 : -1074;
	if (biased) {
		bool closer = c == 0 && biased > 1;

		c |= hidden;
		*exponent = 0;
		if (q <= 0 && q > -53 && !(c & ((UINT64_C(1) << -q) - 1)))
			*digits = c >> -q;	/* an integer below 2^53 */
		else
			*digits = schubfach(c, q, closer, exponent);
	} else {
		*digits = schubfach(c, q, false, exponent);
	}
	*digits = strip_zeros(*digits, exponent);
}
