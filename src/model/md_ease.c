/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ease: a linear model that predicts each product of a session from the others, in
 * closed form (Steck, Embarrassingly shallow autoencoders for sparse data, 2019).
 *
 *	P = (X'X + lambda I)^-1,   B_ab = -P_ab / P_bb,  B_aa = 0
 *	score(b|h) = sum over a in h of w_a B_ab
 *
 * X (sessions, products) is 1 where the session has the product. P is dense: products
 * squared. Of a larger catalogue the `most` products with the most sessions are solved so; for
 * a pair with another one stands the same regression on that one product alone,
 *
 *	B_ab = n_ab / (n_a + lambda)
 *
 * n: sessions with the product or with both: what neighbours of items are, on the same scale.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/scope.h"
#include "math/blas.h"
#include "model/linear.h"
#include "model/pairs.h"

/* Products that are solved exactly, and the place of each among them. */
struct chosen {
	uint32_t *top;		/* (n) ascending */
	uint32_t *place;	/* (products) CATALOG_NONE: not one of them */
	uint32_t n;
};

static int descending(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x < y) - (x > y);
}

/* Those that were met, at most `most` of them; of products with as many sessions as the last
 * one the first. */
static bool choose(struct chosen *c, const struct pairs *x, uint64_t most, struct err *err)
{
	uint32_t products = x->n_products, met = 0, level = 0;
	SCOPED_FREE float *sorted = mem_big(products, sizeof *sorted, "products", err);
	float least = 0;

	c->top = mem_big(products, sizeof *c->top, "products", err);
	c->place = mem_big(products, sizeof *c->place, "products", err);
	if (!sorted || !c->top || !c->place)
		return false;
	for (uint32_t p = 0; p < products; p++)
		if (x->from[p] > 0)
			sorted[met++] = x->from[p];
	qsort(sorted, met, sizeof *sorted, descending);
	if (met > most) {
		least = sorted[most - 1];
		for (uint64_t i = 0; i < most; i++)
			level += sorted[i] == least;
	}
	for (uint32_t p = 0; p < products; p++) {
		bool last = met > most && x->from[p] == least;
		bool in = last ? level > 0 : x->from[p] > least;

		level -= last && in;
		c->place[p] = in ? c->n : CATALOG_NONE;
		if (in)
			c->top[c->n++] = p;
	}
	return true;
}

static void chosen_finish(struct chosen *c)
{
	free(c->top);
	free(c->place);
}

/* The dense part. */
static bool solve(const struct lesson *l, const struct chosen *c, const struct pairs *x,
		  struct err *err)
{
	SCOPED_FREE float *diagonal = mem_alloc((c->n + 1) * sizeof *diagonal);
	size_t n = c->n;
	void *room;
	float *w;

	if (!sink_array(l->sink, "top", ARRAY_U32, n, 1, c->top, err) ||
	    !sink_reserve(l->sink, "weights", ARRAY_F32, n, c->n, &room, err))
		return false;
	w = room;
	for (size_t i = 0; i < n; i++) {
		uint32_t a = c->top[i];

		for (uint64_t k = x->offsets[a]; k < x->offsets[a + 1]; k++)
			if (c->place[x->column[k]] != CATALOG_NONE)
				w[i * n + c->place[x->column[k]]] = x->value[k];
		w[i * n + i] = x->from[a] + (float)params_real(l->params, PARAM_ID_LAMBDA);
	}
	if (!linear_invert(w, n, l->work.job, err))
		return false;
	for (size_t a = 0; a < n; a++)
		diagonal[a] = w[a * n + a];
	for (size_t a = 0; a < n; a++)
		for (size_t b = 0; b < n; b++)
			w[a * n + b] = a == b ? 0 : -w[a * n + b] / diagonal[b];
	return true;
}

/* Of all other pairs. */
static bool keep_rest(const struct lesson *l, const struct chosen *c, const struct pairs *x,
		      struct err *err)
{
	double lambda = params_real(l->params, PARAM_ID_LAMBDA);
	uint32_t products = x->n_products;
	void *offsets, *column, *value;
	uint64_t n = 0;

	if (!sink_reserve(l->sink, "rest/offsets", ARRAY_U64, (uint64_t)products + 1, 1,
			  &offsets, err))
		return false;
	for (uint32_t a = 0; a < products; a++) {
		for (uint64_t k = x->offsets[a]; k < x->offsets[a + 1]; k++)
			n += c->place[a] == CATALOG_NONE ||
			     c->place[x->column[k]] == CATALOG_NONE;
		((uint64_t *)offsets)[a + 1] = n;
	}
	if (!sink_reserve(l->sink, "rest/column", ARRAY_U32, n, 1, &column, err) ||
	    !sink_reserve(l->sink, "rest/value", ARRAY_F32, n, 1, &value, err))
		return false;
	n = 0;
	for (uint32_t a = 0; a < products; a++)
		for (uint64_t k = x->offsets[a]; k < x->offsets[a + 1]; k++) {
			if (c->place[a] != CATALOG_NONE &&
			    c->place[x->column[k]] != CATALOG_NONE)
				continue;
			((uint32_t *)column)[n] = x->column[k];
			((float *)value)[n++] = (float)(x->value[k] / (x->from[a] + lambda));
		}
	return true;
}

static bool ease_train(const struct lesson *l, struct err *err)
{
	const struct pairs_ask ask = {.way = PAIRS_SET, .symmetric = true};
	uint64_t most = params_count(l->params, PARAM_ID_MOST);
	SCOPED(sink) counts = sink_create();
	struct model m = {.n_products = l->catalog->n_products, .find = sink_find,
			  .ctx = counts};
	struct sequences q;
	struct chosen c = {0};
	struct pairs x;
	bool ok;

	if (!blas_load(err) || !sequences_read(&q, l, 1, err))
		return false;
	ok = pairs_count(counts, &q, &ask, l->work, err) &&
	     pairs_bind(&x, &m, err);
	sequences_finish(&q);
	ok = ok && choose(&c, &x, most, err) && linear_any(c.n, err) && solve(l, &c, &x, err) &&
	     keep_rest(l, &c, &x, err);
	chosen_finish(&c);
	return ok;
}

struct bound {
	struct linear dense;
	const uint64_t *offsets;	/* (products + 1) of all other pairs; NULL: none */
	const uint32_t *column;
	const float *value;
	uint64_t rest;
};

static void ease_close(struct model *m)
{
	free(m->state);
	m->state = NULL;
}

static bool bind_rest(struct bound *x, const struct model *m, struct err *err)
{
	struct array offsets, column, value;

	if (!x->dense.top)
		return true;	/* of before: there are no others */
	if (!model_array(m, "rest/offsets", ARRAY_U64, &offsets, err) ||
	    !model_array(m, "rest/column", ARRAY_U32, &column, err) ||
	    !model_array(m, "rest/value", ARRAY_F32, &value, err))
		return false;
	if (offsets.rows != (uint64_t)m->n_products + 1 || column.rows != value.rows)
		return err_fail(err, ERR_STORE, "the model is damaged: its weights don't fit "
				"together: train it again");
	x->offsets = offsets.data;
	x->column = column.data;
	x->value = value.data;
	x->rest = column.rows;
	return true;
}

static bool ease_open(struct model *m, struct err *err)
{
	struct bound x = {0};

	if (!linear_bind(&x.dense, m, err) || !bind_rest(&x, m, err))
		return false;
	m->state = mem_zalloc(sizeof x);
	*(struct bound *)m->state = x;
	return true;
}

static void add_product(const struct model *m, uint32_t a, float w, float *scores)
{
	const struct bound *x = m->state;

	linear_add(&x->dense, a, w, scores);
	if (!x->offsets || x->offsets[a] > x->offsets[a + 1] ||
	    x->offsets[a + 1] > x->rest)	/* damaged */
		return;
	for (uint64_t k = x->offsets[a]; k < x->offsets[a + 1]; k++)
		if (x->column[k] < m->n_products)
			scores[x->column[k]] += w * x->value[k];
}

static bool ease_score(const struct model *m, const struct history *h, struct scoring out,
		       struct err *err)
{
	memset(out.scores, 0, m->n_products * sizeof *out.scores);
	for (unsigned i = 0; i < h->n; i++)
		add_product(m, h->product[i], h->weight ? h->weight[i] : 1, out.scores);
	for (uint32_t b = 0; b < m->n_products; b++)
		if (out.scores[b] == 0)
			out.scores[b] = -INFINITY;
	return job_check(out.job, err);
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "auto"},
	{PARAM_ID_LAMBDA, "1000"},
	{PARAM_ID_MOST, "5000"},
	{PARAM_ID_RECENCY, "0.3"},
	{PARAM_IDS, NULL},
};

static const struct param_default baskets[] = {
	{PARAM_ID_LAMBDA, "200"},
	{PARAM_ID_RECENCY, "0.8"},
	{PARAM_IDS, NULL},
};

static const struct param_default sparse[] = {
	{PARAM_ID_RECENCY, "0.8"},
	{PARAM_IDS, NULL},
};

const struct model_class md_ease = {
	.name = "ease",
	.title = "Linear autoencoder in closed form (EASE)",
	.summary = "Predicts each product of a session from the others by one regularised "
		   "regression for all, in closed form: exactly for the products with the most "
		   "sessions (--most), from one product at a time for the others.",
	.score_text = "the weight with which the product predicts it, others held equal; below "
		      "0 it speaks against it",
	.params = params,
	.baskets = baskets,
	.sparse = sparse,
	.train = ease_train,
	.open = ease_open,
	.close = ease_close,
	.score = ease_score,
};
