/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * trail: where a session goes from its last product, with what was seen before it.
 *
 *	score(b|h) = (P)_ab + alpha (P^2)_ab + both (S)_ab
 *		     + earlier sum over j = 1.. of recency^(j-1) (W)_cb
 *
 * a: the last product of the history, c: the j-th one before it. P: counts of adjacent
 * products, S: the same in either direction, W: counts of products 2 to `window` steps
 * apart, a pair g steps apart counting 1/g; each row divided by its sum. Nothing is
 * learnt by descent and nothing is random.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/csr.h"
#include "base/job.h"
#include "base/mem.h"
#include "model/pairs.h"

/* Rows of shares: each adds up to 1. */
struct shares {
	const uint64_t *offsets;	/* (P + 1) */
	const uint32_t *column;
	const float *share;
	uint64_t n;
};
struct trail {
	struct shares next, both, far;	/* P, S, W; the arrays "next/..." and so on */
};

/* --- training */

struct counts {
	const uint64_t *offsets;
	const uint32_t *column;
	const float *value;
};

static struct counts counts_of(struct sink *s)
{
	struct array offsets = {0}, column = {0}, value = {0};

	sink_find(s, "pairs/offsets", &offsets);
	sink_find(s, "pairs/column", &column);
	sink_find(s, "pairs/value", &value);
	return (struct counts){offsets.data, column.data, value.data};
}

/* n(a -> b), 0 when there is none. */
static float count_of(const struct counts *c, uint32_t a, uint32_t b)
{
	uint64_t at = csr_find(c->offsets, c->column, a, b);

	return at == CSR_NONE ? 0 : c->value[at];
}

/* One of trail's arrays, from counts without those of `less` (or NULL). */
static bool keep(const struct lesson *l, const char *name, const struct counts *c,
		 const struct counts *less, struct err *err)
{
	STRBUF(offsets);
	STRBUF(column);
	STRBUF(shares);
	void *room;
	float *out;

	strbuf_addf(&offsets, "%s/offsets", name);
	strbuf_addf(&column, "%s/column", name);
	strbuf_addf(&shares, "%s/share", name);
	if (!sink_array(l->sink, strbuf_c(&offsets), ARRAY_U64,
			(uint64_t)l->catalog->n_products + 1, 1, c->offsets, err) ||
	    !sink_array(l->sink, strbuf_c(&column), ARRAY_U32,
			c->offsets[l->catalog->n_products], 1, c->column, err) ||
	    !sink_reserve(l->sink, strbuf_c(&shares), ARRAY_F32,
			  c->offsets[l->catalog->n_products], 1, &room, err))
		return false;
	out = room;
	for (uint32_t a = 0; a < l->catalog->n_products; a++) {
		double sum = 0;

		for (uint64_t k = c->offsets[a]; k < c->offsets[a + 1]; k++) {
			out[k] = c->value[k] - (less ? count_of(less, a, c->column[k]) : 0);
			out[k] = out[k] > 1e-4f ? out[k] : 0;	/* rounding */
			sum += out[k];
		}
		for (uint64_t k = c->offsets[a]; sum > 0 && k < c->offsets[a + 1]; k++)
			out[k] = (float)(out[k] / sum);
	}
	return true;
}

static bool trail_train(const struct lesson *l, struct err *err)
{
	const struct pairs_ask ask[3] = {
		{.way = PAIRS_ADJACENT},
		{.way = PAIRS_ADJACENT, .symmetric = true},
		{.way = PAIRS_WINDOW,
		 .inverse = true,
		 .window = (unsigned)params_count(l->params, PARAM_ID_WINDOW)},
	};
	static const char *const names[3] = {"next", "both", "far"};
	struct sink *made[3] = {sink_create(), sink_create(), sink_create()};
	struct counts counts[3];
	struct sequences q;
	bool ok = sequences_read(&q, l, 2, err);

	for (unsigned i = 0; ok && i < 3; i++) {
		ok = pairs_count(made[i], &q, &ask[i], l->work, err);
		if (ok)
			counts[i] = counts_of(made[i]);
		ok = ok && keep(l, names[i], &counts[i], i == 2 ? &counts[0] : NULL, err);
	}
	sequences_finish(&q);
	for (unsigned i = 0; i < 3; i++)
		sink_destroy(made[i]);
	return ok;
}

/* --- scoring */

static bool bind(const struct model *m, const char *name, struct shares *x, struct err *err)
{
	struct array offsets, column, share;
	STRBUF(b);
	size_t stem;

	strbuf_addf(&b, "%s/", name);
	stem = b.len;
	strbuf_adds(&b, "offsets");
	if (!model_array(m, strbuf_c(&b), ARRAY_U64, &offsets, err))
		return false;
	b.len = stem;
	strbuf_adds(&b, "column");
	if (!model_array(m, strbuf_c(&b), ARRAY_U32, &column, err))
		return false;
	b.len = stem;
	strbuf_adds(&b, "share");
	if (!model_array(m, strbuf_c(&b), ARRAY_F32, &share, err))
		return false;
	*x = (struct shares){offsets.data, column.data, share.data, column.rows};
	if (offsets.rows != (uint64_t)m->n_products + 1 || column.rows != share.rows ||
	    x->offsets[m->n_products] != x->n)
		return err_fail(err, ERR_STORE, "the model is damaged: %s doesn't fit its "
				"products", name);
	return true;
}

static bool trail_open(struct model *m, struct err *err)
{
	SCOPED_FREE struct trail *t = mem_zalloc(sizeof *t);

	if (!bind(m, "next", &t->next, err) || !bind(m, "both", &t->both, err) ||
	    !bind(m, "far", &t->far, err))
		return false;
	m->state = t;
	t = NULL;
	return true;
}

static void trail_close(struct model *m)
{
	free(m->state);
}

/* Entries of row a; none where its numbers are damaged. */
static bool row_of(const struct shares *x, uint32_t a, uint64_t *from, uint64_t *end)
{
	*from = x->offsets[a];
	*end = x->offsets[a + 1];
	return *from <= *end && *end <= x->n;
}

struct sums {
	double *out;
	uint32_t n;
};

/* out (n) += w times row a. */
static void add_row(const struct shares *x, uint32_t a, double w, struct sums to)
{
	uint64_t k, end;

	if (!row_of(x, a, &k, &end))
		return;
	for (; k < end; k++)
		if (x->column[k] < to.n)
			to.out[x->column[k]] += w * x->share[k];
}

static bool trail_score(const struct model *m, const struct history *h,
			struct scoring out, struct err *err)
{
	const struct trail *t = m->state;
	double alpha = params_real(&m->params, PARAM_ID_ALPHA),
	       w = params_real(&m->params, PARAM_ID_EARLIER),
	       recency = params_real(&m->params, PARAM_ID_RECENCY);
	uint32_t a = h->product[h->n - 1], n = m->n_products;
	SCOPED_FREE double *sum = mem_big(n, sizeof *sum, "a trail", err);
	uint64_t k, end;

	if (!sum)
		return false;
	add_row(&t->next, a, 1, (struct sums){sum, n});
	add_row(&t->both, a, params_real(&m->params, PARAM_ID_BOTH), (struct sums){sum, n});
	if (row_of(&t->next, a, &k, &end))
		for (; k < end; k++)
			if (t->next.column[k] < n)
				add_row(&t->next, t->next.column[k], alpha * t->next.share[k],
					(struct sums){sum, n});
	for (unsigned j = h->n - 1; j-- > 0 && w > 1e-6; w *= recency)
		add_row(&t->far, h->product[j], w * (h->weight ? h->weight[j] : 1),
			(struct sums){sum, n});
	for (uint32_t b = 0; b < n; b++)
		out.scores[b] = sum[b] > 0 ? (float)sum[b] : -INFINITY;
	return job_check(out.job, err);
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "auto"},
	{PARAM_ID_ALPHA, "0.5"},
	{PARAM_ID_BOTH, "0.5"},
	{PARAM_ID_EARLIER, "0.2"},
	{PARAM_ID_RECENCY, "0.5"},
	{PARAM_ID_WINDOW, "10"},
	{PARAM_IDS, NULL},
};

const struct model_class md_trail = {
	.name = "trail",
	.title = "Where a session goes next",
	.summary = "Next views from the last product in one hop and two, with a little of what "
		   "followed a few steps after each product before it.",
	.score_text = "the chance to come next, with a part for two hops and for earlier "
		      "products",
	.flags = MODEL_WEIGHS,
	.params = params,
	.train = trail_train,
	.open = trail_open,
	.close = trail_close,
	.score = trail_score,
};
