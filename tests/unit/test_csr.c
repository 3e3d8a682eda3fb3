/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/csr.h"

#include "base/dynlib.h"
#include "base/str.h"

#include "unit.h"

/* Against a walk from the front, with numbers that are there, lie between and outside. */
static void lower_is_the_first(void **state)
{
	uint32_t v[40];

	for (size_t n = 0; n <= 40; n++) {
		for (size_t i = 0; i < n; i++)
			v[i] = (uint32_t)(3 * (i / 2) + 1);
		for (uint64_t x = 0; x < 64; x++) {
			size_t want = 0;

			while (want < n && v[want] < x)
				want++;
			assert_int_equal(csr_lower(v, n, x), want);
		}
		assert_int_equal(csr_lower(v, n, UINT64_C(1) << 32), n);
	}
}

static void find_stays_in_its_row(void **state)
{
	static const uint64_t offsets[] = {0, 3, 3, 5, 2};
	static const uint32_t column[] = {1, 4, 9, 4, 7};

	assert_int_equal(csr_find(offsets, column, 0, 1), 0);
	assert_int_equal(csr_find(offsets, column, 0, 9), 2);
	assert_true(csr_find(offsets, column, 0, 7) == CSR_NONE);
	assert_true(csr_find(offsets, column, 1, 4) == CSR_NONE);
	assert_int_equal(csr_find(offsets, column, 2, 4), 3);
	assert_true(csr_find(offsets, column, 2, 9) == CSR_NONE);
	/* a damaged row that ends before it begins has nothing */
	assert_true(csr_find(offsets, column, 3, 7) == CSR_NONE);
}

/* Who misses a library is told what to install. */
static void library_names_its_package(void **state)
{
	struct err err = {0};
	void *call = NULL, *c = dynlib_open("libc.so.6", "libc6", &err);

	assert_non_null(c);
	assert_true(dynlib_find(c, "strlen", &call, &err));
	assert_non_null(call);
	assert_false(dynlib_find(c, "no_such_function", &call, &err));
	assert_non_null(strstr(err.text, "no_such_function"));
	err = (struct err){0};
	assert_null(dynlib_open("libnone.so.7", "libnone7", &err));
	assert_int_equal(err.code, ERR_IO);
	assert_string_equal(err.text,
			    "libnone.so.7 can't be loaded; install the package libnone7");
}

UNIT_TESTS(csr, UNIT(lower_is_the_first), UNIT(find_stays_in_its_row),
	   UNIT(library_names_its_package))
