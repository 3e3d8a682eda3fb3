/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * transition: what is taken along by category alone.
 *
 *	score(b|a) = share(category of b | category of a) count(b) / count(category of b)
 *
 * share(d|c): of the pairs of distinct products in a session whose one is of category c, the
 * part whose other one is of d; over all d it sums to 1. count: sessions with b, and their
 * sum over the category. It knows nothing of a but its category, so a product that nobody
 * took yet has scores too; counts are smoothed with it (a part of P-Companion, Hao et al.
 * 2020, by counting). Products without a category are one category.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/sort.h"
#include "model/model.h"
#include "model/sequences.h"

#define POLL 4096u	/* rows between two looks at the job */

/* Each product of a sequence once, as its category's row; counts the products. */
static void to_categories(struct sequences *q, const uint32_t *category, float *count)
{
	uint64_t at = 0, from = 0;

	for (uint32_t i = 0; i < q->n; i++) {
		uint64_t end = q->offsets[i + 1];
		uint32_t last = CATALOG_NONE;

		sort_u32(q->product + from, end - from);
		for (uint64_t k = from; k < end; k++) {
			uint32_t p = q->product[k];

			if (p == last)
				continue;
			last = p;
			count[p]++;
			q->product[at++] = category[p];
		}
		from = end;
		q->offsets[i + 1] = at;
	}
}

struct table {
	uint32_t rows;		/* categories, and the one of those without */
	uint64_t *offsets;	/* (rows + 1) */
	uint32_t *column;	/* ascending in a row */
	float *value;		/* pairs */
	size_t n, column_room, value_room;
	const uint32_t *category;	/* (P) */
};

static void table_finish(struct table *t)
{
	free(t->offsets);
	free(t->column);
	free(t->value);
}

/* Pairs of category c: sum (rows) is zeros before and after. */
static void count_row(struct table *t, const struct sequences *q, const struct places *x,
		      uint32_t c, double *sum)
{
	for (uint64_t k = x->offsets[c]; k < x->offsets[c + 1]; k++) {
		uint32_t i = x->sequence[k];

		for (uint64_t j = q->offsets[i]; j < q->offsets[i + 1]; j++)
			sum[q->product[j]] += j != x->at[k];
	}
	for (uint32_t d = 0; d < t->rows; d++) {
		if (!(sum[d] > 0))
			continue;
		MEM_GROW(t->column, t->column_room, t->n + 1);
		MEM_GROW(t->value, t->value_room, t->n + 1);
		t->column[t->n] = d;
		t->value[t->n++] = (float)sum[d];
		sum[d] = 0;
	}
	t->offsets[c + 1] = t->n;
}

static bool count_pairs(struct table *t, const struct sequences *q, struct job *job,
			struct err *err)
{
	SCOPED_FREE double *sum = mem_big(t->rows, sizeof *sum, "categories", err);
	struct places x;
	bool ok = true;

	t->offsets = sum ? mem_big((size_t)t->rows + 1, sizeof *t->offsets, "categories", err)
			 : NULL;
	if (!t->offsets || !places_make(&x, q, t->rows, err))
		return false;
	for (uint32_t c = 0; ok && c < t->rows; c++) {
		count_row(t, q, &x, c, sum);
		ok = c % 16 || job_check(job, err);
	}
	places_finish(&x);
	return ok;
}

static bool keep(const struct table *t, const float *count, const struct lesson *l,
		 struct err *err)
{
	void *room;

	if (!sink_array(l->sink, "transition/offsets", ARRAY_U64, (uint64_t)t->rows + 1, 1,
			t->offsets, err) ||
	    !sink_array(l->sink, "transition/column", ARRAY_U32, t->n, 1, t->column, err) ||
	    !sink_array(l->sink, "transition/value", ARRAY_F32, t->n, 1, t->value, err) ||
	    !sink_reserve(l->sink, "popular", ARRAY_F64, t->rows, 1, &room, err))
		return false;
	for (uint32_t p = 0; p < l->catalog->n_products; p++)
		((double *)room)[t->category[p]] += count[p];
	return true;
}

static bool transition_train(const struct lesson *l, struct err *err)
{
	struct table t = {.rows = l->catalog->n_categories + 1};
	uint32_t *category;
	void *rows, *count;
	struct sequences q;
	bool ok;

	if (!sink_reserve(l->sink, "category", ARRAY_U32, l->catalog->n_products, 1,
			  &rows, err) ||
	    !sink_reserve(l->sink, "count", ARRAY_F32, l->catalog->n_products, 1, &count,
			  err))
		return false;
	category = rows;
	for (uint32_t i = 0; i < l->catalog->n_products; i++)
		category[i] = l->catalog->product_category[i] < l->catalog->n_categories
				      ? l->catalog->product_category[i]
				      : l->catalog->n_categories;
	if (!sequences_read(&q, l, 1, err))
		return false;
	t.category = category;
	to_categories(&q, category, count);
	ok = count_pairs(&t, &q, l->work.job, err) && keep(&t, count, l, err);
	sequences_finish(&q);
	table_finish(&t);
	return ok;
}

/* --- asked */

struct bound {
	uint32_t rows;
	const uint64_t *offsets;
	const uint32_t *column, *category;
	const float *value, *count;
	const double *popular;
	uint64_t n;
};

static bool transition_open(struct model *m, struct err *err)
{
	SCOPED_FREE struct bound *x = mem_zalloc(sizeof *x);
	struct array offsets, column, value, category, count, popular;

	if (!model_array(m, "transition/offsets", ARRAY_U64, &offsets, err) ||
	    !model_array(m, "transition/column", ARRAY_U32, &column, err) ||
	    !model_array(m, "transition/value", ARRAY_F32, &value, err) ||
	    !model_array(m, "category", ARRAY_U32, &category, err) ||
	    !model_array(m, "count", ARRAY_F32, &count, err) ||
	    !model_array(m, "popular", ARRAY_F64, &popular, err))
		return false;
	if (popular.rows == 0 || popular.rows >= UINT32_MAX ||
	    offsets.rows != popular.rows + 1 || column.rows != value.rows ||
	    category.rows != m->n_products || count.rows != m->n_products)
		return err_fail(err, ERR_STORE,
			       "the transitions of the model don't fit each other: train it "
			       "again");
	*x = (struct bound){
		.rows = (uint32_t)popular.rows, .offsets = offsets.data,
		.column = column.data, .category = category.data, .value = value.data,
		.count = count.data, .popular = popular.data, .n = column.rows,
	};
	m->state = x;
	x = NULL;
	return true;
}

static void transition_close(struct model *m)
{
	free(m->state);
}

/* The entries [*from, *end) of product a's category and their sum. A row that is damaged
 * has none. */
static double row_of(const struct bound *x, uint32_t a, uint64_t *from, uint64_t *end)
{
	uint32_t c = x->category[a];
	double sum = 0;

	*from = *end = 0;
	if (c >= x->rows || x->offsets[c] > x->offsets[c + 1] || x->offsets[c + 1] > x->n)
		return 0;
	*from = x->offsets[c];
	*end = x->offsets[c + 1];
	for (uint64_t k = *from; k < *end; k++)
		sum += x->value[k];
	return sum;
}

/* share (rows) += the history's categories' shares. */
static void add_shares(const struct bound *x, const struct history *h, double *share)
{
	for (unsigned i = 0; i < h->n; i++) {
		double w = h->weight ? h->weight[i] : 1, sum;
		uint64_t k, end;

		sum = row_of(x, h->product[i], &k, &end);
		for (; sum > 0 && k < end; k++)
			if (x->column[k] < x->rows)
				share[x->column[k]] += w * x->value[k] / sum;
	}
}

static bool transition_score(const struct model *m, const struct history *h,
			     struct scoring out, struct err *err)
{
	const struct bound *x = m->state;
	SCOPED_FREE double *share = mem_big(x->rows, sizeof *share, "categories", err);

	if (!share)
		return false;
	add_shares(x, h, share);
	for (uint32_t b = 0; b < m->n_products; b++) {
		uint32_t d = x->category[b];
		double y = d < x->rows && x->popular[d] > 0 ?
			   share[d] * x->count[b] / x->popular[d] : 0;

		out.scores[b] = y > 0 ? (float)y : -INFINITY;
		if (b % POLL == 0 && !job_check(out.job, err))
			return false;
	}
	return true;
}

static unsigned transition_explain(const struct model *m, uint32_t a, uint32_t b,
				   struct reasons reasons)
{
	const struct bound *x = m->state;
	uint32_t d = x->category[b];
	uint64_t k, end;
	double sum = row_of(x, a, &k, &end);

	for (; reasons.n > 0 && sum > 0 && k < end; k++) {
		if (x->column[k] != d || d >= x->rows || !(x->popular[d] > 0))
			continue;
		reasons.at[0] = (struct model_reason){.share = 1, .via = CATALOG_NONE};
		snprintf(reasons.at[0].text, sizeof reasons.at[0].text,
			 "%.1f%% of pairs with its category go to that category (%.0f of "
			 "%.0f); %.1f%% of what is taken there is it",
			 100 * x->value[k] / sum, (double)x->value[k], sum,
			 100 * x->count[b] / x->popular[d]);
		return 1;
	}
	return 0;
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "purchase"},
	{PARAM_IDS, NULL},
};

const struct model_class md_transition = {
	.name = "transition",
	.title = "Category transitions",
	.summary = "What is taken along with products of the category: the share of the "
		   "category's pairs that go to another one, times how popular a product is "
		   "there. Says something about products that nobody took yet, too.",
	.score_text = "the chance that another product of a session with this category is this "
		      "one, by categories and popularity alone",
	.flags = MODEL_COMPLEMENT,
	.params = params,
	.train = transition_train,
	.open = transition_open,
	.close = transition_close,
	.score = transition_score,
	.explain = transition_explain,
};
