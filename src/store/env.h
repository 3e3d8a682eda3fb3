/* SPDX-License-Identifier: GPL-3.0-or-later */
/* env: the LMDB environment of a published file, one per file and process. */
#ifndef STORE_ENV_H
#define STORE_ENV_H

#include <lmdb.h>
#include <pthread.h>
#include <setjmp.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/str.h"

#define ENV_INDEXES 16
#define ENV_PAGE_HEAD 16	/* bytes of LMDB's page header */
#define ENV_ARRAYS "arrays"
#define ENV_INDEX "index/"	/* before the name of an index */
#define ENV_META "meta"
#define ENV_META_CRC "meta-crc"

struct env {
	struct env *next;
	dev_t dev;
	ino_t ino;
	unsigned count;
	int fd;			/* holds the shared flock that keeps the file */
	MDB_env *mdb;
	MDB_dbi main, arrays;
	struct {
		char *name;
		MDB_dbi dbi;
	} index[ENV_INDEXES];
	unsigned n_indexes;
	bool sealed;		/* made or looked through here (seal.h) */
	uint64_t bytes;		/* of the file */
	size_t page;		/* of LMDB */
	pthread_mutex_t guard;
	jmp_buf *trap;
};

/*
 * Open the file or share the environment that is open. Before LMDB sees the
 * file its meta pages and size are checked by hand: LMDB trusts them and would
 * fault on a file that was cut. *gone is set (with an error) when there is no
 * such file: a newer generation may have replaced it.
 */
bool env_open(struct env **e, const char *file, bool *gone, struct err *err);
/* Bytes that the file's newest meta page says are in use, and the size of a page; 0: it is
 * no LMDB file of this machine's kind. LMDB itself trusts them and would fault. */
uint64_t env_bytes(int fd, size_t *page);
/* True when it was the last user: the file is closed now. */
bool env_close(struct env *e);
/* A read transaction; a full reader table is repaired, at most twice. */
bool env_begin(struct env *e, MDB_txn **txn, struct err *err);
/* After fork(): forget the parent's environments, which LMDB forbids to use. */
void env_forget(void);

/*
 * Run call(ctx, err) with the environment's guard held and with assertions of
 * LMDB (it has them for pages that make no sense) turned into ERR_STORE. What
 * call owned at that moment is lost, so it should own nothing.
 */
bool env_guarded(struct env *e, bool (*call)(void *ctx, struct err *err), void *ctx,
		 struct err *err);
/* A key of the main table. */
static inline MDB_val env_key(const char *name)
{
	return (MDB_val){strlen(name), (void *)name};
}
/* LMDB's result as an error: "what: text". Always false. */
bool env_fail(struct err *err, int rc, const char *what);

#endif
