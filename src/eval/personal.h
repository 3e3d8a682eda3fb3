/* SPDX-License-Identifier: GPL-3.0-or-later */
/* personal: how well lists for people hold what they took afterwards. */
#ifndef EVAL_PERSONAL_H
#define EVAL_PERSONAL_H

#include <jansson.h>

#include "base/work.h"
#include "eval/entrant.h"

/*
 * Everything before `from` is learnt from; each user who got something from then on (of the
 * kind that past_had says) is asked for once, with the past of that moment. Lists are those of
 * suggest/lister: what has no score is ordered by popularity behind what has. Beside the
 * models stand the lists by hand, repeats, and popularity.
 */
struct personal_plan {
	const struct catalog *whole, *learnt;	/* the store's; the part before `from` */
	int64_t from;				/* ms */
	const uint32_t *k;			/* (n_k) ascending */
	unsigned n_k;
	uint64_t max_users, seed;		/* at most so many, drawn; 0: all */
	const struct model *texts;		/* with vectors, for models that take some; NULL */
	const struct entrant *entrants;		/* (n_entrants) */
	size_t n_entrants;
};

/*
 * A document as of eval/report.h, of task "personal". Its rows are of five sorts of users and
 * targets, as "task" says: "personal" (who has a past, all that they took), "personal, new"
 * (the same, what they didn't have yet, had things left out of the lists), "personal,
 * no past", "personal, page" and "personal, cart" (model/cart.h, the user's first session
 * from then on that can be cut; the page is never suggested). Keys of a row: rank (by MAP),
 * model, parameters, k, hr, hr_low, hr_high, ndcg, recall, precision, map, map_low, map_high,
 * p (of MAP against the first), reach (share of the targets that it scores at all), perfect
 * (MAP if those stood first), seconds, queries.
 * Metrics are expected values under ties; intervals: 1,000 bootstrap rounds over users.
 * Errors: of the models; ERR_NO when nobody took anything; ERR_CANCELLED, ERR_NOMEM.
 */
bool personal_run(const struct personal_plan *plan, json_t **doc, struct work work,
		  struct err *err);

#endif
