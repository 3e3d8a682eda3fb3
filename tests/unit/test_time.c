/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/time.h"

#include <time.h>

#include "base/rng.h"
#include "unit.h"

static bool parses(const char *text, int64_t want)
{
	int64_t ms = -7;

	return time_parse(str_from(text), &ms) && ms == want;
}

static void every_day(void **state)
{
	int64_t want = -719162, days;

	for (int y = 1; y <= 9999; y++)
		for (unsigned m = 0; m <= 13; m++)
			for (unsigned d = 0; d <= 32; d++) {
				unsigned month, day;
				int year;

				if (!time_days(y, m, d, &days))
					continue;
				if (days != want)
					fail_msg("%d-%u-%u", y, m, d);
				time_civil((days + 1) * TIME_DAY - 1, &year, &month,
					   &day);
				if (year != y || month != m || day != d)
					fail_msg("%d-%u-%u back", y, m, d);
				want++;
			}
	assert_int_equal(want, 2932897);
	assert_false(time_days(0, 1, 1, &days));
	assert_false(time_days(10000, 1, 1, &days));
	assert_true(time_days(1970, 1, 1, &days) && days == 0);
}

static void forms(void **state)
{
	const int64_t t = INT64_C(1569888000000);	/* 2019-10-01 */

	assert_true(parses("2019-10-01 00:00:00 UTC", t));
	assert_true(parses("2019-10-01T00:00:00Z", t));
	assert_true(parses("2019-10-01 00:00:00", t));
	assert_true(parses("2019-10-01 00:00:00.25", t + 250));
	assert_true(parses("2019-10-01T00:00:00.123456789Z", t + 123));
	assert_true(parses("2019-10-01T02:00:00+02:00", t));
	assert_true(parses("2019-09-30T18:15:00-05:45", t));
	assert_true(parses("2019-10-01 02:00:00.001+02:00", t + 1));
	assert_true(parses("1969-12-31T23:59:59.999Z", -1));
	assert_false(parses("2019-10-01T00:00:00", t));		/* which zone? */
	assert_false(parses("2019-10-01T00:00:00 UTC", t));
	assert_false(parses("2019-10-01 00:00:00 utc", t));
	assert_false(parses("2019-10-01 00:00:00  UTC", t));
	assert_false(parses("2019-10-01 00:00:00.Z", t));
	assert_false(parses("2019-10-01 00:00:00.1234567890Z", t));
	assert_false(parses("2019-10-01 00:00:00+0200", t));
	assert_false(parses("2019-10-01", t));
	assert_false(parses("19-10-01 00:00:00", t));
	assert_false(parses("9999-12-31T23:59:59-00:01", t));
	assert_false(parses("0001-01-01T00:00:00+00:01", t));
	assert_false(time_parse(STR_NULL, &(int64_t){0}));
}

/* One wrong byte anywhere is noticed: none of the fixed places is skipped. */
static void wrong_bytes(void **state)
{
	static const char good[] = "2019-10-11T10:11:12Z";
	int64_t ms;

	for (size_t i = 0; i < sizeof good - 1; i++)
		for (int c = 0; c < 256; c++) {
			char text[sizeof good];

			if ((c >= '0' && c <= '9') || c == good[i])
				continue;
			memcpy(text, good, sizeof good);
			text[i] = (char)c;
			if (i == 10 && (c == 'T' || c == 't' || c == ' '))
				continue;
			if (i == 19 && (c == 'Z' || c == 'z'))
				continue;
			if (time_parse(str_span(text, sizeof good - 1), &ms))
				fail_msg("byte %zu may be 0x%02x", i, (unsigned)c);
		}
}

static void dates(void **state)
{
	int64_t ms;

	assert_true(time_parse_date(STR("2019-10-01"), &ms));
	assert_true(ms == INT64_C(1569888000000));
	assert_false(time_parse_date(STR("2023-02-29"), &ms));
	assert_false(time_parse_date(STR("2019-10-01 "), &ms));
	assert_false(time_parse_date(STR("2019/10/01"), &ms));
	assert_false(time_parse_date(STR(""), &ms));
}

static void back_and_forth(void **state)
{
	STRBUF(b);
	struct rng rng;

	rng_init(&rng, 3, 0);
	for (int i = 0; i < 20000; i++) {
		int64_t ms = (int64_t)rng_below(&rng, UINT64_C(315537897600000)) -
			     INT64_C(62135596800000), got;
		time_t seconds = (time_t)(ms / 1000 - (ms % 1000 < 0));
		char want[64];
		struct tm tm;

		strbuf_reset(&b);
		time_add_rfc3339(&b, ms);
		assert_true(time_parse(strbuf_str(&b), &got) && got == ms);
		gmtime_r(&seconds, &tm);
		snprintf(want, sizeof want, "%04d-%02d-%02dT%02d:%02d:%02d",
			 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
			 tm.tm_min, tm.tm_sec);
		assert_true(str_starts(strbuf_str(&b), str_from(want)));
		strbuf_reset(&b);
		time_add_date(&b, ms);
		want[10] = '\0';
		assert_string_equal(strbuf_c(&b), want);
	}
}

static void spans(void **state)
{
	static const struct {
		double seconds;
		const char *text;
	} rows[] = {
		{0, "0 s"}, {0.35, "350 ms"}, {3.2, "3 s"}, {59.6, "1 min 0 s"},
		{125, "2 min 5 s"}, {3780, "1 h 3 min"}, {90000, "1 d 1 h"}, {-1, "0 s"},
	};
	STRBUF(b);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		strbuf_reset(&b);
		time_add_span(&b, rows[i].seconds);
		assert_string_equal(strbuf_c(&b), rows[i].text);
	}
}

/* own-torture/times.csv: "ok" must parse, "bad" must not, "ok-date" is a date;
 * "ask" is what a manual has to decide: a space means UTC, the rest is refused. */
static void torture(void **state)
{
	size_t len, rows = 0;
	char *text = unit_data("torture/own-torture/times.csv", &len);
	struct str rest = str_span(text, len), line;

	str_next(&rest, '\n', &line);
	while (str_next(&rest, '\n', &line) && line.len) {
		struct str field, verdict;
		bool is_time, is_date;
		size_t end;
		int64_t ms;

		if (line.ptr[line.len - 1] == '\r')
			line.len--;
		end = line.len;
		while (end > 0 && line.ptr[end - 1] != ',')
			end--;
		field = str_span(line.ptr, end - 1);
		verdict = str_span(line.ptr + end, line.len - end);
		if (field.len && field.ptr[0] == '"')
			field = str_span(field.ptr + 1, field.len - 2);
		is_time = time_parse(field, &ms);
		is_date = time_parse_date(field, &ms);
		rows++;
		if ((str_is(verdict, "ok") && !is_time) ||
		    (str_is(verdict, "bad") && (is_time || is_date)) ||
		    (str_is(verdict, "ok-date") && (is_time || !is_date)) ||
		    (str_is(verdict, "ok-or-named") && is_time) ||
		    (str_is(verdict, "ask") &&
		     is_time != (field.len > 10 && field.ptr[10] == ' ')))
			fail_msg("%.*s", STR_ARG(line));
	}
	free(text);
	assert_int_equal(rows, 44);
}

static void clocks(void **state)
{
	double a = time_now_monotonic(), b = time_now_monotonic();

	assert_true(b >= a);
	assert_true(time_now() > INT64_C(1600000000000));
}

UNIT_TESTS(time, UNIT(every_day), UNIT(forms), UNIT(wrong_bytes), UNIT(dates),
	   UNIT(back_and_forth), UNIT(spans), UNIT(torture), UNIT(clocks))
