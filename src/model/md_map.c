/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * map: places for the products, from another model's vectors. Array "place" F32
 * (products, 2 or 3), NAN without a vector. Beside it: how far the map can be trusted
 * (near/umap.h) and whether neighbours share a category.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "model/model.h"
#include "near/pca.h"
#include "near/umap.h"

enum {
	SAMPLE = 2000,	/* products looked at to judge a map */
	JUDGED = 10,	/* neighbours of each */
};

struct map_places {
	unsigned axes;
	float *place; /* (n, axes) */
};

/* Rows without a vector stand at zero for this, and nowhere afterwards. */
static bool principal(const struct space *s, struct map_places to, const struct lesson *l,
		      struct err *err)
{
	unsigned dim = s->v.dim, parts = to.axes < dim ? to.axes : dim;
	SCOPED_FREE float *rows = mem_big(s->v.n * dim, sizeof *rows, "vectors", err);
	SCOPED_FREE float *out = mem_big(s->v.n * parts, sizeof *out, "vectors", err);
	struct vectors v = {rows, s->n_present, dim, dim};
	json_t *list = json_array();
	float share[3];
	size_t n = 0;

	json_object_set_new(sink_info(l->sink), "variance", list);
	if (!rows || !out)
		return false;
	for (size_t i = 0; i < s->v.n; i++)
		for (unsigned d = 0; space_has(s, i) && d < dim; d++)
			rows[n++] = vectors_row(&s->v, i)[d] *
				    (s->metric == METRIC_COSINE ? s->inverse[i] : 1);
	job_step(l->work.job, "looking for axes", 0);
	if (!pca_project(&v, (struct pca_places){parts, out, share}, l->work, err))
		return false;
	n = 0;
	for (size_t i = 0; i < s->v.n; i++)
		for (unsigned d = 0; d < to.axes; d++)
			to.place[i * to.axes + d] = !space_has(s, i) ? NAN
						    : d < parts	     ? out[n++]
								     : 0;
	for (unsigned d = 0; d < parts; d++)
		json_array_append_new(list, json_real(share[d]));
	return true;
}

/* A map that is too small to be judged isn't. */
static bool judge(const struct lesson *l, const struct space *s, struct map_places of,
		  struct err *err)
{
	json_t *info = sink_info(l->sink);
	struct agreement a;
	struct err why = {0};
	double trust;

	job_step(l->work.job, "judging the map", 0);
	if (umap_trust(&(struct umap_judged){s, of.place, of.axes, JUDGED, NULL, SAMPLE,
					     l->params->seed},
		       &trust, l->work, &why))
		json_object_set_new(info, "trust", json_real(trust));
	else if (why.code != ERR_NO)
		return err_fail(err, why.code, "%s", why.text);
	if (umap_agreement(&(struct umap_judged){s, of.place, of.axes, JUDGED,
						 l->catalog->product_category, SAMPLE,
						 l->params->seed},
			   &a, l->work, &why)) {
		json_object_set_new(info, "agreement", json_real(a.map));
		json_object_set_new(info, "agreement_vectors", json_real(a.rows));
		json_object_set_new(info, "agreement_chance", json_real(a.chance));
	} else if (why.code != ERR_NO) {
		return err_fail(err, why.code, "%s", why.text);
	}
	return true;
}

static bool map_fit(const struct lesson *l, const struct vectors *v, struct err *err)
{
	struct umap_options o = {
		.parts = (unsigned)params_count(l->params, PARAM_ID_AXES),
		.neighbours = (unsigned)params_count(l->params, PARAM_ID_NEAR),
		.min_dist = params_real(l->params, PARAM_ID_MIN_DIST),
		.epochs = (unsigned)params_count(l->params, PARAM_ID_MAP_EPOCHS),
		.negatives = umap_defaults.negatives,
		.seed = l->params->seed,
	};
	struct space s;
	void *place;
	bool ok;

	if (!space_init(&s, *v,
			params_choice(l->params, PARAM_ID_DISTANCE) ? METRIC_L2
								    : METRIC_COSINE,
			l->work.pool, err))
		return false;
	ok = sink_reserve(l->sink, "place", ARRAY_F32, v->n, o.parts, &place, err);
	if (ok)
		ok = params_choice(l->params, PARAM_ID_METHOD)
			     ? principal(&s, (struct map_places){o.parts, place}, l, err)
			     : umap_make(&s, &o, place, l->work, err);
	ok = ok && judge(l, &s, (struct map_places){o.parts, place}, err);
	space_finish(&s);
	return ok;
}

static const struct param_default params[] = {
	{PARAM_ID_METHOD, "umap"},
	{PARAM_ID_AXES, "2"},
	{PARAM_ID_DISTANCE, "cosine"},
	{PARAM_ID_NEAR, "15"},
	{PARAM_ID_MIN_DIST, "0.1"},
	{PARAM_ID_MAP_EPOCHS, "0"},
	{PARAM_IDS, NULL},
};

const struct model_class md_map = {
	.name = "map",
	.title = "Map of vectors",
	.summary = "Places in two or three dimensions for the vectors of --model, by UMAP "
		   "(McInnes, Healy and Melville 2018) or principal axes; near things stay "
		   "near, far ones may not stay far.",
	.score_text = "a map ranks nothing",
	.params = params,
	.fit = map_fit,
};
