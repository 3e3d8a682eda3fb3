/* SPDX-License-Identifier: GPL-3.0-or-later */
/* writer: makes one file of a store: arrays, texts, indexes and meta, published whole. */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include <jansson.h>

#include "base/err.h"
#include "base/scope.h"
#include "store/array.h"

struct pool;
struct writer;

/* A new file in the store's folder `path`, under a name that begins with FOLDER_BUILDING.
 * Only under the writer lock. */
bool writer_open(struct writer **w, const char *path, const char *name, struct err *err);
/* One without a name on the file system of `folder`, which can't be finished: nothing is
 * left of it however the process ends. */
bool writer_open_unnamed(struct writer **w, const char *folder, struct err *err);
/* Without writer_finish nothing is left. */
void writer_destroy(struct writer *w);
SCOPED_DEFINE(writer)

/* As build_reserve, build_array, build_text, build_index, build_part_bytes, build_find,
 * build_hold, build_seal. */
bool writer_reserve(struct writer *w, const char *name, enum array_type type,
		    uint64_t rows, uint32_t columns, void **data, struct err *err);
bool writer_array(struct writer *w, const char *name, enum array_type type, uint64_t rows,
		  uint32_t columns, const void *data, struct err *err);
bool writer_text(struct writer *w, const char *name, const struct text_source *texts,
		 struct err *err);
bool writer_index(struct writer *w, const char *index, const struct id_source *ids,
		  struct err *err);
void writer_hold(struct writer *w);
void writer_seal(struct writer *w, struct pool *pool);
void writer_part_bytes(struct writer *w, uint64_t bytes);
bool writer_find(struct writer *w, const char *name, struct array *a);
/* The meta document that is written at the end; schema, uuid, created, arrays and
 * indexes are set then. */
json_t *writer_meta(struct writer *w);
/* Write meta, cut the file to its size, sync it, rename it. The caller syncs the
 * folder. w may only be destroyed afterwards. */
bool writer_finish(struct writer *w, const char *name, struct err *err);

#endif
