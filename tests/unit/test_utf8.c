/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/utf8.h"

#include <utf8proc.h>

#include "base/rng.h"
#include "unit.h"

static const char *clean(const char *text, size_t len, enum sanitize_mode mode)
{
	static char copy[4096];
	STRBUF(b);

	sanitize(&b, str_span(text, len), mode);
	snprintf(copy, sizeof copy, "%s", strbuf_c(&b));
	return copy;
}
#define LINE(literal) clean(literal, sizeof(literal) - 1, SANITIZE_LINE)
#define TEXT(literal) clean(literal, sizeof(literal) - 1, SANITIZE_TEXT)

static bool hides_or_drives(uint32_t c)
{
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return true;
	default:
		return utf8proc_get_property((utf8proc_int32_t)c)->ignorable;
	}
}

/* Nothing that drives a terminal or hides: the promise of sanitize, checked by
 * categories and not by the sanitiser's own tables. */
static void check_clean(struct str s, bool lines)
{
	size_t pos = 0;
	int marks = -1;

	while (pos < s.len) {
		uint32_t c = utf8_next(s, &pos);
		assert_true(c != UTF8_BAD);
		if (c == '\n' && lines) {
			marks = -1;
			continue;
		}
		if (hides_or_drives(c))
			fail_msg("U+%04X is left", (unsigned)c);
		if (utf8_width(c) == 0) {
			assert_true(marks >= 0 && marks < 2);
			marks++;
		} else {
			marks = 0;
		}
	}
}

static void check_sanitize(struct str text)
{
	for (int mode = SANITIZE_LINE; mode <= SANITIZE_TEXT; mode++) {
		STRBUF(once);
		STRBUF(twice);
		bool changed = sanitize(&once, text, (enum sanitize_mode)mode);

		check_clean(strbuf_str(&once), mode == SANITIZE_TEXT);
		assert_int_equal(changed, !str_eq(text, strbuf_str(&once)));
		assert_false(sanitize(&twice, strbuf_str(&once),
				      (enum sanitize_mode)mode));
		assert_true(str_eq(strbuf_str(&once), strbuf_str(&twice)));
	}
}

static void every_character(void **state)
{
	STRBUF(b);

	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		bool surrogate = c >= 0xd800 && c <= 0xdfff;
		size_t pos = 0;

		strbuf_reset(&b);
		utf8_add(&b, c);
		assert_true(utf8_valid(strbuf_str(&b)));
		assert_int_equal(utf8_next(strbuf_str(&b), &pos),
				 surrogate ? 0xfffd : c);
		assert_int_equal(pos, b.len);
		/* every cut of it is bad and takes one step */
		for (size_t n = 1; n < b.len; n++) {
			struct str cut = str_span(b.ptr, n);

			pos = 0;
			assert_true(utf8_next(cut, &pos) == UTF8_BAD && pos == n);
			assert_false(utf8_valid(cut));
		}
		check_sanitize(strbuf_str(&b));
	}
}

/* Steps over ill-formed bytes as in Unicode 15, tables 3-8 to 3-11. */
static void bad_sequences(void **state)
{
	static const struct {
		const char *bytes;
		const char *steps;
	} rows[] = {
		{"\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41", "11111111a"},
		{"\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41", "11111111a"},
		{"\xf4\x91\x92\x93\xff\x41\x80\xbf\x42", "11111a11a"},
		{"\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41", "2132a"},
		{"\xf8\x88\x80\x80\x80", "11111"},
		{"\xf0\x9f\x98", "3"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str s = str_from(rows[i].bytes);
		const char *step = rows[i].steps;
		size_t pos = 0;

		while (pos < s.len) {
			size_t before = pos;
			uint32_t c = utf8_next(s, &pos);

			assert_true(c == 'A' || c == 'B' || c == UTF8_BAD);
			if (c == UTF8_BAD)
				assert_int_equal(pos - before, *step - '0');
			else
				assert_int_equal(*step, 'a');
			step++;
		}
		assert_int_equal(*step, 0);
		assert_false(utf8_valid(s));
	}
	assert_true(utf8_valid(STR_NULL));
	assert_true(utf8_valid(STR("plain ASCII and \xe2\x82\xac")));
}

static void cells(void **state)
{
	struct str s = STR("a\xe4\xb8\xad" "e\xcc\x81z");	/* a, wide, e with a mark, z */
	STRBUF(b);
	size_t used;

	assert_int_equal(utf8_width('a'), 1);
	assert_int_equal(utf8_width(0x4e2d), 2);
	assert_int_equal(utf8_width(0x301), 0);
	assert_int_equal(utf8_width(0x200b), 0);
	assert_int_equal(utf8_cells(STR("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab")), 2);
	assert_int_equal(utf8_cells(s), 5);
	assert_int_equal(utf8_clip(s, 2, &used), 1);	/* never half of a wide one */
	assert_int_equal(used, 1);
	assert_int_equal(utf8_clip(s, 4, &used), 7);	/* the mark stays with its base */
	assert_int_equal(used, 4);
	assert_int_equal(utf8_clip(s, 99, NULL), s.len);
	utf8_fit(&b, s, 7, "~");
	assert_string_equal(strbuf_c(&b), "a\xe4\xb8\xad" "e\xcc\x81z  ");
	strbuf_reset(&b);
	utf8_fit(&b, s, 3, "~");
	assert_string_equal(strbuf_c(&b), "a~ ");
	strbuf_reset(&b);
	utf8_fit(&b, s, 0, "~");
	assert_string_equal(strbuf_c(&b), "");
	for (size_t n = 0; n < 9; n++) {
		strbuf_reset(&b);
		utf8_fit(&b, s, n, "\xe2\x80\xa6");
		assert_int_equal(utf8_cells(strbuf_str(&b)), n);
	}
}

static void visible_forms(void **state)
{
	assert_string_equal(LINE("\x1b[31mred"), "^[[31mred");
	assert_string_equal(LINE("\a\x7f"), "^G^?");
	assert_string_equal(LINE("a\0b"), "a^@b");
	assert_string_equal(LINE("a\xc2\x85z"), "a<U+0085>z");
	assert_string_equal(LINE("price 999\rprice 1"), "price 999^Mprice 1");
	assert_string_equal(LINE("a\tb\r\n\nc"), "a b c");
	assert_string_equal(TEXT("a\tb\r\n\nc"), "a b\n\nc");
	assert_string_equal(LINE("a\xe2\x80\xa8z"), "a z");
	assert_string_equal(LINE("abc\xe2\x80\xaegpj.exe"), "abc<U+202E>gpj.exe");
	assert_string_equal(LINE("Ni\xe2\x80\x8bke"), "Ni<U+200B>ke");
	assert_string_equal(LINE("Ni\xe2\x80\x8dke"), "Nike");
	assert_string_equal(LINE("N\xef\xb8\x8eike\xef\xb8\x8f"), "Nike");
	assert_string_equal(LINE("x\xf3\xa0\x81\x81"), "x<U+E0041>");
	assert_string_equal(LINE("caf\xe9"), "caf\xef\xbf\xbd");
	assert_string_equal(LINE("Z\xcc\x81\xcc\xb4\xcd\x9c!"), "Z\xcc\x81\xcc\xb4!");
	assert_string_equal(LINE("\xcc\x81" "a"), "\xe2\x97\x8c\xcc\x81" "a");
	assert_string_equal(TEXT("a\n\xcc\x81"), "a\n\xe2\x97\x8c\xcc\x81");
	assert_string_equal(LINE("Espa\xc3\xb1" "a \xe4\xb8\xad\xf0\x9f\x91\x95"),
			    "Espa\xc3\xb1" "a \xe4\xb8\xad\xf0\x9f\x91\x95");
}

static void sanitize_at_random(void **state)
{
	static const char *const pieces[] = {
		"a", "plain text ", "\r", "\n", "\t", "\x1b[2J", "\xcc\x81",
		"\xe2\x80\x8d", "\xc2\x9b", "\xe2\x80\xae", "\xff", "\xe2\x82", "\xe4\xb8\xad",
		"\xcd\x8f", "\xef\xb8\x8f", "\xf0\x9f\x98\x80", "\xe2\x80\xa9",
		"\xe1\x85\xa1", "\x7f",
	};
	struct rng rng;
	STRBUF(b);

	rng_init(&rng, 4, 0);
	for (int i = 0; i < 20000; i++) {
		strbuf_reset(&b);
		for (uint64_t n = rng_below(&rng, 12); n > 0; n--)
			strbuf_adds(&b, pieces[rng_below(&rng, sizeof pieces /
								       sizeof *pieces)]);
		if (i % 2)
			strbuf_addc(&b, (char)rng_below(&rng, 256));
		check_sanitize(strbuf_str(&b));
	}
}

static void folding(void **state)
{
	STRBUF(b);
	STRBUF(again);

	utf8_fold(&b, STR("ABC \xc3\x89T\xc3\x89 \xce\xa3\xcf\x82 \xc5\xbf \xff"));
	assert_string_equal(strbuf_c(&b),
			    "abc \xc3\xa9t\xc3\xa9 \xcf\x83\xcf\x83 s \xef\xbf\xbd");
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		strbuf_reset(&b);
		strbuf_reset(&again);
		utf8_add(&again, c);
		utf8_fold(&b, strbuf_str(&again));
		strbuf_reset(&again);
		utf8_fold(&again, strbuf_str(&b));
		if (!str_eq(strbuf_str(&b), strbuf_str(&again)))
			fail_msg("folding U+%04X twice changes it", (unsigned)c);
	}
}

/* Whole files (quotes and all) and each line of them. */
static void torture(void **state)
{
	static const char *const names[] = {
		"torture/own-torture/terminal_injection.csv",
		"torture/own-torture/invalid_utf8.csv",
		"torture/own-torture/tree_cycles.csv",
		"torture/blns/blns.txt",
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t len, lines = 0;
		char *text = unit_data(names[i], &len);
		struct str rest = str_span(text, len), line;

		check_sanitize(rest);
		while (str_next(&rest, '\n', &line)) {
			check_sanitize(line);
			lines++;
		}
		assert_true(lines > 20);
		free(text);
	}
}

UNIT_TESTS(utf8, UNIT(every_character), UNIT(bad_sequences), UNIT(cells),
	   UNIT(visible_forms), UNIT(sanitize_at_random), UNIT(folding), UNIT(torture))
