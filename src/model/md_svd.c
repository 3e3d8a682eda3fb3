/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * svd: the classical factorisation (Cremonesi, Koren and Turrin 2010, "PureSVD"). R holds what
 * users did, 0 where nothing: 1 view, 2 cart or rating, 3 purchase, the strongest. With its
 * truncated singular values R ~ U S V' (learn/rsvd) a history r is one more row:
 *
 *	score(b|r) = (r V) . V_b
 *
 * "vectors" is V (products, dim), "user/factor" U S (users, dim): a guess of what a user does
 * with a product is the product of theirs, 0 for nothing.
 */
#include "config.h"

#include <math.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/scope.h"
#include "learn/rsvd.h"
#include "math/kernel.h"
#include "model/feedback.h"
#include "model/layers.h"
#include "model/model.h"
#include "model/ratings_read.h"
#include "model/sequences.h"

#define EXTRA 10
#define ROUNDS 8
#define STRONGEST 3.0F

/* The unit, a user or where the log has none a session, has an event that counts. */
static bool met(const struct catalog *c, uint32_t unit, unsigned kinds)
{
	bool users = c->user_offsets && c->user_session;
	uint64_t end = users ? c->user_offsets[unit + 1] : unit + 1;

	for (uint64_t i = users ? c->user_offsets[unit] : unit; i < end; i++) {
		uint32_t s = users ? c->user_session[i] : (uint32_t)i;

		for (uint64_t e = c->session_offsets[s]; e < c->session_offsets[s + 1]; e++)
			if (kinds >> c->event_kind[e] & 1)
				return true;
	}
	return false;
}

/* Rows of u S (those who did something) to all users. */
static bool keep_users(const struct lesson *l, const float *u, const float *s, unsigned dim,
		       struct err *err)
{
	const struct catalog *c = l->catalog;
	uint32_t n = c->user_offsets && c->user_session ? c->n_users : c->n_sessions;
	unsigned kinds = sequences_kinds(c, l->params);
	void *room;

	if (!sink_reserve(l->sink, "user/factor", ARRAY_F32, n, dim, &room, err))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		float *x = (float *)room + (size_t)i * dim;

		if (!met(c, i, kinds))
			continue;
		for (unsigned d = 0; d < dim; d++)
			x[d] = *u++ * s[d];
	}
	layers_note(l->sink, &(struct layer){"users", n, dim, (uint64_t)n * dim, NULL});
	return true;
}

static bool learn(const struct lesson *l, struct ratings *r, struct ratings *t,
		  struct err *err)
{
	unsigned dim = (unsigned)params_count(l->params, PARAM_ID_DIM);
	const struct rsvd_options o = {.dim = dim, .extra = EXTRA, .rounds = ROUNDS,
				       .seed = l->params->seed};
	SCOPED_FREE float *s = mem_alloc(dim * sizeof *s);
	SCOPED_FREE float *u = mem_big((size_t)r->rows * dim, sizeof *u, "factors", err);
	void *v;
	json_t *values = json_array();

	json_object_set_new(sink_info(l->sink), "singular", values);
	for (uint64_t i = 0; i < r->entries; i++)
		r->value[i] = r->value[i] < STRONGEST ? r->value[i] : STRONGEST;
	if (!u || !ratings_transpose(t, r, err) ||
	    !sink_reserve(l->sink, "vectors", ARRAY_F32, r->columns, dim, &v, err) ||
	    !rsvd(r, t, &o, (struct rsvd_parts){u, s, v}, l->work, err))
		return false;
	for (unsigned i = 0; i < dim; i++)
		json_array_append_new(values, json_real((double)s[i]));
	if (!keep_users(l, u, s, dim, err))
		return false;
	layers_note(l->sink, &(struct layer){"products", r->columns, dim,
					     (uint64_t)r->columns * dim, NULL});
	return true;
}

static bool svd_train(const struct lesson *l, struct err *err)
{
	struct ratings r = {0}, t = {0};
	bool ok = ratings_read(&r, l, sequences_kinds(l->catalog, l->params), err) &&
		  (r.entries || err_fail(err, ERR_NO, "there is nothing to factorise"));

	ok = ok && learn(l, &r, &t, err);
	ratings_finish(&r);
	ratings_finish(&t);
	return ok;
}

static bool svd_score(const struct model *m, const struct history *h, struct scoring out,
		      struct err *err)
{
	const struct kernels *kernel = kernels_best();
	struct array vectors;
	SCOPED_FREE float *x = NULL;
	const float *v;

	if (!model_array(m, "vectors", ARRAY_F32, &vectors, err))
		return false;
	v = vectors.data;
	x = mem_zalloc(vectors.columns * sizeof *x);
	for (unsigned i = 0; i < h->n; i++)
		kernel->axpy(h->weight ? h->weight[i] : 1,
			     v + (size_t)h->product[i] * vectors.columns, x, vectors.columns);
	kernel->dots(x, v, m->n_products, vectors.columns, vectors.columns, out.scores);
	for (uint32_t b = 0; b < m->n_products; b++)
		if (out.scores[b] == 0)
			out.scores[b] = -INFINITY;
	return job_check(out.job, err);
}

static const struct param_default params[] = {
	{PARAM_ID_EVENTS, "all"},
	{PARAM_ID_DIM, "64"},
	{PARAM_ID_RECENCY, "0.5"},
	{PARAM_IDS, NULL},
};

const struct model_class md_svd = {
	.name = "svd",
	.title = "Singular values",
	.summary = "The classical factorisation of who did what with which product, nothing "
		   "counting 0, by its largest singular values (PureSVD: Cremonesi, Koren and "
		   "Turrin 2010; randomised: Halko, Martinsson and Tropp 2011).",
	.score_text = "what the history's own factors say of the product's",
	.flags = MODEL_VECTORS,
	.params = params,
	.train = svd_train,
	.score = svd_score,
	.guess = feedback_guess,
};
