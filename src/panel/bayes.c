/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What goes with a whole basket: products c that are not in it, ranked by the naive
 * Bayes rule, the products a of the basket taken as independent pieces of evidence:
 *
 *	score(c) = ln P(c) + sum over a of ln (P(c | a) / P(c))
 *	P(c) = n_c / N,  P(c | a) = (n_ac + K P(c)) / (n_a + K)
 *
 * N, n_c and n_ac are sessions of one relation. K sessions of chance are mixed into
 * each P(c | a): a pair that was never seen together counts against c, the more the
 * oftener a was seen, but does not rule it out, and one that was seen once proves little.
 * (Duda, Hart, Stork: Pattern Classification, 2001, section 2.11; a Dirichlet prior.)
 * Products of a basket are not independent, so scores rank and are no chances.
 */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "panel/source.h"
#include "stats/relation.h"

#define CHANCE 10.0	/* K, sessions */

/* A product that was given twice speaks once. */
static bool repeated(const struct question *about, unsigned i)
{
	for (unsigned k = 0; k < i; k++)
		if (about->basket[k] == about->basket[i])
			return true;
	return false;
}

/* The row of the i-th product; under a filter of events it is counted, and kept. */
static struct pair_row row_of(struct query *q, unsigned i)
{
	const struct csr *out = &q->c->relation[q->relation].out;
	struct live *live = q->r->about.live;
	uint32_t a = q->r->about.basket[i];
	const struct live_row *row;

	if (!live || !live_cuts(live))
		return out->offsets ? (struct pair_row){out->column + out->offsets[a],
							out->value + out->offsets[a],
							out->offsets[a + 1] - out->offsets[a]} :
				      (struct pair_row){0};
	if (!q->basket)
		q->basket = mem_zalloc(q->r->about.n_basket * sizeof *q->basket);
	row = &q->basket[i].row[q->relation];
	if (!live_count(live, a, 1u << q->relation, &q->basket[i], q->job, &q->err)) {
		q->failed = true;
		return (struct pair_row){0};
	}
	return (struct pair_row){row->column, row->value, row->n};
}

static bool counted(const struct catalog *c, enum relation r)
{
	return c->relation[r].total && c->relation[r].from && c->relation[r].to;
}

static double chance_of(const struct query *q, uint32_t c)
{
	const struct relation_counts *k = &q->c->relation[q->relation];

	return k->to[c] / (double)k->total;
}

/* What the i-th product says for each c beyond what it would say had they never met;
 * score (products): -INFINITY where nothing did yet. */
static void add_row(struct query *q, unsigned i, double *score)
{
	struct pair_row row = row_of(q, i);
	uint32_t a = q->r->about.basket[i];

	for (uint64_t k = 0; k < row.n; k++) {
		uint32_t c = row.column[k];
		double chance;

		if (!row.value[k] || asked_for(q, c) || !let_in(q, a, c))
			continue;
		chance = chance_of(q, c);
		if (isinf(score[c]))
			score[c] = log(chance);
		score[c] += log1p(row.value[k] / (CHANCE * chance));
	}
}

static void gather_by(struct query *q, enum relation r, struct candidates *out)
{
	const struct question *about = &q->r->about;
	uint32_t n = q->c->n_products;
	SCOPED_FREE double *score = mem_big(n, sizeof *score, "basket", &q->err);
	double unseen = 0;	/* had none of them met: sum of ln (K / (n_a + K)) */

	q->relation = r;
	if (!score) {
		q->failed = true;
		return;
	}
	for (uint32_t c = 0; c < n; c++)
		score[c] = -INFINITY;
	for (unsigned i = 0; i < about->n_basket && !q->failed && !job_cancelled(q->job); i++) {
		if (repeated(about, i))
			continue;
		add_row(q, i, score);
		unseen += log(CHANCE / (q->c->relation[r].from[about->basket[i]] + CHANCE));
	}
	for (uint32_t c = 0; c < n; c++)
		if (!isinf(score[c]))
			candidates_add(out, c, score[c] + unseen);
}

/* What is bought together, else put in carts, else viewed together. */
void gather_bayes(struct query *q, uint32_t product, struct candidates *out)
{
	static const enum relation order[] = {REL_CO_PURCHASE, REL_CO_CART, REL_CO_VIEW};
	enum relation named;

	assert(q->r->kind == PANEL_BASKET);
	out->negative = true;
	if (asked_relation(q->r->about.outlook, &named)) {
		q->relation = named;
		if (counted(q->c, named))
			gather_by(q, named, out);
		return;
	}
	for (size_t i = 0; i < sizeof order / sizeof *order && !out->n && !q->failed; i++)
		if (counted(q->c, order[i]))
			gather_by(q, order[i], out);
}

/* The best is the product of the basket with the most sessions: all have c's chance. */
void bayes_evidence(struct query *q, struct panel_row *row)
{
	const struct relation_counts *k = &q->c->relation[q->relation];
	const struct question *about = &q->r->about;

	row->best = CATALOG_NONE;
	for (unsigned i = 0; i < about->n_basket && counted(q->c, q->relation); i++) {
		uint32_t a = about->basket[i], n;

		if (repeated(about, i))
			continue;
		n = q->basket ? live_rows_pair(&q->basket[i], q->relation, row->product) :
				relation_pair(k, a, row->product);
		row->with += n > 0;
		row->together += n;
		if (n <= row->counts.n)
			continue;
		row->best = a;
		row->counts = (struct assoc_counts){n, k->from[a], k->to[row->product], k->total};
	}
	assoc_compute(&row->counts, &row->assoc);
	row->q = NAN;
	if (row->counts.n < SMALL_N)
		row->flags |= PANEL_SMALL;
}
