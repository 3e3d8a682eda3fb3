/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans compared and searched without case or locale; buffers that double. */
#include "config.h"

#include "base/str.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

int str_cmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.ptr, b.ptr, n) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len && str_eq(str_span(s.ptr, prefix.len), prefix);
}

size_t str_chr(struct str s, char c)
{
	const char *p = s.len ? memchr(s.ptr, c, s.len) : NULL;

	return p ? (size_t)(p - s.ptr) : SIZE_MAX;
}

size_t str_find(struct str s, struct str needle)
{
	const char *p;

	if (needle.len == 0)
		return 0;
	p = s.len ? memmem(s.ptr, s.len, needle.ptr, needle.len) : NULL;
	return p ? (size_t)(p - s.ptr) : SIZE_MAX;
}

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static bool eq_nocase(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (lower(a[i]) != lower(b[i]))
			return false;
	return true;
}

size_t str_find_nocase(struct str s, struct str needle)
{
	unsigned char first;

	if (needle.len == 0)
		return 0;
	first = lower(needle.ptr[0]);
	for (size_t i = 0; i + needle.len <= s.len; i++)
		if (lower(s.ptr[i]) == first &&
		    eq_nocase(s.ptr + i, needle.ptr, needle.len))
			return i;
	return SIZE_MAX;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.len && is_space(s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	while (s.len && is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

/* A NULL ptr marks a rest that is used up, so "a," gives "a" and "". */
bool str_next(struct str *rest, char sep, struct str *part)
{
	size_t at;

	if (!rest->ptr)
		return false;
	at = str_chr(*rest, sep);
	if (at == SIZE_MAX) {
		*part = *rest;
		*rest = STR_NULL;
		return true;
	}
	*part = str_span(rest->ptr, at);
	*rest = str_span(rest->ptr + at + 1, rest->len - at - 1);
	return true;
}

static uint64_t load64(const char *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof x);
	return le64toh(x);
}

static uint64_t load32(const char *p)
{
	uint32_t x;

	memcpy(&x, p, sizeof x);
	return le32toh(x);
}

/* Both halves of the 128-bit product, folded (as in wyhash, Wang Yi 2019). */
static uint64_t fold_multiply(uint64_t a, uint64_t b)
{
	unsigned __int128 r = (unsigned __int128)a * b;

	return (uint64_t)r ^ (uint64_t)(r >> 64);
}

uint64_t str_hash(struct str s, uint64_t seed)
{
	static const uint64_t k[] = {
		UINT64_C(0xa0761d6478bd642f), UINT64_C(0xe7037ed1a0b428db),
		UINT64_C(0x8ebc6af09c88c6e3),
	};
	const char *p = s.ptr;
	size_t n = s.len;
	uint64_t a = 0, b = 0, h = seed ^ k[0];

	for (; n > 16; n -= 16, p += 16)
		h = fold_multiply(load64(p) ^ k[1], load64(p + 8) ^ h);
	if (n >= 8) {
		a = load64(p);
		b = load64(p + n - 8);
	} else if (n >= 4) {
		a = load32(p);
		b = load32(p + n - 4);
	} else if (n > 0) {
		a = (unsigned char)p[0] | (uint64_t)(unsigned char)p[n / 2] << 8 |
		    (uint64_t)(unsigned char)p[n - 1] << 16;
	}
	h = fold_multiply(a ^ k[1], b ^ h);
	return fold_multiply(h ^ k[2], s.len ^ k[1]);
}

void strbuf_finish(struct strbuf *b)
{
	free(b->ptr);
	*b = (struct strbuf)STRBUF_INIT;
}

void strbuf_reset(struct strbuf *b)
{
	b->len = 0;
	if (b->ptr)
		b->ptr[0] = '\0';
}

void strbuf_reserve(struct strbuf *b, size_t more)
{
	size_t need;

	if (__builtin_add_overflow(b->len, more, &need) ||
	    __builtin_add_overflow(need, 1, &need))
		need = SIZE_MAX;	/* can't be had: mem_resize ends it */
	MEM_GROW(b->ptr, b->cap, need);
}

void strbuf_add(struct strbuf *b, struct str s)
{
	strbuf_reserve(b, s.len);
	if (s.len)
		memcpy(b->ptr + b->len, s.ptr, s.len);
	b->len += s.len;
	b->ptr[b->len] = '\0';
}

void strbuf_adds(struct strbuf *b, const char *cstr)
{
	strbuf_add(b, str_from(cstr));
}

void strbuf_addc(struct strbuf *b, char c)
{
	strbuf_reserve(b, 1);
	b->ptr[b->len++] = c;
	b->ptr[b->len] = '\0';
}

void strbuf_fill(struct strbuf *b, char c, size_t n)
{
	strbuf_reserve(b, n);
	memset(b->ptr + b->len, c, n);
	b->len += n;
	b->ptr[b->len] = '\0';
}

void strbuf_vaddf(struct strbuf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	strbuf_reserve(b, 64);
	n = vsnprintf(b->ptr + b->len, b->cap - b->len, fmt, ap);
	if (n > 0 && (size_t)n >= b->cap - b->len) {
		strbuf_reserve(b, (size_t)n);
		vsnprintf(b->ptr + b->len, b->cap - b->len, fmt, again);
	}
	va_end(again);
	b->len += n > 0 ? (size_t)n : 0;
	b->ptr[b->len] = '\0';
}

void strbuf_addf(struct strbuf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(b, fmt, ap);
	va_end(ap);
}

char *strbuf_detach(struct strbuf *b)
{
	char *p;

	strbuf_reserve(b, 0);
	p = b->ptr;
	p[b->len] = '\0';
	*b = (struct strbuf)STRBUF_INIT;
	return p;
}
