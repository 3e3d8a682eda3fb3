/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers are read and written digit by digit; no locale has a say. */
#include "config.h"

#include "base/num.h"

#include <assert.h>
#include <endian.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/shortest.h"

static const uint64_t pow10_u64[] = {
	UINT64_C(1), UINT64_C(10), UINT64_C(100), UINT64_C(1000), UINT64_C(10000),
	UINT64_C(100000), UINT64_C(1000000), UINT64_C(10000000),
	UINT64_C(100000000), UINT64_C(1000000000), UINT64_C(10000000000),
	UINT64_C(100000000000), UINT64_C(1000000000000),
	UINT64_C(10000000000000), UINT64_C(100000000000000),
	UINT64_C(1000000000000000), UINT64_C(10000000000000000),
	UINT64_C(100000000000000000), UINT64_C(1000000000000000000),
	UINT64_C(10000000000000000000),
};

static bool is_digit(char c)
{
	return (unsigned char)(c - '0') <= 9;
}

static size_t digits_at(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && is_digit(p[i]))
		i++;
	return i;
}

/* Eight digits at once (Lemire 2018): ids and prices are the importer's
 * innermost loop. */
static bool eight_digits(const char *p, uint64_t *value)
{
	uint64_t x;

	memcpy(&x, p, sizeof x);
	x = le64toh(x);
	if (((x & UINT64_C(0xf0f0f0f0f0f0f0f0)) |
	     (((x + UINT64_C(0x0606060606060606)) &
	       UINT64_C(0xf0f0f0f0f0f0f0f0)) >> 4)) != UINT64_C(0x3333333333333333))
		return false;
	x = (x & UINT64_C(0x0f0f0f0f0f0f0f0f)) * 2561 >> 8;
	x = (x & UINT64_C(0x00ff00ff00ff00ff)) * 6553601 >> 16;
	*value = (x & UINT64_C(0x0000ffff0000ffff)) * UINT64_C(42949672960001) >> 32;
	return true;
}

/* All of n digits into *value; n is 1 to 19, so nothing can overflow. */
static bool plain_digits(const char *p, size_t n, uint64_t *value)
{
	uint64_t v = 0, eight;

	for (; n >= 8; n -= 8, p += 8) {
		if (!eight_digits(p, &eight))
			return false;
		v = v * 100000000 + eight;
	}
	for (; n > 0; n--, p++) {
		if (!is_digit(*p))
			return false;
		v = v * 10 + (uint64_t)(*p - '0');
	}
	*value = v;
	return true;
}

bool num_u64(struct str s, uint64_t *value)
{
	uint64_t v;

	if (s.len == 0 || s.len > 20 || (s.len > 1 && s.ptr[0] == '0'))
		return false;
	if (!plain_digits(s.ptr, s.len < 20 ? s.len : 19, &v))
		return false;
	if (s.len == 20) {
		if (!is_digit(s.ptr[19]) || __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(s.ptr[19] - '0'), &v))
			return false;
	}
	*value = v;
	return true;
}

bool num_i64(struct str s, int64_t *value)
{
	bool negative = s.len > 0 && s.ptr[0] == '-';
	uint64_t v;

	if (negative)
		s = str_span(s.ptr + 1, s.len - 1);
	if (!num_u64(s, &v) || v > (uint64_t)INT64_MAX + negative)
		return false;
	if (negative && v == 0)
		return false;
	*value = negative ? (int64_t)(0 - v) : (int64_t)v;
	return true;
}

/* [-]digits[.digits][e[+-]digits], or a point and digits alone. */
static bool is_real(struct str s)
{
	size_t i = s.len > 0 && s.ptr[0] == '-', n;

	if (s.len == 0)
		return false;
	n = digits_at(s.ptr + i, s.len - i);
	if ((n == 0 && (i == s.len || s.ptr[i] != '.')) || (n > 1 && s.ptr[i] == '0'))
		return false;
	i += n;
	if (i < s.len && s.ptr[i] == '.') {
		n = digits_at(s.ptr + i + 1, s.len - i - 1);
		if (n == 0)
			return false;
		i += 1 + n;
	}
	if (i < s.len && (s.ptr[i] == 'e' || s.ptr[i] == 'E')) {
		i++;
		if (i < s.len && (s.ptr[i] == '+' || s.ptr[i] == '-'))
			i++;
		n = digits_at(s.ptr + i, s.len - i);
		if (n == 0)
			return false;
		i += n;
	}
	return i == s.len;
}

/* glibc's "C" locale object is static: nothing is allocated or released. */
static locale_t c_locale(void)
{
	return newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

bool num_real(struct str s, double *value)
{
	char text[512];
	double x;

	if (s.len >= sizeof text || !is_real(s))
		return false;
	memcpy(text, s.ptr, s.len);
	text[s.len] = '\0';
	x = strtod_l(text, NULL, c_locale());
	if (!isfinite(x))
		return false;
	*value = x;
	return true;
}

bool num_size(struct str s, uint64_t *bytes)
{
	static const char units[] = "KMGT";
	unsigned shift = 0;
	uint64_t v;

	if (s.len > 0 && !is_digit(s.ptr[s.len - 1])) {
		const char *unit = memchr(units, s.ptr[s.len - 1], 4);

		if (!unit)
			return false;
		shift = 10 * (unsigned)(unit - units + 1);
		s.len--;
	}
	if (!num_u64(s, &v) || v > UINT64_MAX >> shift)
		return false;
	*bytes = v << shift;
	return true;
}

/* Digits with at most one point between them: *v gets them all as one number,
 * *scale how many follow the point. */
static bool pointed_digits(const char *p, size_t n, uint64_t *v, size_t *scale)
{
	size_t point = n;
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned digit = (unsigned char)p[i] - '0';

		if (digit <= 9) {
			if (__builtin_mul_overflow(sum, 10, &sum) ||
			    __builtin_add_overflow(sum, digit, &sum))
				return false;
		} else if (p[i] == '.' && point == n && i > 0 && i + 1 < n) {
			point = i;
		} else {
			return false;
		}
	}
	*v = sum;
	*scale = point == n ? 0 : n - point - 1;
	return n > 0;
}

bool num_decimal(struct str s, struct decimal *d)
{
	bool negative = s.len > 0 && s.ptr[0] == '-';
	const char *p = negative ? s.ptr + 1 : s.ptr;	/* NULL where it is empty */
	size_t n = s.len - negative, scale;
	uint64_t v;

	if (n > 1 && p[0] == '0' && p[1] != '.')
		return false;
	if (!pointed_digits(p, n, &v, &scale) || scale > NUM_SCALE_MAX)
		return false;
	if (v > (uint64_t)INT64_MAX + negative || (negative && v == 0))
		return false;
	d->units = negative ? (int64_t)(0 - v) : (int64_t)v;
	d->scale = (unsigned)scale;
	return true;
}

bool num_rescale(struct decimal d, unsigned scale, int64_t *units)
{
	int64_t factor, v;

	assert(units);
	if (scale > NUM_SCALE_MAX || d.scale > NUM_SCALE_MAX)
		return false;
	if (scale >= d.scale) {
		factor = (int64_t)pow10_u64[scale - d.scale];
		if (__builtin_mul_overflow(d.units, factor, &v))
			return false;
	} else {
		factor = (int64_t)pow10_u64[d.scale - scale];
		if (d.units % factor != 0)
			return false;
		v = d.units / factor;
	}
	*units = v;
	return true;
}

static uint64_t magnitude(int64_t n)
{
	return n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
}

static void add_grouped_u64(struct strbuf *b, uint64_t n)
{
	char text[24];
	int len = snprintf(text, sizeof text, "%" PRIu64, n);

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			strbuf_addc(b, ',');
		strbuf_addc(b, text[i]);
	}
}

void num_add_grouped(struct strbuf *b, int64_t n)
{
	if (n < 0)
		strbuf_addc(b, '-');
	add_grouped_u64(b, magnitude(n));
}

void num_add_short(struct strbuf *b, uint64_t n)
{
	static const char suffix[] = "kMGTPE";
	uint64_t unit = 1000;
	int i = 0;

	if (n < 1000) {
		strbuf_addf(b, "%" PRIu64, n);
		return;
	}
	/* The next suffix is due where rounding would give four digits. */
	while (i < 5 && (n / (unit / 2) + 1) / 2 >= 1000) {
		unit *= 1000;
		i++;
	}
	if ((n / (unit / 20) + 1) / 2 < 100) {
		uint64_t tenths = (n / (unit / 20) + 1) / 2;

		strbuf_addf(b, "%" PRIu64 ".%" PRIu64 "%c", tenths / 10, tenths % 10,
			    suffix[i]);
	} else {
		strbuf_addf(b, "%" PRIu64 "%c", (n / (unit / 2) + 1) / 2, suffix[i]);
	}
}

static const char pairs_of_digits[] =
	"00010203040506070809101112131415161718192021222324"
	"25262728293031323334353637383940414243444546474849"
	"50515253545556575859606162636465666768697071727374"
	"75767778798081828384858687888990919293949596979899";

/* The digits of v, none for 0, so that the last stands before `end`. */
static char *digits_before(char *end, uint64_t v)
{
	for (; v >= 10; v /= 100) {
		end -= 2;
		memcpy(end, pairs_of_digits + v % 100 * 2, 2);
	}
	if (v)
		*--end = (char)('0' + v);
	return end;
}

/* At least `least` digits; millions of prices are written. */
static void add_digits(struct strbuf *b, uint64_t v, unsigned least)
{
	char text[20], *const end = text + sizeof text, *p = digits_before(end, v);

	while (p > end - least)
		*--p = '0';
	strbuf_add(b, str_span(p, (size_t)(end - p)));
}

void num_add_integer(struct strbuf *b, int64_t n)
{
	if (n < 0)
		strbuf_addc(b, '-');
	add_digits(b, magnitude(n), 1);
}

void num_add_decimal(struct strbuf *b, int64_t units, unsigned scale, bool grouped)
{
	uint64_t v = magnitude(units), unit;

	if (scale > NUM_SCALE_MAX)
		scale = NUM_SCALE_MAX;
	unit = pow10_u64[scale];
	if (units < 0)
		strbuf_addc(b, '-');
	if (grouped)
		add_grouped_u64(b, v / unit);
	else
		add_digits(b, v / unit, 1);
	if (scale) {
		strbuf_addc(b, '.');
		add_digits(b, v % unit, scale);
	}
}

/* %.Pg of a number with these n digits, P being n but at least 15: at `point` of
 * them stands the decimal point. */
static size_t lay_out(char *text, const char *digits, int n, int point)
{
	char *p = text;
	int e = point - 1;

	if (e < -4 || e >= (n > 15 ? n : 15)) {
		*p++ = digits[0];
		if (n > 1) {
			*p++ = '.';
			p = mempcpy(p, digits + 1, (size_t)n - 1);
		}
		*p++ = 'e';
		*p++ = e < 0 ? '-' : '+';
		e = abs(e);
		if (e >= 100)
			*p++ = (char)('0' + e / 100);
		*p++ = (char)('0' + e / 10 % 10);
		*p++ = (char)('0' + e % 10);
	} else if (point <= 0) {
		p = mempcpy(p, "0.0000", (size_t)(2 - point));
		p = mempcpy(p, digits, (size_t)n);
	} else if (point >= n) {
		p = mempcpy(p, digits, (size_t)n);
		memset(p, '0', (size_t)(point - n));
		p += point - n;
	} else {
		p = mempcpy(p, digits, (size_t)point);
		*p++ = '.';
		p = mempcpy(p, digits + point, (size_t)(n - point));
	}
	return (size_t)(p - text);
}

void num_add_exact(struct strbuf *b, double x)
{
	char text[40], digits[20], *first;
	char *const end = digits + sizeof digits;
	uint64_t v;
	int exponent, n;

	if (!isfinite(x))
		return;
	if (signbit(x))
		strbuf_addc(b, '-');
	if (x == 0) {
		strbuf_addc(b, '0');
		return;
	}
	shortest(fabs(x), &v, &exponent);
	first = digits_before(end, v);
	n = (int)(end - first);
	strbuf_add(b, str_span(text, lay_out(text, first, n, n + exponent)));
}

void num_add_bytes(struct strbuf *b, uint64_t bytes)
{
	static const char *const unit[] = {"B",   "KiB", "MiB", "GiB",
					   "TiB", "PiB", "EiB"};
	double x = (double)bytes;
	unsigned i = 0;

	/* The next unit is due where rounding would give 1024. */
	for (; x >= 1023.5; i++)
		x /= 1024;
	if (i == 0 || x >= 9.95)
		strbuf_addf(b, "%ld %s", lround(x), unit[i]);
	else
		strbuf_addf(b, "%ld.%ld %s", lround(x * 10) / 10, lround(x * 10) % 10,
			    unit[i]);
}

int64_t num_drop_digits(__int128 units, unsigned digits)
{
	__int128 divisor = 1;

	while (digits-- > 0)
		divisor *= 10;
	units = (units + (units < 0 ? -divisor / 2 : divisor / 2)) / divisor;
	return units > INT64_MAX ? INT64_MAX : units < -INT64_MAX ? -INT64_MAX
		: (int64_t)units;
}

void num_add_money(struct strbuf *b, int64_t units, unsigned scale)
{
	if (scale > 6) {
		units = num_drop_digits(units, scale - 6);
		scale = 6;
	}
	num_add_decimal(b, units, scale, true);
}

bool num_hex(struct str s, uint64_t *out)
{
	uint64_t x = 0;

	if (s.len < 1 || s.len > 16)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		size_t digit = str_chr(STR("0123456789abcdef"), s.ptr[i]);

		if (digit == SIZE_MAX)
			return false;
		x = x << 4 | digit;
	}
	*out = x;
	return true;
}
