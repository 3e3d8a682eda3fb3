/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens what CURRENT names; when an import takes it away meanwhile, tries again. */
#include "config.h"

#include "store/store.h"

#include "base/mem.h"
#include "base/zone.h"
#include "store/catalog.h"
#include "store/check.h"
#include "store/folder.h"
#include "store/mask.h"
#include "store/reader.h"
#include "store/seal.h"
#include "store/secret.h"
#include "store/store_impl.h"

struct store {
	char *path;
	uint64_t generation;
	struct reader reader;
	struct catalog catalog;
	unsigned hidden;	/* enum store_hidden */
	struct mask mask;	/* of a store whose prices are hidden */
	struct siphash_key key;
	struct zone zone;	/* of its days */
};

static void find_zone(struct store *s)
{
	const char *name = json_string_value(json_object_get(s->reader.meta, STORE_DAYS_IN));

	if (name && zone_open(&s->zone, name))
		s->catalog.zone = &s->zone;
}

/* A store of before there were keys, or one that came without. */
static void find_key(struct store *s)
{
	const struct siphash_key one = {{0, 1}}, two = {{0, 2}};
	struct str uuid = str_from(json_string_value(json_object_get(s->reader.meta, "uuid")));

	if (secret_read(s->path, &s->key))
		return;
	s->key.half[0] = siphash(uuid, &one);
	s->key.half[1] = siphash(uuid, &two);
}

/* --- what was made elsewhere */

static void keep_first(void *ctx, const char *text)
{
	struct err *first = ctx;

	if (first->code == ERR_NONE)
		err_fail(first, ERR_STORE, "the store is damaged: %s", text);
}

static void no_memory(void *ctx, const char *text)
{
	err_fail(ctx, ERR_NOMEM, "%s", text);
}

static void no_progress(void *ctx, uint64_t bytes)
{
	(void)ctx;
	(void)bytes;
}

/* Whoever reads the arrays believes them, so they are looked through before. */
static bool look_through(const struct store *s, struct err *err)
{
	struct err first = {0};
	struct checker k = {
		.s = s, .c = &s->catalog, .fault = keep_first, .unable = no_memory,
		.progress = no_progress, .ctx = &first,
	};

	check_links(&k);
	return first.code == ERR_NONE || err_fail(err, first.code, "%s", first.text);
}

static bool open_generation(struct store *s, bool blindly, bool *gone, struct err *err)
{
	SCOPED_FREE char *file = folder_catalog(s->path, s->generation);

	if (!reader_open(&s->reader, file, gone, err) ||
	    !catalog_bind(&s->catalog, reader_find, &s->reader, s->reader.meta, true, err))
		return err_context(err, "%s", file);
	reader_scattered(&s->reader, false);
	if (blindly || s->reader.env->sealed)
		return true;
	if (!look_through(s, err))
		return err_context(err, "%s", file);
	store_seal(s);		/* once is enough for what came from elsewhere */
	return true;
}

/* A publish between reading CURRENT and opening may take the file away: then
 * CURRENT names another one. */
static bool open_current(struct store **out, const char *path, bool blindly, struct err *err)
{
	for (int tries = 0;; tries++) {
		SCOPED(store) s = mem_zalloc(sizeof *s);
		uint64_t now;
		bool gone = false;

		s->path = mem_strdup(path);
		if (!folder_current(path, &s->generation, err) ||
		    !folder_is_local(path, err))
			return false;
		if (open_generation(s, blindly, &gone, err)) {
			find_zone(s);
			find_key(s);
			*out = s;
			s = NULL;
			return true;
		}
		if (!gone || tries >= 10 || !folder_current(path, &now, NULL) ||
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
	return open_current(out, path, false, err) || cant_open(err);
}

bool store_open_blindly(struct store **out, const char *path, struct err *err)
{
	return open_current(out, path, true, err);
}

void store_seal(const struct store *s)
{
	seal_put(s->reader.env->fd);
}

void store_destroy(struct store *s)
{
	uint64_t now;

	if (!s)
		return;
	if (reader_finish(&s->reader) && store_current(s->path, &now, NULL) &&
	    now > s->generation)
		folder_remove(s->path, s->generation);
	free(s->path);
	mask_finish(&s->mask);
	zone_finish(&s->zone);
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

bool store_hide(struct store *s, unsigned hidden, struct err *err)
{
	if (hidden & ~s->hidden & STORE_PRICES && !mask_prices(&s->catalog, &s->mask, err))
		return false;
	/* Visitors learn nothing of people, not even how many are so. */
	if (hidden & STORE_PEOPLE) {
		s->catalog.user_attribute = NULL;
		s->catalog.n_user_attributes = 0;
	}
	s->hidden |= hidden;
	return true;
}

bool store_hides(const struct store *s, enum store_hidden what)
{
	return s->hidden & what;
}

const struct siphash_key *store_key(const struct store *s)
{
	return &s->key;
}

const struct catalog *store_catalog(const struct store *s)
{
	return &s->catalog;
}

const json_t *store_meta(const struct store *s)
{
	return s->reader.meta;
}

void store_scattered(const struct store *s, bool on)
{
	reader_scattered(&s->reader, on);
}

uint64_t store_bytes(const struct store *s)
{
	return s->reader.env->bytes;
}

bool store_array(const struct store *s, const char *name, enum array_type type,
		 struct array *a, struct err *err)
{
	const struct entry *e = entry_find(&s->reader.entries, str_from(name));

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
	for (size_t i = 0; i < s->reader.entries.n; i++)
		if (!visit(ctx, s->reader.entries.at[i].name, &s->reader.entries.at[i].array))
			return;
}

const struct entry_list *store_entries(const struct store *s)
{
	return &s->reader.entries;
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

	if (mdb_get(l->s->reader.txn, l->dbi, &key, &value) == 0 &&
	    value.mv_size == sizeof l->number)
		memcpy(&l->number, value.mv_data, sizeof l->number);
	return true;
}

uint32_t store_find(const struct store *s, const char *index, struct str id)
{
	struct lookup l = {.s = s, .id = id, .number = UINT32_MAX};

	if (id.len == 0 || id.len > 200)
		return UINT32_MAX;
	for (unsigned i = 0; i < s->reader.env->n_indexes; i++) {
		if (!str_is(str_from(index), store_index_name(s, i)))
			continue;
		l.dbi = s->reader.env->index[i].dbi;
		env_guarded(s->reader.env, look_up, &l, NULL);
	}
	return l.number;
}

unsigned store_indexes(const struct store *s)
{
	return s->reader.env->n_indexes;
}

const char *store_index_name(const struct store *s, unsigned i)
{
	return s->reader.env->index[i].name + sizeof ENV_INDEX - 1;
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
	const struct reader *r = &w->s->reader;
	int rc = mdb_cursor_open(r->txn, r->env->index[w->index].dbi, &w->cursor);

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
	bool ok = env_guarded(s->reader.env, walk, &w, err);

	if (w.cursor)
		mdb_cursor_close(w.cursor);
	return ok;
}
