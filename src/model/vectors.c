/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/vectors.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"

static const float *row(const struct model *m, uint32_t p)
{
	return (const float *)m->vectors.data + (size_t)p * m->vectors.columns;
}

static float dot(const float *a, const float *b, unsigned n)
{
	float sum = 0;

	for (unsigned i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

bool vectors_bind(struct model *m, struct err *err)
{
	if (!model_array(m, "vectors", ARRAY_F32, &m->vectors, err))
		return false;
	if (m->vectors.rows != m->n_products)
		return err_fail(err, ERR_STORE, "the model is damaged: it has %ju vectors for "
				"%u products", (uintmax_t)m->vectors.rows, m->n_products);
	m->norm = mem_big(m->n_products, sizeof *m->norm, "lengths of vectors", err);
	if (!m->norm)
		return false;
	for (uint32_t p = 0; p < m->n_products; p++)
		m->norm[p] = sqrtf(dot(row(m, p), row(m, p), m->vectors.columns));
	return true;
}

bool vectors_score(const struct model *m, const struct history *h, float *scores,
		   struct job *job, struct err *err)
{
	unsigned dim = m->vectors.columns;
	SCOPED_FREE float *mean = mem_zalloc(dim * sizeof *mean);
	float length;

	for (unsigned i = 0; i < h->n; i++) {
		uint32_t a = h->product[i];
		float w = m->norm[a] > 0 ? (h->weight ? h->weight[i] : 1) / m->norm[a] : 0;

		for (unsigned k = 0; k < dim; k++)
			mean[k] += w * row(m, a)[k];
	}
	length = sqrtf(dot(mean, mean, dim));
	for (uint32_t b = 0; b < m->n_products; b++) {
		if (b % 65536 == 0 && !job_check(job, err))
			return false;
		scores[b] = length > 0 && m->norm[b] > 0 ?
			    dot(mean, row(m, b), dim) / (length * m->norm[b]) : -INFINITY;
	}
	return true;
}
