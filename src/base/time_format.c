/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A format is walked beside the text; each part takes what it understands. */
#include "config.h"

#include "base/time_format.h"

#include <strings.h>

#include "base/num.h"
#include "base/time.h"

#define YEAR_PIVOT 70
#define SECONDS_MAX INT64_C(253402300799) /* the end of the year 9999 */

struct parts {
	int year;
	unsigned month, day, hour, minute, second, ms;
	int64_t shift; /* of the zone, ms */
	bool half_day, pm, zoned;
};

/* Digits at the start of *s, at most max of them; false when fewer than min. */
static bool digits(struct str *s, unsigned min, unsigned max, unsigned *value)
{
	unsigned n = 0, v = 0;

	while (n < max && n < s->len && (unsigned char)(s->ptr[n] - '0') <= 9)
		v = v * 10 + (unsigned)(s->ptr[n++] - '0');
	if (n < min)
		return false;
	*value = v;
	*s = str_span(s->ptr + n, s->len - n);
	return true;
}

static bool year(struct str *s, bool short_form, struct parts *p)
{
	unsigned y;

	if (!digits(s, short_form ? 2 : 4, short_form ? 2 : 4, &y))
		return false;
	p->year = (int)(!short_form ? y : y < YEAR_PIVOT ? 2000 + y : 1900 + y);
	return true;
}

static bool month_name(struct str *s, struct parts *p)
{
	static const char *const names[] = {
		"january", "february", "march",	    "april",   "may",	   "june",
		"july",	   "august",   "september", "october", "november", "december",
	};

	for (unsigned i = 0; i < 12; i++) {
		size_t whole = strlen(names[i]);
		size_t n = s->len >= whole && !strncasecmp(s->ptr, names[i], whole)
				   ? whole
				   : 3;

		if (s->len < n || strncasecmp(s->ptr, names[i], n) != 0)
			continue;
		p->month = i + 1;
		*s = str_span(s->ptr + n, s->len - n);
		return true;
	}
	return false;
}

static bool second(struct str *s, struct parts *p)
{
	unsigned weight = 100;
	size_t i = 1;

	if (!digits(s, 1, 2, &p->second) || p->second > 59)
		return false;
	if (s->len < 2 || (s->ptr[0] != '.' && s->ptr[0] != ',') ||
	    (unsigned char)(s->ptr[1] - '0') > 9)
		return true;
	p->ms = 0;
	for (; i < s->len && (unsigned char)(s->ptr[i] - '0') <= 9; i++) {
		p->ms += weight * (unsigned)(s->ptr[i] - '0');
		weight /= 10;
	}
	*s = str_span(s->ptr + i, s->len - i);
	return i <= 10;
}

static bool zone(struct str *s, struct parts *p)
{
	unsigned h, m = 0;
	bool east;

	p->zoned = true;
	if (str_starts(*s, STR("UTC")) || str_starts(*s, STR("GMT"))) {
		*s = str_span(s->ptr + 3, s->len - 3);
		return true;
	}
	if (s->len && (s->ptr[0] == 'Z' || s->ptr[0] == 'z')) {
		*s = str_span(s->ptr + 1, s->len - 1);
		return true;
	}
	if (!s->len || (s->ptr[0] != '+' && s->ptr[0] != '-'))
		return false;
	east = s->ptr[0] == '+';
	*s = str_span(s->ptr + 1, s->len - 1);
	if (!digits(s, 2, 2, &h))
		return false;
	if (s->len && s->ptr[0] == ':') {
		*s = str_span(s->ptr + 1, s->len - 1);
		if (!digits(s, 2, 2, &m))
			return false;
	} else if (s->len && !digits(s, 2, 2, &m)) {
		return false;
	}
	if (h > 23 || m > 59)
		return false;
	p->shift = (int64_t)(h * 60 + m) * (east ? 60000 : -60000);
	return true;
}

static bool half(struct str *s, struct parts *p)
{
	if (s->len < 2 || (s->ptr[1] | 32) != 'm')
		return false;
	p->pm = (s->ptr[0] | 32) == 'p';
	if (!p->pm && (s->ptr[0] | 32) != 'a')
		return false;
	p->half_day = true;
	*s = str_span(s->ptr + 2, s->len - 2);
	return true;
}

static bool part(char letter, struct str *s, struct parts *p)
{
	switch (letter) {
	case 'Y':
	case 'y':
		return year(s, letter == 'y', p);
	case 'm':
		return digits(s, 1, 2, &p->month);
	case 'b':
		return month_name(s, p);
	case 'd':
		return digits(s, 1, 2, &p->day);
	case 'H':
		return digits(s, 1, 2, &p->hour) && p->hour < 24;
	case 'I':
		return digits(s, 1, 2, &p->hour) && p->hour > 0 && p->hour < 13;
	case 'M':
		return digits(s, 1, 2, &p->minute) && p->minute < 60;
	case 'S':
		return second(s, p);
	case 'p':
		return half(s, p);
	default:
		return zone(s, p);
	}
}

static bool is_part(char c)
{
	return c && memchr("YymbdHIMSpz", c, 11);
}

/* The ] that closes the [ at f.ptr[at], or SIZE_MAX. */
static size_t closing(struct str f, size_t at)
{
	unsigned depth = 0;

	for (size_t i = at; i < f.len; i++) {
		if (f.ptr[i] == '\\')
			i++;
		else if (f.ptr[i] == '[')
			depth++;
		else if (f.ptr[i] == ']' && --depth == 0)
			return i;
	}
	return SIZE_MAX;
}

/* Read what the format asks for off the start of *s. What may be missing is taken
 * where it fits; depth is bounded by the format's length. */
static bool take(struct str f, struct str *s, struct parts *p)
{
	for (size_t i = 0; i < f.len; i++) {
		char c = f.ptr[i];

		if (c == '[') {
			size_t end = closing(f, i);
			struct parts tried = *p;
			struct str rest = *s;

			if (take(str_span(f.ptr + i + 1, end - i - 1), &rest, &tried)) {
				*p = tried;
				*s = rest;
			}
			i = end;
			continue;
		}
		if (c == '%' && i + 1 < f.len && is_part(f.ptr[i + 1]))
			continue;
		if (is_part(c)) {
			if (!part(c, s, p))
				return false;
			continue;
		}
		if (c == '\\')
			c = f.ptr[++i];
		if (!s->len || s->ptr[0] != c)
			return false;
		*s = str_span(s->ptr + 1, s->len - 1);
		/* One blank asks for as many as there are. */
		while (c == ' ' && s->len && s->ptr[0] == ' ')
			*s = str_span(s->ptr + 1, s->len - 1);
	}
	return true;
}

static bool join(const struct parts *p, int64_t *ms)
{
	static const int64_t first = INT64_C(-719162), last = INT64_C(2932896);
	unsigned hour = p->hour;
	int64_t days, t;

	if (p->half_day) {
		if (hour == 0 || hour > 12)
			return false;
		hour = hour % 12 + (p->pm ? 12 : 0);
	}
	if (!time_days(p->year, p->month, p->day, &days))
		return false;
	t = days * TIME_DAY + ((int64_t)(hour * 60 + p->minute) * 60 + p->second) * 1000 +
	    p->ms - p->shift;
	if (t < first * TIME_DAY || t >= (last + 1) * TIME_DAY)
		return false;
	*ms = t;
	return true;
}

static bool by_letters(struct str format, struct str s, int64_t *ms, bool *wall)
{
	struct parts p = {0};

	if (!take(format, &s, &p) || s.len != 0 || !join(&p, ms))
		return false;
	*wall = !p.zoned;
	return true;
}

static bool iso(struct str s, int64_t *ms, bool *wall)
{
	*wall = time_is_wall(s);
	return time_parse(s, ms) || time_parse_date(s, ms) ||
	       by_letters(STR("Y-m-d[ H:M[:S][ ][z]]"), s, ms, wall) ||
	       by_letters(STR("Y-m-d[TH:M[:S][z]]"), s, ms, wall) ||
	       by_letters(STR("YmdTHM[S][z]"), s, ms, wall);
}

/* Since 1970, in parts of a second; decimals that ms can't hold are cut. */
static bool since_1970(struct str s, unsigned per_second, int64_t *ms)
{
	struct decimal d;
	int64_t unit = per_second == 1 ? 1000 : 1;

	if (!num_decimal(s, &d) || (d.scale && per_second != 1))
		return false;
	for (; d.scale > 3; d.scale--)
		d.units /= 10;
	for (; d.scale; d.scale--)
		unit /= 10;
	if (d.units < 0 || d.units > SECONDS_MAX * 1000000)
		return false;
	if (per_second == 1000000)
		d.units /= 1000;
	if (d.units > SECONDS_MAX * 1000 / unit)
		return false;
	*ms = d.units * unit;
	return true;
}

#define EXCEL_ZERO INT64_C(-25569) /* 1899-12-30 */
#define DAY_MOST INT64_C(2932896)  /* 9999-12-31 */

/* Days and their decimals, to the second: spreadsheets keep no finer ones. */
static bool since_day(struct str s, int64_t zero, int64_t *ms)
{
	char text[40];
	struct decimal d;
	size_t comma = str_chr(s, ',');
	int64_t unit = 1, days;

	if (comma != SIZE_MAX && s.len < sizeof text) {
		memcpy(text, s.ptr, s.len);
		text[comma] = '.';
		s.ptr = text;
	}
	if (!num_decimal(s, &d) || d.units < 0)
		return false;
	for (; d.scale > 9; d.scale--)
		d.units /= 10;
	for (unsigned i = 0; i < d.scale; i++)
		unit *= 10;
	days = d.units / unit;
	if (days + zero > DAY_MOST)
		return false;
	*ms = (days + zero) * TIME_DAY +
	      (d.units % unit * (TIME_DAY / 1000) + unit / 2) / unit * 1000;
	return true;
}

static bool serial(struct str s, int64_t *ms, bool *wall)
{
	*wall = true;
	return since_day(s, EXCEL_ZERO, ms);
}

/* 12 of an unknown calendar: nothing finer. */
static bool day_number(struct str s, int64_t *ms, bool *wall)
{
	*wall = false;
	while (s.len > 1 && s.ptr[0] == '0')
		s = str_span(s.ptr + 1, s.len - 1);
	return since_day(s, 0, ms) && *ms % TIME_DAY == 0;
}

static bool unix_s(struct str s, int64_t *ms, bool *wall)
{
	*wall = false;
	return since_1970(s, 1, ms);
}

static bool unix_ms(struct str s, int64_t *ms, bool *wall)
{
	*wall = false;
	return since_1970(s, 1000, ms);
}

static bool unix_us(struct str s, int64_t *ms, bool *wall)
{
	*wall = false;
	return since_1970(s, 1000000, ms);
}

static const struct {
	const char *name;
	bool (*parse)(struct str s, int64_t *ms, bool *wall);
} named[] = {
	{"iso", iso},	      {"unix", unix_s},	 {"unix-ms", unix_ms},
	{"unix-us", unix_us}, {"excel", serial}, {"day", day_number},
};
#define NAMED (sizeof(named) / sizeof(*named))

bool time_format_parse_wall(struct str format, struct str s, int64_t *ms, bool *wall)
{
	for (size_t i = 0; i < NAMED; i++)
		if (str_is(format, named[i].name))
			return named[i].parse(s, ms, wall);
	return by_letters(format, s, ms, wall);
}

bool time_format_parse(struct str format, struct str s, int64_t *ms)
{
	bool wall;

	return time_format_parse_wall(format, s, ms, &wall);
}

/* The byte from which on the brackets don't match, or SIZE_MAX. */
static size_t unbalanced(struct str f)
{
	size_t depth = 0;

	for (size_t i = 0; i < f.len; i++) {
		if (f.ptr[i] == '\\' && ++i == f.len)
			return i - 1;
		if (f.ptr[i] == '[' && closing(f, i) == SIZE_MAX)
			return i;
		depth += f.ptr[i] == '[';
		if (f.ptr[i] == ']' && depth-- == 0)
			return i;
	}
	return SIZE_MAX;
}

static bool has_any(struct str f, const char *letters)
{
	for (size_t i = 0; i < f.len; i++) {
		if (f.ptr[i] == '\\')
			i++;
		else if (strchr(letters, f.ptr[i]))
			return true;
	}
	return false;
}

static bool is_line(struct str f)
{
	return !memchr(f.ptr, 0, f.len) && !memchr(f.ptr, '\n', f.len) &&
	       !memchr(f.ptr, '\r', f.len);
}

bool time_format_check(struct str format, struct err *err)
{
	size_t at;

	for (size_t i = 0; i < NAMED; i++)
		if (str_is(format, named[i].name))
			return true;
	if (format.len == 0 || format.len > TIME_FORMAT_MAX || !is_line(format))
		return err_fail(err, ERR_FORMAT,
				"a time format has 1 to %d characters and no line ends",
				TIME_FORMAT_MAX);
	at = unbalanced(format);
	if (at != SIZE_MAX)
		return err_fail(err, ERR_FORMAT,
				"character %zu of the time format '%.*s' "
				"has no counterpart",
				at + 1, STR_ARG(format));
	if (!has_any(format, "Yy") || !has_any(format, "mb") || !has_any(format, "d"))
		return err_fail(err, ERR_FORMAT,
				"the time format '%.*s' needs a year (Y), a "
				"month (m) and a day (d), or is iso, unix, unix-ms, "
				"unix-us, excel or day",
				STR_ARG(format));
	if (has_any(format, "I") != has_any(format, "p"))
		return err_fail(err, ERR_FORMAT,
				"in the time format '%.*s' an hour of 12 "
				"(I) and am or pm (p) go together",
				STR_ARG(format));
	return true;
}

bool time_format_is_number(struct str format)
{
	return str_is(format, "day");
}

bool time_format_has_hours(struct str format)
{
	for (size_t i = 0; i < NAMED; i++)
		if (str_is(format, named[i].name))
			return !time_format_is_number(format);
	return has_any(format, "HI");
}
