/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of transitions with lift and intervals; levels are fallen back through. */
#include "config.h"

#include "panel/flow.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/scope.h"
#include "stats/transition.h"

#define SMALL_N 20

static bool is_counted(const struct catalog *c, unsigned kind)
{
	return c->transition[kind].levels > 0 && c->transition[kind].baskets > 0;
}

/* Purchase, else cart, else view; BASKET_KINDS: none. */
static enum basket_kind fall_back(const struct catalog *c)
{
	static const enum basket_kind order[] = {BASKET_PURCHASE, BASKET_CART, BASKET_VIEW};

	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if (is_counted(c, order[i]))
			return order[i];
	return BASKET_KINDS;
}

/* What was asked for, made concrete. */
struct flow_query {
	const struct catalog *c;
	const struct transition_counts *t;
	const struct csr *csr;
	unsigned level;
	bool multi;
};

static struct assoc_counts counts_of(const struct flow_query *q, uint32_t a, uint64_t at)
{
	uint64_t all = q->multi ? q->t->multi_baskets : q->t->baskets;

	return (struct assoc_counts){
		q->csr->value[at],
		transition_marginal((struct transition_level){q->c, q->t, q->level, q->multi},
				    a),
		transition_marginal((struct transition_level){q->c, q->t, q->level, q->multi},
				    q->csr->column[at]),
		all};
}

static int by_count(const void *x, const void *y)
{
	const struct flow_row *a = x, *b = y;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->counts.n != b->counts.n)
		return a->counts.n > b->counts.n ? -1 : 1;
	return a->to < b->to ? -1 : a->to > b->to;
}

static struct flow_row make_row(const struct flow_query *q, uint32_t a, uint64_t at,
				double pairs)
{
	const double *tested = q->multi ? q->t->q_multi[q->level] : q->t->q[q->level];
	struct flow_row r = {.from = a, .to = q->csr->column[at],
			     .counts = counts_of(q, a, at),
			     .q = tested ? tested[at] : NAN};
	struct assoc_counts known = r.counts;

	/* On the diagonal there is no second event: the four counts make no table,
	 * and what is measured against chance stays NAN. */
	if (r.from == r.to)
		known.n_b = 0;
	assoc_compute(&known, &r.assoc);
	r.share = (double)q->t->pairs[q->level][at] / pairs;
	r.small = r.counts.n < SMALL_N;
	return r;
}

static bool make_rows(const struct flow_query *q, uint32_t first, uint32_t end,
		      struct flow *f, struct err *err)
{
	uint64_t n = q->csr->offsets[end] - q->csr->offsets[first];
	SCOPED_FREE struct flow_row *rows = mem_big(n, sizeof *rows, "transitions", err);
	size_t k = 0;

	if (!rows)
		return false;
	for (uint32_t a = first; a < end; a++) {
		double pairs = 0;

		for (uint64_t i = q->csr->offsets[a]; i < q->csr->offsets[a + 1]; i++)
			pairs += (double)q->t->pairs[q->level][i];
		for (uint64_t i = q->csr->offsets[a]; i < q->csr->offsets[a + 1]; i++)
			rows[k++] = make_row(q, a, i, pairs);
	}
	qsort(rows, k, sizeof *rows, by_count);
	f->rows = rows;
	f->n_rows = k;
	rows = NULL;
	return true;
}

/* The deepest level counted that is asked for and that `from` reaches down to. */
static unsigned level_of(const struct flow_request *r, const struct transition_counts *t)
{
	unsigned level = r->level < t->levels ? r->level : t->levels - 1;

	if (r->from != CATALOG_NONE && r->catalog->category_depth[r->from] < level)
		level = r->catalog->category_depth[r->from];
	return level;
}

static void write_note(const struct flow_request *r, struct flow *f)
{
	if (f->n_rows == 0 && r->from != CATALOG_NONE)
		snprintf(f->note, sizeof f->note, "No %s basket holds a product of this "
			 "category and another product.", basket_kind_name(f->kind));
	else if (f->n_rows == 0)
		snprintf(f->note, sizeof f->note, "No %s basket holds two products with "
			 "known categories.", basket_kind_name(f->kind));
	else if (f->kind != BASKET_PURCHASE && r->kind == BASKET_KINDS)
		snprintf(f->note, sizeof f->note, "This store has no purchases: "
			 "transitions fall back to %s baskets.", basket_kind_name(f->kind));
}

static void write_lack(struct flow *f)
{
	if (f->kind == BASKET_KINDS)
		snprintf(f->note, sizeof f->note, "No baskets were counted: transitions "
			 "need sessions with products of known categories.");
	else
		snprintf(f->note, sizeof f->note, "This store has no %s baskets with "
			 "products of known categories.", basket_kind_name(f->kind));
}

/* Which baskets are counted where nobody says it: those of two or more products, where most
 * hold one. One product goes with nothing: it only lowers every share, and a lift of category
 * pairs over them says above all which categories are bought alone. */
static bool counts_multi(const struct catalog *c, enum basket_kind kind, enum basket_pick pick)
{
	const struct transition_counts *t;

	if (kind >= BASKET_KINDS)
		kind = fall_back(c);
	if (pick != BASKETS_USUAL || kind == BASKET_KINDS)
		return pick == BASKETS_MULTI;
	t = &c->transition[kind];
	return t->multi_baskets > 0 && 2 * t->multi_baskets < t->baskets;
}

bool flow_compute(const struct flow_request *r, struct flow *out, struct err *err)
{
	struct flow_query q = {.c = r->catalog};
	enum basket_kind kind = r->kind < BASKET_KINDS ? r->kind : fall_back(r->catalog);
	struct flow f = {.kind = kind};
	uint32_t first = 0, end = r->catalog->n_categories;

	assert(r->from == CATALOG_NONE || r->from < r->catalog->n_categories);
	if (kind == BASKET_KINDS || !is_counted(r->catalog, kind)) {
		write_lack(&f);
		*out = f;
		return true;
	}
	q.t = &r->catalog->transition[kind];
	f.multi = q.multi = counts_multi(r->catalog, kind, r->baskets);
	f.level = q.level = level_of(r, q.t);
	q.csr = &q.t->level[q.level];
	f.baskets = q.multi ? q.t->multi_baskets : q.t->baskets;
	f.family = transition_family(q.c, q.t, q.level, q.multi);
	if (r->from != CATALOG_NONE) {
		first = catalog_ancestor(r->catalog, r->from, q.level);
		end = first + 1;
	}
	if (!make_rows(&q, first, end, &f, err))
		return false;
	write_note(r, &f);
	*out = f;
	return true;
}

void flow_finish(struct flow *f)
{
	free(f->rows);
	*f = (struct flow){0};
}
