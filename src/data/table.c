/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A part of Parquet is some ten thousand rows of a row group, whose bytes the parts share;
 * JSON is cut as text is. Either way the first record is the names.
 */
#include "config.h"

#include "data/table.h"

#include <stdlib.h>
#include <strings.h>

#include "base/arena.h"
#include "base/crc32c.h"
#include "base/mem.h"
#include "table/json.h"
#include "table/parquet.h"

#define PART_ROWS 65536u

struct table {
	struct arena *arena;
	struct str *name;		/* (n) */
	unsigned n;
	struct json_shape *json;	/* of JSON */
	bool named;			/* the names were given out */
	struct parquet *parquet;	/* of Parquet */
	struct parquet_group *group;	/* that is being given out */
	unsigned next_group;
	uint64_t row;			/* of the group */
	uint64_t position;
};

void table_destroy(struct table *t)
{
	if (!t)
		return;
	parquet_group_destroy(t->group);
	parquet_destroy(t->parquet);
	json_shape_destroy(t->json);
	arena_destroy(t->arena);
	free(t->name);
	free(t);
}

static struct table *create(unsigned n)
{
	struct table *t = mem_zalloc(sizeof *t);

	t->arena = arena_create();
	t->name = mem_zalloc((n + 1) * sizeof *t->name);
	return t;
}

static void take_names(struct table *t, const struct table_choice *choice)
{
	for (unsigned i = 0; i < choice->n; i++)
		t->name[i] = arena_str(t->arena, str_from(choice->name[i]));
	t->n = choice->n;
}

/* ---- Parquet */

static uint32_t find_column(const struct parquet *p, struct str name)
{
	name = str_trim(name);
	for (unsigned i = 0; i < parquet_columns(p); i++) {
		struct str s = str_trim(parquet_column(p, i));

		if (s.len == name.len && strncasecmp(s.ptr, name.ptr, s.len) == 0)
			return i;
	}
	return PARQUET_NONE;
}

static bool choose(struct table *t, const char *path, const struct table_choice *choice,
		   struct err *err)
{
	SCOPED_FREE uint32_t *column = mem_alloc((t->n + 1) * sizeof *column);
	STRBUF(list);

	for (unsigned i = 0; i < t->n; i++) {
		column[i] = find_column(t->parquet, t->name[i]);
		if (column[i] == PARQUET_NONE)
			break;
		if (choice->used && !choice->used[i])
			column[i] = PARQUET_NONE;
		if (i + 1 == t->n) {
			parquet_choose(t->parquet, column, t->n);
			return true;
		}
	}
	for (unsigned i = 0; i < parquet_columns(t->parquet); i++) {
		strbuf_adds(&list, i ? ", " : "");
		strbuf_add(&list, parquet_column(t->parquet, i));
	}
	for (unsigned i = 0; i < t->n; i++)
		if (find_column(t->parquet, t->name[i]) == PARQUET_NONE)
			return err_fail(err, ERR_FORMAT, "%s has no column '%.*s'; there are: %s",
					path, STR_ARG(t->name[i]), strbuf_c(&list));
	return err_fail(err, ERR_FORMAT, "%s has no column", path);
}

/* All that can be read. */
static bool choose_all(struct table *t, const char *path, struct err *err)
{
	unsigned n = parquet_columns(t->parquet);
	SCOPED_FREE uint32_t *column = mem_alloc((n + 1) * sizeof *column);

	for (unsigned i = 0; i < n; i++) {
		if (!parquet_readable(t->parquet, i))
			continue;
		column[t->n] = i;
		t->name[t->n++] = parquet_column(t->parquet, i);
	}
	if (!t->n)
		return err_fail(err, ERR_FORMAT, "%s has no column of plain values", path);
	parquet_choose(t->parquet, column, t->n);
	return true;
}

bool table_parquet(struct table **out, const char *path, const struct table_choice *choice,
		   struct err *err)
{
	SCOPED(parquet) p = NULL;
	SCOPED(table) t = NULL;

	if (!parquet_open(&p, path, err))
		return false;
	t = create(choice ? choice->n : parquet_columns(p));
	t->parquet = p;
	p = NULL;
	if (choice)
		take_names(t, choice);
	if (!(choice ? choose(t, path, choice, err) : choose_all(t, path, err)))
		return false;
	*out = t;
	t = NULL;
	return true;
}

static bool next_group(struct table *t, uint64_t *bytes, struct err *err)
{
	parquet_group_destroy(t->group);
	t->group = NULL;
	t->row = 0;
	if (!parquet_load(t->parquet, t->next_group, &t->group, err))
		return false;
	t->next_group++;
	*bytes = parquet_group_bytes(t->group);
	t->position += *bytes;
	return true;
}

bool table_next(struct table *t, struct table_part *part, struct parquet_group **held,
		uint64_t *bytes, struct err *err)
{
	uint64_t rows;

	parquet_group_destroy(*held);
	*held = NULL;
	*part = (struct table_part){.of = t};
	*bytes = 0;
	if (!t->named) {
		t->named = part->names = true;
		if (t->parquet)
			*bytes = parquet_footer(t->parquet).len;
		t->position += *bytes;
		return true;
	}
	for (;;) {
		rows = t->group ? parquet_group_rows(t->parquet, t->next_group - 1) : 0;
		if (t->row < rows)
			break;
		if (!t->parquet || t->next_group == parquet_groups(t->parquet)) {
			part->of = NULL;
			*bytes = 0;
			return true;
		}
		if (!next_group(t, bytes, err))
			return false;
	}
	part->first = t->row;
	part->fresh = t->row == 0;
	/* A group that is a little larger isn't cut. */
	part->rows = rows - t->row < 2 * PART_ROWS ? rows - t->row : PART_ROWS;
	t->row += part->rows;
	part->group = *held = parquet_group_share(t->group);
	return true;
}

bool table_part_crc(const struct table_part *part, uint32_t seed, uint32_t *crc,
		    struct err *err)
{
	*crc = seed;
	if (part->names && part->of->parquet) {
		struct str footer = parquet_footer(part->of->parquet);

		*crc = crc32c(seed, footer.ptr, footer.len);
	}
	return !part->fresh || parquet_group_crc(part->group, seed, crc, err);
}

/* ---- JSON */

struct table *table_json(struct str head, const struct table_choice *choice)
{
	struct json_columns found = {.n = 0};
	struct table *t;

	if (choice) {
		t = create(choice->n);
		take_names(t, choice);
	} else {
		t = create(JSON_COLUMNS);
		found.arena = t->arena;
		json_find(&found, head);
		for (unsigned i = 0; i < found.n; i++)
			t->name[i] = found.name[i];
		t->n = found.n;
	}
	t->json = json_shape_create(t->name, choice ? choice->used : NULL, t->n);
	return t;
}

/* ---- all */

bool table_is_text(const struct table *t)
{
	return t->json != NULL;
}

uint64_t table_position(const struct table *t)
{
	return t->position;
}

unsigned table_columns(const struct table *t)
{
	return t->n;
}

void table_rows_finish(struct table_rows *r)
{
	parquet_cursor_destroy(r->cursor);
	if (r->json)
		arena_destroy(r->json->arena);
	free(r->json);
	strbuf_finish(&r->names);
	*r = (struct table_rows){0};
}

void table_rows_start(struct table_rows *r, const struct table_part *part)
{
	r->table = part->of;
	r->at = r->n_cells = 0;
	r->rows = part->rows;
	r->items = false;
	if (part->of->json && !r->json)
		r->json = mem_zalloc(sizeof *r->json);
	if (part->names || part->of->json)
		return;
	if (!r->cursor)
		r->cursor = parquet_cursor_create();
	parquet_seek(r->cursor, part->group, part->first, part->rows);
}

void table_names(struct table_rows *r, struct str *cell, struct str *text)
{
	const struct table *t = r->table;

	strbuf_reset(&r->names);
	for (unsigned i = 0; i < t->n; i++) {
		cell[i] = t->name[i];
		strbuf_adds(&r->names, i ? "," : "");
		strbuf_add(&r->names, t->name[i]);
	}
	*text = strbuf_str(&r->names);
}

bool table_next_row(struct table_rows *r, const struct str **cell, bool *last,
		    struct err *err)
{
	unsigned n = r->table->n;

	if (r->at == r->n_cells) {
		if (!r->rows)
			return false;
		if (!parquet_next(r->cursor, &r->cells, &r->n_cells, err))
			return false;
		r->known = parquet_known(r->cursor);
		r->at = 0;
		if (!r->n_cells)
			return false;
	}
	*cell = r->cells + (size_t)r->at * n;
	*last = ++r->at == r->n_cells;
	return true;
}

bool table_json_start(struct table_rows *r, struct str text, struct str *cell)
{
	return json_start(r->json, r->table->json, text, cell);
}

bool table_json_row(struct table_rows *r, struct str *cell, bool *copied, bool *bad)
{
	bool row = json_row(r->json, cell);

	*copied = r->json->made;
	*bad = r->json->bad;
	return row;
}
