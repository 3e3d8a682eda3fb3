/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Complements, from what is bought together:
 *
 *	score(b|a) = (n_ab + 5 prior(b|a)) w,  w = 0.7 in a's own category, else 1
 *
 * n: sessions with both; prior: see panel/prior.h. The ranking then interleaves
 * the categories: each further product of one category counts 0.95 of the one
 * before (see panel/candidates.h).
 *
 * There is no correction for popularity: in jewelry orders, trained before
 * 2020-10 and tested to the end of that year, dividing by n_b^0.1 to n_b^1 (shrunk)
 * took .063/.099/.134/.209 (Hit@1/3/10/60) to .059/.089/.127/.210 at best: n is
 * small, and n_b is what orders its ties. Lift and its interval stand beside each
 * row instead. The factor 0.7 took Hit@10 to .130, the factor 0.95 to .128: 59% of
 * the pairs are inside a category, and this is what makes room for the other 41%.
 * Count and prior alone, trained before 2021-07 and tested after it:
 * .088/.145/.204/.306 (the count alone .090/.138/.184/.218).
 */
#include "config.h"

#include "base/job.h"
#include "panel/source.h"

#define PRIOR_WEIGHT 5
#define OWN_CATEGORY 0.7
#define POLL 65536

static double own_factor(const struct query *q, uint32_t a, uint32_t b)
{
	return q->r->same == SAME_WEIGH && catalog_same_category(q->c, a, b) ?
	       OWN_CATEGORY : 1;
}

static void gather_pairs(struct query *q, enum relation r, uint32_t a,
			 struct candidates *out)
{
	const struct csr *csr = &q->c->relation[r].out;

	prior_for(&q->prior, q->c, q->c->product_category[a]);
	for (uint64_t i = csr->offsets[a]; i < csr->offsets[a + 1]; i++) {
		uint32_t b = csr->column[i];

		if (i % POLL == 0 && job_cancelled(q->job))
			return;
		candidates_add(out, b, own_factor(q, a, b) *
			       (csr->value[i] + PRIOR_WEIGHT * prior_of(&q->prior, b)));
	}
}

void gather_co_purchase(struct query *q, uint32_t a, struct candidates *out)
{
	gather_pairs(q, REL_CO_PURCHASE, a, out);
}

void gather_co_cart(struct query *q, uint32_t a, struct candidates *out)
{
	gather_pairs(q, REL_CO_CART, a, out);
}

void gather_view_purchase(struct query *q, uint32_t a, struct candidates *out)
{
	gather_pairs(q, REL_VIEW_PURCHASE, a, out);
}

/* The products that category `at` stands for at the prior's level. */
static void stand_for(const struct query *q, uint32_t at, uint32_t *first, uint32_t *end)
{
	catalog_products(q->c, at, first, end);
	if (q->c->category_depth[at] < q->prior.level)
		*end = q->c->category_product[at + 1];
}

/* Categories ascend and their products with them, so the candidates do. */
void gather_transition(struct query *q, uint32_t a, struct candidates *out)
{
	prior_for(&q->prior, q->c, q->c->product_category[a]);
	for (size_t i = 0; q->prior.any && i < q->prior.n; i++) {
		uint32_t first, end;

		if (job_cancelled(q->job))
			return;
		stand_for(q, q->prior.column[i], &first, &end);
		for (uint32_t b = first; b < end; b++) {
			double score = prior_of(&q->prior, b);

			if (score > 0)
				candidates_add(out, b, score * own_factor(q, a, b));
		}
	}
}
