/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Similar products as a trained model ranks them. The score is the model's; the counts
 * beside it are co-views, else what else was counted, so that what is suggested can be
 * held against what people did.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "model/model.h"
#include "panel/source.h"

/* Reverse ranks take a list of scores per row: not in shops so large. */
#define REVERSE_PRODUCTS 50000u

enum relation model_evidence(const struct query *q)
{
	static const enum relation order[] = {
		REL_CO_VIEW, REL_CO_PURCHASE, REL_CO_CART, REL_VIEW_PURCHASE,
	};

	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if (q->c->relation[order[i]].from && q->c->relation[order[i]].to &&
		    (q->c->relation[order[i]].out.offsets ||
		     (q->r->live && live_cuts(q->r->live))))
			return order[i];
	return RELATIONS;
}

/* scores (products) of what goes with `product`. */
static bool score(struct query *q, uint32_t product, float *scores, struct err *err)
{
	struct history h = {&product, NULL, 1};

	return model_score(q->r->model, &h, scores, q->job, err);
}

static bool set_reverse(struct query *q, struct panel_row *row, float *scores,
			struct err *err)
{
	uint32_t a = q->r->product, b = row->product;
	struct hit x;

	if (!score(q, b, scores, err))
		return false;
	x = (struct hit){a, scores[a]};
	row->reverse_rank = x.score > -INFINITY;
	for (uint32_t p = 0; p < q->c->n_products && row->reverse_rank; p++)
		if (p != b && hit_before((struct hit){p, scores[p]}, x) &&
		    !catalog_variants(q->c, b, p))
			row->reverse_rank++;
	if (row->reverse_rank == 0 || row->reverse_rank > PANEL_ROWS)
		row->flags |= PANEL_ONE_WAY;
	return true;
}

static void write_note(const struct query *q, struct panel *p, bool known)
{
	const struct model *m = q->r->model;
	int n;

	if (p->n_rows == 0) {
		snprintf(p->note, sizeof p->note, "The model %s has nothing to say about this "
			 "product%s.", model_name(m),
			 known ? " that may stand here" : ": it was not in its training");
		return;
	}
	n = snprintf(p->note, sizeof p->note, "By the model %s: a score is %s.",
		     model_name(m), model_meaning(m));
	if (model_stale(m) && n > 0 && (size_t)n < sizeof p->note)
		n += snprintf(p->note + n, sizeof p->note - (size_t)n,
			      " It was trained before the last import.");
	if (q->r->live && live_cuts(q->r->live) && n > 0 && (size_t)n < sizeof p->note)
		snprintf(p->note + n, sizeof p->note - (size_t)n,
			 " It was trained on all events; the counts are of the filter's.");
}

static bool add_hits(struct query *q, struct panel *p, struct topk *best, float *scores,
		     struct err *err)
{
	const struct source *s = &panel_sources[SOURCE_MODEL];

	topk_sort(best);
	p->rows = mem_resize(NULL, best->n, sizeof *p->rows);
	for (size_t i = 0; i < best->n; i++) {
		struct panel_row *row = &p->rows[p->n_rows++];

		*row = (struct panel_row){.product = best->hits[i].id,
					  .score = best->hits[i].score,
					  .source = SOURCE_MODEL};
		add_evidence(q, s, row);
		if (q->failed) {
			if (err)
				*err = q->err;
			return false;
		}
		if (q->r->reverse && q->c->n_products <= REVERSE_PRODUCTS &&
		    !set_reverse(q, row, scores, err))
			return false;
	}
	return true;
}

bool rank_by_model(struct query *q, struct panel *p, struct err *err)
{
	uint32_t a = q->r->product, n = q->c->n_products;
	SCOPED_FREE float *scores = mem_big(n, sizeof *scores, "scores", err);
	size_t limit = q->r->limit < n ? q->r->limit : n;
	SCOPED_FREE struct hit *hits = mem_alloc((limit + 1) * sizeof *hits);
	const struct source *s = &panel_sources[SOURCE_MODEL];
	struct topk best;
	bool known = false;

	if (!scores || !score(q, a, scores, err))
		return false;
	topk_init(&best, hits, limit);
	for (uint32_t b = 0; b < n; b++) {
		if (b == a || scores[b] == -INFINITY)
			continue;
		known = true;
		if (scores[b] >= topk_floor(&best) && may_stand(q, a, b) &&
		    row_passes(q, s, a, b))
			topk_push(&best, b, scores[b]);
	}
	if (!add_hits(q, p, &best, scores, err) || !job_check(q->job, err))
		return false;
	write_note(q, p, known);
	return true;
}
