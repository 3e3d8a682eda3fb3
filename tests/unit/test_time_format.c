/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/time_format.h"

#include "base/time.h"
#include "unit.h"

#define NOT INT64_MIN

static void reads(void **state)
{
	static const struct {
		const char *format, *text, *iso;	/* NULL: not such a time */
	} cases[] = {
		{"iso", "2019-10-01 00:00:00 UTC", "2019-10-01T00:00:00Z"},
		{"iso", "2019-10-01T02:00:00+02:00", "2019-10-01T00:00:00Z"},
		{"iso", "2019-10-01", "2019-10-01T00:00:00Z"},
		{"iso", "2019-10-01 7:05", "2019-10-01T07:05:00Z"},
		{"iso", "2019-10-01T07:05:09.25", "2019-10-01T07:05:09.250Z"},
		{"iso", "2019-10-01 07:05:09 +0130", "2019-10-01T05:35:09Z"},
		{"iso", "2019-02-30", NULL},
		{"iso", "2019-10-01 24:00", NULL},
		{"iso", "2019-10-01 ", NULL},
		{"unix", "0", "1970-01-01T00:00:00Z"},
		{"unix", "1441317687", "2015-09-03T22:01:27Z"},
		{"unix", "1441317687.0819", "2015-09-03T22:01:27.081Z"},
		{"unix", "253402300800", NULL},
		{"unix", "-1", NULL},
		{"unix-ms", "1441317687081", "2015-09-03T22:01:27.081Z"},
		{"unix-ms", "1441317687081.5", NULL},
		{"unix-ms", "9223372036854775807", NULL},
		{"unix-us", "1441317687081999", "2015-09-03T22:01:27.081Z"},
		{"unix-us", "9223372036854775807", NULL},
		{"excel", "45294.67569", "2024-01-03T16:13:00Z"},
		{"excel", "45294,5", "2024-01-03T12:00:00Z"},
		{"excel", "61", "1900-03-01T00:00:00Z"},
		{"excel", "-1", NULL},
		{"excel", "2958466", NULL},
		{"day", "12", "1970-01-13T00:00:00Z"},
		{"day", "12.0", "1970-01-13T00:00:00Z"},
		{"day", "12.5", NULL},
		{"day", "x", NULL},
		{"d.m.Y H:M", "1.10.2019 7:05", "2019-10-01T07:05:00Z"},
		{"d.m.Y H:M", "01.10.2019", NULL},
		{"d.m.Y[ H:M[:S]]", "01.10.2019", "2019-10-01T00:00:00Z"},
		{"d.m.Y[ H:M[:S]]", "01.10.2019 07:05:59", "2019-10-01T07:05:59Z"},
		{"d.m.Y[ H:M[:S]]", "01.10.2019 07", NULL},
		{"m/d/Y H:M", "12/1/2010 8:26", "2010-12-01T08:26:00Z"},
		{"m/d/Y H:M", "13/1/2010 8:26", NULL},
		{"%Y-%m-%d %H:%M:%S", "2019-10-01 07:05:09", "2019-10-01T07:05:09Z"},
		{"m/d/Y I:M p", "12/1/2010 12:26 AM", "2010-12-01T00:26:00Z"},
		{"m/d/Y I:M p", "12/1/2010 12:26 pm", "2010-12-01T12:26:00Z"},
		{"m/d/Y I:M p", "12/1/2010 13:26 pm", NULL},
		{"Y m d", "2008 4 1", "2008-04-01T00:00:00Z"},
		{"Ymd", "20190131", "2019-01-31T00:00:00Z"},
		{"Ymd", "2019013", "2019-01-03T00:00:00Z"},
		{"d b Y", "3 Sep 2015", "2015-09-03T00:00:00Z"},
		{"d b Y", "3 september 2015", "2015-09-03T00:00:00Z"},
		{"d/b/Y:H:M:S z", "10/Oct/2000:13:55:36 -0700", "2000-10-10T20:55:36Z"},
		{"d.m.y", "1.2.69", "2069-02-01T00:00:00Z"},
		{"d.m.y", "1.2.70", "1970-02-01T00:00:00Z"},
		{"Y-m-d\\TH:M", "2019-10-01T07:05", "2019-10-01T07:05:00Z"},
		{"Y-m-d H:M:S z", "0001-01-01 00:00:00 +01:00", NULL},
		{"Y-m-d", "", NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t ms = NOT;
		STRBUF(b);
		bool ok = time_format_check(str_from(cases[i].format), NULL) &&
			time_format_parse(str_from(cases[i].format),
					  str_from(cases[i].text), &ms);

		if (ok)
			time_add_rfc3339(&b, ms);
		if (ok != (cases[i].iso != NULL) ||
		    (ok && strcmp(strbuf_c(&b), cases[i].iso) != 0))
			fail_msg("'%s' by %s: %s", cases[i].text, cases[i].format,
				 ok ? strbuf_c(&b) : "refused");
	}
}

static void checks(void **state)
{
	static const char *const bad[] = {
		"", "Y", "Y-m", "d.m", "Y-m-d[ H:M", "Y-m-d] H", "Y-m-d\\", "Y-m-d I:M",
		"Y-m-d H:M p", "Y-m-d\nH:M", "Y-m-d\r",
		"Y-m-d                                                             ",
	};
	struct err err;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_false(time_format_check(str_from(bad[i]), &err));
		assert_int_equal(err.code, ERR_FORMAT);
	}
	assert_true(time_format_has_hours(STR("d.m.Y[ H:M]")));
	assert_false(time_format_has_hours(STR("d.m.Y \\H")));
}

UNIT_TESTS(time_format, UNIT(reads), UNIT(checks))
