/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tune: chooses an entrant's parameters on a part of what may be learnt from. */
#ifndef EVAL_TUNE_H
#define EVAL_TUNE_H

#include "base/work.h"
#include "eval/entrant.h"

/* What it may cost. The choice is the same for the same seed and trainings; minutes only end
 * it before its time, within a training too, and then it says so. */
struct tune_budget {
	unsigned trainings;	/* of one entrant, >= 1 */
	double minutes;		/* 0: no end */
	uint64_t seed;
};

struct tuned {
	unsigned knobs;		/* parameters that there was a choice of; 0: nothing to tune */
	unsigned trainings;	/* made, each with its answers */
	unsigned failed;	/* of them: what such parameters can't be learnt from this log */
	bool stopped;		/* by minutes, */
	bool within;		/* before the last training was done */
	bool kept;		/* nothing was better than what it was */
	double before, after;	/* NDCG at the plan's longest k of what it was and of the
				   choice; NAN when it was stopped before they were asked */
	double low, high;	/* 95% interval of after - before, paired over groups */
};

/*
 * Successive halving (Jamieson and Talwalkar 2016, "Non-stochastic best arm identification
 * and hyperparameter optimization"): what it is, the starts of tune.def, and others drawn by
 * chance from its values (of a panel: from panel_weights.def), each parameter changed or left by
 * the toss of a coin, are asked a ninth of the plan's test lists; the best third goes on to a
 * third of them, the best third of those, and what it is, to all. The choice has the greatest NDCG
 * at the longest k there. plan is of the tuning split. Its interval is that of a choice
 * on the same lists: the gain on others is less.
 */
bool entrant_tune(struct entrant *e, const struct eval_plan *plan,
		  const struct tune_budget *budget, struct tuned *out, struct work work,
		  struct err *err);

#endif
