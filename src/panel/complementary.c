/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Complements, from what is bought together, one smoothed ranking:
 *
 *	score(b|a) = (n_ab + cart c_ab + second h_ab + prior m_a p(b|a)) w
 *	h_ab = sum over c of n_ac n_cb / N_c
 *	w = own in a's own category where it is to be weighed down, else 1
 *
 * n: sessions that bought both; c: sessions that put both in the cart (a cart weighs 2
 * where a purchase weighs 3); N_c: pairs of c, so h spreads each pair of a over what its
 * other product goes with: the second step of a random walk, in sessions. p: see
 * panel/prior.h; m_a: the pairs that a product of a's category has on average, so that
 * the prior counts as much as so many average products, in a shop of few pairs and in one of
 * many. Both rank products without a session in common too, the prior those of the
 * 16 categories that a's category goes with most: a pair seen once by chance need not stand
 * before the favourite of the category that nearly every basket goes on to. Under a filter
 * that cuts events there are no second steps: every product on the way would have to be
 * counted for them.
 *
 * The weights (panel_weights.def) were chosen on parts kept for it, by bench/defaults.py.
 * HR@10/60 without second steps and with: jewelry orders before 2021-05, tested on May and June,
 * .215/.310 and .219/.350; a synthetic shop of 3,000 products .446/.736 and .451/.744; H&M, five
 * days and the sixth, .062/.154 and .061/.159. With 50 sessions in place of 6 m_a they were
 * .216/.352, .460/.742 and .058/.145. Categories are not interleaved, and a's own one isn't
 * weighed down unless someone asks: each costs hits (x0.95 for each further product of a
 * category took jewelry's .202/.304 to .201/.287; w = 0.7 took .215/.310 to .202/.304).
 *
 * Where nothing was bought together nor put in a cart, products of other categories that are
 * looked at in the same sessions credibly more than by chance (n >= 3, lower bound of lift
 * above 1) come before the favourites of the categories:
 *
 *	score(b|a) = n_ab / (sqrt(n_a n_b) + 20)
 *
 * n: co-view sessions. On the views alone of a synthetic shop (1,000 products, 40,000
 * sessions) .614 of the first five are planted complements, .224 with the favourites alone, and
 * .435 of the pairs that its visitors bought are in the first ten (.322); n (1 - 1/low) gave
 * .614 and .437, the lower bound itself .576 and .399.
 *
 * There is no correction for popularity: in jewelry orders, trained before
 * 2020-10 and tested to the end of that year, dividing by n_b^0.1 to n_b^1 (shrunk)
 * took .063/.099/.134/.209 (Hit@1/3/10/60) to .059/.089/.127/.210 at best: n is
 * small, and n_b is what orders its ties. Lift and its interval stand beside each
 * row instead.
 */
#include "config.h"

#include <math.h>

#include "base/job.h"
#include "panel/source.h"
#include "stats/lift.h"

#define PRIOR_CATEGORIES CANDIDATE_RANGES
/* Pairs that are read for the second steps of one product. */
#define STEP_PAIRS 65536

/* What a row of pairs gives to the products in it. */
static void add_row(struct query *q, enum relation r, uint32_t a, double weight,
		    struct tally *t)
{
	struct pair_row row = pair_row(q, r, PAIR_OUT, a);

	for (uint64_t i = 0; i < row.n && weight > 0; i++)
		tally_add(t, row.column[i], weight * row.value[i]);
}

/* The relation that steps are taken in; RELATIONS: none. */
static enum relation step_relation(const struct query *q)
{
	if (source_usable(q->c, NULL, &panel_sources[SOURCE_CO_PURCHASE]))
		return REL_CO_PURCHASE;
	return source_usable(q->c, NULL, &panel_sources[SOURCE_CO_CART]) ? REL_CO_CART :
	       RELATIONS;
}

/* One step on from c, of whose pairs each has its share of `at`; returns how many. */
static uint64_t step_from(struct query *q, enum relation r, uint32_t c, double at)
{
	struct pair_row row = pair_row(q, r, PAIR_OUT, c);
	double all = 0;

	for (uint64_t i = 0; i < row.n; i++)
		all += row.value[i];
	for (uint64_t i = 0; i < row.n; i++)
		tally_add(&q->second, row.column[i], at * row.value[i] / all);
	return row.n;
}

void add_second(struct query *q, enum relation r, uint32_t a, double weight)
{
	struct pair_row row;
	uint64_t read = 0;

	tally_clear(&q->second);
	if (!(weight > 0) || (q->r->about.live && live_cuts(q->r->about.live)))
		return;
	row = pair_row(q, r, PAIR_OUT, a);
	for (uint64_t i = 0; i < row.n && read < STEP_PAIRS; i++)
		read += step_from(q, r, row.column[i], weight * row.value[i]);
	for (size_t i = 0; i < q->second.n; i++)
		tally_add(&q->all, tally_product(&q->second, i), tally_sum(&q->second, i));
}

/* What the prior counts, in pairs. */
static double prior_weight(const struct query *q, enum panel_weight w)
{
	return query_weight(q, w) * q->prior.mean;
}

/* Where the products of a category begin and end that the prior takes for it. */
static void products_of(const struct query *q, uint32_t category, uint32_t *first, uint32_t *end)
{
	catalog_products(q->c, category, first, end);
	if (q->c->category_depth[category] < q->prior.level)
		*end = q->c->category_product[category + 1];
}

void add_likely(struct query *q, uint32_t a, double weight)
{
	uint32_t likely[PRIOR_CATEGORIES], first, end;
	size_t n;

	prior_for(&q->prior, q->c, q->c->product_category[a]);
	weight *= q->prior.mean;
	n = weight > 0 ? prior_likely(&q->prior, likely, PRIOR_CATEGORIES) : 0;
	for (size_t i = 0; i < n; i++) {
		products_of(q, likely[i], &first, &end);
		for (uint32_t b = first; b < end; b++)
			if (q->prior.popularity[b] > 0)
				tally_add(&q->all, b, weight * prior_of(&q->prior, b));
	}
}

/* Products of the likeliest categories, whether they were met or not. */
static void add_prior(struct query *q, struct candidates *out)
{
	uint32_t likely[PRIOR_CATEGORIES];
	size_t n = prior_likely(&q->prior, likely, PRIOR_CATEGORIES);

	out->popularity = q->prior.popularity;
	out->scale = prior_weight(q, WEIGHT_PRIOR);
	for (size_t i = 0; i < n; i++) {
		struct candidate_range *r = &out->range[out->ranges++];

		r->weight = q->prior.weight[likely[i]];
		products_of(q, likely[i], &r->first, &r->end);
		/* Only a damaged store names a category twice, or one within another. */
		if (out->ranges > 1 && r->first < r[-1].end)
			out->ranges--;
	}
}

/* What was met, with the prior; ranges: and what the prior alone speaks for. */
static void take_all(struct query *q, uint32_t a, bool ranges, struct candidates *out)
{
	double own = query_weight(q, WEIGHT_OWN), prior;

	prior_for(&q->prior, q->c, q->c->product_category[a]);
	prior = prior_weight(q, WEIGHT_PRIOR);
	q->failed = q->failed || !tally_settle(&q->all, &q->err);
	for (size_t i = 0; i < q->all.n && !q->failed; i++) {
		uint32_t b = tally_product(&q->all, i);
		double score = tally_sum(&q->all, i) + prior * prior_of(&q->prior, b);

		if (b != a && score > 0)
			candidates_add(out, b, score);
	}
	if (ranges)
		add_prior(q, out);
	if (q->same != SAME_WEIGH)
		return;
	q->failed = q->failed || !candidates_expand(out, &q->err);
	for (size_t i = 0; i < out->n; i++)
		if (catalog_same_category(q->c, a, out->at[i].product))
			out->at[i].score *= own;
}

static void begin(struct query *q)
{
	tally_clear(&q->all);
	tally_clear(&q->second);
}

void gather_together(struct query *q, uint32_t a, struct candidates *out)
{
	begin(q);
	add_row(q, REL_CO_PURCHASE, a, 1, &q->all);
	add_row(q, REL_CO_CART, a, query_weight(q, WEIGHT_CART), &q->all);
	if (step_relation(q) != RELATIONS)
		add_second(q, step_relation(q), a, query_weight(q, WEIGHT_SECOND));
	if (!job_cancelled(q->job))
		take_all(q, a, true, out);
}

enum panel_source source_together(struct query *q, uint32_t a, uint32_t b)
{
	if (pair_count(q, REL_CO_PURCHASE, a, b) > 0)
		return SOURCE_CO_PURCHASE;
	if (pair_count(q, REL_CO_CART, a, b) > 0)
		return SOURCE_CO_CART;
	return tally_of(&q->second, b) > prior_weight(q, WEIGHT_PRIOR) * prior_of(&q->prior, b) ?
	       SOURCE_SECOND : SOURCE_TRANSITION;
}

void gather_view_purchase(struct query *q, uint32_t a, struct candidates *out)
{
	begin(q);
	add_row(q, REL_VIEW_PURCHASE, a, 1, &q->all);
	if (!job_cancelled(q->job))
		take_all(q, a, false, out);
}

/* Pairs of few sessions are left to the categories' favourites. */
#define ACROSS_LEAST 3

void gather_across(struct query *q, uint32_t a, struct candidates *out)
{
	const struct relation_counts *view = &q->c->relation[REL_CO_VIEW];
	struct pair_row row = pair_row(q, REL_CO_VIEW, PAIR_OUT, a);
	double shrink = query_weight(q, WEIGHT_SHRINK);

	for (uint64_t i = 0; i < row.n && !job_cancelled(q->job); i++) {
		uint32_t b = row.column[i];
		struct assoc_counts n = {row.value[i], view->from[a], view->to[b], view->total};

		if (catalog_same_category(q->c, a, b) || n.n < ACROSS_LEAST || !lift_credible(&n))
			continue;
		candidates_add(out, b, (double)n.n /
			       (sqrt((double)n.n_a * (double)n.n_b) + shrink));
	}
}

void gather_transition(struct query *q, uint32_t a, struct candidates *out)
{
	begin(q);
	take_all(q, a, true, out);
}
