/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file is written through LMDB's writable map, which is fast and would be wrong
 * anywhere else: a full disk is a SIGBUS there and nothing is synced. So disk space is
 * taken before each array, the file is synced as a whole before it gets its name, and
 * nobody else has it open.
 */
#include "config.h"

#include "store/writer.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/time.h"
#include "store/entry.h"
#include "store/env.h"
#include "store/folder.h"
#include "store/seal.h"
#include "store/store.h"

_Static_assert(sizeof(void *) == 8, "stores are mapped: 64 bits are needed");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "stores are little-endian");

#define MAP_MAX (UINT64_C(1) << 40)	/* costs address space only */
#define MAP_MIN (UINT64_C(1) << 20)
/* Pages of the trees and of the free list that one transaction may touch. */
#define SLACK_PAGES 48
#define INDEX_BATCH 50000		/* entries per transaction */
#define ID_MAX 200

struct writer {
	char *path, *file;
	bool held;		/* arrays are sealed by writer_seal alone */
	bool renamed;		/* the name it was made under isn't there any more */
	MDB_env *env;
	MDB_dbi main, arrays;
	int fd;			/* LMDB's */
	char *base;		/* where LMDB maps the file */
	uint64_t page, map_bytes;
	uint64_t taken;		/* bytes of the file that have disk space */
	uint64_t used;		/* bytes that may hold something but zeros */
	uint64_t part_bytes;
	struct entry_list entries;
	size_t sealed;		/* entries that are; others may still be written to */
	json_t *meta, *indexes;
};

void writer_part_bytes(struct writer *w, uint64_t bytes)
{
	w->part_bytes = bytes;
}

json_t *writer_meta(struct writer *w)
{
	return w->meta;
}

/* --- space */

static uint64_t limit(int resource)
{
	struct rlimit r;

	if (getrlimit((__rlimit_resource_t)resource, &r) != 0 || r.rlim_cur == RLIM_INFINITY)
		return UINT64_MAX;
	return r.rlim_cur;
}

/* LMDB sets the file's (sparse) size to that of the map, so it must respect the
 * limit of file sizes; beyond the disk's free space there is no use for it. */
static bool choose_map(struct writer *w, struct err *err)
{
	uint64_t bytes = MAP_MAX, file_limit = limit(RLIMIT_FSIZE);
	uint64_t address_limit = limit(RLIMIT_AS) / 2;
	struct statvfs fs;

	if (statvfs(w->path, &fs) == 0) {
		uint64_t room = (uint64_t)fs.f_bavail * fs.f_frsize;

		if (room < bytes / 2)
			bytes = 2 * room + MAP_MIN;
	}
	if (bytes > file_limit)
		bytes = file_limit;
	if (bytes > address_limit)
		bytes = address_limit;
	bytes = bytes / 65536 * 65536;
	if (bytes < MAP_MIN)
		return err_fail(err, ERR_NOSPACE,
				"no store fits into the limit of file sizes (ulimit -f) or "
				"of memory (ulimit -v)");
	w->map_bytes = bytes;
	return true;
}

static uint64_t pages_in_use(const struct writer *w)
{
	MDB_envinfo info;

	mdb_env_info(w->env, &info);
	return info.me_last_pgno + 1;
}

static bool no_space(struct writer *w, uint64_t end, struct err *err)
{
	if (end > limit(RLIMIT_FSIZE) || end > limit(RLIMIT_AS) / 2)
		return err_fail(err, ERR_NOSPACE,
				"%s needs %ju bytes, more than the limit of file sizes "
				"(ulimit -f) or of memory (ulimit -v)", w->file,
				(uintmax_t)end);
	return err_fail(err, ERR_NOSPACE, "disk full: %s has %ju bytes and needs %ju more",
			w->file, (uintmax_t)w->taken, (uintmax_t)(end - w->taken));
}

/* Disk space for so many more pages. Where the file system can't reserve, the
 * C library writes to every block, which takes the space as well. */
static bool take_pages(struct writer *w, uint64_t pages, struct err *err)
{
	uint64_t end = (pages_in_use(w) + pages + SLACK_PAGES) * w->page;
	int rc;

	if (end > w->map_bytes)
		return no_space(w, end, err);
	if (end <= w->taken)
		return true;
	do {
		rc = posix_fallocate(w->fd, (off_t)w->taken, (off_t)(end - w->taken));
	} while (rc == EINTR);
	if (rc == ENOSPC || rc == EDQUOT || rc == EFBIG)
		return no_space(w, end, err);
	if (rc != 0)
		return err_errno(err, rc, "can't take disk space for %s", w->file);
	w->taken = end;
	return true;
}

/* --- opening */

static bool open_file(struct writer *w, struct err *err)
{
	unsigned flags = MDB_WRITEMAP | MDB_NOSYNC | MDB_NOSUBDIR | MDB_NOLOCK;
	MDB_txn *txn;
	MDB_stat st;
	int rc = mdb_env_create(&w->env);

	if (rc == 0)
		rc = mdb_env_set_mapsize(w->env, w->map_bytes);
	if (rc == 0)
		rc = mdb_env_set_maxdbs(w->env, ENV_INDEXES + 1);
	if (rc == 0)
		rc = mdb_env_open(w->env, w->file, flags, 0664);
	if (rc == 0)
		rc = mdb_env_get_fd(w->env, &w->fd);
	if (rc == 0)
		rc = mdb_env_stat(w->env, &st);
	if (rc != 0) {
		env_fail(err, rc, "can't start the new file");
		return err_context(err, "%s", w->file);
	}
	w->page = st.ms_psize;
	if (!take_pages(w, 0, err))
		return false;
	rc = mdb_txn_begin(w->env, NULL, 0, &txn);
	if (rc != 0)
		return env_fail(err, rc, w->file);
	rc = mdb_dbi_open(txn, NULL, 0, &w->main);
	if (rc == 0)
		rc = mdb_dbi_open(txn, ENV_ARRAYS, MDB_CREATE, &w->arrays);
	if (rc != 0) {
		mdb_txn_abort(txn);
		return env_fail(err, rc, w->file);
	}
	rc = mdb_txn_commit(txn);
	return rc == 0 || env_fail(err, rc, w->file);
}

bool writer_open(struct writer **out, const char *path, const char *name, struct err *err)
{
	SCOPED(writer) w = mem_zalloc(sizeof *w);

	w->path = mem_strdup(path);
	w->file = folder_file(path, name);
	w->part_bytes = ARRAY_PART;
	w->meta = json_object();
	w->indexes = json_object();
	if (!choose_map(w, err) || !open_file(w, err))
		return false;
	*out = w;
	w = NULL;
	return true;
}

/* Where the file system has no files without a name it is in memory; where there is no
 * /proc to open one by it has a name until it is open. */
bool writer_open_unnamed(struct writer **out, const char *folder, struct err *err)
{
	SCOPED(writer) w = mem_zalloc(sizeof *w);
	STRBUF(file);
	SCOPED_FD int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0)
		fd = memfd_create("aisle-check", MFD_CLOEXEC);
	strbuf_addf(&file, "/proc/self/fd/%d", fd);
	w->renamed = fd >= 0 && access(strbuf_c(&file), R_OK | W_OK) == 0;
	if (!w->renamed) {
		SCOPED_FD int made = -1;

		strbuf_reset(&file);
		strbuf_addf(&file, "%s/aisle-check-XXXXXX", folder);
		made = mkostemp(file.ptr, O_CLOEXEC);
		if (made < 0)
			return err_errno(err, errno, "can't make a temporary file in %s", folder);
	}
	w->path = mem_strdup(folder);
	w->file = mem_strdup(strbuf_c(&file));
	w->part_bytes = ARRAY_PART;
	w->meta = json_object();
	w->indexes = json_object();
	if (!choose_map(w, err) || !open_file(w, err))
		return false;
	if (!w->renamed)
		unlink(w->file);
	w->renamed = true;
	*out = w;
	w = NULL;
	return true;
}

static void close_file(struct writer *w)
{
	entry_list_finish(&w->entries);
	if (w->env)
		mdb_env_close(w->env);
	w->env = NULL;
}

void writer_destroy(struct writer *w)
{
	if (!w)
		return;
	close_file(w);
	if (!w->renamed)
		unlink(w->file);
	json_decref(w->meta);
	json_decref(w->indexes);
	free(w->path);
	free(w->file);
	free(w);
}

/* --- arrays */

static struct array_head *head_of(struct writer *w, const struct entry *e, uint32_t part)
{
	return (void *)(w->base + e->offset[part] - ARRAY_HEAD);
}

static void seal_part(struct writer *w, struct entry *e, uint32_t part)
{
	uint64_t bytes;
	const void *data = entry_part(e, part, &bytes);

	e->crc[part] = crc32c(0, data, bytes);
	array_head_seal(head_of(w, e, part), e->crc[part]);
}

/* Checksum what the caller has written into the last array. */
static void seal(struct writer *w)
{
	for (; w->sealed < w->entries.n && !w->held; w->sealed++) {
		struct entry *e = &w->entries.at[w->sealed];

		for (uint32_t i = 0; i < e->parts; i++)
			seal_part(w, e, i);
	}
}

void writer_hold(struct writer *w)
{
	seal(w);
	w->held = true;
}

static void seal_task(void *ctx, size_t task, unsigned worker)
{
	struct writer *w = ctx;
	size_t i = w->sealed;

	(void)worker;
	for (; task >= w->entries.at[i].parts; i++)
		task -= w->entries.at[i].parts;
	seal_part(w, &w->entries.at[i], (uint32_t)task);
}

void writer_seal(struct writer *w, struct pool *pool)
{
	size_t parts = 0;

	for (size_t i = w->sealed; i < w->entries.n; i++)
		parts += w->entries.at[i].parts;
	pool_run(pool, parts, seal_task, w);
	w->sealed = w->entries.n;
	w->held = false;
}

static bool name_fails(const char *name, struct err *err)
{
	size_t ok = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789/_.-");

	if (ok > 0 && ok <= ENTRY_NAME_MAX && name[ok] == '\0')
		return false;
	err_fail(err, ERR_USAGE, "\"%s\" can't be an array's name", name);
	return true;
}

/* Rows of one part: whole rows and, where there are more parts, whole pages. */
static uint64_t rows_per_part(const struct writer *w, uint64_t row, uint64_t rows)
{
	uint64_t power = row & -row;	/* the largest power of two in a row */
	uint64_t unit = power < w->page ? w->page / power : 1;
	uint64_t n = w->part_bytes / row / unit * unit;

	if (rows == 0 || rows <= w->part_bytes / row)
		return rows;
	return n ? n : unit;
}

static uint64_t pages_for(const struct writer *w, const struct entry *e)
{
	uint64_t pages = 0;

	for (uint32_t i = 0; i < e->parts; i++) {
		uint64_t rows = i + 1 < e->parts ? e->part_rows
						 : e->array.rows - i * e->part_rows;

		pages += (ENV_PAGE_HEAD + ARRAY_HEAD + rows * entry_row(e)) / w->page + 1;
	}
	return pages;
}

static int put_part(struct writer *w, MDB_txn *txn, struct entry *e, uint32_t i)
{
	struct array_head h = {
		.magic = ARRAY_MAGIC,
		.type = e->array.type,
		.columns = e->array.columns,
		.rows = e->array.rows,
		.part_rows = i + 1 < e->parts ? e->part_rows
					      : e->array.rows - i * e->part_rows,
		.part = i,
		.parts = e->parts,
	};
	char name[ENTRY_NAME_MAX + 16];
	int n = e->parts > 1 ? snprintf(name, sizeof name, "%s#%u", e->name, i + 1)
			     : snprintf(name, sizeof name, "%s", e->name);
	MDB_val key = {(size_t)n, name};
	MDB_val value = {ARRAY_HEAD + h.part_rows * entry_row(e), NULL};
	int rc = mdb_put(txn, w->arrays, &key, &value, MDB_RESERVE | MDB_NOOVERWRITE);
	uint64_t page;

	if (rc != 0)
		return rc;
	memcpy(&page, (char *)value.mv_data - ENV_PAGE_HEAD, sizeof page);
	e->offset[i] = page * w->page + ENV_PAGE_HEAD + ARRAY_HEAD;
	w->base = (char *)value.mv_data - ENV_PAGE_HEAD - page * w->page;
	/* Pages that LMDB used before hold what was there. */
	if (page * w->page < w->used)
		memset(value.mv_data, 0, value.mv_size);
	memcpy(value.mv_data, &h, sizeof h);
	return 0;
}

static bool put_parts(struct writer *w, struct entry *e, struct err *err)
{
	MDB_txn *txn;
	int rc;

	w->used = pages_in_use(w) * w->page;
	if (!take_pages(w, pages_for(w, e), err))
		return false;
	rc = mdb_txn_begin(w->env, NULL, 0, &txn);
	if (rc != 0)
		return env_fail(err, rc, e->name);
	for (uint32_t i = 0; rc == 0 && i < e->parts; i++)
		rc = put_part(w, txn, e, i);
	if (rc == 0)
		rc = mdb_txn_commit(txn);
	else
		mdb_txn_abort(txn);
	return rc == 0 || env_fail(err, rc, e->name);
}

bool writer_reserve(struct writer *w, const char *name, enum array_type type, uint64_t rows,
		   uint32_t columns, void **data, struct err *err)
{
	uint64_t row = (uint64_t)array_size(type) * columns, bytes, part_rows, parts;
	struct entry *e;

	assert(name && data);
	seal(w);
	if (name_fails(name, err))
		return false;
	if (entry_find(&w->entries, str_from(name)))
		return err_fail(err, ERR_USAGE, "array %s is written already", name);
	if (row == 0 || __builtin_mul_overflow(row, rows, &bytes) || bytes > MAP_MAX)
		return err_fail(err, ERR_USAGE, "array %s can't have %ju x %u elements", name,
				(uintmax_t)rows, columns);
	part_rows = rows_per_part(w, row, rows);
	parts = part_rows ? (rows + part_rows - 1) / part_rows : 1;
	e = entry_add(&w->entries, str_from(name), (uint32_t)parts);
	e->array = (struct array){NULL, rows, columns, type};
	e->part_rows = part_rows;
	if (!put_parts(w, e, err) || (parts > 1 && !entry_map(e, w->fd, true, err))) {
		w->entries.n--;
		free(e->name);
		free(e->offset);
		free(e->crc);
		return err_context(err, "can't write array %s", name);
	}
	if (parts == 1)
		e->array.data = w->base + e->offset[0];
	*data = (void *)e->array.data;
	return true;
}

bool writer_array(struct writer *w, const char *name, enum array_type type, uint64_t rows,
		 uint32_t columns, const void *data, struct err *err)
{
	void *to;

	assert(name && (data || rows == 0));
	if (!writer_reserve(w, name, type, rows, columns, &to, err))
		return false;
	if (rows)
		memcpy(to, data, rows * columns * array_size(type));
	seal(w);
	return true;
}

bool writer_text(struct writer *w, const char *name, const struct text_source *texts,
		 struct err *err)
{
	STRBUF(part);
	void *room;
	uint64_t *offsets;
	char *bytes;

	assert(texts->text);
	strbuf_addf(&part, "%s/offsets", name);
	if (!writer_reserve(w, strbuf_c(&part), ARRAY_U64, texts->n + 1, 1, &room, err))
		return false;
	offsets = room;
	offsets[0] = 0;
	for (uint64_t i = 0; i < texts->n; i++)
		offsets[i + 1] = offsets[i] + texts->text(texts->ctx, i).len;
	strbuf_reset(&part);
	strbuf_addf(&part, "%s/bytes", name);
	if (!writer_reserve(w, strbuf_c(&part), ARRAY_U8, offsets[texts->n], 1, &room, err))
		return false;
	bytes = room;
	for (uint64_t i = 0; i < texts->n; i++) {
		struct str s = texts->text(texts->ctx, i);

		if (s.len)
			memcpy(bytes + offsets[i], s.ptr, s.len);
	}
	seal(w);
	return true;
}

bool writer_find(struct writer *w, const char *name, struct array *a)
{
	const struct entry *e;

	seal(w);
	e = entry_find(&w->entries, str_from(name));
	if (e)
		*a = e->array;
	return e != NULL;
}

/* --- indexes */

struct index_batch {
	struct str (*id)(const void *ctx, uint64_t i);
	const void *ctx;
	const uint32_t *number;
	uint32_t first, end;
};

/* Ids must ascend across batches too. */
static bool check_ids(const struct index_batch *x, const char *index, uint64_t *bytes,
		      struct err *err)
{
	*bytes = 0;
	for (uint32_t i = x->first; i < x->end; i++) {
		struct str id = x->id(x->ctx, i);

		if (id.len == 0 || id.len > ID_MAX)
			return err_fail(err, ERR_FORMAT,
					"an id of index %s has %zu bytes (1 to %d are "
					"allowed)", index, id.len, ID_MAX);
		if (i > 0 && str_cmp(x->id(x->ctx, i - 1), id) >= 0)
			return err_fail(err, ERR_USAGE,
					"the ids of index %s don't ascend", index);
		*bytes += id.len + 16;
	}
	return true;
}

static int put_ids(MDB_txn *txn, MDB_dbi dbi, const struct index_batch *x)
{
	int rc = 0;

	for (uint32_t i = x->first; rc == 0 && i < x->end; i++) {
		struct str id = x->id(x->ctx, i);
		uint32_t n = x->number ? x->number[i] : i;
		MDB_val key = {id.len, (void *)id.ptr}, value = {sizeof n, &n};

		rc = mdb_put(txn, dbi, &key, &value, MDB_APPEND);
	}
	return rc;
}

static bool write_batch(struct writer *w, const char *name, const struct index_batch *x,
			struct err *err)
{
	uint64_t bytes;
	MDB_txn *txn;
	MDB_dbi dbi;
	int rc;

	/* Appending fills leaves but for one id; branches are half full at worst. */
	if (!check_ids(x, name, &bytes, err) ||
	    !take_pages(w, bytes / (w->page - 2 * ID_MAX) * 5 / 4 + 8, err))
		return false;
	rc = mdb_txn_begin(w->env, NULL, 0, &txn);
	if (rc != 0)
		return env_fail(err, rc, name);
	rc = mdb_dbi_open(txn, name, MDB_CREATE, &dbi);
	if (rc == 0)
		rc = put_ids(txn, dbi, x);
	if (rc == 0)
		rc = mdb_txn_commit(txn);
	else
		mdb_txn_abort(txn);
	return rc == 0 || env_fail(err, rc, name);
}

bool writer_index(struct writer *w, const char *index, const struct id_source *ids,
		  struct err *err)
{
	struct index_batch x = {.id = ids->id, .ctx = ids->ctx, .number = ids->number};
	STRBUF(name);

	assert(ids->id);
	seal(w);
	if (name_fails(index, err))
		return false;
	if (json_object_get(w->indexes, index))
		return err_fail(err, ERR_USAGE, "index %s is written already", index);
	strbuf_addf(&name, ENV_INDEX "%s", index);
	do {
		x.end = ids->n - x.first < INDEX_BATCH ? ids->n : x.first + INDEX_BATCH;
		if (!write_batch(w, strbuf_c(&name), &x, err))
			return err_context(err, "can't write index %s", index);
		x.first = x.end;
	} while (x.first < ids->n);
	json_object_set_new(w->indexes, index, json_integer(ids->n));
	return true;
}

/* --- finishing */

static void add_uuid(json_t *meta)
{
	unsigned char u[16] = {0};
	STRBUF(text);

	(void)!getrandom(u, sizeof u, 0);
	u[6] = (unsigned char)((u[6] & 0x0f) | 0x40);	/* version 4, RFC 4122 */
	u[8] = (unsigned char)((u[8] & 0x3f) | 0x80);
	for (int i = 0; i < 16; i++)
		strbuf_addf(&text, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
			    u[i]);
	json_object_set_new(meta, "uuid", json_string(strbuf_c(&text)));
}

/* What verify compares the file's directory with: a lost branch page of the
 * tree would otherwise be a silently shorter list. */
static json_t *manifest(const struct writer *w)
{
	json_t *all = json_object();

	for (size_t i = 0; i < w->entries.n; i++) {
		const struct entry *e = &w->entries.at[i];
		json_t *crc = json_array();

		for (uint32_t k = 0; k < e->parts; k++)
			json_array_append_new(crc, json_integer(e->crc[k]));
		json_object_set_new(
			all, e->name,
			json_pack("{s:s, s:I, s:I, s:o}", "type",
				  array_type_name(e->array.type), "rows",
				  (json_int_t)e->array.rows, "columns",
				  (json_int_t)e->array.columns, "crc", crc));
	}
	return all;
}

static void fill_meta(struct writer *w)
{
	STRBUF(now);

	time_add_rfc3339(&now, time_now() / 1000 * 1000);
	json_object_set_new(w->meta, "schema", json_integer(STORE_SCHEMA));
	json_object_set_new(w->meta, "created", json_string(strbuf_c(&now)));
	add_uuid(w->meta);
	json_object_set_new(w->meta, "arrays", manifest(w));
	json_object_set(w->meta, "indexes", w->indexes);
}

/* The last transaction: without it the file is no store. */
static bool write_meta(struct writer *w, struct err *err)
{
	SCOPED_FREE char *text = NULL;
	MDB_val key = env_key(ENV_META), value;
	MDB_val crc_key = env_key(ENV_META_CRC), crc_value;
	MDB_txn *txn;
	uint32_t crc;
	int rc;

	fill_meta(w);
	text = json_dumps(w->meta, JSON_COMPACT | JSON_SORT_KEYS);
	if (!text)
		return err_fail(err, ERR_NOMEM, "the store's meta can't be written as JSON");
	value = (MDB_val){strlen(text), text};
	crc = crc32c(0, text, value.mv_size);
	crc_value = (MDB_val){sizeof crc, &crc};
	if (!take_pages(w, value.mv_size / w->page + 2, err))
		return false;
	rc = mdb_txn_begin(w->env, NULL, 0, &txn);
	if (rc != 0)
		return env_fail(err, rc, "meta");
	rc = mdb_put(txn, w->main, &key, &value, 0);
	if (rc == 0)
		rc = mdb_put(txn, w->main, &crc_key, &crc_value, 0);
	if (rc == 0)
		rc = mdb_txn_commit(txn);
	else
		mdb_txn_abort(txn);
	return rc == 0 || env_fail(err, rc, "meta");
}

/* After LMDB has let go: cut the sparse tail off and put it all on disk. */
static bool finish_file(const char *file, uint64_t bytes, struct err *err)
{
	SCOPED_FD int fd = open(file, O_RDWR | O_CLOEXEC);

	if (fd < 0 || ftruncate(fd, (off_t)bytes) != 0)
		return err_errno(err, errno, "can't cut %s", file);
	if (fsync(fd) != 0)
		return err_errno(err, errno, "can't sync %s", file);
	seal_put(fd);
	return true;
}

bool writer_finish(struct writer *w, const char *name, struct err *err)
{
	SCOPED_FREE char *to = folder_file(w->path, name);
	uint64_t bytes;

	writer_seal(w, NULL);
	if (!write_meta(w, err))
		return false;
	bytes = pages_in_use(w) * w->page;
	if (bytes > w->taken)
		return err_fail(err, ERR_STORE, "%s outgrew its reserved space", w->file);
	close_file(w);
	if (!finish_file(w->file, bytes, err))
		return false;
	if (rename(w->file, to) != 0)
		return err_errno(err, errno, "can't rename %s", w->file);
	w->renamed = true;
	return true;
}
