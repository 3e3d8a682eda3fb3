/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decodes, measures and cleans; widths and categories are utf8proc's. */
#include "config.h"

#include "base/utf8.h"

#include <utf8proc.h>

#define REPLACEMENT 0xfffdu
#define MARKS_MAX 2

static bool is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* Which second bytes may follow lead (Unicode 15, table 3-7): this is where
 * overlong forms, surrogates and values over U+10FFFF are told from good ones. */
static bool second_ok(unsigned char lead, unsigned char c)
{
	switch (lead) {
	case 0xe0:
		return c >= 0xa0 && c <= 0xbf;
	case 0xed:
		return c >= 0x80 && c <= 0x9f;
	case 0xf0:
		return c >= 0x90 && c <= 0xbf;
	case 0xf4:
		return c >= 0x80 && c <= 0x8f;
	default:
		return is_tail(c);
	}
}

/* Bytes of the sequence that lead opens; 0 for what can't open one. */
static unsigned sequence_len(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

uint32_t utf8_next(struct str s, size_t *pos)
{
	const unsigned char *p = (const unsigned char *)s.ptr + *pos;
	size_t left = s.len - *pos;
	unsigned len = sequence_len(p[0]), i = 1;
	uint32_t c;

	if (len == 1) {
		*pos += 1;
		return p[0];
	}
	if (len == 0 || left < 2 || !second_ok(p[0], p[1])) {
		*pos += 1;
		return UTF8_BAD;
	}
	c = (p[0] & (0x7fu >> len)) << 6 | (p[1] & 0x3f);
	for (i = 2; i < len && i < left && is_tail(p[i]); i++)
		c = c << 6 | (p[i] & 0x3f);
	*pos += i;
	return i == len ? c : UTF8_BAD;
}

static uint32_t windows_1252(unsigned char c)
{
	/* 0x80 to 0x9f; above, it is Latin-1. */
	static const uint16_t high[32] = {
		0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
		0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
		0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
		0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
	};

	return c >= 0x80 && c < 0xa0 ? high[c - 0x80] : c;
}

void utf8_repair(struct strbuf *b, struct str s)
{
	for (size_t at = 0; at < s.len;) {
		size_t from = at;

		if (utf8_next(s, &at) != UTF8_BAD)
			strbuf_add(b, str_span(s.ptr + from, at - from));
		else
			for (; from < at; from++)
				utf8_add(b, windows_1252((unsigned char)s.ptr[from]));
	}
}

bool utf8_valid(struct str s)
{
	size_t pos = 0;

	while (pos < s.len) {
		uint64_t eight;

		if (s.len - pos >= 8) {
			memcpy(&eight, s.ptr + pos, 8);
			if (!(eight & UINT64_C(0x8080808080808080))) {
				pos += 8;
				continue;
			}
		}
		if (utf8_next(s, &pos) == UTF8_BAD)
			return false;
	}
	return true;
}

void utf8_add(struct strbuf *b, uint32_t c)
{
	char t[4];
	size_t n;

	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		c = REPLACEMENT;
	if (c < 0x80) {
		strbuf_addc(b, (char)c);
		return;
	}
	n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n; --i > 0; c >>= 6)
		t[i] = (char)(0x80 | (c & 0x3f));
	t[0] = (char)((0xf00u >> n & 0xf0) | c);
	strbuf_add(b, str_span(t, n));
}

/* Korean vowels and finals join the wide consonant before them; terminals give
 * them no cell (as wcwidth does), utf8proc one. */
static bool joins_hangul(uint32_t c)
{
	return (c >= 0x1160 && c <= 0x11ff) || (c >= 0xd7b0 && c <= 0xd7c6) ||
	       (c >= 0xd7cb && c <= 0xd7fb);
}

int utf8_width(uint32_t c)
{
	if (c >= 0x20 && c < 0x7f)
		return 1;
	if (joins_hangul(c))
		return 0;
	if (c > 0x10ffff || utf8proc_get_property((utf8proc_int32_t)c)->ignorable)
		return 0;
	return utf8proc_charwidth((utf8proc_int32_t)c);
}

size_t utf8_cells(struct str s)
{
	size_t pos = 0, cells = 0;

	while (pos < s.len)
		cells += (size_t)utf8_width(utf8_next(s, &pos));
	return cells;
}

size_t utf8_clip(struct str s, size_t cells, size_t *used)
{
	size_t pos = 0, end = 0, n = 0;

	while (pos < s.len) {
		size_t width = (size_t)utf8_width(utf8_next(s, &pos));

		if (n + width > cells)
			break;
		n += width;
		end = pos;
	}
	if (used)
		*used = n;
	return end;
}

void utf8_fit(struct strbuf *b, struct str s, size_t cells, const char *ellipsis)
{
	struct str tail = str_from(ellipsis);
	size_t used, end = utf8_clip(s, cells, &used);

	if (end < s.len) {
		size_t more = utf8_cells(tail);

		if (more > cells) {
			tail = STR("");
			more = 0;
		}
		end = utf8_clip(s, cells - more, &used);
		strbuf_add(b, str_span(s.ptr, end));
		strbuf_add(b, tail);
		used += more;
	} else {
		strbuf_add(b, s);
	}
	strbuf_fill(b, ' ', cells - used);
}

enum kind {
	KIND_PLAIN,
	KIND_MARK,	/* sits on the character before it */
	KIND_DROP,	/* variation selectors and joiners: only looks */
	KIND_BREAK,	/* U+2028, U+2029 */
	KIND_SHOW,	/* to be shown as <U+hhhh> */
};

static bool is_dropped(uint32_t c)
{
	return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef) ||
	       (c >= 0x180b && c <= 0x180d) || c == 0x180f || c == 0x200c ||
	       c == 0x200d || c == 0x034f;
}

/* For characters from U+0080 on. */
static enum kind kind_of(uint32_t c)
{
	const utf8proc_property_t *p = utf8proc_get_property((utf8proc_int32_t)c);

	if (is_dropped(c))
		return KIND_DROP;
	switch (p->category) {
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return KIND_BREAK;
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CN:	/* unassigned: no one knows its width */
		return KIND_SHOW;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_ME:
		return p->ignorable ? KIND_SHOW : KIND_MARK;
	default:
		if (p->ignorable)
			return KIND_SHOW;
		return utf8_width(c) == 0 ? KIND_MARK : KIND_PLAIN;
	}
}

/* How much of a text is printable ASCII, which needs no look at all. */
static size_t plain_ascii(const char *p, size_t n)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	size_t i = 0;

	for (; n - i >= 8; i += 8) {
		uint64_t x;

		memcpy(&x, p + i, 8);
		/* a byte is < 0x20, = 0x7f or >= 0x80 */
		if ((x | (x - ones * 0x20) | ((x ^ ones * 0x7f) - ones)) & high)
			break;
	}
	while (i < n && (unsigned char)p[i] >= 0x20 && (unsigned char)p[i] < 0x7f)
		i++;
	return i;
}

/* Letters of most shops: plain without a look into the tables (a test compares). */
static bool is_letter(uint32_t c)
{
	return (c >= 0xa1 && c <= 0x2ff && c != 0xad) || (c >= 0x400 && c <= 0x482) ||
	       (c >= 0x48a && c <= 0x52f) || (c >= 0x4e00 && c <= 0x9fff) ||
	       (c >= 0x3041 && c <= 0x3096) || (c >= 0x30a1 && c <= 0x30fe) ||
	       (c >= 0xac00 && c <= 0xd7a3);
}

/* Where the run of characters ends that stay as they are, marks aside. */
static size_t plain_run(struct str s, size_t pos)
{
	for (;;) {
		size_t next;

		pos += plain_ascii(s.ptr + pos, s.len - pos);
		next = pos;
		if (pos == s.len || (unsigned char)s.ptr[pos] < 0x80 ||
		    !is_letter(utf8_next(s, &next)))
			return pos;
		pos = next;
	}
}

struct cleaner {
	struct strbuf *out;
	enum sanitize_mode mode;
	int marks;	/* on the last base; -1: there is no base on this line */
	bool changed;
};

static void add_break(struct cleaner *c, bool newline)
{
	bool keep = newline && c->mode == SANITIZE_TEXT;

	strbuf_addc(c->out, keep ? '\n' : ' ');
	c->marks = keep ? -1 : 0;
}

/* A run of line breaks and tabs in SANITIZE_LINE is one space. */
static size_t skip_run(struct str s, size_t pos)
{
	for (; pos < s.len; pos++) {
		if (s.ptr[pos] == '\r' && pos + 1 < s.len && s.ptr[pos + 1] == '\n')
			continue;
		if (s.ptr[pos] != '\n' && s.ptr[pos] != '\t')
			break;
	}
	return pos;
}

/* A control character or DEL at pos; returns where to go on. */
static size_t add_control(struct cleaner *c, struct str s, size_t pos)
{
	unsigned char x = (unsigned char)s.ptr[pos];
	bool crlf = x == '\r' && pos + 1 < s.len && s.ptr[pos + 1] == '\n';

	if (x == '\n' || x == '\t' || crlf) {
		c->changed |= x != '\n' || c->mode != SANITIZE_TEXT;
		add_break(c, x != '\t');
		if (c->mode == SANITIZE_LINE)
			return skip_run(s, pos);
		return pos + (crlf ? 2 : 1);
	}
	strbuf_addc(c->out, '^');
	strbuf_addc(c->out, x == 0x7f ? '?' : (char)(x + 64));
	c->marks = 0;
	c->changed = true;
	return pos + 1;
}

static void add_mark(struct cleaner *c, struct str bytes)
{
	if (c->marks < 0) {
		utf8_add(c->out, 0x25cc);	/* dotted circle: a base of its own */
		c->marks = 0;
		c->changed = true;
	}
	if (c->marks < MARKS_MAX) {
		strbuf_add(c->out, bytes);
		c->marks++;
	} else {
		c->changed = true;
	}
}

static void add_wide(struct cleaner *c, uint32_t x, struct str bytes)
{
	enum kind kind = kind_of(x);

	if (kind == KIND_MARK) {
		add_mark(c, bytes);
		return;
	}
	if (kind == KIND_PLAIN) {
		strbuf_add(c->out, bytes);
		c->marks = 0;
		return;
	}
	c->changed = true;
	if (kind == KIND_BREAK) {
		add_break(c, true);
	} else if (kind == KIND_SHOW) {
		strbuf_addf(c->out, "<U+%04X>", (unsigned)x);
		c->marks = 0;
	}
}

bool sanitize(struct strbuf *out, struct str text, enum sanitize_mode mode)
{
	struct cleaner c = {.out = out, .mode = mode, .marks = -1};
	size_t pos = 0, start;

	while (pos < text.len) {
		size_t plain = plain_run(text, pos) - pos;
		uint32_t x;

		if (plain > 0) {
			strbuf_add(out, str_span(text.ptr + pos, plain));
			pos += plain;
			c.marks = 0;
			continue;
		}
		if ((unsigned char)text.ptr[pos] < 0x80) {
			pos = add_control(&c, text, pos);
			continue;
		}
		start = pos;
		x = utf8_next(text, &pos);
		if (x == UTF8_BAD) {
			utf8_add(out, REPLACEMENT);
			c.marks = 0;
			c.changed = true;
		} else {
			add_wide(&c, x, str_span(text.ptr + start, pos - start));
		}
	}
	return c.changed;
}

void utf8_fold(struct strbuf *out, struct str text)
{
	size_t pos = 0;

	strbuf_reserve(out, text.len);
	while (pos < text.len) {
		uint32_t c = utf8_next(text, &pos);

		if (c < 0x80)
			strbuf_addc(out, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
		else if (c == UTF8_BAD)
			utf8_add(out, REPLACEMENT);
		else	/* by way of upper case: long s is s, final sigma sigma */
			utf8_add(out, (uint32_t)utf8proc_tolower(
					      utf8proc_toupper((utf8proc_int32_t)c)));
	}
}
