/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verdicts are sorted by product; each product is asked once, and its pairs are compared. */
#include "config.h"

#include "eval/replay.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "model/model.h"
#include "store/store.h"
#include "suggest/door.h"
#include "vet/rules.h"
#include "vet/verdicts.h"

#define FAR 1000u	/* places of a panel; what is farther down is in none */

/* One suggestion that was decided on. */
struct said {
	uint32_t product, with;
	bool approved;
	double score;		/* -INFINITY: the ranking doesn't have it */
};

static int by_product(const void *a, const void *b)
{
	const struct said *x = a, *y = b;

	if (x->product != y->product)
		return x->product < y->product ? -1 : 1;
	return x->with < y->with ? -1 : x->with > y->with;
}

/* Verdicts of the panel on products that the store has, by product. */
static struct said *collect(const struct store *s, const struct verdicts *v,
			    enum panel_kind kind, size_t *n)
{
	struct said *said = mem_alloc(((size_t)verdicts_pairs(v) + 1) * sizeof *said);

	*n = 0;
	for (uint32_t pair = 0; pair < verdicts_pairs(v); pair++) {
		const struct decision *d = verdicts_of(v, pair, false);
		struct said x = {.score = -INFINITY};

		if (!d || !str_is(d->panel, rules_panels[kind]))
			continue;
		x.product = store_find(s, "product", d->product);
		x.with = store_find(s, "product", d->with);
		x.approved = d->kind != DECISION_REJECT;
		if (x.product != UINT32_MAX && x.with != UINT32_MAX)
			said[(*n)++] = x;
	}
	if (*n)
		qsort(said, *n, sizeof *said, by_product);
	return said;
}

static bool score_panel(struct said *at, size_t n, const struct store *s, enum panel_kind kind,
			struct job *job, struct err *err)
{
	struct panel_request r = {
		.about = question_of(s, NULL), .kind = kind, .limit = FAR,
	};
	struct panel p = {0};

	r.about.product = at->product;
	if (!suggest(&r, &p, job, err))
		return false;
	for (size_t i = 0; i < n; i++)
		for (unsigned k = 0; k < p.n_rows; k++)
			if (p.rows[k].product == at[i].with)
				at[i].score = -(double)k;
	panel_finish(&p);
	return true;
}

static bool score_model(struct said *at, size_t n, const struct model *m, float *scores,
			struct job *job, struct err *err)
{
	struct history h = {&at->product, NULL, 1};

	if (!model_score(m, &h, (struct scoring){scores, job}, err))
		return false;
	for (size_t i = 0; i < n; i++)
		at[i].score = (double)scores[at[i].with];
	return true;
}

/* Pairs of one product: *n of them, and what they count. */
static double compare(const struct said *at, size_t n, uint64_t *pairs)
{
	double sum = 0;

	*pairs = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; at[i].approved && k < n; k++) {
			if (at[k].approved)
				continue;
			++*pairs;
			sum += at[i].score > at[k].score ? 1 : at[i].score == at[k].score ? 0.5 : 0;
		}
	return sum;
}

/* Cochran 1977, section 2.11: the variance of a ratio of two sums over products. */
static void settle(struct replayed *r, const double *sum, const uint64_t *pairs)
{
	double all = 0, squares = 0, half;

	r->auc = r->low = r->high = NAN;
	if (!r->pairs)
		return;
	for (uint32_t i = 0; i < r->products; i++)
		all += sum[i];
	r->auc = all / (double)r->pairs;
	for (uint32_t i = 0; i < r->products; i++)
		squares += pow(sum[i] - r->auc * (double)pairs[i], 2);
	if (r->products < 2)
		return;
	half = 1.959963984540054 / (double)r->pairs *
	       sqrt(squares * r->products / (r->products - 1));
	r->low = fmax(r->auc - half, 0);
	r->high = fmin(r->auc + half, 1);
}

bool replay(struct replayed *r, const struct store *s, const struct verdicts *v,
	    enum panel_kind kind, const struct model *m, struct job *job, struct err *err)
{
	size_t n, end;
	struct said *said = collect(s, v, kind, &n);
	double *sum = mem_zalloc((n + 1) * sizeof *sum);
	uint64_t *pairs = mem_zalloc((n + 1) * sizeof *pairs);
	SCOPED_FREE float *scores = m ? mem_big(store_catalog(s)->n_products, sizeof *scores,
						"scores", err) : NULL;
	bool ok = !m || scores;

	*r = (struct replayed){0};
	for (size_t i = 0; ok && i < n; i = end) {
		uint32_t k = r->products, yes = 0;

		for (end = i; end < n && said[end].product == said[i].product; end++)
			yes += said[end].approved;
		if (!yes || yes == end - i)
			continue;
		ok = (m ? score_model(&said[i], end - i, m, scores, job, err) :
			  score_panel(&said[i], end - i, s, kind, job, err)) &&
		     job_check(job, err);
		sum[k] = compare(&said[i], end - i, &pairs[k]);
		r->pairs += pairs[k];
		r->approved += yes;
		r->rejected += end - i - yes;
		r->products++;
	}
	settle(r, sum, pairs);
	free(said);
	free(sum);
	free(pairs);
	return ok;
}
