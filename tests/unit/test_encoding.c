/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/encoding.h"

#include "base/str.h"
#include "unit.h"

/* In pieces of `step` bytes, with room for `room`. */
static uint64_t convert(const char *name, struct str in, size_t step, size_t room,
			struct strbuf *out)
{
	SCOPED(encoding) e = NULL;
	char part[64];
	size_t at = 0, have = 0;

	assert_true(encoding_create(&e, name, NULL));
	assert_non_null(e);
	while (at < in.len || have) {
		size_t used, n;

		have = have + step < in.len - at ? have + step : in.len - at;
		n = encoding_convert(e, in.ptr + at, have, &used, part, room,
				     at + have == in.len);
		strbuf_add(out, str_span(part, n));
		at += used;
		have -= used;
	}
	return encoding_replaced(e);
}

static void converts(void **state)
{
	static const struct {
		const char *name;
		struct str in, out;
		uint64_t replaced;
	} cases[] = {
		{"latin1", STR("caf\xe9,\xa3" "5"), STR("caf\u00e9,\u00a3" "5"), 0},
		{"windows-1252", STR("\x80 5 \x93x\x94"), STR("\u20ac 5 \u201cx\u201d"), 0},
		{"CP1252", STR("a\x81z"), STR("a\ufffdz"), 1},
		{"utf-16", STR("\xff\xfe" "a\0\xe4\0"), STR("a\u00e4"), 0},
		{"utf-16le", STR("a\0b"), STR("a\ufffd"), 1},
		{"utf-16be", STR("\xd8\x3d\xde\x00"), STR("\U0001f600"), 0},
		{"utf-16be", STR("\xd8\x3d\0a\0b"), STR("\ufffdab"), 1},
		{"windows-1251", STR("\xcf\xee"), STR("\u041f\u043e"), 0},
		{"latin1", STR(""), STR(""), 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		for (size_t step = 1; step < 9; step++) {
			STRBUF(b);

			assert_int_equal(convert(cases[i].name, cases[i].in, step,
						 step & 1 ? 16 : 64, &b),
					 cases[i].replaced);
			if (!str_eq(strbuf_str(&b), cases[i].out))
				fail_msg("%s, case %zu by %zu: '%s'", cases[i].name, i,
					 step, strbuf_c(&b));
		}
}

static void names(void **state)
{
	SCOPED(encoding) e = NULL;
	struct err err;

	assert_true(encoding_create(&e, "UTF-8", &err));
	assert_null(e);
	assert_true(encoding_create(&e, "utf8", &err));
	assert_null(e);
	assert_false(encoding_create(&e, "klingon", &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_false(encoding_create(&e, "latin1//IGNORE", &err));
	assert_false(encoding_create(&e, "", &err));
}

UNIT_TESTS(encoding, UNIT(converts), UNIT(names))
