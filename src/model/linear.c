/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dense weights take products squared: such models are for small catalogues. */
#include "config.h"

#include "model/linear.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/num.h"
#include "math/blas.h"
#include "model/pairs.h"

#define BYTES_MAX (UINT64_C(4) << 30)	/* of all matrices */

bool linear_check(const char *name, uint32_t n, unsigned matrices, struct err *err)
{
	uint64_t bytes = (uint64_t)n * n * sizeof(float) * matrices;
	STRBUF(takes);
	STRBUF(most);

	if (bytes <= BYTES_MAX)
		return true;
	num_add_bytes(&takes, bytes);
	num_add_bytes(&most, BYTES_MAX);
	return err_fail(err, ERR_USAGE, "%s keeps a weight for every pair of products: %u "
			"products take %s, and it is made for up to %s; covis, walk and "
			"itemknn have no such limit", name, n, strbuf_c(&takes),
			strbuf_c(&most));
}

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

bool linear_invert(float *w, size_t n, struct job *job, struct err *err)
{
	job_step(job, "factoring", 0);
	if (!blas_spotrf(n, w, n, err) || !job_check(job, err))
		return err_context(err, "a larger --lambda may help");
	job_step(job, "inverting", 0);
	return blas_spotri(n, w, n, err) && job_check(job, err);
}

bool linear_score(const struct model *m, const struct history *h, struct scoring out,
		  struct err *err)
{
	struct array weights;
	uint32_t n = m->n_products;

	if (!model_array(m, "weights", ARRAY_F32, &weights, err))
		return false;
	if (weights.rows != n || weights.columns != n)
		return err_fail(err, ERR_STORE, "the model is damaged: its weights");
	memset(out.scores, 0, n * sizeof *out.scores);
	for (unsigned i = 0; i < h->n; i++) {
		const float *row = (const float *)weights.data + (size_t)h->product[i] * n;
		float w = h->weight ? h->weight[i] : 1;

		for (uint32_t b = 0; b < n; b++)
			out.scores[b] += w * row[b];
	}
	for (uint32_t b = 0; b < n; b++)
		if (out.scores[b] == 0)
			out.scores[b] = -INFINITY;
	return job_check(out.job, err);
}
