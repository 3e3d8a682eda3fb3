/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/num.h"

#include <locale.h>
#include <math.h>

#include "base/rng.h"
#include "unit.h"

static bool real(const char *text, double want)
{
	double x = -7;

	return num_real(str_from(text), &x) && memcmp(&x, &want, sizeof x) == 0;
}

static void whole_numbers(void **state)
{
	static const char *const bad[] = {
		"", "-", "-1", "+1", " 1", "1 ", "1a", "a", "0x1", "1.0", "1e3", "010",
		"00", "18446744073709551616", "99999999999999999999",
		"184467440737095516150", "12345678x", "1234567x9", "x2345678",
		"12345678:", "/2345678", "1234567\xb1",
	};
	uint64_t u = 0;
	int64_t i = 0;

	for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
		if (num_u64(str_from(bad[k]), &u))
			fail_msg("num_u64 took '%s'", bad[k]);
	assert_int_equal(u, 0);		/* written on success only */
	assert_true(num_hex(STR("00ff"), &u) && u == 255);
	assert_true(num_hex(STR("ffffffffffffffff"), &u) && u == UINT64_MAX);
	assert_false(num_hex(STR(""), &u) || num_hex(STR("0g"), &u) || num_hex(STR("FF"), &u) ||
		     num_hex(STR("0ffffffffffffffff"), &u));
	assert_false(num_u64(STR_NULL, &u));
	assert_true(num_u64(STR("18446744073709551615"), &u) && u == UINT64_MAX);
	assert_true(num_u64(STR("10000000000000000000"), &u) &&
		    u == UINT64_C(10000000000000000000));
	assert_true(num_u64(STR("0"), &u) && u == 0);
	assert_true(num_i64(STR("-9223372036854775808"), &i) && i == INT64_MIN);
	assert_true(num_i64(STR("9223372036854775807"), &i) && i == INT64_MAX);
	assert_false(num_i64(STR("9223372036854775808"), &i));
	assert_false(num_i64(STR("-9223372036854775809"), &i));
	assert_false(num_i64(STR("--1"), &i));
	assert_false(num_i64(STR("-0"), &i));
	assert_false(num_i64(STR("-"), &i));
}

/* Every length and every wrong byte at every place, against printf. */
static void whole_numbers_at_random(void **state)
{
	struct rng rng;
	char text[24];

	rng_init(&rng, 1, 0);
	for (int i = 0; i < 20000; i++) {
		uint64_t want = rng_next(&rng) >> rng_below(&rng, 64), got;
		size_t n = (size_t)snprintf(text, sizeof text, "%llu",
					    (unsigned long long)want);

		assert_true(num_u64(str_span(text, n), &got) && got == want);
		text[rng_below(&rng, n)] = (char)('9' + 1 + rng_below(&rng, 198));
		assert_false(num_u64(str_span(text, n), &got));
	}
}

static void reals(void **state)
{
	static const char *const bad[] = {
		"", "-", "+1", ".", "-.", ".e1", "5.", "1e", "1e+", "1e1.5", "inf", "-inf", "nan",
		"0x10", "1,5", "1_0", " 1", "1 ", "1e999", "01", "--1", "1e5x",
	};
	double x;

	for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
		if (num_real(str_from(bad[k]), &x))
			fail_msg("num_real took '%s'", bad[k]);
	assert_true(real("0.1", 0.1));
	assert_true(real(".5", 0.5));
	assert_true(real("-.25e1", -2.5));
	assert_true(real("-0", -0.0));
	assert_true(real("1e-3", 1e-3));
	assert_true(real("1E+3", 1e3));
	assert_true(real("1e-999", 0.0));
	assert_true(real("9007199254740993", 9007199254740992.0));
	assert_true(real("2.2250738585072011e-308", 0x0.fffffffffffffp-1022));
}

static void sizes(void **state)
{
	uint64_t n;

	assert_true(num_size(STR("512"), &n) && n == 512);
	assert_true(num_size(STR("64K"), &n) && n == 65536);
	assert_true(num_size(STR("8M"), &n) && n == 8 << 20);
	assert_true(num_size(STR("2G"), &n) && n == UINT64_C(2) << 30);
	assert_false(num_size(STR("K"), &n));
	assert_false(num_size(STR("1KB"), &n));
	assert_false(num_size(STR("1 K"), &n));
	assert_false(num_size(STR("-1K"), &n));
	assert_false(num_size(STR("18446744073709551615K"), &n));
	assert_false(num_size(STR("1.5G"), &n));
}

static bool decimal(const char *text, int64_t units, unsigned scale)
{
	struct decimal d = {0};

	return num_decimal(str_from(text), &d) && d.units == units && d.scale == scale;
}

static void decimals(void **state)
{
	static const char *const bad[] = {
		"", "-", ".5", "5.", "1e3", "1,5", "+1", "-0", "-0.00", "010.5", "1.5.5",
		"1.-5", "9223372036854775808", "922337203685477580.80", "1 ", "$1",
		"0.1234567890123456789", "100000000000000000000",
	};
	struct decimal d;
	int64_t units;

	for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
		if (num_decimal(str_from(bad[k]), &d))
			fail_msg("num_decimal took '%s'", bad[k]);
	assert_true(decimal("33.20", 3320, 2));
	assert_true(decimal("0", 0, 0));
	assert_true(decimal("-1.5", -15, 1));
	assert_true(decimal("0.0003", 3, 4));
	assert_true(decimal("561.51", 56151, 2));
	assert_true(decimal("9223372036854775807", INT64_MAX, 0));
	assert_true(decimal("-92233720368547758.08", INT64_MIN, 2));
	assert_true(decimal("0.123456789012345678", 123456789012345678, 18));

	assert_true(num_rescale((struct decimal){15, 1}, 2, &units) && units == 150);
	assert_true(num_rescale((struct decimal){1500, 3}, 1, &units) && units == 15);
	assert_false(num_rescale((struct decimal){1505, 3}, 2, &units));
	assert_false(num_rescale((struct decimal){INT64_MAX, 0}, 1, &units));
	assert_true(num_rescale((struct decimal){-150, 2}, 1, &units) && units == -15);
}

static const char *text_of(struct strbuf *b)
{
	static char copy[64];

	snprintf(copy, sizeof copy, "%s", strbuf_c(b));
	strbuf_reset(b);
	return copy;
}

static void for_people(void **state)
{
	static const struct {
		uint64_t n;
		const char *text;
	} shorts[] = {
		{0, "0"}, {999, "999"}, {1000, "1.0k"}, {4812, "4.8k"}, {9949, "9.9k"},
		{9950, "10k"}, {61234, "61k"}, {999499, "999k"}, {999500, "1.0M"},
		{1200000, "1.2M"}, {12900000000, "13G"}, {UINT64_MAX, "18E"},
	}, bytes[] = {
		{0, "0 B"}, {17, "17 B"}, {1023, "1023 B"}, {1024, "1.0 KiB"},
		{320 << 10, "320 KiB"}, {(1 << 20) - 1, "1.0 MiB"},
		{UINT64_C(3) << 29, "1.5 GiB"}, {UINT64_MAX, "16 EiB"},
	};
	STRBUF(b);

	for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++) {
		num_add_short(&b, shorts[i].n);
		assert_string_equal(text_of(&b), shorts[i].text);
	}
	for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
		num_add_bytes(&b, bytes[i].n);
		assert_string_equal(text_of(&b), bytes[i].text);
	}
	num_add_grouped(&b, 4812);
	assert_string_equal(text_of(&b), "4,812");
	num_add_grouped(&b, -999);
	assert_string_equal(text_of(&b), "-999");
	num_add_grouped(&b, INT64_MIN);
	assert_string_equal(text_of(&b), "-9,223,372,036,854,775,808");
	num_add_decimal(&b, 56151, 2, false);
	assert_string_equal(text_of(&b), "561.51");
	num_add_decimal(&b, -123456705, 2, true);
	assert_string_equal(text_of(&b), "-1,234,567.05");
	num_add_decimal(&b, -5, 2, true);
	assert_string_equal(text_of(&b), "-0.05");
	num_add_decimal(&b, INT64_MIN, 18, false);
	assert_string_equal(text_of(&b), "-9.223372036854775808");
	num_add_decimal(&b, 7, 0, false);
	assert_string_equal(text_of(&b), "7");
}

static void exact_back_and_forth(void **state)
{
	static const double some[] = {0, -0.0, 0.1, 1.0 / 3, 1e22, 1e23, 5e-324, 1e-310,
				      1.7976931348623157e308, 0.30000000000000004, 25};
	STRBUF(b);
	struct rng rng;

	for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
		num_add_exact(&b, some[i]);
		assert_true(real(strbuf_c(&b), some[i]));
		strbuf_reset(&b);
	}
	rng_init(&rng, 2, 0);
	for (int i = 0; i < 20000; i++) {
		uint64_t bits = rng_next(&rng);
		double x;

		memcpy(&x, &bits, sizeof x);
		num_add_exact(&b, x);
		if (isfinite(x))
			assert_true(real(strbuf_c(&b), x));
		else
			assert_string_equal(strbuf_c(&b), "");
		strbuf_reset(&b);
	}
	num_add_exact(&b, 0.1);
	assert_string_equal(text_of(&b), "0.1");
	num_add_exact(&b, 5e-324);
	assert_string_equal(text_of(&b), "5e-324");
	num_add_exact(&b, 1500);
	assert_string_equal(text_of(&b), "1500");
}

/* The fewest digits by trial; the nearest of them; laid out as by that %g. */
static void check_shortest(double x)
{
	char tried[40];
	int digits = 0;
	STRBUF(b);

	num_add_exact(&b, x);
	assert_true(real(strbuf_c(&b), x));
	do
		snprintf(tried, sizeof tried, "%.*g", ++digits, x);
	while (!real(tried, x));
	if (fabs(x) >= 0x1p-1022)
		snprintf(tried, sizeof tried, "%.*g", digits < 15 ? 15 : digits, x);
	if (strcmp(strbuf_c(&b), tried) == 0)
		return;
	/* Beside a power of two, or where two are as near, 16 or 17 digits may do
	 * that %g does not choose; subnormals have fewer than 15. */
	assert_true(strlen(strbuf_c(&b)) <= strlen(tried));
	assert_true(digits >= 16 || fabs(x) < 0x1p-1022);
}

static void shortest_of_all(void **state)
{
	struct rng rng;

	rng_init(&rng, 3, 0);
	for (int i = 0; i < 100000; i++) {
		uint64_t bits = rng_next(&rng);
		double x;

		memcpy(&x, &bits, sizeof x);
		if (isfinite(x))
			check_shortest(x);
		/* Ratios of counts, as of most columns. */
		check_shortest((double)(bits >> 44) / (double)((bits & 0xfffff) + 1));
		check_shortest((double)(int32_t)bits / 1000);
	}
	for (int e = -1074; e < 1024; e++) {
		check_shortest(ldexp(1, e));
		check_shortest(nextafter(ldexp(1, e), 0));
		check_shortest(nextafter(ldexp(1, e), INFINITY));
	}
}

static void as_printf_lays_out(void **state)
{
	static const struct {
		double x;
		const char *text;
	} cases[] = {
		{0, "0"}, {-0.0, "-0"}, {1e14, "100000000000000"}, {1e15, "1e+15"},
		{1234567890123456, "1234567890123456"}, {1e-4, "0.0001"},
		{1e-5, "1e-05"}, {-1.25e-7, "-1.25e-07"}, {1e22, "1e+22"}, {1e23, "1e+23"},
		{2.5e100, "2.5e+100"}, {0x1p-1074, "5e-324"}, {0x1p-44, "5.684341886080802e-14"},
		{9007199254740992.0, "9007199254740992"}, {123456.789, "123456.789"},
		{1.7976931348623157e308, "1.7976931348623157e+308"},
	};
	STRBUF(b);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		num_add_exact(&b, cases[i].x);
		assert_string_equal(text_of(&b), cases[i].text);
	}
	num_add_integer(&b, INT64_MIN);
	assert_string_equal(text_of(&b), "-9223372036854775808");
	num_add_integer(&b, 0);
	assert_string_equal(text_of(&b), "0");
	num_add_integer(&b, 1010);
	assert_string_equal(text_of(&b), "1010");
}

/* The verdicts of own-torture/numbers.csv. A price is what a shop with two
 * decimals takes: not negative, at most a milliard. An id is at least 1. */
static bool verdict_price(struct str s)
{
	struct decimal d;
	int64_t cents;

	return num_decimal(s, &d) && num_rescale(d, 2, &cents) && cents >= 0 &&
	       cents <= INT64_C(100000000000);
}

static void torture(void **state)
{
	size_t len, rows = 0;
	char *text = unit_data("torture/own-torture/numbers.csv", &len);
	struct str rest = str_span(text, len), line;

	str_next(&rest, '\n', &line);
	while (str_next(&rest, '\n', &line) && line.len) {
		struct str field, verdicts;
		uint64_t u;
		size_t end;

		if (line.ptr[line.len - 1] == '\r')
			line.len--;
		if (line.ptr[0] == '"') {
			end = str_find(line, STR("\","));
			field = str_span(line.ptr + 1, end - 1);
			end++;
		} else {
			end = str_chr(line, ',');
			field = str_span(line.ptr, end);
		}
		verdicts = str_span(line.ptr + end + 1, line.len - end - 1);
		rows++;
		if (verdict_price(field) != str_starts(verdicts, STR("ok,")))
			fail_msg("price %.*s", STR_ARG(line));
		verdicts = str_span(verdicts.ptr + verdicts.len - 3, 3);
		if (num_u64(field, &u) != str_is(verdicts, ",ok"))
			fail_msg("count %.*s", STR_ARG(line));
	}
	free(text);
	assert_int_equal(rows, 65);
}

static void whatever_the_locale(void **state)
{
	STRBUF(b);

	if (!setlocale(LC_ALL, "de_DE.UTF-8"))
		skip();
	assert_true(real("1.5", 1.5));
	num_add_exact(&b, 1.5);
	assert_string_equal(strbuf_c(&b), "1.5");
	setlocale(LC_ALL, "C");
}

static void money(void **state)
{
	static const struct {
		int64_t units;
		unsigned scale;
		const char *text;
	} cases[] = {
		{123456, 2, "1,234.56"}, {INT64_C(48440677966101695), 18, "0.048441"},
		{-15, 7, "-0.000002"}, {INT64_MAX, 18, "9.223372"}, {7, 0, "7"},
	};
	__int128 big = (__int128)INT64_MAX * 1000;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		STRBUF(b);
		num_add_money(&b, cases[i].units, cases[i].scale);
		assert_string_equal(strbuf_c(&b), cases[i].text);
	}
	assert_int_equal(num_drop_digits(big + 499, 3), INT64_MAX);
	assert_int_equal(num_drop_digits(big, 1), INT64_MAX);
	assert_int_equal(num_drop_digits(-25, 1), -3);
}

UNIT_TESTS(num, UNIT(money), UNIT(whole_numbers), UNIT(whole_numbers_at_random), UNIT(reals),
	   UNIT(sizes), UNIT(decimals), UNIT(for_people), UNIT(exact_back_and_forth),
	   UNIT(shortest_of_all), UNIT(as_printf_lays_out),
	   UNIT(torture), UNIT(whatever_the_locale))
