/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A generation is written into a new hidden file through LMDB's writable map,
 * which is fast and would be wrong anywhere else: a full disk is a SIGBUS there
 * and nothing is synced. So disk space is taken before each array, the file is
 * synced as a whole before it gets its name, and nobody else has it open.
 */
#include "config.h"

#include "store/build.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/mem.h"
#include "base/time.h"
#include "store/catalog.h"
#include "store/entry.h"
#include "store/env.h"
#include "store/folder.h"
#include "store/lock.h"
#include "store/store.h"

_Static_assert(sizeof(void *) == 8, "stores are mapped: 64 bits are needed");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "stores are little-endian");

#define MAP_MAX (UINT64_C(1) << 40)	/* costs address space only */
#define MAP_MIN (UINT64_C(1) << 20)
/* Pages of the trees and of the free list that one transaction may touch. */
#define SLACK_PAGES 48
#define INDEX_BATCH 50000		/* entries per transaction */
#define ID_MAX 200

struct build {
	char *path, *file;
	bool made_folder, open, published;
	struct lock *lock;
	uint64_t generation;
	MDB_env *env;
	MDB_dbi main, arrays;
	int fd;			/* LMDB's */
	char *base;		/* where LMDB maps the file */
	uint64_t page, map_bytes;
	uint64_t taken;		/* bytes of the file that have disk space */
	uint64_t used;		/* bytes that may hold something but zeros */
	uint64_t part_bytes;
	struct entry_list entries;	/* the last one is not sealed while open */
	json_t *meta, *indexes;
	struct catalog catalog;
};

void build_part_bytes(struct build *b, uint64_t bytes)
{
	b->part_bytes = bytes;
}

uint64_t build_generation(const struct build *b)
{
	return b->generation;
}

json_t *build_meta(struct build *b)
{
	return b->meta;
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
static bool choose_map(struct build *b, struct err *err)
{
	uint64_t bytes = MAP_MAX, file_limit = limit(RLIMIT_FSIZE);
	uint64_t address_limit = limit(RLIMIT_AS) / 2;
	struct statvfs fs;

	if (statvfs(b->path, &fs) == 0) {
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
	b->map_bytes = bytes;
	return true;
}

static uint64_t pages_in_use(const struct build *b)
{
	MDB_envinfo info;

	mdb_env_info(b->env, &info);
	return info.me_last_pgno + 1;
}

static bool no_space(struct build *b, uint64_t end, struct err *err)
{
	if (end > limit(RLIMIT_FSIZE) || end > limit(RLIMIT_AS) / 2)
		return err_fail(err, ERR_NOSPACE,
				"%s needs %ju bytes, more than the limit of file sizes "
				"(ulimit -f) or of memory (ulimit -v)", b->file,
				(uintmax_t)end);
	return err_fail(err, ERR_NOSPACE, "disk full: %s has %ju bytes and needs %ju more",
			b->file, (uintmax_t)b->taken, (uintmax_t)(end - b->taken));
}

/* Disk space for so many more pages. Where the file system can't reserve, the
 * C library writes to every block, which takes the space as well. */
static bool take_pages(struct build *b, uint64_t pages, struct err *err)
{
	uint64_t end = (pages_in_use(b) + pages + SLACK_PAGES) * b->page;
	int rc;

	if (end > b->map_bytes)
		return no_space(b, end, err);
	if (end <= b->taken)
		return true;
	do {
		rc = posix_fallocate(b->fd, (off_t)b->taken, (off_t)(end - b->taken));
	} while (rc == EINTR);
	if (rc == ENOSPC || rc == EDQUOT || rc == EFBIG)
		return no_space(b, end, err);
	if (rc != 0)
		return err_errno(err, rc, "can't take disk space for %s", b->file);
	b->taken = end;
	return true;
}

/* --- beginning */

static bool open_file(struct build *b, struct err *err)
{
	unsigned flags = MDB_WRITEMAP | MDB_NOSYNC | MDB_NOSUBDIR | MDB_NOLOCK;
	MDB_txn *txn;
	MDB_stat st;
	int rc = mdb_env_create(&b->env);

	if (rc == 0)
		rc = mdb_env_set_mapsize(b->env, b->map_bytes);
	if (rc == 0)
		rc = mdb_env_set_maxdbs(b->env, ENV_INDEXES + 1);
	if (rc == 0)
		rc = mdb_env_open(b->env, b->file, flags, 0664);
	if (rc == 0)
		rc = mdb_env_get_fd(b->env, &b->fd);
	if (rc == 0)
		rc = mdb_env_stat(b->env, &st);
	if (rc != 0) {
		env_fail(err, rc, "can't start the new generation");
		return err_context(err, "%s", b->file);
	}
	b->page = st.ms_psize;
	if (!take_pages(b, 0, err))
		return false;
	rc = mdb_txn_begin(b->env, NULL, 0, &txn);
	if (rc != 0)
		return env_fail(err, rc, b->file);
	rc = mdb_dbi_open(txn, NULL, 0, &b->main);
	if (rc == 0)
		rc = mdb_dbi_open(txn, ENV_ARRAYS, MDB_CREATE, &b->arrays);
	if (rc != 0) {
		mdb_txn_abort(txn);
		return env_fail(err, rc, b->file);
	}
	rc = mdb_txn_commit(txn);
	return rc == 0 || env_fail(err, rc, b->file);
}

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
	char name[48];

	if (access(current, F_OK) == 0 && !store_current(b->path, &now, err))
		return false;
	while ((highest = folder_highest(b->path)) > now)
		if (!folder_remove(b->path, highest))
			break;
	b->generation = (highest > now ? highest : now) + 1;
	snprintf(name, sizeof name, "building-%ju.mdb", (uintmax_t)b->generation);
	b->file = folder_file(b->path, name);
	return true;
}

bool build_begin(struct build **out, const char *path, const char *command, double wait,
		 struct err *err)
{
	SCOPED(build) b = mem_zalloc(sizeof *b);

	b->path = mem_strdup(path);
	b->part_bytes = ARRAY_PART;
	b->meta = json_object();
	b->indexes = json_object();
	if (!folder_prepare(path, &b->made_folder, err) ||
	    !take_lock(b, command, wait, err))
		return false;
	folder_sweep(path);
	if (!number(b, err) || !choose_map(b, err) || !open_file(b, err))
		return false;
	*out = b;
	b = NULL;
	return true;
}

static void close_file(struct build *b)
{
	entry_list_finish(&b->entries);
	if (b->env)
		mdb_env_close(b->env);
	b->env = NULL;
}

void build_destroy(struct build *b)
{
	SCOPED_FREE char *lock = NULL;

	if (!b)
		return;
	close_file(b);
	if (b->file && !b->published)
		unlink(b->file);
	/* Leave no trace of a store that never was. */
	if (b->made_folder && !b->published && b->lock) {
		lock = folder_file(b->path, FOLDER_LOCK);
		unlink(lock);
	}
	if (b->made_folder && !b->published)
		rmdir(b->path);
	lock_destroy(b->lock);
	json_decref(b->meta);
	json_decref(b->indexes);
	free(b->path);
	free(b->file);
	free(b);
}

/* --- arrays */

static struct array_head *head_of(struct build *b, const struct entry *e, uint32_t part)
{
	return (void *)(b->base + e->offset[part] - ARRAY_HEAD);
}

/* Checksum what the caller has written into the last array. */
static void seal(struct build *b)
{
	struct entry *e = b->entries.n ? &b->entries.at[b->entries.n - 1] : NULL;

	if (!b->open || !e)
		return;
	for (uint32_t i = 0; i < e->parts; i++) {
		uint64_t bytes;
		const void *data = entry_part(e, i, &bytes);

		e->crc[i] = crc32c(0, data, bytes);
		array_head_seal(head_of(b, e, i), e->crc[i]);
	}
	b->open = false;
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
static uint64_t rows_per_part(const struct build *b, uint64_t row, uint64_t rows)
{
	uint64_t power = row & -row;	/* the largest power of two in a row */
	uint64_t unit = power < b->page ? b->page / power : 1;
	uint64_t n = b->part_bytes / row / unit * unit;

	if (rows == 0 || rows <= b->part_bytes / row)
		return rows;
	return n ? n : unit;
}

static uint64_t pages_for(const struct build *b, const struct entry *e)
{
	uint64_t pages = 0;

	for (uint32_t i = 0; i < e->parts; i++) {
		uint64_t rows = i + 1 < e->parts ? e->part_rows
						 : e->array.rows - i * e->part_rows;

		pages += (ENV_PAGE_HEAD + ARRAY_HEAD + rows * entry_row(e)) / b->page + 1;
	}
	return pages;
}

static int put_part(struct build *b, MDB_txn *txn, struct entry *e, uint32_t i)
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
	int rc = mdb_put(txn, b->arrays, &key, &value, MDB_RESERVE | MDB_NOOVERWRITE);
	uint64_t page;

	if (rc != 0)
		return rc;
	memcpy(&page, (char *)value.mv_data - ENV_PAGE_HEAD, sizeof page);
	e->offset[i] = page * b->page + ENV_PAGE_HEAD + ARRAY_HEAD;
	b->base = (char *)value.mv_data - ENV_PAGE_HEAD - page * b->page;
	/* Pages that LMDB used before hold what was there. */
	if (page * b->page < b->used)
		memset(value.mv_data, 0, value.mv_size);
	memcpy(value.mv_data, &h, sizeof h);
	return 0;
}

static bool put_parts(struct build *b, struct entry *e, struct err *err)
{
	MDB_txn *txn;
	int rc;

	b->used = pages_in_use(b) * b->page;
	if (!take_pages(b, pages_for(b, e), err))
		return false;
	rc = mdb_txn_begin(b->env, NULL, 0, &txn);
	if (rc != 0)
		return env_fail(err, rc, e->name);
	for (uint32_t i = 0; rc == 0 && i < e->parts; i++)
		rc = put_part(b, txn, e, i);
	if (rc == 0)
		rc = mdb_txn_commit(txn);
	else
		mdb_txn_abort(txn);
	return rc == 0 || env_fail(err, rc, e->name);
}

bool build_reserve(struct build *b, const char *name, enum array_type type, uint64_t rows,
		   uint32_t columns, void **data, struct err *err)
{
	uint64_t row = (uint64_t)array_size(type) * columns, bytes, part_rows, parts;
	struct entry *e;

	seal(b);
	if (name_fails(name, err))
		return false;
	if (entry_find(&b->entries, str_from(name)))
		return err_fail(err, ERR_USAGE, "array %s is written already", name);
	if (row == 0 || __builtin_mul_overflow(row, rows, &bytes) || bytes > MAP_MAX)
		return err_fail(err, ERR_USAGE, "array %s can't have %ju x %u elements", name,
				(uintmax_t)rows, columns);
	part_rows = rows_per_part(b, row, rows);
	parts = part_rows ? (rows + part_rows - 1) / part_rows : 1;
	e = entry_add(&b->entries, str_from(name), (uint32_t)parts);
	e->array = (struct array){NULL, rows, columns, type};
	e->part_rows = part_rows;
	if (!put_parts(b, e, err) || (parts > 1 && !entry_map(e, b->fd, true, err))) {
		b->entries.n--;
		free(e->name);
		free(e->offset);
		free(e->crc);
		return err_context(err, "can't write array %s", name);
	}
	if (parts == 1)
		e->array.data = b->base + e->offset[0];
	b->open = true;
	*data = (void *)e->array.data;
	return true;
}

bool build_array(struct build *b, const char *name, enum array_type type, uint64_t rows,
		 uint32_t columns, const void *data, struct err *err)
{
	void *to;

	if (!build_reserve(b, name, type, rows, columns, &to, err))
		return false;
	if (rows)
		memcpy(to, data, rows * columns * array_size(type));
	seal(b);
	return true;
}

bool build_text(struct build *b, const char *name, uint64_t n,
		struct str (*text)(const void *ctx, uint64_t i), const void *ctx,
		struct err *err)
{
	STRBUF(part);
	void *room;
	uint64_t *offsets;
	char *bytes;

	strbuf_addf(&part, "%s/offsets", name);
	if (!build_reserve(b, strbuf_c(&part), ARRAY_U64, n + 1, 1, &room, err))
		return false;
	offsets = room;
	offsets[0] = 0;
	for (uint64_t i = 0; i < n; i++)
		offsets[i + 1] = offsets[i] + text(ctx, i).len;
	strbuf_reset(&part);
	strbuf_addf(&part, "%s/bytes", name);
	if (!build_reserve(b, strbuf_c(&part), ARRAY_U8, offsets[n], 1, &room, err))
		return false;
	bytes = room;
	for (uint64_t i = 0; i < n; i++) {
		struct str s = text(ctx, i);

		if (s.len)
			memcpy(bytes + offsets[i], s.ptr, s.len);
	}
	seal(b);
	return true;
}

bool build_find(struct build *b, const char *name, struct array *a)
{
	const struct entry *e;

	seal(b);
	e = entry_find(&b->entries, str_from(name));
	if (e)
		*a = e->array;
	return e != NULL;
}

static bool find(void *ctx, const char *name, struct array *a)
{
	return build_find(ctx, name, a);
}

bool build_catalog(struct build *b, const struct catalog **c, struct err *err)
{
	if (!catalog_bind(&b->catalog, find, b, b->meta, false, err))
		return false;
	*c = &b->catalog;
	return true;
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

static bool write_batch(struct build *b, const char *name, const struct index_batch *x,
			struct err *err)
{
	uint64_t bytes;
	MDB_txn *txn;
	MDB_dbi dbi;
	int rc;

	/* Appending fills leaves but for one id; branches are half full at worst. */
	if (!check_ids(x, name, &bytes, err) ||
	    !take_pages(b, bytes / (b->page - 2 * ID_MAX) * 5 / 4 + 8, err))
		return false;
	rc = mdb_txn_begin(b->env, NULL, 0, &txn);
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

bool build_index(struct build *b, const char *index, uint32_t n,
		 struct str (*id)(const void *ctx, uint64_t i), const void *ctx,
		 const uint32_t *number, struct err *err)
{
	struct index_batch x = {.id = id, .ctx = ctx, .number = number};
	STRBUF(name);

	seal(b);
	if (name_fails(index, err))
		return false;
	if (json_object_get(b->indexes, index))
		return err_fail(err, ERR_USAGE, "index %s is written already", index);
	strbuf_addf(&name, ENV_INDEX "%s", index);
	do {
		x.end = n - x.first < INDEX_BATCH ? n : x.first + INDEX_BATCH;
		if (!write_batch(b, strbuf_c(&name), &x, err))
			return err_context(err, "can't write index %s", index);
		x.first = x.end;
	} while (x.first < n);
	json_object_set_new(b->indexes, index, json_integer(n));
	return true;
}

/* --- publishing */

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
static json_t *manifest(const struct build *b)
{
	json_t *all = json_object();

	for (size_t i = 0; i < b->entries.n; i++) {
		const struct entry *e = &b->entries.at[i];
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

static void fill_meta(struct build *b)
{
	STRBUF(now);

	time_add_rfc3339(&now, time_now() / 1000 * 1000);
	json_object_set_new(b->meta, "schema", json_integer(STORE_SCHEMA));
	json_object_set_new(b->meta, "generation", json_integer((json_int_t)b->generation));
	json_object_set_new(b->meta, "created", json_string(strbuf_c(&now)));
	add_uuid(b->meta);
	json_object_set_new(b->meta, "arrays", manifest(b));
	json_object_set(b->meta, "indexes", b->indexes);
}

/* The last transaction: without it the file is no store. */
static bool write_meta(struct build *b, struct err *err)
{
	SCOPED_FREE char *text = NULL;
	MDB_val key = env_key(ENV_META), value;
	MDB_val crc_key = env_key(ENV_META_CRC), crc_value;
	MDB_txn *txn;
	uint32_t crc;
	int rc;

	fill_meta(b);
	text = json_dumps(b->meta, JSON_COMPACT | JSON_SORT_KEYS);
	if (!text)
		return err_fail(err, ERR_NOMEM, "the store's meta can't be written as JSON");
	value = (MDB_val){strlen(text), text};
	crc = crc32c(0, text, value.mv_size);
	crc_value = (MDB_val){sizeof crc, &crc};
	if (!take_pages(b, value.mv_size / b->page + 2, err))
		return false;
	rc = mdb_txn_begin(b->env, NULL, 0, &txn);
	if (rc != 0)
		return env_fail(err, rc, "meta");
	rc = mdb_put(txn, b->main, &key, &value, 0);
	if (rc == 0)
		rc = mdb_put(txn, b->main, &crc_key, &crc_value, 0);
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
	return true;
}

bool build_publish(struct build *b, struct err *err)
{
	SCOPED_FREE char *name = folder_catalog(b->path, b->generation);
	struct catalog check;
	uint64_t bytes, now;

	seal(b);
	if (!catalog_bind(&check, find, b, b->meta, true, err) || !write_meta(b, err))
		return false;
	bytes = pages_in_use(b) * b->page;
	if (bytes > b->taken)
		return err_fail(err, ERR_STORE, "%s outgrew its reserved space", b->file);
	close_file(b);
	if (!finish_file(b->file, bytes, err))
		return false;
	if (rename(b->file, name) != 0)
		return err_errno(err, errno, "can't rename %s", b->file);
	b->published = true;
	if (!folder_sync(b->path, err) || !folder_switch(b->path, b->generation, err)) {
		if (!store_current(b->path, &now, NULL) || now != b->generation) {
			unlink(name);
			b->published = false;
		}
		return false;
	}
	folder_remove_others(b->path, b->generation);
	return true;
}
