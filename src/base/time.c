/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The proleptic Gregorian calendar in whole days, RFC 3339, and the two clocks. */
#include "config.h"

#include "base/time.h"

#include <assert.h>
#include <math.h>
#include <time.h>

static const unsigned char month_days[] = {31, 28, 31, 30, 31, 30,
					   31, 31, 30, 31, 30, 31};

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days by eras of 400 years that begin on 1 March (Hinnant, "chrono-Compatible
 * Low-Level Date Algorithms"). */
bool time_days(int year, unsigned month, unsigned day, int64_t *days)
{
	unsigned y, of_year, of_era;

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	if (day > month_days[month - 1] + (unsigned)(month == 2 && is_leap(year)))
		return false;
	y = (unsigned)year - (month <= 2);
	of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	of_era = y % 400 * 365 + y % 400 / 4 - y % 400 / 100 + of_year;
	*days = (int64_t)(y / 400 * 146097 + of_era) - 719468;
	return true;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

void time_civil(int64_t ms, int *year, unsigned *month, unsigned *day)
{
	int64_t z = floor_div(ms, TIME_DAY) + 719468;
	int64_t era = floor_div(z, 146097);
	unsigned of_era = (unsigned)(z - era * 146097);
	unsigned y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	unsigned of_year = of_era - (365 * y + y / 4 - y / 100);
	unsigned m = (5 * of_year + 2) / 153;

	assert(year && month && day);
	*day = of_year - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = (int)(era * 400) + (int)y + (*month <= 2);
}

/* Two digits at p; anything else sets a bit of *bad, checked once at the end. */
static inline unsigned two(const char *p, unsigned *bad)
{
	unsigned a = (unsigned char)p[0] - '0', b = (unsigned char)p[1] - '0';

	*bad |= (a > 9) | (b > 9);
	return a * 10 + b;
}

static bool date_at(const char *p, int64_t *days)
{
	unsigned bad = p[4] != '-' || p[7] != '-';
	unsigned century = two(p, &bad), year = two(p + 2, &bad);
	unsigned month = two(p + 5, &bad), day = two(p + 8, &bad);

	return !bad && time_days((int)(century * 100 + year), month, day, days);
}

/* hh:mm:ss */
static bool clock_at(const char *p, int64_t *seconds)
{
	unsigned bad = p[2] != ':' || p[5] != ':';
	unsigned h = two(p, &bad), m = two(p + 3, &bad), s = two(p + 6, &bad);

	if (bad || h > 23 || m > 59 || s > 59)
		return false;
	*seconds = h * 3600 + m * 60 + s;
	return true;
}

/* What follows the seconds: 1 to 9 digits, of which three count. */
static bool fraction(struct str *rest, int64_t *ms)
{
	unsigned weight = 100;
	size_t i = 1;

	*ms = 0;
	if (rest->len == 0 || rest->ptr[0] != '.')
		return true;
	for (; i < rest->len && (unsigned char)(rest->ptr[i] - '0') <= 9; i++) {
		*ms += (int64_t)weight * (rest->ptr[i] - '0');
		weight /= 10;
	}
	if (i == 1 || i > 10)
		return false;
	*rest = str_span(rest->ptr + i, rest->len - i);
	return true;
}

/* The zone, as ms to take away to get UTC. */
static bool zone(struct str s, bool spaced, int64_t *ms)
{
	unsigned bad, h, m;

	*ms = 0;
	if (s.len == 0)
		return spaced;
	if (s.len == 1)
		return s.ptr[0] == 'Z' || s.ptr[0] == 'z';
	if (s.len == 4)
		return spaced && memcmp(s.ptr, " UTC", 4) == 0;
	if (s.len != 6 || (s.ptr[0] != '+' && s.ptr[0] != '-'))
		return false;
	bad = s.ptr[3] != ':';
	h = two(s.ptr + 1, &bad);
	m = two(s.ptr + 4, &bad);
	if (bad || h > 23 || m > 59)
		return false;
	*ms = (int64_t)(h * 60 + m) * (s.ptr[0] == '-' ? -60000 : 60000);
	return true;
}

bool time_parse(struct str s, int64_t *ms)
{
	static const int64_t first = INT64_C(-719162), last = INT64_C(2932896);
	int64_t days, seconds, part, shift, t;
	bool spaced;
	struct str rest;

	if (s.len < 19)
		return false;
	spaced = s.ptr[10] == ' ';
	if (!spaced && s.ptr[10] != 'T' && s.ptr[10] != 't')
		return false;
	if (!date_at(s.ptr, &days) || !clock_at(s.ptr + 11, &seconds))
		return false;
	rest = str_span(s.ptr + 19, s.len - 19);
	if (!fraction(&rest, &part) || !zone(rest, spaced, &shift))
		return false;
	t = days * TIME_DAY + seconds * 1000 + part - shift;
	/* An offset may lead out of the years 1 to 9999. */
	if (t < first * TIME_DAY || t >= (last + 1) * TIME_DAY)
		return false;
	*ms = t;
	return true;
}

/* Nothing but decimals behind the seconds. */
bool time_is_wall(struct str s)
{
	for (size_t i = 19; i < s.len; i++)
		if (s.ptr[i] != '.' && (unsigned char)(s.ptr[i] - '0') > 9)
			return false;
	return true;
}

bool time_parse_date(struct str s, int64_t *ms)
{
	int64_t days;

	if (s.len != 10 || !date_at(s.ptr, &days))
		return false;
	*ms = days * TIME_DAY;
	return true;
}

int64_t time_day(int64_t ms)
{
	return floor_div(ms, TIME_DAY);
}

void time_add_date(struct strbuf *b, int64_t ms)
{
	unsigned month, day;
	int year;

	time_civil(ms, &year, &month, &day);
	strbuf_addf(b, "%04d-%02u-%02u", year, month, day);
}

void time_add_rfc3339(struct strbuf *b, int64_t ms)
{
	int64_t left = ms % TIME_DAY;
	unsigned of_day = (unsigned)(left < 0 ? left + TIME_DAY : left);
	unsigned s = of_day / 1000;

	time_add_date(b, ms);
	strbuf_addf(b, "T%02u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
	if (of_day % 1000)
		strbuf_addf(b, ".%03u", of_day % 1000);
	strbuf_addc(b, 'Z');
}

void time_add_span(struct strbuf *b, double seconds)
{
	uint64_t s;

	if (!(seconds > 0))
		seconds = 0;
	if (seconds > 1e15)
		seconds = 1e15;
	s = (uint64_t)llround(seconds);
	if (seconds > 0 && seconds < 0.9995)
		strbuf_addf(b, "%u ms", (unsigned)llround(seconds * 1000));
	else if (s < 60)
		strbuf_addf(b, "%u s", (unsigned)s);
	else if (s < 3600)
		strbuf_addf(b, "%u min %u s", (unsigned)(s / 60), (unsigned)(s % 60));
	else if (s < 86400)
		strbuf_addf(b, "%u h %u min", (unsigned)(s / 3600),
			    (unsigned)(s / 60 % 60));
	else
		strbuf_addf(b, "%llu d %u h", (unsigned long long)(s / 86400),
			    (unsigned)(s / 3600 % 24));
}

static double clock_seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double time_now_monotonic(void)
{
	return clock_seconds(CLOCK_MONOTONIC);
}

double time_now_cpu(void)
{
	return clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
}

int64_t time_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
