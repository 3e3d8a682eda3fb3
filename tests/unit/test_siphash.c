/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/siphash.h"

#include "unit.h"

/* Values of the paper's appendix and of its authors' reference code: messages 00 01 02 ... of
 * each length under the key 00 01 ... 0f. */
static void known_values(void **state)
{
	static const struct siphash_key key = {{0x0706050403020100, 0x0f0e0d0c0b0a0908}};
	static const struct {
		size_t len;
		uint64_t hash;
	} rows[] = {
		{0, 0x726fdb47dd0e0e31}, {1, 0x74f839c593dc67fd}, {7, 0xab0200f58b01d137},
		{8, 0x93f5f5799a932462}, {15, 0xa129ca6149be45e5},
	};
	char text[16];

	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char)i;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_true(siphash(str_span(text, rows[i].len), &key) == rows[i].hash);
}

static void keys_matter(void **state)
{
	static const struct siphash_key a = {{1, 2}}, b = {{1, 3}}, c = {{0, 2}};

	assert_true(siphash(STR("17"), &a) != siphash(STR("17"), &b));
	assert_true(siphash(STR("17"), &a) != siphash(STR("17"), &c));
	assert_true(siphash(STR("17"), &a) != siphash(STR("71"), &a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_values),
		cmocka_unit_test(keys_matter),
	};

	return cmocka_run_group_tests_name("siphash", tests, NULL, NULL);
}
