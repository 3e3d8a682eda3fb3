/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dense weights take products squared: such models are for few products. */
#include "config.h"

#include "model/linear.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "math/blas.h"
#include "model/pairs.h"

bool linear_gram(float *w, const struct sequences *q, double times, struct work work,
		 struct err *err)
{
	const struct pairs_ask ask = {.way = PAIRS_SET, .symmetric = true};
	SCOPED(sink) counts = sink_create();
	struct model m = {.n_products = q->n_products, .find = sink_find, .ctx = counts};
	size_t n = q->n_products;
	struct pairs x;

	assert(times >= 0);
	if (!pairs_count(counts, q, &ask, work, err) || !pairs_bind(&x, &m, err))
		return false;
	for (size_t a = 0; a < n; a++) {
		for (uint64_t k = x.offsets[a]; k < x.offsets[a + 1]; k++)
			w[a * n + x.column[k]] += (float)(times * x.value[k]);
		w[a * n + a] += (float)(times * x.from[a]);
	}
	return true;
}

bool linear_any(size_t n, struct err *err)
{
	return n > 0 || err_fail(err, ERR_NO, "there is nothing to learn from: no session counts, "
				 "as all have more products than --max-session of the import");
}

bool linear_invert(float *w, size_t n, struct job *job, struct err *err)
{
	job_step(job, "factoring", 0);
	if (!blas_spotrf(n, w, n, err) || !job_check(job, err))
		return err_context(err, "a larger --lambda may help");
	job_step(job, "inverting", 0);
	return blas_spotri(n, w, n, err) && job_check(job, err);
}

bool linear_bind(struct linear *x, const struct model *m, struct err *err)
{
	bool chosen = m->find(m->ctx, "top", &(struct array){0});
	struct array top = {0}, weights;

	if ((chosen && !model_array(m, "top", ARRAY_U32, &top, err)) ||
	    !model_array(m, "weights", ARRAY_F32, &weights, err))
		return false;
	*x = (struct linear){weights.data, top.data,
			     chosen ? (uint32_t)top.rows : m->n_products};
	if (weights.rows != x->n || weights.columns != x->n)
		return err_fail(err, ERR_STORE, "the model is damaged: its weights don't fit "
				"together: train it again");
	for (uint32_t i = 0; chosen && i < x->n; i++)
		if (x->top[i] >= m->n_products || (i && x->top[i] <= x->top[i - 1]))
			return err_fail(err, ERR_STORE, "the model is damaged: its products");
	return true;
}

/* Its row, or x->n. */
static uint32_t row_of(const struct linear *x, uint32_t product)
{
	uint32_t low = 0, high = x->n;

	if (!x->top)
		return product;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (x->top[middle] < product)
			low = middle + 1;
		else
			high = middle;
	}
	return low < x->n && x->top[low] == product ? low : x->n;
}

void linear_add(const struct linear *x, uint32_t product, float w, float *scores)
{
	uint32_t at = row_of(x, product);
	const float *row = x->weights + (size_t)at * x->n;

	if (at == x->n)
		return;
	for (uint32_t b = 0; b < x->n; b++)
		scores[x->top ? x->top[b] : b] += w * row[b];
}

bool linear_open(struct model *m, struct err *err)
{
	struct linear x;

	if (!linear_bind(&x, m, err))
		return false;
	m->state = mem_zalloc(sizeof x);
	*(struct linear *)m->state = x;
	return true;
}

void linear_close(struct model *m)
{
	free(m->state);
	m->state = NULL;
}

bool linear_score(const struct model *m, const struct history *h, struct scoring out,
		  struct err *err)
{
	uint32_t n = m->n_products;

	memset(out.scores, 0, n * sizeof *out.scores);
	for (unsigned i = 0; i < h->n; i++)
		linear_add(m->state, h->product[i], h->weight ? h->weight[i] : 1, out.scores);
	for (uint32_t b = 0; b < n; b++)
		if (out.scores[b] == 0)
			out.scores[b] = -INFINITY;
	return job_check(out.job, err);
}
