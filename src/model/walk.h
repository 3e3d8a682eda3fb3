/* SPDX-License-Identifier: GPL-3.0-or-later */
/* walk: what models that walk over counted pairs share: they differ in their defaults. */
#ifndef MODEL_WALK_H
#define MODEL_WALK_H

#include "base/work.h"
#include "model/model.h"

/* Functions of a model class; takes --events, --count (set or adjacent), --direction,
 * --hops, --alpha, --beta, --recency. */
bool walk_train(const struct catalog *c, const struct params *p, struct sink *s,
		struct work work, struct err *err);
bool walk_open(struct model *m, struct err *err);
void walk_close(struct model *m);
bool walk_score(const struct model *m, const struct history *h, float *scores,
		struct job *job, struct err *err);
unsigned walk_explain(const struct model *m, uint32_t a, uint32_t b,
		      struct model_reason *reasons, unsigned n);

#endif
