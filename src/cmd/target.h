/* SPDX-License-Identifier: GPL-3.0-or-later */
/* target: stores and models by what a person typed. */
#ifndef CMD_TARGET_H
#define CMD_TARGET_H

#include "ask/question.h"
#include "store/store.h"

struct cmd_env;

/* The front end's own store when it is the one that is named, else one that is
 * opened and given to *owned. */
bool target_store(struct cmd_env *env, const char *path, struct store **owned,
		  const struct store **s, struct err *err);

/* MODEL_NONE, or the name of a trained model of the store that ranks products. ERR_NO lists
 * those that there are. */
bool target_model(const struct store *s, struct str name, struct err *err);
/* Names that begin with the prefix, MODEL_NONE first. */
void target_models(const struct store *s, struct str prefix,
		   void (*add)(void *ctx, struct str word), void *ctx);

#endif
