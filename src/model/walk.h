/* SPDX-License-Identifier: GPL-3.0-or-later */
/* walk: what models that walk over counted pairs share: they differ in their defaults. */
#ifndef MODEL_WALK_H
#define MODEL_WALK_H

#include "base/work.h"
#include "model/lesson.h"
#include "model/model.h"

/* Functions of a model class; takes --events, --count (set or adjacent), --direction,
 * --hops, --alpha, --beta, --recency. */
bool walk_train(const struct lesson *l, struct err *err);
bool walk_open(struct model *m, struct err *err);
void walk_close(struct model *m);
bool walk_score(const struct model *m, const struct history *h, struct scoring out,
		struct err *err);
bool walk_score_many(const struct model *m, const struct history *h, unsigned n,
		     struct scoring out, struct err *err);
unsigned walk_explain(const struct model *m, uint32_t a, uint32_t b,
		      struct reasons reasons);

#endif
