/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields of CSV, TSV and JSON, and words of our own command line. */
#include "config.h"

#include "base/quote.h"

#include <assert.h>

#include "base/utf8.h"

void quote_csv(struct strbuf *b, struct str s, char separator)
{
	bool quote = s.len && (s.ptr[0] == ' ' || s.ptr[s.len - 1] == ' ');

	assert(separator && separator != '"' && separator != '\n');
	for (size_t i = 0; i < s.len && !quote; i++)
		quote = s.ptr[i] == separator || s.ptr[i] == '"' || s.ptr[i] == '\n' ||
			s.ptr[i] == '\r';
	if (!quote) {
		strbuf_add(b, s);
		return;
	}
	strbuf_addc(b, '"');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '"')
			strbuf_addc(b, '"');
		strbuf_addc(b, s.ptr[i]);
	}
	strbuf_addc(b, '"');
}

static const char *tsv_escape(char c)
{
	switch (c) {
	case '\t':
		return "\\t";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\\':
		return "\\\\";
	default:
		return NULL;
	}
}

void quote_tsv(struct strbuf *b, struct str s)
{
	size_t start = 0;

	for (size_t i = 0; i < s.len; i++) {
		const char *with = tsv_escape(s.ptr[i]);

		if (!with)
			continue;
		strbuf_add(b, str_span(s.ptr + start, i - start));
		strbuf_adds(b, with);
		start = i + 1;
	}
	if (start < s.len)
		strbuf_add(b, str_span(s.ptr + start, s.len - start));
}

void quote_json(struct strbuf *b, struct str s)
{
	strbuf_addc(b, '"');
	for (size_t pos = 0; pos < s.len;) {
		size_t at = pos;
		uint32_t c = utf8_next(s, &pos);

		if (c == UTF8_BAD)
			utf8_add(b, 0xfffd);
		else if (c == '"' || c == '\\')
			strbuf_addf(b, "\\%c", (char)c);
		else if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			strbuf_addf(b, "\\u%04x", c);
		else
			strbuf_add(b, str_span(s.ptr + at, pos - at));
	}
	strbuf_addc(b, '"');
}

void quote_word(struct strbuf *b, struct str s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789._-/+:@%,";
	bool needs = s.len == 0;
	for (size_t i = 0; i < s.len; i++)
		needs |= !s.ptr[i] || !strchr(plain, s.ptr[i]);
	if (!needs) {
		strbuf_add(b, s);
		return;
	}
	strbuf_addc(b, '\'');
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '\'')
			strbuf_adds(b, "'\\''");
		else
			strbuf_addc(b, s.ptr[i]);
	strbuf_addc(b, '\'');
}
