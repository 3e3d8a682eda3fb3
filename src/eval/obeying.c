/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contender inside is asked, and what its list may not have is taken from its scores. */
#include "config.h"

#include "eval/obeying.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "vet/vetting.h"

struct wrapped {
	struct contender inside;
	struct obeying o;
};

static void take_away(const struct obeying *o, const struct eval_query *q, float *scores)
{
	struct vetting_list l;
	unsigned line;

	if (o->kind == PANEL_BASKET)
		vetting_context_begin(&l, o->vetting, q->history, (unsigned)q->n);
	else
		vetting_list_begin(&l, o->vetting, o->kind, q->history[q->n - 1]);
	for (uint32_t p = 0; p < o->products; p++)
		if (scores[p] > -INFINITY && vetting_tier(&l, p, &line) == TIER_OUT)
			scores[p] = -INFINITY;
	vetting_list_finish(&l);
}

static bool score(void *ctx, const uint32_t *history, size_t n, uint32_t target,
		  float *scores, unsigned worker, struct err *err)
{
	const struct wrapped *w = ctx;

	if (!w->inside.score(w->inside.ctx, history, n, target, scores, worker, err))
		return false;
	take_away(&w->o, &(struct eval_query){history, n}, scores);
	return true;
}

static bool score_many(void *ctx, const struct eval_query *q, size_t n, float *scores,
		       struct err *err)
{
	const struct wrapped *w = ctx;

	if (!w->inside.score_many(w->inside.ctx, q, n, scores, err))
		return false;
	for (size_t i = 0; i < n; i++)
		take_away(&w->o, &q[i], scores + i * w->o.products);
	return true;
}

static void destroy(void *ctx)
{
	struct wrapped *w = ctx;

	contender_finish(&w->inside);
	free(w);
}

void obeying_wrap(struct contender *c, const struct obeying *o)
{
	struct wrapped *w = mem_zalloc(sizeof *w);

	w->inside = *c;
	w->o = *o;
	*c = (struct contender){
		.name = mem_strdup(w->inside.name), .params = mem_strdup(w->inside.params),
		.oracle = w->inside.oracle, .seconds = w->inside.seconds,
		.score = score, .score_many = w->inside.score_many ? score_many : NULL,
		.destroy = destroy, .ctx = w,
	};
}
