/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run: asks contenders the queries of a split and adds up what their answers are worth. */
#ifndef EVAL_RUN_H
#define EVAL_RUN_H

#include "base/err.h"
#include "base/work.h"
#include "eval/split.h"
#include "math/measure.h"

#define EVAL_KS 8	/* at most so many list lengths */

#define EVAL_MANY 8	/* queries that are asked at once, at most */
struct eval_query {
	const uint32_t *history;	/* (n) products, the latest last */
	size_t n;
};

/* Whatever gives scores: a model, a panel, a baseline. */
struct contender {
	char *name, *params;	/* owned; params "": its own defaults */
	bool oracle;		/* knows the category of the target */
	double seconds, cpu;	/* of training; what asking takes is added */
	/*
	 * scores (n_products): the greater the better, -INFINITY (or NAN) where it says nothing.
	 * history (n): products, the latest last; target: for oracles only. Called from
	 * several threads at a time. worker: 0 .. threads of the pool - 1.
	 */
	bool (*score)(void *ctx, const uint32_t *history, size_t n, uint32_t target,
		      float *scores, unsigned worker, struct err *err);
	/* The same for n queries, up to EVAL_MANY: scores (n, n_products). NULL: one by one. */
	bool (*score_many)(void *ctx, const struct eval_query *q, size_t n, float *scores,
			   struct err *err);
	void (*destroy)(void *ctx);	/* or NULL */
	void *ctx;
};
void contender_finish(struct contender *c);

/* What is asked. Candidates are the products met in training, without those of the
 * history and their variants, unless `repeats` or `variants` let them be. */
struct eval_plan {
	const struct catalog *catalog;	/* trained on: known products, popularity */
	const struct split *split;
	const struct catalog *whole;	/* whose sessions the split names; NULL: catalog */
	enum task task;
	bool cross_category;	/* TASK_COMPLEMENT: only targets, and candidates, of other
				   categories than the product's */
	bool unmet;		/* TASK_COMPLEMENT: of products that weren't met in training */
	bool unlinked;		/* candidates are what training doesn't link with the product */
	bool repeats;		/* TASK_NEXT: what the history has may come again */
	bool variants;		/* variants of what the history has too */
	uint32_t k[EVAL_KS];	/* (n_k) ascending */
	unsigned n_k;
	uint64_t max_lists;	/* test lists asked about, drawn by the seed; 0: all */
	uint64_t seed;
};

/* Sums of a contender over one test list, per k. */
enum eval_sum {
	SUM_HR, SUM_MRR, SUM_NDCG,		/* over cases */
	SUM_RECALL, SUM_PRECISION, SUM_MAP,	/* over queries */
	SUM_ANY,				/* of them those with any target */
	SUM_CATEGORY,				/* cases whose category is of the first three */
	SUM_COLD, SUM_WARM, SUM_TOP,		/* HR over cases of such queries */
	SUM_PAIRS, SUM_DIVERSE,			/* pairs in lists; of different categories */
	SUM_LISTED, SUM_NOVELTY, SUM_POPULARITY,	/* products listed; of them */
	EVAL_SUMS,
};
/* The same for all contenders: what was asked. */
enum eval_count {
	COUNT_CASES,		/* (query, target) */
	COUNT_QUERIES,
	COUNT_COLD, COUNT_WARM, COUNT_TOP,	/* cases */
	COUNT_TARGET_EVENTS,	/* training events of the targets */
	EVAL_COUNTS,
};
struct eval_answers {
	double *sum;		/* (lists, n_k, EVAL_SUMS) */
	uint64_t covered[EVAL_KS];	/* products in any list of k */
	double seconds, cpu;	/* of asking; cpu: processor time of all threads */
};
struct eval_run {
	size_t lists;		/* asked about */
	uint32_t *group;	/* (lists) the user, or the session where there is none:
				   what bootstrap draws */
	size_t groups;
	double *count;		/* (lists, EVAL_COUNTS) */
	uint32_t candidates;	/* products met in training */
	/* Cases left out: target in the history; a variant of it; of the product's own
	 * category; product or target not met in training. */
	uint64_t repeated, variants, inside, unknown;
	struct eval_answers *answers;	/* (n) */
	size_t n;
};

/* Errors: of the contenders, ERR_CANCELLED, ERR_NOMEM, ERR_NO without a case. The
 * result doesn't depend on the number of threads if the scores don't. */
bool eval_run(struct eval_run *r, const struct eval_plan *plan,
	      struct contender *contenders, size_t n, struct work work, struct err *err);
void eval_run_finish(struct eval_run *r);

#endif
