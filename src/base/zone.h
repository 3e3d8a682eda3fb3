/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone: local times of a zone of the time zone database, without touching TZ. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stddef.h>

#include "base/str.h"

/* When summer time begins or ends in every year: a day, and a time of that day in s. */
struct zone_change {
	enum { ZONE_NTH_WEEKDAY, ZONE_DAY, ZONE_DAY_NO_LEAP } form;
	int month, week, day;	/* Mm.w.d; else day of the year, from 0 or from 1 */
	int32_t time;
};

/* Offsets hold from a moment on (RFC 8536); behind the last one the rule of the file's
 * last line holds, or where it has none that offset. */
struct zone {
	size_t n;
	int64_t *from;		/* (n) s since 1970, ascending */
	int32_t *offset;	/* (n) s east of UTC */
	int32_t before;		/* of times before the first */
	struct zone_rule {
		bool is, changes;	/* there is one; it has summer time */
		int32_t offset, summer;	/* s east of UTC */
		struct zone_change begin, end;
	} rule;
};

/* "Europe/Berlin" from /usr/share/zoneinfo, or UTC-05:00; false, and UTC, where it isn't
 * there or is no such file. */
bool zone_open(struct zone *z, const char *name);
/* From the bytes of such a file. */
bool zone_read(struct zone *z, const void *bytes, size_t n);
void zone_finish(struct zone *z);
/* ms to add to UTC for local time. *hint (start with 0) makes runs of near times quick. */
int64_t zone_offset(const struct zone *z, int64_t ms, size_t *hint);
/* The instant at which clocks of the zone show that time (ms, as if it were UTC). Of a
 * time that comes twice the first; one that is skipped is read by the clock as it was
 * before, so that 02:30 is what they then call 03:30. */
int64_t zone_instant(const struct zone *z, int64_t local);

#endif
