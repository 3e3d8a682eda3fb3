/* SPDX-License-Identifier: GPL-3.0-or-later */
/* build: writes the next generation of a store and publishes it whole. */
#ifndef STORE_BUILD_H
#define STORE_BUILD_H

#include <jansson.h>

#include "base/err.h"
#include "base/scope.h"
#include "store/array.h"

struct build;
struct job;
struct catalog;
struct pool;

/*
 * Take the store's writer lock (made with the folder if it is new) and start
 * generation N+1. Waits up to `wait` seconds for the lock; ERR_LOCKED names
 * the holder (pid, user, command, since when). Refuses remote file systems and
 * a folder that is not empty and not a store. Leftovers of killed imports are
 * removed. `command` is written into the lock.
 */
bool build_begin(struct build **b, const char *path, const char *command,
		 double wait, struct err *err);
/* A build for what can be learnt of its contents: it has no store, takes no lock, can't be
 * published, and leaves nothing behind however the process ends. Its file has no name on the
 * file system of `folder`. */
bool build_begin_unnamed(struct build **b, const char *folder, struct err *err);
/* Without build_publish the new generation is thrown away; CURRENT stays. */
void build_destroy(struct build *b);
SCOPED_DEFINE(build)

/* Make room for an array of rows x columns elements (disk space is taken
 * first, so a full disk is ERR_NOSPACE, not a signal) and lend its memory, zeroed,
 * for filling; it is sealed (checksummed, committed) by the next call on b. */
bool build_reserve(struct build *b, const char *name, enum array_type type,
		   uint64_t rows, uint32_t columns, void **data, struct err *err);
/* The same with data to copy from. */
bool build_array(struct build *b, const char *name, enum array_type type,
		 uint64_t rows, uint32_t columns, const void *data, struct err *err);
/* From here to build_seal no call seals an array that was lent, so that several
 * can be filled side by side; build_seal, or publishing, seals them all. */
void build_hold(struct build *b);
void build_seal(struct build *b, struct pool *pool);
/* n texts as two arrays, NAME/offsets (n+1) and NAME/bytes. */
bool build_text(struct build *b, const char *name, const struct text_source *texts,
		struct err *err);
/* id -> number; ids ascending in byte order, distinct, 1..200 bytes. */
bool build_index(struct build *b, const char *index, const struct id_source *ids,
		 struct err *err);
/* The meta document to write at the end; the caller may fill it until
 * build_publish. schema, uuid, generation and created are set by build. */
json_t *build_meta(struct build *b);
/* The arrays written so far as a catalog (those that are missing are empty):
 * what stats reads. Valid until the next call on b; bind again after it. */
bool build_catalog(struct build *b, const struct catalog **c, struct err *err);
/* Split arrays into parts of at most this many bytes instead of ARRAY_PART: for
 * tests. Before the first array. */
void build_part_bytes(struct build *b, uint64_t bytes);
/* Arrays written so far, by name; false (no error) when there is none. */
bool build_find(struct build *b, const char *name, struct array *a);
/* Sync, truncate, rename, sync the folder, switch CURRENT, sync again. Old
 * generations that no one has open are removed. b may only be destroyed. */
bool build_publish(struct build *b, struct err *err);
uint64_t build_generation(const struct build *b);
/* Bytes of memory to keep to while it is built; 0, as at first, is no limit. */
void build_set_memory(struct build *b, uint64_t bytes);
uint64_t build_memory(const struct build *b);
/* A temporary file in the store's folder for what goes beyond (base/spill.h). */
struct spill;
bool build_spill(struct build *b, struct spill **s, struct err *err);

#endif
