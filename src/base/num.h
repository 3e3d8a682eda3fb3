/* SPDX-License-Identifier: GPL-3.0-or-later */
/* num: numbers by our own grammar, in and out, whatever the locale. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include "base/str.h"

/* Digits only: no sign, no space, no exponent, no leading zeros ("010"); false
 * when empty, malformed or out of range. num_i64 takes one leading '-', but no
 * "-0". */
bool num_u64(struct str s, uint64_t *value);
bool num_i64(struct str s, int64_t *value);
/* [-]digits[.digits][e[+-]digits] or [-].digits... for options; no inf, nan, hex, no leading
 * zeros; false when it is too big for a double. */
bool num_real(struct str s, double *value);
/* 64K, 8M, 2G, 1T (powers of 1024), or bytes. */
bool num_size(struct str s, uint64_t *bytes);

/* An exact decimal: units / 10^scale. */
#define NUM_SCALE_MAX 18
struct decimal {
	int64_t units;
	unsigned scale;
};
/* [-]digits[.digits]; trailing zeros count in the scale ("33.20" -> 3320, 2);
 * no thousands separators, no exponent, no leading zeros, no negative zero;
 * false when it overflows 64 bits or has more than NUM_SCALE_MAX decimals. */
bool num_decimal(struct str s, struct decimal *d);
/* To another scale; false on overflow or when digits would be lost. */
bool num_rescale(struct decimal d, unsigned scale, int64_t *units);

/* 4,812 - for people. */
void num_add_grouped(struct strbuf *b, int64_t n);
/* At most 5 cells: 999, 4.8k, 61k, 1.2M, 13G - for people. */
void num_add_short(struct strbuf *b, uint64_t n);
/* 561.51 from 56151 and scale 2; `grouped` adds thousands separators. */
void num_add_decimal(struct strbuf *b, int64_t units, unsigned scale, bool grouped);
/* The same for people: grouped, rounded to at most 6 decimals. */
void num_add_money(struct strbuf *b, int64_t units, unsigned scale);
/* units / 10^digits, rounded half away from zero; stops at the ends of 64 bits. */
int64_t num_drop_digits(__int128 units, unsigned digits);
/* -4812. */
void num_add_integer(struct strbuf *b, int64_t n);
/* The fewest digits that read back as the same double, laid out as by %.15g (by
 * %.16g and %.17g where so many are needed); nan and inf as "". */
void num_add_exact(struct strbuf *b, double x);
/* 1.5 GiB, 320 KiB, 17 B: a decimal below ten. */
void num_add_bytes(struct strbuf *b, uint64_t bytes);

/* 1 to 16 hexadecimal digits in lower case and nothing else. */
bool num_hex(struct str s, uint64_t *out);

#endif
