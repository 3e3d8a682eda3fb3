/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The members of one cluster, those nearest to its centre first. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "math/kernel.h"
#include "model/vector_scores.h"
#include "view/cells.h"
#include "view/groups.h"

enum { COL_RANK, COL_PRODUCT, COL_LABEL, COL_CATEGORY, COL_VIEWS, COL_DISTANCE,
       COL_TO_PRODUCT, COLUMNS };

static const struct column columns[COLUMNS] = {
	{"rank", "#", CELL_COUNT, 4, 0, 0, "place by distance, from 1"},
	{"product", "product", CELL_ID, 10, 0, 0, "id of the product"},
	{"label", "label", CELL_TEXT, 28, 0, COLUMN_MAIN, "its label"},
	{"category", "category", CELL_TEXT, 24, 0, 0, "path of its category"},
	{"views", "views", CELL_COUNT, 7, 0, COLUMN_SPARE, "how often it was viewed"},
	{"distance", "distance", CELL_REAL, 8, 4, 0, "to the centre of the cluster"},
	{"to_product", "to product", CELL_REAL, 10, 4, COLUMN_SORT | COLUMN_ASCENDING,
	 "to the product of --product, by the vectors that clusters were made of: 1 - cosine, or "
	 "the distance of their ends"},
};

struct member {
	uint32_t product;
	float distance, to_product;	/* NAN: not asked, or no vector */
};
struct state {
	struct model *vectors;		/* of the clusters, or NULL */
	struct groups groups;
	const struct store *store;
	const struct catalog *cat;
	struct member *member;		/* (n) */
	size_t n;
};

static int by_distance(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->distance != y->distance)
		return x->distance < y->distance ? -1 : 1;
	return (x->product > y->product) - (x->product < y->product);
}

static int by_product(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (isnan(x->to_product) != isnan(y->to_product))
		return isnan(x->to_product) ? 1 : -1;
	if (x->to_product != y->to_product && !isnan(x->to_product))
		return x->to_product < y->to_product ? -1 : 1;
	return by_distance(a, b);
}

static int by_product_far(const void *a, const void *b)
{
	return by_product(b, a);
}

/* How far every member is from the product. */
static void measure(struct state *s, uint32_t product)
{
	const char *of = json_string_value(json_object_get(model_meta(s->groups.model), "of"));
	bool cosine = params_choice(&s->groups.model->params, PARAM_ID_DISTANCE) == 0;
	const struct kernels *k = kernels_best();
	const float *x, *y;

	for (size_t i = 0; i < s->n; i++)
		s->member[i].to_product = NAN;
	if (product == CATALOG_NONE || !of || !model_open(&s->vectors, s->store, of, NULL))
		return;
	x = s->vectors->class->flags & MODEL_VECTORS ? vectors_of(s->vectors, product) : NULL;
	for (size_t i = 0; x && i < s->n; i++) {
		unsigned dim = vectors_dim(s->vectors);

		y = vectors_of(s->vectors, s->member[i].product);
		if (y)
			s->member[i].to_product = !cosine ? sqrtf(k->l2(x, y, dim)) :
				1 - k->dot(x, y, dim) /
				    sqrtf(k->dot(x, x, dim) * k->dot(y, y, dim));
	}
}

/* In the order that is asked for; by the product it must be one whose vector is there. */
static bool order(struct view *v, struct state *s, uint32_t product, struct err *err)
{
	bool near = view_sort(v) && str_is(str_from(view_sort(v)), "to_product");

	measure(s, product);
	if (near && product == CATALOG_NONE)
		return err_fail(err, ERR_USAGE, "--sort to_product needs the product: --product "
				"ID");
	if (near && !s->vectors)
		return err_fail(err, ERR_NO, "the vectors that %s was made of are gone: train "
				"both again", model_name(s->groups.model));
	qsort(s->member, s->n, sizeof *s->member, !near ? by_distance :
	      view_turned(v) ? by_product_far : by_product);
	return true;
}

/* The cluster asked for, or that of the product asked for. */
static bool which(const struct question *q, const struct groups *g, uint32_t *cluster,
		  struct err *err)
{
	uint32_t asked = (uint32_t)outlook_count(q->outlook, ASK_CLUSTER, 0);

	*cluster = asked - 1;
	if (!asked && q->product != CATALOG_NONE)
		*cluster = g->cluster[q->product];
	else if (!asked)
		return err_fail(err, ERR_USAGE, "cluster needs its number or a product: "
				"--cluster N or --product ID");
	if (*cluster < g->n)
		return true;
	if (!asked)
		return err_fail(err, ERR_NO, "the product has no vector, so it is in no "
				"cluster");
	return err_fail(err, ERR_NO, "there is no cluster %u: they are numbered from 1 to %u",
			asked, g->n);
}

static bool cluster_open(struct view *v, void *state, struct job *job, struct err *err)
{
	const struct question *q = view_question(v);
	struct state *s = state;
	uint32_t cluster;

	s->cat = q->catalog;
	s->store = q->store;
	if (!groups_open(&s->groups, v, err))
		return false;
	if (!s->groups.cluster)
		return true;
	if (!which(q, &s->groups, &cluster, err))
		return false;
	s->member = mem_big(s->cat->n_products, sizeof *s->member, "members", err);
	if (!s->member)
		return false;
	for (uint32_t p = 0; p < s->cat->n_products; p++)
		if (s->groups.cluster[p] == cluster)
			s->member[s->n++] = (struct member){p, s->groups.distance[p], NAN};
	if (!order(v, s, q->product, err))
		return false;
	view_set_note(v, "Cluster %u of %s.", cluster + 1, model_name(s->groups.model));
	return true;
}

static void cluster_close(void *state)
{
	struct state *s = state;

	groups_finish(&s->groups);
	model_destroy(s->vectors);
	free(s->member);
}

static uint64_t cluster_count(const void *state)
{
	return ((const struct state *)state)->n;
}

static void cluster_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct state *s = state;
	const struct member *m = &s->member[i];

	cells[COL_RANK] = cell_count(i + 1);
	cells[COL_PRODUCT] = cell_name(&s->cat->product_id, m->product);
	cells[COL_LABEL] = cell_name(&s->cat->product_label, m->product);
	cells[COL_CATEGORY] = cell_name(&s->cat->category_path,
					s->cat->product_category[m->product]);
	cells[COL_VIEWS] = s->cat->product_views ?
			   cell_count(s->cat->product_views[m->product]) : cell_empty();
	cells[COL_DISTANCE] = cell_real(m->distance);
	cells[COL_TO_PRODUCT] = cell_real((double)m->to_product);
}

static uint32_t cluster_product(const void *state, uint64_t i)
{
	return ((const struct state *)state)->member[i].product;
}

const struct view_class vw_cluster = {
	.name = "cluster",
	.summary = "The members of a cluster (--cluster N, or that of --product), the nearest "
		   "to its centre first, or with --sort to_product to the product.",
	.asks = MAY(PRODUCT) | MAY(MODEL) | MAY(CLUSTER),
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = cluster_open,
	.close = cluster_close,
	.count = cluster_count,
	.row = cluster_row,
	.product = cluster_product,
};
