/* SPDX-License-Identifier: GPL-3.0-or-later */
/* str: borrowed byte spans and growing byte buffers. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A borrowed span; not NUL-terminated unless its maker says so. */
struct str {
	const char *ptr;
	size_t len;
};

/* n of them, side by side: fields of a record, words of a line. */
struct strs {
	const struct str *at;
	unsigned n;
};
#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_NULL ((struct str){NULL, 0})
/* For printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).len, (s).ptr

static inline struct str str_from(const char *cstr)
{
	return (struct str){cstr, cstr ? strlen(cstr) : 0};
}
static inline struct str str_span(const char *ptr, size_t len)
{
	return (struct str){ptr, len};
}
static inline bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}
static inline bool str_is(struct str a, const char *cstr)
{
	return str_eq(a, str_from(cstr));
}
/* Byte order, a prefix before what it is a prefix of: <0, 0, >0. */
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
/* Position of the first c or of needle, or SIZE_MAX. */
size_t str_chr(struct str s, char c);
size_t str_find(struct str s, struct str needle);
/* Position of needle, ASCII letters compared without case, or SIZE_MAX. */
size_t str_find_nocase(struct str s, struct str needle);
/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);
/* Cut the part before the first sep off *rest; false when *rest is used up. */
bool str_next(struct str *rest, char sep, struct str *part);
/* 64-bit hash, the same on every machine; not for hostile input alone: maps
 * mix in a per-map seed. */
uint64_t str_hash(struct str s, uint64_t seed);

/* A growing buffer; always NUL-terminated once something was added. */
struct strbuf {
	char *ptr;
	size_t len, cap;
};
#define STRBUF_INIT {NULL, 0, 0}
/* STRBUF(b); declares an empty buffer that is released with its block. */
#define STRBUF(name)							\
	__attribute__((cleanup(strbuf_finish))) struct strbuf name = STRBUF_INIT

void strbuf_finish(struct strbuf *b);
void strbuf_reset(struct strbuf *b);
void strbuf_reserve(struct strbuf *b, size_t more);
void strbuf_add(struct strbuf *b, struct str s);
void strbuf_adds(struct strbuf *b, const char *cstr);
void strbuf_addc(struct strbuf *b, char c);
void strbuf_fill(struct strbuf *b, char c, size_t n);
void strbuf_addf(struct strbuf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void strbuf_vaddf(struct strbuf *b, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
static inline struct str strbuf_str(const struct strbuf *b)
{
	return (struct str){b->ptr ? b->ptr : "", b->len};
}
/* The contents as a C string (never NULL); valid until the next change. */
static inline const char *strbuf_c(const struct strbuf *b)
{
	return b->ptr ? b->ptr : "";
}
/* Give the memory away (free() it); the buffer is empty afterwards. */
char *strbuf_detach(struct strbuf *b);

#endif
