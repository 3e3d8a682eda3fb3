/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>
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

/* A file of the slim kind: one change long ago, the rest is a rule. */
static size_t slim(unsigned char *to, const char *rule)
{
	static const unsigned char head[44] = {'T', 'Z', 'i', 'f', '2'};
	unsigned char *p = to;

	memset(to, 0, 256);
	for (int block = 0; block < 2; block++) {
		memcpy(p, head, sizeof head);
		p[35] = block;	/* times */
		p[39] = 1;	/* types */
		p[43] = 4;	/* characters */
		p += sizeof head;
		if (block) {
			p[4] = 0x31;	/* in 1996 */
			p[5] = 0x5d;
			p += 8 + 1;
		}
		p[2] = 0x0e;	/* 3600 s */
		p[3] = 0x10;
		p += 6 + 4;
	}
	p += snprintf((char *)p, 64, "\n%s\n", rule);
	return (size_t)(p - to);
}

static int64_t ms_of(const char *text)
{
	int64_t ms;

	assert_true(time_parse(str_from(text), &ms));
	return ms;
}

static void the_last_line_is_followed(void **state)
{
	static const struct {
		const char *rule, *utc;
		double hours;
	} at[] = {
		{"CET-1CEST,M3.5.0,M10.5.0/3", "2019-12-01 12:00:00", 1},
		{"CET-1CEST,M3.5.0,M10.5.0/3", "2019-07-01 12:00:00", 2},
		{"CET-1CEST,M3.5.0,M10.5.0/3", "2024-03-31 00:59:59", 1},
		{"CET-1CEST,M3.5.0,M10.5.0/3", "2024-03-31 01:00:00", 2},
		{"CET-1CEST,M3.5.0,M10.5.0/3", "2024-10-27 00:59:59", 2},
		{"CET-1CEST,M3.5.0,M10.5.0/3", "2024-10-27 01:00:00", 1},
		{"EST5EDT,M3.2.0,M11.1.0", "2024-03-10 06:59:59", -5},
		{"EST5EDT,M3.2.0,M11.1.0", "2024-03-10 07:00:00", -4},
		{"AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-01-01 00:00:00", 11},
		{"AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-06-01 00:00:00", 10},
		{"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2024-06-01 00:00:00", 10.5},
		{"<-03>3", "2024-06-01 00:00:00", -3},
		{"IST-2IDT,J60,J300/0", "2024-03-01 00:00:00", 3},
		{"IST-2IDT,J60,J300/0", "2024-02-29 00:00:00", 2},
		{"nonsense", "2024-06-01 00:00:00", 1},
		{"CET-1CEST,M3.5.0", "2024-06-01 00:00:00", 1},
	};
	unsigned char bytes[256];

	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		struct zone z;
		size_t hint = 0, n = slim(bytes, at[i].rule);

		assert_true(zone_read(&z, bytes, n));
		assert_int_equal(zone_offset(&z, ms_of(at[i].utc), &hint),
				 (int64_t)(at[i].hours * (double)HOUR));
		zone_finish(&z);
		/* Cut anywhere it is refused, or has no rule. */
		while (n-- > 0)
			if (zone_read(&z, bytes, n))
				zone_finish(&z);
	}
}

static void clocks_that_change(void **state)
{
	static const struct {
		const char *local, *utc;
	} at[] = {
		{"2024-03-09 23:30:00", "2024-03-10 04:30:00"},
		{"2024-03-10 01:59:59", "2024-03-10 06:59:59"},
		{"2024-03-10 02:30:00", "2024-03-10 07:30:00"},	/* skipped: 03:30 */
		{"2024-03-10 03:00:00", "2024-03-10 07:00:00"},
		{"2024-11-03 00:59:59", "2024-11-03 04:59:59"},
		{"2024-11-03 01:30:00", "2024-11-03 05:30:00"},	/* twice: the first */
		{"2024-11-03 02:00:00", "2024-11-03 07:00:00"},
	};
	unsigned char bytes[256];
	struct zone z;
	size_t n = slim(bytes, "EST5EDT,M3.2.0,M11.1.0");

	assert_true(zone_read(&z, bytes, n));
	for (size_t i = 0; i < sizeof at / sizeof *at; i++)
		assert_int_equal(zone_instant(&z, ms_of(at[i].local)), ms_of(at[i].utc));
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

static void offsets(void **state)
{
	static const char *const none[] = {"UTC", "UTC5", "UTC+24:00", "UTC+", "UTC-05:00x"};
	struct zone z;
	size_t hint = 0;

	assert_true(zone_open(&z, "UTC-05:00"));
	assert_int_equal(zone_offset(&z, INT64_C(1570000000000), &hint), -5 * 3600000);
	zone_finish(&z);
	assert_true(zone_open(&z, "UTC+05:30"));
	assert_int_equal(zone_offset(&z, 0, &hint), 19800000);
	assert_int_equal(zone_instant(&z, 19800000), 0);
	zone_finish(&z);
	for (size_t i = 1; i < sizeof none / sizeof *none; i++)
		assert_false(zone_open(&z, none[i]));
}

UNIT_TESTS(zone, UNIT(offsets), UNIT(berlin), UNIT(the_last_line_is_followed),
	   UNIT(clocks_that_change), UNIT(utc))
