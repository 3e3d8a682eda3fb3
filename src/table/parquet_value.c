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

static inline char *put_pair(char *to, unsigned x)
{
	memcpy(to, pairs + 2 * x, 2);
	return to + 2;
}

/* The digits of x < 10^8 as eight bytes from 0 to 9, the first one lowest: halves, then
 * their halves, side by side in one word, by multiplications that are exact for them. */
static inline uint64_t eight_digits(uint32_t x)
{
	uint64_t v = x / 10000 | (uint64_t)(x % 10000) << 32, q;

	q = (v * 10486) >> 20 & UINT64_C(0x7f0000007f);
	v = q | (v - 100 * q) << 16;
	q = (v * 103) >> 10 & UINT64_C(0x000f000f000f000f);
	return q | (v - 10 * q) << 8;
}

static inline void store_digits(char *to, uint64_t digits)
{
	digits |= UINT64_C(0x3030303030303030);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	digits = __builtin_bswap64(digits);
#endif
	memcpy(to, &digits, sizeof digits);
}

/* Without zeros in front; up to eight bytes behind the end are written over. */
static inline char *put_number(char *to, uint64_t x)
{
	static const uint64_t e8 = 100000000;
	uint64_t digits;
	unsigned zeros;

	if (x >= e8) {
		to = put_number(to, x / e8);
		store_digits(to, eight_digits((uint32_t)(x % e8)));
		return to + 8;
	}
	digits = eight_digits((uint32_t)x);
	zeros = digits ? (unsigned)__builtin_ctzll(digits) / 8 : 7;
	store_digits(to, digits >> (8 * zeros));
	return to + (8 - zeros);
}

/* With zeros in front to at least so many digits. */
static char *put_digits(char *to, uint64_t x, unsigned least)
{
	char room[32];
	size_t n = (size_t)(put_number(room, x) - room);

	if (!x)
		n = 0;
	for (; n < least; least--)
		*to++ = '0';
	memcpy(to, room, n);
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

/* Prices: whole hundredths, as long as they fit. Where x is the quotient of a whole number
 * and 100, fewer decimals give the same quotient. */
static bool put_cents(double x, char *room, struct str *text, int64_t *known)
{
	uint64_t cents;
	char *to = room;

	if (!(fabs(x) < 1e9))
		return false;
	cents = (uint64_t)(fabs(x) * 100 + 0.5);
	if ((double)cents / 100 != fabs(x))
		return false;
	if (x < 0)
		*to++ = '-';
	to = put_number(to, cents / 100);
	if (cents % 100) {
		*to++ = '.';
		to = put_pair(to, (unsigned)(cents % 100));
		to -= to[-1] == '0';
	}
	*text = str_span(room, (size_t)(to - room));
	*known = x < 0 ? -(int64_t)cents : (int64_t)cents;
	return true;
}

static struct str put_real(struct value_texts *t, double x, bool narrow, char *room)
{
	static const double power[] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6};
	struct str cents;
	double back;
	STRBUF(b);

	if (!narrow && put_cents(x, room, &cents, &t->known))
		return cents;
	t->known = PARQUET_UNKNOWN;
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

/* Days mostly come again: the last one's date is kept. */
static inline char *put_date(struct value_texts *t, char *to, int64_t days)
{
	unsigned month, day;
	char *at = t->date;
	int year;

	if (t->day != days || !t->date[0]) {
		time_civil(days * TIME_DAY, &year, &month, &day);
		at = put_digits(at, (uint64_t)(year < 0 ? 0 : year), 4);
		*at++ = '-';
		at = put_pair(at, month);
		*at++ = '-';
		put_pair(at, day);
		t->day = days;
	}
	memcpy(to, t->date, sizeof t->date);
	return to + 10;
}

static inline int64_t per_second(unsigned digits)
{
	return digits == 3 ? 1000 : digits == 6 ? 1000000 : 1000000000;
}

/* Of a day, with decimals only where there are some. */
static inline char *put_clock(char *to, uint32_t seconds, uint32_t part, unsigned digits)
{
	/* Of a time of day more than a day's hours may be there. */
	to = seconds < 360000 ? put_pair(to, seconds / 3600)
			      : put_number(to, seconds / 3600);
	*to++ = ':';
	to = put_pair(to, seconds / 60 % 60);
	*to++ = ':';
	to = put_pair(to, seconds % 60);
	if (!part)
		return to;
	*to++ = '.';
	to = put_digits(to, part, digits);
	while (to[-1] == '0')
		to--;
	return to;
}

/* Years 1 to 9999; others are no dates of a log. */
static inline bool is_day(int64_t days)
{
	return days >= -719162 && days <= 2932896;
}

/* `digits` is 3, 6 or 9 where this is called, so the divisions are by constants. */
static inline struct str put_instant(struct value_texts *t, int64_t x, unsigned digits,
				     bool wall, char *room)
{
	int64_t unit = per_second(digits), seconds = x / unit - (x % unit < 0);
	int64_t days = seconds / 86400 - (seconds % 86400 < 0);
	uint32_t part = (uint32_t)(x - seconds * unit);
	char *to = room;

	if (!is_day(days))
		return STR("");
	t->known = seconds * 1000 + part / (uint32_t)(unit / 1000);
	to = put_date(t, to, days);
	*to++ = wall ? ' ' : 'T';
	to = put_clock(to, (uint32_t)(seconds - days * 86400), part, digits);
	if (!wall)
		*to++ = 'Z';
	return str_span(room, (size_t)(to - room));
}

static struct str put_time_of_day(int64_t x, unsigned digits, char *room)
{
	uint64_t all = (uint64_t)(x < 0 ? 0 : x), unit = (uint64_t)per_second(digits);
	/* More than a day's are no time; they only mustn't overflow. */
	uint32_t seconds = all / unit > 359999 ? 359999 : (uint32_t)(all / unit);
	char *to = put_clock(room, seconds, (uint32_t)(all % unit), digits);

	return str_span(room, (size_t)(to - room));
}

static struct str put_time(struct value_texts *t, int64_t x, char *room)
{
	t->known = PARQUET_UNKNOWN;
	switch (t->leaf->meaning) {
	case MEANS_INSTANT_MS:
		return put_instant(t, x, 3, false, room);
	case MEANS_INSTANT_US:
		return put_instant(t, x, 6, false, room);
	case MEANS_INSTANT_NS:
		return put_instant(t, x, 9, false, room);
	case MEANS_WALL_MS:
		return put_instant(t, x, 3, true, room);
	case MEANS_WALL_US:
		return put_instant(t, x, 6, true, room);
	case MEANS_WALL_NS:
		return put_instant(t, x, 9, true, room);
	case MEANS_TIME_MS:
		return put_time_of_day(x, 3, room);
	case MEANS_TIME_US:
		return put_time_of_day(x, 6, room);
	default:
		return put_time_of_day(x, 9, room);
	}
}

enum parquet_kind value_kind(const struct leaf *leaf)
{
	if (leaf->repeated)
		return PARQUET_TEXT;
	if (leaf->type == PARQUET_INT96 ||
	    (leaf->meaning >= MEANS_INSTANT_MS && leaf->meaning <= MEANS_INSTANT_NS))
		return PARQUET_INSTANT_AT;
	if (leaf->meaning >= MEANS_WALL_MS && leaf->meaning <= MEANS_WALL_NS)
		return PARQUET_WALL_AT;
	return leaf->type == PARQUET_DOUBLE ? PARQUET_HUNDREDTHS : PARQUET_TEXT;
}

struct str value_of_integer(struct value_texts *t, int64_t x, char *room)
{
	const struct leaf *leaf = t->leaf;
	uint64_t size = x < 0 ? -(uint64_t)x : (uint64_t)x;
	char *to = room;

	if (leaf->meaning == MEANS_DECIMAL)
		return put_decimal(size, x < 0, (unsigned)leaf->scale, room);
	if (leaf->meaning == MEANS_DATE) {
		if (!is_day(x))
			return STR("");
		return str_span(room, (size_t)(put_date(t, room, x) - room));
	}
	if (leaf->meaning >= MEANS_TIME_MS && leaf->meaning <= MEANS_WALL_NS)
		return put_time(t, x, room);
	if (leaf->meaning == MEANS_UNSIGNED)
		size = leaf->type == PARQUET_INT32 ? (uint32_t)x : (uint64_t)x;
	else if (x < 0)
		*to++ = '-';
	to = put_number(to, size);
	return str_span(room, (size_t)(to - room));
}

/* Of 4 or 8 bytes. */
static inline uint64_t little(const char *p, unsigned n)
{
	uint32_t half;
	uint64_t x;

	if (n == 4) {
		memcpy(&half, p, sizeof half);
		x = half;
	} else {
		memcpy(&x, p, sizeof x);
	}
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	x = __builtin_bswap64(x) >> (64 - 8 * n);
#endif
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

static struct str put_int96(struct value_texts *t, struct str raw, char *room)
{
	int64_t day = (int64_t)little(raw.ptr + 8, 4) - JULIAN_1970;
	uint64_t ns = little(raw.ptr, 8);
	uint32_t seconds = (uint32_t)(ns / 1000000000), part = (uint32_t)(ns % 1000000000);
	char *to = room;

	t->known = PARQUET_UNKNOWN;
	if (!is_day(day) || ns >= UINT64_C(86400000000000))
		return STR("");
	t->known = day * TIME_DAY + seconds * INT64_C(1000) + part / 1000000;
	to = put_date(t, to, day);
	*to++ = 'T';
	to = put_clock(to, seconds, part, 9);
	*to++ = 'Z';
	return str_span(room, (size_t)(to - room));
}

struct str value_text(struct value_texts *t, struct str raw, char *room)
{
	const struct leaf *leaf = t->leaf;
	uint64_t bits;
	uint32_t half;
	double x;
	float y;

	switch (leaf->type) {
	case PARQUET_INT32:
		return value_of_integer(t, (int32_t)little(raw.ptr, 4), room);
	case PARQUET_INT64:
		return value_of_integer(t, (int64_t)little(raw.ptr, 8), room);
	case PARQUET_INT96:
		return put_int96(t, raw, room);
	case PARQUET_FLOAT:
		half = (uint32_t)little(raw.ptr, 4);
		memcpy(&y, &half, sizeof y);
		return put_real(t, (double)y, true, room);
	case PARQUET_DOUBLE:
		bits = little(raw.ptr, 8);
		memcpy(&x, &bits, sizeof x);
		return put_real(t, x, false, room);
	default:
		return leaf->meaning == MEANS_DECIMAL
			? put_big_decimal(raw, (unsigned)leaf->scale, room)
			: leaf->meaning == MEANS_UUID ? put_uuid(raw, room) : raw;
	}
}

/* Whole numbers are most of what tables hold. */
static void integer_run(const struct leaf *leaf, const char *raw, uint32_t n,
			struct value_cells to)
{
	bool wide = leaf->type == PARQUET_INT64, sign = leaf->meaning == MEANS_PLAIN;

	for (uint32_t i = 0; i < n; i++, raw += wide ? 8 : 4, to.room += VALUE_TEXT) {
		uint64_t x = little(raw, wide ? 8 : 4);
		char *end = to.room;

		if (sign && (wide ? (int64_t)x : (int32_t)x) < 0) {
			x = wide ? -x : (uint32_t)-x;
			*end++ = '-';
		}
		end = put_number(end, x);
		*to.text = str_span(to.room, (size_t)(end - to.room));
		to.text += to.stride;
	}
}

void value_run(struct value_texts *t, const char *raw, uint32_t n, struct value_cells to)
{
	const struct leaf *leaf = t->leaf;
	unsigned size = value_bytes(leaf);

	if ((leaf->type == PARQUET_INT64 || leaf->type == PARQUET_INT32) &&
	    (leaf->meaning == MEANS_PLAIN || leaf->meaning == MEANS_UNSIGNED)) {
		integer_run(leaf, raw, n, to);
		return;
	}
	for (uint32_t i = 0; i < n; i++, raw += size, to.room += VALUE_TEXT) {
		*to.text = value_text(t, str_span(raw, size), to.room);
		to.text += to.stride;
		if (to.known)
			to.known[i] = t->known;
	}
}
