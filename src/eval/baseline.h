/* SPDX-License-Identifier: GPL-3.0-or-later */
/* baseline: what every model stands beside: popularity and chance. */
#ifndef EVAL_BASELINE_H
#define EVAL_BASELINE_H

#include "eval/run.h"

#define BASELINES 4	/* at most */

/*
 * popular and random; and the same within the category of the last product of the
 * history, the others after it, where that history has an order (not for TASK_BASKET).
 * Chance is exact: all products are tied. Popular is what
 * has most training events of the kind. The catalog must outlive them.
 */
bool baselines_make(struct contender *list /* (BASELINES) */, size_t *n,
		    const struct catalog *c, const struct split *split, enum task task,
		    struct err *err);

#endif
