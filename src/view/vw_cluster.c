/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The members of one cluster, those nearest to its centre first. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "view/cells.h"
#include "view/groups.h"

enum { COL_RANK, COL_PRODUCT, COL_LABEL, COL_CATEGORY, COL_VIEWS, COL_DISTANCE, COLUMNS };

static const struct column columns[COLUMNS] = {
	{"rank", "#", CELL_COUNT, 4, 0, 0, "place by distance, from 1"},
	{"product", "product", CELL_ID, 10, 0, 0, "id of the product"},
	{"label", "label", CELL_TEXT, 28, 0, COLUMN_MAIN, "its label"},
	{"category", "category", CELL_TEXT, 24, 0, 0, "path of its category"},
	{"views", "views", CELL_COUNT, 7, 0, COLUMN_SPARE, "how often it was viewed"},
	{"distance", "distance", CELL_REAL, 8, 4, 0, "to the centre of the cluster"},
};

struct member {
	uint32_t product;
	float distance;
};
struct state {
	struct groups groups;
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
			s->member[s->n++] = (struct member){p, s->groups.distance[p]};
	qsort(s->member, s->n, sizeof *s->member, by_distance);
	view_set_note(v, "Cluster %u of %s.", cluster + 1, model_name(s->groups.model));
	return true;
}

static void cluster_close(void *state)
{
	struct state *s = state;

	groups_finish(&s->groups);
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
}

static uint32_t cluster_product(const void *state, uint64_t i)
{
	return ((const struct state *)state)->member[i].product;
}

const struct view_class vw_cluster = {
	.name = "cluster",
	.summary = "The members of a cluster (--cluster N, or that of --product), the nearest "
		   "to its centre first.",
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
