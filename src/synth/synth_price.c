/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What things cost in a synthetic shop. */
#include "config.h"

#include "synth/synth_impl.h"

/* Quantiles (i + 0.5) / 256 of the normal distribution for i = 128 .. 255, in
 * 1/4096; the lower half is its mirror image. */
static const uint16_t normal[128] = {
	20, 60, 100, 140, 181, 221, 261, 301, 341, 382, 422, 462,
	503, 543, 584, 624, 665, 705, 746, 787, 828, 869, 910, 951,
	992, 1034, 1075, 1117, 1158, 1200, 1242, 1284, 1326, 1369, 1411, 1454,
	1497, 1539, 1583, 1626, 1669, 1713, 1757, 1801, 1845, 1890, 1935, 1979,
	2025, 2070, 2116, 2162, 2208, 2255, 2301, 2348, 2396, 2444, 2492, 2540,
	2589, 2638, 2688, 2738, 2788, 2839, 2890, 2942, 2994, 3046, 3100, 3153,
	3207, 3262, 3318, 3374, 3430, 3487, 3545, 3604, 3664, 3724, 3785, 3847,
	3910, 3973, 4038, 4104, 4170, 4238, 4307, 4378, 4450, 4523, 4597, 4673,
	4751, 4830, 4912, 4995, 5080, 5168, 5258, 5351, 5447, 5545, 5647, 5753,
	5863, 5977, 6095, 6219, 6350, 6486, 6631, 6784, 6948, 7123, 7312, 7519,
	7746, 8001, 8290, 8628, 9038, 9565, 10324, 11820,
};

/* 2^(i/32) in 1/65536. */
static const uint32_t power[33] = {
	65536, 66971, 68438, 69936, 71468, 73032, 74632, 76266, 77936,
	79642, 81386, 83169, 84990, 86851, 88752, 90696, 92682, 94711,
	96785, 98905, 101070, 103283, 105545, 107856, 110218, 112631, 115098,
	117618, 120194, 122825, 125515, 128263, 131072,
};

uint32_t synth_lognormal(uint32_t median, unsigned spread, unsigned q)
{
	/* log2 of the factor in 1/2^20, made positive by adding 16 */
	uint32_t z = q < 128 ? normal[127 - q] : normal[q - 128];
	uint32_t log = q < 128 ? (16u << 20) - spread * z : (16u << 20) + spread * z;
	unsigned whole = log >> 20, step = (log >> 15) & 31;
	uint64_t rest = log & 0x7fff;
	uint64_t factor = power[step] + ((power[step + 1] - power[step]) * rest >> 15);

	return (uint32_t)((median * factor << whole) >> 32);
}

/* Prices as shops write them: 4.39, 18.49, 129.99, 1499.00. */
uint32_t synth_price_point(uint32_t cents)
{
	if (cents < 1000)
		return cents - cents % 10 + 9;
	if (cents < 10000)
		return cents - cents % 50 + 49;
	if (cents < 100000)
		return cents - cents % 100 + 99;
	return cents - cents % 1000 + 900;
}

uint32_t synth_price(const struct synth *s, uint32_t product, uint32_t week)
{
	uint32_t cents = s->products[product].cents;
	uint64_t h = synth_mix(s->seed ^ s->products[product].code, week);

	return h % 12 == 0 ? synth_price_point(cents - cents / (4 + h / 12 % 4)) : cents;
}
