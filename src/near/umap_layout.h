/* SPDX-License-Identifier: GPL-3.0-or-later */
/* umap_layout: places for the points of a weighted graph, by stochastic descent. */
#ifndef NEAR_UMAP_LAYOUT_H
#define NEAR_UMAP_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/work.h"

/* Zero it; what `to`, `weight`, `offsets` and `place` point to becomes its own. */
struct umap_layout {
	size_t n;
	unsigned parts;		/* 2 or 3 */
	uint64_t *offsets;	/* (n + 1; room for n + 2) */
	uint32_t *to;		/* each edge stands in both rows */
	float *weight;		/* 0..1 */
	float *place;		/* (n, parts) where they begin, then where they are */
	double a, b;		/* the curve 1 / (1 + a d^(2b)) */
	unsigned epochs, negatives;
	uint64_t seed;
};

/* Make the first places about 20 wide, with a little noise that parts equal ones. */
void umap_layout_spread(struct umap_layout *l);
/*
 * Cross entropy of the curve and the weights: an edge is taken in so large a share of the
 * epochs as its weight is of the greatest, pulls its ends together and pushes the point
 * away from `negatives` random ones (McInnes et al. 2018, section 3.2 and appendix C).
 */
bool umap_layout_run(struct umap_layout *l, struct work work, struct err *err);
void umap_layout_finish(struct umap_layout *l);

#endif
