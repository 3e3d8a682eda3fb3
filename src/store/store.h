/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: a SHOP.aisle folder opened for reading, at its current generation. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <jansson.h>

#include "base/err.h"
#include "base/scope.h"
#include "store/array.h"

#define STORE_SCHEMA 1		/* another schema is refused with a message */

/* In meta: the zone of the shop's days, which are UTC's where it isn't there. */
#define STORE_DAYS_IN "days_in"

struct catalog;
struct siphash_key;
struct store;

/*
 * Open the generation that CURRENT names. Checks the folder (not on a remote
 * file system), file size, schema, meta and every array's head; contents are
 * checked by verify. Repairs the reader table when it is full and retries, at
 * most twice. A folder that can't be written is opened without a lock file:
 * a published generation never changes. Errors: ERR_STORE.
 *
 * The handle holds one read transaction for its life, so everything borrowed
 * from it is valid until store_destroy. Handles of one file share one LMDB
 * environment, counted. Not tied to a thread.
 */
bool store_open(struct store **s, const char *path, struct err *err);
void store_destroy(struct store *s);
SCOPED_DEFINE(store)

const char *store_path(const struct store *s);
uint64_t store_generation(const struct store *s);
/* The generation that CURRENT names now; false when it can't be read. */
bool store_current(const char *path, uint64_t *generation, struct err *err);
/* What a store is to look as if it hadn't. */
enum store_hidden {
	STORE_PRICES = 1 << 0,	/* see store/mask.h */
	STORE_PEOPLE = 1 << 1,	/* ids of people: pseudonyms alone name them */
};
/* From now on. Not while other threads read it. */
bool store_hide(struct store *s, unsigned hidden, struct err *err);
bool store_hides(const struct store *s, enum store_hidden what);
/* The key of its pseudonyms (store/secret.h); of a folder without one the uuid of the
 * generation. */
const struct siphash_key *store_key(const struct store *s);
/* Everything in the file, bound to names and checked against each other. */
const struct catalog *store_catalog(const struct store *s);
/* Borrowed: schema, uuid, dataset, sources, options, counts, steps, rejected. */
const json_t *store_meta(const struct store *s);
/* A named array; false with ERR_STORE when there is none of that type.
 * `found` may be asked for instead of an error with err NULL. */
bool store_array(const struct store *s, const char *name, enum array_type type,
		 struct array *a, struct err *err);
/* Walk all arrays in name order; stops when visit returns false. */
void store_arrays(const struct store *s,
		  bool (*visit)(void *ctx, const char *name, const struct array *a),
		  void *ctx);
/* Rows here and there are going to be read (on), not whole arrays, as is thought at first:
 * where the file isn't in memory that saves reading most of it. */
void store_scattered(const struct store *s, bool on);
/* Bytes of the generation's file. */
uint64_t store_bytes(const struct store *s);

/* id text -> number in one of the indexes: "product", "category", "user",
 * "brand". UINT32_MAX when there is none. Thread-safe. */
uint32_t store_find(const struct store *s, const char *index, struct str id);

#endif
