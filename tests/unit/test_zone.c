/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <unistd.h>

#include "base/time.h"
#include "base/zone.h"
#include "unit.h"

#define HOUR INT64_C(3600000)

static void berlin(void **state)
{
	static const struct {
		const char *utc;
		int hours;
	} at[] = {
		{"2019-10-26 12:00:00", 2}, {"2019-10-27 00:59:59", 2},
		{"2019-10-27 01:00:00", 1}, {"2008-07-01 00:00:00", 2},
		{"2008-01-01 00:00:00", 1}, {"1975-06-01 00:00:00", 1},
	};
	struct zone z;
	size_t hint = 0;
	if (access("/usr/share/zoneinfo/Europe/Berlin", R_OK) != 0)
		skip();
	assert_true(zone_open(&z, "Europe/Berlin"));
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		int64_t ms;
		assert_true(time_parse(str_from(at[i].utc), &ms));
		assert_int_equal(zone_offset(&z, ms, &hint), at[i].hours * HOUR);
	}
	zone_finish(&z);
	/* Half an hour, and a zone that never changes. */
	assert_true(zone_open(&z, "Asia/Kolkata"));
	assert_int_equal(zone_offset(&z, INT64_C(1570000000000), &hint), 11 * HOUR / 2);
	zone_finish(&z);
}

static void utc(void **state)
{
	static const char *const none[] = {"", "No/Such", "/etc/passwd", "../../../etc/passwd",
					   "Europe"};
	struct zone z;
	size_t hint = 7;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		assert_false(zone_open(&z, none[i]));
		assert_int_equal(zone_offset(&z, INT64_C(1570000000000), &hint), 0);
	}
}

UNIT_TESTS(zone, UNIT(berlin), UNIT(utc))
