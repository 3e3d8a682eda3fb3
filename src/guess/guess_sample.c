/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From bytes to columns: encoding, separator, header, and the sampled values. */
#include "config.h"

#include "guess/guess_impl.h"

#include "base/encoding.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "base/utf8.h"
#include "data/field.h"
#include "data/foreign.h"

#define START 4096u	/* bytes that tell what a file is */
#define FOOTERS 6	/* records at the end among which sums and notes are looked for */

static bool has_magic(struct str s, const char *magic, size_t len)
{
	return s.len >= len && memcmp(s.ptr, magic, len) == 0;
}

/* UTF-16 without a mark: every second byte of ASCII text is NUL. */
static const char *by_nuls(struct str s)
{
	size_t n = s.len < 4096 ? s.len : 4096, even = 0, odd = 0;

	for (size_t i = 0; i + 1 < n; i += 2) {
		even += s.ptr[i] == 0;
		odd += s.ptr[i + 1] == 0;
	}
	if (odd * 4 > n && even * 50 < n)
		return "utf-16le";
	return even * 4 > n && odd * 50 < n ? "utf-16be" : NULL;
}

/* Shift JIS: pairs that begin with 0x81 to 0x9f, of which kana and the plainest signs
 * have 0x81 to 0x83; in western text such bytes are quotes and dashes. */
static bool is_shift_jis(struct str s)
{
	size_t pairs = 0, low = 0, signs = 0, kanji = 0, bad = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i], d;

		if (c < 0x80 || (c >= 0xa0 && c <= 0xdf))
			continue;
		d = i + 1 < s.len ? (unsigned char)s.ptr[i + 1] : 0;
		i++;
		pairs++;
		low += c <= 0x9f;
		signs += c >= 0x81 && c <= 0x83;
		kanji += c == 0x88 || c == 0x89 || (c >= 0x8b && c <= 0x90) || c == 0x8d;
		bad += d < 0x40 || d == 0x7f || d > 0xfc;
	}
	return pairs >= 10 && bad * 50 < pairs && low * 10 > pairs * 7 &&
	       (signs + kanji) * 10 > pairs;
}

/*
 * Chinese and Korean text, and EUC-JP, come in pairs of high bytes, so that runs of them
 * are even, and the first byte says which: common Chinese begins with 0xb0 to 0xd7. Runs
 * of Cyrillic are as often odd, and its small letters stand above.
 */
static const char *two_bytes(struct str s)
{
	size_t pairs = 0, odd = 0, kana = 0, hangul = 0, common = 0;

	for (size_t i = 0; i < s.len;) {
		size_t from = i;

		for (; i < s.len && (unsigned char)s.ptr[i] >= 0x80; i++) {
			unsigned char c = (unsigned char)s.ptr[i];

			if ((i - from) % 2)
				continue;
			pairs++;
			kana += c == 0xa4 || c == 0xa5;
			hangul += c >= 0xb0 && c <= 0xc8;
			common += c >= 0xb0 && c <= 0xd7;
		}
		odd += (i - from) % 2;
		i += i == from;
	}
	if (pairs < 10 || odd * 20 > pairs)
		return NULL;
	if (kana * 3 > pairs)
		return "euc-jp";
	return common * 10 < pairs * 6 ? NULL : hangul * 100 > pairs * 97 ? "euc-kr" : "gb18030";
}

/* Polish and its neighbours in windows-1250: signs of western text, as a superscript three,
 * that a small letter follows. */
static bool is_central(struct str s)
{
	size_t high = 0, central = 0;

	for (size_t i = 0; i + 1 < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		high += c >= 0x80;
		central += (c == 0xb3 || c == 0xb9 || c == 0xa3 || c == 0xaf) &&
			   s.ptr[i + 1] >= 'a' && s.ptr[i + 1] <= 'z';
	}
	return central > 3 && central * 10 > high;
}

/* Cyrillic in windows-1251 is runs of bytes over 0xC0; accents in western text
 * stand alone. */
static const char *one_byte(struct str s)
{
	size_t runs = 0, high = 0, c1 = 0, none = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c < 0x80)
			continue;
		high++;
		runs += i == 0 || (unsigned char)s.ptr[i - 1] < 0x80;
		c1 += c < 0xa0;
		none += c == 0x81 || c == 0x8d || c == 0x8f || c == 0x90 || c == 0x9d;
	}
	if (is_shift_jis(s))
		return "shift-jis";
	if (high > 2 * runs && high > 20)
		return two_bytes(s) ? two_bytes(s) : "windows-1251";
	if (two_bytes(s) && high > runs + runs / 2)
		return two_bytes(s);
	if (is_central(s))
		return "windows-1250";
	return none || !c1 ? "latin1" : "windows-1252";
}

/* Lines that are UTF-8 beyond ASCII, and lines that aren't UTF-8. */
static void count_lines(struct str s, size_t *good, size_t *bad)
{
	struct str line;

	*good = *bad = 0;
	while (s.len && str_next(&s, '\n', &line)) {
		bool high = false;

		for (size_t i = 0; i < line.len && !high; i++)
			high = (unsigned char)line.ptr[i] >= 0x80;
		if (!high)
			continue;
		++*(utf8_valid(line) ? good : bad);
	}
}

/* All of it, but for some lines that another program wrote. */
static bool is_utf8(struct guess *g, struct str s)
{
	size_t good, bad;

	count_lines(s, &good, &bad);
	g->foreign = bad <= good ? bad : 0;
	return bad <= good || (bad == 1 && s.len && (unsigned char)s.ptr[s.len - 1] >= 0x80);
}

static void find_encoding(struct guess *g, struct str s)
{
	if (has_magic(s, "\xff\xfe\0\0", 4) || has_magic(s, "\0\0\xfe\xff", 4))
		g->encoding = "utf-32";
	else if (has_magic(s, "\xff\xfe", 2) || has_magic(s, "\xfe\xff", 2))
		g->encoding = "utf-16";
	else if (by_nuls(s))
		g->encoding = by_nuls(s);
	else if (is_utf8(g, s))
		g->encoding = "utf-8";
	else
		g->encoding = one_byte(s);
	g->doubtful_encoding = strncmp(g->encoding, "utf", 3) != 0 &&
			       strcmp(g->encoding, "latin1") != 0 &&
			       strcmp(g->encoding, "windows-1252") != 0;
}

/* Lines that aren't UTF-8 are taken for Windows-1252. */
static bool mend_lines(struct guess *g, struct str s, struct err *err)
{
	SCOPED(encoding) e = NULL;
	struct str line;

	if (!g->foreign) {
		strbuf_add(&g->text, s);
		return true;
	}
	if (!encoding_create(&e, "windows-1252", err))
		return false;
	while (s.len && str_next(&s, '\n', &line)) {
		size_t used, n;

		if (utf8_valid(line)) {
			strbuf_add(&g->text, line);
		} else {
			strbuf_reserve(&g->text, 3 * line.len + 16);
			n = encoding_convert(e, line.ptr, line.len, &used,
					     g->text.ptr + g->text.len, 3 * line.len + 16, true);
			g->text.len += n;
		}
		strbuf_addc(&g->text, '\n');
	}
	return true;
}

static bool convert(struct guess *g, struct str s, struct err *err)
{
	SCOPED(encoding) e = NULL;
	char part[4096];

	if (!encoding_create(&e, g->encoding, err))
		return false;
	if (!e)
		return mend_lines(g, s, err);
	while (s.len) {
		size_t used, n = encoding_convert(e, s.ptr, s.len, &used, part,
						  sizeof part, true);

		strbuf_add(&g->text, str_span(part, n));
		s = str_span(s.ptr + used, s.len - used);
	}
	return true;
}

static struct str intern_cell(struct guess_column *c, struct str cell, uint32_t row)
{
	uint32_t n = map_count(c->values), code;

	c->code[row] = MAP_NONE;
	if (!str_trim(cell).len || field_missing(str_trim(cell))) {
		c->unknown++;
		return cell;
	}
	code = map_intern(c->values, cell, NULL);
	if (code == MAP_NONE)
		return cell;
	if (code == n) {
		MEM_GROW(c->count, c->cap_count, n + 1);
		c->count[n] = 0;
	}
	c->count[code]++;
	c->code[row] = code;
	c->filled++;
	return cell;
}

static bool looks_like_data(struct str s)
{
	struct decimal d;
	int64_t ms;

	return s.len &&
	       (num_decimal(s, &d) || time_parse(s, &ms) || time_parse_date(s, &ms));
}

/* Names are not numbers, are not all empty, and don't come again below. */
static void find_header(struct guess *g)
{
	bool data = false, any = false;

	for (unsigned i = 0; i < g->n; i++) {
		struct guess_column *c = &g->column[i];
		uint32_t code = g->rows ? c->code[0] : MAP_NONE;
		struct str cell =
			code == MAP_NONE ? STR_NULL : str_trim(map_key(c->values, code));

		any |= cell.len > 0;
		data |= looks_like_data(cell) ||
			(cell.len && c->count[code] > 2 && c->distinct < g->rows / 2);
	}
	g->header = any && !data;
}

/* Take the first row out and make it the names. */
static void take_header(struct guess *g)
{
	for (unsigned i = 0; i < g->n; i++) {
		struct guess_column *c = &g->column[i];
		uint32_t code = c->code[0];

		if (g->header && code != MAP_NONE) {
			c->name = arena_str(g->arena, str_trim(map_key(c->values, code)));
			c->filled--;
			c->distinct -= --c->count[code] == 0;
		}
		if (!c->name.len)
			c->name = arena_printf(g->arena, "%u", i + 1);
		STRBUF(clean);
		sanitize(&clean, c->name, SANITIZE_LINE);
		c->shown = arena_str(g->arena, strbuf_str(&clean));
		if (g->header)
			memmove(c->code, c->code + 1, (g->rows - 1) * sizeof *c->code);
	}
	if (g->header)
		memmove(g->line, g->line + 1, (g->rows - 1) * sizeof *g->line);
	g->rows -= g->header;
}

/* Separators and nothing between them. */
static bool is_blank(const struct csv_record *r)
{
	for (unsigned i = 0; i < r->n; i++)
		if (str_trim(r->field[i]).len)
			return false;
	return true;
}

/* The last records, some of which may be sums or notes. */
struct tail {
	struct {
		struct str first;
		unsigned filled;
	} record[FOOTERS];
	unsigned n;
	uint64_t filled;	/* fields of all records */
};

static void add_tail(struct guess *g, struct tail *t, const struct csv_record *r)
{
	unsigned filled = 0, at = t->n++ % FOOTERS;

	for (unsigned i = 0; i < r->n && i < DATASET_COLUMNS; i++)
		filled += str_trim(r->field[i]).len > 0;
	t->filled += filled;
	t->record[at].first = r->n ? arena_str(g->arena, str_trim(r->field[0])) : STR_NULL;
	t->record[at].filled = filled;
}

/* Does another record begin so, too? */
static bool begins_more(const struct guess *g, struct str text)
{
	const struct guess_column *c = &g->column[0];
	uint32_t n = 0;

	for (uint32_t v = 0; v < map_count(c->values); v++)
		n += str_starts(str_trim(map_key(c->values, v)), text) ? c->count[v] : 0;
	return n > 1;
}

/* Sums and notes behind the last record: words with half as many fields at most. */
static void find_footer(struct guess *g, const struct tail *t)
{
	unsigned first = t->n > FOOTERS ? t->n - FOOTERS : 0;

	for (unsigned i = first; i < t->n; i++) {
		struct str s = t->record[i % FOOTERS].first;

		if (i == 0 || !s.len || s.len > FORM_HELD / 2 || begins_more(g, s) ||
		    (unsigned char)(s.ptr[0] - '0') <= 9 ||
		    (uint64_t)t->record[i % FOOTERS].filled * 2 * t->n > t->filled)
			continue;
		strbuf_adds(&g->footer, g->footer.len ? "|" : "");
		mapping_add_text(&g->footer, s);
	}
}

static bool read_rows(struct guess *g, struct err *err)
{
	struct tail tail = {.n = 0};
	struct split_piece piece = guess_piece(&g->text);
	struct csv_record r;
	struct csv csv;

	for (unsigned i = 0; i < g->n; i++) {
		g->column[i].values = map_create();
		g->column[i].code = mem_alloc(GUESS_ROWS * sizeof *g->column[i].code);
	}
	g->line = mem_alloc(GUESS_ROWS * sizeof *g->line);
	csv_reader_init(&csv, g->form.separator, &g->limits);
	csv_reader_start(&csv, &piece);
	while (g->rows < GUESS_ROWS && csv_reader_next(&csv, &r)) {
		if (!r.reason && !is_blank(&r))
			add_tail(g, &tail, &r);
		if (r.reason || r.n != g->n) {
			g->misfits++;
			continue;
		}
		if (is_blank(&r))
			continue;
		for (unsigned i = 0; i < g->n; i++)
			intern_cell(&g->column[i], r.field[i], g->rows);
		g->line[g->rows++] = r.line < g->head_lines ? (uint32_t)r.line + 1 : 0;
	}
	csv_reader_finish(&csv);
	if (g->rows < GUESS_ROWS)
		find_footer(g, &tail);
	for (unsigned i = 0; i < g->n; i++)
		g->column[i].distinct = map_count(g->column[i].values);
	return g->rows > 0 ||
	       err_fail(err, ERR_FORMAT, "%s: no record has %u fields", g->file, g->n);
}

static bool refuse_others(struct guess *g, struct str s, struct err *err)
{
	if (!foreign_check(g->file, str_span(s.ptr, s.len < START ? s.len : START), err))
		return false;
	if (str_trim(s).len == 0)
		return err_fail(err, ERR_FORMAT, "%s is empty", g->file);
	return true;
}

/* A few spoil the lines that they are in, many are no text. */
static bool many_nuls(struct str s)
{
	size_t n = 0;

	for (const char *p = s.ptr; (p = memchr(p, 0, (size_t)(s.ptr + s.len - p))); p++)
		n++;
	return n * 500 > s.len;
}

bool guess_sample(struct guess *g, struct str bytes, bool whole, struct err *err)
{
	struct str text;

	if (!refuse_others(g, bytes, err))
		return false;
	find_encoding(g, bytes);
	if (!convert(g, bytes, err))
		return false;
	text = strbuf_str(&g->text);
	if (many_nuls(text))
		return err_fail(err, ERR_FORMAT, "%s has NUL bytes: it is not text",
				g->file);
	if (!guess_form(g, err) || !read_rows(g, err))
		return false;
	find_header(g);
	take_header(g);
	if (!g->rows)
		return err_fail(err, ERR_FORMAT, "%s has a header and no records",
				g->file);
	g->export = guess_export(g);
	guess_fill(g);
	for (unsigned i = 0; i < g->n; i++)
		guess_look(g, &g->column[i]);
	return true;
}
