/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records without a quote are cut by a vector scan, the others by libcsv. */
#include "config.h"

#include "data/csv.h"

#include <limits.h>
#include <stdlib.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/mem.h"

/* libcsv trims what this calls a space: nothing. */
static int never_space(unsigned char c)
{
	(void)c;
	return 0;
}

/* split_record has refused longer fields; this holds if it ever did not. */
static void *capped_realloc(void *p, size_t size)
{
	return size > 2 * SPLIT_FIELD_MAX ? NULL : realloc(p, size);
}

static void parser_init(struct csv *c)
{
	csv_init(&c->parser, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_delim(&c->parser, (unsigned char)c->sep);
	csv_set_quote(&c->parser, (unsigned char)c->quote);
	csv_set_space_func(&c->parser, never_space);
	csv_set_realloc_func(&c->parser, capped_realloc);
	csv_set_blk_size(&c->parser, 4096);
}

void csv_reader_init(struct csv *c, char separator, const struct split_limits *limits)
{
	*c = (struct csv){.sep = separator, .quote = split_quote(limits),
			  .limits = limits, .plain = true};
	parser_init(c);
}

void csv_reader_finish(struct csv *c)
{
	csv_free(&c->parser);
	table_rows_finish(&c->table);
	strbuf_finish(&c->text);
	free(c->field);
	free(c->start);
}

void csv_reader_slow(struct csv *c, bool slow)
{
	c->plain = !slow;
}

/* Bits of the separators, quotes and line ends among the 64 bytes at p. */
static uint64_t special_bytes(const char *p, char sep, char quote)
{
	uint64_t mask = 0;
#ifdef __SSE2__
	const __m128i s = _mm_set1_epi8(sep), q = _mm_set1_epi8(quote);
	const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');

	for (int i = 0; i < 4; i++) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
		__m128i a = _mm_or_si128(_mm_cmpeq_epi8(v, s), _mm_cmpeq_epi8(v, q));
		__m128i b = _mm_or_si128(_mm_cmpeq_epi8(v, lf), _mm_cmpeq_epi8(v, cr));
		unsigned m = (unsigned)_mm_movemask_epi8(_mm_or_si128(a, b));

		mask |= (uint64_t)m << (16 * i);
	}
#else
	for (int i = 0; i < 64; i++) {
		char c = p[i];

		mask |= (uint64_t)(c == sep || c == quote || c == '\n' || c == '\r') << i;
	}
#endif
	return mask;
}

/* Set block and mask to where p is. */
static void load(struct csv *c, const char *p)
{
	size_t left = (size_t)(c->end - p);

	c->block = p;
	if (left >= 64) {
		c->mask = special_bytes(p, c->sep, c->quote);
	} else {
		char tail[64] = {0};

		memcpy(tail, p, left);
		c->mask = special_bytes(tail, c->sep, c->quote);
		if (left < 64)
			c->mask &= (UINT64_C(1) << left) - 1;
	}
}

/* The next special byte, or the end of the piece. */
static inline const char *next_special(struct csv *c)
{
	const char *p;

	while (!c->mask) {
		if (c->end - c->block <= 64)
			return c->end;
		load(c, c->block + 64);
	}
	p = c->block + __builtin_ctzll(c->mask);
	c->mask &= c->mask - 1;
	return p;
}

void csv_reader_start(struct csv *c, const struct split_piece *piece)
{
	c->pos = piece->ptr;
	c->end = piece->end;
	c->limit = piece->limit;
	c->eof = piece->eof;
	c->line = 0;
	c->err.code = ERR_NONE;
	c->table.table = NULL;
	if (piece->part.of) {
		table_rows_start(&c->table, &piece->part);
		c->names = piece->part.names;
		c->record = STR_NULL;
		MEM_GROW(c->field, c->cap, table_columns(piece->part.of) + 1);
		return;
	}
	c->nul = memchr(c->pos, 0, (size_t)(c->end - c->pos)) != NULL;
	load(c, c->pos);
}

static bool set_bad(struct csv_record *r, enum reject_reason reason, unsigned column)
{
	r->reason = reason;
	r->column = column;
	r->n = 0;
	return true;
}

static struct str without_eol(struct str s)
{
	if (s.len && s.ptr[s.len - 1] == '\n')
		s.len--;
	if (s.len && s.ptr[s.len - 1] == '\r')
		s.len--;
	return s;
}

/* Step over the len bytes of a record and count its lines. */
static void step(struct csv *c, struct csv_record *r, size_t len, bool many_lines)
{
	struct str all = {c->pos, len};
	char last = len ? all.ptr[len - 1] : 0;

	r->text = without_eol(all);
	r->cut = c->eof && c->pos + len == c->limit && last != '\n' && last != '\r';
	c->line += many_lines ? split_count_lines(all) : last == '\n' || last == '\r';
	c->pos += len;
	load(c, c->pos);
}

static inline void set_field(struct csv *c, unsigned i, const char *ptr, size_t len)
{
	if (i >= c->cap)
		MEM_GROW(c->field, c->cap, (size_t)i + 1);
	c->field[i] = str_span(ptr, len);
}

static void on_field(void *field, size_t len, void *ctx)
{
	struct csv *c = ctx;

	if (c->n++ < CSV_FIELDS) {
		MEM_GROW(c->start, c->cap_start, (size_t)c->n + 1);
		strbuf_add(&c->text, str_span(field, len));
		c->start[c->n] = c->text.len;
	}
}

static void on_row(int end, void *ctx)
{
	(void)end;
	(void)ctx;
}

/* Let libcsv take the record apart; false when it finds it malformed. */
static bool libcsv_record(struct csv *c, struct csv_record *r, size_t len)
{
	strbuf_reset(&c->text);
	c->n = 0;
	MEM_GROW(c->start, c->cap_start, 1);
	c->start[0] = 0;
	if (csv_parse(&c->parser, c->pos, len, on_field, on_row, c) != len ||
	    csv_fini(&c->parser, on_field, on_row, c) != 0) {
		csv_free(&c->parser);
		parser_init(c);
		return false;
	}
	r->n = c->n;
	r->copied = true;
	for (unsigned i = 0; i < c->n && i < CSV_FIELDS; i++)
		set_field(c, i, strbuf_c(&c->text) + c->start[i],
			  c->start[i + 1] - c->start[i]);
	r->field = c->field;
	return true;
}

/* A record with a quote in it, or one that is too long. */
static bool slow_record(struct csv *c, struct csv_record *r)
{
	struct str rest = {c->pos, (size_t)(c->limit - c->pos)};
	struct split_flaw flaw = {REJECT_QUOTE, UINT_MAX, 0};
	uint64_t line = c->line;
	size_t len = 0;
	bool ok = split_record(rest, c->eof, c->sep, c->limits, &len, &flaw) == SPLIT_OK;

	if (ok && !libcsv_record(c, r, len))
		ok = false;
	if (ok) {
		step(c, r, len, true);
		return true;
	}
	r->flaw_line = line + split_count_lines(str_span(c->pos, flaw.at));
	step(c, r, split_line(str_span(c->pos, (size_t)(c->end - c->pos))), false);
	/* Of a longer line the piece may hold only a part. */
	r->cut &= r->text.len <= c->limits->record;
	return set_bad(r, flaw.reason, flaw.column);
}

/* Fields of a record without quotes, up to its line end at p; false when a
 * quote or a length makes it a case for slow_record. */
static bool fast_record(struct csv *c, struct csv_record *r, const char **eol)
{
	const char *start = c->pos;
	unsigned n = 0;

	for (;;) {
		const char *p = next_special(c);

		if (p < c->end && *p == c->quote)
			return false;
		if (n < CSV_FIELDS)
			set_field(c, n, start, (size_t)(p - start));
		n++;
		start = p + 1;
		if (p < c->end && *p == c->sep)
			continue;
		*eol = p;
		r->n = n;
		r->field = c->field;
		return (size_t)(p - c->pos) <= c->limits->field;
	}
}

static bool check_nul(struct csv *c, struct csv_record *r)
{
	if (c->nul && r->text.len && memchr(r->text.ptr, 0, r->text.len))
		set_bad(r, REJECT_NUL, UINT_MAX);
	return true;
}

/* The next line that isn't blank is the next record of JSON. */
static bool next_line(struct csv *c)
{
	while (c->pos < c->end) {
		struct str rest = {c->pos, (size_t)(c->end - c->pos)};
		size_t len = split_line(rest);

		c->record = without_eol(str_span(rest.ptr, len));
		c->record_line = c->line;
		c->line += rest.ptr[len - 1] == '\n' || rest.ptr[len - 1] == '\r';
		c->pos += len;
		if (str_trim(c->record).len)
			return true;
	}
	return false;
}

static bool json_next(struct csv *c, struct csv_record *r)
{
	bool bad = false;

	for (;;) {
		if (c->record.ptr) {
			bool row = table_json_row(&c->table, c->field, &r->copied, &bad);

			r->line = r->flaw_line = c->record_line;
			r->text = c->record;
			if (row)
				return true;
			c->record = STR_NULL;
			if (bad)
				return set_bad(r, REJECT_JSON, UINT_MAX);
		}
		if (!next_line(c))
			return false;
		if (!table_json_start(&c->table, c->record, c->field)) {
			r->line = r->flaw_line = c->record_line;
			r->text = c->record;
			c->record = STR_NULL;
			return set_bad(r, REJECT_JSON, UINT_MAX);
		}
	}
}

/* A record of a table. */
static bool table_record(struct csv *c, struct csv_record *r)
{
	*r = (struct csv_record){.field = c->field, .n = table_columns(c->table.table),
				 .line = c->line, .flaw_line = c->line};
	if (c->names) {
		c->names = false;
		table_names(&c->table, c->field, &r->text);
		return true;
	}
	if (table_is_text(c->table.table))
		return json_next(c, r);
	if (!table_next_row(&c->table, &r->field, &r->copied, &c->err))
		return false;
	r->known = (struct known_row){c->table.known, c->table.at - 1};
	c->line++;
	return true;
}

bool csv_reader_next(struct csv *c, struct csv_record *r)
{
	const char *eol;
	size_t len;

	if (c->table.table)
		return table_record(c, r);
	while (c->pos < c->end && (*c->pos == '\n' || *c->pos == '\r')) {
		len = *c->pos == '\r' && c->end - c->pos > 1 && c->pos[1] == '\n' ? 2 : 1;
		step(c, r, len, false);
	}
	if (c->pos >= c->end)
		return false;
	r->reason = REJECT_NONE;
	r->copied = false;
	r->known.at = NULL;
	r->line = r->flaw_line = c->line;
	if (!c->plain || !fast_record(c, r, &eol)) {
		slow_record(c, r);
		return r->reason ? true : check_nul(c, r);
	}
	r->text = str_span(c->pos, (size_t)(eol - c->pos));
	r->cut = eol == c->end && c->eof && c->end == c->limit;
	if (eol == c->end && !r->cut)	/* a line of which the rest was dropped */
		return slow_record(c, r);
	c->pos = eol;
	if (eol < c->end) {
		c->line++;
		c->pos++;
		if (*eol == '\r' && c->pos < c->end && *c->pos == '\n') {
			c->pos++;
			next_special(c);
		}
	}
	return check_nul(c, r);
}

bool csv_is_formula(struct str s)
{
	static const struct str wide[] = {
		{"\xef\xbc\x9d", 3}, {"\xef\xbc\x8b", 3}, {"\xef\xbc\x8d", 3},
		{"\xef\xbc\xa0", 3},
	};
	size_t i = 0;

	while (i < s.len && s.ptr[i] == '\'')
		i++;
	if (i == s.len)
		return false;
	if (memchr("=+-@\t\r\n", s.ptr[i], 7))
		return true;
	for (size_t k = 0; k < sizeof wide / sizeof *wide; k++)
		if (str_starts(str_span(s.ptr + i, s.len - i), wide[k]))
			return true;
	return false;
}

struct str csv_without_apostrophe(struct str s)
{
	if (s.len < 2 || s.ptr[0] != '\'' || !csv_is_formula(s))
		return s;
	return str_span(s.ptr + 1, s.len - 1);
}
