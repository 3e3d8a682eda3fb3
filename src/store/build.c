/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes the lock, writes generation N + 1 under another name and switches to it. */
#include "config.h"

#include "store/build.h"

#include <assert.h>
#include <stdio.h>
#include <unistd.h>

#include "base/bound.h"
#include "base/mem.h"
#include "base/spill.h"
#include "store/catalog.h"
#include "store/folder.h"
#include "store/lock.h"
#include "store/secret.h"
#include "store/store.h"
#include "store/writer.h"

struct build {
	char *path;
	bool made_folder, published;
	struct lock *lock;
	uint64_t generation, memory;
	struct writer *writer;
	struct catalog catalog;
};

void build_part_bytes(struct build *b, uint64_t bytes)
{
	assert(bytes > 0);
	writer_part_bytes(b->writer, bytes);
}

uint64_t build_generation(const struct build *b)
{
	return b->generation;
}

void build_set_memory(struct build *b, uint64_t bytes)
{
	b->memory = bytes;
	bound_start(bytes, b->path);
}

uint64_t build_memory(const struct build *b)
{
	return b->memory;
}

bool build_spill(struct build *b, struct spill **s, struct err *err)
{
	return spill_open(s, b->path, err);
}

json_t *build_meta(struct build *b)
{
	return writer_meta(b->writer);
}

/* --- beginning */

static bool take_lock(struct build *b, const char *command, double wait, struct err *err)
{
	SCOPED_FREE char *lock = folder_file(b->path, FOLDER_LOCK);

	if (lock_take(&b->lock, lock, command, wait, err))
		return true;
	return err && err->code == ERR_LOCKED ?
	       err_context(err, "%s is being written", b->path) : false;
}

/* A generation that was renamed but never named by CURRENT is nobody's. */
static bool number(struct build *b, struct err *err)
{
	SCOPED_FREE char *current = folder_file(b->path, FOLDER_CURRENT);
	uint64_t now = 0, highest;

	if (access(current, F_OK) == 0 && !store_current(b->path, &now, err))
		return false;
	while ((highest = folder_highest(b->path)) > now)
		if (!folder_remove(b->path, highest))
			break;
	b->generation = (highest > now ? highest : now) + 1;
	return true;
}

static bool open_file(struct build *b, struct err *err)
{
	char name[48];

	snprintf(name, sizeof name, FOLDER_BUILDING "%ju.mdb", (uintmax_t)b->generation);
	return writer_open(&b->writer, b->path, name, err);
}

bool build_begin(struct build **out, const char *path, const char *command, double wait,
		 struct err *err)
{
	SCOPED(build) b = mem_zalloc(sizeof *b);

	assert(wait >= 0);
	b->path = mem_strdup(path);
	if (!folder_prepare(path, &b->made_folder, err) ||
	    !take_lock(b, command, wait, err))
		return false;
	folder_sweep(path);
	if (!number(b, err) || !open_file(b, err))
		return false;
	*out = b;
	b = NULL;
	return true;
}

bool build_begin_unnamed(struct build **out, const char *folder, struct err *err)
{
	SCOPED(build) b = mem_zalloc(sizeof *b);

	b->path = mem_strdup(folder);
	if (!writer_open_unnamed(&b->writer, folder, err))
		return false;
	*out = b;
	b = NULL;
	return true;
}

void build_destroy(struct build *b)
{
	SCOPED_FREE char *lock = NULL, *key = NULL;

	if (!b)
		return;
	if (b->memory)
		bound_end();
	writer_destroy(b->writer);
	/* Leave no trace of a store that never was. */
	if (b->made_folder && !b->published && b->lock) {
		lock = folder_file(b->path, FOLDER_LOCK);
		key = folder_file(b->path, FOLDER_KEY);
		unlink(lock);
		unlink(key);
	}
	if (b->made_folder && !b->published)
		rmdir(b->path);
	lock_destroy(b->lock);
	free(b->path);
	free(b);
}

/* --- contents */

bool build_reserve(struct build *b, const char *name, enum array_type type, uint64_t rows,
		   uint32_t columns, void **data, struct err *err)
{
	assert(name && data);
	return writer_reserve(b->writer, name, type, rows, columns, data, err);
}

void build_hold(struct build *b)
{
	writer_hold(b->writer);
}

void build_seal(struct build *b, struct pool *pool)
{
	writer_seal(b->writer, pool);
}

bool build_array(struct build *b, const char *name, enum array_type type, uint64_t rows,
		 uint32_t columns, const void *data, struct err *err)
{
	assert(name && (data || rows == 0));
	return writer_array(b->writer, name, type, rows, columns, data, err);
}

bool build_text(struct build *b, const char *name, const struct text_source *texts,
		struct err *err)
{
	return writer_text(b->writer, name, texts, err);
}

bool build_index(struct build *b, const char *index, const struct id_source *ids,
		 struct err *err)
{
	return writer_index(b->writer, index, ids, err);
}

bool build_find(struct build *b, const char *name, struct array *a)
{
	return writer_find(b->writer, name, a);
}

static bool find(void *ctx, const char *name, struct array *a)
{
	return build_find(ctx, name, a);
}

bool build_catalog(struct build *b, const struct catalog **c, struct err *err)
{
	if (!catalog_bind(&b->catalog, find, b, build_meta(b), false, err))
		return false;
	*c = &b->catalog;
	return true;
}

/* --- publishing */

/* A folder that was made is kept where its name stands. */
static void sync_parent(const char *path)
{
	SCOPED_FREE char *parent = folder_file(path, "..");

	folder_sync(parent, NULL);	/* one that can't be read can't be synced */
}

bool build_publish(struct build *b, struct err *err)
{
	SCOPED_FREE char *file = folder_catalog(b->path, b->generation);
	struct catalog check;
	uint64_t now;

	json_object_set_new(build_meta(b), "generation",
			    json_integer((json_int_t)b->generation));
	if (!catalog_bind(&check, find, b, build_meta(b), true, err) ||
	    !secret_make(b->path, err) ||
	    !writer_finish(b->writer, file + strlen(b->path) + 1, err))
		return false;
	b->published = true;
	if (!folder_sync(b->path, err) || !folder_switch(b->path, b->generation, err)) {
		if (!store_current(b->path, &now, NULL) || now != b->generation) {
			unlink(file);
			b->published = false;
		}
		return false;
	}
	folder_remove_others(b->path, b->generation);
	if (b->made_folder)
		sync_parent(b->path);
	return true;
}
