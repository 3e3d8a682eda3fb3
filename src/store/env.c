/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one piece of file-scope state below the front ends: the list of open
 * environments. LMDB wants a file opened once per process, and only the process can
 * know that it did. A published file never changes and is held by flock, so it is read
 * without LMDB's lock file: nothing is written to a folder that is only looked at, and
 * there is no number of readers that is too many.
 */
#include "config.h"

#include "store/env.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/scope.h"
#include "store/folder.h"
#include "store/pages.h"
#include "store/seal.h"
#include "store/store.h"

static struct {
	pthread_mutex_t mutex;
	struct env *first;
} open_envs = {PTHREAD_MUTEX_INITIALIZER, NULL};

bool env_fail(struct err *err, int rc, const char *what)
{
	if (rc > 0)
		return err_errno(err, rc, "%s", what);
	return err_fail(err, rc == MDB_MAP_FULL ? ERR_NOSPACE : ERR_STORE, "%s: %s", what,
			mdb_strerror(rc));
}

/* --- the meta pages of LMDB 0.9, as they lie in the file */

#define META_MAGIC 0xbeefc0deu
#define META_BYTES 152
#define META_VERSION 1u

struct meta_page {
	uint32_t page;
	uint64_t last_page, txn;
};

static bool read_meta(int fd, uint64_t offset, struct meta_page *m)
{
	unsigned char b[META_BYTES];
	uint32_t magic, version;
	uint16_t flags;

	if (pread(fd, b, sizeof b, (off_t)offset) != (ssize_t)sizeof b)
		return false;
	memcpy(&flags, b + 10, sizeof flags);
	memcpy(&magic, b + 16, sizeof magic);
	memcpy(&version, b + 20, sizeof version);
	memcpy(&m->page, b + 40, sizeof m->page);
	memcpy(&m->last_page, b + 136, sizeof m->last_page);
	memcpy(&m->txn, b + 144, sizeof m->txn);
	return (flags & 0x08) && magic == META_MAGIC && version == META_VERSION &&
	       m->page >= 512 && m->page <= 65536 && (m->page & (m->page - 1)) == 0 &&
	       m->last_page < (UINT64_C(1) << 47) / m->page;
}

static bool damaged(struct err *err, const char *file, const char *what)
{
	return err_fail(err, ERR_STORE,
			"the store is damaged: %s %s; import the data again or bring the "
			"file back from a copy", file, what);
}

uint64_t env_bytes(int fd, size_t *page)
{
	struct meta_page m[2];

	if (!read_meta(fd, 0, &m[0]) || !read_meta(fd, m[0].page, &m[1]) ||
	    m[0].page != m[1].page)
		return 0;
	*page = m[0].page;
	return (m[m[1].txn > m[0].txn].last_page + 1) * m[0].page;
}

/* A published file ends with the last page that is in use. */
static bool check_file(struct env *e, const char *file, struct err *err)
{
	struct stat st;
	uint64_t expected;
	STRBUF(what);

	if (fstat(e->fd, &st) != 0)
		return err_errno(err, errno, "can't look at %s", file);
	e->dev = st.st_dev;
	e->ino = st.st_ino;
	e->bytes = (uint64_t)st.st_size;
	if (e->bytes < 2 * 4096) {
		strbuf_addf(&what, "is %ju bytes, too few for any store",
			    (uintmax_t)e->bytes);
		return damaged(err, file, strbuf_c(&what));
	}
	expected = env_bytes(e->fd, &e->page);
	if (!expected)
		return damaged(err, file, "is not an LMDB file of this machine's kind, or "
					  "its first pages are lost");
	if (e->bytes != expected) {
		strbuf_addf(&what, "is %ju bytes, expected %ju", (uintmax_t)e->bytes,
			    (uintmax_t)expected);
		return damaged(err, file, strbuf_c(&what));
	}
	e->sealed = seal_holds(e->fd);
	return e->sealed || pages_check(e->fd, e->bytes, e->page, err) ||
	       err_context(err, "%s", file);
}

/* --- opening */

static void on_assert(MDB_env *mdb, const char *text)
{
	struct env *e = mdb_env_get_userctx(mdb);

	/* If it returned, LMDB would abort the program. */
	if (e && e->trap)
		longjmp(*e->trap, 1);
}

static bool open_mdb(struct env *e, const char *file, unsigned flags, int *rc)
{
	*rc = mdb_env_create(&e->mdb);
	if (*rc != 0)
		return false;
	mdb_env_set_userctx(e->mdb, e);
	mdb_env_set_assert(e->mdb, on_assert);
	mdb_env_set_maxdbs(e->mdb, ENV_INDEXES + 1);
	mdb_env_set_mapsize(e->mdb, e->bytes);
	*rc = mdb_env_open(e->mdb, file, flags, 0664);
	if (*rc == 0)
		return true;
	mdb_env_close(e->mdb);
	e->mdb = NULL;
	return false;
}

static bool open_env(struct env *e, const char *file, struct err *err)
{
	int rc;

	if (open_mdb(e, file, MDB_RDONLY | MDB_NOSUBDIR | MDB_NOTLS | MDB_NOLOCK |
		     MDB_NORDAHEAD, &rc))
		return true;
	env_fail(err, rc, "can't open");
	return err_context(err, "%s", file);
}

bool env_begin(struct env *e, MDB_txn **txn, struct err *err)
{
	int rc = mdb_txn_begin(e->mdb, NULL, MDB_RDONLY, txn);

	return rc == 0 || env_fail(err, rc, "can't read the store");
}

struct tables {
	struct env *e;
	MDB_txn *txn;
	MDB_cursor *cursor;
};

/* Open the arrays and every index. Handles opened by a transaction that ends
 * well serve the whole environment; later transactions open none. */
static bool open_tables(void *ctx, struct err *err)
{
	struct tables *t = ctx;
	struct env *e = t->e;
	MDB_val key, value;
	int rc = mdb_dbi_open(t->txn, NULL, 0, &e->main);

	if (rc == 0)
		rc = mdb_dbi_open(t->txn, ENV_ARRAYS, 0, &e->arrays);
	if (rc == 0)
		rc = mdb_cursor_open(t->txn, e->main, &t->cursor);
	if (rc == MDB_NOTFOUND)
		return err_fail(err, ERR_STORE, "the store is damaged: it has no arrays");
	if (rc != 0)
		return env_fail(err, rc, "the store is damaged");
	while ((rc = mdb_cursor_get(t->cursor, &key, &value, MDB_NEXT)) == 0) {
		struct str name = str_span(key.mv_data, key.mv_size);
		char *copy;

		if (!str_starts(name, STR(ENV_INDEX)))
			continue;
		if (e->n_indexes == ENV_INDEXES)
			return err_fail(err, ERR_STORE,
					"the store is damaged: too many indexes");
		copy = mem_zalloc(name.len + 1);
		memcpy(copy, name.ptr, name.len);
		e->index[e->n_indexes].name = copy;
		rc = mdb_dbi_open(t->txn, copy, 0, &e->index[e->n_indexes++].dbi);
		if (rc != 0)
			return env_fail(err, rc, copy);
	}
	return rc == MDB_NOTFOUND || env_fail(err, rc, "the store is damaged");
}

static bool prepare(struct env *e, struct err *err)
{
	struct tables t = {.e = e};
	bool ok;

	if (!env_begin(e, &t.txn, err))
		return false;
	ok = env_guarded(e, open_tables, &t, err);
	if (t.cursor)
		mdb_cursor_close(t.cursor);
	if (ok)
		mdb_txn_commit(t.txn);
	else
		mdb_txn_abort(t.txn);
	return ok;
}

static void release(struct env *e)
{
	if (e->mdb)
		mdb_env_close(e->mdb);
	for (unsigned i = 0; i < e->n_indexes; i++)
		free(e->index[i].name);
	if (e->fd >= 0)
		close(e->fd);
	pthread_mutex_destroy(&e->guard);
	free(e);
}

static struct env *find_open(const struct env *same)
{
	for (struct env *e = open_envs.first; e; e = e->next)
		if (e->dev == same->dev && e->ino == same->ino)
			return e;
	return NULL;
}

/* The lock that tells publish to keep the file. The file may be removed between
 * open and flock; then its link count is 0. */
static bool hold(struct env *e, const char *file, bool *gone, struct err *err)
{
	struct stat st;

	e->fd = folder_open(file, O_RDONLY, err);
	*gone = e->fd < 0 && errno == ENOENT;
	if (*gone)
		return err_fail(err, ERR_STORE, "the store is damaged: %s is missing", file);
	if (e->fd < 0)
		return false;
	while (flock(e->fd, LOCK_SH) != 0)
		if (errno != EINTR)
			return err_errno(err, errno, "can't lock %s", file);
	if (fstat(e->fd, &st) == 0 && st.st_nlink == 0) {
		*gone = true;
		return err_fail(err, ERR_STORE, "%s was just removed", file);
	}
	return true;
}

bool env_open(struct env **out, const char *file, bool *gone, struct err *err)
{
	struct env *e = mem_zalloc(sizeof *e), *shared;
	bool ok;

	pthread_mutex_init(&e->guard, NULL);
	ok = hold(e, file, gone, err) && check_file(e, file, err);
	pthread_mutex_lock(&open_envs.mutex);
	shared = ok ? find_open(e) : NULL;
	if (shared) {
		shared->count++;
		*out = shared;
	} else if (ok && open_env(e, file, err) && prepare(e, err)) {
		e->count = 1;
		e->next = open_envs.first;
		open_envs.first = e;
		*out = e;
		e = NULL;
	} else {
		ok = false;
	}
	pthread_mutex_unlock(&open_envs.mutex);
	if (e)
		release(e);
	return ok;
}

bool env_close(struct env *e)
{
	struct env **at;
	bool last;

	pthread_mutex_lock(&open_envs.mutex);
	last = --e->count == 0;
	if (last) {
		for (at = &open_envs.first; *at != e;)
			at = &(*at)->next;
		*at = e->next;
		release(e);
	}
	pthread_mutex_unlock(&open_envs.mutex);
	return last;
}

void env_forget(void)
{
	pthread_mutex_init(&open_envs.mutex, NULL);
	open_envs.first = NULL;
}

bool env_guarded(struct env *e, bool (*call)(void *ctx, struct err *err), void *ctx,
		 struct err *err)
{
	jmp_buf trap;
	volatile bool ok;

	pthread_mutex_lock(&e->guard);
	e->trap = &trap;
	if (setjmp(trap) == 0)
		ok = call(ctx, err);
	else
		ok = err_fail(err, ERR_STORE,
			      "the store is damaged: a page of it makes no sense; run "
			      "`aisle verify`");
	e->trap = NULL;
	pthread_mutex_unlock(&e->guard);
	return ok;
}
