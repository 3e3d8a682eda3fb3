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

	for (size_t i = 0; i < 4; i++) {
		enum relation r = order[q->r->kind][i];

		if (r != RELATIONS && q->c->relation[r].from && q->c->relation[r].to &&
		    (q->c->relation[r].out.offsets ||
		     (q->r->about.live && live_cuts(q->r->about.live))))
			return r;
	}
	return RELATIONS;
}

void gather_model(struct query *q, uint32_t product, struct candidates *out)
{
	uint32_t n = q->c->n_products;
	SCOPED_FREE float *scores = mem_big(n, sizeof *scores, "scores", &q->err);
	struct history h = {&product, NULL, 1};

	if (!scores || !model_score(q->r->about.model, &h, scores, q->job, &q->err)) {
		q->failed = true;
		return;
	}
	out->negative = true;
	for (uint32_t b = 0; b < n; b++)
		if (b != product && scores[b] > -INFINITY)
			candidates_add(out, b, scores[b]);
}
