/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/array.h"

#include "base/err.h"
#include "unit.h"

static struct array_head head(void)
{
	struct array_head h = {
		.magic = ARRAY_MAGIC,
		.type = ARRAY_U32,
		.columns = 3,
		.rows = 10,
		.part_rows = 10,
		.part = 0,
		.parts = 1,
	};

	array_head_seal(&h, 77);
	return h;
}

static bool good(struct array_head h, size_t bytes)
{
	struct err err = {0};
	bool ok = array_head_check(&h, ARRAY_HEAD + bytes, "x/y", &err);

	if (!ok) {
		assert_int_equal(err.code, ERR_STORE);
		assert_non_null(strstr(err.text, "x/y"));
	}
	return ok;
}

static void types(void **state)
{
	assert_int_equal(array_size(ARRAY_U8), 1);
	assert_int_equal(array_size(ARRAY_F32), 4);
	assert_int_equal(array_size(ARRAY_I64), 8);
	assert_int_equal(array_size((enum array_type)0), 0);
	assert_int_equal(array_size((enum array_type)99), 0);
	assert_string_equal(array_type_name(ARRAY_F64), "f64");
	assert_string_equal(array_type_name((enum array_type)99), "unknown");
}

static void sealed(void **state)
{
	struct array_head h = head();

	assert_int_equal(h.crc, 77);
	assert_true(good(h, 120));
	assert_false(good(h, 119));
	assert_false(good(h, 124));
}

/* Any flipped bit of the head is seen. */
static void every_bit(void **state)
{
	for (size_t bit = 0; bit < sizeof(struct array_head) * 8; bit++) {
		struct array_head h = head();

		((unsigned char *)&h)[bit / 8] ^= (unsigned char)(1 << bit % 8);
		assert_false(good(h, 120));
	}
}

/* Heads that are sealed and can't be all the same. */
static void nonsense(void **state)
{
	struct array_head h = head();

	h.type = 99;
	array_head_seal(&h, 0);
	assert_false(good(h, 120));
	h = head();
	h.columns = 0;
	array_head_seal(&h, 0);
	assert_false(good(h, 0));
	h = head();
	h.parts = 0;
	array_head_seal(&h, 0);
	assert_false(good(h, 120));
	h = head();
	h.part = 1;
	array_head_seal(&h, 0);
	assert_false(good(h, 120));
	h = head();
	h.part_rows = UINT64_MAX / 2;
	h.rows = UINT64_MAX;
	array_head_seal(&h, 0);
	assert_false(good(h, 120));
}

static void texts(void **state)
{
	const uint64_t offsets[] = {0, 3, 3, 7};
	const struct text t = {offsets, "onefour", 3};

	assert_true(str_is(text_at(&t, 0), "one"));
	assert_int_equal(text_at(&t, 1).len, 0);
	assert_true(str_is(text_at(&t, 2), "four"));
}

UNIT_TESTS(array, UNIT(types), UNIT(sealed), UNIT(every_bit), UNIT(nonsense), UNIT(texts))
