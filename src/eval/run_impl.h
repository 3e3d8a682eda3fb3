/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run_impl: who asks and what is asked, for run*.c alone. */
#ifndef EVAL_RUN_IMPL_H
#define EVAL_RUN_IMPL_H

#include <stdatomic.h>

#include "eval/run.h"

#define COLD 2		/* met, or of complements bought along, fewer times in training */

/* Why a product is no candidate. */
enum why { OUT_NOT, OUT_HAD, OUT_VARIANT, OUT_INSIDE, OUT_LINKED };

/* Of one thread. */
struct asker {
	float *scores;		/* (P) */
	uint8_t *out;		/* (P) enum why: no candidate in this query */
	uint32_t *target;	/* (cap) known, distinct, new */
	size_t cap;
	uint32_t *listed, round;	/* (P) the round in which it became a target */
	float *level;		/* (cap) distinct scores of targets, descending */
	uint32_t *above, *equal, *of;	/* (cap) per level: candidates, targets */
	struct tie *tie;	/* (cap) */
	uint32_t *list;		/* (k) the best */
	float *list_score;
	uint8_t *covered[EVAL_KS];	/* (P) */
	float *of_category;	/* (categories + 1) the best score of a candidate; NAN: has none */
	/* Of lists whose queries are asked together. */
	bool looking;		/* which queries there are: nothing is asked or counted */
	struct eval_query *query;	/* (cap_queries) */
	size_t n_queries, cap_queries, next;	/* next: the one that is asked */
	float *one, *many;	/* (P), (EVAL_MANY, P): where scores are in */
	struct arena *arena;	/* histories that stand nowhere else */
};

struct asking {
	const struct eval_plan *plan;
	const struct catalog *c;
	struct eval_run *run;
	const size_t *order;	/* (run->lists) which list of the split */
	struct contender *contender;
	size_t which;
	uint32_t *events;	/* (P) in training: 0 is unknown */
	uint32_t *known;	/* (run->candidates) products that were met, ascending */
	uint32_t *met;		/* (P) times met as an item */
	uint32_t *sessions;	/* (P) */
	uint64_t n_sessions;	/* of a graph: its pairs, each so often as it was counted */
	uint32_t top;		/* met so often: of the most popular tenth */
	struct asker *asker;
	struct job *job;
	atomic_bool failed;
	struct err *errs;	/* (threads) */
	bool counting;		/* the first contender fills what was asked */
	size_t together;	/* lists of a task */
	uint32_t *group_at, *group_of;	/* products by variant group, where each begins */
	atomic_uint_fast64_t dropped[OUT_LINKED + 1], unknown;
};

/* Sums and counts of one test list. */
struct tally_of_list {
	double *sums, *count;
};
/* What w->scores are worth: of the n targets that many, from the first on, are cases of their
 * own; `product` says how cold the query is. */
void run_answer(const struct asking *g, struct asker *w, size_t n, size_t singles,
		uint32_t product, const struct tally_of_list *t);

#endif
