/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What goes with a whole basket: products c that are not in it, by the sum of what each product
 * a of the basket says for them:
 *
 *	score(c) = sum over a of n_ac / (n_a n_c)^divide + second h_ac + prior p(c|a)
 *
 * n, h and p as in complementary.c; n, n_a and n_c are sessions of one relation: what is bought
 * together, else put in carts, else viewed together. divide 0 is a plain sum of counts, 0.5 one
 * of cosines. Adding up counts lets the product speak loudest that was met most, and so knows
 * most; products of evidence (naive Bayes) and divided counts lose to it. The weights
 * (panel_weights.def) were chosen on parts kept for it: bench/defaults.md has the table.
 */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "panel/source.h"
#include "stats/relation.h"

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

/* What the i-th product says by its own counts. */
static void add_counts(struct query *q, unsigned i)
{
	const struct relation_counts *k = &q->c->relation[q->relation];
	struct pair_row row = row_of(q, i);
	double divide = query_weight(q, WEIGHT_DIVIDE);
	double n_a = k->from[q->r->about.basket[i]];

	for (uint64_t j = 0; j < row.n; j++) {
		double n = row.value[j];

		if (n > 0 && divide > 0)
			n /= pow(n_a * k->to[row.column[j]], divide);
		tally_add(&q->all, row.column[j], n);
	}
}

static void take(struct query *q, struct candidates *out)
{
	q->failed = q->failed || !tally_settle(&q->all, &q->err);
	for (size_t i = 0; i < q->all.n && !q->failed; i++)
		if (tally_sum(&q->all, i) > 0)
			candidates_add(out, tally_product(&q->all, i), tally_sum(&q->all, i));
}

static void gather_by(struct query *q, enum relation r, struct candidates *out)
{
	const struct question *about = &q->r->about;

	q->relation = r;
	tally_clear(&q->all);
	for (unsigned i = 0; i < about->n_basket && !q->failed && !job_cancelled(q->job); i++) {
		if (repeated(about, i))
			continue;
		add_counts(q, i);
		if (q->failed)
			break;
		add_second(q, r, about->basket[i], query_weight(q, WEIGHT_BASKET_SECOND));
		add_likely(q, about->basket[i], query_weight(q, WEIGHT_BASKET_PRIOR));
	}
	if (!q->failed)
		take(q, out);
}

/* What is bought together, else put in carts, else viewed together. */
void gather_whole(struct query *q, uint32_t product, struct candidates *out)
{
	static const enum relation order[] = {REL_CO_PURCHASE, REL_CO_CART, REL_CO_VIEW};
	enum relation named;

	assert(q->r->kind == PANEL_BASKET);
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
void whole_evidence(struct query *q, struct panel_row *row)
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
