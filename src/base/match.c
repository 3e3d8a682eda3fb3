/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Characters are folded one by one by utf8proc; letters that have no decomposition, as ø, by a
 * table. Plain ASCII, which most texts are, is compared as it stands. */
#include "config.h"

#include "base/match.h"

#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"

/* Letters with a stroke or joined ones, in lower case. */
static const struct {
	uint32_t letter;
	const char *plain;
} letters[] = {
	{0xe6, "ae"}, {0xf0, "d"}, {0xf8, "o"}, {0xfe, "th"}, {0x111, "d"}, {0x127, "h"},
	{0x131, "i"}, {0x142, "l"}, {0x153, "oe"}, {0x167, "t"}, {0xdf, "ss"},
};

static const char *plain_letter(uint32_t c)
{
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
		if (letters[i].letter == c)
			return letters[i].plain;
	return NULL;
}

static bool is_mark(uint32_t c)
{
	utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);

	return k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_MC ||
	       k == UTF8PROC_CATEGORY_ME;
}

/* c folded; without marks if `plain`. Returns whether it has any. */
static bool add_folded(struct strbuf *b, uint32_t c, bool plain)
{
	utf8proc_int32_t part[32];
	utf8proc_ssize_t n;
	bool marks = false;
	int class = 0;

	if (c < 0x80) {
		strbuf_addc(b, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
		return false;
	}
	/* Sharp s folds to ss, which would hide that it was typed. */
	if (c == 0xdf || c == 0x1e9e) {
		if (plain)
			strbuf_adds(b, "ss");
		else
			utf8_add(b, 0xdf);
		return true;
	}
	n = c == UTF8_BAD ? 0 :
	    utf8proc_decompose_char((utf8proc_int32_t)c, part, 32, UTF8PROC_DECOMPOSE |
				    UTF8PROC_COMPAT | UTF8PROC_CASEFOLD, &class);
	for (utf8proc_ssize_t i = 0; i < n && i < 32; i++) {
		uint32_t x = (uint32_t)part[i];
		const char *letter = plain_letter(x);

		marks |= is_mark(x) || letter;
		if (plain && letter)
			strbuf_adds(b, letter);
		else if (!plain || !is_mark(x))
			utf8_add(b, x);
	}
	return marks;
}

static bool fold(struct strbuf *b, struct str s, bool plain)
{
	bool marks = false;
	size_t pos = 0;

	while (pos < s.len)
		marks |= add_folded(b, utf8_next(s, &pos), plain);
	return marks;
}

static bool is_ascii(struct str s)
{
	unsigned char all = 0;

	for (size_t i = 0; i < s.len; i++)
		all |= (unsigned char)s.ptr[i];
	return all < 0x80;
}

void match_finish(struct match *m)
{
	strbuf_finish(&m->folded);
	*m = (struct match){0};
}

static void add_word(struct match *m, struct str typed)
{
	struct match_word *w = &m->word[m->n];

	if (!typed.len)
		return;
	w->at = m->folded.len;
	w->marks = fold(&m->folded, typed, false);
	w->len = m->folded.len - w->at;
	m->n += w->len > 0;
}

void match_phrase(struct match *m, struct str typed)
{
	match_finish(m);
	add_word(m, typed);
}

void match_words(struct match *m, struct str typed)
{
	struct str rest = str_trim(typed), word;

	match_finish(m);
	while (m->n + 1 < MATCH_WORDS && str_next(&rest, ' ', &word))
		add_word(m, str_trim(word));
	add_word(m, str_trim(rest));
}

static struct str word_at(const struct match *m, unsigned i)
{
	return str_span(m->folded.ptr + m->word[i].at, m->word[i].len);
}

/* All words with marks, or all without, in a text folded the same way. */
static bool holds(const struct match *m, struct str text, bool marks)
{
	for (unsigned i = 0; i < m->n; i++)
		if (m->word[i].marks == marks && str_find(text, word_at(m, i)) == SIZE_MAX)
			return false;
	return true;
}

static bool any_marks(const struct match *m)
{
	for (unsigned i = 0; i < m->n; i++)
		if (m->word[i].marks)
			return true;
	return false;
}

bool match_found(const struct match *m, struct str text, struct strbuf *scratch)
{
	bool marks = any_marks(m);

	if (!m->n)
		return false;
	if (is_ascii(text)) {
		for (unsigned i = 0; i < m->n; i++)
			if (m->word[i].marks ||
			    str_find_nocase(text, word_at(m, i)) == SIZE_MAX)
				return false;
		return true;
	}
	strbuf_reset(scratch);
	fold(scratch, text, true);
	if (!holds(m, strbuf_str(scratch), false))
		return false;
	if (!marks)
		return true;
	strbuf_reset(scratch);
	fold(scratch, text, false);
	return holds(m, strbuf_str(scratch), true);
}

/* Bytes of text from `at` that fold to the word and the marks behind it; 0: it isn't there. */
static size_t stands(const struct match *m, unsigned i, struct str text, size_t at)
{
	struct str word = word_at(m, i);
	size_t pos = at, next;
	STRBUF(b);

	while (pos < text.len && b.len < word.len)
		add_folded(&b, utf8_next(text, &pos), !m->word[i].marks);
	if (b.len < word.len || memcmp(b.ptr, word.ptr, word.len) != 0)
		return 0;
	for (next = pos; next < text.len && is_mark(utf8_next(text, &next));)
		pos = next;
	return pos - at;
}

bool match_next(const struct match *m, struct str text, size_t *from, size_t *end)
{
	for (size_t at = *from; at < text.len; utf8_next(text, &at)) {
		size_t most = 0;

		for (unsigned i = 0; i < m->n; i++) {
			size_t n = stands(m, i, text, at);

			most = n > most ? n : most;
		}
		if (most) {
			*from = at;
			*end = at + most;
			return true;
		}
	}
	return false;
}

bool match_equal(struct str typed, struct str text)
{
	bool plain;
	STRBUF(a);
	STRBUF(b);

	plain = !fold(&a, typed, false);
	fold(&b, text, plain);
	return str_eq(strbuf_str(&a), strbuf_str(&b));
}
