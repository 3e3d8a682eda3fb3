/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of relations, stored or counted under a filter, and what may stand in a panel. */
#include "config.h"

#include <assert.h>
#include <stdlib.h>

#include "base/job.h"
#include "panel/source.h"
#include "stats/relation.h"

void query_init(struct query *q, const struct panel_request *r, struct job *job)
{
	const struct question *about = &r->about;

	assert(r->limit > 0 && r->kind <= PANEL_CONTEXT);
	assert(r->kind == PANEL_CONTEXT ? r->context != NULL :
	       r->kind == PANEL_BASKET ? about->n_basket > 0 :
	       about->product < about->catalog->n_products);
	*q = (struct query){.c = about->catalog, .r = r, .job = job,
			    .same = asked_same_category(about->outlook),
			    .of = catalog_members(about->catalog, about->category)};
	if (about->vetting && r->kind >= PANEL_BASKET)
		vetting_context_begin(&q->vetted, about->vetting, about->basket, about->n_basket);
	else if (about->vetting)
		vetting_list_begin(&q->vetted, about->vetting, r->kind, about->product);
}

void query_finish(struct query *q)
{
	if (q->r->about.vetting)
		vetting_list_finish(&q->vetted);
	live_rows_finish(&q->own);
	live_rows_finish(&q->other);
	prior_finish(&q->prior);
	tally_finish(&q->all);
	tally_finish(&q->second);
	for (unsigned i = 0; q->basket && i < q->r->about.n_basket; i++)
		live_rows_finish(&q->basket[i]);
	free(q->basket);
	free(q->taken);
}

/* What a panel's sources need of a product, counted in one walk. */
static const unsigned live_rows_of[PANEL_KINDS] = {
	[PANEL_SIMILAR] = 1u << REL_CO_VIEW | 1u << REL_ADJACENT_VIEW | 1u << LIVE_INTO |
			  1u << REL_CO_PURCHASE,
	[PANEL_COMPLEMENTARY] = 1u << REL_CO_PURCHASE | 1u << REL_CO_CART |
				1u << REL_VIEW_PURCHASE,
};

/* Where nothing is bought complements are what is looked at together. */
static unsigned rows_wanted(const struct query *q)
{
	const struct relation_counts *r = q->c->relation;

	if (q->r->about.weighted)
		return live_rows_of[q->r->kind] | 1u << REL_CO_VIEW | 1u << REL_CO_CART |
		       1u << REL_CO_PURCHASE;
	if (q->r->kind == PANEL_COMPLEMENTARY && !r[REL_CO_PURCHASE].from &&
	    !r[REL_CO_CART].from)
		return live_rows_of[q->r->kind] | 1u << REL_CO_VIEW;
	return live_rows_of[q->r->kind];
}

/* The counted rows of a; NULL when that failed. */
static struct live_rows *counted_rows(struct query *q, uint32_t a)
{
	struct live_rows *rows = a == q->r->about.product ? &q->own : &q->other;

	if (q->failed || (rows->which && rows->product == a))
		return q->failed ? NULL : rows;
	q->failed = !live_count(q->r->about.live, a, rows_wanted(q), rows, q->job,
				&q->err);
	return q->failed ? NULL : rows;
}

struct pair_row pair_row(struct query *q, enum relation r, enum pair_side side, uint32_t a)
{
	const struct csr *csr = side == PAIR_OUT ? &q->c->relation[r].out :
				&q->c->relation[r].in;
	struct pair_row row = {0};

	assert(r < RELATIONS);
	assert(a < q->c->n_products);
	if (q->r->about.live && live_cuts(q->r->about.live)) {
		struct live_rows *rows = counted_rows(q, a);

		if (rows) {
			const struct live_row *x = &rows->row[side == PAIR_OUT ? r : LIVE_INTO];

			row = (struct pair_row){x->column, x->value, x->n};
		}
	} else if (csr->offsets) {
		uint64_t first = csr->offsets[a];

		row = (struct pair_row){csr->column + first, csr->value + first,
					csr->offsets[a + 1] - first};
	}
	return row;
}

uint32_t pair_count(struct query *q, enum relation r, uint32_t a, uint32_t b)
{
	struct live_rows *rows;

	assert(r < RELATIONS);
	assert(a < q->c->n_products && b < q->c->n_products);
	if (!q->r->about.live || !live_cuts(q->r->about.live))
		return relation_pair(&q->c->relation[r], a, b);
	rows = counted_rows(q, a);
	return rows ? live_rows_pair(rows, r, b) : 0;
}

bool of_mode(const struct query *q, uint32_t a, uint32_t b)
{
	if (q->same == SAME_EXCLUDE)
		return !catalog_same_category(q->c, a, b);
	return q->same != SAME_ONLY || catalog_same_category(q->c, a, b);
}

bool let_in(const struct query *q, uint32_t a, uint32_t b)
{
	if (!members_has(&q->of, b))
		return false;
	if (q->r->about.live && !selection_has(live_selection(q->r->about.live), b))
		return false;
	if (q->r->about.among && !(q->r->about.among[b / 64] >> b % 64 & 1))
		return false;
	return q->r->kind == PANEL_CONTEXT || of_mode(q, a, b);
}

/* Verdicts and rules let b stand in the list that is asked for; of others they say nothing. */
static bool vetted_in(const struct query *q, uint32_t a, uint32_t b)
{
	unsigned line;

	return !q->r->about.vetting || a != q->r->about.product ||
	       vetting_tier(&q->vetted, b, &line) != TIER_OUT;
}

bool may_stand(const struct query *q, uint32_t a, uint32_t b)
{
	return let_in(q, a, b) && !catalog_variants(q->c, a, b) && vetted_in(q, a, b);
}

bool asked_for(const struct query *q, uint32_t b)
{
	const struct question *about = &q->r->about;

	if (q->r->kind < PANEL_BASKET)
		return catalog_variants(q->c, about->product, b);
	for (unsigned i = 0; i < about->n_basket; i++)
		if (catalog_variants(q->c, about->basket[i], b))
			return true;
	return false;
}
