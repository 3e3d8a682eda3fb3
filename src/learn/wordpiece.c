/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * WordPiece as BERT uses it (Devlin et al. 2019; Wu et al. 2016, "Google's neural machine
 * translation system"): control characters go, accents and capitals too where the
 * vocabulary wants that, words end at white space, punctuation and ideographs, and each
 * becomes the longest piece that it starts with, then the longest of the rest ...
 */
#include "config.h"

#include "learn/wordpiece.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/utf8.h"

#define WORD_MOST 100	/* characters; longer words are unknown */
#define MARKS_MOST 16	/* characters that one is decomposed into */

enum special { CLS, SEP, UNK, PAD, MASK, SPECIALS };
static const char *const special_name[SPECIALS] = {
	"[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]",
};

struct wordpiece {
	struct map *piece;
	bool lower;
	uint32_t special[SPECIALS];	/* MAP_NONE: the vocabulary lacks it */
};

void wordpiece_destroy(struct wordpiece *w)
{
	if (!w)
		return;
	map_destroy(w->piece);
	free(w);
}

/* ---- words */

static bool is_space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' ||
	       utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_ZS;
}

/* What says nothing: control and format characters, and those that aren't assigned. */
static bool is_dropped(uint32_t c)
{
	utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);

	return c == 0xfffd || k == UTF8PROC_CATEGORY_CC || k == UTF8PROC_CATEGORY_CF ||
	       k == UTF8PROC_CATEGORY_CN || k == UTF8PROC_CATEGORY_CO ||
	       k == UTF8PROC_CATEGORY_CS;
}

/* Words of their own: ASCII that is neither letter nor digit, and all punctuation. */
static bool is_punctuation(uint32_t c)
{
	utf8proc_category_t k;

	if (c < 128)
		return c > ' ' && !((c | 32) >= 'a' && (c | 32) <= 'z') &&
		       !(c >= '0' && c <= '9') && c != 127;
	k = utf8proc_category((utf8proc_int32_t)c);
	return k >= UTF8PROC_CATEGORY_PC && k <= UTF8PROC_CATEGORY_PO;
}

/* The blocks of CJK ideographs: each character is a word. */
static bool is_ideograph(uint32_t c)
{
	static const uint32_t block[][2] = {
		{0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xf900, 0xfaff}, {0x20000, 0x2a6df},
		{0x2a700, 0x2b73f}, {0x2b740, 0x2b81f}, {0x2b820, 0x2ceaf},
		{0x2f800, 0x2fa1f},
	};

	for (size_t i = 0; i < sizeof(block) / sizeof(*block); i++)
		if (c >= block[i][0] && c <= block[i][1])
			return true;
	return false;
}

/* A word that grows, and who gets it. */
struct splitter {
	struct strbuf word;
	bool lower;
	void (*give)(void *ctx, struct str word);
	void *ctx;
};

static void end_word(struct splitter *s)
{
	if (s->word.len)
		s->give(s->ctx, strbuf_str(&s->word));
	strbuf_reset(&s->word);
}

static void add_plain(struct splitter *s, uint32_t c)
{
	bool alone = is_punctuation(c) || is_ideograph(c);

	if (alone)
		end_word(s);
	utf8_add(&s->word, c);
	if (alone)
		end_word(s);
}

/* Without accents and capitals. */
static void add_lower(struct splitter *s, uint32_t c)
{
	utf8proc_int32_t part[MARKS_MOST];
	int last = 0;
	utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)c, part, MARKS_MOST,
						     UTF8PROC_DECOMPOSE, &last);

	if (n < 1 || n > MARKS_MOST) {
		add_plain(s, c);
		return;
	}
	for (utf8proc_ssize_t i = 0; i < n; i++)
		if (utf8proc_category(part[i]) != UTF8PROC_CATEGORY_MN)
			add_plain(s, (uint32_t)utf8proc_tolower(part[i]));
}

static void split(struct splitter *s, struct str text)
{
	for (size_t at = 0; at < text.len;) {
		uint32_t c = utf8_next(text, &at);

		if (c == UTF8_BAD)
			continue;
		if (is_space(c))
			end_word(s);
		else if (is_dropped(c))
			continue;
		else if (s->lower && c >= 128)
			add_lower(s, c);
		else
			add_plain(s, s->lower && c >= 'A' && c <= 'Z' ? c | 32 : c);
	}
	end_word(s);
}

void wordpiece_words(struct str text, bool lower,
		     void (*word)(void *ctx, struct str word), void *ctx)
{
	struct splitter s = {.lower = lower, .give = word, .ctx = ctx};

	split(&s, text);
	strbuf_finish(&s.word);
}

/* ---- pieces */

struct encoding_run {
	const struct wordpiece *w;
	uint32_t *ids;
	unsigned n, most;	/* one place is kept for [SEP] */
	struct strbuf key;
};

static void add_piece_id(struct encoding_run *r, uint32_t id)
{
	if (r->n + 1 < r->most)
		r->ids[r->n++] = id;
}

static size_t characters(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
	return n;
}

/* The longest piece that `rest` starts with; its bytes, or 0. */
static size_t longest(struct encoding_run *r, struct str rest, bool inside, uint32_t *id)
{
	for (size_t n = rest.len; n > 0; n--) {
		if (n < rest.len && ((unsigned char)rest.ptr[n] & 0xc0) == 0x80)
			continue;
		strbuf_reset(&r->key);
		strbuf_adds(&r->key, inside ? "##" : "");
		strbuf_add(&r->key, str_span(rest.ptr, n));
		*id = map_find(r->w->piece, strbuf_str(&r->key));
		if (*id != MAP_NONE)
			return n;
	}
	return 0;
}

static void encode_word(void *ctx, struct str word)
{
	struct encoding_run *r = ctx;
	unsigned start = r->n;

	if (r->n + 1 >= r->most)
		return;
	if (characters(word) > WORD_MOST) {
		add_piece_id(r, r->w->special[UNK]);
		return;
	}
	for (size_t at = 0; at < word.len;) {
		uint32_t id;
		size_t n = longest(r, str_span(word.ptr + at, word.len - at), at > 0, &id);

		if (!n) {
			r->n = start;
			add_piece_id(r, r->w->special[UNK]);
			return;
		}
		add_piece_id(r, id);
		at += n;
	}
}

/* Where the next special token stands that someone wrote out, or the text's end. */
static size_t next_special(const struct wordpiece *w, struct str text, unsigned *which)
{
	size_t first = text.len;

	for (unsigned i = 0; i < SPECIALS; i++) {
		size_t at = str_find(text, str_from(special_name[i]));

		if (w->special[i] != MAP_NONE && at < first) {
			first = at;
			*which = i;
		}
	}
	return first;
}

unsigned wordpiece_encode(const struct wordpiece *w, struct str text, unsigned most,
			  uint32_t *ids)
{
	struct encoding_run r = {.w = w, .ids = ids, .most = most};

	add_piece_id(&r, w->special[CLS]);
	while (text.len) {
		unsigned which = SPECIALS;
		size_t n = next_special(w, text, &which);

		wordpiece_words(str_span(text.ptr, n), w->lower, encode_word, &r);
		if (which != SPECIALS) {
			add_piece_id(&r, w->special[which]);
			n += strlen(special_name[which]);
		}
		text = str_span(text.ptr + n, text.len - n);
	}
	ids[r.n++] = w->special[SEP];
	strbuf_finish(&r.key);
	return r.n;
}

/* ---- vocabularies */

uint32_t wordpiece_count(const struct wordpiece *w)
{
	return map_count(w->piece);
}

static bool find_specials(struct wordpiece *w, struct err *err)
{
	for (unsigned i = 0; i < SPECIALS; i++) {
		w->special[i] = map_find(w->piece, str_from(special_name[i]));
		if (i <= UNK && w->special[i] == MAP_NONE)
			return err_fail(err, ERR_FORMAT, "the vocabulary has no line %s",
					special_name[i]);
	}
	return true;
}

static bool add_piece(struct wordpiece *w, struct str piece, uint32_t line, struct err *err)
{
	uint32_t id = map_intern(w->piece, piece, err);

	if (id == MAP_NONE)
		return false;
	return id == line || err_fail(err, ERR_FORMAT, "line %u repeats line %u of the "
				      "vocabulary", line + 1, id + 1);
}

bool wordpiece_make(struct wordpiece **out, struct strs piece, bool lower, struct err *err)
{
	SCOPED(wordpiece) w = mem_zalloc(sizeof *w);

	w->lower = lower;
	w->piece = map_create();
	for (uint32_t i = 0; i < piece.n; i++)
		if (!add_piece(w, piece.at[i], i, err))
			return false;
	if (!find_specials(w, err))
		return false;
	*out = w;
	w = NULL;
	return true;
}

static bool read_lines(struct wordpiece *w, FILE *f, struct err *err)
{
	SCOPED_FREE char *line = NULL;
	size_t cap = 0;
	uint32_t n = 0;

	for (ssize_t len; (len = getline(&line, &cap, f)) >= 0; n++) {
		struct str s = str_span(line, (size_t)len);

		while (s.len && (s.ptr[s.len - 1] == '\n' || s.ptr[s.len - 1] == '\r'))
			s.len--;
		if (!add_piece(w, s, n, err))
			return false;
	}
	return !ferror(f) || err_errno(err, errno, "reading failed");
}

bool wordpiece_open(struct wordpiece **out, const char *path, bool lower, struct err *err)
{
	SCOPED(wordpiece) w = mem_zalloc(sizeof *w);
	FILE *f = fopen(path, "re");
	bool ok;

	if (!f && errno == ENOENT)
		return err_fail(err, ERR_NO, "there is no %s", path);
	if (!f)
		return err_errno(err, errno, "can't open %s", path);
	w->lower = lower;
	w->piece = map_create();
	ok = read_lines(w, f, err) && find_specials(w, err);
	fclose(f);
	if (!ok)
		return err_context(err, "%s", path);
	*out = w;
	w = NULL;
	return true;
}
