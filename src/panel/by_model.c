/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Candidates and scores of a trained model. The counts beside its rows are the first of
 * the panel's relations that was counted, so that what is suggested can be held against
 * what people did.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "model/model.h"
#include "panel/source.h"

enum relation model_evidence(const struct query *q)
{
	/* A panel's own relations: under a filter the others aren't counted for it. */
	static const enum relation order[PANEL_KINDS][4] = {
		[PANEL_SIMILAR] = {REL_CO_VIEW, REL_CO_PURCHASE, REL_CO_CART,
				   REL_VIEW_PURCHASE},
		[PANEL_COMPLEMENTARY] = {REL_CO_PURCHASE, REL_CO_CART, REL_VIEW_PURCHASE,
					 RELATIONS},
	};

	for (size_t i = 0; q->r->kind < PANEL_KINDS && i < 4; i++) {
		enum relation r = order[q->r->kind][i];

		if (r != RELATIONS && q->c->relation[r].from && q->c->relation[r].to &&
		    (q->c->relation[r].out.offsets ||
		     (q->r->about.live && live_cuts(q->r->about.live))))
			return r;
	}
	return RELATIONS;
}

/* A basket has no order: all its products weigh the same. */
static float *even_weights(unsigned n)
{
	float *weight = mem_alloc((n + 1) * sizeof *weight);

	for (unsigned i = 0; i < n; i++)
		weight[i] = 1;
	return weight;
}

/* What stands beside a model's rows is what would stand without it. */
static void count_basket(struct query *q)
{
	struct candidates ignored = {0};

	gather_whole(q, CATALOG_NONE, &ignored);
	candidates_finish(&ignored);
}

static void add_scored(uint32_t product, const float *scores, uint32_t n,
		       struct candidates *out)
{
	out->negative = true;
	for (uint32_t b = 0; b < n; b++)
		if (b != product && scores[b] > -INFINITY)
			candidates_add(out, b, scores[b]);
}

void gather_model(struct query *q, uint32_t product, struct candidates *out)
{
	uint32_t n = q->c->n_products;
	SCOPED_FREE float *scores = NULL;
	const struct question *about = &q->r->about;
	bool basket = q->r->kind == PANEL_BASKET;
	SCOPED_FREE float *weight = basket ? even_weights(about->n_basket) : NULL;
	struct history h = {basket ? about->basket : &product, weight,
			    basket ? about->n_basket : 1};

	if (q->r->scores && !basket && product == about->product) {
		add_scored(product, q->r->scores, n, out);
		return;
	}
	if (basket)
		count_basket(q);
	scores = mem_big(n, sizeof *scores, "scores", &q->err);
	if (q->failed || !scores ||
	    !model_score(q->r->about.model, &h, (struct scoring){scores, q->job},
			 &q->err)) {
		q->failed = true;
		return;
	}
	add_scored(product, scores, n, out);
}
