/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows: every chosen column stands at the same row and gives some rows at a time, as many
 * as all have in the pages that they are at, so that texts may stay where they are. Whole
 * pages before the first row that is wanted are passed by unread.
 */
#include "config.h"

#include "base/mem.h"
#include "table/parquet_impl.h"

#define ROWS 64u	/* at a time: their texts fit into the first cache */

struct column {
	const struct leaf *leaf;	/* NULL: nothing is read */
	struct pages pages;
	struct page page;
	uint32_t left;			/* values of the page */
	uint64_t row;			/* rows that were passed */
	struct runs defined, repeated, numbers;
	struct deltas deltas;
	struct str plain;		/* of the page, what is left */
	unsigned bit;			/* of truth values */
	size_t at;			/* of values that are split into bytes */
	struct str *word;		/* of the dictionary */
	uint32_t n_words;
	size_t cap_words;
	char *word_page, *word_text;
	char *text;			/* (ROWS, VALUE_TEXT) */
	struct value_texts texts;
	enum parquet_kind kind;
	int64_t *known;			/* (ROWS) of such a kind; else NULL */
	int64_t *word_known;		/* (n_words) */
	struct strbuf list;		/* texts of lists */
	bool level_read;		/* the next value's levels are known */
	uint32_t level[2];		/* defined, repeated */
};

struct parquet_cursor {
	const struct parquet_group *group;
	const struct parquet *file;
	unsigned number;		/* of the group */
	uint64_t at, end;		/* rows */
	struct column *column;
	unsigned n;
	struct str *cell;		/* (ROWS, n) */
	struct parquet_known *known;	/* (n) */
	bool lost;			/* after an error: columns stand anywhere */
};

struct parquet_cursor *parquet_cursor_create(void)
{
	return mem_zalloc(sizeof(struct parquet_cursor));
}

static void forget_words(struct column *c)
{
	free(c->word_page);
	free(c->word_text);
	free(c->word_known);
	c->word_page = c->word_text = NULL;
	c->word_known = NULL;
	c->n_words = 0;
}

static void finish(struct parquet_cursor *c)
{
	for (unsigned i = 0; i < c->n; i++) {
		forget_words(&c->column[i]);
		free(c->column[i].word);
		pages_finish(&c->column[i].pages);
		free(c->column[i].text);
		free(c->column[i].known);
		strbuf_finish(&c->column[i].list);
	}
	free(c->column);
	free(c->cell);
	free(c->known);
	*c = (struct parquet_cursor){0};
}

void parquet_cursor_destroy(struct parquet_cursor *c)
{
	if (!c)
		return;
	finish(c);
	free(c);
}

/* At the first row of its group. */
static void rewind_column(struct column *c, const struct parquet_group *g, unsigned i)
{
	const struct parquet *p = g->file;
	uint32_t leaf = p->chosen[i];

	if (leaf == PARQUET_NONE)
		return;
	forget_words(c);
	c->leaf = c->texts.leaf = &p->leaf[leaf];
	c->pages.at = (struct parquet_place){p, g->number, leaf};
	c->pages.leaf = c->leaf;
	pages_start(&c->pages, &p->group[g->number].chunk[leaf]);
	if (!c->text)
		c->text = mem_alloc(ROWS * VALUE_TEXT);
	c->kind = value_kind(c->leaf);
	if (c->kind && !c->known)
		c->known = mem_alloc(ROWS * sizeof *c->known);
	c->left = 0;
	c->row = 0;
	c->level_read = false;
}

void parquet_seek(struct parquet_cursor *c, const struct parquet_group *g, uint64_t first,
		  uint64_t rows)
{
	bool on = !c->lost && c->group == g && c->number == g->number && c->at <= first;

	if (c->file != g->file) {
		finish(c);
		c->file = g->file;
		c->n = g->file->n_chosen;
		c->column = mem_zalloc((c->n + 1) * sizeof *c->column);
		c->cell = mem_alloc((size_t)ROWS * (c->n + 1) * sizeof *c->cell);
		c->known = mem_zalloc((c->n + 1) * sizeof *c->known);
	}
	c->group = g;
	c->number = g->number;
	for (unsigned i = 0; i < c->n && !on; i++)
		rewind_column(&c->column[i], g, i);
	for (unsigned i = 0; i < c->n && !on; i++)
		c->known[i] = (struct parquet_known){c->column[i].kind, c->column[i].known};
	c->at = first;
	c->end = first + rows;
	c->lost = false;
}

/* ---- values that are there */

static bool short_page(struct column *c, struct err *err)
{
	return parquet_fail(&c->pages.at, err, "a page holds fewer values than it says");
}

static bool get_words(struct column *c, struct str *to, unsigned stride, uint32_t n,
		      struct err *err)
{
	uint32_t number[ROWS], most = 0;

	if (!runs_get(&c->numbers, number, n))
		return short_page(c, err);
	for (uint32_t i = 0; i < n; i++)
		most = number[i] > most ? number[i] : most;
	if (n && most >= c->n_words)
		return parquet_fail(&c->pages.at, err, "a value is none of its dictionary");
	for (uint32_t i = 0; i < n; i++)
		to[(size_t)i * stride] = c->word[number[i]];
	for (uint32_t i = 0; c->kind && i < n; i++)
		c->known[i] = c->word_known[number[i]];
	return true;
}

/* The next text of the plain encoding: its length and its bytes. */
static inline bool cut_text(struct str *from, struct str *raw)
{
	size_t n;

	if (from->len < 4)
		return false;
	n = (size_t)(uint8_t)from->ptr[0] | (size_t)(uint8_t)from->ptr[1] << 8 |
	    (size_t)(uint8_t)from->ptr[2] << 16 | (size_t)(uint8_t)from->ptr[3] << 24;
	if (n > from->len - 4)
		return false;
	*raw = str_span(from->ptr + 4, n);
	*from = str_span(from->ptr + 4 + n, from->len - 4 - n);
	return true;
}

/* The next value of the plain encoding, but for bits. */
static bool cut_value(const struct leaf *leaf, struct str *from, struct str *raw)
{
	size_t n = value_bytes(leaf);

	if (!n)
		return cut_text(from, raw);
	if (n > from->len)
		return false;
	*raw = str_span(from->ptr, n);
	*from = str_span(from->ptr + n, from->len - n);
	return true;
}

static struct str truth(bool x)
{
	return x ? STR("true") : STR("false");
}

/* Bytes of a value's text that is made and not borrowed. */
static unsigned text_bytes(const struct leaf *leaf)
{
	bool borrowed = leaf->type >= PARQUET_BYTES && leaf->meaning != MEANS_DECIMAL &&
			leaf->meaning != MEANS_UUID;

	return borrowed ? 0 : VALUE_TEXT;
}

static bool get_bits(struct column *c, struct str *to, unsigned stride, uint32_t n,
		     struct err *err)
{
	for (uint32_t i = 0; i < n; i++, c->bit++) {
		if (c->bit / 8 >= c->plain.len)
			return short_page(c, err);
		to[(size_t)i * stride] =
			truth((uint8_t)c->plain.ptr[c->bit / 8] >> (c->bit % 8) & 1);
	}
	return true;
}

static bool get_plain(struct column *c, struct str *to, unsigned stride, uint32_t n,
		      struct err *err)
{
	struct value_cells cells = {to, stride, c->text, c->known};
	size_t size = value_bytes(c->leaf);
	struct str from = c->plain, raw;

	if (c->leaf->type == PARQUET_BOOLEAN)
		return get_bits(c, to, stride, n, err);
	if (size) {
		if (n > from.len / size)
			return short_page(c, err);
		value_run(&c->texts, from.ptr, n, cells);
		c->plain = str_span(from.ptr + n * size, from.len - n * size);
		return true;
	}
	for (uint32_t i = 0; i < n; i++, to += stride) {
		if (!cut_text(&from, &raw))
			return short_page(c, err);
		*to = c->leaf->meaning == MEANS_PLAIN
			      ? raw : value_text(&c->texts, raw, c->text + i * VALUE_TEXT);
	}
	c->plain = from;
	return true;
}

/* All first bytes of the values, then all second ones ... */
static bool get_split(struct column *c, struct str *to, unsigned stride, uint32_t n,
		      struct err *err)
{
	unsigned size = value_bytes(c->leaf);
	size_t all = c->plain.len / size;
	char raw[8] = {0};

	if (n > all - c->at)
		return short_page(c, err);
	for (uint32_t i = 0; i < n; i++, c->at++) {
		for (unsigned k = 0; k < size; k++)
			raw[k] = c->plain.ptr[k * all + c->at];
		to[(size_t)i * stride] = value_text(&c->texts, str_span(raw, size),
						    c->text + (size_t)i * VALUE_TEXT);
		if (c->kind)
			c->known[i] = c->texts.known;
	}
	return true;
}

static bool get_truths(struct column *c, struct str *to, unsigned stride, uint32_t n,
		       struct err *err)
{
	uint32_t x[ROWS];

	if (!runs_get(&c->numbers, x, n))
		return short_page(c, err);
	for (uint32_t i = 0; i < n; i++)
		to[(size_t)i * stride] = truth(x[i]);
	return true;
}

/* Numbers, or lengths of texts that follow. */
static bool get_deltas(struct column *c, struct str *to, unsigned stride, uint32_t n,
		       struct err *err)
{
	int64_t x[ROWS];

	if (!deltas_get(&c->deltas, x, n))
		return short_page(c, err);
	for (uint32_t i = 0; i < n; i++) {
		struct str *cell = &to[(size_t)i * stride];
		char *room = c->text + (size_t)i * VALUE_TEXT;

		if (c->page.encoding == ENCODING_DELTA) {
			*cell = value_of_integer(&c->texts, x[i], room);
			if (c->kind)
				c->known[i] = c->texts.known;
			continue;
		}
		if (x[i] < 0 || (uint64_t)x[i] > c->plain.len)
			return short_page(c, err);
		*cell = value_text(&c->texts, str_span(c->plain.ptr, (size_t)x[i]), room);
		c->plain.ptr += x[i];
		c->plain.len -= (size_t)x[i];
	}
	return true;
}

static bool get_values(struct column *c, struct str *to, unsigned stride, uint32_t n,
		       struct err *err)
{
	switch (c->page.encoding) {
	case ENCODING_PLAIN:
		return get_plain(c, to, stride, n, err);
	case ENCODING_RLE:
		return get_truths(c, to, stride, n, err);
	case ENCODING_DELTA:
	case ENCODING_DELTA_LENGTH:
		return get_deltas(c, to, stride, n, err);
	case ENCODING_SPLIT:
		return get_split(c, to, stride, n, err);
	default:
		return get_words(c, to, stride, n, err);
	}
}

/* ---- pages */

/* The dictionary's values stay while its group is read. */
static bool take_words(struct column *c, struct err *err)
{
	unsigned size = value_bytes(c->leaf);
	struct page page;
	struct str from, raw;
	char *text;

	if (c->word_page)
		return parquet_fail(&c->pages.at, err, "it has two dictionaries");
	if (!pages_open(&c->pages, &page, err))
		return false;
	if ((page.encoding != ENCODING_PLAIN && page.encoding != ENCODING_PLAIN_DICTIONARY) ||
	    page.values > page.data.len / (size ? size : 4) || c->leaf->type == PARQUET_BOOLEAN)
		return parquet_fail(&c->pages.at, err, "its dictionary is damaged");
	c->word_page = mem_big(page.data.len, 1, "a dictionary", err);
	c->word_text = mem_big((size_t)page.values + 1, text_bytes(c->leaf), "a dictionary", err);
	if (c->kind)
		c->word_known = mem_big(page.values, sizeof *c->word_known, "a dictionary", err);
	if (!c->word_page || !c->word_text || (c->kind && !c->word_known))
		return false;
	if (page.data.len)
		memcpy(c->word_page, page.data.ptr, page.data.len);
	from = str_span(c->word_page, page.data.len);
	MEM_GROW(c->word, c->cap_words, page.values);
	/* Close together: they are looked up at random. */
	text = c->word_text;
	for (uint32_t i = 0; i < page.values; i++) {
		if (!cut_value(c->leaf, &from, &raw))
			return parquet_fail(&c->pages.at, err, "its dictionary is cut short");
		c->word[i] = value_text(&c->texts, raw, text);
		if (c->kind)
			c->word_known[i] = c->texts.known;
		if (text_bytes(c->leaf))
			text += c->word[i].len;
	}
	c->n_words = page.values;
	return true;
}

static unsigned level_bits(unsigned most)
{
	return most ? 32 - (unsigned)__builtin_clz(most) : 0;
}

static bool start_numbers(struct column *c, struct err *err)
{
	struct str s = c->page.data;

	if (!c->word_page)
		return parquet_fail(&c->pages.at, err, "its dictionary is missing");
	if (!s.len) {
		runs_start(&c->numbers, s, 0);
		return true;
	}
	if ((uint8_t)s.ptr[0] > 32)
		return parquet_fail(&c->pages.at, err, "a page says what can't be");
	runs_start(&c->numbers, str_span(s.ptr + 1, s.len - 1), (uint8_t)s.ptr[0]);
	return true;
}

/* Lengths stand before the texts: pass over them once. */
static bool start_lengths(struct column *c, struct err *err)
{
	struct deltas all;
	int64_t some[ROWS];

	if (!deltas_start(&c->deltas, c->page.data, true))
		return short_page(c, err);
	all = c->deltas;
	while (all.left)
		if (!deltas_get(&all, some, all.left < ROWS ? (uint32_t)all.left : ROWS))
			return short_page(c, err);
	c->plain.len -= (size_t)(deltas_end(&all) - (const uint8_t *)c->plain.ptr);
	c->plain.ptr = (const char *)deltas_end(&all);
	return true;
}

static bool start_values(struct column *c, struct err *err)
{
	static const char *const name[ENCODINGS] = {
		"PLAIN", "1", "PLAIN_DICTIONARY", "RLE", "BIT_PACKED", "DELTA_BINARY_PACKED",
		"DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY", "RLE_DICTIONARY",
		"BYTE_STREAM_SPLIT",
	};
	enum parquet_type type = c->leaf->type;

	c->plain = c->page.data;
	c->bit = 0;
	switch (c->page.encoding) {
	case ENCODING_PLAIN:
		return true;
	case ENCODING_DICTIONARY:
	case ENCODING_PLAIN_DICTIONARY:
		return start_numbers(c, err);
	case ENCODING_RLE:
		if (type != PARQUET_BOOLEAN)
			break;
		/* behind their length */
		if (c->plain.len < 4)
			return short_page(c, err);
		runs_start(&c->numbers, str_span(c->plain.ptr + 4, c->plain.len - 4), 1);
		return true;
	case ENCODING_DELTA:
		if (type != PARQUET_INT32 && type != PARQUET_INT64)
			break;
		return deltas_start(&c->deltas, c->page.data, type == PARQUET_INT32) ||
		       short_page(c, err);
	case ENCODING_DELTA_LENGTH:
		if (type == PARQUET_BYTES)
			return start_lengths(c, err);
		break;
	case ENCODING_SPLIT:
		c->at = 0;
		if (type == PARQUET_INT32 || type == PARQUET_INT64 || type == PARQUET_FLOAT ||
		    type == PARQUET_DOUBLE)
			return true;
		break;
	default:
		break;
	}
	return parquet_fail(&c->pages.at, err, "its values are written as %s, which isn't read",
			    name[c->page.encoding]);
}

static bool next_page(struct column *c, struct err *err)
{
	for (;;) {
		if (!pages_peek(&c->pages, err))
			return false;
		if (c->pages.head.kind != PAGE_DICTIONARY)
			break;
		if (!take_words(c, err))
			return false;
	}
	if (!pages_open(&c->pages, &c->page, err))
		return false;
	runs_start(&c->defined, c->page.defined, level_bits(c->leaf->defined));
	runs_start(&c->repeated, c->page.repeated, level_bits(c->leaf->repeated));
	c->left = c->page.values;
	return start_values(c, err);
}

/* ---- rows of columns with one value in each */

/* The next n <= left values, missing ones as empty texts. */
static bool get_rows(struct column *c, struct str *to, unsigned stride, uint32_t n,
		     struct err *err)
{
	uint32_t level[ROWS], there = 0;
	struct str value[ROWS];

	c->left -= n;
	c->row += n;
	if (!c->leaf->defined)
		return get_values(c, to, stride, n, err);
	if (runs_same(&c->defined, c->leaf->defined, n))
		return get_values(c, to, stride, n, err);
	if (!runs_get(&c->defined, level, n))
		return short_page(c, err);
	for (uint32_t i = 0; i < n; i++)
		there += level[i] == c->leaf->defined;
	if (there == n)
		return get_values(c, to, stride, n, err);
	if (!get_values(c, value, 1, there, err))
		return false;
	/* From the end on: what is known lies closer together before. */
	for (uint32_t i = n; i-- > 0;) {
		bool is = level[i] == c->leaf->defined;

		to[(size_t)i * stride] = is ? value[--there] : STR("");
		if (c->kind)
			c->known[i] = is ? c->known[there] : PARQUET_UNKNOWN;
	}
	return true;
}

/* Forward to a row; whole pages are passed by. */
static bool pass_rows(struct column *c, uint64_t row, struct err *err)
{
	struct str none[ROWS];

	while (c->row < row) {
		uint64_t n = row - c->row;

		if (!c->left) {
			if (!pages_peek(&c->pages, err))
				return false;
			if (c->pages.head.kind != PAGE_DICTIONARY &&
			    (uint64_t)c->pages.head.values <= n) {
				c->row += (uint64_t)c->pages.head.values;
				pages_skip(&c->pages);
			} else if (!next_page(c, err)) {
				return false;
			}
			continue;
		}
		n = n < c->left ? n : c->left;
		if (!get_rows(c, none, 1, n < ROWS ? (uint32_t)n : ROWS, err))
			return false;
	}
	while (!c->left)
		if (!next_page(c, err))
			return false;
	return true;
}

/* ---- lists */

/* Levels of the next value; false at the end of the chunk or on an error. */
static bool peek_level(struct column *c, struct err *err, bool *end)
{
	*end = false;
	if (c->level_read)
		return true;
	while (!c->left) {
		*end = c->pages.left == 0;
		if (*end || !next_page(c, err))
			return false;
	}
	if (!runs_get(&c->defined, &c->level[0], 1) || !runs_get(&c->repeated, &c->level[1], 1))
		return short_page(c, err);
	c->level_read = true;
	return true;
}

/* Append the row's list to c->list. */
static bool get_list(struct column *c, struct err *err)
{
	size_t from = c->list.len;
	bool end, any = false;

	for (bool first = true; peek_level(c, err, &end); first = false) {
		struct str value = STR("");

		if (!first && c->level[1] == 0)
			goto done;
		if (c->level[0] == c->leaf->defined && !get_values(c, &value, 1, 1, err))
			return false;
		c->level_read = false;
		c->left--;
		if (c->level[0] < c->leaf->element)
			continue;
		if (any)
			strbuf_addc(&c->list, '|');
		any = true;
		strbuf_add(&c->list, value);
		if (c->list.len - from > PARQUET_LIST)
			return parquet_fail(&c->pages.at, err, "a list is over 1 MiB long");
	}
	if (!end)
		return false;
done:
	c->row++;
	return true;
}

/* The next n rows. */
static bool get_lists(struct column *c, struct str *to, unsigned stride, uint32_t n,
		      struct err *err)
{
	size_t ends[ROWS], from = 0;

	strbuf_reset(&c->list);
	for (uint32_t i = 0; i < n; i++) {
		if (!get_list(c, err))
			return false;
		ends[i] = c->list.len;
	}
	for (uint32_t i = 0; i < n; i++) {
		to[(size_t)i * stride] = str_span(strbuf_c(&c->list) + from, ends[i] - from);
		from = ends[i];
	}
	return true;
}

static bool pass_lists(struct column *c, uint64_t row, struct err *err)
{
	while (c->row < row) {
		strbuf_reset(&c->list);
		if (!get_list(c, err))
			return false;
	}
	return true;
}

/* ---- all columns */

static bool get_some(struct parquet_cursor *c, unsigned *n, struct err *err)
{
	uint64_t rows = c->end - c->at;

	for (unsigned i = 0; i < c->n && rows; i++) {
		struct column *k = &c->column[i];

		if (!k->leaf)
			continue;
		if (!(k->leaf->repeated ? pass_lists : pass_rows)(k, c->at, err))
			return false;
		if (!k->leaf->repeated && k->left < rows)
			rows = k->left;
	}
	*n = rows < ROWS ? (unsigned)rows : ROWS;
	for (unsigned i = 0; i < c->n && *n; i++) {
		struct column *k = &c->column[i];

		for (unsigned r = 0; r < *n && !k->leaf; r++)
			c->cell[(size_t)r * c->n + i] = STR("");
		if (k->leaf && !(k->leaf->repeated ? get_lists : get_rows)(
				       k, c->cell + i, c->n, *n, err))
			return false;
	}
	c->at += *n;
	return true;
}

const struct parquet_known *parquet_known(const struct parquet_cursor *c)
{
	return c->known;
}

bool parquet_next(struct parquet_cursor *c, const struct str **cells, unsigned *n,
		  struct err *err)
{
	if (!get_some(c, n, err)) {
		c->lost = true;
		return false;
	}
	*cells = c->cell;
	return true;
}
