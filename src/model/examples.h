/* SPDX-License-Identifier: GPL-3.0-or-later */
/* examples: groups of candidates to learn an order from, or to hold one against. */
#ifndef MODEL_EXAMPLES_H
#define MODEL_EXAMPLES_H

#include "base/rng.h"
#include "learn/boost.h"
#include "model/knowledge.h"

#define EXAMPLES_BEST 12	/* places that count */

/* Groups of rows, growing. Zeroed but for `wrong`: none. */
struct examples {
	float *x, *y;			/* (rows, RANK_FEATURES), (rows) 1: right, 0: not */
	uint32_t *group, *targets;	/* (groups) rows; all that was got, found or not */
	size_t rows, cap_x, cap_y;
	size_t groups, cap_group, cap_targets;
	uint32_t wrong;			/* rows of a group that weren't right, at most */
};

/* All groups go; `wrong` stays. */
void examples_forget(struct examples *l);
struct boost_rows examples_rows(const struct examples *l);

/* Which of the candidates were right, in an order drawn. */
struct marked {
	uint32_t *order;	/* (n) */
	uint8_t *right;		/* (candidates) */
	uint32_t n, n_right;
	uint32_t targets;	/* candidates or not */
};
/* Candidate i stands in the group, anywhere. */
void marked_draw(struct marked *m, uint32_t i, struct rng *rng);
/* All that were right, and of the others the first ones of the order drawn: at most l->wrong.
 * Without one that was right there is no group. */
void examples_add(struct examples *l, const struct candidates_of *c, const struct marked *m);
/* The groups of `more` too, each with to->wrong rows that weren't right at most. */
void examples_join(struct examples *to, const struct examples *more);

/* Mean over the groups of MAP at EXAMPLES_BEST of the scores (rows), ties at their expected
 * value. */
double examples_worth(const struct examples *l, const float *score);

#endif
