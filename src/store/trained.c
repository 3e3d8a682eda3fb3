/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbered files beside the generations: listed, published, opened, removed. */
#include "config.h"

#include "store/trained.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "store/catalog.h"
#include "store/check.h"
#include "store/folder.h"
#include "store/lock.h"
#include "store/reader.h"
#include "store/seal.h"
#include "store/sink.h"
#include "store/store.h"
#include "store/writer.h"

#define TAIL ".mdb"
#define IDS "product/id"

struct trained {
	char *path, *name;
	uint64_t number;
	struct reader reader;
	uint32_t n_products;
	bool stale;
	uint32_t *map;		/* (n_products) or NULL */
};

/* --- names */

bool trained_name_check(struct str name, struct err *err)
{
	bool ok = name.len > 0 && name.len <= TRAINED_NAME_MAX;

	for (size_t i = 0; ok && i < name.len; i++) {
		char c = name.ptr[i];
		bool inner = i > 0 && i + 1 < name.len;

		ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		     (c >= '0' && c <= '9') || (inner && (c == '-' || c == '_' || c == '.'));
	}
	return ok || err_fail(err, ERR_USAGE, "a model's name has 1 to %d letters, digits and "
			      "'_', '-' or '.' in between, not '%.*s'", TRAINED_NAME_MAX,
			      STR_ARG(name));
}

/* model-NAME-N.mdb, written the one way there is. */
static bool parse_name(struct str file, struct str *name, uint64_t *number)
{
	const struct str head = STR(FOLDER_MODEL), tail = STR(TAIL);
	size_t dash;

	if (file.len <= head.len + tail.len || !str_starts(file, head) ||
	    !str_eq(str_span(file.ptr + file.len - tail.len, tail.len), tail))
		return false;
	file = str_span(file.ptr + head.len, file.len - head.len - tail.len);
	for (dash = file.len; dash > 0 && file.ptr[dash - 1] != '-';)
		dash--;
	if (dash < 2 || file.ptr[dash] == '0' ||
	    !num_u64(str_span(file.ptr + dash, file.len - dash), number))
		return false;
	*name = str_span(file.ptr, dash - 1);
	return trained_name_check(*name, NULL);
}

static void add_file(struct strbuf *b, const char *name, uint64_t number)
{
	strbuf_addf(b, FOLDER_MODEL "%s-%ju" TAIL, name, (uintmax_t)number);
}

struct looking {
	struct str name;	/* STR_NULL: any */
	uint64_t highest, below;
};

/* The highest number under the name; with `below`, of those that are lower. */
static void visit_highest(void *ctx, struct str file)
{
	struct looking *l = ctx;
	struct str name;
	uint64_t n;

	if (parse_name(file, &name, &n) && (!l->name.ptr || str_eq(name, l->name)) &&
	    n > l->highest && n < l->below)
		l->highest = n;
}

static uint64_t highest(const char *path, const char *name, uint64_t below)
{
	struct looking l = {.name = str_from(name), .below = below};

	folder_each(path, visit_highest, &l);
	return l.highest;
}

/* Numbers ascend over all names, whatever clocks do: the last one trained has the highest. */
static uint64_t next_number(const char *path)
{
	struct looking l = {.below = UINT64_MAX};

	folder_each(path, visit_highest, &l);
	return l.highest + 1;
}

static void visit_name(void *ctx, struct str file)
{
	struct trained_list *l = ctx;
	struct str name;
	uint64_t n;
	STRBUF(copy);

	if (!parse_name(file, &name, &n))
		return;
	for (size_t i = 0; i < l->n; i++)
		if (str_is(name, l->name[i]))
			return;
	strbuf_add(&copy, name);
	MEM_GROW(l->name, l->cap, l->n + 1);
	l->name[l->n++] = strbuf_detach(&copy);
}

static int by_text(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

void trained_list_read(const char *path, struct trained_list *l)
{
	*l = (struct trained_list){0};
	folder_each(path, visit_name, l);
	if (l->n)
		qsort(l->name, l->n, sizeof *l->name, by_text);
}

void trained_list_finish(struct trained_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->name[i]);
	free(l->name);
	*l = (struct trained_list){0};
}

/* --- publishing */

struct copying {
	struct writer *w;
	struct err *err;
	bool ok;
};

static void copy_array(void *ctx, const char *name, const struct array *a)
{
	struct copying *c = ctx;

	c->ok = c->ok && writer_array(c->w, name, a->type, a->rows, a->columns, a->data,
				      c->err);
}

static struct str product_id(const void *ctx, uint64_t i)
{
	const struct catalog *c = ctx;

	return text_at(&c->product_id, i);
}

static bool fill(struct writer *w, const struct store *s, const struct sink *sink,
		 json_t *meta, struct err *err)
{
	const struct catalog *c = store_catalog(s);
	struct copying copy = {w, err, true};

	if (!writer_text(w, IDS, &(struct text_source){c->n_products, product_id, c}, err))
		return false;
	sink_each(sink, copy_array, &copy);
	json_object_update(writer_meta(w), meta);
	json_object_set_new(writer_meta(w), "products", json_integer(c->n_products));
	if (!json_object_get(meta, "form"))
		json_object_set_new(writer_meta(w), "form", json_integer(TRAINED_FORM));
	json_object_set_new(writer_meta(w), "catalog",
			    json_pack("{s:O, s:I}", "uuid",
				      json_object_get(store_meta(s), "uuid"), "generation",
				      (json_int_t)store_generation(s)));
	return copy.ok;
}

/* Older files that no one has open go. */
static void remove_below(const char *path, const char *name, uint64_t number)
{
	while ((number = highest(path, name, number)) > 0) {
		STRBUF(file);

		add_file(&file, name, number);
		folder_remove_file(path, strbuf_c(&file));
	}
}

static bool take_lock(struct lock **lock, const char *path, double wait, struct err *err)
{
	SCOPED_FREE char *file = folder_file(path, FOLDER_LOCK);

	if (lock_take(lock, file, "aisle train", wait, err))
		return true;
	return err && err->code == ERR_LOCKED ?
	       err_context(err, "%s is being written", path) : false;
}

bool trained_probe(const struct store *s, const char *name, struct err *err)
{
	SCOPED_FREE char *file = folder_file(store_path(s), FOLDER_LOCK);
	SCOPED_FD int fd = -1;

	if (!trained_name_check(str_from(name), err))
		return false;
	if (access(store_path(s), W_OK | X_OK) != 0)
		return err_errno(err, errno, "%s can't be written", store_path(s));
	if (access(file, F_OK) == 0)
		fd = folder_open(file, O_RDWR, err);
	return fd >= 0 || access(file, F_OK) != 0;
}

bool trained_publish(const struct store *s, struct trained_model m, double wait,
		     struct err *err)
{
	const char *path = store_path(s);
	SCOPED(lock) lock = NULL;
	SCOPED(writer) w = NULL;
	STRBUF(file);
	STRBUF(building);
	uint64_t number;

	assert(m.name && m.sink && m.meta && wait >= 0);
	if (!trained_name_check(str_from(m.name), err) || !take_lock(&lock, path, wait, err))
		return false;
	folder_sweep(path);
	number = next_number(path);
	add_file(&file, m.name, number);
	strbuf_addf(&building, FOLDER_BUILDING "%s", strbuf_c(&file));
	if (!writer_open(&w, path, strbuf_c(&building), err) ||
	    !fill(w, s, m.sink, m.meta, err) || !writer_finish(w, strbuf_c(&file), err) ||
	    !folder_sync(path, err))
		return false;
	remove_below(path, m.name, number);
	return true;
}

bool trained_remove(const struct store *s, const char *name, double wait, struct err *err)
{
	const char *path = store_path(s);
	SCOPED(lock) lock = NULL;
	uint64_t number = highest(path, name, UINT64_MAX);

	if (number == 0)
		return err_fail(err, ERR_NO, "the store has no trained model '%s'", name);
	if (!take_lock(&lock, path, wait, err))
		return false;
	/* Readers keep what they have mapped; nobody finds the name any more. */
	while ((number = highest(path, name, UINT64_MAX)) > 0) {
		STRBUF(file);
		SCOPED_FREE char *full = NULL;
		SCOPED_FREE char *lock_file = NULL;

		add_file(&file, name, number);
		full = folder_file(path, strbuf_c(&file));
		if (unlink(full) != 0)
			return err_fail(err, ERR_IO, "can't remove %s", full);
		strbuf_adds(&file, "-lock");
		lock_file = folder_file(path, strbuf_c(&file));
		unlink(lock_file);
	}
	return folder_sync(path, err);
}

/* --- opening */

static bool no_such(const struct store *s, const char *name, struct err *err)
{
	struct trained_list l;
	STRBUF(list);

	trained_list_read(store_path(s), &l);
	for (size_t i = 0; i < l.n; i++)
		strbuf_addf(&list, "%s%s", i ? ", " : "", l.name[i]);
	if (l.n)
		err_fail(err, ERR_NO, "the store has no trained model '%s'; there are %s",
			 name, strbuf_c(&list));
	else
		err_fail(err, ERR_NO, "the store has no trained model '%s': aisle train "
			 "makes one", name);
	trained_list_finish(&l);
	return false;
}

static bool damaged(struct err *err, const char *what)
{
	return err_fail(err, ERR_STORE, "the model's file is damaged: %s; train it again",
			what);
}

static bool find_ids(const struct trained *t, struct text *ids)
{
	struct array offsets, bytes;

	if (!reader_find((void *)&t->reader, IDS "/offsets", &offsets) ||
	    !reader_find((void *)&t->reader, IDS "/bytes", &bytes) ||
	    offsets.type != ARRAY_U64 || bytes.type != ARRAY_U8 || offsets.rows == 0)
		return false;
	*ids = (struct text){offsets.data, bytes.data, offsets.rows - 1};
	for (uint64_t i = 0; i < ids->n; i++)
		if (ids->offsets[i] > ids->offsets[i + 1])
			return false;
	return ids->n < UINT32_MAX && ids->offsets[ids->n] == bytes.rows;
}

bool trained_map(struct trained *t, const struct store *s, const uint32_t **map,
		 struct err *err)
{
	uint32_t n = store_catalog(s)->n_products;
	struct text ids;

	*map = t->map;
	if (!t->stale || t->map)
		return true;
	if (!find_ids(t, &ids))
		return damaged(err, "the ids of its products");
	t->map = mem_big(t->n_products, sizeof *t->map, "products of a model", err);
	if (!t->map)
		return false;
	for (uint32_t i = 0; i < t->n_products; i++) {
		uint32_t p = store_find(s, "product", text_at(&ids, i));

		t->map[i] = p < n ? p : CATALOG_NONE;
	}
	*map = t->map;
	return true;
}

static bool bind(struct trained *t, const struct store *s, struct err *err)
{
	const json_t *catalog = json_object_get(t->reader.meta, "catalog");
	const char *uuid = json_string_value(json_object_get(catalog, "uuid"));
	const char *now = json_string_value(json_object_get(store_meta(s), "uuid"));
	struct text ids;

	if (!find_ids(t, &ids))
		return damaged(err, "the ids of its products");
	t->n_products = (uint32_t)ids.n;
	if (!uuid || !now)
		return damaged(err, "it does not say what it was trained on");
	t->stale = strcmp(uuid, now) != 0;
	if (!t->stale && t->n_products != store_catalog(s)->n_products)
		return damaged(err, "it has ids of other products");
	return true;
}

static bool open_number(struct trained *t, const struct store *s, bool *gone,
			struct err *err)
{
	STRBUF(name);
	SCOPED_FREE char *file = NULL;

	add_file(&name, t->name, t->number);
	file = folder_file(t->path, strbuf_c(&name));
	t->reader.again = "train the model again with `aisle train`";
	if (!reader_open(&t->reader, file, gone, err) || !bind(t, s, err))
		return err_context(err, "%s", file);
	reader_scattered(&t->reader, false);
	return true;
}

/* One that is published while we look takes the file away: then there is a higher. */
bool trained_open(struct trained **out, const struct store *s, const char *name,
		  struct err *err)
{
	for (int tries = 0;; tries++) {
		SCOPED(trained) t = mem_zalloc(sizeof *t);
		bool gone = false;

		t->path = mem_strdup(store_path(s));
		t->name = mem_strdup(name);
		t->number = highest(t->path, name, UINT64_MAX);
		if (t->number == 0)
			return no_such(s, name, err);
		if (open_number(t, s, &gone, err)) {
			*out = t;
			t = NULL;
			return true;
		}
		if (!gone || tries >= 10)
			return false;
	}
}

void trained_destroy(struct trained *t)
{
	if (!t)
		return;
	/* The last one out removes what was replaced meanwhile. */
	if (reader_finish(&t->reader) &&
	    highest(t->path, t->name, UINT64_MAX) > t->number) {
		STRBUF(file);

		add_file(&file, t->name, t->number);
		folder_remove_file(t->path, strbuf_c(&file));
	}
	free(t->map);
	free(t->path);
	free(t->name);
	free(t);
}

const char *trained_name(const struct trained *t)
{
	return t->name;
}

bool trained_latest(const struct trained *t)
{
	return highest(t->path, t->name, UINT64_MAX) == t->number;
}

uint64_t trained_bytes(const struct trained *t)
{
	return t->reader.env->bytes;
}

uint64_t trained_number(const struct trained *t)
{
	return t->number;
}

const json_t *trained_meta(const struct trained *t)
{
	return t->reader.meta;
}

bool trained_find(void *ctx, const char *name, struct array *a)
{
	struct trained *t = ctx;

	return reader_find(&t->reader, name, a);
}

void trained_arrays(const struct trained *t,
		    bool (*visit)(void *ctx, const char *name, const struct array *a), void *ctx)
{
	const struct entry_list *l = &t->reader.entries;

	for (size_t i = 0; i < l->n && visit(ctx, l->at[i].name, &l->at[i].array);)
		i++;
}

bool trained_sealed(const struct trained *t)
{
	return t->reader.env->sealed;
}

void trained_seal(const struct trained *t)
{
	seal_put(t->reader.env->fd);
}

unsigned trained_form(const struct trained *t)
{
	json_int_t form = json_integer_value(json_object_get(t->reader.meta, "form"));

	return form > 0 && form < UINT16_MAX ? (unsigned)form : 0;
}

uint32_t trained_products(const struct trained *t)
{
	return t->n_products;
}

bool trained_stale(const struct trained *t)
{
	return t->stale;
}

void trained_check(const struct trained *t, struct checker *k)
{
	STRBUF(file);

	add_file(&file, t->name, t->number);
	k->file = strbuf_c(&file);
	check_entries(k, &t->reader.entries, t->reader.meta);
	k->file = NULL;
}
