/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sink: named arrays that training makes in memory: used as they are, or published. */
#ifndef STORE_SINK_H
#define STORE_SINK_H

#include <jansson.h>

#include "base/err.h"
#include "base/scope.h"
#include "store/array.h"

struct sink;

struct sink *sink_create(void);
void sink_destroy(struct sink *s);
SCOPED_DEFINE(sink)

/* Room for rows x columns elements, zeroed, on a 64-byte boundary; valid as long as
 * the sink. Names as in build_reserve, each once. ERR_NOMEM. */
bool sink_reserve(struct sink *s, const char *name, enum array_type type, uint64_t rows,
		  uint32_t columns, void **data, struct err *err);
/* The same with data to copy from. */
bool sink_array(struct sink *s, const char *name, enum array_type type, uint64_t rows,
		uint32_t columns, const void *data, struct err *err);
/* An array by name; ctx is the sink (fits model.find and catalog_bind). */
bool sink_find(void *ctx, const char *name, struct array *a);
/* Walk the arrays in the order in which they were made. */
void sink_each(const struct sink *s,
	       void (*visit)(void *ctx, const char *name, const struct array *a), void *ctx);
/* What training has to say beside its arrays: an object, borrowed. "loss" is a list
 * of numbers, one per epoch (see sink_loss). */
json_t *sink_info(struct sink *s);
void sink_loss(struct sink *s, double loss);

#endif
