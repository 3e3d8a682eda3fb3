/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An LMDB file with the tables "log" (number as 8 bytes, the highest first -> CRC-32C and
 * record) and "text". It is opened for one transaction under flock and closed again, so no
 * mapping is held of a file that others let grow, LMDB's own lock file isn't needed, and a
 * process that is stopped while it waits holds nothing. The first writer makes it under another
 * name, synced and whole, and renames it: a power cut leaves no file or an empty log.
 */
#include "config.h"

#include "vet/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <setjmp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/mem.h"
#include "store/env.h"
#include "store/lock.h"
#include "store/pages.h"

#define SCHEMA "1"
#define SPARE (256u << 10)	/* bytes that a commit may take beside its records */
#define ROOM (UINT64_C(256) << 20)	/* address space beyond what is in use */

static const struct journal_kind journal_decisions = {
	JOURNAL_FILE, "decisions", "decision", "the reason", 4096,
};
const struct journal_kind journal_notes = {
	"notes.mdb", "notes", "note", "the text, or note fewer rows", 64u << 10,
};

struct journal {
	const struct journal_kind *kind;
	char *file;
	struct lock *lock;
	MDB_env *env;		/* NULL: there is no file yet, and nothing to write */
	MDB_txn *txn;
	MDB_dbi log, text;
	uint64_t last, version;
	uint64_t bytes, added;	/* of the file in use; of what is written now */
	bool writes;
	const char *store;
	jmp_buf *trap;		/* where an assertion of LMDB ends */
};

static bool failed(const struct journal *j, int rc, struct err *err)
{
	char what[32];

	snprintf(what, sizeof what, "keeping %s", j->kind->many);
	env_fail(err, rc, what);
	return err_context(err, "%s", j->file);
}

static bool damaged(const struct journal *j, const char *what, struct err *err)
{
	return err_fail(err, ERR_STORE, "the %s are damaged: %s %s; bring the file "
			"back from a copy, or move it away to begin anew", j->kind->many,
			j->file, what);
}

static void put_number(unsigned char key[8], uint64_t n)
{
	for (unsigned i = 0; i < 8; i++)
		key[i] = (unsigned char)(n >> (56 - 8 * i));
}

static uint64_t get_number(const MDB_val *key)
{
	const unsigned char *p = key->mv_data;
	uint64_t n = 0;

	for (unsigned i = 0; i < 8 && key->mv_size == 8; i++)
		n = n << 8 | p[i];
	return n;
}

/* --- opening */

/* Bytes in use, 0: no file. A file that ends before its pages do would be a signal. */
static bool measure(const struct journal *j, uint64_t *bytes, struct err *err)
{
	struct err why = {0};
	SCOPED_FD int fd = folder_open(j->file, O_RDONLY, &why);
	struct stat st;
	size_t page;

	*bytes = 0;
	if (fd < 0 && errno != ENOENT && err)
		*err = why;
	if (fd < 0)
		return errno == ENOENT;
	if (fstat(fd, &st) != 0)
		return err_errno(err, errno, "can't look at %s", j->file);
	if (st.st_size == 0)
		return true;	/* a writer was killed before the first page */
	*bytes = env_bytes(fd, &page);
	if (!*bytes || *bytes > (uint64_t)st.st_size)
		return damaged(j, *bytes ? "is cut off" : "holds no records", err);
	return pages_check(fd, *bytes, page, err) || err_context(err, "%s", j->file);
}

static void on_assert(MDB_env *env, const char *text)
{
	struct journal *j = mdb_env_get_userctx(env);

	if (j && j->trap)	/* if it returned, LMDB would abort the program */
		longjmp(*j->trap, 1);
}

static bool open_env(struct journal *j, uint64_t bytes, struct err *err)
{
	unsigned flags = MDB_NOSUBDIR | MDB_NOTLS | MDB_NOLOCK | (j->writes ? 0 : MDB_RDONLY);
	int rc = mdb_env_create(&j->env);

	if (rc != 0)
		return failed(j, rc, err);
	mdb_env_set_userctx(j->env, j);
	mdb_env_set_assert(j->env, on_assert);
	mdb_env_set_maxdbs(j->env, 2);
	mdb_env_set_mapsize(j->env, (size_t)(bytes * 2 + ROOM));
	rc = mdb_env_open(j->env, j->file, flags, 0664);
	if (rc == 0)
		rc = mdb_txn_begin(j->env, NULL, j->writes ? 0 : MDB_RDONLY, &j->txn);
	if (rc != 0)
		return failed(j, rc, err);
	j->version = mdb_txn_id(j->txn) - j->writes;	/* a writer's is that of its commit */
	return true;
}

static bool check_schema(struct journal *j, struct err *err)
{
	STRBUF(schema);

	if (!journal_text(j, "schema", &schema, err))
		return false;
	if (j->writes && !schema.len && !j->last)
		return journal_set_text(j, "schema", STR(SCHEMA), err);
	return str_is(strbuf_str(&schema), SCHEMA) ||
	       err_fail(err, ERR_STORE, "%s has schema '%s' and this program reads "
			SCHEMA ": take a newer aisle", j->file, strbuf_c(&schema));
}

/* No tables: the first writer was killed before its commit, and nothing was kept; but a
 * file with other tables is someone else's. */
static bool forget(struct journal *j, struct err *err)
{
	MDB_stat stat;
	int rc = mdb_env_stat(j->env, &stat);

	if (rc != 0)
		return failed(j, rc, err);
	if (stat.ms_entries)
		return damaged(j, "has no log", err);
	mdb_txn_abort(j->txn);
	mdb_env_close(j->env);
	j->txn = NULL;
	j->env = NULL;
	j->version = 0;
	return true;
}

static bool open_tables(struct journal *j, void *ctx, struct err *err)
{
	unsigned flags = j->writes ? MDB_CREATE : 0;
	MDB_cursor *cursor;
	MDB_val key, value;
	int rc = mdb_dbi_open(j->txn, "log", flags, &j->log);

	if (rc == 0)
		rc = mdb_dbi_open(j->txn, "text", flags, &j->text);
	if (rc == 0)
		rc = mdb_cursor_open(j->txn, j->log, &cursor);
	if (rc == MDB_NOTFOUND)
		return forget(j, err);
	if (rc != 0)
		return failed(j, rc, err);
	rc = mdb_cursor_get(cursor, &key, &value, MDB_LAST);
	j->last = rc == 0 ? get_number(&key) : 0;
	mdb_cursor_close(cursor);
	if (rc != 0 && rc != MDB_NOTFOUND)
		return failed(j, rc, err);
	return check_schema(j, err);
}

/* call(j, ctx, err) with LMDB's assertions, which pages that make no sense run into,
 * turned into an error. */
static bool guarded(struct journal *j, bool (*call)(struct journal *j, void *ctx, struct err *err),
		    void *ctx, struct err *err)
{
	jmp_buf trap;
	volatile bool ok;

	j->trap = &trap;
	if (setjmp(trap) == 0)
		ok = call(j, ctx, err);
	else
		ok = damaged(j, "has a page that makes no sense", err);
	j->trap = NULL;
	return ok;
}

/* The disk space is taken first: a full disk is an error before anything is written, while
 * LMDB would take a page that was written in part for a broken disk. */
static bool take_room(const struct journal *j, struct err *err)
{
	SCOPED_FD int fd = folder_open(j->file, O_RDWR, err);
	int rc;

	if (fd < 0)
		return false;
	rc = posix_fallocate(fd, 0, (off_t)(j->bytes + j->added * 4 + SPARE));
	if (rc == 0 || rc == EOPNOTSUPP || rc == EINVAL)
		return true;
	err_errno(err, rc, "keeping %s", j->kind->many);
	return err_context(err, "%s", j->file);
}

static void close_env(struct journal *j)
{
	if (j->txn)
		mdb_txn_abort(j->txn);
	if (j->env)
		mdb_env_close(j->env);
	j->txn = NULL;
	j->env = NULL;
}

/* Tables and schema in the file named j->file, on the disk. */
static bool make_tables(struct journal *j, struct err *err)
{
	int rc;

	if (!open_env(j, 0, err) || !guarded(j, open_tables, NULL, err) || !take_room(j, err))
		return false;
	rc = mdb_txn_commit(j->txn);
	j->txn = NULL;
	return rc == 0 || failed(j, rc, err);
}

/* An empty log appears whole. */
static bool create(struct journal *j, struct err *err)
{
	STRBUF(name);
	SCOPED_FREE char *temporary = NULL;
	char *file = j->file;
	bool ok;

	strbuf_addf(&name, "%s.tmp", j->kind->file);
	temporary = folder_file(j->store, strbuf_c(&name));

	(void)unlink(temporary);	/* of a writer that was killed */
	j->file = temporary;
	ok = make_tables(j, err);
	close_env(j);
	j->file = file;
	j->added = 0;
	if (ok && rename(temporary, file) != 0)
		ok = err_errno(err, errno, "can't rename %s to %s", temporary, file);
	return ok && folder_sync(j->store, err) && measure(j, &j->bytes, err);
}

static bool open_at(struct journal *j, struct err *err)
{
	if (!measure(j, &j->bytes, err))
		return false;
	if (!j->bytes && !j->writes)
		return true;
	if (!j->bytes && !create(j, err))
		return false;
	return open_env(j, j->bytes, err) && guarded(j, open_tables, NULL, err);
}

static struct journal *make(const struct journal_place *at, bool writes)
{
	struct journal *j = mem_zalloc(sizeof *j);

	j->kind = at->kind ? at->kind : &journal_decisions;
	j->file = folder_file(at->store, j->kind->file);
	j->store = at->store;
	j->writes = writes;
	return j;
}

static bool finish_open(struct journal **out, struct journal *j, bool ok, struct err *err)
{
	if (ok && open_at(j, err)) {
		*out = j;
		return true;
	}
	journal_destroy(j);
	return false;
}

bool journal_read(struct journal **out, const struct journal_place *at, struct err *err)
{
	struct journal *j = make(at, false);
	SCOPED_FREE char *lock = folder_file(at->store, JOURNAL_LOCK);

	return finish_open(out, j, lock_share(&j->lock, lock, at->wait, err), err);
}

bool journal_write(struct journal **out, const struct journal_place *at, struct err *err)
{
	struct journal *j = make(at, true);
	SCOPED_FREE char *lock = folder_file(at->store, JOURNAL_LOCK);
	bool ok = folder_is_local(at->store, err) &&
		  lock_take(&j->lock, lock, at->command, at->wait, err);

	return finish_open(out, j, ok, err);
}

void journal_destroy(struct journal *j)
{
	if (!j)
		return;
	close_env(j);
	lock_destroy(j->lock);
	free(j->file);
	free(j);
}

/* --- reading */

uint64_t journal_last(const struct journal *j)
{
	return j->last;
}

uint64_t journal_version(const struct journal *j)
{
	return j->version;
}

/* The record in a value of the log; false: its checksum differs. */
static bool open_record(const MDB_val *value, struct str *record)
{
	uint32_t crc;

	if (value->mv_size < sizeof crc)
		return false;
	memcpy(&crc, value->mv_data, sizeof crc);
	*record = str_span((const char *)value->mv_data + sizeof crc,
			   value->mv_size - sizeof crc);
	return crc == crc32c(0, record->ptr, record->len);
}

static bool bad_record(const struct journal *j, uint64_t seq, struct err *err)
{
	char what[64];

	snprintf(what, sizeof what, "lost or changed record %ju", (uintmax_t)seq);
	return damaged(j, what, err);
}

/* The record seq is copied, so that nothing is owned while LMDB is asked. */
struct fetching {
	uint64_t seq;
	struct strbuf *record;
};

static bool fetch(struct journal *j, void *ctx, struct err *err)
{
	struct fetching *f = ctx;
	unsigned char number[8];
	MDB_val key = {sizeof number, number}, value;
	struct str record;
	int rc;

	put_number(number, f->seq);
	rc = mdb_get(j->txn, j->log, &key, &value);
	if (rc != 0 && rc != MDB_NOTFOUND)
		return failed(j, rc, err);
	if (rc != 0 || value.mv_size > j->kind->most + sizeof(uint32_t) ||
	    !open_record(&value, &record))
		return bad_record(j, f->seq, err);
	strbuf_reset(f->record);
	strbuf_add(f->record, record);
	return true;
}

bool journal_each(struct journal *j, uint64_t after,
		  bool (*visit)(void *ctx, uint64_t seq, struct str record, struct err *err),
		  void *ctx, struct err *err)
{
	STRBUF(record);

	for (uint64_t seq = after + 1; seq <= j->last; seq++) {
		struct fetching f = {seq, &record};

		if (!guarded(j, fetch, &f, err) || !visit(ctx, seq, strbuf_str(&record), err))
			return false;
	}
	return true;
}

bool journal_text(const struct journal *j, const char *name, struct strbuf *text,
		  struct err *err)
{
	MDB_val key = env_key(name), value;
	int rc = j->env ? mdb_get(j->txn, j->text, &key, &value) : MDB_NOTFOUND;

	if (rc == 0)
		strbuf_add(text, str_span(value.mv_data, value.mv_size));
	return rc == 0 || rc == MDB_NOTFOUND || failed(j, rc, err);
}

/* --- writing */

bool journal_append(struct journal *j, struct str record, uint64_t *seq, struct err *err)
{
	unsigned char number[8];
	MDB_val key = {sizeof number, number}, value;
	uint32_t crc = crc32c(0, record.ptr, record.len);
	int rc;
	STRBUF(room);

	if (record.len > j->kind->most)
		return err_fail(err, ERR_USAGE, "the %s takes %zu bytes, at most %zu can be "
				"kept: shorten %s", j->kind->one, record.len, j->kind->most,
				j->kind->shorten);
	put_number(number, j->last + 1);
	strbuf_add(&room, str_span((const char *)&crc, sizeof crc));
	strbuf_add(&room, record);
	value = (MDB_val){room.len, room.ptr};
	rc = mdb_put(j->txn, j->log, &key, &value, MDB_NOOVERWRITE | MDB_APPEND);
	if (rc != 0)
		return failed(j, rc, err);
	j->added += value.mv_size;
	*seq = ++j->last;
	return true;
}

bool journal_set_text(struct journal *j, const char *name, struct str text,
		      struct err *err)
{
	MDB_val key = env_key(name), value = {text.len, (void *)text.ptr};
	int rc = mdb_put(j->txn, j->text, &key, &value, 0);

	j->added += text.len;
	return rc == 0 || failed(j, rc, err);
}

bool journal_commit(struct journal *j, struct err *err)
{
	int rc;

	if (!take_room(j, err))
		return false;
	rc = mdb_txn_commit(j->txn);
	j->txn = NULL;
	if (rc != 0)
		return failed(j, rc, err);
	j->version++;
	return true;
}
