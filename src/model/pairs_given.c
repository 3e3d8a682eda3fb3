/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where there are no sessions, what was counted elsewhere is what pairs would be counted to. */
#include "config.h"

#include "model/pairs.h"

#include <assert.h>

#include "base/job.h"
#include "base/mem.h"
#include "stats/relation.h"
#include "stats/scan.h"
#include "store/sink.h"

bool pairs_elsewhere(const struct catalog *c)
{
	if (c->n_sessions || c->n_events)
		return false;
	for (unsigned r = 0; r < RELATIONS; r++)
		if (c->relation[r].out.offsets)
			return true;
	return false;
}

/* The relation of pairs that are counted once per session. */
static enum relation of_sets(unsigned kinds)
{
	return kinds == KIND_BIT(EVENT_VIEW) ? REL_CO_VIEW :
	       kinds == KIND_BIT(EVENT_CART) ? REL_CO_CART :
	       kinds == KIND_BIT(EVENT_PURCHASE) ? REL_CO_PURCHASE : RELATIONS;
}

/* The relation that the question is answered by; RELATIONS: none is. */
static enum relation which(const struct catalog *c, unsigned kinds, const struct pairs_ask *ask)
{
	enum relation r = RELATIONS;

	if (ask->way == PAIRS_SET && ask->symmetric)
		r = of_sets(kinds);
	else if (kinds == KIND_BIT(EVENT_VIEW) &&
		 (ask->way == PAIRS_ADJACENT || (ask->way == PAIRS_WINDOW && ask->window == 1)))
		r = REL_ADJACENT_VIEW;
	return r < RELATIONS && c->relation[r].out.offsets ? r : RELATIONS;
}

/* A row of pairs, ascending: of one matrix, or of the sum of two. */
struct row {
	const struct csr *m[2];	/* the second may be NULL */
	uint64_t at[2], end[2];
};

static void row_start(struct row *x, const struct csr *out, const struct csr *in, uint32_t a)
{
	x->m[0] = out;
	x->m[1] = in;
	for (unsigned i = 0; i < 2; i++) {
		x->at[i] = x->m[i] ? x->m[i]->offsets[a] : 0;
		x->end[i] = x->m[i] ? x->m[i]->offsets[a + 1] : 0;
	}
}

static bool row_next(struct row *x, uint32_t *b, double *n)
{
	uint32_t least = UINT32_MAX;

	for (unsigned i = 0; i < 2; i++)
		if (x->at[i] < x->end[i] && x->m[i]->column[x->at[i]] < least)
			least = x->m[i]->column[x->at[i]];
	*b = least;
	*n = 0;
	for (unsigned i = 0; i < 2; i++)
		if (x->at[i] < x->end[i] && x->m[i]->column[x->at[i]] == least)
			*n += x->m[i]->value[x->at[i]++];
	return least != UINT32_MAX;
}

struct giving {
	const struct catalog *c;
	const struct relation_counts *r;
	const struct csr *in;	/* counted too; or NULL */
	double least;
	uint64_t *offsets;
	uint32_t *column;	/* NULL: they are only counted */
	float *value, *to;	/* to NULL: sessions, not sums */
};

static uint64_t take_rows(const struct giving *g)
{
	uint64_t at = 0;

	for (uint32_t a = 0; a < g->c->n_products; a++) {
		struct row x;
		uint32_t b;
		double n;

		g->offsets[a] = at;
		for (row_start(&x, &g->r->out, g->in, a); row_next(&x, &b, &n);) {
			if (n < g->least)
				continue;
			if (g->column) {
				g->column[at] = b;
				g->value[at] = (float)n;
			}
			if (g->column && g->to)
				g->to[b] += (float)n;
			at++;
		}
	}
	g->offsets[g->c->n_products] = at;
	return at;
}

static bool write_margins(const struct giving *g, bool sums, float *from, struct sink *s,
			  struct err *err)
{
	double total = sums ? 0 : (double)g->r->total;

	for (uint32_t a = 0; a < g->c->n_products; a++) {
		from[a] = (float)g->r->from[a] + (g->in ? (float)g->r->to[a] : 0);
		total += sums ? from[a] : 0;
	}
	return sink_array(s, "from", ARRAY_F32, g->c->n_products, 1, from, err) &&
	       (sums || sink_array(s, "to", ARRAY_F32, g->c->n_products, 1, from, err)) &&
	       sink_array(s, "total", ARRAY_F64, 1, 1, &total, err);
}

static bool refuse(enum pairs_way way, struct err *err)
{
	return err_fail(err, ERR_NO, "there are no sessions here, and the pairs that were "
			"counted elsewhere are others: %s--count adjacent takes what is looked "
			"at next, --count set with --direction symmetric what one session has "
			"of one kind", way == PAIRS_WINDOW ? "a window needs sessions; " : "");
}

bool pairs_given(struct sink *s, const struct lesson *l, unsigned kinds,
		 const struct pairs_ask *ask, struct err *err)
{
	enum relation rel = which(l->catalog, kinds, ask);
	struct giving g = {.c = l->catalog, .least = ask->least};
	uint32_t n = l->catalog->n_products;
	SCOPED_FREE float *from = mem_big(n, sizeof *from, "sums of pairs", err);
	void *offsets, *column, *value, *to = NULL;
	uint64_t all;
	bool sums;

	assert(!ask->weight && l->catalog->n_sessions == 0);
	if (rel == RELATIONS)
		return refuse(ask->way, err);
	sums = rel == REL_ADJACENT_VIEW;
	g.r = &l->catalog->relation[rel];
	g.in = sums && ask->symmetric ? &g.r->in : NULL;
	job_step(l->work.job, "taking counted pairs", 0);
	if (!from || !sink_reserve(s, "pairs/offsets", ARRAY_U64, (uint64_t)n + 1, 1, &offsets,
				   err))
		return false;
	g.offsets = offsets;
	all = take_rows(&g);
	if (!sink_reserve(s, "pairs/column", ARRAY_U32, all, 1, &column, err) ||
	    !sink_reserve(s, "pairs/value", ARRAY_F32, all, 1, &value, err) ||
	    (sums && !sink_reserve(s, "to", ARRAY_F32, n, 1, &to, err)))
		return false;
	g.column = column;
	g.value = value;
	g.to = to;
	take_rows(&g);
	return job_check(l->work.job, err) && write_margins(&g, sums, from, s, err);
}
