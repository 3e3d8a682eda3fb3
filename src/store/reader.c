/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks the directory once; parts of an array are mapped side by side. */
#include "config.h"

#include "store/reader.h"

#include <stdio.h>
#include <sys/mman.h>

#include "base/crc32c.h"
#include "base/num.h"
#include "store/store.h"

/* --- arrays */

/* The page number in an overflow page's head gives the value's place in the
 * file, and from it the map's base, which must be the same for all. */
static bool place(struct reader *r, const MDB_val *v, const char *name, uint64_t *offset,
		  struct err *err)
{
	const char *page = (const char *)v->mv_data - ENV_PAGE_HEAD, *base;
	uint64_t number;

	if (v->mv_size < ARRAY_HEAD || (uintptr_t)page % r->env->page != 0)
		return err_fail(err, ERR_STORE,
				"the store is damaged: %s is not an array", name);
	memcpy(&number, page, sizeof number);
	if (number > r->env->bytes / r->env->page ||
	    number * r->env->page + ENV_PAGE_HEAD + v->mv_size > r->env->bytes)
		return err_fail(err, ERR_STORE,
				"the store is damaged: array %s lies outside the file", name);
	base = page - number * r->env->page;
	if (r->base && r->base != base)
		return err_fail(err, ERR_STORE,
				"the store is damaged: the page of array %s", name);
	r->base = base;
	*offset = number * r->env->page + ENV_PAGE_HEAD + ARRAY_HEAD;
	return true;
}

static bool part_mismatch(const struct entry *e, struct err *err)
{
	return err_fail(err, ERR_STORE,
			"the store is damaged: the parts of array %s don't fit together",
			e->name);
}

/* The parts of one array follow each other in the directory as NAME#1 ...; but
 * as text, so #10 comes before #2. */
static bool add_part(struct reader *r, struct str key, const MDB_val *v, struct err *err)
{
	struct str rest = key, name = key;
	const struct array_head *h = v->mv_data;
	struct entry *e = r->entries.n ? &r->entries.at[r->entries.n - 1] : NULL;
	char text[ENTRY_NAME_MAX + 1];
	uint64_t offset, part = 1;

	if (str_chr(key, '#') != SIZE_MAX)
		str_next(&rest, '#', &name);
	if (name.len > ENTRY_NAME_MAX || (name.len < key.len && !num_u64(rest, &part)))
		return err_fail(err, ERR_STORE, "the store is damaged: an array's name");
	snprintf(text, sizeof text, "%.*s", STR_ARG(name));
	if (!place(r, v, text, &offset, err) ||
	    !array_head_check(h, v->mv_size, text, err))
		return false;
	if (!e || !str_is(name, e->name)) {
		if (h->parts > r->env->bytes / ARRAY_HEAD)
			return err_fail(err, ERR_STORE,
					"the store is damaged: the parts of array %s", text);
		e = entry_add(&r->entries, name, h->parts);
		e->array = (struct array){NULL, h->rows, h->columns,
					  (enum array_type)h->type};
	}
	if (h->parts != e->parts || h->part + 1 != part || e->offset[h->part] ||
	    (h->parts > 1) != (name.len < key.len) || h->rows != e->array.rows ||
	    h->columns != e->array.columns || h->type != (uint32_t)e->array.type)
		return part_mismatch(e, err);
	if (h->part == 0)
		e->part_rows = h->part_rows;
	if (h->part + 1 < h->parts ? h->part_rows * entry_row(e) % r->env->page != 0 : false)
		return part_mismatch(e, err);
	e->offset[h->part] = offset;
	e->crc[h->part] = h->crc;
	e->array.rows = h->rows;
	return true;
}

static uint64_t rows_of(const struct reader *r, const struct entry *e, uint32_t part)
{
	struct array_head h;

	memcpy(&h, r->base + e->offset[part] - ARRAY_HEAD, sizeof h);
	return h.part_rows;
}

/* All parts are there and their rows add up; map them as one span. */
static bool join(struct reader *r, struct entry *e, struct err *err)
{
	uint64_t rows = 0;

	for (uint32_t i = 0; i < e->parts; i++) {
		if (!e->offset[i])
			return part_mismatch(e, err);
		if (i + 1 < e->parts && rows_of(r, e, i) != e->part_rows)
			return part_mismatch(e, err);
		rows += rows_of(r, e, i);
	}
	if (rows != e->array.rows)
		return part_mismatch(e, err);
	if (e->parts > 1)
		return entry_map(e, r->env->fd, false, err);
	e->array.data = r->base + e->offset[0];
	return true;
}

/* --- opening */

struct load {
	struct reader *r;
	MDB_cursor *cursor;
};

static bool load_meta(struct reader *r, struct err *err)
{
	MDB_val key = env_key(ENV_META), text;
	MDB_val crc_key = env_key(ENV_META_CRC), crc;
	uint32_t sum;
	json_error_t why;
	json_int_t schema;

	if (mdb_get(r->txn, r->env->main, &key, &text) != 0 ||
	    mdb_get(r->txn, r->env->main, &crc_key, &crc) != 0 ||
	    crc.mv_size != sizeof sum)
		return err_fail(err, ERR_STORE, "the store is damaged: it has no meta");
	memcpy(&sum, crc.mv_data, sizeof sum);
	if (text.mv_size > r->env->bytes ||
	    sum != crc32c(0, text.mv_data, text.mv_size) ||
	    !(r->meta = json_loadb(text.mv_data, text.mv_size, JSON_REJECT_DUPLICATES,
				   &why)))
		return err_fail(err, ERR_STORE, "the store is damaged: its meta");
	schema = json_integer_value(json_object_get(r->meta, "schema"));
	if (schema != STORE_SCHEMA)
		return err_fail(err, ERR_STORE,
				"%s was written by another version of aisle (schema %jd, this "
				"one reads %d): %s", r->again ? "the model" : "the store",
				(intmax_t)schema, STORE_SCHEMA, r->again ? r->again :
				"import the data again with `aisle import`");
	return true;
}

/* The heads of arrays are spread over the file: where it isn't in memory all of them are
 * read at once, and nothing around them. */
static void ask_for_heads(struct load *l)
{
	const struct env *env = l->r->env;
	uint64_t n = env->bytes / env->page;
	MDB_val key, value;

	while (n-- > 0 && mdb_cursor_get(l->cursor, &key, &value, MDB_NEXT) == 0) {
		uintptr_t at = (uintptr_t)value.mv_data / env->page * env->page;

		madvise((void *)at, env->page, MADV_WILLNEED);
	}
}

static bool load(void *ctx, struct err *err)
{
	struct load *l = ctx;
	struct reader *r = l->r;
	MDB_val key, value;
	struct str last = STR_NULL;
	int rc;

	if (!load_meta(r, err))
		return false;
	rc = mdb_cursor_open(r->txn, r->env->arrays, &l->cursor);
	if (rc != 0)
		return env_fail(err, rc, "the store is damaged");
	ask_for_heads(l);
	rc = mdb_cursor_get(l->cursor, &key, &value, MDB_FIRST);
	for (; rc == 0; rc = mdb_cursor_get(l->cursor, &key, &value, MDB_NEXT)) {
		if (r->entries.n > r->env->bytes / r->env->page)
			return err_fail(err, ERR_STORE,
					"the store is damaged: its arrays go in circles");
		/* Pages that changed places still hold every name. */
		if (last.ptr && str_cmp(last, str_span(key.mv_data, key.mv_size)) >= 0)
			return err_fail(err, ERR_STORE, "the store is damaged: its arrays "
					"are out of order");
		last = str_span(key.mv_data, key.mv_size);
		if (!add_part(r, last, &value, err))
			return false;
	}
	if (rc != MDB_NOTFOUND)
		return env_fail(err, rc, "the store is damaged");
	for (size_t i = 0; i < r->entries.n; i++)
		if (!join(r, &r->entries.at[i], err))
			return false;
	return true;
}

bool reader_open(struct reader *r, const char *file, bool *gone, struct err *err)
{
	struct load l = {.r = r};
	bool ok;

	if (!env_open(&r->env, file, gone, err) || !env_begin(r->env, &r->txn, err))
		return false;
	ok = env_guarded(r->env, load, &l, err);
	if (l.cursor)
		mdb_cursor_close(l.cursor);
	return ok;
}

void reader_scattered(const struct reader *r, bool on)
{
	int advice = on ? MADV_RANDOM : MADV_NORMAL;

	if (r->base)
		madvise((void *)(uintptr_t)r->base, r->env->bytes, advice);
	for (size_t i = 0; i < r->entries.n; i++)
		if (r->entries.at[i].map)
			madvise(r->entries.at[i].map, r->entries.at[i].map_size, advice);
}

bool reader_finish(struct reader *r)
{
	struct env *env = r->env;

	entry_list_finish(&r->entries);
	json_decref(r->meta);
	if (r->txn)
		mdb_txn_abort(r->txn);
	*r = (struct reader){0};
	return env && env_close(env);
}

bool reader_find(void *ctx, const char *name, struct array *a)
{
	const struct reader *r = ctx;
	const struct entry *e = entry_find(&r->entries, str_from(name));

	if (e)
		*a = e->array;
	return e != NULL;
}
