/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ranks back: the place of the product asked for in what the row's source gives the
 * row's product. It costs a list per row, so it is a stage of its own, which can be
 * asked for some rows later, on all cores.
 */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "ask/asked.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"
#include "model/model.h"
#include "suggest/door.h"
#include "suggest/door_impl.h"

/* A model's take a list of scores per row: not in shops so large. */
#define MODEL_PRODUCTS 50000u

/* In a list of b's a stands for its product code, as b does in that of a. */
static bool merges(const struct query *q)
{
	return q->c->product_group && !asked_all_codes(q->r->about.outlook);
}

/* b's own panel, which no filter narrows. Where codes merge, what comes before a and has one
 * is no row of its own: each code counts once. */
struct other {
	const struct query *q;
	uint32_t a, b;
	uint32_t *code;		/* (n) */
	size_t n, cap;
};

static bool lets(void *ctx, uint32_t product)
{
	struct other *o = ctx;
	const struct catalog *c = o->q->c;
	uint32_t code;

	if (!of_mode(o->q, o->b, product) || catalog_variants(c, o->b, product))
		return false;
	code = merges(o->q) ? c->product_group[product] : CATALOG_NONE;
	if (code == CATALOG_NONE || product == o->a)
		return true;
	if (code != c->product_group[o->a]) {
		MEM_GROW(o->code, o->cap, o->n + 1);
		o->code[o->n++] = code;
	}
	return false;
}

/* Different codes that come before. */
static uint32_t count_codes(struct other *o)
{
	uint32_t n = 0;

	if (o->n)
		sort_u32(o->code, o->n);
	for (size_t i = 0; i < o->n; i++)
		n += i == 0 || o->code[i] != o->code[i - 1];
	return n;
}

static uint32_t by_source(struct query *q, const struct source *s, uint32_t a, uint32_t b)
{
	struct other other = {.q = q, .a = a, .b = b};
	struct candidates c = {0};
	uint32_t rank;

	s->gather(q, b, &c);
	rank = candidates_place(&c, a, lets, &other);
	if (rank)
		rank += count_codes(&other);
	candidates_finish(&c);
	free(other.code);
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

static void back_row(struct query *q, struct panel_row *row)
{
	uint32_t a = q->r->about.product;

	if (!has_back(q, row))
		return;
	row->reverse_rank = row->source == SOURCE_MODEL ?
		by_model(q, a, row->product) :
		by_source(q, &panel_sources[row->source], a, row->product);
	if (row->reverse_rank == 0 || row->reverse_rank > PANEL_ROWS)
		row->flags |= PANEL_ONE_WAY;
}

void back_rows(struct query *q, struct panel_row *rows, unsigned n)
{
	assert(n == 0 || rows);
	for (unsigned i = 0; i < n && !q->failed && !job_cancelled(q->job); i++)
		back_row(q, &rows[i]);
}

/* --- shared out */

struct sharing {
	struct query *q;	/* (threads) each has sums of its own */
	struct panel *p;
};

static void share(void *ctx, size_t task, unsigned worker)
{
	struct sharing *s = ctx;

	back_rows(&s->q[worker], &s->p->rows[task], 1);
}

bool suggest_back(const struct panel_request *r, struct panel *p, struct work work,
		  struct err *err)
{
	unsigned threads = pool_threads(work.pool);
	SCOPED_FREE struct query *q = mem_alloc(threads * sizeof *q);
	bool ok = true;

	assert(r->kind < PANEL_KINDS);	/* a basket has no way back */
	for (unsigned t = 0; t < threads; t++)
		query_init(&q[t], r, work.job);
	pool_run(work.pool, p->n_rows, share, &(struct sharing){q, p});
	for (unsigned t = 0; t < threads; t++) {
		if (q[t].failed && ok && err)
			*err = q[t].err;
		ok = ok && !q[t].failed;
		query_finish(&q[t]);
	}
	return ok && job_check(work.job, err);
}
