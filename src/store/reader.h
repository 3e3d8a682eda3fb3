/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reader: a published file of a store, opened: its arrays and its meta. */
#ifndef STORE_READER_H
#define STORE_READER_H

#include <jansson.h>

#include "store/entry.h"
#include "store/env.h"

struct reader {
	struct env *env;
	MDB_txn *txn;
	struct entry_list entries;
	const char *base;	/* where LMDB maps the file */
	json_t *meta;
	const char *again;	/* said of another version's file; NULL: import */
};

/* r zeroed but for `again`; on failure too it is released by reader_finish. *gone as in
 * env_open. Reading is scattered (below) until its user has bound what he wants. */
bool reader_open(struct reader *r, const char *file, bool *gone, struct err *err);
/* Whether a page here and a page there are going to be read, and nothing around them (on),
 * or whole arrays. A hint to the system. */
void reader_scattered(const struct reader *r, bool on);
/* True when it was the last user of the file. */
bool reader_finish(struct reader *r);
/* An array by name; ctx is the reader. */
bool reader_find(void *ctx, const char *name, struct array *a);

#endif
