/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reading: what a store's model of texts knows of its products, for other models to learn from. */
#ifndef MODEL_READING_H
#define MODEL_READING_H

#include "base/err.h"
#include "math/vectors.h"
#include "model/model.h"
#include "store/store.h"

struct reading_texts {
	struct model *model;
	struct vectors v;		/* (products, dim) of the store */
	float *own;			/* or NULL: v is the model's */
	const struct vectors *at;	/* v; NULL: the store has no such model */
};
/* The vectors of the first model of the class text, by name, that was trained in the store.
 * ERR_STORE when it is damaged, ERR_NOMEM. Release it all the same. */
bool reading_open(struct reading_texts *t, const struct store *s, struct err *err);
void reading_finish(struct reading_texts *t);

#endif
