/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * itemknn: neighbours of items by the sessions that they share.
 *
 *	s(b|a) = n_ab / ((n_a + lambda)^alpha (n_b + lambda)^(1 - alpha))
 *
 * n: sessions with the product or with both; the `neighbours` best of each a are kept.
 * For a history: the weighted sum over its products. Deshpande and Karypis, Item-based
 * top-N recommendation algorithms, 2004 (alpha there for n_b); 0.5 is the cosine.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "model/pairs.h"

/* The two factors below the fraction of each product, so that pairs need no powers. */
struct sides {
	double *as_a, *as_b;	/* (products) */
};

static bool sides_make(struct sides *s, const struct pairs *x, const struct lesson *l,
		       struct err *err)
{
	double lambda = params_real(l->params, PARAM_ID_LAMBDA),
	       alpha = params_real(l->params, PARAM_ID_ALPHA);

	s->as_a = mem_big(l->catalog->n_products, sizeof *s->as_a, "powers of counts", err);
	s->as_b = s->as_a ? mem_big(l->catalog->n_products, sizeof *s->as_b, "powers of counts",
				    err)
			  : NULL;
	for (uint32_t i = 0; s->as_b && i < l->catalog->n_products; i++) {
		s->as_a[i] = pow(x->from[i] + lambda, alpha);
		s->as_b[i] = pow(x->from[i] + lambda, 1 - alpha);
	}
	return s->as_b != NULL;
}

static int by_id(const void *x, const void *y)
{
	uint32_t a = ((const struct hit *)x)->id, b = ((const struct hit *)y)->id;

	return a < b ? -1 : a > b;
}

struct hit_room {
	size_t limit;
	struct hit *hits;
};

/* The best of a row, ascending by product; hits (limit). */
static size_t best_of(const struct pairs *x, const struct sides *s, uint32_t a,
		      struct hit_room to)
{
	struct topk best;

	topk_init(&best, to.hits, to.limit);
	for (uint64_t k = x->offsets[a]; k < x->offsets[a + 1]; k++)
		topk_push(&best, x->column[k],
			  (float)(x->value[k] / (s->as_a[a] * s->as_b[x->column[k]])));
	qsort(to.hits, best.n, sizeof *to.hits, by_id);
	return best.n;
}

/* Rows are chosen side by side. */
struct choosing {
	const struct pairs *x;
	const struct sides *sides;
	const uint64_t *offsets;	/* (products + 1) where the chosen go */
	uint32_t *column;
	float *value;
	size_t limit;
	struct hit *hits;		/* (threads, limit) */
	struct job *job;
};

#define ROWS 64		/* of a task */

static void choose_rows(void *ctx, size_t task, unsigned worker)
{
	const struct choosing *c = ctx;
	struct hit_room room = {c->limit, c->hits + worker * c->limit};
	size_t first = task * ROWS, end = first + ROWS;

	end = end < c->x->n_products ? end : c->x->n_products;
	for (size_t a = first; a < end && !job_cancelled(c->job); a++) {
		size_t n = best_of(c->x, c->sides, (uint32_t)a, room);

		for (size_t i = 0; i < n; i++) {
			c->column[c->offsets[a] + i] = room.hits[i].id;
			c->value[c->offsets[a] + i] = room.hits[i].score;
		}
		job_advance(c->job, 1);
	}
}

static bool keep_best(const struct pairs *x, const struct sides *sides, const struct lesson *l,
		      struct err *err)
{
	uint64_t limit = params_count(l->params, PARAM_ID_NEIGHBOURS);
	uint32_t products = l->catalog->n_products;
	struct pool *pool = l->work.pool;
	SCOPED_FREE struct hit *hits = mem_big(limit * pool_threads(pool), sizeof *hits,
					       "neighbours", err);
	uint64_t *offsets;
	void *room, *column, *value;

	if (!hits || !sink_reserve(l->sink, "neighbour/offsets", ARRAY_U64,
				   (uint64_t)products + 1, 1, &room, err))
		return false;
	offsets = room;
	for (uint32_t a = 0; a < products; a++) {
		uint64_t n = x->offsets[a + 1] - x->offsets[a];

		offsets[a + 1] = offsets[a] + (n < limit ? n : limit);
	}
	if (!sink_reserve(l->sink, "neighbour/column", ARRAY_U32, offsets[products], 1, &column,
			  err) ||
	    !sink_reserve(l->sink, "neighbour/score", ARRAY_F32, offsets[products], 1, &value,
			  err))
		return false;
	job_step(l->work.job, "choosing neighbours", products);
	pool_run(pool, (products + (size_t)ROWS - 1) / ROWS, choose_rows,
		 &(struct choosing){x, sides, offsets, column, value, limit, hits, l->work.job});
	return job_check(l->work.job, err);
}

static bool itemknn_train(const struct lesson *l, struct err *err)
{
	const struct pairs_ask ask = {.way = PAIRS_SET, .symmetric = true};
	SCOPED(sink) counts = sink_create();
	struct model m = {
		.n_products = l->catalog->n_products, .find = sink_find, .ctx = counts};
	struct sequences q;
	struct sides sides = {0};
	struct pairs x;
	bool ok;

	if (!sequences_read(&q, l, 1, err))
		return false;
	ok = pairs_count(counts, &q, &ask, l->work, err);
	sequences_finish(&q);
	ok = ok && pairs_bind(&x, &m, err) && sides_make(&sides, &x, l, err) &&
	     keep_best(&x, &sides, l, err);
	free(sides.as_a);
	free(sides.as_b);
	return ok;
}

struct state {
	const uint64_t *offsets;
	const uint32_t *column;
	const float *score;
	uint64_t n;
};

static bool itemknn_open(struct model *m, struct err *err)
{
	struct array offsets, column, score;
	struct state *s;

	if (!model_array(m, "neighbour/offsets", ARRAY_U64, &offsets, err) ||
	    !model_array(m, "neighbour/column", ARRAY_U32, &column, err) ||
	    !model_array(m, "neighbour/score", ARRAY_F32, &score, err))
		return false;
	if (offsets.rows != (uint64_t)m->n_products + 1 || column.rows != score.rows ||
	    ((const uint64_t *)offsets.data)[m->n_products] != column.rows)
		return err_fail(err, ERR_STORE,
				"the model is damaged: its neighbours don't fit together");
	m->state = s = mem_zalloc(sizeof *s);
	*s = (struct state){offsets.data, column.data, score.data, column.rows};
	return true;
}

static void itemknn_close(struct model *m)
{
	free(m->state);
}

static bool itemknn_score(const struct model *m, const struct history *h,
			  struct scoring out, struct err *err)
{
	const struct state *s = m->state;

	for (uint32_t b = 0; b < m->n_products; b++)
		out.scores[b] = -INFINITY;
	for (unsigned i = 0; i < h->n; i++) {
		uint32_t a = h->product[i];
		float w = h->weight ? h->weight[i] : 1;

		if (s->offsets[a + 1] > s->n)	/* damaged */
			continue;
		for (uint64_t k = s->offsets[a]; k < s->offsets[a + 1]; k++) {
			float *to = &out.scores[s->column[k]];

			if (s->column[k] >= m->n_products)
				continue;
			*to = (*to == -INFINITY ? 0 : *to) + w * s->score[k];
		}
	}
	return job_check(out.job, err);
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "auto"},
	{PARAM_ID_LAMBDA, "20"},
	{PARAM_ID_ALPHA, "0.5"},
	{PARAM_ID_NEIGHBOURS, "200"},
	{PARAM_ID_RECENCY, "0.3"},
	{PARAM_IDS, NULL},
};

static const struct param_default sparse[] = {
	{PARAM_ID_RECENCY, "0.8"},
	{PARAM_IDS, NULL},
};

const struct model_class md_itemknn = {
	.name = "itemknn",
	.title = "Item neighbours",
	.summary = "Products that share sessions, over a power of both products' own sessions; "
		   "the best neighbours of each are kept. Summed over a history.",
	.score_text = "the sessions with both over a power of the sessions with either: near "
		      "1 is nearly always together",
	.params = params,
	.baskets = sparse,
	.sparse = sparse,
	.train = itemknn_train,
	.open = itemknn_open,
	.close = itemknn_close,
	.score = itemknn_score,
};
