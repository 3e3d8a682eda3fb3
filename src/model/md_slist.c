/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * slist: a linear model of whole sessions and of what comes next (Choe, Kang and Park,
 * Session-aware linear item-item models for session-based recommendation, 2021).
 *
 *	minimise  whole |X - X B|^2 + (1 - whole) |T - S B|^2 + lambda |B|^2,  diag B = 0
 *
 *	P = (whole X'X + (1 - whole) S'S + lambda I)^-1,  A = P (whole X'X + (1 - whole) S'T)
 *	B_ab = A_ab - P_ab A_bb / P_bb
 *	score(b|h) = sum over a in h of w_a B_ab
 *
 * X (sessions, products) is 1 where the session has the product. Every border between two
 * places t and t + 1 of a session is a row of S and of T: place i <= t adds
 * position^(t - i) to S, place j > t adds position^(j - t - 1) to T. Theirs lets diag B be
 * above 0 for products that repeat, and weighs sessions by age; --whole 1 is ease. Products
 * that no session has have no row and no column.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/scope.h"
#include "math/blas.h"
#include "model/linear.h"

#define BYTES_MAX (UINT64_C(4) << 30)	/* of three matrices */

/* What is solved: matrices (n, n). */
struct equations {
	float *left, *right;
	size_t n;
	double share;		/* of borders: 1 - whole */
	double position;
};

/* Sums over all borders of a session (m places), in closed form per pair of places. */
static void add_session(const struct equations *x, const uint32_t *product, size_t m)
{
	double d = x->position, square = d * d;

	for (size_t j = 0; j < m; j++) {
		/* Borders from j on: the sum of d^2u over them. */
		double from_j = d == 1 ? (double)(m - 1 - j) :
				(1 - pow(square, (double)(m - 1 - j))) / (1 - square);

		for (size_t i = 0; i <= j; i++) {
			double gap = (double)(j - i);
			size_t a = product[i], b = product[j];
			float both = (float)(x->share * pow(d, gap) * from_j);

			x->left[a * x->n + b] += both;
			if (i != j)
				x->left[b * x->n + a] += both;
			if (i != j)
				x->right[a * x->n + b] +=
					(float)(x->share * gap * pow(d, gap - 1));
		}
	}
}

static bool fill(const struct equations *x, const struct sequences *q, const struct lesson *l,
		 struct err *err)
{
	double whole = params_real(l->params, PARAM_ID_WHOLE);

	if (!linear_gram(x->left, q, whole, l->work, err))
		return false;
	memcpy(x->right, x->left, x->n * x->n * sizeof *x->right);
	job_step(l->work.job, "adding sessions", q->n);
	for (uint32_t s = 0; s < q->n && x->share > 0; s++) {
		add_session(x, q->product + q->offsets[s], q->offsets[s + 1] - q->offsets[s]);
		job_advance(l->work.job, 1);
		if (!job_check(l->work.job, err))
			return false;
	}
	for (size_t a = 0; a < x->n; a++)
		x->left[a * x->n + a] += (float)params_real(l->params, PARAM_ID_LAMBDA);
	return true;
}

/* weights (n, n): B. */
static bool solve(const struct equations *x, float *weights, struct job *job, struct err *err)
{
	size_t n = x->n;

	if (!linear_invert(x->left, n, job, err))
		return false;
	job_step(job, "multiplying", 0);
	blas_sgemm(false, false, n, n, n, 1, x->left, n, x->right, n, 0, weights, n);
	SCOPED_FREE float *own = mem_alloc(n * sizeof *own);
	for (size_t b = 0; b < n; b++)
		own[b] = weights[b * n + b] / x->left[b * n + b];
	for (size_t a = 0; a < n; a++)
		for (size_t b = 0; b < n; b++)
			weights[a * n + b] = a == b ? 0 : weights[a * n + b] -
							  x->left[a * n + b] * own[b];
	return job_check(job, err);
}

static bool check_room(uint32_t n, struct err *err)
{
	uint64_t bytes = (uint64_t)n * n * sizeof(float) * 3;
	STRBUF(takes);
	STRBUF(most);

	if (bytes <= BYTES_MAX)
		return true;
	num_add_bytes(&takes, bytes);
	num_add_bytes(&most, BYTES_MAX);
	return err_fail(err, ERR_USAGE, "slist keeps a weight for every pair of products that "
			"sessions have: %u products need %s of memory, and it is made for up "
			"to %s; covis, walk and itemknn have no such limit", n,
			strbuf_c(&takes), strbuf_c(&most));
}

/* Products are numbered by their places among those that were met, which are kept. */
static bool number_met(struct sequences *q, const struct lesson *l, struct err *err)
{
	uint32_t products = l->catalog->n_products, n = 0;
	SCOPED_FREE uint32_t *met = mem_big(products, sizeof *met, "products", err);
	SCOPED_FREE uint32_t *place = mem_big(products, sizeof *place, "products", err);

	if (!met || !place)
		return false;
	for (uint64_t i = 0; i < q->offsets[q->n]; i++)
		place[q->product[i]] = 1;
	for (uint32_t p = 0; p < products; p++) {
		if (!place[p])
			continue;
		met[n] = p;
		place[p] = n++;
	}
	for (uint64_t i = 0; i < q->offsets[q->n]; i++)
		q->product[i] = place[q->product[i]];
	q->n_products = n;
	return linear_any(n, err) && check_room(n, err) &&
	       sink_array(l->sink, "top", ARRAY_U32, n, 1, met, err);
}

static bool train_on(const struct sequences *q, const struct lesson *l, struct err *err)
{
	size_t n = q->n_products;
	SCOPED_FREE float *left = NULL;
	SCOPED_FREE float *right = NULL;
	struct equations x;
	void *room;

	if (!sink_reserve(l->sink, "weights", ARRAY_F32, n, q->n_products, &room, err) ||
	    !(left = mem_big(n * n, sizeof *left, "slist", err)) ||
	    !(right = mem_big(n * n, sizeof *right, "slist", err)))
		return false;
	x = (struct equations){left, right, n, 1 - params_real(l->params, PARAM_ID_WHOLE),
			       params_real(l->params, PARAM_ID_POSITION)};
	return fill(&x, q, l, err) && solve(&x, room, l->work.job, err);
}

static bool slist_train(const struct lesson *l, struct err *err)
{
	struct sequences q;
	bool ok;

	if (!blas_load(err) || !sequences_read(&q, l, 1, err))
		return false;
	ok = number_met(&q, l, err) && train_on(&q, l, err);
	sequences_finish(&q);
	return ok;
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "auto"},
	{PARAM_ID_LAMBDA, "100"},
	{PARAM_ID_WHOLE, "0.2"},
	{PARAM_ID_POSITION, "0.5"},
	{PARAM_ID_RECENCY, "0.3"},
	{PARAM_IDS, NULL},
};

static const struct param_default sparse[] = {
	{PARAM_ID_RECENCY, "0.8"},
	{PARAM_IDS, NULL},
};

const struct model_class md_slist = {
	.name = "slist",
	.title = "Linear model of sessions and steps (SLIST)",
	.summary = "Predicts each product of a session from the others, and what comes after a "
		   "place from what stands before it, by one regularised regression in closed "
		   "form; for logs of up to 18,918 products.",
	.score_text = "the weight with which the product predicts it, others held equal; below "
		      "0 it speaks against it",
	.params = params,
	.baskets = sparse,
	.sparse = sparse,
	.train = slist_train,
	.open = linear_open,
	.close = linear_close,
	.score = linear_score,
};
