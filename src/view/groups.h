/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groups: the clusters that a view is about, in the store's numbers. */
#ifndef VIEW_GROUPS_H
#define VIEW_GROUPS_H

#include "model/model.h"
#include "view/typical.h"
#include "view/view.h"

struct groups {
	const struct model *model;	/* the request's, or own */
	struct model *own;
	uint32_t n;
	uint32_t *cluster;		/* (products) CATALOG_NONE: no vector; NULL: there are
					   no clusters, and the view's note says why */
	float *distance;		/* (products) to the centre */
	bool by_distance;		/* for the view that sorts */
};

/*
 * A model of the class that the view wants: the request's when it is one, else the only
 * one of the store (*own, to be destroyed). None at all is no error: *m is NULL and the
 * note says how to make one. ERR_USAGE when there are several, or another is named.
 */
bool groups_model(struct view *v, const char *class, const struct model **m,
		  struct model **own, struct err *err);

bool groups_open(struct groups *g, struct view *v, struct err *err);
/* Those of a model made by `aisle train clusters`; sets no note. */
bool groups_named(struct groups *g, const struct store *s, const struct catalog *cat,
		  const char *name, struct err *err);
void groups_finish(struct groups *g);
/* (n) mean distance to the centre; free() it. */
double *groups_means(const struct groups *g, const struct typical *t);
/* At most n members, those nearest to the centre first. */
unsigned groups_nearest(const struct groups *g, const struct typical *t, uint32_t cluster,
			uint32_t *best, unsigned n);

#endif
