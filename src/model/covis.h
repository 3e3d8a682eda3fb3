/* SPDX-License-Identifier: GPL-3.0-or-later */
/* covis: counts of pairs as a model; rules and co-purchase are the same under other defaults. */
#ifndef MODEL_COVIS_H
#define MODEL_COVIS_H

#include "base/work.h"
#include "model/lesson.h"
#include "model/model.h"

/* The parameters of a class of this kind: events, count, direction, window, gap-weight,
 * half-life, score, shrink, support and recency, all of them. */
bool covis_train(const struct lesson *l, struct err *err);
bool covis_score(const struct model *m, const struct history *h, struct scoring out,
		 struct err *err);
const char *covis_meaning(const struct params *p);

#endif
