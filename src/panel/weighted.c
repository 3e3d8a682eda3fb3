/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What goes together in any way, as --weights says:
 *
 *	score(b|a) = sum_k w_k n_k(a, b) / (sqrt(sum_k w_k n_k(a) sum_k w_k n_k(b)) + 20 w)
 *
 * n_k: sessions with both, or with the one, viewed, put in carts or purchased; w: the greatest
 * weight of those that the store counts. A cosine of weighted counts, shrunk as that of similar
 * products is, so that one session with a rare product does not lead; the counts beside a row
 * stay those of sessions.
 */
#include "config.h"

#include <math.h>

#include "base/job.h"
#include "panel/source.h"

static const struct {
	enum relation relation;
	enum event_kind kind;
} weighed[] = {
	{REL_CO_VIEW, EVENT_VIEW},
	{REL_CO_CART, EVENT_CART},
	{REL_CO_PURCHASE, EVENT_PURCHASE},
};
#define WEIGHED (sizeof weighed / sizeof *weighed)
#define SHRINK 20

static double margin(const struct query *q, uint32_t product)
{
	double sum = 0;

	for (size_t i = 0; i < WEIGHED; i++) {
		const uint32_t *from = q->c->relation[weighed[i].relation].from;

		if (from)
			sum += (double)q->r->about.weight[weighed[i].kind] * from[product];
	}
	return sum;
}

static double greatest(const struct query *q)
{
	double most = 0;

	for (size_t i = 0; i < WEIGHED; i++)
		if (q->c->relation[weighed[i].relation].from)
			most = fmax(most, (double)q->r->about.weight[weighed[i].kind]);
	return most;
}

void gather_weighted(struct query *q, uint32_t a, struct candidates *out)
{
	double own = margin(q, a), shrink = SHRINK * greatest(q);

	tally_clear(&q->all);
	for (size_t i = 0; i < WEIGHED && !job_cancelled(q->job); i++) {
		double weight = (double)q->r->about.weight[weighed[i].kind];
		struct pair_row row = {0};

		if (weight > 0)
			row = pair_row(q, weighed[i].relation, PAIR_OUT, a);
		for (uint64_t k = 0; k < row.n; k++)
			tally_add(&q->all, row.column[k], weight * row.value[k]);
	}
	q->failed = q->failed || !tally_settle(&q->all, &q->err);
	for (size_t i = 0; i < q->all.n && !q->failed; i++) {
		uint32_t b = tally_product(&q->all, i);
		double size = sqrt(own * margin(q, b)) + shrink;

		if (b != a && size > 0)
			candidates_add(out, b, tally_sum(&q->all, i) / size);
	}
}
