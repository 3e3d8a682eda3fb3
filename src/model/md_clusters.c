/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * clusters: k-means of another model's vectors. Arrays: "cluster" U32 (products),
 * CATALOG_NONE without a vector; "distance" F32 (products) to the centre; "centre" F32
 * (clusters, dim), of vectors of length 1 for --distance cosine.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/rng.h"
#include "model/model.h"
#include "near/kmeans.h"

/* The rows that have a vector, side by side. */
struct rows {
	float *data;		/* (n, dim) */
	uint32_t *product;	/* (n) */
	size_t n;
};

static bool gather(struct rows *r, const struct vectors *v, bool unit, struct pool *pool,
		   struct err *err)
{
	struct space s;

	if (!space_init(&s, *v, METRIC_COSINE, pool, err))
		return false;
	r->data = mem_big(v->n * v->dim, sizeof *r->data, "vectors", err);
	r->product = mem_big(v->n, sizeof *r->product, "vectors", err);
	for (uint32_t p = 0; r->data && r->product && p < v->n; p++) {
		float length = unit ? s.inverse[p] : 1;

		if (!space_has(&s, p))
			continue;
		for (unsigned d = 0; d < v->dim; d++)
			r->data[r->n * v->dim + d] = vectors_row(v, p)[d] * length;
		r->product[r->n++] = p;
	}
	space_finish(&s);
	return r->data && r->product;
}

static bool keep(const struct kmeans *m, const struct rows *r, const struct lesson *l,
		 struct err *err)
{
	void *cluster, *distance;

	if (!sink_reserve(l->sink, "cluster", ARRAY_U32, l->catalog->n_products, 1, &cluster,
			  err) ||
	    !sink_reserve(l->sink, "distance", ARRAY_F32, l->catalog->n_products, 1, &distance,
			  err) ||
	    !sink_array(l->sink, "centre", ARRAY_F32, m->k, m->dim, m->centre, err))
		return false;
	for (size_t p = 0; p < l->catalog->n_products; p++) {
		((uint32_t *)cluster)[p] = CATALOG_NONE;
		((float *)distance)[p] = NAN;
	}
	for (size_t i = 0; i < r->n; i++) {
		((uint32_t *)cluster)[r->product[i]] = m->cluster[i];
		((float *)distance)[r->product[i]] = m->distance[i];
	}
	json_object_set_new(sink_info(l->sink), "inertia", json_real(m->inertia));
	json_object_set_new(sink_info(l->sink), "rounds", json_integer(m->rounds));
	return true;
}

static bool clusters_fit(const struct lesson *l, const struct vectors *v, struct err *err)
{
	bool unit = params_choice(l->params, PARAM_ID_DISTANCE) == 0;
	struct kmeans_options o = {
		.k = (unsigned)params_count(l->params, PARAM_ID_CLUSTERS),
		.rounds = (unsigned)params_count(l->params, PARAM_ID_ROUNDS),
		.batch = params_count(l->params, PARAM_ID_BATCH),
		.seed = l->params->seed,
	};
	struct rows r = {0};
	struct vectors own;
	struct kmeans m = {0};
	bool ok = gather(&r, v, unit, l->work.pool, err);

	own = (struct vectors){r.data, r.n, v->dim, v->dim};
	ok = ok && kmeans_make(&m, &own, &o, l->work, err) &&
	     keep(&m, &r, l, err);
	kmeans_finish(&m);
	free(r.data);
	free(r.product);
	return ok;
}

/* Members of the last product's cluster, those at its centre first, or at random: another order
 * for each product, the same in every run. */
static bool clusters_score(const struct model *m, const struct history *h,
			   struct scoring out, struct err *err)
{
	bool drawn = params_choice(&m->params, PARAM_ID_MEMBERS) == 1;
	struct array cluster, distance;
	const uint32_t *of;
	uint32_t last;
	struct rng rng;

	if (!model_array(m, "cluster", ARRAY_U32, &cluster, err) ||
	    !model_array(m, "distance", ARRAY_F32, &distance, err))
		return false;
	if (cluster.rows != m->n_products || distance.rows != m->n_products)
		return err_fail(err, ERR_STORE, "the model is damaged: its clusters are not "
				"those of its products");
	of = cluster.data;
	last = h->product[h->n - 1];
	rng_init(&rng, m->params.seed, last);
	for (uint32_t p = 0; p < m->n_products; p++) {
		float near = drawn ? (float)rng_real(&rng) :
			     -((const float *)distance.data)[p];

		out.scores[p] = of[last] != CATALOG_NONE && of[p] == of[last] ? near : -INFINITY;
	}
	return true;
}

static const char *clusters_meaning(const struct params *p)
{
	return params_choice(p, PARAM_ID_MEMBERS) == 1 ?
	       "drawn at random for a member of the same cluster" :
	       "minus the distance to the centre of the cluster that both are in";
}

static const struct param_default params[] = {
	{PARAM_ID_CLUSTERS, "10"},
	{PARAM_ID_DISTANCE, "cosine"},
	{PARAM_ID_ROUNDS, "100"},
	{PARAM_ID_BATCH, "0"},
	{PARAM_ID_MEMBERS, "centre"},
	{PARAM_IDS, NULL},
};

const struct model_class md_clusters = {
	.name = "clusters",
	.title = "Clusters of vectors",
	.summary = "k-means of the vectors of --model (Lloyd 1982, k-means++ for the first "
		   "centres): what belongs together, and what is typical of it.",
	.score_text = "minus the distance to the centre of the cluster that both are in",
	.meaning = clusters_meaning,
	.flags = MODEL_ASIDE,
	.params = params,
	.fit = clusters_fit,
	.score = clusters_score,
};
