/* SPDX-License-Identifier: GPL-3.0-or-later */
/* time: instants in milliseconds since 1970-01-01 UTC, by our own grammar. */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "base/str.h"

#define TIME_DAY INT64_C(86400000)	/* ms */
#define TIME_NONE INT64_MIN

/* Days since 1970-01-01 in the proleptic Gregorian calendar; false for dates
 * that don't exist (30 February) and years outside 1..9999. */
bool time_days(int year, unsigned month, unsigned day, int64_t *days);
void time_civil(int64_t ms, int *year, unsigned *month, unsigned *day);

/* "2019-10-01 00:00:00 UTC", "2019-10-01T00:00:00[.sss]Z", "2019-10-01
 * 00:00:00[.sss]" (UTC) and offsets "+02:00"; t and z too, and Z or an offset
 * after either form. 1 to 9 decimals, cut to ms. No leap second 60, no spaces
 * around, no two-digit years, no T without a zone. */
bool time_parse(struct str s, int64_t *ms);
/* Of a text that time_parse takes: it names no zone. */
bool time_is_wall(struct str s);
/* "2019-10-01" at 00:00 UTC. */
bool time_parse_date(struct str s, int64_t *ms);
/* 2019-10-01T00:00:00Z, with .sss only where it is not zero. */
void time_add_rfc3339(struct strbuf *b, int64_t ms);
/* Days since 1970, rounded down. */
int64_t time_day(int64_t ms);
/* 2019-10-01. */
void time_add_date(struct strbuf *b, int64_t ms);
/* 3 s, 2 min 5 s, 1 h 3 min - a duration for people. */
void time_add_span(struct strbuf *b, double seconds);
/* Seconds of a clock that never goes back. */
double time_now_monotonic(void);
/* Processor time of all threads of the process so far, seconds. */
double time_now_cpu(void);
/* Now, ms since 1970 UTC. */
int64_t time_now(void);

#endif
