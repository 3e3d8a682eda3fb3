/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts of values. Most numbers of shops have few decimals: x is the quotient of a whole
 * number and a power of ten, and division is exact enough to find out; others take the
 * shortest digits. Instants are days and a rest.
 */
#include "config.h"

#include <math.h>

#include "base/num.h"
#include "base/time.h"
#include "table/parquet_impl.h"

#define EXACT 9007199254740992.0	/* 2^53 */
#define JULIAN_1970 2440588

unsigned value_bytes(const struct leaf *leaf)
{
	static const unsigned bytes[PARQUET_TYPES] = {0, 4, 8, 12, 4, 8, 0, 0};

	return leaf->type == PARQUET_FIXED ? (unsigned)leaf->length : bytes[leaf->type];
}

static const char pairs[] =
	"00010203040506070809101112131415161718192021222324252627282930313233343536373839"
	"40414243444546474849505152535455565758596061626364656667686970717273747576777879"
	"8081828384858687888990919293949596979899";

/* With zeros in front to at least so many digits. */
static char *put_digits(char *to, uint64_t x, unsigned least)
{
	char room[20], *digit = room + sizeof room;
	size_t n;

	for (; x >= 100; x /= 100)
		memcpy(digit -= 2, pairs + 2 * (x % 100), 2);
	if (x >= 10)
		memcpy(digit -= 2, pairs + 2 * x, 2);
	else if (x)
		*--digit = (char)('0' + x);
	n = (size_t)(room + sizeof room - digit);
	for (; n < least; least--)
		*to++ = '0';
	memcpy(to, digit, n);
	return to + n;
}

/* x / 10^scale; zeros at the end stay. */
static struct str put_decimal(unsigned __int128 x, bool minus, unsigned scale, char *room)
{
	const uint64_t part = UINT64_C(1000000000000000000);
	char *to = room, *from;

	if (minus)
		*to++ = '-';
	from = to;
	if (x / part / part)
		to = put_digits(to, (uint64_t)(x / part / part), 1);
	if (x / part)
		to = put_digits(to, (uint64_t)(x / part % part), to > from ? 18 : 1);
	to = put_digits(to, (uint64_t)(x % part), to > from ? 18 : scale + 1 < 18 ? scale + 1 : 18);
	if (!scale)
		return str_span(room, (size_t)(to - room));
	/* Zeros in front of 20 and more decimals. */
	if ((size_t)(to - from) <= scale) {
		size_t more = scale + 1 - (size_t)(to - from);

		memmove(from + more, from, (size_t)(to - from));
		memset(from, '0', more);
		to += more;
	}
	memmove(to - scale + 1, to - scale, scale);
	to[-(int)scale] = '.';
	return str_span(room, (size_t)(to + 1 - room));
}

static struct str put_real(double x, bool narrow, char *room)
{
	static const double power[] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6};
	double back;
	STRBUF(b);

	if (!isfinite(x))
		return STR("");
	for (unsigned k = 0; k < 7 && fabs(x) * power[k] < (narrow ? 1e9 : EXACT); k++) {
		double whole = rint(fabs(x) * power[k]);

		back = whole / power[k];
		if (narrow ? (float)back == (float)fabs(x) : back == fabs(x))
			return put_decimal((unsigned __int128)whole, x < 0, k, room);
	}
	if (narrow) {
		for (int digits = 6; digits <= 9; digits++) {
			strbuf_reset(&b);
			strbuf_addf(&b, "%.*g", digits, x);
			if (num_real(strbuf_str(&b), &back) && (float)back == (float)x)
				break;
		}
	} else {
		num_add_exact(&b, x);
	}
	memcpy(room, strbuf_c(&b), b.len < VALUE_TEXT ? b.len : VALUE_TEXT);
	return str_span(room, b.len < VALUE_TEXT ? b.len : VALUE_TEXT);
}

static char *put_date(char *to, int64_t days)
{
	unsigned month, day;
	int year;

	time_civil(days * TIME_DAY, &year, &month, &day);
	to = put_digits(to, (uint64_t)(year < 0 ? 0 : year), 4);
	*to++ = '-';
	to = put_digits(to, month, 2);
	*to++ = '-';
	return put_digits(to, day, 2);
}

/* Of a day, in units of 10^-digits seconds; decimals only where there are some. */
static char *put_clock(char *to, uint64_t rest, unsigned digits)
{
	uint64_t unit = digits == 3 ? 1000 : digits == 6 ? 1000000 : 1000000000;
	uint64_t seconds = rest / unit, part = rest % unit;

	to = put_digits(to, seconds / 3600, 2);
	*to++ = ':';
	to = put_digits(to, seconds / 60 % 60, 2);
	*to++ = ':';
	to = put_digits(to, seconds % 60, 2);
	if (!part)
		return to;
	*to++ = '.';
	to = put_digits(to, part, digits);
	while (to[-1] == '0')
		to--;
	return to;
}

static struct str put_time(int64_t x, unsigned digits, enum parquet_meaning first, char *room)
{
	int64_t unit = digits == 3 ? 1000 : digits == 6 ? 1000000 : 1000000000;
	int64_t day = 86400 * unit, days = x / day - (x % day < 0);
	char *to = room;

	if (first == MEANS_TIME_MS) {
		to = put_clock(to, (uint64_t)(x < 0 ? 0 : x), digits);
		return str_span(room, (size_t)(to - room));
	}
	/* Years 1 to 9999; others are no dates of a log. */
	if (days < -719162 || days > 2932896)
		return STR("");
	to = put_date(to, days);
	*to++ = first == MEANS_WALL_MS ? ' ' : 'T';
	to = put_clock(to, (uint64_t)(x - days * day), digits);
	if (first == MEANS_INSTANT_MS)
		*to++ = 'Z';
	return str_span(room, (size_t)(to - room));
}

struct str value_of_integer(const struct leaf *leaf, int64_t x, char *room)
{
	static const enum parquet_meaning first[] = {
		[MEANS_TIME_MS] = MEANS_TIME_MS,	[MEANS_TIME_US] = MEANS_TIME_MS,
		[MEANS_TIME_NS] = MEANS_TIME_MS,	[MEANS_INSTANT_MS] = MEANS_INSTANT_MS,
		[MEANS_INSTANT_US] = MEANS_INSTANT_MS,	[MEANS_INSTANT_NS] = MEANS_INSTANT_MS,
		[MEANS_WALL_MS] = MEANS_WALL_MS,	[MEANS_WALL_US] = MEANS_WALL_MS,
		[MEANS_WALL_NS] = MEANS_WALL_MS,
	};
	uint64_t size = x < 0 ? -(uint64_t)x : (uint64_t)x;
	char *to = room;

	if (leaf->meaning == MEANS_DECIMAL)
		return put_decimal(size, x < 0, (unsigned)leaf->scale, room);
	if (leaf->meaning == MEANS_DATE) {
		if (x < -719162 || x > 2932896)
			return STR("");
		return str_span(room, (size_t)(put_date(room, x) - room));
	}
	if (leaf->meaning >= MEANS_TIME_MS && leaf->meaning <= MEANS_WALL_NS)
		return put_time(x, 3 + 3 * (leaf->meaning - first[leaf->meaning]),
				first[leaf->meaning], room);
	if (leaf->meaning == MEANS_UNSIGNED)
		size = leaf->type == PARQUET_INT32 ? (uint32_t)x : (uint64_t)x;
	else if (x < 0)
		*to++ = '-';
	to = put_digits(to, size, 1);
	return str_span(room, (size_t)(to - room));
}

static uint64_t little(const char *p, unsigned n)
{
	uint64_t x = 0;

	for (unsigned i = 0; i < n; i++)
		x |= (uint64_t)(uint8_t)p[i] << (8 * i);
	return x;
}

/* A whole number, most significant byte first, in two's complement. */
static struct str put_big_decimal(struct str raw, unsigned scale, char *room)
{
	unsigned __int128 x = raw.len && (uint8_t)raw.ptr[0] & 128 ? ~(unsigned __int128)0 : 0;
	bool minus = x != 0;

	if (raw.len > 16)
		return STR("");
	for (size_t i = 0; i < raw.len; i++)
		x = x << 8 | (uint8_t)raw.ptr[i];
	return put_decimal(minus ? -x : x, minus, scale, room);
}

static struct str put_uuid(struct str raw, char *room)
{
	static const char hex[] = "0123456789abcdef";
	char *to = room;

	for (size_t i = 0; i < raw.len; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*to++ = '-';
		*to++ = hex[(uint8_t)raw.ptr[i] >> 4];
		*to++ = hex[(uint8_t)raw.ptr[i] & 15];
	}
	return str_span(room, (size_t)(to - room));
}

static struct str put_int96(struct str raw, char *room)
{
	int64_t day = (int64_t)little(raw.ptr + 8, 4) - JULIAN_1970;
	uint64_t ns = little(raw.ptr, 8);
	char *to = room;

	if (day < -719162 || day > 2932896 || ns >= UINT64_C(86400000000000))
		return STR("");
	to = put_date(to, day);
	*to++ = 'T';
	to = put_clock(to, ns, 9);
	*to++ = 'Z';
	return str_span(room, (size_t)(to - room));
}

struct str value_text(const struct leaf *leaf, struct str raw, char *room)
{
	uint64_t bits;
	uint32_t half;
	double x;
	float y;

	switch (leaf->type) {
	case PARQUET_INT32:
		return value_of_integer(leaf, (int32_t)little(raw.ptr, 4), room);
	case PARQUET_INT64:
		return value_of_integer(leaf, (int64_t)little(raw.ptr, 8), room);
	case PARQUET_INT96:
		return put_int96(raw, room);
	case PARQUET_FLOAT:
		half = (uint32_t)little(raw.ptr, 4);
		memcpy(&y, &half, sizeof y);
		return put_real((double)y, true, room);
	case PARQUET_DOUBLE:
		bits = little(raw.ptr, 8);
		memcpy(&x, &bits, sizeof x);
		return put_real(x, false, room);
	default:
		return leaf->meaning == MEANS_DECIMAL
			? put_big_decimal(raw, (unsigned)leaf->scale, room)
			: leaf->meaning == MEANS_UUID ? put_uuid(raw, room) : raw;
	}
}
