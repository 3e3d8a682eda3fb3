/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clusters of a model brought to the numbers of this store. */
#include "config.h"

#include "view/groups.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/store.h"

bool groups_model(struct view *v, const char *class, const struct model **m,
		  struct model **own, struct err *err)
{
	const struct question *q = view_question(v);
	STRBUF(names);
	STRBUF(only);
	unsigned n;

	*m = q->model;
	if (q->model && str_is(str_from(q->model->class->name), class))
		return true;
	n = models_named(q->store, (struct model_wanted){.class = class}, &names, &only);
	if (q->model)
		return err_fail(err, ERR_USAGE, "model %s is no %s%s%s", model_name(q->model),
				class, n ? "; --model takes " : ": aisle train makes one of "
				"its vectors", strbuf_c(&names));
	if (n > 1)
		return err_fail(err, ERR_USAGE, "which %s? --model takes %s", class,
				strbuf_c(&names));
	if (!n) {
		view_set_note(v, "There is nothing of the kind yet: aisle train %s STORE --model "
			      "NAME makes it of a model's vectors, in the explorer :train %s "
			      "--model NAME; show models lists what is trained.", class, class);
		return true;
	}
	if (!model_open(own, q->store, strbuf_c(&only), err))
		return false;
	*m = *own;
	return true;
}

/* The arrays of g->model in the catalog's numbers. */
static bool bind(struct groups *g, uint32_t products, struct err *err)
{
	struct array cluster, distance, centre;

	if (!model_array(g->model, "cluster", ARRAY_U32, &cluster, err) ||
	    !model_array(g->model, "distance", ARRAY_F32, &distance, err) ||
	    !model_array(g->model, "centre", ARRAY_F32, &centre, err))
		return false;
	if (cluster.rows != g->model->n_products || distance.rows != cluster.rows ||
	    centre.rows > UINT32_MAX / 2)
		return err_fail(err, ERR_STORE, "model %s is damaged: its clusters are not those "
				"of its products", model_name(g->model));
	g->n = (uint32_t)centre.rows;
	g->cluster = mem_big(products, sizeof *g->cluster, "clusters", err);
	g->distance = mem_big(products, sizeof *g->distance, "clusters", err);
	if (!g->cluster || !g->distance)
		return false;
	for (uint32_t p = 0; p < products; p++) {
		uint32_t i = g->model->inside ? g->model->inside[p] : p;

		g->cluster[p] = i == CATALOG_NONE ? CATALOG_NONE
						  : ((const uint32_t *)cluster.data)[i];
		if (g->cluster[p] >= g->n)	/* or the file is damaged */
			g->cluster[p] = CATALOG_NONE;
		g->distance[p] = i == CATALOG_NONE ? NAN : ((const float *)distance.data)[i];
	}
	return true;
}

bool groups_open(struct groups *g, struct view *v, struct err *err)
{
	if (!groups_model(v, "clusters", &g->model, &g->own, err))
		return false;
	if (!g->model)
		return true;
	if (!bind(g, view_question(v)->catalog->n_products, err))
		return false;
	view_set_note(v, "%s: %u clusters.%s", model_name(g->model), g->n,
		      model_stale(g->model) ? " Made before the last import; products are "
		      "matched by id." : "");
	return true;
}

bool groups_named(struct groups *g, const struct store *s, const struct catalog *cat,
		  const char *name, struct err *err)
{
	if (!model_open(&g->own, s, name, err))
		return false;
	g->model = g->own;
	return bind(g, cat->n_products, err);
}

void groups_finish(struct groups *g)
{
	free(g->cluster);
	free(g->distance);
	model_destroy(g->own);
	*g = (struct groups){0};
}

double *groups_means(const struct groups *g, const struct typical *t)
{
	double *mean = mem_zalloc(((size_t)g->n + 1) * sizeof *mean);

	for (uint32_t i = 0; i < g->n; i++) {
		const struct typical_group *x = &t->group[i];

		for (uint32_t m = 0; m < x->size; m++)
			mean[i] += g->distance[t->product[x->first + m]];
		mean[i] = x->size ? mean[i] / x->size : NAN;
	}
	return mean;
}

unsigned groups_nearest(const struct groups *g, const struct typical *t, uint32_t cluster,
			uint32_t *best, unsigned n)
{
	const struct typical_group *x = &t->group[cluster];
	unsigned found = 0;

	for (uint32_t m = 0; m < x->size; m++) {
		uint32_t p = t->product[x->first + m];
		unsigned at;

		if (found == n && !(g->distance[p] < g->distance[best[n - 1]]))
			continue;
		found += found < n;
		for (at = found - 1; at > 0 && g->distance[best[at - 1]] > g->distance[p]; at--)
			best[at] = best[at - 1];
		best[at] = p;
	}
	return found;
}
