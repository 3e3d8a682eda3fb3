/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/store.h"

#include <stdio.h>

#include "base/crc32c.h"
#include "base/mem.h"
#include "base/num.h"
#include "store/catalog.h"
#include "store/env.h"
#include "store/folder.h"
#include "store/store_impl.h"

struct store {
	char *path;
	uint64_t generation;
	struct env *env;
	MDB_txn *txn;
	struct entry_list entries;
	const char *base;	/* where LMDB maps the file */
	json_t *meta;
	struct catalog catalog;
};

/* --- arrays */

/* The page number in an overflow page's head gives the value's place in the
 * file, and from it the map's base, which must be the same for all. */
static bool place(struct store *s, const MDB_val *v, const char *name, uint64_t *offset,
		  struct err *err)
{
	const char *page = (const char *)v->mv_data - ENV_PAGE_HEAD, *base;
	uint64_t number;

	if (v->mv_size < ARRAY_HEAD || (uintptr_t)page % s->env->page != 0)
		return err_fail(err, ERR_STORE,
				"the store is damaged: %s is not an array", name);
	memcpy(&number, page, sizeof number);
	if (number > s->env->bytes / s->env->page ||
	    number * s->env->page + ENV_PAGE_HEAD + v->mv_size > s->env->bytes)
		return err_fail(err, ERR_STORE,
				"the store is damaged: array %s lies outside the file", name);
	base = page - number * s->env->page;
	if (s->base && s->base != base)
		return err_fail(err, ERR_STORE,
				"the store is damaged: the page of array %s", name);
	s->base = base;
	*offset = number * s->env->page + ENV_PAGE_HEAD + ARRAY_HEAD;
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
static bool add_part(struct store *s, struct str key, const MDB_val *v, struct err *err)
{
	struct str rest = key, name = key;
	const struct array_head *h = v->mv_data;
	struct entry *e = s->entries.n ? &s->entries.at[s->entries.n - 1] : NULL;
	char text[ENTRY_NAME_MAX + 1];
	uint64_t offset, part = 1;

	if (str_chr(key, '#') != SIZE_MAX)
		str_next(&rest, '#', &name);
	if (name.len > ENTRY_NAME_MAX || (name.len < key.len && !num_u64(rest, &part)))
		return err_fail(err, ERR_STORE, "the store is damaged: an array's name");
	snprintf(text, sizeof text, "%.*s", STR_ARG(name));
	if (!place(s, v, text, &offset, err) ||
	    !array_head_check(h, v->mv_size, text, err))
		return false;
	if (!e || !str_is(name, e->name)) {
		if (h->parts > s->env->bytes / ARRAY_HEAD)
			return err_fail(err, ERR_STORE,
					"the store is damaged: the parts of array %s", text);
		e = entry_add(&s->entries, name, h->parts);
		e->array = (struct array){NULL, h->rows, h->columns,
					  (enum array_type)h->type};
	}
	if (h->parts != e->parts || h->part + 1 != part || e->offset[h->part] ||
	    (h->parts > 1) != (name.len < key.len) || h->rows != e->array.rows ||
	    h->columns != e->array.columns || h->type != (uint32_t)e->array.type)
		return part_mismatch(e, err);
	if (h->part == 0)
		e->part_rows = h->part_rows;
	if (h->part + 1 < h->parts ? h->part_rows * entry_row(e) % s->env->page != 0 : false)
		return part_mismatch(e, err);
	e->offset[h->part] = offset;
	e->crc[h->part] = h->crc;
	e->array.rows = h->rows;
	return true;
}

static uint64_t rows_of(const struct store *s, const struct entry *e, uint32_t part)
{
	struct array_head h;

	memcpy(&h, s->base + e->offset[part] - ARRAY_HEAD, sizeof h);
	return h.part_rows;
}

/* All parts are there and their rows add up; map them as one span. */
static bool join(struct store *s, struct entry *e, struct err *err)
{
	uint64_t rows = 0;

	for (uint32_t i = 0; i < e->parts; i++) {
		if (!e->offset[i])
			return part_mismatch(e, err);
		if (i + 1 < e->parts && rows_of(s, e, i) != e->part_rows)
			return part_mismatch(e, err);
		rows += rows_of(s, e, i);
	}
	if (rows != e->array.rows)
		return part_mismatch(e, err);
	if (e->parts > 1)
		return entry_map(e, s->env->fd, false, err);
	e->array.data = s->base + e->offset[0];
	return true;
}

/* --- loading */

struct load {
	struct store *s;
	MDB_cursor *cursor;
};

static bool load_meta(struct store *s, struct err *err)
{
	MDB_val key = env_key(ENV_META), text;
	MDB_val crc_key = env_key(ENV_META_CRC), crc;
	uint32_t sum;
	json_error_t why;
	json_int_t schema;

	if (mdb_get(s->txn, s->env->main, &key, &text) != 0 ||
	    mdb_get(s->txn, s->env->main, &crc_key, &crc) != 0 ||
	    crc.mv_size != sizeof sum)
		return err_fail(err, ERR_STORE, "the store is damaged: it has no meta");
	memcpy(&sum, crc.mv_data, sizeof sum);
	if (text.mv_size > s->env->bytes ||
	    sum != crc32c(0, text.mv_data, text.mv_size) ||
	    !(s->meta = json_loadb(text.mv_data, text.mv_size, JSON_REJECT_DUPLICATES,
				   &why)))
		return err_fail(err, ERR_STORE, "the store is damaged: its meta");
	schema = json_integer_value(json_object_get(s->meta, "schema"));
	if (schema != STORE_SCHEMA)
		return err_fail(err, ERR_STORE,
				"the store was written by another version of aisle (schema "
				"%jd, this one reads %d): import the data again with "
				"`aisle import`", (intmax_t)schema, STORE_SCHEMA);
	return true;
}

static bool load(void *ctx, struct err *err)
{
	struct load *l = ctx;
	struct store *s = l->s;
	MDB_val key, value;
	struct str last = STR_NULL;
	int rc;

	if (!load_meta(s, err))
		return false;
	rc = mdb_cursor_open(s->txn, s->env->arrays, &l->cursor);
	if (rc != 0)
		return env_fail(err, rc, "the store is damaged");
	while ((rc = mdb_cursor_get(l->cursor, &key, &value, MDB_NEXT)) == 0) {
		if (s->entries.n > s->env->bytes / s->env->page)
			return err_fail(err, ERR_STORE,
					"the store is damaged: its arrays go in circles");
		/* Pages that changed places still hold every name. */
		if (last.ptr && str_cmp(last, str_span(key.mv_data, key.mv_size)) >= 0)
			return err_fail(err, ERR_STORE, "the store is damaged: its arrays "
					"are out of order");
		last = str_span(key.mv_data, key.mv_size);
		if (!add_part(s, last, &value, err))
			return false;
	}
	if (rc != MDB_NOTFOUND)
		return env_fail(err, rc, "the store is damaged");
	for (size_t i = 0; i < s->entries.n; i++)
		if (!join(s, &s->entries.at[i], err))
			return false;
	return true;
}

static bool find_array(void *ctx, const char *name, struct array *a)
{
	const struct entry *e = entry_find(ctx, str_from(name));

	if (e)
		*a = e->array;
	return e != NULL;
}

static bool open_generation(struct store *s, bool *gone, struct err *err)
{
	SCOPED_FREE char *file = folder_catalog(s->path, s->generation);
	struct load l = {.s = s};
	bool ok;

	if (!env_open(&s->env, file, gone, err) || !env_begin(s->env, &s->txn, err))
		return false;
	ok = env_guarded(s->env, load, &l, err);
	if (l.cursor)
		mdb_cursor_close(l.cursor);
	return (ok && catalog_bind(&s->catalog, find_array, &s->entries, s->meta, true,
				   err)) ||
	       err_context(err, "%s", file);
}

/* A publish between reading CURRENT and opening may take the file away: then
 * CURRENT names another one. */
static bool open_current(struct store **out, const char *path, struct err *err)
{
	for (int tries = 0;; tries++) {
		SCOPED(store) s = mem_zalloc(sizeof *s);
		uint64_t now;
		bool gone = false;

		s->path = mem_strdup(path);
		if (!store_current(path, &s->generation, err) ||
		    !folder_is_local(path, err))
			return false;
		if (open_generation(s, &gone, err)) {
			*out = s;
			s = NULL;
			return true;
		}
		if (!gone || tries >= 10 || !store_current(path, &now, NULL) ||
		    now == s->generation)
			return false;
	}
}

/* Whatever keeps a store shut means the same to who asked for it. */
static bool cant_open(struct err *err)
{
	if (err && err->code == ERR_IO)
		err->code = ERR_STORE;
	return false;
}

bool store_open(struct store **out, const char *path, struct err *err)
{
	return open_current(out, path, err) || cant_open(err);
}

void store_destroy(struct store *s)
{
	uint64_t now;

	if (!s)
		return;
	entry_list_finish(&s->entries);
	json_decref(s->meta);
	if (s->txn)
		mdb_txn_abort(s->txn);
	if (s->env && env_close(s->env) && store_current(s->path, &now, NULL) &&
	    now > s->generation)
		folder_remove(s->path, s->generation);
	free(s->path);
	free(s);
}

/* --- reading */

bool store_current(const char *path, uint64_t *generation, struct err *err)
{
	return folder_current(path, generation, err) || cant_open(err);
}

const char *store_path(const struct store *s)
{
	return s->path;
}

uint64_t store_generation(const struct store *s)
{
	return s->generation;
}

const struct catalog *store_catalog(const struct store *s)
{
	return &s->catalog;
}

const json_t *store_meta(const struct store *s)
{
	return s->meta;
}

uint64_t store_bytes(const struct store *s)
{
	return s->env->bytes;
}

bool store_array(const struct store *s, const char *name, enum array_type type,
		 struct array *a, struct err *err)
{
	const struct entry *e = entry_find(&s->entries, str_from(name));

	if (!e)
		return err_fail(err, ERR_STORE, "the store has no array %s", name);
	if (e->array.type != type)
		return err_fail(err, ERR_STORE, "array %s holds %s, not %s", name,
				array_type_name(e->array.type), array_type_name(type));
	*a = e->array;
	return true;
}

void store_arrays(const struct store *s,
		  bool (*visit)(void *ctx, const char *name, const struct array *a),
		  void *ctx)
{
	for (size_t i = 0; i < s->entries.n; i++)
		if (!visit(ctx, s->entries.at[i].name, &s->entries.at[i].array))
			return;
}

const struct entry_list *store_entries(const struct store *s)
{
	return &s->entries;
}

/* --- indexes */

struct lookup {
	const struct store *s;
	MDB_dbi dbi;
	struct str id;
	uint32_t number;
};

static bool look_up(void *ctx, struct err *err)
{
	struct lookup *l = ctx;
	MDB_val key = {l->id.len, (void *)l->id.ptr}, value;

	if (mdb_get(l->s->txn, l->dbi, &key, &value) == 0 &&
	    value.mv_size == sizeof l->number)
		memcpy(&l->number, value.mv_data, sizeof l->number);
	return true;
}

uint32_t store_find(const struct store *s, const char *index, struct str id)
{
	struct lookup l = {.s = s, .id = id, .number = UINT32_MAX};

	if (id.len == 0 || id.len > 200)
		return UINT32_MAX;
	for (unsigned i = 0; i < s->env->n_indexes; i++) {
		if (!str_is(str_from(index), store_index_name(s, i)))
			continue;
		l.dbi = s->env->index[i].dbi;
		env_guarded(s->env, look_up, &l, NULL);
	}
	return l.number;
}

unsigned store_indexes(const struct store *s)
{
	return s->env->n_indexes;
}

const char *store_index_name(const struct store *s, unsigned i)
{
	return s->env->index[i].name + sizeof ENV_INDEX - 1;
}

struct walk {
	const struct store *s;
	unsigned index;
	bool (*visit)(void *ctx, struct str id, uint32_t number);
	void *ctx;
	MDB_cursor *cursor;
};

static bool walk(void *ctx, struct err *err)
{
	struct walk *w = ctx;
	MDB_val key, value;
	struct str last = STR_NULL, id;
	int rc = mdb_cursor_open(w->s->txn, w->s->env->index[w->index].dbi, &w->cursor);

	while (rc == 0 && (rc = mdb_cursor_get(w->cursor, &key, &value, MDB_NEXT)) == 0) {
		uint32_t number;

		if (value.mv_size != sizeof number)
			return err_fail(err, ERR_STORE, "a value of the wrong size");
		memcpy(&number, value.mv_data, sizeof number);
		id = str_span(key.mv_data, key.mv_size);
		if (last.ptr && str_cmp(last, id) >= 0)
			return err_fail(err, ERR_STORE, "its ids are out of order");
		last = id;
		if (!w->visit(w->ctx, id, number))
			return true;
	}
	return rc == MDB_NOTFOUND || env_fail(err, rc, "can't be read");
}

bool store_index_walk(const struct store *s, unsigned i,
		      bool (*visit)(void *ctx, struct str id, uint32_t number), void *ctx,
		      struct err *err)
{
	struct walk w = {s, i, visit, ctx, NULL};
	bool ok = env_guarded(s->env, walk, &w, err);

	if (w.cursor)
		mdb_cursor_close(w.cursor);
	return ok;
}
