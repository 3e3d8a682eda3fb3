/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which cluster every product is in, as a model of clusters has it. */
#include "config.h"

#include <math.h>

#include "base/job.h"
#include "export/grid.h"
#include "model/model.h"
#include "query/filter.h"

static const struct grid_column columns[] = {
	{"product", GRID_ID}, {"cluster", GRID_NUMBER}, {"distance", GRID_NUMBER},
	{"label", GRID_TEXT}, {"category", GRID_TEXT}, {"brand", GRID_TEXT},
};

struct places {
	const uint32_t *cluster;	/* (products of the model) */
	const float *distance;
};

static bool find_places(const struct model *m, struct places *x, struct err *err)
{
	struct array cluster, distance;

	if (!m)
		return err_fail(err, ERR_USAGE, "which clusters? --model NAME; aisle show models "
				"STORE lists what is trained");
	if (!str_is(str_from(m->class->name), "clusters"))
		return err_fail(err, ERR_USAGE, "model %s is no clusters: aisle train clusters "
				"STORE --model %s makes some of its vectors", model_name(m),
				model_name(m));
	if (!model_array(m, "cluster", ARRAY_U32, &cluster, err) ||
	    !model_array(m, "distance", ARRAY_F32, &distance, err))
		return false;
	if (cluster.rows != m->n_products || distance.rows != m->n_products)
		return err_fail(err, ERR_STORE, "model %s is damaged: its clusters are not those "
				"of its products", model_name(m));
	*x = (struct places){cluster.data, distance.data};
	return true;
}

static bool write_places(struct grid *s, const struct places *x, struct err *err)
{
	const struct catalog *cat = s->r->about.catalog;
	const struct model *m = s->r->about.model;

	for (uint32_t p = 0; p < cat->n_products; p++) {
		uint32_t i = m->inside ? m->inside[p] : p;

		if (p % 1024 == 0 && !grid_check(s, err))
			return false;
		job_advance(s->r->job, 1);
		if (i == CATALOG_NONE || x->cluster[i] == CATALOG_NONE || !export_has(s->r, p))
			continue;
		emit_text(&s->emit, text_at(&cat->product_id, p));
		emit_count(&s->emit, (int64_t)x->cluster[i] + 1);
		emit_real(&s->emit, (double)x->distance[i]);
		grid_name(s, &cat->product_label, p);
		grid_name(s, &cat->category_path,
			  cat->product_category ? cat->product_category[p] : CATALOG_NONE);
		grid_name(s, &cat->brand_name,
			  cat->product_brand ? cat->product_brand[p] : CATALOG_NONE);
	}
	return true;
}

static bool clusters_run(const struct export_request *r, struct err *err)
{
	struct places x = {NULL, NULL};
	struct grid s;
	bool ok;

	if (!find_places(r->about.model, &x, err))
		return false;
	job_step(r->job, "writing clusters", r->about.catalog->n_products);
	grid_init(&s, r, columns, sizeof columns / sizeof *columns);
	ok = write_places(&s, &x, err);
	grid_finish(&s);
	return ok;
}

const struct export_class ex_clusters = {
	.name = "clusters",
	.summary = "The cluster of every product, from 1, with the distance to its centre, by "
		   "the clusters of --model.",
	.asks = MAY(MODEL) | MAY(CATEGORY),
	.formats = EXPORT_TABLES,
	.dflt = EXPORT_CSV,
	.where = FILTER_PRODUCT,
	.run = clusters_run,
};
