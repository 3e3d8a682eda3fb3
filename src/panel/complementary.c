/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Complements, from what is bought together, one smoothed ranking:
 *
 *	score(b|a) = (n_ab + 2/3 c_ab + 50 prior(b|a)) w
 *	w = 0.7 in a's own category, else 1
 *
 * n: sessions that bought both; c: sessions that put both in the cart (a cart
 * weighs 2 where a purchase weighs 3); prior: see panel/prior.h. The prior ranks
 * products without a session in common too, of the 16 categories that a's category
 * goes with most: a pair seen once by chance need not stand before the favourite
 * of the category that nearly every basket goes on to.
 *
 * Categories are not interleaved. Where each further product of one category counted
 * 0.95 of the one before (see panel/candidates.h), hits were lost. HR@10/60 on parts kept
 * for such choices, with 0.95 and without: jewelry orders before 2021-05, tested on May
 * and June, .201/.287 and .202/.304, across categories .233/.298 and .236/.323; H&M,
 * five days and the sixth, .052/.121 and .054/.134, across .050/.114 and .052/.130.
 *
 * There is no correction for popularity: in jewelry orders, trained before
 * 2020-10 and tested to the end of that year, dividing by n_b^0.1 to n_b^1 (shrunk)
 * took .063/.099/.134/.209 (Hit@1/3/10/60) to .059/.089/.127/.210 at best: n is
 * small, and n_b is what orders its ties. Lift and its interval stand beside each
 * row instead. The factor 0.7 costs hits too (without it .215/.310 on the jewelry of
 * May and June, .058/.141 on the sixth day of H&M): 59% of the pairs are inside a
 * category, and it makes room for the other 41%; --same-category include takes it away.
 * These panels, trained before 2021-07 and tested after it, across categories with the own
 * one excluded, HR@1/3/10/60: .150/.200/.235/.332; interleaved .150/.197/.230/.322.
 */
#include "config.h"

#include <stdlib.h>

#include "base/job.h"
#include "panel/source.h"

#define CART_WEIGHT (2.0 / 3)
#define PRIOR_WEIGHT 50
#define PRIOR_CATEGORIES 16
#define OWN_CATEGORY 0.7

static double own_factor(const struct query *q, uint32_t a, uint32_t b)
{
	return q->same == SAME_WEIGH && catalog_same_category(q->c, a, b) ?
	       OWN_CATEGORY : 1;
}

/* A row of candidates, ascending, that is read along with others. */
struct stream {
	const uint32_t *column, *value;	/* value NULL: 0 each */
	uint64_t at, end;
	double weight;
};

static struct stream stream_on(struct query *q, enum relation r, uint32_t a,
			       double weight)
{
	struct pair_row row = pair_row(q, r, PAIR_OUT, a);

	return (struct stream){row.column, row.value, 0, row.n, weight};
}

static uint32_t stream_head(const struct stream *s)
{
	return s->at < s->end ? s->column[s->at] : UINT32_MAX;
}

/* What the stream gives to b, stepping over it. */
static double stream_take(struct stream *s, uint32_t b)
{
	if (stream_head(s) != b)
		return 0;
	return s->weight * s->value[s->at++];
}

/* Candidates with counts below product `until` (not itself). */
static void gather_counts(struct query *q, uint32_t a, struct stream *bought,
			  struct stream *carted, uint32_t until, struct candidates *out)
{
	for (;;) {
		uint32_t b = stream_head(bought), x = stream_head(carted);
		double n;

		b = b < x ? b : x;
		if (b >= until)
			return;
		n = stream_take(bought, b) + stream_take(carted, b);
		candidates_add(out, b, own_factor(q, a, b) *
			       (n + PRIOR_WEIGHT * prior_of(&q->prior, b)));
	}
}

/* The products that category `at` stands for at the prior's level. */
static void stand_for(const struct query *q, uint32_t at, uint32_t *first, uint32_t *end)
{
	catalog_products(q->c, at, first, end);
	if (q->c->category_depth[at] < q->prior.level)
		*end = q->c->category_product[at + 1];
}

/*
 * Everything that may be a complement: what has counts in the streams, and what
 * the prior knows. Categories ascend and their products with them, so the
 * candidates do.
 */
static void gather_merged(struct query *q, uint32_t a, struct stream bought,
			  struct stream carted, struct candidates *out)
{
	uint32_t likely[PRIOR_CATEGORIES];
	double weight;
	size_t n;

	prior_for(&q->prior, q->c, q->c->product_category[a]);
	n = prior_likely(&q->prior, likely, PRIOR_CATEGORIES);
	for (size_t i = 0; i < n; i++) {
		uint32_t first, end;

		stand_for(q, likely[i], &first, &end);
		gather_counts(q, a, &bought, &carted, first, out);
		if (job_cancelled(q->job))
			return;
		weight = PRIOR_WEIGHT * q->prior.weight[likely[i]];
		for (uint32_t b = first; b < end; b++) {
			double score = weight * q->prior.popularity[b];

			score += stream_take(&bought, b) + stream_take(&carted, b);
			if (score > 0)
				candidates_add(out, b, score * own_factor(q, a, b));
		}
	}
	gather_counts(q, a, &bought, &carted, UINT32_MAX, out);
}

void gather_together(struct query *q, uint32_t a, struct candidates *out)
{
	gather_merged(q, a, stream_on(q, REL_CO_PURCHASE, a, 1),
		      stream_on(q, REL_CO_CART, a, CART_WEIGHT), out);
}

enum panel_source source_together(struct query *q, uint32_t a, uint32_t b)
{
	if (pair_count(q, REL_CO_PURCHASE, a, b) > 0)
		return SOURCE_CO_PURCHASE;
	return pair_count(q, REL_CO_CART, a, b) > 0 ? SOURCE_CO_CART : SOURCE_TRANSITION;
}

void gather_view_purchase(struct query *q, uint32_t a, struct candidates *out)
{
	struct stream s = stream_on(q, REL_VIEW_PURCHASE, a, 1), none = {0};

	prior_for(&q->prior, q->c, q->c->product_category[a]);
	if (!job_cancelled(q->job))
		gather_counts(q, a, &s, &none, UINT32_MAX, out);
}

void gather_transition(struct query *q, uint32_t a, struct candidates *out)
{
	gather_merged(q, a, (struct stream){0}, (struct stream){0}, out);
}
