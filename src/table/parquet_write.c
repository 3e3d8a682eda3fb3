/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows wait as cells until a group is full; then a column is a page: its levels as runs,
 * its values behind one another. Source: as of table/parquet.h.
 */
#include "config.h"

#include "table/parquet_write.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <zstd.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "base/time.h"
#include "table/parquet_form.h"
#include "table/thrift_put.h"

#define GROUP_ROWS 65536u
#define GROUP_BYTES ((size_t)32 << 20)
#define ZSTD_LEVEL 3

enum cell_kind {
	CELL_NONE,
	CELL_TEXT,
	CELL_INTEGER,
	CELL_REAL,
	CELL_FLOAT,
	CELL_TIME,
	CELL_FLOATS,
};

struct cell {
	enum cell_kind kind;
	uint32_t len;		/* bytes of a text, numbers of a list */
	union {
		int64_t integer;
		double real;
		size_t at;	/* of a text or a list in the column's bytes */
	};
};

struct written {
	int64_t at, size, packed, values;
};

struct column {
	char *name;
	enum cell_kind kind;	/* CELL_NONE: not known before the first group */
	struct strbuf bytes;
	struct cell *cell;	/* (rows of the group) */
	size_t cap;
	struct written *group;	/* (groups) */
	size_t cap_groups;
};

struct parquet_writer {
	struct out *out;
	int64_t at;		/* bytes of the file */
	struct column *column;
	unsigned n, next;	/* the column of the next cell */
	size_t rows, bytes;	/* of the group */
	int64_t all_rows;
	int64_t *group_rows;
	uint32_t groups;
	size_t cap_groups;
	ZSTD_CCtx *zstd;
};

static const struct {
	enum parquet_type type;
	int converted;		/* -1: nothing but the type */
} forms[] = {
	[CELL_NONE] = {PARQUET_BYTES, 0},
	[CELL_TEXT] = {PARQUET_BYTES, 0},
	[CELL_INTEGER] = {PARQUET_INT64, -1},
	[CELL_REAL] = {PARQUET_DOUBLE, -1},
	[CELL_FLOAT] = {PARQUET_FLOAT, -1},
	[CELL_TIME] = {PARQUET_INT64, 9},
	[CELL_FLOATS] = {PARQUET_FLOAT, -1},
};

static void put(struct parquet_writer *w, struct str s)
{
	out_add(w->out, s);
	w->at += (int64_t)s.len;
}

struct parquet_writer *parquet_writer_create(struct out *out, const char *const *name,
					     unsigned n)
{
	struct parquet_writer *w = mem_zalloc(sizeof *w);

	w->out = out;
	w->n = n;
	w->column = mem_zalloc(n * sizeof *w->column);
	for (unsigned i = 0; i < n; i++)
		w->column[i].name = mem_strdup(name[i]);
	put(w, STR(PARQUET_MAGIC));
	return w;
}

void parquet_writer_destroy(struct parquet_writer *w)
{
	if (!w)
		return;
	for (unsigned i = 0; i < w->n; i++) {
		free(w->column[i].name);
		free(w->column[i].cell);
		free(w->column[i].group);
		strbuf_finish(&w->column[i].bytes);
	}
	free(w->column);
	free(w->group_rows);
	ZSTD_freeCCtx(w->zstd);
	free(w);
}

/* ---- pages */

static void add_little(struct strbuf *b, uint64_t x, unsigned bytes)
{
	for (; bytes--; x >>= 8)
		strbuf_addc(b, (char)x);
}

/* A run of one level. */
struct run {
	struct strbuf *to;
	uint64_t n;
	unsigned level;
};

static void end_run(struct run *r)
{
	uint64_t head = r->n << 1;

	if (!r->n)
		return;
	for (; head > 127; head >>= 7)
		strbuf_addc(r->to, (char)(head | 128));
	strbuf_addc(r->to, (char)head);
	strbuf_addc(r->to, (char)r->level);
	r->n = 0;
}

static void add_level(struct run *r, unsigned level)
{
	if (r->n && r->level != level)
		end_run(r);
	r->level = level;
	r->n++;
}

/* Behind their length. */
static void add_levels(struct strbuf *page, const struct strbuf *levels)
{
	add_little(page, levels->len, 4);
	strbuf_add(page, strbuf_str(levels));
}

/* Levels of a column; how many values that makes, empty lists and missing ones too. */
static int64_t put_levels(const struct column *c, size_t rows, struct strbuf *page)
{
	STRBUF(defined);
	STRBUF(repeated);
	struct run d = {.to = &defined}, r = {.to = &repeated};
	bool lists = c->kind == CELL_FLOATS;
	int64_t values = 0;

	for (size_t i = 0; i < rows; i++) {
		const struct cell *x = &c->cell[i];
		uint32_t n = lists && x->kind != CELL_NONE ? x->len : 0;

		if (!lists || !n) {
			add_level(&d, !lists && x->kind != CELL_NONE);
			add_level(&r, 0);
			values++;
		}
		for (uint32_t k = 0; k < n; k++) {
			add_level(&d, 1);
			add_level(&r, k > 0);
		}
		values += n;
	}
	end_run(&d);
	end_run(&r);
	if (lists)
		add_levels(page, &repeated);
	add_levels(page, &defined);
	return values;
}

static void add_as_text(struct strbuf *page, const struct column *c, const struct cell *x)
{
	STRBUF(b);

	if (x->kind == CELL_TEXT)
		strbuf_add(&b, str_span(c->bytes.ptr + x->at, x->len));
	else if (x->kind == CELL_TIME)
		time_add_rfc3339(&b, x->integer);
	else if (x->kind == CELL_INTEGER)
		num_add_integer(&b, x->integer);
	else
		num_add_exact(&b, x->real);
	add_little(page, b.len, 4);
	strbuf_add(page, strbuf_str(&b));
}

static void add_number(struct strbuf *page, const struct column *c, const struct cell *x)
{
	bool whole = x->kind == CELL_INTEGER || x->kind == CELL_TIME;
	double real = whole ? (double)x->integer : x->kind == CELL_TEXT ? NAN : x->real;
	float narrow = (float)real;
	uint64_t bits = 0;
	uint32_t half;

	if (c->kind == CELL_FLOAT) {
		memcpy(&half, &narrow, sizeof half);
		add_little(page, half, 4);
		return;
	}
	if (c->kind == CELL_REAL)
		memcpy(&bits, &real, sizeof bits);
	else
		bits = (uint64_t)(whole ? x->integer : 0);
	add_little(page, bits, 8);
}

static void put_values(const struct column *c, size_t rows, struct strbuf *page)
{
	for (size_t i = 0; i < rows; i++) {
		const struct cell *x = &c->cell[i];

		if (x->kind == CELL_NONE)
			continue;
		if (c->kind == CELL_TEXT || c->kind == CELL_NONE) {
			add_as_text(page, c, x);
			continue;
		}
		for (uint32_t k = 0; c->kind == CELL_FLOATS && k < x->len; k++) {
			uint32_t bits;

			memcpy(&bits, c->bytes.ptr + x->at + k * sizeof bits, sizeof bits);
			add_little(page, bits, 4);
		}
		if (c->kind != CELL_FLOATS)
			add_number(page, c, x);
	}
}

/* Its bytes as they are where they don't get smaller. */
static void put_page(struct parquet_writer *w, struct column *c)
{
	STRBUF(page);
	STRBUF(head);
	STRBUF(packed);
	struct thrift_put t = {.to = &head};
	struct written *g;
	size_t n;

	MEM_GROW(c->group, c->cap_groups, w->groups + 1);
	g = &c->group[w->groups];
	g->values = put_levels(c, w->rows, &page);
	put_values(c, w->rows, &page);
	strbuf_reserve(&packed, ZSTD_compressBound(page.len));
	if (!w->zstd)
		w->zstd = ZSTD_createCCtx();
	n = ZSTD_compressCCtx(w->zstd, packed.ptr, ZSTD_compressBound(page.len), page.ptr,
			      page.len, ZSTD_LEVEL);
	assert(!ZSTD_isError(n));
	packed.len = n;
	thrift_put_i32(&t, 1, PAGE_DATA);
	thrift_put_i32(&t, 2, (int64_t)page.len);
	thrift_put_i32(&t, 3, (int64_t)packed.len);
	thrift_put_struct(&t, 5);
	thrift_put_i32(&t, 1, g->values);
	thrift_put_i32(&t, 2, ENCODING_PLAIN);
	thrift_put_i32(&t, 3, ENCODING_RLE);
	thrift_put_i32(&t, 4, ENCODING_RLE);
	thrift_put_end(&t);
	thrift_put_end(&t);
	g->at = w->at;
	g->size = (int64_t)(head.len + page.len);
	g->packed = (int64_t)(head.len + packed.len);
	put(w, strbuf_str(&head));
	put(w, strbuf_str(&packed));
}

/* What a column holds its first values say, for all groups. */
static void settle(struct column *c, size_t rows)
{
	for (size_t i = 0; i < rows && c->kind == CELL_NONE; i++)
		c->kind = c->cell[i].kind;
	if (c->kind == CELL_NONE)
		c->kind = CELL_TEXT;
}

static void end_group(struct parquet_writer *w)
{
	if (!w->rows)
		return;
	for (unsigned i = 0; i < w->n; i++) {
		struct column *c = &w->column[i];

		settle(c, w->rows);
		put_page(w, c);
		strbuf_reset(&c->bytes);
	}
	MEM_GROW(w->group_rows, w->cap_groups, w->groups + 1);
	w->group_rows[w->groups++] = (int64_t)w->rows;
	w->all_rows += (int64_t)w->rows;
	w->rows = w->bytes = 0;
}

/* ---- cells */

static void add(struct parquet_writer *w, struct cell x, size_t bytes)
{
	struct column *c = &w->column[w->next];

	MEM_GROW(c->cell, c->cap, w->rows + 1);
	c->cell[w->rows] = x;
	w->bytes += bytes;
	if (++w->next == w->n) {
		w->next = 0;
		w->rows++;
		if (w->rows == GROUP_ROWS || w->bytes >= GROUP_BYTES)
			end_group(w);
	}
}

void parquet_put_none(struct parquet_writer *w)
{
	add(w, (struct cell){.kind = CELL_NONE}, 1);
}

static void put_bytes(struct parquet_writer *w, struct cell x, struct str bytes)
{
	struct strbuf *b = &w->column[w->next].bytes;

	x.at = b->len;
	strbuf_add(b, bytes);
	add(w, x, bytes.len + 4);
}

void parquet_put_text(struct parquet_writer *w, struct str text)
{
	put_bytes(w, (struct cell){.kind = CELL_TEXT, .len = (uint32_t)text.len}, text);
}

void parquet_put_floats(struct parquet_writer *w, const float *x, unsigned n)
{
	put_bytes(w, (struct cell){.kind = CELL_FLOATS, .len = n},
		  str_span((const char *)x, n * sizeof *x));
}

void parquet_put_integer(struct parquet_writer *w, int64_t x)
{
	add(w, (struct cell){.kind = CELL_INTEGER, .integer = x}, 8);
}

void parquet_put_time(struct parquet_writer *w, int64_t ms)
{
	add(w, (struct cell){.kind = CELL_TIME, .integer = ms}, 8);
}

void parquet_put_real(struct parquet_writer *w, double x)
{
	add(w, (struct cell){.kind = CELL_REAL, .real = x}, 8);
}

void parquet_put_float(struct parquet_writer *w, float x)
{
	add(w, (struct cell){.kind = CELL_FLOAT, .real = (double)x}, 4);
}

/* ---- the end */

static void put_element(struct thrift_put *t, const char *name, int repetition, int children)
{
	thrift_put_item(t);
	if (repetition >= 0)
		thrift_put_i32(t, 3, repetition);
	thrift_put_text(t, 4, str_from(name));
	thrift_put_i32(t, 5, children);
}

static void put_leaf(struct thrift_put *t, const struct column *c, const char *name,
		     int repetition)
{
	thrift_put_item(t);
	thrift_put_i32(t, 1, forms[c->kind].type);
	thrift_put_i32(t, 3, repetition);
	thrift_put_text(t, 4, str_from(name));
	if (forms[c->kind].converted >= 0)
		thrift_put_i32(t, 6, forms[c->kind].converted);
	thrift_put_end(t);
}

static void put_schema(struct thrift_put *t, const struct parquet_writer *w)
{
	uint32_t elements = 1 + w->n;

	for (unsigned i = 0; i < w->n; i++)
		elements += w->column[i].kind == CELL_FLOATS ? 2 : 0;
	thrift_put_list(t, 2, THRIFT_STRUCT, elements);
	put_element(t, "schema", -1, (int)w->n);
	thrift_put_end(t);
	for (unsigned i = 0; i < w->n; i++) {
		const struct column *c = &w->column[i];

		if (c->kind != CELL_FLOATS) {
			put_leaf(t, c, c->name, PARQUET_OPTIONAL);
			continue;
		}
		put_element(t, c->name, PARQUET_REQUIRED, 1);
		thrift_put_i32(t, 6, 3);	/* LIST */
		thrift_put_end(t);
		put_element(t, "list", PARQUET_REPEATED, 1);
		thrift_put_end(t);
		put_leaf(t, c, "element", PARQUET_REQUIRED);
	}
}

static void put_chunk(struct thrift_put *t, const struct column *c, const struct written *g)
{
	thrift_put_item(t);
	thrift_put_i64(t, 2, g->at);
	thrift_put_struct(t, 3);
	thrift_put_i32(t, 1, forms[c->kind].type);
	thrift_put_list(t, 2, THRIFT_I32, 2);
	thrift_put_number(t, ENCODING_PLAIN);
	thrift_put_number(t, ENCODING_RLE);
	thrift_put_list(t, 3, THRIFT_BINARY, c->kind == CELL_FLOATS ? 3 : 1);
	thrift_put_word(t, str_from(c->name));
	if (c->kind == CELL_FLOATS) {
		thrift_put_word(t, STR("list"));
		thrift_put_word(t, STR("element"));
	}
	thrift_put_i32(t, 4, CODEC_ZSTD);
	thrift_put_i64(t, 5, g->values);
	thrift_put_i64(t, 6, g->size);
	thrift_put_i64(t, 7, g->packed);
	thrift_put_i64(t, 9, g->at);
	thrift_put_end(t);
	thrift_put_end(t);
}

static void put_group(struct thrift_put *t, const struct parquet_writer *w, uint32_t group)
{
	int64_t size = 0;

	thrift_put_item(t);
	thrift_put_list(t, 1, THRIFT_STRUCT, w->n);
	for (unsigned i = 0; i < w->n; i++) {
		put_chunk(t, &w->column[i], &w->column[i].group[group]);
		size += w->column[i].group[group].size;
	}
	thrift_put_i64(t, 2, size);
	thrift_put_i64(t, 3, w->group_rows[group]);
	thrift_put_end(t);
}

void parquet_writer_finish(struct parquet_writer *w)
{
	STRBUF(footer);
	struct thrift_put t = {.to = &footer};

	assert(w->next == 0);
	end_group(w);
	thrift_put_i32(&t, 1, 1);
	put_schema(&t, w);
	thrift_put_i64(&t, 3, w->all_rows);
	thrift_put_list(&t, 4, THRIFT_STRUCT, w->groups);
	for (uint32_t g = 0; g < w->groups; g++)
		put_group(&t, w, g);
	thrift_put_text(&t, 6, STR("aisle"));
	thrift_put_end(&t);
	add_little(&footer, footer.len, 4);
	strbuf_adds(&footer, PARQUET_MAGIC);
	put(w, strbuf_str(&footer));
}
