/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kept: models that a store has, for those that learn from texts or ask for a class. */
#ifndef MODEL_KEPT_H
#define MODEL_KEPT_H

#include "base/err.h"
#include "math/vectors.h"
#include "model/model.h"
#include "store/store.h"

/* The first model of that class, by name, that was trained in the store, which the caller owns;
 * NULL: there is none. ERR_STORE when it is damaged. */
bool kept_model(struct model **m, const struct store *s, const char *class, struct err *err);

struct kept_texts {
	struct model *model;
	struct vectors v;		/* (products, dim) of the store */
	float *own;			/* or NULL: v is the model's */
	const struct vectors *at;	/* v; NULL: the store has no such model */
};
/* The vectors of the first model of the class text, by name, that was trained in the store.
 * ERR_STORE when it is damaged, ERR_NOMEM. Release it all the same. */
bool kept_open(struct kept_texts *t, const struct store *s, struct err *err);
void kept_finish(struct kept_texts *t);

#endif
