/* SPDX-License-Identifier: GPL-3.0-or-later */
/* target: stores, products and categories by what a person typed. */
#ifndef CMD_TARGET_H
#define CMD_TARGET_H

#include "base/err.h"
#include "base/str.h"
#include "store/store.h"

struct cmd_env;
struct filter;
struct model;

/* The front end's own store when it is the one that is named, else one that is
 * opened and given to *owned. */
bool target_store(struct cmd_env *env, const char *path, struct store **owned,
		  const struct store **s, struct err *err);
/* By id; ERR_NO proposes the nearest id. */
bool target_product(const struct store *s, struct str id, uint32_t *product,
		    struct err *err);
/* By path or id; ERR_NO proposes the nearest path. */
bool target_category(const struct store *s, struct str text, uint32_t *category,
		     struct err *err);
/* What --where says; *where is NULL when it says nothing. ERR_USAGE. */
bool target_filter(struct str text, struct filter **where, struct err *err);
/* Errors of a filter begin with the column: puts --where before; false. */
bool target_filter_failed(struct err *err);
/* A trained model that has vectors: of that name, or the only one when name.ptr is NULL;
 * ERR_NO, ERR_USAGE list those that there are. The caller owns *m. */
bool target_vectors(const struct store *s, struct str name, struct model **m,
		    struct err *err);

/* The trained model that reads words: "text", or the only one that does. ERR_NO, ERR_USAGE. */
bool target_reader(const struct store *s, struct model **m, struct err *err);

/* What stands for no model: our own counting. */
#define TARGET_PANEL "panel"
/* That, or the name of a trained model of the store that ranks products. ERR_NO lists
 * those that there are. */
bool target_model(const struct store *s, struct str name, struct err *err);
/* Names that begin with the prefix, TARGET_PANEL first. */
void target_models(const struct store *s, struct str prefix,
		   void (*add)(void *ctx, struct str word), void *ctx);

#endif
