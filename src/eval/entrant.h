/* SPDX-License-Identifier: GPL-3.0-or-later */
/* entrant: a model with parameters, trained for an evaluation. */
#ifndef EVAL_ENTRANT_H
#define EVAL_ENTRANT_H

#include "eval/run.h"
#include "model/model.h"

struct entrant {
	const struct model_class *class;
	struct params params;
	char name[65];		/* under which it is listed; "": that of the class */
	bool unordered;		/* histories are baskets: their products weigh the same */
};
#define ENTRANT_HISTORY 50	/* older products of a history don't count */

/* With the defaults of its class. */
void entrant_init(struct entrant *e, const struct model_class *class);
/* MODEL or MODEL:name=value,name=value - with the parameters of aisle train and seed.
 * Errors: ERR_USAGE. */
bool entrant_parse(struct entrant *e, struct str text, struct err *err);
/* Train it on the catalog, in memory; the contender borrows the catalog. */
bool entrant_train(const struct entrant *e, const struct catalog *c,
		   struct contender *out, struct pool *pool, struct job *job,
		   struct err *err);

/*
 * Choose parameters where eval/tune.def has values to try for the model: one parameter
 * after the other, in the table's order, twice round, by NDCG at the plan's longest k.
 * plan is of the tuning split; *tried gets how many were trained.
 */
bool entrant_tune(struct entrant *e, const struct eval_plan *plan, unsigned *tried,
		  struct pool *pool, struct job *job, struct err *err);

#endif
