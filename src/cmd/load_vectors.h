/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load_vectors: vectors made elsewhere become a model of a store. */
#ifndef CMD_LOAD_VECTORS_H
#define CMD_LOAD_VECTORS_H

#include "base/err.h"

struct args;
struct cmd_env;
struct pool;
struct sink;

/* aisle import vectors NAME FILE --into STORE: reads the operands and options of import.
 * Ids that are no products of the store are counted, and refused above --max-rejects. */
bool load_vectors(struct cmd_env *env, const struct args *a, struct err *err);

/* What is kept beside the vectors in the sink: copies in 8 bits where they are many, and, by
 * --index of train and import, their graph or not. */
bool load_index(struct cmd_env *env, const struct args *a, struct sink *sink,
		struct pool *pool, struct err *err);

#endif
