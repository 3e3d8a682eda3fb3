/* SPDX-License-Identifier: GPL-3.0-or-later */
/* time_format: times in the forms that shops write them, by a grammar of our own. */
#ifndef BASE_TIME_FORMAT_H
#define BASE_TIME_FORMAT_H

#include "base/err.h"
#include "base/str.h"

/*
 * A format is one of the names
 *	iso	2019-10-01[( |T)12:30[:00[.123]]][ ][zone]
 *	unix, unix-ms, unix-us	seconds, ms, us since 1970 (seconds with decimals too)
 *	excel	days since 1899-12-30, the hour as decimals, as spreadsheets have them
 *	day	a number of days that names no date: they count from 1970-01-01
 * or a text in which letters stand for parts of a time:
 *	Y	year, four digits	y	two digits: 70 to 99 are 1970 to 1999,
 *						others 2000 to 2069
 *	m	month			b	its English name, whole or three letters
 *	d	day			p	am or pm
 *	H	hour 0 to 23		I	hour 1 to 12 (with p)
 *	M	minute			S	second, decimals allowed
 *	z	zone: Z, UTC, GMT, +02:00, +0200, +02
 * [...] may be missing, \c is the character c, and every other character stands for
 * itself; a % before a letter is left out. m, d, H, I, M and S have one or two digits,
 * as many as there are. Times without a zone are read as UTC. Years 1 to 9999; no leap
 * second.
 */
#define TIME_FORMAT_MAX 64

/* ERR_FORMAT says what is wrong with it and at which character (from 1). */
bool time_format_check(struct str format, struct err *err);
/* Read s by a format that passed the check; false: not such a time. */
bool time_format_parse(struct str format, struct str s, int64_t *ms);
/* The same; *wall: it names no zone, so ms is what a clock showed, as if that was UTC. */
bool time_format_parse_wall(struct str format, struct str s, int64_t *ms, bool *wall);
/* Are its days numbers of no calendar? */
bool time_format_is_number(struct str format);
/* Can it say the hour? Else its times are days. */
bool time_format_has_hours(struct str format);

#endif
