/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads TZif files (RFC 8536): 64-bit times where the file has them, and the rule of the
 * last line (POSIX TZ, section 3.3) for times behind them all: files of the slim kind
 * list no change that the rule tells.
 */
#include "config.h"

#include "base/zone.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/time.h"

#define FILE_MAX ((size_t)256 << 10)
#define HEAD 44

static uint64_t big_endian(const unsigned char *p, unsigned bytes)
{
	uint64_t x = 0;
	while (bytes--)
		x = x << 8 | *p++;
	return x;
}

/* The six counts of a header: UT flags, standard flags, leaps, times, types, characters. */
static bool take_head(const unsigned char *p, size_t left, uint32_t count[6])
{
	if (left < HEAD || memcmp(p, "TZif", 4) != 0)
		return false;
	for (unsigned i = 0; i < 6; i++)
		count[i] = (uint32_t)big_endian(p + 20 + 4 * i, 4);
	return count[4] > 0 && count[3] < FILE_MAX && count[4] < 256;
}

static size_t block_size(const uint32_t c[6], unsigned bytes)
{
	return (size_t)c[3] * (bytes + 1) + (size_t)c[4] * 6 + c[5] +
	       (size_t)c[2] * (bytes + 4) + c[1] + c[0];
}

static bool take_block(struct zone *z, const unsigned char *p, size_t left,
		       const uint32_t c[6], unsigned bytes)
{
	const unsigned char *kind = p + (size_t)c[3] * bytes, *type = kind + c[3];
	if (block_size(c, bytes) > left)
		return false;
	z->n = c[3];
	z->from = mem_alloc((z->n + 1) * sizeof *z->from);
	z->offset = mem_alloc((z->n + 1) * sizeof *z->offset);
	z->before = (int32_t)big_endian(type, 4);
	for (size_t i = 0; i < z->n; i++) {
		uint64_t t = big_endian(p + i * bytes, bytes);
		z->from[i] = bytes == 8 ? (int64_t)t : (int32_t)t;
		if (kind[i] >= c[4] || (i && z->from[i] < z->from[i - 1]))
			return false;
		z->offset[i] = (int32_t)big_endian(type + 6 * (size_t)kind[i], 4);
	}
	return true;
}

/* ---- the rule of the last line: CET-1CEST,M3.5.0,M10.5.0/3 */

static bool take_number(struct str *s, int most, int *v)
{
	size_t n = 0;
	int x = 0;

	while (n < s->len && n < 4 && (unsigned char)(s->ptr[n] - '0') <= 9)
		x = x * 10 + (s->ptr[n++] - '0');
	if (!n || x > most)
		return false;
	*v = x;
	*s = str_span(s->ptr + n, s->len - n);
	return true;
}

static bool take_char(struct str *s, char c)
{
	if (!s->len || s->ptr[0] != c)
		return false;
	*s = str_span(s->ptr + 1, s->len - 1);
	return true;
}

/* Letters, or anything in <>. */
static bool take_name(struct str *s)
{
	size_t n = 0;

	if (take_char(s, '<')) {
		while (n < s->len && s->ptr[n] != '>')
			n++;
		*s = str_span(s->ptr + n, s->len - n);
		return take_char(s, '>');
	}
	while (n < s->len && (s->ptr[n] | 32) >= 'a' && (s->ptr[n] | 32) <= 'z')
		n++;
	*s = str_span(s->ptr + n, s->len - n);
	return n > 0;
}

/* [+-]hh[:mm[:ss]] in s. */
static bool take_clock(struct str *s, int32_t *seconds)
{
	int h, m = 0, sec = 0;
	bool minus = take_char(s, '-');

	if (!minus)
		(void)take_char(s, '+');
	if (!take_number(s, 167, &h) ||
	    (take_char(s, ':') && (!take_number(s, 59, &m) ||
				   (take_char(s, ':') && !take_number(s, 59, &sec)))))
		return false;
	*seconds = (h * 60 + m) * 60 + sec;
	if (minus)
		*seconds = -*seconds;
	return true;
}

static bool take_change(struct str *s, struct zone_change *c)
{
	bool ok;

	*c = (struct zone_change){.time = 7200};
	if (take_char(s, 'M')) {
		c->form = ZONE_NTH_WEEKDAY;
		ok = take_number(s, 12, &c->month) && take_char(s, '.') &&
		     take_number(s, 5, &c->week) && take_char(s, '.') &&
		     take_number(s, 6, &c->day) && c->month > 0 && c->week > 0;
	} else {
		c->form = take_char(s, 'J') ? ZONE_DAY_NO_LEAP : ZONE_DAY;
		ok = take_number(s, 365, &c->day);
	}
	return ok && (!take_char(s, '/') || take_clock(s, &c->time));
}

static bool take_rule(struct zone_rule *r, struct str s)
{
	*r = (struct zone_rule){.is = true};
	if (!take_name(&s) || !take_clock(&s, &r->offset))
		return false;
	r->offset = -r->offset;
	if (!s.len)
		return true;
	r->changes = true;
	r->summer = r->offset + 3600;
	if (!take_name(&s))
		return false;
	if (s.len && s.ptr[0] != ',') {
		if (!take_clock(&s, &r->summer))
			return false;
		r->summer = -r->summer;
	}
	return take_char(&s, ',') && take_change(&s, &r->begin) && take_char(&s, ',') &&
	       take_change(&s, &r->end) && !s.len;
}

static int64_t day_of(int year, unsigned month, unsigned day)
{
	int64_t days = 0;

	(void)time_days(year, month, day, &days);
	return days;
}

/* s since 1970 on the local clock. */
static int64_t change_in(const struct zone_change *c, int year)
{
	int64_t first, day;
	bool leap = (year % 4 == 0 && year % 100) || year % 400 == 0;

	if (c->form != ZONE_NTH_WEEKDAY) {
		day = day_of(year, 1, 1) + c->day;
		if (c->form == ZONE_DAY_NO_LEAP)
			day += leap && c->day > 59 ? 0 : -1;
		return day * 86400 + c->time;
	}
	/* 1970-01-01 was a Thursday. */
	first = day_of(year, (unsigned)c->month, 1);
	day = first + ((c->day - (first + 4) % 7) % 7 + 7) % 7 + 7 * (c->week - 1);
	if (c->week == 5 && day >= (c->month == 12 ? day_of(year, 12, 31) + 1
				    : day_of(year, (unsigned)c->month + 1, 1)))
		day -= 7;
	return day * 86400 + c->time;
}

static int32_t rule_offset(const struct zone_rule *r, int64_t s)
{
	unsigned month, day;
	int year;
	int64_t begin, end;

	if (!r->changes)
		return r->offset;
	time_civil((s + r->offset) * 1000, &year, &month, &day);
	begin = change_in(&r->begin, year) - r->offset;
	end = change_in(&r->end, year) - r->summer;
	if (begin < end ? s >= begin && s < end : s >= begin || s < end)
		return r->summer;
	return r->offset;
}

/* ---- files */

static void take_footer(struct zone *z, const unsigned char *p, size_t left)
{
	const unsigned char *end;

	if (left < 2 || p[0] != '\n')
		return;
	end = memchr(p + 1, '\n', left - 1);
	if (!end || end == p + 1 ||
	    !take_rule(&z->rule, str_span((const char *)p + 1, (size_t)(end - p - 1))))
		z->rule = (struct zone_rule){0};
}

/* The first block has times of 32 bits, the second one of 64. */
static bool take_file(struct zone *z, const unsigned char *p, size_t n)
{
	uint32_t count[6];
	size_t skip, end;

	if (!take_head(p, n, count))
		return false;
	if (p[4] < '2')
		return take_block(z, p + HEAD, n - HEAD, count, 4);
	skip = HEAD + block_size(count, 4);
	if (skip >= n || !take_head(p + skip, n - skip, count) || n - skip <= HEAD ||
	    !take_block(z, p + skip + HEAD, n - skip - HEAD, count, 8))
		return false;
	end = skip + HEAD + block_size(count, 8);
	take_footer(z, p + end, n - end);
	return true;
}

bool zone_read(struct zone *z, const void *bytes, size_t n)
{
	*z = (struct zone){0};
	if (take_file(z, bytes, n))
		return true;
	zone_finish(z);
	return false;
}

/* UTC-05:00: an offset that never changes. */
static bool take_offset(struct zone *z, struct str name)
{
	int32_t s;

	if (!str_starts(name, STR("UTC")) || name.len < 5)
		return false;
	name = str_span(name.ptr + 3, name.len - 3);
	if ((name.ptr[0] != '+' && name.ptr[0] != '-') || !take_clock(&name, &s) || name.len ||
	    s <= -86400 || s >= 86400)
		return false;
	z->rule = (struct zone_rule){.is = true, .offset = s};
	return true;
}

bool zone_open(struct zone *z, const char *name)
{
	STRBUF(path);
	*z = (struct zone){0};
	if (take_offset(z, str_from(name)))
		return true;
	if (!*name || *name == '/' || strstr(name, ".."))
		return false;
	strbuf_addf(&path, "/usr/share/zoneinfo/%s", name);
	FILE *f = fopen(strbuf_c(&path), "rbe");
	if (!f)
		return false;
	unsigned char *room = mem_alloc(FILE_MAX);
	size_t n = fread(room, 1, FILE_MAX, f);
	fclose(f);
	bool ok = zone_read(z, room, n);
	free(room);
	return ok;
}

void zone_finish(struct zone *z)
{
	free(z->from);
	free(z->offset);
	*z = (struct zone){0};
}

int64_t zone_offset(const struct zone *z, int64_t ms, size_t *hint)
{
	int64_t s = ms >= 0 ? ms / 1000 : -((999 - ms) / 1000);
	size_t lo = 0, hi = z->n;

	if (z->rule.is && (!z->n || s >= z->from[z->n - 1]))
		return (int64_t)rule_offset(&z->rule, s) * 1000;
	if (!z->n || s < z->from[0])
		return (int64_t)z->before * 1000;
	if (*hint >= z->n || s < z->from[*hint] ||
	    (*hint + 1 < z->n && s >= z->from[*hint + 1])) {
		while (hi - lo > 1) {
			size_t mid = lo + (hi - lo) / 2;
			if (z->from[mid] <= s)
				lo = mid;
			else
				hi = mid;
		}
		*hint = lo;
	}
	return (int64_t)z->offset[*hint] * 1000;
}

/* Offsets are within a day of UTC: those a day before and a day after are the only ones
 * that can hold, but where clocks change twice in two days. */
int64_t zone_instant(const struct zone *z, int64_t local)
{
	size_t hint = 0;
	int64_t before = zone_offset(z, local - TIME_DAY, &hint);
	int64_t after = zone_offset(z, local + TIME_DAY, &hint);

	if (zone_offset(z, local - before, &hint) != before && before != after &&
	    zone_offset(z, local - after, &hint) == after)
		return local - after;
	return local - before;
}
