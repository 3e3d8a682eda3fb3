/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone: local times of a zone of the time zone database, without touching TZ. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stddef.h>

#include "base/str.h"

/* Offsets hold from a moment on (RFC 8536); behind the last one that one stays. */
struct zone {
	size_t n;
	int64_t *from;		/* (n) s since 1970, ascending */
	int32_t *offset;	/* (n) s east of UTC */
	int32_t before;		/* of times before the first */
};

/* "Europe/Berlin" from /usr/share/zoneinfo; false, and UTC, where it isn't there or is
 * no such file. */
bool zone_open(struct zone *z, const char *name);
void zone_finish(struct zone *z);
/* ms to add to UTC for local time. *hint (start with 0) makes runs of near times quick. */
int64_t zone_offset(const struct zone *z, int64_t ms, size_t *hint);

#endif
