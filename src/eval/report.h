/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report: a run as a JSON document, with intervals and paired tests. */
#ifndef EVAL_REPORT_H
#define EVAL_REPORT_H

#include <jansson.h>

#include "eval/run.h"

/* What is reported on. */
struct report {
	const struct eval_plan *plan;
	const struct split_spec *spec, *tuned;	/* tuned: what parameters were chosen on, or NULL */
	const struct contender *contenders;
	const struct eval_run *run;
	struct pool *pool;	/* for intervals */
};

/*
 * Keys: time (ms), task, split, seed, k (list), protocol (sentences), tuned, queries, cases,
 * sessions, groups, repeated, variants, inside, unknown, candidates, train_events, and rows,
 * one per contender and k, k by k, the best HR first: rank, model, parameters, oracle, k,
 * hr, hr_low, hr_high, mrr, mrr_low, mrr_high, ndcg, recall, precision, map,
 * hr_session, coverage, diversity, novelty, popularity, hr_cold, hr_warm, hr_popular,
 * p, p_floor (the least that it can be by so many rounds), behind, behind_low, behind_high (HR
 * of the row of rank 1 less its own), seconds, cpu (processor time of the same).
 * What is not defined is left out. Intervals: 1,000 bootstrap rounds over users (over
 * sessions where there are none); p: 2,000 rounds against the row of rank 1.
 * *out is a new reference. Errors: ERR_NOMEM.
 */
bool report_make(json_t **out, const struct report *of, struct err *err);

#endif
