/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ranks back: the place of the product asked for in what the row's source gives the
 * row's product. It costs a list per row, so it is a stage of its own, which can be
 * asked for some rows later.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "ask/asked.h"
#include "base/job.h"
#include "base/mem.h"
#include "model/model.h"
#include "suggest/door_impl.h"

/* A model's take a list of scores per row: not in shops so large. */
#define MODEL_PRODUCTS 50000u

/* In a list of b's a stands for its product code, as b does in that of a. */
static bool merges(const struct query *q)
{
	return q->c->product_group && !asked_all_codes(q->r->about.outlook);
}

/* Of b's own panel, which no filter narrows: it is asked whether a is in it. */
static uint32_t by_source(struct query *q, const struct source *s, uint32_t a, uint32_t b)
{
	bool merge = merges(q);
	struct candidates c = {0};
	size_t kept = 0;
	uint32_t rank;

	s->gather(q, b, &c);
	for (size_t i = 0; i < c.n; i++)
		if (of_mode(q, b, c.at[i].product) &&
		    !catalog_variants(q->c, b, c.at[i].product))
			c.at[kept++] = c.at[i];
	c.n = kept;
	if (merge)
		codes_cut(q, &c, a);
	rank = candidates_find(&c, q->c, 1, a);
	candidates_finish(&c);
	return rank;
}

static uint32_t by_model(struct query *q, uint32_t a, uint32_t b)
{
	uint32_t n = q->c->n_products, rank;
	SCOPED_FREE float *scores = mem_big(n, sizeof *scores, "scores", &q->err);
	struct history h = {&b, NULL, 1};
	struct candidates c = {.negative = true};

	if (!scores || !model_score(q->r->about.model, &h,
				    (struct scoring){scores, q->job}, &q->err)) {
		q->failed = true;
		return 0;
	}
	for (uint32_t p = 0; p < n; p++)
		if (scores[p] > -INFINITY && !catalog_variants(q->c, b, p))
			candidates_add(&c, p, scores[p]);
	if (merges(q))
		codes_cut(q, &c, a);
	rank = scores[a] > -INFINITY;
	for (size_t i = 0; i < c.n && rank; i++)
		rank += hit_before((struct hit){c.at[i].product, scores[c.at[i].product]},
				   (struct hit){a, scores[a]});
	candidates_finish(&c);
	return rank;
}

/* Sources without counts rank whole categories: a place there says nothing. */
static bool has_back(const struct query *q, const struct panel_row *row)
{
	if (row->source == SOURCE_MODEL)
		return q->c->n_products <= MODEL_PRODUCTS;
	return panel_sources[row->source].relation != RELATIONS;
}

void back_rows(struct query *q, struct panel_row *rows, unsigned n)
{
	uint32_t a = q->r->about.product;

	for (unsigned i = 0; i < n && !q->failed && !job_cancelled(q->job); i++) {
		struct panel_row *row = &rows[i];

		if (!has_back(q, row))
			continue;
		row->reverse_rank = row->source == SOURCE_MODEL ?
			by_model(q, a, row->product) :
			by_source(q, &panel_sources[row->source], a, row->product);
		if (row->reverse_rank == 0 || row->reverse_rank > PANEL_ROWS)
			row->flags |= PANEL_ONE_WAY;
	}
}
