/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/map.h"

#include "base/err.h"
#include "unit.h"

#define MANY 300000

static struct str numbered(char *text, size_t size, unsigned i)
{
	return str_span(text, (size_t)snprintf(text, size, "id-%u", i * 2654435761u));
}

static void numbers_in_order(void **state)
{
	SCOPED(map) m = map_create();
	char text[32];

	assert_true(map_find(m, STR("x")) == MAP_NONE);
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(map_intern(m, numbered(text, sizeof text, i), NULL), i);
	for (unsigned i = 0; i < MANY; i++) {
		struct str key = numbered(text, sizeof text, i);

		assert_int_equal(map_intern(m, key, NULL), i);
		assert_int_equal(map_find(m, key), i);
		assert_true(str_eq(map_key(m, i), key));
	}
	assert_int_equal(map_count(m), MANY);
	assert_true(map_find(m, STR("id-")) == MAP_NONE);
	assert_true(map_memory(m) < (size_t)MANY * 48);
}

static void rests(void **state)
{
	SCOPED(map) m = map_create();
	char text[32];
	uint32_t number;
	struct str key;

	for (unsigned i = 0; i < MANY; i++)
		map_intern(m, numbered(text, sizeof text, i), NULL);
	map_rest(m);
	assert_true(map_memory(m) < (size_t)MANY * 32);
	assert_true(str_eq(map_key(m, 7), numbered(text, sizeof text, 7)));
	assert_int_equal(map_intern(m, numbered(text, sizeof text, MANY), NULL), MANY);
	map_rest(m);
	key = numbered(text, sizeof text, 5);
	assert_true(map_intern_many(m, &key, 1, &number, NULL));
	assert_int_equal(number, 5);
	for (unsigned i = 0; i <= MANY; i++)
		assert_int_equal(map_find(m, numbered(text, sizeof text, i)), i);
}

static void odd_keys(void **state)
{
	SCOPED(map) m = map_create();
	static char big[8 << 20];

	memset(big, 'x', sizeof big);
	assert_int_equal(map_intern(m, STR_NULL, NULL), 0);
	assert_int_equal(map_intern(m, STR(""), NULL), 0);
	assert_int_equal(map_intern(m, STR("\0"), NULL), 1);
	assert_int_equal(map_intern(m, STR("\0\0"), NULL), 2);
	for (unsigned n = 250; n < 260; n++)	/* around the long form of a length */
		assert_int_equal(map_intern(m, str_span(big, n), NULL), n - 247);
	assert_int_equal(map_intern(m, str_span(big, sizeof big), NULL), 13);
	assert_int_equal(map_key(m, 13).len, sizeof big);
	for (unsigned n = 250; n < 260; n++)
		assert_int_equal(map_key(m, n - 247).len, n);
	assert_int_equal(map_find(m, str_span(big, 255)), 8);
	map_destroy(NULL);
}

static void batches_give_the_same(void **state)
{
	SCOPED(map) one = map_create();
	SCOPED(map) many = map_create();
	static char texts[5000][16];
	static struct str keys[5000];
	static uint32_t got[5000];

	for (unsigned i = 0; i < 5000; i++)
		keys[i] = numbered(texts[i], sizeof texts[i], i % 3000);
	assert_true(map_intern_many(many, keys, 5000, got, NULL));
	for (unsigned i = 0; i < 5000; i++)
		assert_int_equal(map_intern(one, keys[i], NULL), got[i]);
	assert_int_equal(map_count(many), 3000);
	assert_true(map_intern_many(many, keys, 0, got, NULL));
}

UNIT_TESTS(map, UNIT(numbers_in_order), UNIT(rests), UNIT(odd_keys), UNIT(batches_give_the_same))
